//! Review steps (审查、现场核查): an opinion with a verdict.

use banhao_identity::{IdentityError, Principal};
use banhao_kernel::{digest::sha256_hex, ids::CaseId};

use crate::{
    commands::task::{act_of, write_note},
    context::CaseContext,
    error::CaseError,
    facts::Verdict,
    flow,
    loaded::LoadedCase,
    rules::review as rules,
};

/// Gives an opinion on one review step of a case.
///
/// # Errors
/// When the step is not open, the opinion is empty, or the policies forbid it.
pub async fn review(
    ctx: &CaseContext,
    principal: &Principal,
    case: CaseId,
    element: &str,
    verdict: Verdict,
    opinion: String,
) -> Result<(), CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let snapshot = ctx.snapshot().await?;
    let (principal, element) = (principal.clone(), element.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, banhao_identity::CaseAct::View)?;
            let task = flow::my_open_task(tx, &loaded, &principal, &[flow::REVIEW, flow::INSPECT], Some(&element)).await?;
            loaded.permit(&principal, act_of(&task))?;
            let opinion = opinion.trim().to_owned();
            let fact = rules::review(&loaded.state, &element, staff, verdict, &opinion, sha256_hex(opinion.as_bytes()))?;
            loaded.record(tx, fact, &principal);
            let (word, signs) = match verdict {
                Verdict::Pass => ("pass", "agree"),
                Verdict::Fail => ("fail", "disagree"),
            };
            let result = if task.act == flow::INSPECT { "inspection" } else { "review" };
            write_note(tx, case, "opinion", Some(&element), Some(word), &principal, &opinion).await?;
            // Who signs together or was added gives a voice; the step's own result is its owner's.
            let decided = if task.signer.is_some() {
                serde_json::json!({ "verdict": signs })
            } else {
                serde_json::json!({ result: word, "verdict": signs })
            };
            flow::complete(tx, &mut loaded, &task, decided, &principal).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}
