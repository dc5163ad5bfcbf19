//! Acceptance (受理): accept, ask once for a supplement, refuse to accept, deem accepted. APL Art. 32.

use banhao_kernel::{Date, calendar::WorkingCalendar};

use super::{require, require_text};
use crate::{
    clock::{ClockTerms, Period, legal_clock},
    error::CaseError,
    facts::{AcceptedHow, CaseFact, RefusalGround, SupplementItem},
    model::{CaseState, CaseStatus},
};

/// 受理: complete and in the statutory form (APL 32(5)).
///
/// # Errors
/// When the case is not waiting for acceptance, or the calendar of a deadline's year is not loaded.
pub fn accept(state: &CaseState, today: Date, terms: &ClockTerms, calendar: &WorkingCalendar) -> Result<CaseFact, CaseError> {
    require(state, "accept", &[CaseStatus::Received])?;
    // Received in the evening for the next working day but accepted at once: the clock starts no earlier than receipt.
    accepted(state, today.max(state.received_on), AcceptedHow::ByNotice, terms, calendar)
}

/// 视为受理: the last day passed without a notice; accepted as of the day the papers came in (APL 32(4)).
/// `None` when there is nothing to deem: somebody acted, or the day is not over.
///
/// # Errors
/// When the calendar of a deadline's year is not loaded.
pub fn deem(state: &CaseState, today: Date, terms: &ClockTerms, calendar: &WorkingCalendar) -> Result<Option<CaseFact>, CaseError> {
    if state.status != CaseStatus::Received {
        return Ok(None);
    }
    let clock = legal_clock(terms, state, calendar)?;
    let Some(due) = clock.deadlines.iter().find(|deadline| deadline.period == Period::Acceptance) else { return Ok(None) };
    if today <= due.due {
        return Ok(None);
    }
    accepted(state, due.from, AcceptedHow::Deemed, terms, calendar).map(Some)
}

fn accepted(state: &CaseState, on: Date, how: AcceptedHow, terms: &ClockTerms, calendar: &WorkingCalendar) -> Result<CaseFact, CaseError> {
    let mut after = state.clone();
    after.apply(&CaseFact::Accepted { on, how, promised_due: None, statutory_due: None });
    let clock = legal_clock(terms, &after, calendar)?;
    Ok(CaseFact::Accepted { on, how, promised_due: clock.due(Period::Promised), statutory_due: clock.due(Period::Statutory) })
}

/// 一次性告知补正: everything that is missing, once (APL 32(4)).
///
/// # Errors
/// A second request, an empty list or an unclear line is refused.
pub fn request_supplement(
    state: &CaseState,
    items: Vec<SupplementItem>,
    today: Date,
    terms: &ClockTerms,
    calendar: &WorkingCalendar,
) -> Result<CaseFact, CaseError> {
    require(state, "request-supplement", &[CaseStatus::Received])?;
    if !state.supplements.is_empty() {
        return Err(CaseError::SupplementTwice);
    }
    if items.is_empty() {
        return Err(CaseError::Empty { what: "supplement-items" });
    }
    for item in &items {
        require_text("supplement-problem", &item.problem)?;
        require_text("supplement-requirement", &item.requirement)?;
    }
    let due = calendar.add_working_days(today, u32::from(terms.supplement_days))?;
    Ok(CaseFact::SupplementRequested { items, requested_on: today, due })
}

/// 不予受理: not needed, or another body is competent, which must be named (APL 32(1), 32(2)).
///
/// # Errors
/// When the reason is empty or the competent body is not named.
pub fn refuse(
    state: &CaseState,
    ground: RefusalGround,
    go_to: Option<String>,
    reason: &str,
    reason_sha256: String,
) -> Result<Vec<CaseFact>, CaseError> {
    require(state, "refuse-acceptance", &[CaseStatus::Received])?;
    require_text("reason", reason)?;
    let go_to = go_to.filter(|body| !body.trim().is_empty());
    if ground == RefusalGround::NotCompetent && go_to.is_none() {
        return Err(CaseError::Empty { what: "go-to" });
    }
    Ok(vec![CaseFact::NotAccepted { ground, go_to, reason_sha256 }, CaseFact::Closed { outcome: crate::model::Outcome::NotAccepted }])
}

/// 补正材料收齐: the applicant handed in everything asked for.
///
/// # Errors
/// When no supplement is open.
pub fn supplemented(state: &CaseState, on: Date) -> Result<CaseFact, CaseError> {
    require(state, "supplement", &[CaseStatus::Supplement])?;
    Ok(CaseFact::Supplemented { on: on.max(state.received_on) })
}

/// 视为撤回: the applicant's last day passed. Empty when there is nothing to end.
#[must_use]
pub fn lapse(state: &CaseState, today: Date) -> Vec<CaseFact> {
    match state.open_supplement() {
        Some(open) if state.status == CaseStatus::Supplement && today > open.due => {
            vec![CaseFact::Lapsed { due: open.due }, CaseFact::Closed { outcome: crate::model::Outcome::Lapsed }]
        }
        _ => Vec::new(),
    }
}
