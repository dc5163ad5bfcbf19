//! Files for experts: a draft's process and decisions down and up. A file that cannot be read is refused with every mistake, and the
//! draft stays as it was; what else is wrong with it is told beside the table.

use banhao_catalogue::editor::{DraftError, DraftState, save_draft};
use banhao_catalogue::process_model;
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
    let wrong = |kind: Kind| mistakes.iter().find(|told| told.place.starts_with(kind.file())).map(|told| told.text.clone());
    let field = |name: &str, accept: &str, error: Option<String>| {
        let kind = FieldKind::File { accept: accept.to_owned(), multiple: false, most: MOST, have: Vec::new() };
        let field = Field::new(kind, name, page.t(&format!("editor-upload-{name}"))).hint(page.t(&format!("editor-upload-{name}-hint")));
        field.error(error.unwrap_or_default())
    };
    let nothing = nothing.then(|| page.t("editor-upload-nothing").into_owned());
    let process = field("process", ".bpmn,.xml", wrong(Kind::Process).or(nothing.clone()));
    let decisions = field("decisions", ".dmn,.xml", wrong(Kind::Decisions));
    let mut errors = ErrorSummary { items: nothing.into_iter().map(|text| (process.key(), text)).collect() };
    errors.items.extend(mistakes.iter().map(|told| {
        let field =
            [(Kind::Process, &process), (Kind::Decisions, &decisions)].into_iter().find(|(kind, _)| told.place.starts_with(kind.file()));
        (field.map(|(_, field)| field.key()).unwrap_or_default(), format!("{} {}", told.place, told.text).trim().to_owned())
    }));
    UploadPage {
        crumbs: open.crumbs(page, "editor-upload"),
        id: open.draft.id.to_string(),
        seen: open.draft.row_version,
        has_decisions: open.draft.content.decisions.is_some(),
        process,
        decisions,
        mistakes,
        errors,
        page: page.clone(),
    }
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    if open.draft.state != DraftState::Editing {
        return Err(DraftError::WrongState { state: open.draft.state }.into());
    }
    Ok(page.html(&view(&page, &open, Vec::new(), false)))
}

/// Which of the two files a part of the form is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Process,
    Decisions,
}

impl Kind {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "process" => Some(Self::Process),
            "decisions" => Some(Self::Decisions),
            _ => None,
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::Process => "process.bpmn",
            Self::Decisions => "decisions.dmn",
        }
    }

    /// What stands in every file of the other kind.
    const fn other(self) -> (&'static str, &'static str) {
        match self {
            Self::Process => ("omg.org/spec/DMN", "editor-upload-is-dmn"),
            Self::Decisions => ("omg.org/spec/BPMN", "editor-upload-is-bpmn"),
        }
    }

    fn mistakes(self, page: &Page, text: &str) -> Vec<Told> {
        let mistakes = match self {
            Self::Process => process_mistakes(page, text),
            Self::Decisions => decision_mistakes(page, text),
        };
        let (mark, says) = self.other();
        // Only the mixed-up kind is worth telling then.
        if !mistakes.is_empty() && text.contains(mark) { vec![self.told(page, says)] } else { mistakes }
    }

    fn told(self, page: &Page, key: &str) -> Told {
        Told { error: true, place: self.file().to_owned(), text: page.t(key).into_owned() }
    }
}

/// The bytes of a file as text, or what is wrong with them.
fn text(bytes: Vec<u8>) -> Result<String, &'static str> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("editor-upload-empty");
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("editor-upload-not-utf8");
    }
    if bytes.contains(&0) {
        return Err("editor-upload-not-text");
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        // A text in another encoding still begins like XML; a picture does not.
        let begins = error.as_bytes().iter().find(|byte| !byte.is_ascii_whitespace());
        if begins == Some(&b'<') { "editor-upload-not-utf8" } else { "editor-upload-not-text" }
    })?;
    // Some editors write the mark of byte order; stored texts have none.
    Ok(text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text))
}

async fn upload(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, mut uploads: Uploads) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::EditDraft, &open.target)?;
    let mut content = open.draft.content.clone();
    let mut seen = 0;
    let mut given = false;
    let mut mistakes = Vec::new();
    while let Some(mut part) = uploads.next().await? {
        let name = part.name().to_owned();
        match Kind::parse(&name) {
            Some(kind) if !part.file_name().is_empty() => {
                given = true;
                let mut bytes = Vec::new();
                while let Some(chunk) = part.chunk().await? {
                    bytes.extend_from_slice(&chunk);
                }
                match (text(bytes), kind) {
                    (Err(key), _) => mistakes.push(kind.told(&page, key)),
                    (Ok(text), Kind::Process) => content.process = text,
                    (Ok(text), Kind::Decisions) => content.decisions = Some(text),
                }
            }
            Some(_) => {}
            None if name == "seen" => seen = part.text(20).await?.parse().unwrap_or_default(),
            None if name == "remove_decisions" => {
                content.decisions = None;
                given = true;
            }
            None => {}
        }
    }
    let (content, found) = {
        let page = page.clone();
        let before = open.draft.content.clone();
        // A large file takes a while: not on the threads that answer requests.
        let look = move || {
            let mut found = Vec::new();
            if content.process != before.process {
                found.extend(Kind::Process.mistakes(&page, &content.process));
            }
            if let Some(text) = content.decisions.as_deref().filter(|text| before.decisions.as_deref() != Some(text)) {
                found.extend(Kind::Decisions.mistakes(&page, text));
            }
            (content, found)
        };
        tokio::task::spawn_blocking(look).await.map_err(|_| crate::problem::internal())?
    };
    mistakes.extend(found);
    if !mistakes.is_empty() || !given {
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &open, mistakes, !given)));
    }
    let stored = || Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-uploaded")));
    match save_draft(&state.cases.store, id, seen, content.clone(), staff.id).await {
        Ok(_) => stored(),
        Err(DraftError::Changed { by }) => {
            let who = super::name_of(&state, by).await?;
            let open = Open::load(&state, id).await?;
            if open.draft.state != DraftState::Editing {
                return Err(DraftError::WrongState { state: open.draft.state }.into());
            }
            if open.draft.content == content {
                return stored();
            }
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
    let Err(problems) = process_model(text) else { return Vec::new() };
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
