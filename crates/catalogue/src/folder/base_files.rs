//! Reads installation, regions, staff, organisations and halls.

use banhao_kernel::{CreditCode, RegionCode, UseLevel};

use super::reader::Reader;
use crate::model::{Bilingual, Hall, Installation, OfficeHours, Organisation, Region, Site, StaffPost, Theme, Window};

const REGION: (&str, &str) = ("行政区划代码", "region code");
const CREDIT: (&str, &str) = ("统一社会信用代码", "unified social credit code");

pub(crate) fn installation(reader: Reader<'_>) -> Option<Installation> {
    let name = reader.bilingual("name", "name_en");
    let region = reader.parsed("region", REGION, |text| RegionCode::parse(text).map_err(|error| error.code()));
    let site = reader.table("site").map(site);
    let supervise_phone = reader.text("supervise_phone");
    let city_domain = reader.opt_text("city_domain");
    let office_hours = reader.table("office_hours").map(office_hours);
    let after_hours_rule = reader.word("after_hours_rule");
    let demo = reader.opt_bool("demo").unwrap_or_default();
    let mut themes: Vec<Theme> = reader.tables("themes").into_iter().filter_map(theme).collect();
    themes.sort_by_key(|theme| (theme.audience, theme.order));
    reader.finish();
    Some(Installation {
        name,
        region: region?,
        site: site?,
        supervise_phone,
        city_domain,
        office_hours: office_hours?,
        after_hours_rule: after_hours_rule?,
        demo,
        themes,
    })
}

fn site(reader: Reader<'_>) -> Site {
    let site = Site { address: reader.text("address"), phone: reader.text("phone"), postcode: reader.text("postcode") };
    reader.finish();
    site
}

fn office_hours(reader: Reader<'_>) -> OfficeHours {
    let hours = OfficeHours { morning: reader.text("morning"), afternoon: reader.text("afternoon") };
    for (key, span) in [("morning", &hours.morning), ("afternoon", &hours.afternoon)] {
        if !span.is_empty() && crate::model::span_minutes(span).is_none() {
            reader.error(
                key,
                "hours-format",
                format!("“{span}”不是时间段，应当写成 \"08:30-12:00\" 的样子。"),
                format!("`{span}` is not a span of time; write it as \"08:30-12:00\"."),
            );
        }
    }
    reader.finish();
    hours
}

fn theme(reader: Reader<'_>) -> Option<Theme> {
    let key = reader.key("key", '-');
    let name = reader.bilingual("name", "name_en");
    let audience = reader.word("audience");
    let order = reader.opt_integer("order", (0, 1_000)).unwrap_or_default();
    reader.finish();
    Some(Theme { key, name, audience: audience?, order })
}

pub(crate) fn regions(reader: Reader<'_>) -> Vec<Region> {
    let regions = reader
        .tables("regions")
        .into_iter()
        .filter_map(|reader| {
            let code = reader.parsed("code", REGION, |text| RegionCode::parse(text).map_err(|error| error.code()));
            let name = reader.bilingual("name", "name_en");
            reader.finish();
            Some(Region { code: code?, name })
        })
        .collect();
    reader.finish();
    regions
}

pub(crate) fn organisation(key: &str, reader: Reader<'_>) -> Option<Organisation> {
    let name = reader.bilingual("name", "name_en");
    let short = reader.text("short");
    let credit_code = reader.parsed("credit_code", CREDIT, |text| CreditCode::parse(text).map_err(|error| error.code()));
    let region = reader.parsed("region", REGION, |text| RegionCode::parse(text).map_err(|error| error.code()));
    let kind = reader.word("kind");
    let parent = reader.opt_text("parent");
    let level = use_level(&reader, "level");
    let phone = reader.text("phone");
    let supervise_phone = reader.text("supervise_phone");
    let address = reader.text("address");
    let valid_from = reader.date("valid_from");
    let valid_to = reader.opt_date("valid_to");
    let successor = reader.opt_text("successor");
    let seed_name = reader.opt_text("seed_name");
    let approval_seal = reader.opt_text("approval_seal");
    let review_organ = reader.opt_text("review_organ");
    let court = reader.opt_text("court");
    reader.finish();
    Some(Organisation {
        key: key.to_owned(),
        name,
        short,
        credit_code: credit_code?,
        region: region?,
        kind: kind?,
        parent,
        level: level?,
        phone,
        supervise_phone,
        address,
        valid_from: valid_from?,
        valid_to,
        successor,
        seed_name,
        approval_seal,
        review_organ,
        court,
    })
}

pub(crate) fn use_level(reader: &Reader<'_>, key: &'static str) -> Option<UseLevel> {
    reader.integer::<u8>(key, (1, 7)).and_then(|number| UseLevel::try_from(number).ok())
}

pub(crate) fn hall(key: &str, reader: Reader<'_>) -> Option<Hall> {
    let name = reader.bilingual("name", "name_en");
    let kind = reader.word("kind");
    let region = reader.parsed("region", REGION, |text| RegionCode::parse(text).map_err(|error| error.code()));
    let organisation = reader.text("organisation");
    let address = reader.text("address");
    let phone = reader.text("phone");
    let hours = Bilingual { zh: reader.text("hours"), en: reader.opt_text("hours_en") };
    let parent = reader.opt_text("parent");
    let windows = reader.tables("windows").into_iter().filter_map(window).collect();
    reader.finish();
    Some(Hall { key: key.to_owned(), name, kind: kind?, region: region?, organisation, address, phone, hours, parent, windows })
}

fn window(reader: Reader<'_>) -> Option<Window> {
    let code = reader.text("code");
    let name = reader.bilingual("name", "name_en");
    let area = reader.word("area");
    reader.finish();
    Some(Window { code, name, area: area? })
}

pub(crate) fn staff(reader: Reader<'_>) -> Vec<StaffPost> {
    let staff = reader.tables("staff").into_iter().filter_map(staff_post).collect();
    reader.finish();
    staff
}

fn staff_post(reader: Reader<'_>) -> Option<StaffPost> {
    let login = reader.text("login");
    let name = reader.text("name");
    let organisation = reader.text("organisation");
    let posts = reader.words("posts");
    let hall = reader.opt_text("hall");
    let windows = reader.opt_texts("windows");
    let valid_from = reader.date("valid_from");
    let valid_to = reader.opt_date("valid_to");
    reader.finish();
    Some(StaffPost { login, name, organisation, posts, hall, windows, valid_from: valid_from?, valid_to })
}
