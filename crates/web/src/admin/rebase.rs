//! A draft whose matter got a newer version meanwhile: what the newer version changed, what the draft changed, and the draft taken over
//! onto the newer version. Where both changed the same file, somebody chooses.

use banhao_bpmn::compare;
use banhao_catalogue::editor::{Content, DraftError, DraftState, Rebase, Sides, rebase_draft};
use banhao_catalogue::{MatterVersion, process_model};
use banhao_identity::{DraftAct, permit_draft};
use uuid::Uuid;

use super::changes::told;
use super::{Open, enter, name_of};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/drafts/{id}/rebase", get(show).post(rebase))
}

/// What one side changed since the version both come from.
struct Side {
    title: String,
    hint: String,
    changes: Vec<String>,
    /// The process changed too much to say how, or cannot be read.
    unreadable: bool,
    decisions: bool,
    compare: String,
}

impl Side {
    fn is_nothing(&self) -> bool {
        self.changes.is_empty() && !self.unreadable && !self.decisions
    }
}

#[derive(Template)]
#[template(path = "admin/rebase.html")]
struct RebasePage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    seen: i32,
    name: String,
    based_on: u32,
    latest: u32,
    sides: Vec<Side>,
    /// What to choose; empty when each file was changed on one side only.
    choices: Vec<Field>,
    errors: ErrorSummary,
    /// What happened since the page was opened.
    moved: String,
    has_decisions: bool,
}

/// The draft, the version it began as and the one it should stand on.
struct Three {
    base: Content,
    latest: Content,
    newest: std::sync::Arc<MatterVersion>,
    rebase: Rebase,
}

fn content(version: &MatterVersion) -> Content {
    Content { process: version.process_xml.clone(), decisions: version.decisions_xml.clone() }
}

impl Three {
    fn of(open: &Open) -> Result<Self, Failure> {
        let newest = open.snapshot.matter_version(&open.draft.matter, open.latest).ok_or_else(crate::problem::not_found)?;
        let (base, latest) = (content(&open.version), content(&newest));
        let rebase = Rebase::of(&base, &open.draft.content, &latest);
        Ok(Self { base, latest, newest, rebase })
    }
}

/// What is different between two processes, in words; none when one of them cannot be read.
fn changes(page: &Page, old: &str, new: &str) -> Option<Vec<String>> {
    if old == new {
        return Some(Vec::new());
    }
    let (old, new) = (process_model(old).ok()?, process_model(new).ok()?);
    let mut told = told(page.lang(), &old, &new, &compare(&old, &new));
    told.steps.append(&mut told.flows);
    if told.renamed > 0 {
        told.steps.push(page.t_args("editor-changes-renamed", &[("n", &told.renamed.to_string())]));
    }
    Some(told.steps)
}

fn view(page: &Page, open: &Open, three: &Three, fields: &Fields, missing: &[&str]) -> RebasePage {
    let side = |title: String, hint: String, new: &Content, compare: String| {
        let told = changes(page, &three.base.process, &new.process);
        Side {
            title,
            hint,
            unreadable: told.is_none(),
            changes: told.unwrap_or_default(),
            decisions: three.base.decisions != new.decisions,
            compare,
        }
    };
    let based_on = open.draft.based_on;
    let newest = &three.newest;
    let matter = crate::portal::encoded(&open.draft.matter);
    let sides = vec![
        side(
            page.t_args("editor-rebase-version", &[("n", &newest.version.to_string())]),
            newest.matter.change_document.clone(),
            &three.latest,
            format!("/admin/compare?matter={matter}&old={based_on}&new={}", newest.version),
        ),
        side(page.t("editor-rebase-draft").into_owned(), String::new(), &open.draft.content, open.compare_href(based_on)),
    ];
    let both = [("process", three.rebase.process), ("decisions", three.rebase.decisions)];
    let choices: Vec<Field> = both
        .into_iter()
        .filter(|(_, sides)| *sides == Sides::Both)
        .map(|(name, _)| {
            let ways = ["draft", "version"].map(|way| {
                let text = |key: &str| page.t_args(key, &[("n", &newest.version.to_string())]);
                Choice::new(way, text(&format!("editor-rebase-keep-{way}"))).hint(text(&format!("editor-rebase-keep-{way}-hint")))
            });
            Field::radio(name, page.t(&format!("editor-rebase-{name}")), ways.to_vec())
                .value(fields.get(name))
                .error(if missing.contains(&name) { page.t("editor-rebase-missing").into_owned() } else { String::new() })
                .required()
        })
        .collect();
    RebasePage {
        crumbs: open.crumbs(page, "editor-rebase"),
        id: open.draft.id.to_string(),
        seen: open.draft.row_version,
        name: named(page, &open.version.matter.name),
        based_on,
        latest: newest.version,
        sides,
        errors: ErrorSummary::of(&choices),
        choices,
        moved: String::new(),
        has_decisions: open.draft.content.decisions.is_some(),
        page: page.clone(),
    }
}

