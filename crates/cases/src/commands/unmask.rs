//! Looking at masked personal data (解除脱敏): only with a reason, which becomes a fact the person can read.

use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::ids::CaseId;

use crate::{context::CaseContext, error::CaseError, facts::CaseFact, loaded::LoadedCase, rules::require_text, sealed::open_answers};

/// Gives one answer of the application unmasked and records who looked and why.
///
/// # Errors
/// When the reason is empty, the policies forbid it or the case has no such answer.
pub async fn unmask(ctx: &CaseContext, principal: &Principal, case: CaseId, field: &str, reason: &str) -> Result<String, CaseError> {
    require_text("reason", reason)?;
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let snapshot = ctx.snapshot().await?;
    let (principal, field, reason) = (principal.clone(), field.to_owned(), reason.trim().chars().take(200).collect::<String>());
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::Unmask)?;
                let answers = open_answers(tx.vault(), &loaded.row.answers)?;
                let value = answers.text(&field).map(ToOwned::to_owned).ok_or(CaseError::NotFound { what: "field" })?;
                loaded.record(tx, CaseFact::Unmasked { field, by: staff, reason }, &principal);
                loaded.save(tx).await?;
                Ok(value)
            })
        })
        .await
}
