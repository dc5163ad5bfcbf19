//! How far a run is, as it is drawn and read out: per element, without the engine's inner state.

use std::collections::BTreeSet;

use crate::{
    instance::Instance,
    model::{Flow, Node},
};

/// State of an element in a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Not reached (yet).
    Ahead,
    /// Done at least once and not open now.
    Done,
    /// Open.
    Active,
    /// Open and late.
    Overdue,
}

/// Which elements and flows are done, open and late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    done: BTreeSet<String>,
    active: BTreeSet<String>,
    overdue: BTreeSet<String>,
}

impl Progress {
    /// Progress of a run; what is late only the caller's clock knows ([`Progress::overdue`]).
    #[must_use]
    pub fn of(instance: &Instance) -> Self {
        Self {
            done: instance.done().map(|(id, _)| id.to_owned()).collect(),
            active: instance.open_tasks().map(|(_, id)| id.to_owned()).collect(),
            overdue: BTreeSet::new(),
        }
    }

    /// Progress known otherwise: elements and flows done, elements open.
    #[must_use]
    pub fn new<S: Into<String>>(done: impl IntoIterator<Item = S>, active: impl IntoIterator<Item = S>) -> Self {
        Self {
            done: done.into_iter().map(Into::into).collect(),
            active: active.into_iter().map(Into::into).collect(),
            overdue: BTreeSet::new(),
        }
    }

    /// The same, with these open elements late.
    #[must_use]
    pub fn overdue<S: Into<String>>(mut self, late: impl IntoIterator<Item = S>) -> Self {
        self.overdue.extend(late.into_iter().map(Into::into));
        self
    }

    /// State of a node. What is open counts before what was done in an earlier round.
    #[must_use]
    pub fn mark(&self, node: &Node) -> Mark {
        if self.overdue.contains(node.id()) {
            Mark::Overdue
        } else if self.active.contains(node.id()) {
            Mark::Active
        } else if self.done.contains(node.id()) {
            Mark::Done
        } else {
            Mark::Ahead
        }
    }

    /// Whether a flow was taken.
    #[must_use]
    pub fn taken(&self, flow: &Flow) -> bool {
        self.done.contains(flow.id())
    }
}
