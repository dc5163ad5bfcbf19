//! What can happen in a run. Events are the only way an [`crate::Instance`] changes, so keeping them is keeping its history.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    instance::Instance,
    model::{Model, Node},
};

/// Names one open task of one instance. Never used twice in an instance, also when a step is done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskRef(pub(crate) u64);

impl fmt::Display for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TaskRef {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Something that happened, in the order it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// The run began.
    Started {
        /// Id of the process.
        process: String,
    },
    /// Variables got values; those not named keep theirs.
    VariablesSet {
        /// Name and value, an object.
        variables: Value,
    },
    /// A person's task is open: put it on a worklist.
    TaskOpened {
        /// The task.
        task: TaskRef,
        /// Its element.
        element: String,
    },
    /// A service task is open: do it and report back with [`crate::complete`].
    ServiceRequested {
        /// The task.
        task: TaskRef,
        /// Its element.
        element: String,
    },
    /// A task was reported done.
    TaskClosed {
        /// The task.
        task: TaskRef,
        /// Its element.
        element: String,
    },
    /// An open task is no longer needed: take it off the worklist.
    TaskWithdrawn {
        /// The task.
        task: TaskRef,
        /// Its element.
        element: String,
    },
    /// A node was left by these flows.
    Passed {
        /// The node.
        element: String,
        /// The flows taken; none at a dead end.
        flows: Vec<String>,
    },
    /// A branch arrived at a gateway that waits for others.
    Waiting {
        /// The flow it came by.
        flow: String,
    },
    /// A gateway has what it waited for; one branch from each of these flows goes on as one.
    Joined {
        /// The gateway.
        element: String,
        /// The flows.
        flows: Vec<String>,
    },
    /// A branch reached an end event.
    Ended {
        /// The end event.
        element: String,
    },
    /// Branches that waited at gateways were given up, because the run was terminated.
    WaitingDropped {
        /// The flows.
        flows: Vec<String>,
    },
    /// Nothing is open any more; the run is over.
    Finished,
    /// The run was ended from outside or by a terminate event; the run is over.
    Terminated,
}

/// The outcome of one step: the new state and what happened on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// State after the step.
    pub instance: Instance,
    /// What happened, in order. Applying these to the state before gives the state after.
    pub events: Vec<Event>,
}

/// A task that a step opened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opened<'m> {
    /// The task.
    pub task: TaskRef,
    /// What the model says of it: name, kind, attributes.
    pub node: &'m Node,
}

impl Step {
    /// Tasks opened in this step that are still open: user and manual tasks for worklists, service tasks for the program.
    pub fn opened<'s, 'm: 's>(&'s self, model: &'m Model) -> impl Iterator<Item = Opened<'m>> + 's {
        self.events.iter().filter_map(move |event| match event {
            Event::TaskOpened { task, element } | Event::ServiceRequested { task, element } if self.instance.is_open(*task) => {
                model.node(element).map(|node| Opened { task: *task, node })
            }
            _ => None,
        })
    }

    /// Tasks that were open before this step and were withdrawn by it.
    pub fn withdrawn(&self) -> impl Iterator<Item = TaskRef> + '_ {
        self.events.iter().filter_map(|event| match event {
            Event::TaskWithdrawn { task, .. } => Some(*task),
            _ => None,
        })
    }

    /// End events reached in this step.
    pub fn ends(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| match event {
            Event::Ended { element } => Some(element.as_str()),
            _ => None,
        })
    }
}
