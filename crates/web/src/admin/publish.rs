//! Publishing a draft: what will happen, and then it does; or it goes back to who wrote it. Never by somebody who changed it.

use banhao_cases::queries::versions::running_by_version;
use banhao_catalogue::editor::{DraftError, DraftState, DraftStep, Release, check_content, move_draft, publish_draft};
use banhao_catalogue::folder::{DefinitionProblem, Severity};
use banhao_identity::{DraftAct, permit_draft};
use banhao_kernel::Date;
use uuid::Uuid;

use super::{Open, Told, enter, told};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/drafts/{id}/publish", get(show).post(publish)).route("/admin/drafts/{id}/send-back", post(send_back))
}

#[derive(Template)]
#[template(path = "admin/publish.html")]
struct PublishPage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    seen: i32,
    name: String,
    version: u32,
    running: Vec<(u32, u64)>,
    editors: String,
    compare: String,
    from: Field,
    document: Field,
    note: Field,
    told: Vec<Told>,
    errors: ErrorSummary,
    can_publish: bool,
    /// It can still be given back.
    can_send_back: bool,
    own: bool,
    sound: bool,
    /// Who changed it, or took it a step further, since the page was opened.
    moved: String,
    /// What was written to its editors and can no longer be sent.
    written: String,
    /// The version it should stand on.
    outdated: Option<u32>,
    based_on: u32,
}

async fn view(
    state: &AppState,
    page: &Page,
    who: &Who,
    open: &Open,
    fields: &Fields,
    mistakes: &[(&str, &str)],
    more: &[DefinitionProblem],
) -> Result<PublishPage, Failure> {
    let checked = check_content(&state.cases.store, &open.draft.matter, &open.draft.content).await?;
    let mut told_all: Vec<Told> = checked.all().map(|problem| told(page, problem)).collect();
    let wrong = more.iter().filter(|problem| problem.severity == Severity::Error);
    told_all.extend(wrong.filter(|problem| !checked.all().any(|known| known == *problem)).map(|problem| told(page, problem)));
    let mistake =
        |name: &str| mistakes.iter().find(|(field, _)| *field == name).map(|(_, key)| page.t(key).into_owned()).unwrap_or_default();
    let from = Field::new(FieldKind::Date, "effective_from", page.t("editor-effective-from"))
        .hint(page.t("editor-effective-from-hint"))
        .between(earliest(open).to_string(), "")
        .value(fields.get("effective_from"))
        .error(mistake("effective_from"))
        .required();
    let document = Field::text("change_document", page.t("editor-document"))
        .hint(page.t("editor-document-hint"))
        .max_length(100)
        .value(fields.get("change_document"))
        .error(mistake("change_document"))
        .required();
    let is_submitted = open.draft.state == DraftState::Submitted;
    let outdated = open.is_outdated().then_some(open.latest);
    let why = match (fields.has("note"), outdated) {
        (false, Some(latest)) => page.t_args("editor-outdated-note", &[("n", &latest.to_string())]),
        _ => fields.get("note").to_owned(),
    };
    let note = Field::new(FieldKind::Multiline { rows: 3 }, "note", page.t("editor-send-back-why"))
        .max_length(500)
        .error(mistake("note"))
        .value(why.clone())
        .required();
    let mut errors = ErrorSummary::of([&from, &document, &note]);
    errors.items.extend(
        told_all.iter().filter(|told| told.error).map(|told| (String::new(), format!("{} {}", told.place, told.text).trim().to_owned())),
    );
    let ids: Vec<_> = open.target.editors.iter().copied().collect();
    let names = banhao_identity::staff_names(&state.cases.store, &ids).await?;
    let own = who.0.staff().is_some_and(|staff| open.target.editors.contains(&staff.id));
    Ok(PublishPage {
        crumbs: open.crumbs(page, "editor-publish"),
        id: open.draft.id.to_string(),
        seen: open.draft.row_version,
        name: named(page, &open.version.matter.name),
        version: open.latest + 1,
        running: running_by_version(&state.cases, &open.draft.matter).await?.into_iter().collect(),
        editors: names.values().cloned().collect::<Vec<_>>().join("、"),
        compare: open.compare_href(open.draft.based_on),
        sound: checked.is_sound(),
        can_publish: is_submitted && outdated.is_none() && open.may(who, DraftAct::PublishDraft),
        can_send_back: is_submitted,
        moved: String::new(),
        written: if is_submitted { String::new() } else { why },
        outdated,
        based_on: open.draft.based_on,
        own,
        from,
        document,
        note,
        told: told_all,
        errors,
        page: page.clone(),
    })
}

