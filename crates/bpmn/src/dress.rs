//! How a state or a difference looks: never by colour alone, but also by the line, the pattern and the sign.

use crate::{compare::ChangeKind, progress::Mark};

/// Colours without the style sheet: ink, paper, line.
pub(crate) const INK: &str = "#1b1f23";
pub(crate) const PAPER: &str = "#fff";
pub(crate) const LINE: &str = "#5b6670";

/// What is shown of an element: how far it is, or what happened to it between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dress {
    Plain,
    Done,
    Active,
    Overdue,
    Added,
    Removed,
    Changed,
}

impl From<Mark> for Dress {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Ahead => Self::Plain,
            Mark::Done => Self::Done,
            Mark::Active => Self::Active,
            Mark::Overdue => Self::Overdue,
        }
    }
}

impl From<ChangeKind> for Dress {
    fn from(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::Added => Self::Added,
            ChangeKind::Removed => Self::Removed,
            ChangeKind::Changed => Self::Changed,
        }
    }
}

/// Colours, strength, line and pattern.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) class: &'static str,
    pub(crate) fill: &'static str,
    pub(crate) stroke: &'static str,
    pub(crate) width: &'static str,
    /// Of boxes and flows; empty for a solid line.
    pub(crate) dashes: &'static str,
    /// Name of the pattern over boxes; empty for none.
    pub(crate) pattern: &'static str,
}

impl Dress {
    pub(crate) fn look(self) -> Look {
        let solid = |class, fill, stroke, width| Look { class, fill, stroke, width, dashes: "", pattern: "" };
        match self {
            Self::Plain => solid("bpmn-ahead", PAPER, LINE, "1.4"),
            Self::Done => solid("bpmn-done", "#e8f4ec", "#1e6f3e", "1.6"),
            Self::Active => solid("bpmn-active", "#e7f0fb", "#1a56a8", "3"),
            Self::Overdue => Look { dashes: "8 3", pattern: "hatch", ..solid("bpmn-overdue", "#fdeeec", "#b3261e", "3") },
            Self::Added => solid("bpmn-added", "#e8f4ec", "#1e6f3e", "3"),
            Self::Removed => Look { dashes: "8 3", pattern: "hatch", ..solid("bpmn-removed", "#fdeeec", "#b3261e", "2") },
            Self::Changed => Look { dashes: "2.5 2.5", pattern: "dots", ..solid("bpmn-changed", "#fdf4e3", "#8a5300", "2.4") },
        }
    }

    /// The sign at the corner: a ground (none: a circle) and a figure on it; nothing for what is plain.
    pub(crate) fn sign(self) -> Option<(Option<&'static str>, &'static str)> {
        Some(match self {
            Self::Plain => return None,
            Self::Done => (None, "M-3.6 .2L-1 2.8L3.8-2.6"),
            Self::Active => (None, "M-2-3.4L3.6 0L-2 3.4Z"),
            Self::Overdue => (Some("M0-9.5L9.5 7.5H-9.5Z"), "M0-4V2M0 4.4V5.2"),
            Self::Added => (None, "M-4 0H4M0-4V4"),
            Self::Removed => (Some("M-7.5-7.5H7.5V7.5H-7.5Z"), "M-4 0H4"),
            Self::Changed => (Some("M0-9.5L9.5 0L0 9.5L-9.5 0Z"), "M-4 1Q-2-3 0 0T4-1"),
        })
    }

    /// Whether the name is struck through.
    pub(crate) fn is_struck(self) -> bool {
        self == Self::Removed
    }
}

/// The marker at the end of a flow: name and class of each.
pub(crate) const HEADS: [(Dress, &str, &str); 5] = [
    (Dress::Plain, "arrow", "bpmn-head"),
    (Dress::Done, "arrow-done", "bpmn-head bpmn-done"),
    (Dress::Added, "arrow-added", "bpmn-head bpmn-added"),
    (Dress::Removed, "arrow-removed", "bpmn-head bpmn-removed"),
    (Dress::Changed, "arrow-changed", "bpmn-head bpmn-changed"),
];
