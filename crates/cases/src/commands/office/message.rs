//! 登记来件: staff register what the process waits for – an expert opinion, a report of another body.

use banhao_bpmn::Command;
use banhao_identity::{CaseAct, Principal};
use banhao_kernel::{digest::sha256_hex, ids::CaseId};
use serde_json::json;

use crate::{
    commands::task::write_note,
    context::CaseContext,
    error::CaseError,
    facts::{CaseFact, Verdict},
    flow,
    loaded::LoadedCase,
    rules::require_text,
};

/// Registers a message that the process waits for, with what it comes to and what it says.
///
/// # Errors
/// [`CaseError::NobodyWaits`], an empty note, a suspended case, or the policies.
pub async fn register_message(
    ctx: &CaseContext,
    principal: &Principal,
    case: CaseId,
    message: &str,
    reply: Verdict,
    note: &str,
) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, message, note) = (principal.clone(), message.to_owned(), note.trim().to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::Notify)?;
            require_text("note", &note)?;
            let word = match reply {
                Verdict::Pass => "pass",
                Verdict::Fail => "fail",
            };
            let fact = CaseFact::MessageReceived { message: message.clone(), from: None, note_sha256: Some(sha256_hex(note.as_bytes())) };
            loaded.record(tx, fact, &principal);
            write_note(tx, case, "message", None, Some(word), &principal, &note).await?;
            let order = Command::Message { message, key: None, variables: json!({ "reply": word }) };
            flow::command(tx, &mut loaded, &order, &principal).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}
