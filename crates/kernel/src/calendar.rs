//! The working-day calendar (工作日): years as the State Council publishes them, and local exceptions with their document.
//! A day of a year that is not loaded is an error, never a Monday-to-Friday guess. Periods with suspensions: [`crate::period`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, civil::Weekday};
use serde::{Deserialize, Serialize};

use crate::{
    Date,
    problem::{Problem, ProblemKind},
};

/// Years that are built in.
const OFFICIAL: [&str; 2] = [include_str!("../data/calendar-2025.toml"), include_str!("../data/calendar-2026.toml")];

/// What is wrong with a calendar or a question to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The year has no calendar yet.
    #[error(
        "the working calendar of {year} is not loaded: write the State Council's holiday notice for {year} into calendars/{year}.toml of the \
         definition folder, in the form of crates/kernel/data/calendar-2026.toml, and run `banhao import` with that folder"
    )]
    YearNotLoaded {
        /// The year.
        year: i16,
    },
    /// The date lies beyond year 9999.
    #[error("the date lies beyond the year 9999")]
    OutOfRange,
    /// The text of a year's calendar cannot be read.
    #[error("the calendar cannot be read: {detail}")]
    Unreadable {
        /// Where and why.
        detail: String,
    },
    /// A holiday or make-up day of another year.
    #[error("{date} does not belong into the calendar of {year}")]
    OtherYear {
        /// Year of the calendar.
        year: i16,
        /// The day.
        date: Date,
    },
    /// A holiday that ends before it begins.
    #[error("the holiday from {from} to {to} ends before it begins")]
    Reversed {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// A make-up working day inside a holiday.
    #[error("{date} is both a holiday and a make-up working day")]
    Contradiction {
        /// The day.
        date: Date,
    },
}

impl CalendarError {
    /// Stable code; its texts are `problem-CODE`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::YearNotLoaded { .. } => "calendar-year-not-loaded",
            Self::OutOfRange => "calendar-out-of-range",
            Self::Unreadable { .. } => "calendar-unreadable",
            Self::OtherYear { .. } => "calendar-other-year",
            Self::Reversed { .. } => "calendar-reversed",
            Self::Contradiction { .. } => "calendar-contradiction",
        }
    }

    /// Every code, so that the texts can be tested for completeness.
    pub const CODES: [&'static str; 6] = [
        "calendar-year-not-loaded",
        "calendar-out-of-range",
        "calendar-unreadable",
        "calendar-other-year",
        "calendar-reversed",
        "calendar-contradiction",
    ];
}

impl From<CalendarError> for Problem {
    fn from(error: CalendarError) -> Self {
        let kind = match error {
            CalendarError::YearNotLoaded { .. } => ProblemKind::Unavailable,
            _ => ProblemKind::Invalid,
        };
        let problem = Self::new(error.code(), kind);
        match error {
            CalendarError::YearNotLoaded { year } => problem.with_arg("year", year.to_string()),
            CalendarError::OutOfRange => problem,
            CalendarError::Unreadable { detail } => problem.with_arg("detail", detail),
            CalendarError::OtherYear { year, date } => problem.with_arg("year", year.to_string()).with_arg("date", date.to_string()),
            CalendarError::Reversed { from, to } => problem.with_arg("from", from.to_string()).with_arg("to", to.to_string()),
            CalendarError::Contradiction { date } => problem.with_arg("date", date.to_string()),
        }
    }
}

/// A row of days off, weekends in it included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// 节日.
    pub name: String,
    /// Its English name.
    #[serde(default)]
    pub name_en: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Holiday {
    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let to = self.to;
        std::iter::successors(Some(self.from), |day| day.tomorrow().ok()).take_while(move |day| *day <= to)
    }
}

/// The calendar of one year, as published. Read from TOML: `year`, `source`, `makeup_workdays = [..]`, and `[[holidays]]` with
/// `name`, `name_en`, `from`, `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearCalendar {
    /// The year.
    pub year: i16,
    /// The document it was copied from.
    pub source: String,
    /// Working days on weekends 调休上班日.
    #[serde(default)]
    pub makeup_workdays: BTreeSet<Date>,
    /// Days off 放假日.
    pub holidays: Vec<Holiday>,
}

