//! Legal periods in working days with suspensions (special procedures that do not count, APL 45). Pure: which periods a case
//! has and when they begin is decided by the cases.

use crate::{
    Date,
    calendar::{CalendarError, WorkingCalendar},
};

/// Working days to accept, refuse or give the one complete list of what is lacking (APL 32(4)).
pub const NOTICE_DAYS: u32 = 5;
/// Working days to decide when no other law says otherwise (APL 42(1)).
pub const DECISION_DAYS: u32 = 20;

/// Last day of a period of `working_days` after `start` (not counted). Working days inside a suspension (first and last day
/// included) do not count; where suspensions overlap, a day is left out once. 0 days gives `start`.
///
/// # Errors
/// [`CalendarError::YearNotLoaded`] when the count runs into such a year.
pub fn deadline(start: Date, working_days: u32, suspensions: &[(Date, Date)], calendar: &WorkingCalendar) -> Result<Date, CalendarError> {
    let mut day = start;
    let mut left = working_days;
    while left > 0 {
        day = calendar.add_working_days(day, 1)?;
        if !is_suspended(day, suspensions) {
            left -= 1;
        }
    }
    Ok(day)
}

/// Working days that count after `start` up to and including `today`; 0 when `today` is not after `start`.
///
/// # Errors
/// [`CalendarError::YearNotLoaded`].
pub fn elapsed(start: Date, today: Date, suspensions: &[(Date, Date)], calendar: &WorkingCalendar) -> Result<u32, CalendarError> {
    let mut count = 0;
    let mut day = start;
    while day < today {
        day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        count += u32::from(calendar.is_working_day(day)? && !is_suspended(day, suspensions));
    }
    Ok(count)
}

/// Working days that are left of a period; negative = overdue by that many.
///
/// # Errors
/// [`CalendarError::YearNotLoaded`].
pub fn remaining(
    start: Date,
    working_days: u32,
    today: Date,
    suspensions: &[(Date, Date)],
    calendar: &WorkingCalendar,
) -> Result<i64, CalendarError> {
    Ok(i64::from(working_days) - i64::from(elapsed(start, today, suspensions, calendar)?))
}

/// The day of deemed acceptance (APL 32(4)): the day of receipt, when no notice went out in time; `None` when one did.
///
/// # Errors
/// [`CalendarError::YearNotLoaded`].
pub fn deemed_acceptance(received: Date, notice_sent: Option<Date>, calendar: &WorkingCalendar) -> Result<Option<Date>, CalendarError> {
    let last_day = deadline(received, NOTICE_DAYS, &[], calendar)?;
    Ok(if notice_sent.is_some_and(|sent| sent <= last_day) { None } else { Some(received) })
}

fn is_suspended(day: Date, suspensions: &[(Date, Date)]) -> bool {
    suspensions.iter().any(|(from, to)| (*from..=*to).contains(&day))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::{Span, civil::date};
    use proptest::prelude::*;

    use super::*;

    fn day() -> impl Strategy<Value = Date> {
        (0_i64..365).prop_map(|day| date(2025, 1, 1).checked_add(Span::new().days(day)).unwrap())
    }

    fn suspensions() -> impl Strategy<Value = Vec<(Date, Date)>> {
        prop::collection::vec((day(), 0_i64..30).prop_map(|(from, days)| (from, from.checked_add(Span::new().days(days)).unwrap())), 0..4)
    }

    proptest! {
        #[test]
        fn the_deadline_is_a_counted_day_and_counts_back(start in day(), n in 1_u32..60, suspensions in suspensions()) {
            let calendar = WorkingCalendar::official();
            let due = deadline(start, n, &suspensions, &calendar).unwrap();
            prop_assert!(calendar.is_working_day(due).unwrap());
            prop_assert!(!is_suspended(due, &suspensions));
            prop_assert_eq!(elapsed(start, due, &suspensions, &calendar).unwrap(), n);
            prop_assert_eq!(remaining(start, n, due, &suspensions, &calendar).unwrap(), 0);
        }

        #[test]
        fn suspensions_only_ever_delay(start in day(), n in 0_u32..60, suspensions in suspensions()) {
            let calendar = WorkingCalendar::official();
            let due = deadline(start, n, &suspensions, &calendar).unwrap();
            prop_assert!(due >= calendar.add_working_days(start, n).unwrap());
            for most in 0..suspensions.len() {
                prop_assert!(deadline(start, n, &suspensions[..most], &calendar).unwrap() <= due);
            }
        }

        #[test]
        fn neither_order_nor_overlap_matters(start in day(), n in 0_u32..60, mut suspensions in suspensions()) {
            let calendar = WorkingCalendar::official();
            let due = deadline(start, n, &suspensions, &calendar).unwrap();
            suspensions.reverse();
            suspensions.extend_from_within(..);
            prop_assert_eq!(deadline(start, n, &suspensions, &calendar).unwrap(), due);
        }

        #[test]
        fn without_suspensions_it_is_plain_counting(start in day(), n in 0_u32..60) {
            let calendar = WorkingCalendar::official();
            prop_assert_eq!(deadline(start, n, &[], &calendar).unwrap(), calendar.add_working_days(start, n).unwrap());
        }
    }

    #[test]
    fn expert_review_stops_the_clock() {
        let calendar = WorkingCalendar::official();
        let review = [(date(2026, 3, 9), date(2026, 3, 20))];
        assert_eq!(deadline(date(2026, 3, 2), 20, &review, &calendar).unwrap(), date(2026, 4, 14));
        assert_eq!(remaining(date(2026, 3, 2), 5, date(2026, 3, 10), &[], &calendar).unwrap(), -1);
    }

    #[test]
    fn silence_is_acceptance_as_of_the_day_of_receipt() {
        let calendar = WorkingCalendar::official();
        let received = date(2026, 3, 2);
        assert_eq!(deemed_acceptance(received, None, &calendar).unwrap(), Some(received));
        assert_eq!(deemed_acceptance(received, Some(date(2026, 3, 9)), &calendar).unwrap(), None);
        assert_eq!(deemed_acceptance(received, Some(date(2026, 3, 10)), &calendar).unwrap(), Some(received));
    }

    #[test]
    fn an_endless_suspension_ends_in_an_error_not_in_a_date() {
        let calendar = WorkingCalendar::official();
        let endless = [(date(2026, 3, 3), Date::MAX)];
        assert_eq!(deadline(date(2026, 3, 2), 5, &endless, &calendar).unwrap_err(), CalendarError::YearNotLoaded { year: 2027 });
    }
}
