//! The last page of an application: everything to read once more, what is still missing, how the result shall come, the
//! declaration. Sending it twice, or once more after a lost answer, leads to the same receipt.

use banhao_cases::facts::DeliveryMethod;
use banhao_cases::{CaseError, commands::submit::mistakes, submit};
use banhao_catalogue::decisions;
use banhao_catalogue::forms;
use banhao_catalogue::model::{self, FieldKind as Kind};
use banhao_kernel::ids::DraftId;
use banhao_kernel::problem::FieldProblem;
use banhao_texts as texts;
use serde_json::Value;

use super::{Citizen, Head, Stop, Work};
use crate::components::escape;
use crate::portal::reasons::{self, Eyes, FeesView, ReasonView};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/apply/draft/{id}/check", get(show)).route("/apply/draft/{id}/submit", post(send).get(back_to_check))
}

#[derive(Template)]
#[template(path = "portal/apply_check.html")]
struct CheckPage {
    page: Page,
    head: Head,
    errors: Vec<(String, String)>,
    ready: bool,
    sections: Vec<(String, SummaryList)>,
    not_applicable: Option<String>,
    fees: Option<FeesView>,
    reasons: Vec<ReasonView>,
    action: String,
    delivery: Field,
    declaration: Field,
}

/// An answer in words.
pub(in crate::portal) fn words(page: &Page, work_regions: &banhao_catalogue::Snapshot, field: &model::Field, value: &Value) -> String {
    let option = |text: &str| {
        field.options.iter().find(|option| option.value == text).map_or_else(|| text.to_owned(), |option| named(page, &option.label))
    };
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::Bool(flag) => page.t(if *flag { "common-yes" } else { "common-no" }).into_owned(),
        Value::Number(number) if field.kind == Kind::Money => page.t_args("common-yuan", &[("amount", &number.to_string())]),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(Value::as_str).map(option).collect();
            items.join(page.t("portal-comma").as_ref())
        }
        Value::String(text) => match field.kind {
            Kind::Choice => option(text),
            Kind::Region => work_regions.region(text).map_or_else(|| text.clone(), |region| named(page, &region.name)),
            Kind::Date => text.parse().map_or_else(|_| text.clone(), |day| filters::date_text(page.lang(), day)),
            _ => text.clone(),
        },
    }
}

fn sections(page: &Page, work: &Work) -> Vec<(String, SummaryList)> {
    let mut sections = Vec::new();
    let answers = &work.draft.answers;
    if !work.version.matter.questions.is_empty() {
        let mut list = SummaryList::new();
        for question in &work.version.matter.questions {
            let answer = answers.q.get(&question.key).and_then(Value::as_str);
            let answer = question.options.iter().find(|option| Some(option.value.as_str()) == answer);
            list = list
                .text(named(page, &question.text), answer.map_or_else(String::new, |option| named(page, &option.label)))
                .change(work.href(&Stop::Questions));
        }
        sections.push((page.t("portal-questions-heading").into_owned(), list));
    }
    for form_page in forms::visible_pages(&work.version.form, answers) {
        let mut list = SummaryList::new();
        for field in forms::visible_fields(&work.version.form, form_page, answers) {
            let value = answers.get(&field.key).map_or_else(String::new, |value| words(page, &work.snapshot, field, value));
            let change = format!("{}?return=check#f-{}", work.href(&Stop::Page(form_page.key.clone())), field.key);
            list = list.markup(named(page, &field.label), Markup::trusted(escape(&value).replace('\n', "<br>"))).change(change);
        }
        sections.push((named(page, &form_page.title), list));
    }
    let mut list = SummaryList::new();
    for needed in forms::materials_needed(&work.version, answers).into_iter().filter(|needed| needed.uploaded) {
        let key = &needed.material.key;
        let names: Vec<String> = work
            .draft
            .files
            .iter()
            .filter(|file| file.material == *key)
            .map(|file| format!("<a href=\"/apply/draft/{}/files/{}\">{}</a>", work.draft.id, file.id, escape(&file.name)))
            .collect();
        list = list
            .markup(named(page, &needed.material.name), Markup::trusted(names.join("<br>")))
            .change(format!("{}#m-{key}", work.href(&Stop::Materials)));
    }
    if !list.rows.is_empty() {
        sections.push((page.t("portal-materials-heading").into_owned(), list));
    }
    sections
}

