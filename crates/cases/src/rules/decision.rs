//! Decision (决定): grant, or refuse with reasons (APL 38). Reviewer ≠ decider is a policy (`policies/`).

use banhao_kernel::{Date, ids::StaffId};

use super::{require, require_text};
use crate::{
    error::CaseError,
    facts::{CaseFact, Decision},
    model::{CaseState, CaseStatus},
};

/// The decision.
///
/// # Errors
/// When nothing is to be decided, or a refusal has no reason (APL 38(2)).
pub fn decide(
    state: &CaseState,
    by: StaffId,
    decision: Decision,
    reason: &str,
    reason_sha256: String,
    today: Date,
) -> Result<CaseFact, CaseError> {
    require(state, "decide", &[CaseStatus::Reviewing, CaseStatus::Deciding])?;
    if decision == Decision::Refuse {
        require_text("reason", reason)?;
    }
    let accepted_on = state.accepted.map_or(today, |(on, _)| on);
    Ok(CaseFact::Decided { on: today.max(accepted_on), by, decision, reason_sha256 })
}
