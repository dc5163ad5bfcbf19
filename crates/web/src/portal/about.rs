//! About the site: its accessibility statement, and whether it is well (for load balancers).

use banhao_store::ledger_log::latest_checkpoint;

use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/accessibility", get(accessibility)).route("/healthz", get(health))
}

#[derive(Template)]
#[template(path = "portal/accessibility.html")]
struct AccessibilityPage {
    page: Page,
}

async fn accessibility(page: Page) -> Answer {
    Ok(page.html(&AccessibilityPage { page: page.clone() }))
}

/// Says 200 when the database answers.
async fn health(State(state): State<AppState>) -> Answer {
    latest_checkpoint(&state.cases.store).await?;
    Ok("ok\n".into_response())
}
