//! Publishing a draft: what will happen, and then it does; or it goes back to who wrote it. Never by somebody who changed it.

use banhao_cases::queries::versions::running_by_version;
use banhao_catalogue::editor::{DraftError, DraftState, DraftStep, Release, check_content, latest_version, move_draft, publish_draft};
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
    own: bool,
    sound: bool,
}

async fn view(
    state: &AppState,
    page: &Page,
    who: &Who,
    open: &Open,
    fields: &Fields,
    mistakes: &[(&str, &str)],
    more: Vec<Told>,
) -> Result<PublishPage, Failure> {
    let checked = check_content(&state.cases.store, &open.draft.matter, &open.draft.content).await?;
    let mut told_all: Vec<Told> = checked.all().map(|problem| told(page, problem)).collect();
    told_all.extend(more);
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
    let note = Field::new(FieldKind::Multiline { rows: 3 }, "note", page.t("editor-send-back-why"))
        .max_length(500)
        .error(mistake("note"))
        .value(fields.get("note"))
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
        version: latest_version(&state.cases.store, &open.draft.matter).await? + 1,
        running: running_by_version(&state.cases, &open.draft.matter).await?.into_iter().collect(),
        editors: names.values().cloned().collect::<Vec<_>>().join("、"),
        compare: format!(
            "/admin/compare?matter={}&old={}&new=draft:{}",
            crate::portal::encoded(&open.draft.matter),
            open.draft.based_on,
            open.draft.id
        ),
        sound: checked.is_sound(),
        can_publish: open.draft.state == DraftState::Submitted && open.may(who, DraftAct::PublishDraft),
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
    let view = view(&state, &page, &who, &open, &Fields::default(), &[], Vec::new()).await?;
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
    let again = |mistakes: Vec<(&'static str, &'static str)>, more| {
        let (state, page, who, open, fields) = (&state, &page, &who, &open, &fields);
        async move {
            let view = view(state, page, who, open, fields, &mistakes, more).await?;
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
    };
    let Some(effective_from) = day.filter(|_| mistakes.is_empty()) else { return again(mistakes, Vec::new()).await };
    let release = Release { effective_from, change_document: document.to_owned() };
    let seen = fields.get("seen").parse().unwrap_or_default();
    match publish_draft(&state.cases.store, id, seen, release, staff.id).await {
        Ok(version) => Ok(page.redirect_with(
            &format!("/admin/processes/{}", open.draft.matter),
            &Flash::good("editor-published").with("n", version).with("day", effective_from),
        )),
        Err(DraftError::Problems(problems)) => {
            let more =
                problems.iter().filter(|problem| !problem.file.ends_with("process.bpmn") && !problem.file.ends_with("decisions.dmn"));
            let more = more.map(|problem| told(&page, problem)).collect();
            again(Vec::new(), more).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn send_back(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    let staff = enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    permit_draft(&who.0, DraftAct::SendBackDraft, &open.target)?;
    let why: String = fields.get("note").chars().take(500).collect();
    if why.is_empty() {
        let view = view(&state, &page, &who, &open, &fields, &[("note", "editor-send-back-why-missing")], Vec::new()).await?;
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view));
    }
    let seen = fields.get("seen").parse().unwrap_or_default();
    move_draft(&state.cases.store, id, seen, DraftStep::SendBack(why), staff.id).await?;
    Ok(page.redirect_with(&format!("/admin/drafts/{id}"), &Flash::good("editor-sent-back")))
}
