//! Installation, regions, bodies, halls, staff: references and doubles.

use std::collections::{BTreeMap, BTreeSet};

use super::{duplicates, phones, unknown_reference};
use crate::folder::{Draft, reader::Places};

const BODY: (&str, &str) = ("机构", "body");
const HALL: (&str, &str) = ("大厅", "hall");
const REGION: (&str, &str) = ("区划", "region");

/// Keys by file, so that a file with mistakes in it still counts as there.
pub(super) struct Known<'d> {
    pub(super) organisations: BTreeSet<&'d str>,
    pub(super) halls: BTreeSet<&'d str>,
    pub(super) regions: BTreeSet<String>,
}

impl<'d> Known<'d> {
    pub(super) fn of(draft: &'d Draft) -> Self {
        let keys = |folder: &str| -> BTreeSet<&'d str> {
            draft.places.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".toml")).collect()
        };
        Self {
            organisations: keys("organisations"),
            halls: keys("halls"),
            regions: draft.regions.iter().map(|region| region.code.to_string()).collect(),
        }
    }

    pub(super) fn organisation(&self, places: &Places, field: &str, key: &str) {
        if !key.is_empty() && !self.organisations.contains(key) {
            unknown_reference(places, field, key, BODY, self.organisations.iter().copied());
        }
    }

    pub(super) fn hall(&self, places: &Places, field: &str, key: &str) {
        if !key.is_empty() && !self.halls.contains(key) {
            unknown_reference(places, field, key, HALL, self.halls.iter().copied());
        }
    }

    fn region(&self, places: &Places, field: &str, code: &str) {
        if !self.regions.is_empty() && !self.regions.contains(code) {
            unknown_reference(places, field, code, REGION, self.regions.iter().map(String::as_str));
        }
    }
}

pub(super) fn check(draft: &Draft) {
    let known = Known::of(draft);
    installation(draft, &known);
    regions(draft, &known);
    bodies(draft, &known);
    halls(draft, &known);
    staff(draft, &known);
}

fn installation(draft: &Draft, known: &Known<'_>) {
    let (Some(installation), Some(places)) = (&draft.installation, draft.places_of("installation.toml")) else { return };
    known.region(places, "region", &installation.region.to_string());
    duplicates(places, installation.themes.iter().map(|theme| ("themes".to_owned(), theme.key.as_str())), "theme-twice");
    phones(places, ("site.phone", &installation.site.phone), ("supervise_phone", &installation.supervise_phone));
}

fn regions(draft: &Draft, known: &Known<'_>) {
    let Some(places) = draft.places_of("regions.toml") else { return };
    let codes: Vec<String> = draft.regions.iter().map(|region| region.code.to_string()).collect();
    duplicates(places, codes.iter().enumerate().map(|(index, code)| (format!("regions[{index}].code"), code.as_str())), "region-twice");
    for (index, region) in draft.regions.iter().enumerate() {
        if let Some(parent) = region.code.parent()
            && !known.regions.contains(&parent.to_string())
        {
            places.error(
                &format!("regions[{index}].code"),
                "region-parent",
                format!("{}的上级 {parent} 没有定义，请补上。", region.name.zh),
                format!("The region above {} ({parent}) is not defined; add it.", region.code),
            );
        }
    }
}

fn bodies(draft: &Draft, known: &Known<'_>) {
    let mut credit_codes: BTreeMap<String, &str> = BTreeMap::new();
    for (key, body) in &draft.organisations {
        let Some(places) = draft.places_of(&format!("organisations/{key}.toml")) else { continue };
        known.region(places, "region", &body.region.to_string());
        if let Some(parent) = &body.parent {
            known.organisation(places, "parent", parent);
            if is_above_itself(draft, key) {
                places.error(
                    "parent",
                    "organisation-circle",
                    "上级机构绕成了圈，请核对 parent。",
                    "The bodies above each other form a circle; check `parent`.",
                );
            }
        }
        if let Some(successor) = &body.successor {
            known.organisation(places, "successor", successor);
        }
        if let Some(end) = body.valid_to
            && end < body.valid_from
        {
            places.error("valid_to", "validity-reversed", "valid_to 比 valid_from 还早。", "valid_to is before valid_from.");
        }
        phones(places, ("phone", &body.phone), ("supervise_phone", &body.supervise_phone));
        if let Some(other) = credit_codes.insert(body.credit_code.to_string(), key) {
            places.error(
                "credit_code",
                "credit-code-twice",
                format!("统一社会信用代码和 organisations/{other}.toml 的一样。"),
                format!("This credit code is also the one of organisations/{other}.toml."),
            );
        }
        for (other_key, other) in draft.organisations.range(..key.clone()) {
            let overlap =
                other.valid_to.is_none_or(|end| body.valid_from <= end) && body.valid_to.is_none_or(|end| other.valid_from <= end);
            if other.short == body.short && overlap {
                places.error(
                    "short",
                    "short-twice",
                    format!("简称“{}”和 organisations/{other_key}.toml 的一样，文书号会重复。", body.short),
                    format!(
                        "The short name `{}` is also the one of organisations/{other_key}.toml; paper numbers would collide.",
                        body.short
                    ),
                );
            }
        }
    }
}

fn is_above_itself(draft: &Draft, key: &str) -> bool {
    let mut at = key;
    for _ in 0..draft.organisations.len() {
        match draft.organisations.get(at).and_then(|body| body.parent.as_deref()) {
            Some(parent) if parent == key => return true,
            Some(parent) => at = parent,
            None => return false,
        }
    }
    false
}

fn halls(draft: &Draft, known: &Known<'_>) {
    for (key, hall) in &draft.halls {
        let Some(places) = draft.places_of(&format!("halls/{key}.toml")) else { continue };
        known.organisation(places, "organisation", &hall.organisation);
        known.region(places, "region", &hall.region.to_string());
        if let Some(parent) = &hall.parent {
            known.hall(places, "parent", parent);
        }
        duplicates(
            places,
            hall.windows.iter().enumerate().map(|(index, window)| (format!("windows[{index}].code"), window.code.as_str())),
            "window-twice",
        );
    }
}

fn staff(draft: &Draft, known: &Known<'_>) {
    let Some(places) = draft.places_of("staff.toml") else { return };
    duplicates(
        places,
        draft.staff.iter().enumerate().map(|(index, staff)| (format!("staff[{index}].login"), staff.login.as_str())),
        "login-twice",
    );
    for (index, staff) in draft.staff.iter().enumerate() {
        let field = |name: &str| format!("staff[{index}].{name}");
        if !staff.login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-')) {
            places.error(
                &field("login"),
                "login-format",
                format!("登录名“{}”只能用小写字母、数字、点和横线。", staff.login),
                format!("The sign-in name `{}` may have lower-case letters, digits, dots and hyphens only.", staff.login),
            );
        }
        known.organisation(places, &field("organisation"), &staff.organisation);
        let Some(hall) = &staff.hall else {
            if !staff.windows.is_empty() {
                places.error(&field("windows"), "window-without-hall", "写了窗口，就要写 hall。", "Windows need a hall.");
            }
            continue;
        };
        known.hall(places, &field("hall"), hall);
        if let Some(hall) = draft.halls.get(hall) {
            for (at, window) in staff.windows.iter().enumerate() {
                if !hall.windows.iter().any(|known| known.code == *window) {
                    unknown_reference(
                        places,
                        &format!("staff[{index}].windows[{at}]"),
                        window,
                        ("窗口", "window"),
                        hall.windows.iter().map(|window| window.code.as_str()),
                    );
                }
            }
        }
    }
}
