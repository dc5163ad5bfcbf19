//! How far something is and what happened: steps with progress, and the timeline of a case.

use askama::{Template, filters::HtmlSafe};
use banhao_kernel::Timestamp;

use super::Markup;
use crate::filters;
use crate::flash::Tone;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// The reader's turn or being worked on.
    Current,
    /// Not yet.
    ToDo,
    /// Something is wrong or missing here.
    Attention,
    /// Left out for this applicant.
    Skipped,
}

impl StepState {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::ToDo => "todo",
            Self::Attention => "attention",
            Self::Skipped => "skipped",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Done => "tick-circle",
            Self::Current => "dot",
            Self::ToDo => "ring",
            Self::Attention => "warning",
            Self::Skipped => "next",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Done => "web-step-done",
            Self::Current => "web-step-current",
            Self::ToDo => "web-step-todo",
            Self::Attention => "web-step-attention",
            Self::Skipped => "web-step-skipped",
        }
    }
}

/// A step of a task list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub title: String,
    /// Where it stands.
    pub state: StepState,
    /// Where it is done, if the reader may go there.
    pub href: Option<String>,
    /// A line below, or empty.
    pub note: String,
}

impl Step {
    /// A step without link and note.
    #[must_use]
    pub fn new(title: impl Into<String>, state: StepState) -> Self {
        Self { title: title.into(), state, href: None, note: String::new() }
    }

    /// Where it is done.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// A line below.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// A task list with its progress.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/steps.html")]
pub struct Steps {
    /// What the list is, read by screen readers.
    pub label: String,
    /// The steps in order.
    pub items: Vec<Step>,
    /// Shows "2 of 5 done" and a bar.
    pub progress: bool,
}

impl HtmlSafe for Steps {}

impl Steps {
    fn done(&self) -> usize {
        self.items.iter().filter(|step| matches!(step.state, StepState::Done | StepState::Skipped)).count()
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub title: String,
    /// Who did it, or empty.
    pub by: String,
    /// More about it: papers to download, the receipt of the ledger.
    pub body: Option<Markup>,
    /// How to mark it.
    pub tone: Tone,
}

/// What happened, newest first or oldest first as the page gives it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    /// The happenings.
    pub items: Vec<Happening>,
}

impl HtmlSafe for Timeline {}
