//! The list of matters, and one matter with its versions and drafts.

use banhao_bpmn::{Drawing, draw};
use banhao_cases::queries::moving::moves_of;
use banhao_catalogue::editor::{Content, DraftState, NewDraft, StepTable, begin_draft, open_drafts};
use banhao_identity::{DraftAct, DraftTarget, permit_draft};
use banhao_kernel::ids::StaffId;

use super::content::{self, DecisionTable};
use super::enter;
use crate::file::{Use, file};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin", get(list))
        .route("/admin/processes/{matter}", get(show).post(begin))
        .route("/admin/processes/{matter}/{version}/{file}", get(download))
}

#[derive(Template)]
#[template(path = "admin/list.html")]
struct ListPage {
    page: Page,
    matters: Table,
    drafts: Table,
}

async fn list(State(state): State<AppState>, page: Page, who: Who) -> Answer {
    enter(&state, &page, &who).await?;
    let snapshot = state.cases.snapshot().await?;
    let open = open_drafts(&state.cases.store, None).await?;
    let ids: Vec<StaffId> = open.iter().map(|draft| draft.changed_by).collect();
    let names = banhao_identity::staff_names(&state.cases.store, &ids).await?;
    let matter_name =
        |key: &str| snapshot.matter_versions(key).last().map_or_else(|| key.to_owned(), |version| named(&page, &version.matter.name));
    let matters = snapshot.matters().map(|version| {
        let body = snapshot.organisation(&version.matter.organisation).map(|body| named(&page, &body.name)).unwrap_or_default();
        let steps = StepTable::from_model(&version.process)
            .map_or_else(|_| page.t("editor-no-table").into_owned(), |table| table.rows().count().to_string());
        let drafts = open.iter().filter(|draft| draft.matter == version.key).count();
        let coming = snapshot.matter_versions(&version.key).last().filter(|last| last.version > version.version);
        let number = match coming {
            Some(last) => page.t_args(
                "editor-version-coming",
                &[
                    ("n", &version.version.to_string()),
                    ("next", &last.version.to_string()),
                    ("day", &filters::date_text(page.lang(), last.effective_from)),
                ],
            ),
            None => version.version.to_string(),
        };
        Row::new(vec![
            Cell::link(format!("/admin/processes/{}", version.key), named(&page, &version.matter.name)),
            Cell::text(body),
            Cell::text(number),
            Cell::Day(version.effective_from),
            Cell::text(steps),
            Cell::text(if drafts == 0 { "—".to_owned() } else { drafts.to_string() }),
        ])
    });
    let column = |key: &str| Column::text(page.t(key));
    let matters = Table {
        caption: page.t("editor-matters").into_owned(),
        caption_hidden: true,
        columns: [
            "editor-col-matter",
            "editor-col-organisation",
            "editor-col-version",
            "editor-col-from",
            "editor-col-steps",
            "editor-col-drafts",
        ]
        .into_iter()
        .map(column)
        .collect(),
        rows: matters.collect(),
        empty: Empty::new(page.t("editor-matters-none"), page.t("editor-matters-none-text")),
        keys: true,
    };
    let rows = open.iter().map(|draft| {
        Row::new(vec![
            Cell::link(format!("/admin/drafts/{}", draft.id), matter_name(&draft.matter)),
            Cell::Chip(state_chip(&page, draft.state)),
            Cell::text(draft.based_on),
            Cell::text(names.get(&draft.changed_by).cloned().unwrap_or_default()),
            Cell::Moment(draft.changed_at),
        ])
    });
    let drafts = Table {
        caption: page.t("editor-drafts").into_owned(),
        caption_hidden: true,
        columns: ["editor-col-matter", "editor-col-state", "editor-col-based", "editor-col-by", "editor-col-at"]
            .into_iter()
            .map(column)
            .collect(),
        rows: rows.collect(),
        empty: Empty::new(page.t("editor-drafts-none"), page.t("editor-drafts-none-text")),
        keys: false,
    };
    Ok(page.html(&ListPage { page: page.clone(), matters, drafts }))
}

pub(super) fn state_chip(page: &Page, state: DraftState) -> Chip {
    let tone = match state {
        DraftState::Editing => Tone::Info,
        DraftState::Submitted => Tone::Warn,
        DraftState::Published => Tone::Good,
        DraftState::Discarded => Tone::Bad,
    };
    Chip::new(tone, page.t(&format!("editor-state-{}", state.as_str())))
}

