//! The guide of a matter (办事指南), made from the same record that runs its cases. Scenario questions cut the list of
//! materials down to this reader. The finished page is kept in memory for everybody who is not signed in.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use banhao_catalogue::decisions::{self, Decided, named_materials};
use banhao_catalogue::forms::{self, Answers};
use banhao_catalogue::model::{Material, MaterialSource, Necessity};
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_decision::Truth;
use sha2::{Digest, Sha256};

use super::home::{brief, period};
use super::memory::{Finished, GuideKey};
use super::reasons::{self, Eyes, FeesView, ReasonView};
use super::words::named;
use crate::components::escape;
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/matters/{key}", get(guide))
}

/// One of the legal bases.
struct BasisLine {
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "portal/guide.html")]
struct GuidePage {
    page: Page,
    crumbs: Crumbs,
    version: Arc<MatterVersion>,
    brief: String,
    online: bool,
    who: SummaryList,
    conditions: Vec<String>,
    questions: Vec<Field>,
    cut: Option<usize>,
    not_applicable: Option<String>,
    reasons: Vec<ReasonView>,
    materials: Table,
    times: SummaryList,
    stages: Vec<(String, String)>,
    special: Vec<(String, String)>,
    fees: Table,
    charged: Option<FeesView>,
    result: SummaryList,
    process: ProcessDrawing,
    basis: Vec<BasisLine>,
    faq: Vec<(String, String)>,
    contact: SummaryList,
    places: Vec<(String, String, String, String)>,
    remedy: SummaryList,
    edition: SummaryList,
}

/// The scenario answers in a query: `q.KEY=value`, only those the matter knows.
fn scenario(version: &MatterVersion, query: Option<&str>) -> Answers {
    let mut answers = Answers::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let Some(key) = name.strip_prefix("q.") else { continue };
        let known = version
            .matter
            .questions
            .iter()
            .any(|question| question.key == key && question.options.iter().any(|option| option.value == value));
        if known {
            answers.q.insert(key.to_owned(), value.into_owned().into());
        }
    }
    answers
}

/// The scenario questions as controls with the answers so far.
pub(crate) fn question_fields(page: &Page, version: &MatterVersion, answers: &Answers) -> Vec<Field> {
    version
        .matter
        .questions
        .iter()
        .map(|question| {
            let choices = question.options.iter().map(|option| Choice::new(option.value.clone(), named(page, &option.label))).collect();
            let answer = answers.q.get(&question.key).and_then(|value| value.as_str()).unwrap_or_default();
            let field = Field::radio(format!("q.{}", question.key), named(page, &question.text), choices).required();
            if answer.is_empty() { field } else { field.value(answer) }
        })
        .collect()
}

/// Where a material comes from or how it is handed in, in words.
pub(crate) fn how(page: &Page, material: &Material) -> String {
    match material.source {
        MaterialSource::Own | MaterialSource::Issued if material.is_uploaded() => page.t("portal-material-upload").into_owned(),
        source => page.t(source.name_key()).into_owned(),
    }
}

fn material_row(page: &Page, material: &Material, depends: bool) -> Row {
    let mut name = format!("<strong>{}</strong>", escape(material.name.get(page.lang())));
    if let Some(issuer) = &material.issued_by {
        name.push_str(&format!("<br><span class=\"hint\">{}</span>", escape(&page.t_args("portal-issued-by", &[("who", issuer)]))));
    }
    let need = if depends {
        Chip::new(Tone::Info, page.t("portal-material-depends")).icon("info")
    } else {
        match material.necessity {
            Necessity::Required if material.is_uploaded() => Chip::new(Tone::Warn, page.t("portal-material-bring")).icon("document"),
            Necessity::Required => Chip::new(Tone::Good, page.t("portal-material-not-asked")),
            Necessity::WaivedByCredit => Chip::new(Tone::Good, page.t("portal-material-not-asked")),
            other => Chip::new(Tone::Info, page.t(other.name_key())).icon("info"),
        }
    };
    let copies = match (material.is_uploaded(), material.originals, material.copies) {
        (false, ..) | (true, 0, 0) => String::new(),
        (true, originals, copies) => {
            page.t_args("portal-copies", &[("originals", &originals.to_string()), ("copies", &copies.to_string())])
        }
    };
    let form = format!("{} {copies}", how(page, material));
    Row::new(vec![
        Cell::Markup(Markup::trusted(name)),
        Cell::Chip(need),
        Cell::text(form.trim()),
        Cell::text(material.standard.get(page.lang())),
    ])
}