impl YearCalendar {
    /// Reads the TOML form and checks it.
    ///
    /// # Errors
    /// [`CalendarError::Unreadable`] with line and column, and those of [`Self::check`].
    pub fn from_toml(text: &str) -> Result<Self, CalendarError> {
        let calendar: Self = toml::from_str(text).map_err(|error| CalendarError::Unreadable { detail: error.to_string() })?;
        calendar.check()?;
        Ok(calendar)
    }

    /// Checks that every day belongs to the year and that no day is both off and on.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), CalendarError> {
        for holiday in &self.holidays {
            if holiday.to < holiday.from {
                return Err(CalendarError::Reversed { from: holiday.from, to: holiday.to });
            }
        }
        let ends = self.holidays.iter().flat_map(|holiday| [holiday.from, holiday.to]);
        if let Some(date) = ends.chain(self.makeup_workdays.iter().copied()).find(|date| date.year() != self.year) {
            return Err(CalendarError::OtherYear { year: self.year, date });
        }
        let off = self.days_off();
        match self.makeup_workdays.iter().find(|date| off.contains(*date)) {
            Some(date) => Err(CalendarError::Contradiction { date: *date }),
            None => Ok(()),
        }
    }

    /// Every day off, weekends inside holidays included.
    #[must_use]
    pub fn days_off(&self) -> BTreeSet<Date> {
        self.holidays.iter().flat_map(Holiday::days).collect()
    }
}

/// A day on which the offices of a place are closed (flood, power cut) or open against the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalException {
    /// The day.
    pub date: Date,
    /// Open or closed.
    pub working: bool,
    /// Number of the document that says so.
    pub document: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Year {
    published: YearCalendar,
    /// By day of the year; local exceptions included.
    working: Vec<bool>,
}

/// The years that are loaded, with local exceptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    years: BTreeMap<i16, Year>,
    exceptions: BTreeMap<Date, LocalException>,
}

impl WorkingCalendar {
    /// A calendar without years.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The built-in official calendars of 2025 and 2026.
    #[must_use]
    pub fn official() -> Self {
        let mut calendar = Self::empty();
        for text in OFFICIAL {
            let year = YearCalendar::from_toml(text).expect("a test reads the built-in calendars");
            calendar.load(year).expect("a test loads the built-in calendars");
        }
        calendar
    }

