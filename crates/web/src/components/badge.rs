//! Small marks: the status chip and the clock of a case. Both say it with an icon and a word, never by colour alone.

use askama::{Template, filters::HtmlSafe};
use banhao_kernel::Date;

use crate::filters;
use crate::flash::Tone;

/// A status: icon and word.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/chip.html")]
pub struct Chip {
    /// Colour class.
    pub tone: Tone,
    /// Name of the icon.
    pub icon: &'static str,
    /// The word.
    pub text: String,
}

impl HtmlSafe for Chip {}

impl Chip {
    /// A chip with the icon that belongs to its tone.
    #[must_use]
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        let icon = match tone {
            Tone::Info => "ring",
            Tone::Good => "tick-circle",
            Tone::Warn => "warning",
            Tone::Bad => "error",
        };
        Self { tone, icon, text: text.into() }
    }

    /// Another icon.
    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }
}

/// Where the legal clock of a case stands. Whether something is "due soon" is the domain's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// The clock has not started.
    NotStarted,
    /// So many working days are left.
    Running(u32),
    /// So many working days are left, and that is little.
    DueSoon(u32),
    /// Today is the last day.
    DueToday,
    /// So many working days too late.
    Overdue(u32),
    /// The clock stands still (supplement, special procedure).
    Stopped,
    /// Finished in time.
    Kept,
    /// Finished too late.
    Missed,
}

/// The clock of a case with the date it falls due.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/clock.html")]
pub struct ClockBadge {
    /// Where it stands.
    pub state: ClockState,
    /// When it falls due, if that is known.
    pub due: Option<Date>,
}

impl HtmlSafe for ClockBadge {}

impl ClockBadge {
    /// A badge.
    #[must_use]
    pub fn new(state: ClockState, due: Option<Date>) -> Self {
        Self { state, due }
    }

    fn tone(&self) -> &'static str {
        match self.state {
            ClockState::NotStarted | ClockState::Running(_) | ClockState::Stopped => "info",
            ClockState::DueSoon(_) | ClockState::DueToday => "warn",
            ClockState::Overdue(_) | ClockState::Missed => "bad",
            ClockState::Kept => "good",
        }
    }

    fn icon(&self) -> &'static str {
        match self.state {
            ClockState::NotStarted => "ring",
            ClockState::Running(_) | ClockState::DueSoon(_) => "clock",
            ClockState::DueToday => "warning",
            ClockState::Overdue(_) | ClockState::Missed => "error",
            ClockState::Stopped => "pause",
            ClockState::Kept => "tick-circle",
        }
    }

    fn key(&self) -> &'static str {
        match self.state {
            ClockState::NotStarted => "web-clock-not-started",
            ClockState::Running(_) | ClockState::DueSoon(_) => "web-clock-left",
            ClockState::DueToday => "web-clock-today",
            ClockState::Overdue(_) => "web-clock-overdue",
            ClockState::Stopped => "web-clock-stopped",
            ClockState::Kept => "web-clock-kept",
            ClockState::Missed => "web-clock-missed",
        }
    }

    fn days(&self) -> u32 {
        match self.state {
            ClockState::Running(days) | ClockState::DueSoon(days) | ClockState::Overdue(days) => days,
            _ => 0,
        }
    }
}
