//! Who may do what, as an auditor reads it: the policies themselves.

use banhao_identity::policy::{PolicyText, listing};

use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/policies", get(show))
}

#[derive(Template)]
#[template(path = "desk/policies.html")]
struct PoliciesPage {
    page: Page,
    policies: Vec<PolicyText>,
}

async fn show(State(state): State<AppState>, page: Page, who: Who) -> Answer {
    who.staff()?;
    super::worklist::bar(&state, &page, &who).await?;
    Ok(page.html(&PoliciesPage { page: page.clone(), policies: listing()? }))
}
