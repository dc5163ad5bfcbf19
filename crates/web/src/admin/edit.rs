//! What comes back from the page of a draft. Each button sends the whole table; nothing is stored before it is saved. When somebody else
//! was first – with a change, or with a step of the whole draft – what was written stays in the form, and can be begun as a draft of its own.

use banhao_catalogue::editor::{
    DraftError, DraftState, DraftStep, Kind, NewDraft, Place, Section, StepTable, begin_draft, check_content, move_draft, save_draft,
};
use banhao_identity::{DraftAct, permit_draft};
use banhao_kernel::ids::StaffId;
use uuid::Uuid;

use super::steps::{Clash, Shown, view};
use super::{Open, enter, fill, name_of};
use crate::prelude::*;

/// Does what a button says with the table that was sent. False when there is no room for it.
fn press(page: &Page, table: &mut StepTable, fields: &Fields, button: &str) -> bool {
    let (act, what) = button.split_once('.').unwrap_or((button, ""));
    let id = fields.get(&format!("{what}.id")).to_owned();
    match act {
        "up" => table.shift(&id, false),
        "down" => table.shift(&id, true),
        "remove" => table.remove(&id),
        "beside" => {
            for section in Section::ALL {
                let beside = table.rows_of(section).iter().find(|row| row.id == id).map(|row| row.place != Place::Beside);
                if let Some(beside) = beside {
                    table.set_beside(&id, beside);
                }
            }
        }
        "add" => {
            let kind = Kind::parse(fields.get(&format!("new.{what}"))).unwrap_or(Kind::Review);
            if let Some(section) = Section::parse(what) {
                let name = page.t(&format!("editor-kind-{}", kind.as_str())).into_owned();
                return table.add(section, None, kind, &name).is_some();
            }
        }
        _ => {}
    }
    true
}

/// The table that was sent, put over the stored one.
fn sent(page: &Page, open: &Open, fields: &Fields, button: &str) -> Shown {
    let mut shown = Shown::stored(page, open);
    if !fields.has("rows") {
        return shown;
    }
    let stored = shown.table.take();
    // Somebody may have uploaded meanwhile what is no table: what was written is one all the same.
    let under = stored
        .clone()
        .unwrap_or_else(|| StepTable::from_model(&open.version.process).unwrap_or_else(|_| StepTable::shortest("process", "")));
    let mut table = fill::table(&under, fields);
    shown.full = !press(page, &mut table, fields, button);
    // Nothing was changed: nothing is written anew, and what the table does not show stays.
    if stored.as_ref() != Some(&table) {
        shown.content.process = table.to_bpmn().to_xml();
        shown.unsaved = true;
    }
    shown.table = Some(table);
    shown.no_table = String::new();
    shown
}

pub(super) async fn edit(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let mut open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    let button = fields.get("do").to_owned();
    let seen: i32 = fields.get("seen").parse().unwrap_or_default();
    let shown = sent(&page, &open, &fields, &button);
    let here = format!("/admin/drafts/{id}");
    match button.as_str() {
        "copy" => {
            let id = fields.get("copy").parse().unwrap_or_else(|_| super::draft_id(&state));
            let new = NewDraft { id, matter: open.draft.matter, based_on: open.draft.based_on, content: shown.content };
            let id = begin_draft(&state.cases.store, new, staff.id).await?;
            Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-copied")))
        }
        "save" | "submit" if shown.unsaved => {
            let saved = save_draft(&state.cases.store, id, seen, shown.content.clone(), staff.id).await;
            match saved {
                Ok(now) if button == "submit" => submit(&state, &page, &who, id, now, shown).await,
                Ok(_) => Ok(page.redirect_with(&here, &Flash::good("editor-saved"))),
                // The same button pressed twice: what was written is stored.
                Err(DraftError::Changed { .. }) if button == "save" && is_stored(&state, id, &shown).await? => {
                    Ok(page.redirect_with(&here, &Flash::good("editor-saved")))
                }
                Err(error) => clashed(&state, &page, &who, id, shown, error).await,
            }
        }
        "save" => Ok(page.redirect_with(&here, &Flash::good("editor-saved"))),
        "submit" => submit(&state, &page, &who, id, seen, shown).await,
        _ if open.draft.state != DraftState::Editing => {
            let (by, state_now) = (open.draft.changed_by, open.draft.state);
            let shown = Shown { clash: Some(clash(&state, &page, by, state_now).await?), unsaved: true, ..shown };
            let view = view(&state, &page, &who, &open, shown).await?;
            Ok(page.html_with_status(StatusCode::CONFLICT, &view))
        }
        _ => {
            // The page goes on with the state of the draft that its reader saw.
            open.draft.row_version = seen;
            let view = view(&state, &page, &who, &open, shown).await?;
            Ok(page.html(&view))
        }
    }
}

/// Hands a saved draft over, when nothing is wrong with it.
async fn submit(state: &AppState, page: &Page, who: &Who, id: Uuid, seen: i32, shown: Shown) -> Answer {
    let staff = who.staff()?;
    let open = Open::load(state, id).await?;
    let submitted = || Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-submitted")));
    if open.draft.state == DraftState::Submitted && open.draft.content == shown.content && open.draft.was_just("submitted", staff.id) {
        return submitted();
    }
    let checked = check_content(&state.cases.store, &open.draft.matter, &shown.content).await?;
    let sound = checked.is_sound() && shown.table.as_ref().is_none_or(|table| table.problems().is_empty());
    if !sound || open.is_outdated() {
        let shown = Shown { unsaved: false, not_submitted: true, ..shown };
        let view = view(state, page, who, &open, shown).await?;
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
    }
    match move_draft(&state.cases.store, id, seen, DraftStep::Submit, staff.id).await {
        Ok(_) => submitted(),
        Err(error) => clashed(state, page, who, id, shown, error).await,
    }
}

async fn is_stored(state: &AppState, id: Uuid, shown: &Shown) -> Result<bool, Failure> {
    let draft = Open::load(state, id).await?.draft;
    Ok(draft.state == DraftState::Editing && draft.content == shown.content)
}

/// What was written, with what happened meanwhile.
async fn clashed(state: &AppState, page: &Page, who: &Who, id: Uuid, mut shown: Shown, error: DraftError) -> Answer {
    if !matches!(error, DraftError::Changed { .. } | DraftError::WrongState { .. }) {
        return Err(error.into());
    }
    let open = Open::load(state, id).await?;
    shown.clash = Some(clash(state, page, open.draft.changed_by, open.draft.state).await?);
    shown.unsaved = true;
    let view = view(state, page, who, &open, shown).await?;
    Ok(page.html_with_status(StatusCode::CONFLICT, &view))
}

async fn clash(state: &AppState, page: &Page, by: StaffId, now: DraftState) -> Result<Clash, Failure> {
    let who = name_of(state, by).await?;
    Ok(Clash {
        title: page.t_args(&format!("editor-clash-{}", now.as_str()), &[("who", &who)]),
        text: page.t(if now == DraftState::Editing { "editor-clash-text" } else { "editor-clash-moved-text" }).into_owned(),
    })
}
