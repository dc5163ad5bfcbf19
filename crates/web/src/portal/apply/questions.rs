//! The scenario questions of an application: they decide which materials are needed.

use banhao_cases::save_answers;
use banhao_catalogue::forms::Answers;
use banhao_kernel::ids::DraftId;

use super::{Citizen, Head, Stop, Work};
use crate::portal::guide::question_fields;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/apply/draft/{id}/questions", get(show).post(answer))
}

#[derive(Template)]
#[template(path = "portal/apply_questions.html")]
struct QuestionsPage {
    page: Page,
    head: Head,
    errors: ErrorSummary,
    action: String,
    fields: Vec<Field>,
}

fn view(page: &Page, work: &Work, complain: bool) -> QuestionsPage {
    let fields: Vec<Field> = question_fields(page, &work.version, &work.draft.answers)
        .into_iter()
        .map(|field| if complain && field.values.is_empty() { field.error(page.t("field-choose")) } else { field })
        .collect();
    QuestionsPage {
        head: work.head(page, &Stop::Questions),
        errors: ErrorSummary::of(&fields),
        action: work.href(&Stop::Questions),
        fields,
        page: page.clone(),
    }
}

async fn show(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    Ok(page.html(&view(&page, &work, false)))
}

async fn answer(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>, fields: Fields) -> Answer {
    let mut work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let mut answers = Answers::default();
    for question in &work.version.matter.questions {
        let given = fields.get(&format!("q.{}", question.key));
        if question.options.iter().any(|option| option.value == given) {
            answers.q.insert(question.key.clone(), given.into());
        }
    }
    save_answers(&state.cases, &citizen.principal, id, answers.clone()).await?;
    work.draft.answers.q.extend(answers.q);
    if work.version.matter.questions.iter().any(|question| !work.draft.answers.q.contains_key(&question.key)) {
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &work, true)));
    }
    Ok(page.redirect(&work.next(&Stop::Questions)))
}
