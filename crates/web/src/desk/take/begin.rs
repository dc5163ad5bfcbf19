//! The first page: which matter, who stands at the window. What was begun and not submitted is listed below.

use banhao_cases::queries::drafts::drafts_taken_by;
use banhao_cases::{CaseError, new_draft_id, take_application};
use banhao_catalogue::Snapshot;
use banhao_identity::{DeskAct, IdentityError, PersonAtWindow, permit_desk};
use banhao_kernel::ids::DraftId;
use banhao_kernel::problem::FieldProblem;
use serde::Deserialize;

use super::{has_window, window_field};
use crate::desk::acts::at_window;
use crate::portal::words::named;
use crate::prelude::*;

/// Most matters listed; further ones are found by search.
const LISTED: usize = 24;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/take", get(show).post(begin))
}

#[derive(Debug, Default, Deserialize)]
struct Which {
    #[serde(default)]
    q: String,
    #[serde(default)]
    matter: String,
}

struct Found {
    href: String,
    name: String,
    organisation: String,
}

struct Unfinished {
    href: String,
    name: String,
    at: banhao_kernel::Timestamp,
}

#[derive(Template)]
#[template(path = "desk/take.html")]
struct TakePage {
    page: Page,
    errors: ErrorSummary,
    no_window: bool,
    q: String,
    matter: Option<(String, String)>,
    found: Vec<Found>,
    id: DraftId,
    fields: Vec<Field>,
    unfinished: Vec<Unfinished>,
}

/// Matters to choose from: those that fit what was typed, else those of the clerk's hall.
fn matters(page: &Page, snapshot: &Snapshot, hall: Option<&str>, q: &str) -> Result<Vec<Found>, Failure> {
    let keys: Vec<String> = if q.is_empty() {
        hall.map(|hall| snapshot.matters_of_hall(hall).map(|version| version.key.clone()).collect()).unwrap_or_default()
    } else {
        snapshot.search(q, LISTED)?.into_iter().map(|hit| hit.key).collect()
    };
    Ok(keys
        .iter()
        .take(LISTED)
        .filter_map(|key| snapshot.matter(key))
        .map(|version| Found {
            href: format!("/desk/take?matter={}", crate::portal::encoded(&version.key)),
            name: named(page, &version.matter.name),
            organisation: snapshot
                .organisation(&version.matter.organisation)
                .map_or_else(|| version.matter.organisation.clone(), |organisation| named(page, &organisation.name)),
        })
        .collect())
}

fn person_fields(page: &Page, sent: Option<&Fields>, wrong: &[FieldProblem]) -> Vec<Field> {
    let question = |kind, name: &str| {
        let mistake = wrong.iter().find(|wrong| wrong.field == name);
        let field = Field::new(kind, name, page.t(&format!("desk-take-{name}"))).scope("take");
        field
            .value(sent.map_or("", |sent| sent.get(name)))
            .error(mistake.map_or_else(String::new, |mistake| banhao_texts::field_text(page.lang(), mistake)))
    };
    vec![
        question(FieldKind::Code, "citizen_number").required().max_length(18),
        question(FieldKind::Text, "name").required().max_length(50),
        question(FieldKind::Tel, "mobile").required().max_length(20),
        question(FieldKind::Text, "address").max_length(200),
    ]
}

async fn view(
    state: &AppState,
    page: &Page,
    who: &Who,
    which: &Which,
    id: DraftId,
    sent: Option<(&Fields, &[FieldProblem])>,
) -> Result<TakePage, Failure> {
    let staff = who.staff()?;
    permit_desk(&who.0, DeskAct::TakeApplications)?;
    super::super::worklist::bar(state, page, who).await?;
    let snapshot = state.cases.snapshot().await?;
    let matter = snapshot.matter(&which.matter).map(|version| (version.key.clone(), named(page, &version.matter.name)));
    let mut fields = person_fields(page, sent.map(|(fields, _)| fields), sent.map(|(_, wrong)| wrong).unwrap_or_default());
    if let Some(field) = window_field(page, &snapshot, staff) {
        let wrong = sent.and_then(|(_, wrong)| wrong.iter().find(|wrong| wrong.field == "window"));
        let chosen = sent.map_or("", |(fields, _)| fields.get("window"));
        let text = wrong.map_or_else(String::new, |wrong| banhao_texts::field_text(page.lang(), wrong));
        fields.push(field.scope("take").required().value(chosen).error(text));
    }
    let q: String = which.q.trim().chars().take(100).collect();
    Ok(TakePage {
        errors: ErrorSummary::of(&fields),
        no_window: !has_window(staff),
        found: if matter.is_some() { Vec::new() } else { matters(page, &snapshot, staff.hall.as_deref(), &q)? },
        q,
        matter,
        id,
        fields,
        unfinished: drafts_taken_by(&state.cases, staff.id)
            .await?
            .into_iter()
            .map(|line| Unfinished {
                href: format!("/desk/take/{}", line.id),
                name: snapshot.matter(&line.matter).map_or_else(|| line.matter.clone(), |version| named(page, &version.matter.name)),
                at: line.updated_at,
            })
            .collect(),
        page: page.clone(),
    })
}

async fn show(State(state): State<AppState>, page: Page, who: Who, Asked(which): Asked<Which>) -> Answer {
    let id = new_draft_id(&state.cases);
    Ok(page.html(&view(&state, &page, &who, &which, id, None).await?))
}

async fn begin(State(state): State<AppState>, page: Page, who: Who, fields: Fields) -> Answer {
    let staff = who.staff()?;
    let which = Which { q: String::new(), matter: fields.get("matter").to_owned() };
    let id = fields.get("id").parse().unwrap_or_else(|_| new_draft_id(&state.cases));
    let text = |name: &str| fields.get(name).to_owned();
    let seen = PersonAtWindow {
        name: text("name"),
        citizen_number: text("citizen_number"),
        mobile: text("mobile"),
        address: Some(text("address")).filter(|address| !address.is_empty()),
    };
    let at = at_window(staff, fields.get("window"));
    let wrong = match take_application(&state.cases, &who.0, id, &which.matter, seen, at).await {
        Ok(draft) => return Ok(page.redirect(&format!("/desk/take/{draft}"))),
        Err(CaseError::Identity(IdentityError::Invalid { fields })) => fields,
        Err(CaseError::Empty { what: "window" }) => vec![FieldProblem::new("window", "window-missing")],
        Err(error) => return Err(error.into()),
    };
    let again = view(&state, &page, &who, &which, id, Some((&fields, &wrong))).await?;
    Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
}
