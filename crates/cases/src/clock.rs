//! The legal clock (法定时限/承诺时限): which days are due, from facts alone. Pure; the statute is named on every result.
//! What the clock triggers (timers, alarms) lives elsewhere.

use banhao_kernel::{
    Date,
    calendar::{CalendarError, WorkingCalendar},
    period,
};
use serde::{Deserialize, Serialize};

use crate::model::{CaseState, CaseStatus};

/// The periods of a matter version that the clock needs. All in working days unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockTerms {
    /// Days to tell the applicant (APL 32(4)): 5 unless a special law says otherwise.
    pub accept_days: u16,
    /// Days the applicant has to supplement (local rule, configurable per matter).
    pub supplement_days: u16,
    /// Promised days 承诺; 0 = decided on the spot (即办件).
    pub promised_days: u16,
    /// Statutory days 法定 (APL 42(1): 20 unless another law says otherwise); `None` when no law sets any.
    pub statutory_days: Option<u16>,
    /// Days to issue and deliver after the decision (APL 44): 10.
    pub deliver_days: u16,
}

/// Which period a deadline belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// 受理期限.
    Acceptance,
    /// 补正期限 (the applicant's).
    Supplement,
    /// 承诺办结时限.
    Promised,
    /// 法定办结时限.
    Statutory,
    /// 送达期限.
    Delivery,
}

impl Period {
    /// Stable name for timers and text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Supplement => "supplement",
            Self::Promised => "promised",
            Self::Statutory => "statutory",
            Self::Delivery => "delivery",
        }
    }

    /// The article that sets the period, as printed.
    #[must_use]
    pub const fn statute(self) -> &'static str {
        match self {
            Self::Acceptance => "《中华人民共和国行政许可法》第三十二条第一款第四项",
            Self::Supplement => "办事指南（补正期限）",
            Self::Promised => "办事指南（承诺时限）",
            Self::Statutory => "《中华人民共和国行政许可法》第四十二条第一款",
            Self::Delivery => "《中华人民共和国行政许可法》第四十四条",
        }
    }
}

/// One deadline: the last day that is still in time, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Which period.
    pub period: Period,
    /// The day the period is counted from (itself not counted, CIV 201).
    pub from: Date,
    /// The last day; it ends at 24:00 (CIV 203).
    pub due: Date,
}

/// Whether the authority's decision clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// The authority's time runs.
    Running,
    /// It stands still: the applicant supplements, or a special procedure is on.
    Paused,
    /// Nothing is due any more.
    Stopped,
}

/// The clock of a case at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    /// Runs, stands still or stopped.
    pub state: ClockState,
    /// The deadlines in force now, most urgent first.
    pub deadlines: Vec<Deadline>,
    /// 待日历: a deadline falls into this year, whose working calendar is not published or loaded yet. It is set as soon as the
    /// calendar is there; it is never guessed (domain.md §0.3(2)).
    pub pending_year: Option<i16>,
}

impl LegalClock {
    /// The deadline of one period, when in force.
    #[must_use]
    pub fn due(&self, period: Period) -> Option<Date> {
        self.deadlines.iter().find(|deadline| deadline.period == period).map(|deadline| deadline.due)
    }

    /// The next day the authority has to have acted by.
    #[must_use]
    pub fn next_due(&self) -> Option<&Deadline> {
        self.deadlines.iter().find(|deadline| deadline.period != Period::Supplement)
    }
}

/// The day on which the applicant's papers count as received: the day they last came in complete.
fn receipt_day(state: &CaseState) -> Date {
    state.supplements.iter().filter_map(|supplement| supplement.answered_on).next_back().unwrap_or(state.received_on)
}

/// Collects deadlines; one whose year has no calendar is left pending.
#[derive(Default)]
struct Collected {
    deadlines: Vec<Deadline>,
    pending_year: Option<i16>,
}

impl Collected {
    fn add(&mut self, period: Period, from: Date, due: Result<Date, CalendarError>) -> Result<(), CalendarError> {
        match due {
            Ok(due) => self.deadlines.push(Deadline { period, from, due }),
            Err(CalendarError::YearNotLoaded { year }) => self.pending_year = Some(year),
            Err(other) => return Err(other),
        }
        Ok(())
    }
}

/// Computes the clock from what happened.
///
/// A supplement stops the acceptance period; when everything has come in, five new working days begin, and silence again
/// means acceptance as of that day. A suspension that has no end yet counts with its announced end.
///
/// # Errors
/// A damaged calendar. A year that is not loaded is no error: the deadline is [`LegalClock::pending_year`].
pub fn legal_clock(terms: &ClockTerms, state: &CaseState, calendar: &WorkingCalendar) -> Result<LegalClock, CalendarError> {
    let mut all = Collected::default();
    let mut clock_state = ClockState::Running;
    match state.status {
        CaseStatus::Closed => clock_state = ClockState::Stopped,
        CaseStatus::Received => {
            let from = receipt_day(state);
            all.add(Period::Acceptance, from, calendar.add_working_days(from, u32::from(terms.accept_days)))?;
        }
        CaseStatus::Supplement => {
            clock_state = ClockState::Paused;
            if let Some(open) = state.open_supplement() {
                all.add(Period::Supplement, open.requested_on, Ok(open.due))?;
            }
        }
        CaseStatus::Reviewing | CaseStatus::Deciding => {
            if state.suspensions.iter().any(|suspension| suspension.ended.is_none()) {
                clock_state = ClockState::Paused;
            }
            decision_deadlines(terms, state, calendar, &mut all)?;
        }
        CaseStatus::Making | CaseStatus::Delivering => {
            if let Some((from, _)) = state.decision {
                all.add(Period::Delivery, from, calendar.add_working_days(from, u32::from(terms.deliver_days)))?;
            }
        }
    }
    all.deadlines.sort_by_key(|deadline| deadline.due);
    Ok(LegalClock { state: clock_state, deadlines: all.deadlines, pending_year: all.pending_year })
}

/// Promised and statutory last day for a case accepted on `state.accepted`.
fn decision_deadlines(terms: &ClockTerms, state: &CaseState, calendar: &WorkingCalendar, all: &mut Collected) -> Result<(), CalendarError> {
    let Some((from, _)) = state.accepted else { return Ok(()) };
    let suspensions: Vec<(Date, Date)> =
        state.suspensions.iter().map(|suspension| (suspension.from, suspension.ended.unwrap_or(suspension.planned_end))).collect();
    all.add(Period::Promised, from, count(calendar, from, terms.promised_days, &suspensions))?;
    if let Some(days) = terms.statutory_days {
        all.add(Period::Statutory, from, count(calendar, from, days + state.extension_days, &suspensions))?;
    }
    Ok(())
}

/// Counts days with suspensions left out; 0 days means: the same day, or the next working day when that is none.
fn count(calendar: &WorkingCalendar, from: Date, days: u16, suspensions: &[(Date, Date)]) -> Result<Date, CalendarError> {
    if days == 0 {
        return calendar.next_working_day_on_or_after(from);
    }
    period::deadline(from, u32::from(days), suspensions, calendar)
}
