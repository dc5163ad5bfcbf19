//! Pure decisions: (state, command, context) → facts or a refusal. No storage, no time of their own.

pub mod acceptance;
mod asked;
pub mod decision;
pub mod delivery;
mod hindrance;
pub mod moving;
pub mod office;
pub mod receipt;
pub mod review;
pub mod signature;
mod situation;
pub mod visit;
pub mod withdrawal;

use crate::{
    error::CaseError,
    model::{CaseState, CaseStatus},
};

/// Refuses an act unless the case is in one of the given states.
pub(crate) fn require(state: &CaseState, act: &'static str, possible: &[CaseStatus]) -> Result<(), CaseError> {
    if possible.contains(&state.status) { Ok(()) } else { Err(CaseError::WrongState { act, status: state.status.as_str() }) }
}

/// Refuses an empty text that the law requires.
pub(crate) fn require_text(what: &'static str, text: &str) -> Result<(), CaseError> {
    if text.trim().is_empty() { Err(CaseError::Empty { what }) } else { Ok(()) }
}
