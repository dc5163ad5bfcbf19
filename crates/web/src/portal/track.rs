//! Progress by query code, for anybody who has the code: status and matter, nothing personal but a masked name.

use banhao_cases::queries::mine::by_code;
use serde::Deserialize;

use super::words::{line_badge, matter_name, named, status_chip};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/track", get(track))
}

#[derive(Debug, Deserialize)]
struct Asking {
    #[serde(default)]
    code: String,
}

struct Found {
    name: String,
    number: String,
    masked: String,
    organisation: String,
    status: Chip,
    explained: String,
    clock: Option<ClockBadge>,
    at: banhao_kernel::Timestamp,
    href: String,
}

#[derive(Template)]
#[template(path = "portal/track.html")]
struct TrackPage {
    page: Page,
    errors: ErrorSummary,
    code: Field,
    found: Option<Found>,
}

async fn track(State(state): State<AppState>, page: Page, Asked(asking): Asked<Asking>) -> Answer {
    let typed: String = asking.code.trim().chars().take(80).collect();
    let line = if typed.is_empty() { None } else { by_code(&state.cases, &typed).await? };
    let wrong = !typed.is_empty() && line.is_none();
    let code = Field::new(FieldKind::Code, "code", page.t("portal-track-code")).hint(page.t("portal-track-hint")).value(typed).required();
    let code = if wrong { code.error(page.t("portal-track-unknown")) } else { code };
    let snapshot = state.cases.snapshot().await?;
    let found = line.map(|line| Found {
        name: matter_name(&page, &snapshot, &line.matter, &line.matter_name),
        organisation: snapshot.organisation(&line.organisation).map_or_else(String::new, |body| named(&page, &body.name)),
        status: status_chip(&page, line.status, line.outcome),
        explained: page.t(&format!("common-status-{}.explained", line.status.as_str())).into_owned(),
        clock: line_badge(&snapshot, &line),
        at: line.received_at,
        href: format!("/cases/{}", line.id),
        number: line.number,
        // An enterprise is named in full to those who work with its case; whoever found a code needs no name.
        masked: banhao_kernel::mask::name(&line.applicant_masked),
    });
    let status = if wrong { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let view = TrackPage { errors: ErrorSummary::of([&code]), code, found, page: page.clone() };
    let mut answer = page.html_with_status(status, &view);
    // What a code shows belongs to whoever has the code.
    answer.headers_mut().insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(answer)
}
