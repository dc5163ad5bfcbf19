//! Time, handed in. All civil dates are dates in Asia/Shanghai (fixed +08:00; no daylight saving since 1992), so that no
//! date ever shifts by a day through UTC.

use std::{
    fmt::Debug,
    sync::{Mutex, PoisonError},
};

use jiff::{
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};

use crate::Timestamp;

/// Where "now" comes from.
pub trait Clock: Send + Sync + Debug {
    /// The present instant, in whole microseconds (what every database keeps exactly).
    fn now(&self) -> Timestamp;
}

fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        whole_micros(Timestamp::now())
    }
}

/// A clock that stands still until it is moved: for tests and simulations.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows this instant.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(whole_micros(at)))
    }

    /// A clock at this civil time in Asia/Shanghai.
    #[must_use]
    pub fn at_civil(at: DateTime) -> Self {
        Self::new(instant(at))
    }

    /// Moves it.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = whole_micros(at);
    }

    /// Moves it to a civil time in Asia/Shanghai.
    pub fn set_civil(&self, at: DateTime) {
        self.set(instant(at));
    }

    /// Moves it on.
    pub fn advance(&self, by: std::time::Duration) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *at = whole_micros(*at + by);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asia/Shanghai.
fn shanghai() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The civil date and time in Asia/Shanghai.
#[must_use]
pub fn civil_datetime(at: Timestamp) -> DateTime {
    shanghai().to_datetime(at)
}

/// The civil date in Asia/Shanghai.
#[must_use]
pub fn civil_date(at: Timestamp) -> Date {
    civil_datetime(at).date()
}

/// The instant of a civil time in Asia/Shanghai.
#[must_use]
pub fn instant(at: DateTime) -> Timestamp {
    Offset::constant(8).to_timestamp(at).unwrap_or(Timestamp::MAX)
}

/// 00:00 of a day.
#[must_use]
pub fn start_of_day(date: Date) -> Timestamp {
    instant(date.to_datetime(jiff::civil::Time::midnight()))
}

/// 24:00 of a day, when its last day ends (CIV 203): the start of the next.
#[must_use]
pub fn end_of_day(date: Date) -> Timestamp {
    date.tomorrow().map_or(Timestamp::MAX, start_of_day)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_day_is_from_its_start_to_its_end(micros in -2_000_000_000_000_000_i64..4_000_000_000_000_000) {
            let at = Timestamp::from_microsecond(micros).unwrap();
            let day = civil_date(at);
            prop_assert!(start_of_day(day) <= at && at < end_of_day(day));
            prop_assert_eq!(instant(civil_datetime(at)), at);
            prop_assert_eq!(end_of_day(day), start_of_day(day.tomorrow().unwrap()));
        }
    }

    #[test]
    fn no_day_shifts_through_utc() {
        let at: Timestamp = "2026-11-22T16:00:00Z".parse().unwrap();
        assert_eq!(civil_date(at), date(2026, 11, 23));
        assert_eq!(start_of_day(date(2026, 11, 23)), at);
        assert_eq!(
            start_of_day(date(1988, 7, 1)),
            "1988-06-30T16:00:00Z".parse().unwrap(),
            "no daylight saving, also where there was some"
        );
    }

    #[test]
    fn clocks_show_whole_microseconds() {
        let clock = ManualClock::at_civil(datetime(2026, 11, 23, 8, 30, 0, 1_999));
        assert_eq!(clock.now().subsec_nanosecond(), 1_000);
        clock.advance(std::time::Duration::from_nanos(1_500));
        assert_eq!(clock.now().subsec_nanosecond(), 2_000);
        assert_eq!(SystemClock.now().subsec_nanosecond() % 1_000, 0);
    }
}