    /// Loads a year; a year loaded before is replaced, local exceptions stay.
    ///
    /// # Errors
    /// See [`YearCalendar::check`].
    pub fn load(&mut self, published: YearCalendar) -> Result<(), CalendarError> {
        published.check()?;
        let off = published.days_off();
        let first = Date::new(published.year, 1, 1).map_err(|_| CalendarError::OutOfRange)?;
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| day.year() == published.year);
        let working = days
            .map(|day| match self.exceptions.get(&day) {
                Some(exception) => exception.working,
                None if published.makeup_workdays.contains(&day) => true,
                None => !off.contains(&day) && !is_weekend(day),
            })
            .collect();
        self.years.insert(published.year, Year { published, working });
        Ok(())
    }

    /// Adds a local exception.
    ///
    /// # Errors
    /// [`CalendarError::YearNotLoaded`] when the year has to be loaded first.
    pub fn except(&mut self, exception: LocalException) -> Result<(), CalendarError> {
        let year = exception.date.year();
        let days = &mut self.years.get_mut(&year).ok_or(CalendarError::YearNotLoaded { year })?.working;
        days[day_index(exception.date)] = exception.working;
        self.exceptions.insert(exception.date, exception);
        Ok(())
    }

    /// The years that are loaded.
    pub fn years(&self) -> impl Iterator<Item = &YearCalendar> {
        self.years.values().map(|year| &year.published)
    }

    /// The local exceptions, by day.
    pub fn exceptions(&self) -> impl Iterator<Item = &LocalException> {
        self.exceptions.values()
    }

    /// Whether the offices work on this day.
    ///
    /// # Errors
    /// [`CalendarError::YearNotLoaded`].
    pub fn is_working_day(&self, day: Date) -> Result<bool, CalendarError> {
        let year = day.year();
        let days = &self.years.get(&year).ok_or(CalendarError::YearNotLoaded { year })?.working;
        Ok(days[day_index(day)])
    }

    /// The `n`-th working day after `from`, which itself does not count (Civil Code 201). `n` = 0 gives `from`.
    ///
    /// # Errors
    /// [`CalendarError::YearNotLoaded`] when the count runs into such a year.
    pub fn add_working_days(&self, from: Date, n: u32) -> Result<Date, CalendarError> {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            day = next_day(day)?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// How many working days there are after `from` up to and including `to`; 0 when `to` is not after `from`.
    ///
    /// # Errors
    /// [`CalendarError::YearNotLoaded`].
    pub fn working_days_after(&self, from: Date, to: Date) -> Result<u32, CalendarError> {
        let mut count = 0;
        let mut day = from;
        while day < to {
            day = next_day(day)?;
            count += u32::from(self.is_working_day(day)?);
        }
        Ok(count)
    }

    /// This day, or the first working day after it.
    ///
    /// # Errors
    /// [`CalendarError::YearNotLoaded`].
    pub fn next_working_day_on_or_after(&self, day: Date) -> Result<Date, CalendarError> {
        let mut day = day;
        while !self.is_working_day(day)? {
            day = next_day(day)?;
        }
        Ok(day)
    }

    /// Last day of a period of `n` natural days: `from` does not count (Civil Code 201); a last day on a rest day moves to the
    /// first day after the rest (Civil Code 203). Weekends count as rest days, make-up working days do not (court practice).
    ///
    /// # Errors
    /// [`CalendarError::YearNotLoaded`], [`CalendarError::OutOfRange`].
    pub fn natural_deadline(&self, from: Date, n: u32) -> Result<Date, CalendarError> {
        let span = Span::new().try_days(n).map_err(|_| CalendarError::OutOfRange)?;
        self.next_working_day_on_or_after(from.checked_add(span).map_err(|_| CalendarError::OutOfRange)?)
    }
}