/// Lets in who may change the draft, while it can be changed.
async fn open(state: &AppState, page: &Page, who: &Who, id: Uuid) -> Result<Open, Failure> {
    enter(state, page, who).await?;
    let open = Open::load(state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    if open.draft.state == DraftState::Editing { Ok(open) } else { Err(DraftError::WrongState { state: open.draft.state }.into()) }
}

fn back(page: &Page, open: &Open, flash: &str) -> Response {
    page.redirect_with(&format!("/admin/drafts/{}", open.draft.id), &Flash::good(flash).with("n", open.latest))
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    let open = open(&state, &page, &who, id).await?;
    if !open.is_outdated() {
        return Ok(back(&page, &open, "editor-rebase-none"));
    }
    let three = Three::of(&open)?;
    Ok(page.html(&view(&page, &open, &three, &Fields::default(), &[])))
}

async fn rebase(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = who.staff()?;
    let open = open(&state, &page, &who, id).await?;
    if !open.is_outdated() {
        // The same button pressed twice, or two people at it.
        return Ok(back(&page, &open, "editor-rebased"));
    }
    let three = Three::of(&open)?;
    let chosen = |name: &str, sides| sides != Sides::Both || matches!(fields.get(name), "draft" | "version");
    let missing: Vec<&str> = [("process", three.rebase.process), ("decisions", three.rebase.decisions)]
        .into_iter()
        .filter(|(name, sides)| !chosen(name, *sides))
        .map(|(name, _)| name)
        .collect();
    if !missing.is_empty() {
        let view = view(&page, &open, &three, &fields, &missing);
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
    }
    let keep = |name: &str| fields.get(name) == "draft";
    let content = three.rebase.content(&open.draft.content, &three.latest, keep("process"), keep("decisions"));
    let number = |name: &str| fields.get(name).parse().unwrap_or_default();
    // The version that was on the page; one published since is looked at first.
    let onto: u32 = fields.get("onto").parse().unwrap_or_default();
    let done = if onto == open.latest {
        rebase_draft(&state.cases.store, id, number("seen"), onto, content, staff.id).await
    } else {
        Err(DraftError::Outdated { based_on: onto, latest: open.latest })
    };
    let moved = match done {
        Ok(_) => return Ok(back(&page, &open, "editor-rebased")),
        Err(DraftError::Changed { by }) => page.t_args("editor-clash-editing", &[("who", &name_of(&state, by).await?)]),
        Err(DraftError::Outdated { latest, .. }) => page.t_args("editor-rebase-newer", &[("n", &latest.to_string())]),
        Err(error) => return Err(error.into()),
    };
    let open = self::open(&state, &page, &who, id).await?;
    if !open.is_outdated() {
        return Ok(back(&page, &open, "editor-rebased"));
    }
    let view = view(&page, &open, &Three::of(&open)?, &fields, &[]);
    Ok(page.html_with_status(StatusCode::CONFLICT, &RebasePage { moved, ..view }))
}
