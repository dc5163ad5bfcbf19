//! Review (审查): an opinion with a verdict and a text. Who may review is the policies' business.

use banhao_kernel::ids::StaffId;

use super::{require, require_text};
use crate::{
    error::CaseError,
    facts::{CaseFact, Verdict},
    model::{CaseState, CaseStatus},
};

/// A reviewer's opinion on one step.
///
/// # Errors
/// When the case is not under review or the opinion is empty.
pub fn review(
    state: &CaseState,
    step: &str,
    by: StaffId,
    verdict: Verdict,
    opinion: &str,
    opinion_sha256: String,
) -> Result<CaseFact, CaseError> {
    require(state, "review", &[CaseStatus::Reviewing])?;
    require_text("opinion", opinion)?;
    Ok(CaseFact::Reviewed { step: step.to_owned(), by, verdict, opinion_sha256 })
}
