//! A draft as a table of steps, with its drawing and everything that is wrong with it. Each button sends the whole table; nothing is
//! stored before it is saved. Who saves second is shown what they wrote, and that somebody else was first.

use banhao_bpmn::Model;
use banhao_catalogue::editor::{
    Content, DraftError, DraftState, DraftStep, Kind, Section, StepTable, check_content, move_draft, save_draft,
};
use banhao_identity::DraftAct;
use uuid::Uuid;

use super::content::{self, DecisionTable};
use super::rows::{Mistakes, Pick, RowView, views};
use super::{Open, Told, enter, fill, matter, name_of};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/drafts/{id}", get(show).post(edit)).route("/admin/drafts/{id}/discard", get(ask_discard).post(discard))
}

struct Part {
    word: &'static str,
    title: String,
    rows: Vec<RowView>,
    kinds: Vec<Pick>,
}

#[derive(Template)]
#[template(path = "admin/draft.html")]
struct DraftPage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    name: String,
    based_on: u32,
    seen: i32,
    state: Chip,
    note: String,
    can_edit: bool,
    can_publish: bool,
    submitted: bool,
    unsaved: bool,
    /// Who was first, when somebody was.
    conflict: String,
    errors: usize,
    summary: ErrorSummary,
    whole: Vec<Told>,
    lost: Vec<String>,
    parts: Vec<Part>,
    /// For those who may not change it, and for processes that are no table.
    steps: Option<Table>,
    no_table: String,
    process_name: String,
    drawing: Option<ProcessDrawing>,
    decisions: Vec<DecisionTable>,
    has_decisions: bool,
    edits: Vec<(String, String, banhao_kernel::Timestamp)>,
    matter: String,
}

/// What the page is about: the stored draft, or a table that was sent.
struct Shown {
    table: Option<StepTable>,
    no_table: String,
    content: Content,
    unsaved: bool,
    conflict: String,
}

impl Shown {
    fn stored(page: &Page, open: &Open) -> Self {
        let read = Model::parse(&open.draft.content.process).ok().map(|model| StepTable::from_model(&model));
        let (table, no_table) = match read {
            Some(Ok(table)) => (Some(table), String::new()),
            Some(Err(why)) => (
                None,
                format!(
                    "{} {}",
                    page.t_args("editor-line", &[("file", "process.bpmn"), ("line", &why.line.to_string())]),
                    page.pick(&why.zh, &why.en)
                ),
            ),
            None => (None, page.t("editor-unreadable").into_owned()),
        };
        Self { table, no_table, content: open.draft.content.clone(), unsaved: false, conflict: String::new() }
    }
}

