//! When an application counts as received (收件). The law is silent about evenings and rest days, so the rule is a setting
//! of the installation (domain.md §2.4, unverified).

use banhao_kernel::{
    Date, Timestamp,
    calendar::{CalendarError, WorkingCalendar},
    clock::{civil_date, civil_datetime},
};

/// What happens with applications outside office hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterHoursRule {
    /// They count as received on the next working day.
    NextWorkingMoment,
    /// They count as received on the day they came in, whatever day that is.
    SameDay,
}

/// The day that counts as the day of receipt.
///
/// `closes_at` is the end of office hours (hour, minute).
///
/// # Errors
/// When the calendar of the year is not loaded.
pub fn receipt_day(now: Timestamp, rule: AfterHoursRule, closes_at: (i8, i8), calendar: &WorkingCalendar) -> Result<Date, CalendarError> {
    let today = civil_date(now);
    if rule == AfterHoursRule::SameDay {
        return Ok(today);
    }
    let moment = civil_datetime(now);
    let after_hours = (moment.hour(), moment.minute()) >= closes_at;
    if after_hours && calendar.is_working_day(today)? {
        return calendar.add_working_days(today, 1);
    }
    calendar.next_working_day_on_or_after(today)
}
