//! The state of one run: what is open, what waits, which variables conditions may ask for, and how often each element was
//! passed. No history: its size follows the open tasks and the size of the drawing, not the length of the run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    event::{Event, TaskRef},
    model::Model,
};

/// Version of the state's form; a state of a later version is refused.
pub(crate) const FORM: u8 = 1;

/// One run of a process. Made by [`crate::start`], moved on by [`crate::complete`]; store it as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    pub(crate) form: u8,
    pub(crate) process: String,
    pub(crate) phase: Phase,
    pub(crate) next: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) open: BTreeMap<TaskRef, OpenTask>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) waiting: BTreeMap<String, u32>,
    #[serde(default = "nothing", skip_serializing_if = "is_nothing")]
    pub(crate) variables: Value,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) done: BTreeMap<String, u32>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// Something is open.
    Running,
    /// Every branch has ended.
    Finished,
    /// Ended before its time, by a terminate event or from outside.
    Terminated,
}

/// A task that waits. A struct, because returning and repeating will need more than the element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenTask {
    pub(crate) at: String,
}

fn nothing() -> Value {
    Value::Object(Map::new())
}

fn is_nothing(value: &Value) -> bool {
    value.as_object().is_none_or(Map::is_empty)
}

impl Instance {
    /// A run that has not begun: replay its events on it.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            form: FORM,
            process: String::new(),
            phase: Phase::Running,
            next: 1,
            open: BTreeMap::new(),
            waiting: BTreeMap::new(),
            variables: nothing(),
            done: BTreeMap::new(),
        }
    }

    /// The state that these events lead to, from the beginning of a run.
    ///
    /// # Errors
    /// The events do not follow from each other.
    pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Self, ReplayError> {
        let mut instance = Self::blank();
        for event in events {
            instance.apply(event)?;
        }
        Ok(instance)
    }

    /// How far the run is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether something is still open.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Open tasks with the ids of their elements, oldest first.
    pub fn open_tasks(&self) -> impl Iterator<Item = (TaskRef, &str)> {
        self.open.iter().map(|(task, open)| (*task, open.at.as_str()))
    }

    /// Whether this task is open.
    #[must_use]
    pub fn is_open(&self, task: TaskRef) -> bool {
        self.open.contains_key(&task)
    }

    /// The open task at an element, when there is exactly one.
    #[must_use]
    pub fn task_at(&self, element: &str) -> Option<TaskRef> {
        let mut found = self.open.iter().filter(|(_, open)| open.at == element);
        let (task, _) = found.next()?;
        found.next().is_none().then_some(*task)
    }

    /// How often an element was done or a flow was taken.
    #[must_use]
    pub fn times_done(&self, id: &str) -> u32 {
        self.done.get(id).copied().unwrap_or(0)
    }

    /// Elements done and flows taken, with how often.
    pub fn done(&self) -> impl Iterator<Item = (&str, u32)> {
        self.done.iter().map(|(id, count)| (id.as_str(), *count))
    }

    /// Branches that wait at gateways: flow and number.
    pub fn waiting(&self) -> impl Iterator<Item = (&str, u32)> {
        self.waiting.iter().map(|(flow, count)| (flow.as_str(), *count))
    }

    /// Number of branches: open tasks and branches that wait at a gateway.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        let waiting: u64 = self.waiting.values().map(|count| u64::from(*count)).sum();
        waiting + self.open.len() as u64
    }

    /// Values that conditions may ask for, an object. Variables that no condition of the model mentions are not kept.
    #[must_use]
    pub fn variables(&self) -> &Value {
        &self.variables
    }

    /// End events that were reached.
    pub fn ends<'i>(&'i self, model: &'i Model) -> impl Iterator<Item = &'i str> {
        model.nodes().iter().filter(|node| node.kind().is_end() && self.times_done(node.id()) > 0).map(|node| node.id())
    }

    /// Changes the state by one event.
    ///
    /// # Errors
    /// The event does not follow from the state; the state may be half changed then and should not be used.
    pub fn apply(&mut self, event: &Event) -> Result<(), ReplayError> {
        if !self.is_running() {
            return Err(ReplayError::Over);
        }
        match event {
            Event::Started { process } => self.process.clone_from(process),
            Event::VariablesSet { variables } => {
                if let (Some(kept), Some(new)) = (self.variables.as_object_mut(), variables.as_object()) {
                    for (name, value) in new {
                        kept.insert(name.clone(), value.clone());
                    }
                }
            }
            Event::TaskOpened { task, element } | Event::ServiceRequested { task, element } => {
                if task.0 < self.next {
                    return Err(ReplayError::TaskUsed(*task));
                }
                self.next = task.0 + 1;
                self.open.insert(*task, OpenTask { at: element.clone() });
            }
            Event::TaskClosed { task, element } | Event::TaskWithdrawn { task, element } => match self.open.remove(task) {
                Some(open) if open.at == *element => {}
                _ => return Err(ReplayError::TaskNotOpen(*task)),
            },
            Event::Passed { element, flows } => {
                self.count(element);
                for flow in flows {
                    self.count(flow);
                }
            }
            Event::Waiting { flow } => {
                let waiting = self.waiting.entry(flow.clone()).or_default();
                *waiting = waiting.saturating_add(1);
            }
            Event::Joined { flows, .. } | Event::WaitingDropped { flows } => {
                for flow in flows {
                    self.take_waiting(flow)?;
                }
            }
            Event::Ended { element } => self.count(element),
            Event::Finished => self.phase = Phase::Finished,
            Event::Terminated => self.phase = Phase::Terminated,
        }
        Ok(())
    }

    fn count(&mut self, id: &str) {
        match self.done.get_mut(id) {
            Some(count) => *count = count.saturating_add(1),
            None => {
                self.done.insert(id.to_owned(), 1);
            }
        }
    }

    fn take_waiting(&mut self, flow: &str) -> Result<(), ReplayError> {
        let Some(waiting) = self.waiting.get_mut(flow) else {
            return Err(ReplayError::NothingWaiting(flow.to_owned()));
        };
        *waiting -= 1;
        if *waiting == 0 {
            self.waiting.remove(flow);
        }
        Ok(())
    }
}

/// Events that do not follow from each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Something happened after the end.
    #[error("an event follows the end of the run")]
    Over,
    /// A task number was used before.
    #[error("task {0} is opened a second time")]
    TaskUsed(TaskRef),
    /// A task was closed that is not open at this element.
    #[error("task {0} is closed but is not open there")]
    TaskNotOpen(TaskRef),
    /// A gateway took a branch that was not there.
    #[error("nothing waits on flow {0}")]
    NothingWaiting(String),
}
