//! Publication quality of a guide: the provincial rules (domain reference 1.6), the investment and business-environment
//! regulations on materials, and the Administrative Licensing Law on periods.

use super::phones;
use crate::{
    folder::{Draft, reader::Places},
    model::{CaseKind, HandlingForm, ItemType, MaterialForm, MaterialSource, Matter, Necessity, ResultKind, ThemeAudience},
};

/// Words for materials that say nothing (investment regulation, article 13).
const CATCH_ALL: [&str; 8] = ["其他材料", "其它材料", "有关材料", "相关材料", "其他资料", "有关资料", "相关资料", "其他需要"];

/// Stages a licence's guide must show: accept, review, decide, close, deliver.
const LICENCE_STAGES: usize = 5;

pub(super) fn check(draft: &Draft, matter: &Matter, places: &Places) {
    periods(matter, places);
    visits(matter, places);
    result(matter, places);
    phones(places, ("contact.phone", &matter.contact.phone), ("contact.supervise_phone", &matter.contact.supervise_phone));
    themes(draft, matter, places);
    completeness(matter, places);
    materials(matter, places);
    special_procedures(matter, places);
    item_type(matter, places);
}

fn periods(matter: &Matter, places: &Places) {
    let at_once = matter.clock.promised_days == 0;
    if at_once != (matter.case_kind == CaseKind::Immediate) {
        places.error(
            "case_kind",
            "case-kind-promise",
            "承诺时限为 0 就是即办件（immediate），不为 0 就是承诺件（promised）；请改其中一个。",
            "A promise of 0 days means `immediate`, any other means `promised`; change one of the two.",
        );
    }
    if let Some(statutory) = matter.clock.statutory_days
        && matter.clock.promised_days > statutory
    {
        places.error(
            "clock.promised_days",
            "promise-too-long",
            format!("承诺 {} 天，比法定 {statutory} 天还长。", matter.clock.promised_days),
            format!("The promise of {} days is longer than the statutory {statutory}.", matter.clock.promised_days),
        );
    }
    if matter.clock.statutory_days.is_none() && matter.clock.statutory_note.is_none() {
        places.error(
            "clock.statutory_note",
            "statutory-note",
            "没有法定时限的，用 statutory_note 写明依据。",
            "Without statutory period, say in `statutory_note` why there is none.",
        );
    }
}

fn visits(matter: &Matter, places: &Places) {
    let reason = matter.visits_reason.as_ref().map_or("", |reason| reason.zh.as_str());
    let has_reason = !reason.is_empty() && reason != "无";
    if matter.visits > 0 && !has_reason {
        places.error(
            "visits_reason",
            "visits-reason",
            format!("要群众跑 {} 次，就要写明必须到现场的原因。", matter.visits),
            format!("It takes {} visit(s): say why people must come.", matter.visits),
        );
    }
    if matter.visits == 0 && has_reason {
        places.error("visits_reason", "visits-reason", "一次也不用跑，原因就写“无”。", "With no visit, write 无 as the reason.");
    }
    if matter.visits == 0 && !matter.is_online() && !matter.channels.contains(&HandlingForm::Courier) {
        places.error(
            "channels",
            "visits-channels",
            "一次也不用跑，又不能网上办，办理形式就要有 courier（快递申请）。",
            "No visit and not on line: `channels` must have courier.",
        );
    }
    if matter.is_fully_online() && matter.visits > 0 {
        places.error(
            "online_depth",
            "online-visits",
            "全程网办（4）就不能要群众跑；请改 online_depth 或者 visits。",
            "Fully on line (4) means no visit; change `online_depth` or `visits`.",
        );
    }
    if matter.online_depth >= 3 && !matter.is_online() {
        places.error(
            "channels",
            "online-channels",
            "能网上受理，办理形式就要有 web 或者 mobile。",
            "What is accepted on line must have web or mobile among its `channels`.",
        );
    }
}

fn result(matter: &Matter, places: &Places) {
    let name = &matter.result.name.zh;
    let should_be = if name.ends_with('证') {
        Some(ResultKind::Licence)
    } else if name.ends_with('文') || name.ends_with("批复") {
        Some(ResultKind::Approval)
    } else {
        None
    };
    if let Some(kind) = should_be
        && kind != matter.result.kind
    {
        places.error(
            "result.kind",
            "result-kind",
            format!("结果叫“{name}”，kind 应当是 {kind}。"),
            format!("A result named {name} has the kind `{kind}`."),
        );
    }
    if matter.result.kind == ResultKind::None {
        return;
    }
    if matter.result.sample_note.is_none() {
        places.error(
            "result.sample_note",
            "result-sample",
            "有结果就要有样本，请写 sample_note。",
            "A result needs a sample; write `sample_note`.",
        );
    }
    let missing = [("result.template", matter.result.template.is_none()), ("result.licence_type", matter.result.licence_type.is_none())];
    for (field, is_missing) in missing {
        if is_missing && matter.result.kind == ResultKind::Licence && !places.has_problem_in(field) {
            places.error(
                field,
                "result-incomplete",
                format!("发证照的事项要写 {field}。"),
                format!("A matter that gives a licence needs `{field}`."),
            );
        }
    }
}

