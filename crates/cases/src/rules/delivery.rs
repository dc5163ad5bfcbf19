//! Making and delivery (制证、送达), which closes the case (办结).

use banhao_kernel::{Date, ids::PaperId};

use super::require;
use crate::{
    error::CaseError,
    facts::{CaseFact, Decision, DeliveryMethod},
    model::{CaseState, CaseStatus, Outcome},
};

/// The result has been made and signed.
///
/// # Errors
/// When nothing was granted.
pub fn made(state: &CaseState, licence_number: Option<String>, paper: PaperId, today: Date) -> Result<CaseFact, CaseError> {
    require(state, "make", &[CaseStatus::Making])?;
    let on = state.decision.map_or(today, |(day, _)| today.max(day));
    Ok(CaseFact::Made { on, licence_number, paper })
}

/// The result reached the applicant; the case is closed.
///
/// # Errors
/// When there is nothing to deliver, or a hand-over at the window has no signature of receipt.
pub fn deliver(
    state: &CaseState,
    method: DeliveryMethod,
    signature_sha256: Option<String>,
    today: Date,
) -> Result<Vec<CaseFact>, CaseError> {
    require(state, "deliver", &[CaseStatus::Delivering])?;
    if method == DeliveryMethod::Window && signature_sha256.is_none() {
        return Err(CaseError::Empty { what: "signature" });
    }
    let earliest = state.made_on.or(state.decision.map(|(day, _)| day)).unwrap_or(today);
    let outcome = match state.decision {
        Some((_, Decision::Grant)) => Outcome::Granted,
        _ => Outcome::Refused,
    };
    Ok(vec![CaseFact::Delivered { on: today.max(earliest), method, signature_sha256 }, CaseFact::Closed { outcome }])
}