/// A new version cannot begin before the one it follows, nor in the past.
fn earliest(open: &Open) -> Date {
    open.snapshot.today.max(open.version.effective_from)
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::SendBackDraft, &open.target)?;
    if open.draft.state != DraftState::Submitted {
        return Err(DraftError::WrongState { state: open.draft.state }.into());
    }
    let view = view(&state, &page, &who, &open, &Fields::default(), &[], &[]).await?;
    Ok(page.html(&PublishPage { errors: ErrorSummary::default(), ..view }))
}

async fn publish(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::PublishDraft, &open.target)?;
    let mut mistakes = Vec::new();
    let day = fields.get("effective_from").parse::<Date>().ok();
    match day {
        None => mistakes.push(("effective_from", "editor-from-missing")),
        Some(day) if day < earliest(&open) => mistakes.push(("effective_from", "editor-from-early")),
        Some(_) => {}
    }
    let document = fields.get("change_document");
    if document.chars().count() < 4 || document.chars().count() > 100 || document.chars().any(char::is_control) {
        mistakes.push(("change_document", "editor-document-missing"));
    }
    let release = match day {
        Some(effective_from) if mistakes.is_empty() => Release { effective_from, change_document: document.to_owned() },
        _ => {
            let view = view(&state, &page, &who, &open, &fields, &mistakes, &[]).await?;
            return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let seen = fields.get("seen").parse().unwrap_or_default();
    let published = |version: u32, day: Date| {
        let matter = format!("/admin/processes/{}", open.draft.matter);
        page.redirect_with(&matter, &Flash::good("editor-published").with("n", version).with("day", day))
    };
    match publish_draft(&state.cases.store, id, seen, release.clone(), staff.id).await {
        Ok(version) => Ok(published(version, release.effective_from)),
        Err(DraftError::Problems(problems)) => {
            let view = view(&state, &page, &who, &open, &fields, &[], &problems).await?;
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(error) => {
            let now = Open::load(&state, id).await?;
            match now.draft.published_as {
                // The same button pressed twice.
                Some(version) if now.draft.was_just("published", staff.id) => Ok(published(version, release.effective_from)),
                _ => overtaken(&state, &page, &who, &now, &fields, error).await,
            }
        }
    }
}

/// The page as things stand now, with what was written: somebody was first.
async fn overtaken(state: &AppState, page: &Page, who: &Who, now: &Open, fields: &Fields, error: DraftError) -> Answer {
    let by = match error {
        DraftError::Changed { .. } | DraftError::WrongState { .. } => super::name_of(state, now.draft.changed_by).await?,
        DraftError::Outdated { .. } => String::new(),
        other => return Err(other.into()),
    };
    let moved = if by.is_empty() { by } else { page.t_args(&format!("editor-overtaken-{}", now.draft.state.as_str()), &[("who", &by)]) };
    let view = view(state, page, who, now, fields, &[], &[]).await?;
    Ok(page.html_with_status(StatusCode::CONFLICT, &PublishPage { moved, ..view }))
}

async fn send_back(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::SendBackDraft, &open.target)?;
    let why: String = fields.get("note").chars().take(500).collect();
    if why.is_empty() {
        let view = view(&state, &page, &who, &open, &fields, &[("note", "editor-send-back-why-missing")], &[]).await?;
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
    }
    let seen = fields.get("seen").parse().unwrap_or_default();
    let sent_back = || Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-sent-back")));
    match move_draft(&state.cases.store, id, seen, DraftStep::SendBack(why.clone()), staff.id).await {
        Ok(_) => sent_back(),
        Err(error) => {
            let now = Open::load(&state, id).await?;
            if now.draft.was_just("returned", staff.id) && now.draft.note == why {
                return sent_back();
            }
            overtaken(&state, &page, &who, &now, &fields, error).await
        }
    }
}