fn themes(draft: &Draft, matter: &Matter, places: &Places) {
    let Some(installation) = &draft.installation else { return };
    let has =
        |audience: ThemeAudience| installation.themes.iter().any(|theme| theme.audience == audience && matter.themes.contains(&theme.key));
    let for_persons = matter.is_for_persons();
    let for_bodies = !for_persons || matter.audience.len() > 1;
    for (is_for, audience, zh, en) in
        [(for_persons, ThemeAudience::Person, "个人", "persons"), (for_bodies, ThemeAudience::Organisation, "单位", "bodies")]
    {
        if is_for && !has(audience) && !matter.themes.is_empty() {
            places.error(
                "themes",
                "audience-themes",
                format!("服务对象有{zh}，主题里却没有{zh}主题。"),
                format!("No theme for {en} is given, but {en} may apply."),
            );
        }
        if !is_for && has(audience) {
            places.error(
                "themes",
                "audience-themes",
                format!("主题里有{zh}主题，服务对象却没有{zh}。"),
                format!("A theme for {en} is given, but {en} may not apply."),
            );
        }
    }
}

fn completeness(matter: &Matter, places: &Places) {
    let licence = matter.item_type == ItemType::Licence;
    if matter.basis.is_empty() {
        places.error(
            "basis",
            "basis-missing",
            "没有设定依据的事项不能公布，请写 [[basis]]。",
            "A matter without legal basis cannot be published; write [[basis]].",
        );
    }
    if matter.materials.is_empty() {
        places.error("materials", "materials-missing", "至少要有申请表这一份材料。", "At least the application form is a material.");
    }
    if licence && matter.faq.is_empty() {
        places.error("faq", "faq-missing", "行政许可至少要有一个常见问题 [[faq]]。", "A licence needs at least one [[faq]].");
    }
    if licence && matter.stages.len() < LICENCE_STAGES {
        places.error(
            "stages",
            "stages-few",
            format!("行政许可至少要写 {LICENCE_STAGES} 个环节（受理、审查、决定、制证、送达），现在是 {} 个。", matter.stages.len()),
            format!("A licence shows at least {LICENCE_STAGES} stages; there are {}.", matter.stages.len()),
        );
    }
    for (index, fee) in matter.fees.iter().enumerate() {
        if fee.waiver.as_deref() == Some("无") {
            places.warning(
                &format!("fees[{index}].waiver"),
                "fee-waiver",
                "没有减免就删掉这一行。",
                "Remove the line if there is no waiver.",
            );
        }
    }
}

fn materials(matter: &Matter, places: &Places) {
    for (index, material) in matter.materials.iter().enumerate() {
        let field = |name: &str| format!("materials[{index}].{name}");
        if CATCH_ALL.iter().any(|words| material.name.zh.contains(words)) || material.name.zh.ends_with("等材料") {
            places.error(
                &field("name"),
                "material-catch-all",
                format!("“{}”说不清要什么，请写明是哪一份材料。", material.name.zh),
                format!("`{}` does not say what is wanted; name the material.", material.name.zh),
            );
        }
        let is_fetched = matches!(material.source, MaterialSource::LicenceStore | MaterialSource::Shared);
        if is_fetched && matches!(material.necessity, Necessity::Required | Necessity::Tolerable) {
            places.error(
                &field("necessity"),
                "material-shareable",
                "能从证照库或者共享接口拿到的，不能要群众交；写 waived-by-credit。",
                "What the licence store or data sharing gives may not be demanded; write waived-by-credit.",
            );
        }
        let reference = match material.source {
            MaterialSource::LicenceStore => Some(("licence_type", material.licence_type.is_some())),
            MaterialSource::Shared => Some(("share_resource", material.share_resource.is_some())),
            _ => None,
        };
        if let Some((name, false)) = reference {
            places.error(
                &field(name),
                "material-source",
                format!("来源是 {}，就要写 {name}。", material.source),
                format!("The source {} needs `{name}`.", material.source),
            );
        }
        if material.is_uploaded() && material.form != MaterialForm::Paper && material.types.is_empty() {
            places.error(
                &field("types"),
                "material-types",
                "要上传的材料，写明收哪些格式，例如 types = [\"pdf\", \"jpg\", \"png\"]。",
                "Say which files are taken, such as types = [\"pdf\", \"jpg\", \"png\"].",
            );
        }
        if material.basis.is_none() {
            places.error(
                &field("basis"),
                "material-basis",
                "没有依据的材料不能要，请写 basis。",
                "A material without legal basis may not be demanded; write `basis`.",
            );
        }
    }
}

fn special_procedures(matter: &Matter, places: &Places) {
    for (index, procedure) in matter.special_procedures.iter().enumerate() {
        if procedure.stops_clock && !procedure.kind.in_article_45() {
            places.warning(
                &format!("special_procedures[{index}].stops_clock"),
                "clock-stop-basis",
                format!("行政许可法第四十五条没有列“{}”；没有特别法或者地方规定，所用时间要算在期限里。", procedure.name.zh),
                format!("Article 45 does not name `{}`; without a special law its time counts.", procedure.kind),
            );
        }
    }
}

fn item_type(matter: &Matter, places: &Places) {
    let written = matter.catalogue_code.item_type();
    if written != matter.item_type.national_code() {
        places.error(
            "catalogue_code",
            "item-type-code",
            format!("基本编码第3、4位是 {written}，事项类型 {} 的代码是 {}。", matter.item_type, matter.item_type.national_code()),
            format!(
                "Characters 3 and 4 of the catalogue code are {written}, but the type {} has the code {}.",
                matter.item_type,
                matter.item_type.national_code()
            ),
        );
    }
}
