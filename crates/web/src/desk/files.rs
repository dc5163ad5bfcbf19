//! Materials and papers of a case for the staff who may see them.

use banhao_cases::queries::file::{case_file, case_material};
use banhao_kernel::ids::{CaseId, MaterialId, PaperId};
use banhao_records::{paper, paper_bytes};

use crate::file::{Use, file};
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/cases/{id}/files/{file}", get(material)).route("/desk/cases/{id}/papers/{paper}", get(download))
}

async fn material(State(state): State<AppState>, who: Who, PathId((id, which)): PathId<(CaseId, MaterialId)>) -> Answer {
    who.staff()?;
    let there = case_material(&state.cases, &who.0, id, which).await?;
    let content = state.cases.store.blobs().get(&there.sha256).await?;
    Ok(file(&there.media_type, &there.name, Use::Look, content))
}

async fn download(State(state): State<AppState>, page: Page, who: Who, PathId((id, which)): PathId<(CaseId, PaperId)>) -> Answer {
    who.staff()?;
    case_file(&state.cases, &who.0, id).await?;
    let found = paper(&state.cases.store, which).await?.filter(|paper| paper.case_id == id).ok_or_else(problem::not_found)?;
    let content = paper_bytes(&state.cases.store, &found).await?;
    let title = page.t(&format!("paper-{}", found.kind.as_str()));
    Ok(file("application/pdf", &format!("{title} {}.pdf", found.number), Use::Look, content))
}
