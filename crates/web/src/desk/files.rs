//! Materials, papers and signatures of a case for the staff who may see them. Each look is recorded before the file is sent.

use banhao_cases::{look_at_material, look_at_paper, look_at_signature};
use banhao_kernel::ids::{CaseId, MaterialId, PaperId};
use banhao_records::paper_bytes;

use crate::file::{Use, file};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/cases/{id}/files/{file}", get(material))
        .route("/desk/cases/{id}/papers/{paper}", get(paper))
        .route("/desk/cases/{id}/signature", get(signature))
}

async fn material(State(state): State<AppState>, who: Who, PathId((id, which)): PathId<(CaseId, MaterialId)>) -> Answer {
    who.staff()?;
    let there = look_at_material(&state.cases, &who.0, id, which).await?;
    let content = state.cases.store.blobs().get(&there.sha256).await?;
    Ok(file(&there.media_type, &there.name, Use::Look, content))
}

async fn paper(State(state): State<AppState>, page: Page, who: Who, PathId((id, which)): PathId<(CaseId, PaperId)>) -> Answer {
    who.staff()?;
    let found = look_at_paper(&state.cases, &who.0, id, which).await?;
    let content = paper_bytes(&state.cases.store, &found).await?;
    let title = page.t(&format!("paper-{}", found.kind.as_str()));
    Ok(file("application/pdf", &format!("{title} {}.pdf", found.number), Use::Look, content))
}

async fn signature(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>) -> Answer {
    who.staff()?;
    let png = look_at_signature(&state.cases, &who.0, id).await?;
    Ok(file("image/png", &format!("{}.png", page.t("desk-signature")), Use::Look, png))
}
