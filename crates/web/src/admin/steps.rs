//! A draft as a table of steps, with its drawing and everything that is wrong with it: as it is stored, or as somebody sent it.

use banhao_catalogue::editor::{Content, DraftState, Kind, Section, StepTable, check_content};
use banhao_catalogue::process_model;
use banhao_identity::DraftAct;
use uuid::Uuid;

use super::content::{self, DecisionTable};
use super::rows::{Mistakes, Pick, RowView, views};
use super::{Open, Told, enter, matter};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/drafts/{id}", get(show).post(super::edit::edit))
}

/// Most mistakes that are listed; nobody reads more.
const MOST_TOLD: usize = 100;

struct Part {
    word: &'static str,
    title: String,
    rows: Vec<RowView>,
    kinds: Vec<Pick>,
}

#[derive(Template)]
#[template(path = "admin/draft.html")]
pub(super) struct DraftPage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    name: String,
    based_on: u32,
    seen: i32,
    state: Chip,
    note: String,
    /// Whether the table is shown as a form.
    can_edit: bool,
    /// Whether the drawing stands above a table that is being changed.
    is_table: bool,
    /// Whether it can be stored in this draft.
    can_save: bool,
    can_publish: bool,
    submitted: bool,
    unsaved: bool,
    clash: Option<Clash>,
    /// Id of the draft that can be begun from what was written.
    copy: String,
    /// It was saved, but not handed over.
    not_submitted: bool,
    full: bool,
    /// Number of the version it should stand on.
    outdated: Option<u32>,
    compare: String,
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
}

/// Somebody else was first: what is written cannot simply be stored.
pub(super) struct Clash {
    pub(super) title: String,
    pub(super) text: String,
}

/// What the page is about: the stored draft, or a table that was sent.
pub(super) struct Shown {
    pub(super) table: Option<StepTable>,
    pub(super) no_table: String,
    pub(super) content: Content,
    pub(super) unsaved: bool,
    pub(super) clash: Option<Clash>,
    pub(super) not_submitted: bool,
    /// There was no room for one more step.
    pub(super) full: bool,
}

impl Shown {
    pub(super) fn stored(page: &Page, open: &Open) -> Self {
        let read = process_model(&open.draft.content.process).ok().map(|model| StepTable::from_model(&model));
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
        Self { table, no_table, content: open.draft.content.clone(), unsaved: false, clash: None, not_submitted: false, full: false }
    }
}

pub(super) async fn view(state: &AppState, page: &Page, who: &Who, open: &Open, shown: Shown) -> Result<DraftPage, Failure> {
    let checked = check_content(&state.cases.store, &open.draft.matter, &shown.content).await?;
    let model = process_model(&shown.content.process).ok();
    let can_save = open.can_edit(who);
    // What somebody wrote stays in its form, also when it can no longer be stored here.
    let can_edit = can_save || shown.clash.is_some();
    let mut mistakes = match &shown.table {
        Some(table) => Mistakes::of(page, table, model.as_ref(), &checked),
        None => Mistakes { whole: checked.all().map(|problem| super::told(page, problem)).collect(), ..Mistakes::default() },
    };
    let mut summary = ErrorSummary::default();
    let mut parts = Vec::new();
    if let (true, Some(table)) = (can_edit, &shown.table) {
        let rows = views(page, open, table, &mut mistakes);
        summary.items.extend(rows.iter().flat_map(|row| {
            let link = format!("step-{}", row.n);
            row.problems.iter().filter(|told| told.error).map(move |told| (link.clone(), told.text.clone()))
        }));
        parts = by_part(page, open, table, rows);
    }
    summary.items.extend(
        mistakes
            .whole
            .iter()
            .filter(|told| told.error)
            .map(|told| (String::new(), format!("{} {}", told.place, told.text).trim().to_owned())),
    );
    if !open.draft.state.is_open() && !can_edit {
        // Nobody mends it any more.
        summary = ErrorSummary::default();
        mistakes.whole.clear();
    }
    let errors = summary.items.len();
    summary.items.truncate(MOST_TOLD);
    mistakes.whole.truncate(MOST_TOLD);
    let is_table = can_edit && shown.table.is_some();
    let steps =
        (!can_edit).then_some(shown.table.as_ref()).flatten().map(|table| content::steps(page, &open.snapshot, &open.version, table));
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
        is_table,
        can_save,
        unsaved: shown.unsaved,
        copy: if shown.clash.is_some() { super::draft_id(state).to_string() } else { String::new() },
        clash: shown.clash,
        not_submitted: shown.not_submitted,
        full: shown.full,
        outdated: open.is_outdated().then_some(open.latest),
        compare: open.compare_href(open.draft.based_on),
        errors,
        summary,
        whole: mistakes.whole,
        lost: lost(page, &open.draft.content.process),
        parts,
        steps,
        no_table: shown.no_table,
        process_name: shown.table.as_ref().map(|table| table.name.clone()).unwrap_or_default(),
        drawing: model.as_ref().map(|model| content::drawing(page, "draft", model)),
        decisions: decisions.as_ref().map(|model| content::decisions(page, &open.version, model)).unwrap_or_default(),
        has_decisions: shown.content.decisions.is_some(),
        edits: edits.collect(),
        page: page.clone(),
    })
}

/// What stands in the stored file and a table would not keep.
fn lost(page: &Page, xml: &str) -> Vec<String> {
    let Ok(model) = process_model(xml) else { return Vec::new() };
    StepTable::lost(&model).map(|remark| page.pick(&remark.zh, &remark.en).to_owned()).collect()
}

fn by_part(page: &Page, open: &Open, table: &StepTable, rows: Vec<RowView>) -> Vec<Part> {
    let has_decisions = open.draft.content.decisions.is_some();
    let mut parts: Vec<Part> = Section::ALL
        .into_iter()
        .map(|section| Part {
            word: section.as_str(),
            title: page.t(&format!("editor-section-{}", section.as_str())).into_owned(),
            rows: Vec::new(),
            kinds: kinds(section, has_decisions)
                .into_iter()
                // There is one acceptance and one decision.
                .filter(|kind| !matches!(kind, Kind::Accept | Kind::Decide) || !table.rows().any(|(_, row)| row.kind == *kind))
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
