//! Files for experts: a draft's process and decisions down and up. A file that cannot be read is refused with every mistake, and the
//! draft stays as it was; what else is wrong with it is told beside the table.

use banhao_bpmn::Model;
use banhao_catalogue::editor::{DraftError, save_draft};
use banhao_decision::DecisionModel;
use banhao_identity::{DraftAct, permit_draft};
use uuid::Uuid;

use super::{Open, Told, enter};
use crate::file::{Use, file};
use crate::prelude::*;

/// Most of both files together.
const MOST: u64 = 2 * MIB;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/drafts/{id}/files/{file}", get(download))
        .route("/admin/drafts/{id}/upload", body::limit(get(show).post(upload), MOST))
}

async fn download(State(state): State<AppState>, page: Page, who: Who, PathId((id, name)): PathId<(Uuid, String)>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    let content = open.draft.content;
    let stem = format!("{}-draft", open.draft.matter);
    match (name.as_str(), content.decisions) {
        ("process.bpmn", _) => Ok(file("application/xml", &format!("{stem}.bpmn"), Use::Keep, content.process)),
        ("decisions.dmn", Some(text)) => Ok(file("application/xml", &format!("{stem}.dmn"), Use::Keep, text)),
        _ => Err(crate::problem::not_found().into()),
    }
}

#[derive(Template)]
#[template(path = "admin/upload.html")]
struct UploadPage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    seen: i32,
    has_decisions: bool,
    process: Field,
    decisions: Field,
    mistakes: Vec<Told>,
    errors: ErrorSummary,
}

fn view(page: &Page, open: &Open, mistakes: Vec<Told>, nothing: bool) -> UploadPage {
    let field = |name: &str, accept: &str| {
        let kind = FieldKind::File { accept: accept.to_owned(), multiple: false, most: MOST, have: Vec::new() };
        Field::new(kind, name, page.t(&format!("editor-upload-{name}"))).hint(page.t(&format!("editor-upload-{name}-hint")))
    };
    let process = field("process", ".bpmn,.xml").error(if nothing { page.t("editor-upload-nothing").into_owned() } else { String::new() });
    let mut errors = ErrorSummary::of([&process]);
    errors.items.extend(mistakes.iter().map(|told| (String::new(), format!("{} {}", told.place, told.text))));
    UploadPage {
        crumbs: open.crumbs(page, "editor-upload"),
        id: open.draft.id.to_string(),
        seen: open.draft.row_version,
        has_decisions: open.draft.content.decisions.is_some(),
        process,
        decisions: field("decisions", ".dmn,.xml"),
        mistakes,
        errors,
        page: page.clone(),
    }
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    Ok(page.html(&view(&page, &open, Vec::new(), false)))
}

/// A part of the form as text; none when no file was chosen.
async fn text(mut part: Part<'_>) -> Result<Result<String, ()>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(bytes).map_err(|_| ()))
}

async fn upload(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, mut uploads: Uploads) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    let mut content = open.draft.content.clone();
    let mut seen = 0;
    let mut given = false;
    let mut mistakes = Vec::new();
    while let Some(part) = uploads.next().await? {
        let name = part.name().to_owned();
        match name.as_str() {
            "seen" => seen = part.text(20).await?.parse().unwrap_or_default(),
            "remove_decisions" => {
                content.decisions = None;
                given = true;
            }
            "process" | "decisions" if !part.file_name().is_empty() => {
                given = true;
                let Ok(text) = text(part).await? else {
                    mistakes.push(Told { error: true, place: String::new(), text: page.t("editor-upload-not-text").into_owned() });
                    continue;
                };
                if name == "process" {
                    mistakes.extend(process_mistakes(&page, &text));
                    content.process = text;
                } else {
                    mistakes.extend(decision_mistakes(&page, &text));
                    content.decisions = Some(text);
                }
            }
            _ => {}
        }
    }
    if !mistakes.is_empty() || !given {
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &open, mistakes, !given)));
    }
    match save_draft(&state.cases.store, id, seen, content, staff.id).await {
        Ok(_) => Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-uploaded"))),
        Err(DraftError::Changed { by }) => {
            let who = super::name_of(&state, by).await?;
            let open = Open::load(&state, id).await?;
            let told = Told { error: true, place: String::new(), text: page.t_args("editor-conflict-upload", &[("who", &who)]) };
            Ok(page.html_with_status(StatusCode::CONFLICT, &view(&page, &open, vec![told], false)))
        }
        Err(error) => Err(error.into()),
    }
}

fn at(page: &Page, file: &str, line: u32) -> String {
    page.t_args("editor-line", &[("file", file), ("line", &line.to_string())])
}

fn process_mistakes(page: &Page, text: &str) -> Vec<Told> {
    let Err(problems) = Model::parse(text) else { return Vec::new() };
    let wrong = problems.into_iter().filter(|problem| problem.severity == banhao_bpmn::Severity::Error);
    wrong
        .map(|problem| Told {
            error: true,
            place: at(page, "process.bpmn", problem.line),
            text: page.pick(&problem.zh, &problem.en).to_owned(),
        })
        .collect()
}

fn decision_mistakes(page: &Page, text: &str) -> Vec<Told> {
    let Err(problems) = DecisionModel::parse(text) else { return Vec::new() };
    let wrong = problems.into_iter().filter(|problem| problem.severity == banhao_decision::Severity::Error);
    let said = |problem: banhao_decision::DmnProblem| {
        let text = if page.is_english() { problem.to_string() } else { problem.in_chinese() };
        Told { error: true, place: at(page, "decisions.dmn", problem.line), text }
    };
    wrong.map(said).collect()
}
