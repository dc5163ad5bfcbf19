//! Withdrawal (撤回): the applicant may take an application back until the decision is made.

use banhao_kernel::Date;

use super::require;
use crate::{
    error::CaseError,
    facts::CaseFact,
    model::{CaseState, CaseStatus, Outcome},
};

/// The applicant takes the application back.
///
/// # Errors
/// When it has been decided or closed.
pub fn withdraw(state: &CaseState, today: Date) -> Result<Vec<CaseFact>, CaseError> {
    require(state, "withdraw", &[CaseStatus::Received, CaseStatus::Supplement, CaseStatus::Reviewing, CaseStatus::Deciding])?;
    Ok(vec![CaseFact::Withdrawn { on: today }, CaseFact::Closed { outcome: Outcome::Withdrawn }])
}
