//! The decision (决定): grant or refuse, each with its formal paper.

use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::{digest::sha256_hex, ids::CaseId};

use crate::{
    commands::task::write_note, context::CaseContext, error::CaseError, facts::Decision, flow, loaded::LoadedCase, papers,
    rules::decision as rules,
};

/// Decides a case.
///
/// # Errors
/// When nothing is to be decided, a refusal has no reason, or the policies forbid it (a reviewer does not decide).
pub async fn decide(ctx: &CaseContext, principal: &Principal, case: CaseId, decision: Decision, reason: String) -> Result<(), CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::Decide)?;
            let task = flow::my_open_task(tx, &loaded, &principal, &[flow::DECIDE], None).await?;
            let reason = reason.trim().to_owned();
            let fact = rules::decide(&loaded.state, staff, decision, &reason, sha256_hex(reason.as_bytes()), LoadedCase::today(tx))?;
            loaded.record(tx, fact, &principal);
            let word = match decision {
                Decision::Grant => "grant",
                Decision::Refuse => "refuse",
            };
            write_note(tx, case, "decision", Some(&task.element), Some(word), &principal, &reason).await?;
            match decision {
                Decision::Grant => papers::grant(tx, &loaded, &reason).await?,
                Decision::Refuse => papers::refusal(tx, &loaded, &reason).await?,
            };
            flow::complete(tx, &mut loaded, &task, serde_json::json!({ "decision": word }), &principal).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}