async fn view(state: &AppState, page: &Page, who: &Who, open: &Open, shown: Shown) -> Result<DraftPage, Failure> {
    let checked = check_content(&state.cases.store, &open.draft.matter, &shown.content).await?;
    let model = Model::parse(&shown.content.process).ok();
    let can_edit = open.can_edit(who);
    let mut mistakes = match &shown.table {
        Some(table) => Mistakes::of(page, table, model.as_ref(), &checked),
        None => Mistakes {
            rows: std::collections::BTreeMap::new(),
            whole: checked.all().map(|problem| super::told(page, problem)).collect(),
            errors: 0,
        },
    };
    let mut summary = ErrorSummary::default();
    let mut parts = Vec::new();
    if let (true, Some(table)) = (can_edit, &shown.table) {
        let rows = views(page, open, table, &mut mistakes);
        summary.items.extend(rows.iter().flat_map(|row| {
            let link = format!("step-{}", row.n);
            row.problems.iter().filter(|told| told.error).map(move |told| (link.clone(), told.text.clone()))
        }));
        parts = by_part(page, open, rows);
    }
    summary.items.extend(
        mistakes
            .whole
            .iter()
            .filter(|told| told.error)
            .map(|told| (String::new(), format!("{} {}", told.place, told.text).trim().to_owned())),
    );
    let steps = (!can_edit)
        .then_some(shown.table.as_ref())
        .flatten()
        .map(|table| content::steps(page, &open.snapshot, &open.version.matter, table));
    let ids: Vec<_> = open.draft.edits.iter().map(|edit| edit.staff).collect();
    let names = banhao_identity::staff_names(&state.cases.store, &ids).await?;
    let edits = open.draft.edits.iter().rev().take(20).map(|edit| {
        (page.t(&format!("editor-did-{}", edit.act)).into_owned(), names.get(&edit.staff).cloned().unwrap_or_default(), edit.at)
    });
    let decisions = shown.content.decisions.as_deref().and_then(|text| banhao_decision::DecisionModel::parse(text).ok());
    Ok(DraftPage {
        crumbs: Crumbs::new()
            .to(page.t("editor-title"), "/admin")
            .to(named(page, &open.version.matter.name), format!("/admin/processes/{}", open.draft.matter))
            .here(page.t("editor-draft")),
        id: open.draft.id.to_string(),
        name: named(page, &open.version.matter.name),
        based_on: open.draft.based_on,
        seen: open.draft.row_version,
        state: matter::state_chip(page, open.draft.state),
        note: if open.draft.state == DraftState::Editing { open.draft.note.clone() } else { String::new() },
        can_publish: open.draft.state == DraftState::Submitted && open.may(who, DraftAct::SendBackDraft),
        submitted: open.draft.state == DraftState::Submitted,
        can_edit,
        unsaved: shown.unsaved,
        conflict: shown.conflict,
        errors: summary.items.len(),
        summary,
        whole: mistakes.whole,
        lost: lost(page, &open.draft.content.process),
        parts,
        steps,
        no_table: shown.no_table,
        process_name: shown.table.as_ref().map(|table| table.name.clone()).unwrap_or_default(),
        drawing: model.as_ref().map(|model| content::drawing(page, "draft", model)),
        decisions: decisions.as_ref().map(content::decisions).unwrap_or_default(),
        has_decisions: shown.content.decisions.is_some(),
        edits: edits.collect(),
        matter: open.draft.matter.clone(),
        page: page.clone(),
    })
}

/// What stands in the stored file and a table would not keep.
fn lost(page: &Page, xml: &str) -> Vec<String> {
    let Ok(model) = Model::parse(xml) else { return Vec::new() };
    StepTable::lost(&model).map(|remark| page.pick(&remark.zh, &remark.en).to_owned()).collect()
}

fn by_part(page: &Page, open: &Open, rows: Vec<RowView>) -> Vec<Part> {
    let has_decisions = open.draft.content.decisions.is_some();
    let mut parts: Vec<Part> = Section::ALL
        .into_iter()
        .map(|section| Part {
            word: section.as_str(),
            title: page.t(&format!("editor-section-{}", section.as_str())).into_owned(),
            rows: Vec::new(),
            kinds: kinds(section, has_decisions)
                .into_iter()
                .map(|kind| Pick {
                    value: kind.as_str().to_owned(),
                    label: page.t(&format!("editor-kind-{}", kind.as_str())).into_owned(),
                    on: false,
                })
                .collect(),
        })
        .collect();
    for row in rows {
        if let Some(part) = parts.iter_mut().find(|part| part.word == row.section) {
            part.rows.push(row);
        }
    }
    parts
}

/// What can be added to a part.
fn kinds(section: Section, has_decisions: bool) -> Vec<Kind> {
    let mut kinds = match section {
        Section::Main => vec![Kind::Review, Kind::Inspect, Kind::Message, Kind::Accept, Kind::Decide],
        Section::Granted => vec![Kind::Make, Kind::Deliver],
        Section::Refused => vec![Kind::Deliver],
    };
    if has_decisions && section == Section::Main {
        kinds.insert(3, Kind::Rule);
    }
    kinds
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    let shown = Shown::stored(&page, &open);
    let view = view(&state, &page, &who, &open, shown).await?;
    Ok(page.html(&view))
}