/// The materials: needed ones, and those that hang on answers that are not known yet. Also how many the answers cut.
fn materials(page: &Page, version: &MatterVersion, answers: &Answers, decided: &Decided) -> (Table, usize) {
    let variables = forms::variables(&version.form, answers);
    let named = version.decisions.as_deref().map(|model| named_materials(&version.matter, model)).unwrap_or_default();
    let mut rows = Vec::new();
    let mut cut = 0;
    for material in &version.matter.materials {
        let truth = match &decided.materials {
            Some(needed) if named.contains(&material.key) => {
                if needed.contains(&material.key) {
                    Truth::True
                } else if decided.materials_open.contains(&material.key) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            _ => material.when.as_ref().map_or(Truth::True, |when| when.truth(&variables).unwrap_or(Truth::Unknown)),
        };
        match truth {
            Truth::True => rows.push(material_row(page, material, false)),
            Truth::Unknown => rows.push(material_row(page, material, true)),
            Truth::False => cut += 1,
        }
    }
    let table = Table {
        caption: page.t("portal-guide-materials").into_owned(),
        caption_hidden: true,
        columns: ["portal-material", "portal-material-need", "portal-material-how", "portal-material-standard"]
            .map(|key| Column::text(page.t(key)))
            .into(),
        rows,
        empty: Empty::new(page.t("portal-materials-none"), ""),
        keys: false,
    };
    (table, cut)
}

fn times(page: &Page, version: &MatterVersion) -> SummaryList {
    let clock = &version.matter.clock;
    let promised = if clock.promised_days == 0 {
        page.t("portal-at-once").into_owned()
    } else {
        period(page, clock.promised_days, clock.unit.name_key())
    };
    let statutory = match clock.statutory_days {
        Some(days) => period(page, days, clock.unit.name_key()),
        None => page.t("portal-statutory-none").into_owned(),
    };
    let statutory = match &clock.statutory_note {
        Some(note) => page.t_args("portal-with-note", &[("text", &statutory), ("note", note)]),
        None => statutory,
    };
    let working = |days: u16| page.t_args("common-working-days", &[("n", &days.to_string())]);
    SummaryList::new()
        .text(page.t("portal-accept-within"), working(clock.accept_days))
        .text(page.t("common-period-promised"), promised)
        .text(page.t("common-period-statutory"), statutory)
        .text(page.t("portal-deliver-within"), working(clock.deliver_days))
}

fn fees(page: &Page, version: &MatterVersion) -> Table {
    Table {
        caption: page.t("portal-guide-fees").into_owned(),
        caption_hidden: true,
        columns: ["portal-fee", "portal-fee-standard", "portal-fee-basis"].map(|key| Column::text(page.t(key))).into(),
        rows: version
            .matter
            .fees
            .iter()
            .map(|fee| {
                let standard = fee.waiver.as_ref().map_or_else(
                    || fee.standard.clone(),
                    |waiver| page.t_args("portal-with-note", &[("text", &fee.standard), ("note", waiver)]),
                );
                Row::new(vec![Cell::text(fee.name.get(page.lang())), Cell::text(standard), Cell::text(&fee.basis)])
            })
            .collect(),
        empty: Empty::new(page.t("portal-free-text"), ""),
        keys: false,
    }
}

fn who(page: &Page, snapshot: &Snapshot, version: &MatterVersion) -> SummaryList {
    let matter = &version.matter;
    let joined =
        |keys: Vec<&'static str>| keys.into_iter().map(|key| page.t(key)).collect::<Vec<_>>().join(page.t("portal-comma").as_ref());
    let body = snapshot.organisation(&matter.organisation).map_or_else(String::new, |body| named(page, &body.name));
    let mut list = SummaryList::new()
        .text(page.t("portal-audience"), joined(matter.audience.iter().map(|kind| kind.name_key()).collect()))
        .text(page.t("portal-channels"), joined(matter.channels.iter().map(|form| form.name_key()).collect()))
        .text(page.t("portal-body"), body)
        .text(page.t("portal-item-type"), page.t(matter.item_type.name_key()))
        .text(page.t("portal-case-kind"), page.t(matter.case_kind.name_key()));
    if let Some(limits) = &matter.limits {
        list = list.text(page.t("portal-limits"), limits);
    }
    list
}

fn result(page: &Page, version: &MatterVersion) -> SummaryList {
    let result = &version.matter.result;
    let mut list = SummaryList::new()
        .text(page.t("portal-result-name"), result.name.get(page.lang()))
        .text(page.t("portal-result-kind"), page.t(result.kind.name_key()));
    if let Some(months) = result.validity_months {
        list = list.text(page.t("portal-result-validity"), page.t_args("portal-months", &[("n", &months.to_string())]));
    }
    if let Some(note) = &result.sample_note {
        list = list.text(page.t("portal-result-sample"), note);
    }
    list
}

fn edition(page: &Page, version: &MatterVersion) -> SummaryList {
    let matter = &version.matter;
    SummaryList::new()
        .text(page.t("portal-version"), version.version.to_string())
        .text(page.t("portal-version-from"), filters::date_text(page.lang(), version.effective_from))
        .text(page.t("portal-version-document"), &matter.change_document)
        .markup(page.t("portal-task-code"), Markup::trusted(format!("<code>{}</code>", escape(&matter.task_code.to_string()))))
}

fn view(page: &Page, snapshot: &Snapshot, version: Arc<MatterVersion>) -> GuidePage {
    let matter = &version.matter;
    let answers = scenario(&version, page.query());
    let decided = decisions::decide(&version, &answers);
    let (materials, cut) = materials(page, &version, &answers, &decided);
    let theme = matter.themes.first().and_then(|key| snapshot.theme(key));
    let crumbs = Crumbs::new().to(page.t("web-home"), "/");
    let crumbs = match theme {
        Some(theme) => crumbs.to(named(page, &theme.name), format!("/themes/{}", theme.key)),
        None => crumbs,
    };
    GuidePage {
        crumbs: crumbs.here(named(page, &matter.name)),
        brief: brief(page, &version),
        online: matter.is_online(),
        who: who(page, snapshot, &version),
        conditions: matter.conditions.iter().map(|condition| named(page, condition)).collect(),
        questions: question_fields(page, &version, &answers),
        not_applicable: reasons::not_applicable(page, &decided),
        reasons: reasons::reasons(page, &version, &decided),
        cut: (!answers.q.is_empty()).then_some(cut),
        materials,
        times: times(page, &version),
        stages: matter.stages.iter().map(|stage| (named(page, &stage.name), stage.who.clone())).collect(),
        special: matter
            .special_procedures
            .iter()
            .map(|special| (named(page, &special.name), page.t_args("portal-special-days", &[("n", &special.days.to_string())])))
            .collect(),
        fees: fees(page, &version),
        charged: reasons::fees(page, &version, &decided, Eyes::Applicant).filter(|charged| charged.open || !charged.failed),
        result: result(page, &version),
        process: ProcessDrawing::new(page.lang(), page.t("portal-guide-process"), "guide", &version.process, None),
        basis: matter
            .basis
            .iter()
            .map(|basis| BasisLine { title: format!("《{}》{}", basis.law, basis.article), text: basis.text.clone() })
            .collect(),
        faq: matter.faq.iter().map(|faq| (named(page, &faq.question), named(page, &faq.answer))).collect(),
        contact: SummaryList::new()
            .text(page.t("portal-contact-phone"), &matter.contact.phone)
            .text(page.t("portal-contact-supervise"), &matter.contact.supervise_phone)
            .text(page.t("portal-contact-address"), &matter.contact.address)
            .text(page.t("portal-contact-hours"), &matter.contact.hours),
        places: matter
            .halls
            .iter()
            .filter_map(|key| snapshot.hall(key))
            .map(|hall| (named(page, &hall.name), hall.address.clone(), hall.phone.clone(), named(page, &hall.hours)))
            .collect(),
        remedy: SummaryList::new()
            .text(page.t("portal-remedy-review"), page.t_args("portal-remedy-review-text", &[("organ", &matter.remedy.review_organ)]))
            .text(page.t("portal-remedy-court"), page.t_args("portal-remedy-court-text", &[("court", &matter.remedy.court)])),
        edition: edition(page, &version),
        version,
        page: page.clone(),
    }
}

fn answer_finished(page: &Page, headers: &HeaderMap, finished: &Finished) -> Response {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|list| list.split(',').any(|have| have.trim() == &*finished.tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { finished.body.clone().into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(page.lang_tag()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language, accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(&*finished.tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

async fn guide(State(state): State<AppState>, page: Page, headers: HeaderMap, PathId(key): PathId<String>) -> Answer {
    let snapshot = state.cases.snapshot().await?;
    let shared = page.viewer().is_none() && page.flash().is_none() && page.query().is_none();
    let place =
        GuideKey { revision: snapshot.revision, today: snapshot.today, lang: page.lang(), large: page.large(), matter: key.clone() };
    if shared && let Some(finished) = state.portal.guide(&place) {
        return Ok(answer_finished(&page, &headers, &finished));
    }
    let version = snapshot.matter(&key).ok_or_else(problem::not_found)?;
    let view = view(&page, &snapshot, version);
    if !shared {
        return Ok(page.html(&view));
    }
    let text = view.render_with_values(&page).map_err(|error| {
        tracing::error!(%error, "a guide could not be rendered");
        problem::internal()
    })?;
    let digest = Sha256::digest(text.as_bytes());
    let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let finished = Finished { body: Bytes::from(text), tag: format!("W/\"{tag}\"").into() };
    let answer = answer_finished(&page, &headers, &finished);
    state.portal.keep_guide(place, finished);
    Ok(answer)
}