/// Where a mistake is put right, and its words.
fn mistake(page: &Page, work: &Work, wrong: &FieldProblem) -> (String, String) {
    if let Some(key) = wrong.field.strip_prefix("material.") {
        let name = work.version.matter.material(key).map_or_else(|| key.to_owned(), |material| named(page, &material.name));
        return (format!("{}#m-{key}", work.href(&Stop::Materials)), page.t_args("portal-mistake-material", &[("name", &name)]));
    }
    let text = texts::field_text(page.lang(), wrong);
    let of_page = work
        .version
        .form
        .pages
        .iter()
        .find_map(|form_page| form_page.fields.iter().find(|field| field.key == wrong.field).map(|field| (form_page, field)));
    match of_page {
        Some((form_page, field)) => (
            format!("{}?return=check#f-{}", work.href(&Stop::Page(form_page.key.clone())), field.key),
            page.t_args("portal-mistake-field", &[("field", &named(page, &field.label)), ("text", &text)]),
        ),
        None => (work.href(&Stop::Check), text),
    }
}

fn missing(page: &Page, work: &Work) -> Vec<(String, String)> {
    let uploaded: Vec<&str> = work.draft.files.iter().map(|file| file.material.as_str()).collect();
    let mut all: Vec<(String, String)> = work
        .version
        .matter
        .questions
        .iter()
        .filter(|question| !work.draft.answers.q.contains_key(&question.key))
        .map(|question| (work.href(&Stop::Questions), named(page, &question.text)))
        .collect();
    let wrong = mistakes(&work.snapshot, &work.version, &work.draft.answers, &uploaded);
    all.extend(wrong.iter().map(|wrong| mistake(page, work, wrong)));
    all
}

fn view(page: &Page, work: &Work, sent: Option<&Fields>) -> CheckPage {
    let decided = decisions::decide(&work.version, &work.draft.answers);
    let not_applicable = reasons::not_applicable(page, &decided);
    let mut errors = missing(page, work);
    let ready = errors.is_empty() && not_applicable.is_none();
    let chosen = sent.map_or("electronic", |fields| fields.get("delivery"));
    let choice = |method: DeliveryMethod| {
        let key = format!("portal-wish-{}", method.as_str());
        Choice::new(method.as_str(), page.t(&key)).hint(page.t(&format!("{key}-hint")))
    };
    let choices = [DeliveryMethod::Electronic, DeliveryMethod::Window, DeliveryMethod::Courier].map(choice).into();
    let mut delivery = Field::radio("delivery", page.t("portal-wish"), choices).value(chosen).required();
    let mut declaration = Field::new(FieldKind::Tick, "declare", page.t("portal-declare")).required();
    if let Some(fields) = sent {
        if DeliveryMethod::from_name(chosen).is_none() {
            delivery = delivery.error(page.t("field-choose"));
            errors.push(("#f-delivery".to_owned(), page.t("portal-wish-missing").into_owned()));
        }
        if fields.get("declare") != "yes" {
            declaration = declaration.error(page.t("portal-declare-missing"));
            errors.push(("#f-declare".to_owned(), page.t("portal-declare-missing").into_owned()));
        } else {
            declaration = declaration.value("yes");
        }
    }
    CheckPage {
        head: work.head(page, &Stop::Check),
        errors,
        ready,
        sections: sections(page, work),
        fees: reasons::fees(page, &work.version, &decided, Eyes::Applicant),
        reasons: reasons::reasons(page, &work.version, &decided),
        not_applicable,
        action: format!("/apply/draft/{}/submit", work.draft.id),
        delivery,
        declaration,
        page: page.clone(),
    }
}

async fn show(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    Ok(page.html(&view(&page, &work, None)))
}

/// The address of a refused submission, asked for again (a reload, another language).
async fn back_to_check(page: Page, PathId(id): PathId<DraftId>) -> Response {
    page.redirect(&format!("/apply/draft/{id}/check"))
}

async fn send(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>, fields: Fields) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let again = view(&page, &work, Some(&fields));
    if !again.errors.is_empty() {
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    match submit(&state.cases, &citizen.principal, id, fields.get("delivery")).await {
        Ok(submitted) => Ok(page.redirect(&format!("/cases/{}/receipt", submitted.case))),
        Err(CaseError::Incomplete { .. }) => {
            // Changed in another window meanwhile: look again.
            let work = Work::open(&state, &citizen, id).await?;
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &work, Some(&fields))))
        }
        Err(error) => Err(error.into()),
    }
}
