//! When a timer of a process is due (BPMN 2.0.2, table 10.101): ISO 8601 texts, read by the civil calendar of Asia/Shanghai, or by the
//! official working calendar when the event says `banhao:working`.

use std::str::FromStr;

use banhao_bpmn::TimerKind;
use banhao_kernel::{
    Date, Timestamp,
    calendar::{CalendarError, WorkingCalendar},
    clock::{civil_date, civil_datetime, end_of_day, instant},
};
use jiff::{Span, civil::DateTime};

/// Most working days of a timer.
const MAX_WORKING_DAYS: u32 = 1_000;

/// A timer as its text says it.
#[derive(Debug, Clone)]
pub enum Due {
    /// At this instant.
    At(Timestamp),
    /// This long after it began to wait.
    After(Span),
    /// At the end of the last of so many working days after the day on which it began to wait.
    Working(u32),
    /// Again and again: so often (none: without end), with this much time between.
    Every(Option<i32>, Box<Due>),
}

/// Why the text of a timer cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerMistake {
    /// Not ISO 8601.
    Format,
    /// No time, or it goes backwards.
    NotForward,
    /// Working days are whole days, at most 1,000, and no fixed dates.
    NotWorkingDays,
}

impl TimerMistake {
    /// What to write instead, in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Format => "应当是 ISO 8601 的写法，例如 P3D（三天）、PT4H（四小时）、2026-12-31、R3/P1D（每天一次，共三次）",
            Self::NotForward => "时间必须大于零",
            Self::NotWorkingDays => "按工作日计算的（banhao:working）只能写整天数，1 到 1000 天，例如 P3D",
        }
    }
}

impl std::fmt::Display for TimerMistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Format => "write it as ISO 8601, such as P3D (three days), PT4H (four hours), 2026-12-31, R3/P1D (daily, three times)",
            Self::NotForward => "the time must be more than nothing",
            Self::NotWorkingDays => "working days (banhao:working) are whole days, 1 to 1000, such as P3D",
        })
    }
}

/// Whether the text of a timer is a plain ISO 8601 text; else it is an expression.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.trim_start().starts_with(|first: char| first == 'P' || first == 'R' || first.is_ascii_digit())
}

impl Due {
    /// Reads the text of a timer.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn parse(kind: TimerKind, text: &str, working: bool) -> Result<Self, TimerMistake> {
        let text = text.trim();
        match kind {
            TimerKind::Date if working => Err(TimerMistake::NotWorkingDays),
            TimerKind::Date => point(text).map(Self::At).ok_or(TimerMistake::Format),
            TimerKind::Duration => length(text, working),
            TimerKind::Cycle => {
                let (times, between) = text.strip_prefix('R').and_then(|rest| rest.split_once('/')).ok_or(TimerMistake::Format)?;
                let times = if times.is_empty() { None } else { Some(times.parse().map_err(|_| TimerMistake::Format)?) };
                if times.is_some_and(|times: i32| times < 1) {
                    return Err(TimerMistake::NotForward);
                }
                Ok(Self::Every(times, Box::new(length(between, working)?)))
            }
        }
    }

    /// When it is due for something that began to wait at this instant. A time beyond all calendars is the end of time.
    ///
    /// # Errors
    /// The working calendar of a year is missing.
    pub fn from(&self, began: Timestamp, calendar: &WorkingCalendar) -> Result<Timestamp, CalendarError> {
        match self {
            Self::At(at) => Ok(*at),
            Self::After(span) => Ok(civil_datetime(began).checked_add(*span).map_or(Timestamp::MAX, instant)),
            Self::Working(days) => calendar.add_working_days(civil_date(began), *days).map(end_of_day),
            Self::Every(_, between) => between.from(began, calendar),
        }
    }

    /// How often it fires; none is without end.
    #[must_use]
    pub fn times(&self) -> Option<i32> {
        match self {
            Self::Every(times, _) => *times,
            _ => Some(1),
        }
    }
}

/// A day means its end: what is due on it may still be done on it.
fn point(text: &str) -> Option<Timestamp> {
    if let Ok(at) = Timestamp::from_str(text) {
        return Some(at);
    }
    if text.contains('T') {
        return DateTime::from_str(text).ok().map(instant);
    }
    Date::from_str(text).ok().map(end_of_day)
}

fn length(text: &str, working: bool) -> Result<Due, TimerMistake> {
    let span = Span::from_str(text).map_err(|_| TimerMistake::Format)?;
    if working {
        let days = u32::try_from(span.get_days()).unwrap_or(0);
        let is_whole = Span::new().try_days(days).is_ok_and(|whole| whole.fieldwise() == span);
        return if is_whole && (1..=MAX_WORKING_DAYS).contains(&days) { Ok(Due::Working(days)) } else { Err(TimerMistake::NotWorkingDays) };
    }
    if span.is_positive() { Ok(Due::After(span)) } else { Err(TimerMistake::NotForward) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use banhao_kernel::clock::civil_datetime;

    use super::*;

    fn due(kind: TimerKind, text: &str, working: bool) -> String {
        let began = instant("2026-09-29T15:30".parse().unwrap());
        match Due::parse(kind, text, working) {
            Ok(due) => civil_datetime(due.from(began, &WorkingCalendar::official()).unwrap()).to_string(),
            Err(mistake) => format!("{mistake:?}"),
        }
    }

    #[test]
    fn texts_are_read_by_the_calendar_of_shanghai() {
        use TimerKind::{Cycle, Date, Duration};
        for (kind, text, working, expected) in [
            (Duration, "P3D", false, "2026-10-02T15:30:00"),
            (Duration, "PT4H30M", false, "2026-09-29T20:00:00"),
            (Duration, "P1M", false, "2026-10-29T15:30:00"),
            // 30 September is a working day, then the National Day holiday until 7 October.
            (Duration, "P3D", true, "2026-10-10T00:00:00"),
            (Date, "2026-10-01", false, "2026-10-02T00:00:00"),
            (Date, "2026-10-01T09:00:00", false, "2026-10-01T09:00:00"),
            (Date, "2026-10-01T01:00:00Z", false, "2026-10-01T09:00:00"),
            (Cycle, "R3/P1D", false, "2026-09-30T15:30:00"),
            (Cycle, "R/PT1H", false, "2026-09-29T16:30:00"),
            (Duration, "three days", false, "Format"),
            (Duration, "P0D", false, "NotForward"),
            (Duration, "-P1D", false, "NotForward"),
            (Duration, "PT4H", true, "NotWorkingDays"),
            (Duration, "P1DT1H", true, "NotWorkingDays"),
            (Duration, "P1001D", true, "NotWorkingDays"),
            (Date, "2026-10-01", true, "NotWorkingDays"),
            (Cycle, "P1D", false, "Format"),
            (Cycle, "R0/P1D", false, "NotForward"),
            (Date, "2026-02-30", false, "Format"),
        ] {
            assert_eq!(due(kind, text, working), expected, "{text}");
        }
        assert_eq!(Due::parse(Cycle, "R3/P1D", false).unwrap().times(), Some(3));
        assert_eq!(Due::parse(Cycle, "R/P1D", false).unwrap().times(), None);
        let far = Due::parse(Duration, "P9000Y", false).unwrap();
        assert_eq!(far.from(Timestamp::MAX, &WorkingCalendar::official()).unwrap(), Timestamp::MAX);
    }
}