struct VersionLine {
    number: u32,
    from: banhao_kernel::Date,
    document: String,
    has_decisions: bool,
    cases: u64,
    /// Comparing it with the one before.
    compare: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/matter.html")]
struct MatterPage {
    page: Page,
    crumbs: Crumbs,
    key: String,
    name: String,
    now: u32,
    drawing: ProcessDrawing,
    steps: Option<Table>,
    no_table: String,
    decisions: Vec<DecisionTable>,
    versions: Vec<VersionLine>,
    drafts: Vec<(String, Chip, banhao_kernel::Timestamp)>,
    can_begin: bool,
    /// Whether cases run by an older version, or were moved.
    can_move: bool,
    /// Id of the draft that the button begins.
    new_id: String,
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(key): PathId<String>) -> Answer {
    enter(&state, &page, &who).await?;
    let snapshot = state.cases.snapshot().await?;
    let all = snapshot.matter_versions(&key);
    let version = snapshot.matter(&key).or_else(|| all.last().cloned()).ok_or_else(crate::problem::not_found)?;
    let cases = banhao_cases::queries::versions::running_by_version(&state.cases, &key).await?;
    let (steps, no_table) = match StepTable::from_model(&version.process) {
        Ok(table) => (Some(content::steps(&page, &snapshot, &version, &table)), String::new()),
        Err(why) => (
            None,
            format!(
                "{} {}",
                page.t_args("editor-line", &[("file", "process.bpmn"), ("line", &why.line.to_string())]),
                page.pick(&why.zh, &why.en)
            ),
        ),
    };
    let versions =
        all.iter().rev().map(|version| VersionLine {
            number: version.version,
            from: version.effective_from,
            document: version.matter.change_document.clone(),
            has_decisions: version.decisions_xml.is_some(),
            cases: cases.get(&version.version).copied().unwrap_or_default(),
            compare: all.iter().rev().find(|before| before.version < version.version).map(|before| {
                format!("/admin/compare?matter={}&old={}&new={}", crate::portal::encoded(&key), before.version, version.version)
            }),
        });
    let drafts = open_drafts(&state.cases.store, Some(&key)).await?;
    let target = DraftTarget { organisation: version.matter.organisation.clone(), ..DraftTarget::default() };
    let name = named(&page, &version.matter.name);
    Ok(page.html(&MatterPage {
        crumbs: Crumbs::new().to(page.t("editor-title"), "/admin").here(name.clone()),
        drawing: content::drawing(&page, "now", &version.process),
        now: version.version,
        steps,
        no_table,
        decisions: version.decisions.as_deref().map(|model| content::decisions(&page, &version, model)).unwrap_or_default(),
        versions: versions.collect(),
        drafts: drafts
            .iter()
            .map(|draft| (format!("/admin/drafts/{}", draft.id), state_chip(&page, draft.state), draft.changed_at))
            .collect(),
        can_move: cases.keys().any(|running| *running < version.version) || !moves_of(&state.cases, &key).await?.is_empty(),
        can_begin: permit_draft(&who.0, DraftAct::EditDraft, &target).is_ok(),
        new_id: super::draft_id(&state).to_string(),
        key,
        name,
        page: page.clone(),
    }))
}

async fn begin(State(state): State<AppState>, page: Page, who: Who, PathId(key): PathId<String>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let snapshot = state.cases.snapshot().await?;
    let version = snapshot.matter_versions(&key).last().ok_or_else(crate::problem::not_found)?;
    let target = DraftTarget { organisation: version.matter.organisation.clone(), ..DraftTarget::default() };
    permit_draft(&who.0, DraftAct::EditDraft, &target)?;
    let content = Content { process: version.process_xml.clone(), decisions: version.decisions_xml.clone() };
    let id = fields.get("id").parse().unwrap_or_else(|_| super::draft_id(&state));
    let id = begin_draft(&state.cases.store, NewDraft { id, matter: key, based_on: version.version, content }, staff.id).await?;
    Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-begun")))
}

async fn download(
    State(state): State<AppState>,
    page: Page,
    who: Who,
    PathId((key, number, name)): PathId<(String, u32, String)>,
) -> Answer {
    enter(&state, &page, &who).await?;
    let snapshot = state.cases.snapshot().await?;
    let version = snapshot.matter_version(&key, number).ok_or_else(crate::problem::not_found)?;
    let stem = format!("{key}-v{number}");
    match (name.as_str(), &version.decisions_xml) {
        ("process.bpmn", _) => Ok(file("application/xml", &format!("{stem}.bpmn"), Use::Keep, version.process_xml.clone())),
        ("process.svg", _) => {
            Ok(file("image/svg+xml", &format!("{stem}.svg"), Use::Keep, draw(&version.process, None, &Drawing::default())))
        }
        ("decisions.dmn", Some(text)) => Ok(file("application/xml", &format!("{stem}.dmn"), Use::Keep, text.clone())),
        _ => Err(crate::problem::not_found().into()),
    }
}