/// Does what a button says with the table that was sent.
fn press(page: &Page, table: &mut StepTable, fields: &Fields, button: &str) {
    let (act, what) = button.split_once('.').unwrap_or((button, ""));
    let id = fields.get(&format!("{what}.id")).to_owned();
    match act {
        "up" => table.shift(&id, false),
        "down" => table.shift(&id, true),
        "remove" => table.remove(&id),
        "beside" => {
            for section in Section::ALL {
                let beside =
                    table.rows_of(section).iter().find(|row| row.id == id).map(|row| row.place != banhao_catalogue::editor::Place::Beside);
                if let Some(beside) = beside {
                    table.set_beside(&id, beside);
                }
            }
        }
        "add" => {
            let kind = Kind::parse(fields.get(&format!("new.{what}"))).unwrap_or(Kind::Review);
            if let Some(section) = Section::parse(what) {
                let name = page.t(&format!("editor-kind-{}", kind.as_str())).into_owned();
                table.add(section, None, kind, &name);
            }
        }
        _ => {}
    }
}

async fn edit(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let mut open = Open::load(&state, id).await?;
    banhao_identity::permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    let button = fields.get("do").to_owned();
    let seen: i32 = fields.get("seen").parse().unwrap_or_default();
    let here = format!("/admin/drafts/{id}");
    if open.draft.state != DraftState::Editing {
        return Err(DraftError::WrongState { state: open.draft.state }.into());
    }
    let stored = Model::parse(&open.draft.content.process).ok().and_then(|model| StepTable::from_model(&model).ok());
    let mut shown = Shown::stored(&page, &open);
    if let Some(stored) = stored.filter(|_| fields.has("rows")) {
        let mut table = fill::table(&stored, &fields);
        press(&page, &mut table, &fields, &button);
        // Nothing was changed: nothing is written anew, and what the table does not show stays.
        if table != stored {
            shown.content.process = table.to_bpmn().to_xml();
            shown.unsaved = true;
        }
        shown.table = Some(table);
    }
    if matches!(button.as_str(), "save" | "submit") {
        let saved = if shown.unsaved { save_draft(&state.cases.store, id, seen, shown.content.clone(), staff.id).await } else { Ok(seen) };
        match saved {
            Ok(now) if button == "submit" => {
                let checked = check_content(&state.cases.store, &open.draft.matter, &shown.content).await?;
                let sound = checked.is_sound() && shown.table.as_ref().is_none_or(|table| table.problems().is_empty());
                if sound {
                    move_draft(&state.cases.store, id, now, DraftStep::Submit, staff.id).await?;
                    return Ok(page.redirect_with(&here, &Flash::good("editor-submitted")));
                }
                open = Open::load(&state, id).await?;
                shown.unsaved = false;
                let view = view(&state, &page, &who, &open, shown).await?;
                return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
            }
            Ok(_) => return Ok(page.redirect_with(&here, &Flash::good("editor-saved"))),
            Err(DraftError::Changed { by }) => {
                shown.conflict = name_of(&state, by).await?;
                shown.unsaved = true;
                open = Open::load(&state, id).await?;
                let view = view(&state, &page, &who, &open, shown).await?;
                return Ok(page.html_with_status(StatusCode::CONFLICT, &view));
            }
            Err(error) => return Err(error.into()),
        }
    }
    // The page goes on with the state of the draft that its reader saw.
    open.draft.row_version = seen;
    let view = view(&state, &page, &who, &open, shown).await?;
    Ok(page.html(&view))
}

#[derive(Template)]
#[template(path = "admin/discard.html")]
struct DiscardPage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    seen: i32,
    name: String,
}

async fn ask_discard(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    banhao_identity::permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    Ok(page.html(&DiscardPage {
        crumbs: open.crumbs(&page, "editor-discard"),
        id: id.to_string(),
        seen: open.draft.row_version,
        name: named(&page, &open.version.matter.name),
        page: page.clone(),
    }))
}

async fn discard(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    banhao_identity::permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    let seen = fields.get("seen").parse().unwrap_or_default();
    move_draft(&state.cases.store, id, seen, DraftStep::Discard, staff.id).await?;
    Ok(page.redirect_with(&format!("/admin/processes/{}", open.draft.matter), &Flash::good("editor-discarded")))
}
