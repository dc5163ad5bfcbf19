//! My page: applications not sent yet, cases, licences.

use banhao_cases::queries::drafts::drafts_of;
use banhao_cases::queries::mine::cases_of;
use banhao_records::{grouped, licences_of};
use serde::Deserialize;

use super::citizen::Citizen;
use super::encoded;
use super::words::{line_badge, matter_name, status_chip};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/my", get(mine)).route("/me", get(|page: Page| async move { page.redirect("/my") }))
}

#[derive(Debug, Deserialize)]
struct From {
    after: Option<String>,
}

struct DraftCard {
    href: String,
    name: String,
    at: banhao_kernel::Timestamp,
}

struct CaseCard {
    href: String,
    name: String,
    number: String,
    at: banhao_kernel::Timestamp,
    status: Chip,
    clock: Option<ClockBadge>,
    waits: bool,
}

struct LicenceCard {
    name: String,
    number: String,
    paper: String,
    verify: String,
    valid: String,
    organisation: String,
}

#[derive(Template)]
#[template(path = "portal/my.html")]
struct MyPage {
    page: Page,
    name: String,
    drafts: Vec<DraftCard>,
    cases: Vec<CaseCard>,
    empty: Empty,
    pagination: Pagination,
    licences: Vec<LicenceCard>,
}

async fn mine(State(state): State<AppState>, page: Page, citizen: Citizen, Asked(From { after }): Asked<From>) -> Answer {
    let store = &state.cases.store;
    let snapshot = state.cases.snapshot().await?;
    let person = citizen.person.id;
    let first = after.is_none();
    let drafts = if first { drafts_of(&state.cases, person).await? } else { Vec::new() };
    let cases = cases_of(&state.cases, person, after.as_deref()).await?;
    let licences = if first { licences_of(store, person).await? } else { Vec::new() };
    let view = MyPage {
        name: citizen.person.name.clone(),
        drafts: drafts
            .into_iter()
            .map(|draft| DraftCard {
                href: format!("/apply/draft/{}", draft.id),
                name: matter_name(&page, &snapshot, &draft.matter, &draft.matter),
                at: draft.updated_at,
            })
            .collect(),
        pagination: Pagination {
            first: (!first).then(|| "/my".to_owned()),
            next: cases.next.as_ref().map(|next| format!("/my?after={}#cases", encoded(next))),
        },
        cases: cases
            .items
            .into_iter()
            .map(|line| CaseCard {
                href: format!("/cases/{}", line.id),
                name: matter_name(&page, &snapshot, &line.matter, &line.matter_name),
                status: status_chip(&page, line.status, line.outcome),
                clock: line_badge(&snapshot, &line),
                waits: line.status == banhao_cases::model::CaseStatus::Supplement,
                number: line.number,
                at: line.received_at,
            })
            .collect(),
        empty: Empty::new(page.t("portal-my-none"), page.t("portal-my-none-help")).action(page.t("portal-my-find"), "/"),
        licences: licences
            .into_iter()
            .map(|licence| LicenceCard {
                valid: match licence.valid_to {
                    Some(to) => page.t_args(
                        "portal-licence-valid",
                        &[("from", &filters::date_text(page.lang(), licence.valid_from)), ("to", &filters::date_text(page.lang(), to))],
                    ),
                    None => page.t_args("portal-licence-from", &[("from", &filters::date_text(page.lang(), licence.valid_from))]),
                },
                organisation: snapshot
                    .organisation(&licence.organisation)
                    .map_or_else(String::new, |body| super::words::named(&page, &body.name)),
                name: licence.name,
                number: licence.number,
                paper: format!("/papers/{}.pdf", licence.paper),
                verify: grouped(&licence.verify_code),
            })
            .collect(),
        page: page.clone(),
    };
    Ok(page.html(&view))
}
