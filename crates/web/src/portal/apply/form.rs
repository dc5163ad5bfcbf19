//! One page of the form. What was typed is saved whether it is right or wrong; mistakes are shown all at once. Questions that
//! appear because of an answer just given are shown without a reproach.

use banhao_cases::save_answers;
use banhao_catalogue::forms::{self, Answers};
use banhao_catalogue::model;
use banhao_kernel::ids::DraftId;
use banhao_kernel::problem::FieldProblem;
use banhao_texts as texts;
use serde::Deserialize;
use serde_json::Value;

use super::{Citizen, Head, Stop, Work};
use crate::portal::question::control;
use crate::portal::words::named;
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/apply/draft/{id}/page/{key}", get(show).post(go_on)).route("/apply/draft/{id}/page/{key}/save", post(keep))
}

#[derive(Debug, Deserialize)]
struct Return {
    #[serde(default, rename = "return")]
    to: String,
}

#[derive(Template)]
#[template(path = "portal/apply_form.html")]
struct FormPage {
    page: Page,
    head: Head,
    errors: ErrorSummary,
    title: String,
    intro: String,
    more: bool,
    action: String,
    back_to: String,
    fields: Vec<Field>,
}

fn view(page: &Page, work: &Work, form_page: &model::Page, mistakes: &[FieldProblem], more: bool, back_to: &str) -> FormPage {
    let stop = Stop::Page(form_page.key.clone());
    let fields: Vec<Field> = forms::visible_fields(&work.version.form, form_page, &work.draft.answers)
        .into_iter()
        .map(|field| {
            let wrong = mistakes.iter().find(|mistake| mistake.field == field.key);
            control(page, &work.snapshot, &work.draft.answers, field)
                .error(wrong.map_or_else(String::new, |mistake| texts::field_text(page.lang(), mistake)))
        })
        .collect();
    FormPage {
        head: work.head(page, &stop),
        errors: ErrorSummary::of(&fields),
        title: named(page, &form_page.title),
        intro: form_page.intro.as_ref().map_or_else(String::new, |intro| named(page, intro)),
        more,
        action: work.href(&stop),
        back_to: if back_to == "check" { "check".to_owned() } else { String::new() },
        fields,
        page: page.clone(),
    }
}

async fn show(
    State(state): State<AppState>,
    page: Page,
    citizen: Citizen,
    PathId((id, key)): PathId<(DraftId, String)>,
    Asked(Return { to }): Asked<Return>,
) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let form_page = work.version.form.page(&key).ok_or_else(problem::not_found)?;
    Ok(page.html(&view(&page, &work, form_page, &[], false, &to)))
}

/// Saves what was posted of this page; returns the questions that were there to be answered.
async fn save(
    state: &AppState,
    citizen: &Citizen,
    work: &mut Work,
    form_page: &model::Page,
    fields: &Fields,
) -> Result<Vec<String>, Failure> {
    let posted: Vec<(String, String)> = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let asked: Vec<String> = {
        let visible = forms::visible_fields(&work.version.form, form_page, &work.draft.answers);
        let was_asked = |field: &&model::Field| fields.has(&field.key) || visible.iter().any(|there| there.key == field.key);
        form_page.fields.iter().filter(was_asked).map(|field| field.key.clone()).collect()
    };
    let mut read = Answers::default();
    forms::read_page(form_page, &posted, &mut read);
    let mut changed = Answers::default();
    for key in &asked {
        let value = read.form.remove(key).unwrap_or(Value::Null);
        if value.is_null() {
            work.draft.answers.form.remove(key);
        } else {
            work.draft.answers.form.insert(key.clone(), value.clone());
        }
        changed.form.insert(key.clone(), value);
    }
    save_answers(&state.cases, &citizen.principal, work.draft.id, changed).await?;
    Ok(asked)
}

async fn go_on(
    State(state): State<AppState>,
    page: Page,
    citizen: Citizen,
    PathId((id, key)): PathId<(DraftId, String)>,
    fields: Fields,
) -> Answer {
    let mut work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let version = std::sync::Arc::clone(&work.version);
    let form_page = version.form.page(&key).ok_or_else(problem::not_found)?;
    let asked = save(&state, &citizen, &mut work, form_page, &fields).await?;
    if fields.get("then") == "later" {
        return Ok(page.redirect_with("/my", &Flash::good("portal-saved")));
    }
    let back_to = fields.get("return");
    let mistakes = forms::check_page(&version.form, form_page, &work.draft.answers, (&*work.snapshot).into());
    if mistakes.is_empty() {
        let next = if back_to == "check" { work.href(&Stop::Check) } else { work.next(&Stop::Page(key)) };
        return Ok(page.redirect(&next));
    }
    let of_asked: Vec<FieldProblem> = mistakes.into_iter().filter(|mistake| asked.contains(&mistake.field)).collect();
    if of_asked.is_empty() {
        return Ok(page.html(&view(&page, &work, form_page, &[], true, back_to)));
    }
    Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &work, form_page, &of_asked, false, back_to)))
}

/// Saves while somebody is still typing (scripts only).
async fn keep(State(state): State<AppState>, citizen: Citizen, PathId((id, key)): PathId<(DraftId, String)>, fields: Fields) -> Answer {
    let mut work = Work::open(&state, &citizen, id).await?;
    let version = std::sync::Arc::clone(&work.version);
    let form_page = version.form.page(&key).ok_or_else(problem::not_found)?;
    save(&state, &citizen, &mut work, form_page, &fields).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
