//! Downloads: papers and materials, each only to the person they belong to.

use banhao_cases::queries::file::case_material;
use banhao_kernel::ids::{CaseId, MaterialId, PaperId};
use banhao_records::{paper, paper_bytes};

use super::case::{may_have, own};
use super::citizen::Citizen;
use crate::file::{Use, file};
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/papers/{file}", get(download)).route("/cases/{id}/files/{file}", get(material))
}

async fn download(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(name): PathId<String>) -> Answer {
    let id: PaperId = name.strip_suffix(".pdf").and_then(|id| id.parse().ok()).ok_or_else(problem::not_found)?;
    let store = &state.cases.store;
    let paper = paper(store, id).await?.filter(|paper| paper.recipient == citizen.person.id).ok_or_else(problem::not_found)?;
    let case = own(&state, &citizen, paper.case_id).await?;
    if !may_have(&case, &paper) {
        // The result waits to be received: the page of the case has the button.
        return Ok(page.redirect(&format!("/cases/{}", paper.case_id)));
    }
    let content = paper_bytes(store, &paper).await?;
    let title = page.t(&format!("paper-{}", paper.kind.as_str()));
    Ok(file("application/pdf", &format!("{title} {}.pdf", paper.number), Use::Look, content))
}

async fn material(State(state): State<AppState>, citizen: Citizen, PathId((id, which)): PathId<(CaseId, MaterialId)>) -> Answer {
    own(&state, &citizen, id).await?;
    let there = case_material(&state.cases, &citizen.principal, id, which).await?;
    let content = state.cases.store.blobs().get(&there.sha256).await?;
    Ok(file(&there.media_type, &there.name, Use::Look, content))
}
