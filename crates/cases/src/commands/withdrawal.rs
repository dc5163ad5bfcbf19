//! Withdrawal by the applicant (撤回).

use banhao_identity::{CaseAct, Principal};
use banhao_kernel::ids::CaseId;

use crate::{context::CaseContext, error::CaseError, flow, loaded::LoadedCase, rules::withdrawal as rules};

/// Takes an application back before the decision.
///
/// # Errors
/// When it has been decided or closed, or is somebody else's.
pub async fn withdraw(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::Withdraw)?;
                for fact in rules::withdraw(&loaded.state, LoadedCase::today(tx))? {
                    loaded.record(tx, fact, &principal);
                }
                flow::terminate(tx, &mut loaded, &principal).await?;
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}