fn next_day(day: Date) -> Result<Date, CalendarError> {
    day.tomorrow().map_err(|_| CalendarError::OutOfRange)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn day_index(day: Date) -> usize {
    usize::from(day.day_of_year().unsigned_abs()) - 1
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// Any day of 2025.
    fn day() -> impl Strategy<Value = Date> {
        (0_i32..365).prop_map(|day| date(2025, 1, 1).checked_add(Span::new().days(day)).unwrap())
    }

    proptest! {
        #[test]
        fn counting_lands_on_working_days_and_counts_back(from in day(), n in 1_u32..200) {
            let calendar = WorkingCalendar::official();
            let due = calendar.add_working_days(from, n).unwrap();
            prop_assert!(due > from);
            prop_assert!(calendar.is_working_day(due).unwrap());
            prop_assert_eq!(calendar.working_days_after(from, due).unwrap(), n);
        }

        #[test]
        fn counting_is_monotone(from in day(), n in 0_u32..200) {
            let calendar = WorkingCalendar::official();
            let due = calendar.add_working_days(from, n).unwrap();
            prop_assert!(calendar.add_working_days(from, n + 1).unwrap() > due);
            prop_assert!(calendar.add_working_days(from.tomorrow().unwrap(), n + 1).unwrap() >= due);
        }

        #[test]
        fn counting_in_two_steps_is_counting_at_once(from in day(), a in 0_u32..90, b in 0_u32..90) {
            let calendar = WorkingCalendar::official();
            let halfway = calendar.add_working_days(from, a).unwrap();
            prop_assert_eq!(calendar.add_working_days(halfway, b).unwrap(), calendar.add_working_days(from, a + b).unwrap());
        }

        #[test]
        fn natural_periods_never_end_on_a_rest_day_nor_early(from in day(), n in 0_u32..300) {
            let calendar = WorkingCalendar::official();
            let raw = from.checked_add(Span::new().days(i64::from(n))).unwrap();
            let end = calendar.natural_deadline(from, n).unwrap();
            prop_assert!(end >= raw && calendar.is_working_day(end).unwrap());
            prop_assert_eq!(calendar.next_working_day_on_or_after(raw).unwrap(), end);
        }
    }

    #[test]
    fn both_official_years_have_248_working_days() {
        let calendar = WorkingCalendar::official();
        assert_eq!(calendar.working_days_after(date(2025, 1, 1), date(2025, 12, 31)).unwrap(), 248);
        assert_eq!(calendar.working_days_after(date(2025, 12, 31), date(2026, 12, 31)).unwrap(), 248);
        assert_eq!(calendar.years().map(|year| year.year).collect::<Vec<_>>(), [2025, 2026]);
    }

    #[test]
    fn an_unloaded_year_is_an_error_that_says_how_to_load_it() {
        let calendar = WorkingCalendar::official();
        let error = calendar.add_working_days(date(2026, 12, 31), 1).unwrap_err();
        assert_eq!(error, CalendarError::YearNotLoaded { year: 2027 });
        let text = error.to_string();
        assert!(text.contains("calendars/2027.toml") && text.contains("banhao import"), "{text}");
        assert_eq!(calendar.is_working_day(date(2024, 12, 31)).unwrap_err(), CalendarError::YearNotLoaded { year: 2024 });
        assert_eq!(calendar.natural_deadline(date(2026, 12, 1), 40).unwrap_err(), CalendarError::YearNotLoaded { year: 2027 });
        assert_eq!(calendar.natural_deadline(date(2026, 12, 1), u32::MAX).unwrap_err(), CalendarError::OutOfRange);
    }

    #[test]
    fn a_further_year_and_a_flood_are_data() {
        let mut calendar = WorkingCalendar::official();
        let text = "year = 2027\nsource = \"test\"\n[[holidays]]\nname = \"元旦\"\nfrom = \"2027-01-01\"\nto = \"2027-01-03\"\n";
        calendar.load(YearCalendar::from_toml(text).unwrap()).unwrap();
        assert_eq!(calendar.add_working_days(date(2026, 12, 31), 1).unwrap(), date(2027, 1, 4));
        let flood = LocalException {
            date: date(2026, 7, 6),
            working: false,
            document: "洪政办发〔2026〕7号".to_owned(),
            reason: "防汛".to_owned(),
        };
        calendar.except(flood.clone()).unwrap();
        assert!(!calendar.is_working_day(date(2026, 7, 6)).unwrap());
        let again = calendar.years().find(|year| year.year == 2026).unwrap().clone();
        calendar.load(again).unwrap();
        assert!(!calendar.is_working_day(date(2026, 7, 6)).unwrap(), "loading the year again keeps the exception");
        assert_eq!(calendar.exceptions().collect::<Vec<_>>(), [&flood]);
        let other = LocalException { date: date(2030, 1, 2), ..flood };
        assert_eq!(calendar.except(other).unwrap_err(), CalendarError::YearNotLoaded { year: 2030 });
    }

    #[test]
    fn contradictions_are_named() {
        let year = |body: &str| YearCalendar::from_toml(&format!("year = 2027\nsource = \"test\"\n{body}")).unwrap_err();
        let holiday = |from: &str, to: &str| format!("[[holidays]]\nname = \"甲\"\nfrom = \"{from}\"\nto = \"{to}\"\n");
        let d = |month, day| date(2027, month, day);
        assert_eq!(year(&holiday("2027-01-03", "2027-01-01")), CalendarError::Reversed { from: d(1, 3), to: d(1, 1) });
        assert_eq!(year(&holiday("2026-12-31", "2027-01-01")), CalendarError::OtherYear { year: 2027, date: date(2026, 12, 31) });
        let both = format!("makeup_workdays = [\"2027-01-02\"]\n{}", holiday("2027-01-01", "2027-01-03"));
        assert_eq!(year(&both), CalendarError::Contradiction { date: d(1, 2) });
        assert!(matches!(year("holiday = []"), CalendarError::Unreadable { detail } if detail.contains("line 3")));
    }
}
