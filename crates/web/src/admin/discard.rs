//! Giving a draft up, after asking once more.

use banhao_catalogue::editor::{DraftError, DraftState, DraftStep, move_draft};
use banhao_identity::{DraftAct, permit_draft};
use uuid::Uuid;

use super::{Open, enter, name_of};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/drafts/{id}/discard", get(ask).post(discard))
}

#[derive(Template)]
#[template(path = "admin/discard.html")]
struct DiscardPage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    seen: i32,
    name: String,
    /// Who changed it since the question was asked.
    changed_by: String,
}

fn view(page: &Page, open: &Open, changed_by: String) -> DiscardPage {
    DiscardPage {
        crumbs: open.crumbs(page, "editor-discard"),
        id: open.draft.id.to_string(),
        seen: open.draft.row_version,
        name: named(page, &open.version.matter.name),
        changed_by,
        page: page.clone(),
    }
}

async fn ask(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    if !open.draft.state.is_open() {
        return Err(DraftError::WrongState { state: open.draft.state }.into());
    }
    Ok(page.html(&view(&page, &open, String::new())))
}

async fn discard(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    let seen = fields.get("seen").parse().unwrap_or_default();
    let done = || Ok(page.redirect_with(&format!("/admin/processes/{}", open.draft.matter), &Flash::good("editor-discarded")));
    match move_draft(&state.cases.store, id, seen, DraftStep::Discard, staff.id).await {
        Ok(_) => done(),
        Err(DraftError::Changed { by }) => {
            let open = Open::load(&state, id).await?;
            match open.draft.state {
                DraftState::Discarded => done(),
                state_now if !state_now.is_open() => Err(DraftError::WrongState { state: state_now }.into()),
                _ => {
                    let by = name_of(&state, by).await?;
                    Ok(page.html_with_status(StatusCode::CONFLICT, &view(&page, &open, by)))
                }
            }
        }
        Err(error) => Err(error.into()),
    }
}
