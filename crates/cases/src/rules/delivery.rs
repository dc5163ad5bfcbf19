//! Making and delivery (制证、送达), which closes the case (办结).

use banhao_identity::StaffMember;
use banhao_kernel::{Date, ids::PaperId, problem::FieldProblem};

use super::{
    require, require_text,
    signature::{self, Signature},
    visit::own_window,
};
use crate::{
    commands::draft::AtWindow,
    error::CaseError,
    facts::{CaseFact, Decision, DeliveryMethod},
    model::{CaseState, CaseStatus, Outcome},
};

/// How a member of staff hands a result over.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// How.
    pub method: DeliveryMethod,
    /// Who received it (at the window), as on their identity card.
    pub receiver: String,
    /// The signature of receipt; needed at the window.
    pub signature: Option<Signature>,
    /// Waybill number, for courier.
    pub waybill: Option<String>,
    /// The window, when handed over in person: it counts as a visit.
    pub at: Option<AtWindow>,
}

/// The result has been made and signed.
///
/// # Errors
/// When nothing was granted.
pub fn made(state: &CaseState, licence_number: Option<String>, paper: PaperId, today: Date) -> Result<CaseFact, CaseError> {
    require(state, "make", &[CaseStatus::Making])?;
    let on = state.decision.map_or(today, |(day, _)| today.max(day));
    Ok(CaseFact::Made { on, licence_number, paper })
}

/// Whether a member of staff may hand the result over like this. Gives the window of a hand-over in person.
///
/// # Errors
/// When there is nothing to deliver; when staff would deliver electronically, which only the applicant can do; when the window, the
/// receiver, the signature or the waybill is missing or wrong.
pub fn hand_over(state: &CaseState, staff: &StaffMember, given: &HandOver) -> Result<Option<AtWindow>, CaseError> {
    require(state, "deliver", &[CaseStatus::Delivering])?;
    match given.method {
        DeliveryMethod::Electronic => Err(CaseError::ElectronicByStaff),
        DeliveryMethod::Courier => {
            require_text("waybill", given.waybill.as_deref().unwrap_or_default())?;
            Ok(None)
        }
        DeliveryMethod::Window => {
            // What is missing is said at once, not one by one.
            let mut missing = Vec::new();
            let at = match own_window(staff, given.at.clone()) {
                Err(CaseError::Empty { what }) => {
                    missing.push(FieldProblem::new(what, "window-missing"));
                    None
                }
                other => Some(other?),
            };
            if given.receiver.trim().is_empty() {
                missing.push(FieldProblem::new("receiver", "receiver-missing"));
            }
            match &given.signature {
                None => missing.push(FieldProblem::new("signature", "signature-missing")),
                Some(signature) => signature::check(signature)?,
            }
            if missing.is_empty() { Ok(at) } else { Err(CaseError::Incomplete { fields: missing }) }
        }
    }
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
