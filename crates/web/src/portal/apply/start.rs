//! The start page of an application, and beginning it.

use banhao_catalogue::forms::Answers;
use banhao_catalogue::forms::materials_needed;
use banhao_kernel::actor::Channel;
use banhao_kernel::ids::DraftId;

use super::{Citizen, Work};
use crate::portal::home::brief;
use crate::portal::words::named;
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/apply/{matter}", get(show).post(begin)).route("/apply/draft/{id}", get(resume))
}

#[derive(Template)]
#[template(path = "portal/apply_start.html")]
struct StartPage {
    page: Page,
    crumbs: Crumbs,
    key: String,
    name: String,
    brief: String,
    bring: Vec<String>,
    online: bool,
}

async fn show(State(state): State<AppState>, page: Page, _citizen: Citizen, PathId(key): PathId<String>) -> Answer {
    let snapshot = state.cases.snapshot().await?;
    let version = snapshot.matter(&key).ok_or_else(problem::not_found)?;
    let name = named(&page, &version.matter.name);
    let view = StartPage {
        crumbs: Crumbs::new().to(page.t("web-home"), "/").to(name.clone(), format!("/matters/{key}")).here(page.t("portal-apply")),
        brief: brief(&page, &version),
        bring: materials_needed(&version, &Answers::default())
            .into_iter()
            .filter(|needed| needed.required)
            .map(|needed| named(&page, &needed.material.name))
            .collect(),
        online: version.matter.is_online(),
        key,
        name,
        page: page.clone(),
    };
    Ok(page.html(&view))
}

async fn begin(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(key): PathId<String>) -> Answer {
    let snapshot = state.cases.snapshot().await?;
    let version = snapshot.matter(&key).ok_or_else(problem::not_found)?;
    if !version.matter.is_online() {
        return Err(banhao_cases::CaseError::MatterClosed { matter: key, why: "channel" }.into());
    }
    let draft = banhao_cases::start_draft(&state.cases, &citizen.principal, &key, Channel::Web).await?;
    Ok(page.redirect(&format!("/apply/draft/{draft}")))
}

/// Goes on where the application stands: the first stop; the pages keep what was filled in.
async fn resume(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let first = work.stops().into_iter().next().unwrap_or(super::Stop::Check);
    Ok(page.redirect(&work.href(&first)))
}
