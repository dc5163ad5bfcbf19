//! Looking at files of a case (查看文件): only who may, and each look is a fact that the person can read. A second look by the same
//! person at the same file on the same day adds nothing: a page that is opened again must not fill the ledger.

use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::{
    clock::civil_date,
    ids::{CaseId, MaterialId, PaperId},
};
use banhao_records::{PaperState, PaperView};
use banhao_store::{Tx, facts};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::{
    context::CaseContext,
    entities::delivery,
    error::CaseError,
    facts::{CaseFact, ViewedFile},
    loaded::{LoadedCase, may_now},
    queries::{
        drafts::FileView,
        file::{CaseFile, case_file, case_material},
    },
    rules::signature::DRAWN,
};

/// Who may look at what: materials are for those who may see files; papers and signatures also for those who hand them over.
async fn may_look(ctx: &CaseContext, principal: &Principal, case: CaseId, what: ViewedFile) -> Result<(), CaseError> {
    match may_now(ctx, principal, case, CaseAct::ViewFile).await {
        Err(CaseError::Denied { policies }) if what != ViewedFile::Material => {
            may_now(ctx, principal, case, CaseAct::Deliver).await.map(drop).map_err(|_| CaseError::Denied { policies })
        }
        other => other.map(drop),
    }
}

/// Whether the same person has looked at the same file on this day already.
async fn looked_today(tx: &Tx, case: Uuid, look: &CaseFact) -> Result<bool, CaseError> {
    let today = LoadedCase::today(tx);
    for fact in facts::of(tx.conn(), case).await? {
        if civil_date(fact.at) == today && CaseFact::from_ledger(&fact.kind, &fact.body)?.as_ref() == Some(look) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn write_down(ctx: &CaseContext, principal: &Principal, case: CaseId, what: ViewedFile, file: Uuid) -> Result<(), CaseError> {
    let by = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                let look = CaseFact::FileViewed { what, file, by };
                if !looked_today(tx, case.as_uuid(), &look).await? {
                    loaded.record(tx, look, &principal);
                    loaded.save(tx).await?;
                }
                Ok(())
            })
        })
        .await
}

/// A member of staff looks at a material.
///
/// # Errors
/// When the policies forbid it or the case has no such file.
pub async fn look_at_material(ctx: &CaseContext, principal: &Principal, case: CaseId, file: MaterialId) -> Result<FileView, CaseError> {
    may_look(ctx, principal, case, ViewedFile::Material).await?;
    let view = case_material(ctx, principal, case, file).await?;
    write_down(ctx, principal, case, ViewedFile::Material, file.as_uuid()).await?;
    Ok(view)
}

/// A member of staff looks at a formal paper of the case.
///
/// # Errors
/// When the policies forbid it or the case has no such paper, or it is still being made.
pub async fn look_at_paper(ctx: &CaseContext, principal: &Principal, case: CaseId, paper: PaperId) -> Result<PaperView, CaseError> {
    may_look(ctx, principal, case, ViewedFile::Paper).await?;
    let found = banhao_records::paper(&ctx.store, paper).await?;
    let found =
        found.filter(|paper| paper.case_id == case && paper.state == PaperState::Issued).ok_or(CaseError::NotFound { what: "paper" })?;
    write_down(ctx, principal, case, ViewedFile::Paper, paper.as_uuid()).await?;
    Ok(found)
}

/// A member of staff looks at how the rules decided: their own page shows more than the file does.
///
/// # Errors
/// Not found when there is no such case or the member may not know of it.
pub async fn look_at_reasons(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<CaseFile, CaseError> {
    let file = case_file(ctx, principal, case).await?;
    write_down(ctx, principal, case, ViewedFile::Reasons, case.as_uuid()).await?;
    Ok(file)
}

/// A member of staff looks at the drawn signature of receipt; gives the PNG.
///
/// # Errors
/// When the policies forbid it or nobody drew one.
pub async fn look_at_signature(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<Vec<u8>, CaseError> {
    may_look(ctx, principal, case, ViewedFile::Signature).await?;
    let row = delivery::Entity::find_by_id(case.as_uuid()).one(ctx.store.read()).await?;
    let drawing = row.filter(|row| row.signature_type.as_deref() == Some(DRAWN)).and_then(|row| row.signature);
    let png = ctx.store.blobs().get(&drawing.ok_or(CaseError::NotFound { what: "signature" })?).await?;
    write_down(ctx, principal, case, ViewedFile::Signature, case.as_uuid()).await?;
    Ok(png)
}
