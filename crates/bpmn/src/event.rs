//! What can happen in a run. Events are the only way an [`crate::Instance`] changes, so keeping them is keeping its history.

use std::{collections::BTreeMap, fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    instance::Instance,
    model::{Model, Node},
    state::{Armed, Compensable, Frame, Round, Stand, Token},
};

/// Names one token of one instance, such as an open task, and also one armed event. Never used twice in an instance, also when
/// a step is done again.
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

/// Why a token is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Gone {
    /// Done: the branch goes on.
    Done,
    /// No longer needed: the branch ends here.
    Withdrawn,
    /// Something else happened: the branch goes on from there.
    Interrupted,
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
    /// A token stands somewhere: at a task that is open now, at an event that is waited for, at a join, or around an inside.
    Placed {
        /// The token.
        task: TaskRef,
        /// Where and whence.
        token: Box<Token>,
    },
    /// A token is gone.
    Gone {
        /// The token.
        task: TaskRef,
        /// Where it stood.
        element: String,
        /// Why.
        how: Gone,
    },
    /// A node was left by these flows.
    Passed {
        /// The node.
        element: String,
        /// The flows taken; none at a dead end.
        flows: Vec<String>,
    },
    /// A branch reached an end event.
    Ended {
        /// The end event.
        element: String,
    },
    /// A moving branch came to its end.
    Vanished {
        /// Forks it came from.
        forks: Vec<u64>,
    },
    /// One branch became several.
    Forked {
        /// The fork.
        fork: u64,
        /// Where.
        element: String,
        /// Forks the branch came from.
        parents: Vec<u64>,
        /// Number of branches.
        branches: u32,
        /// A standing token that is one of the branches.
        with: Option<TaskRef>,
    },
    /// Several tokens became one branch: at a join, by a return, by a jump.
    Merged {
        /// Where they meet or go.
        element: String,
        /// The tokens.
        tokens: Vec<TaskRef>,
        /// Forks of the branch they become.
        forks: Vec<u64>,
        /// Whether they met at a join; else they were moved.
        joined: bool,
    },
    /// A scope or a round began inside a token.
    FrameOpened {
        /// The frame.
        frame: u64,
        /// What it is.
        state: Frame,
    },
    /// A scope or a round is over.
    FrameClosed {
        /// The frame.
        frame: u64,
    },
    /// A round went on, or signers were added or removed.
    RoundAdvanced {
        /// The frame.
        frame: u64,
        /// Its counts now.
        round: Round,
    },
    /// Who is still to come in a round was changed.
    SignersChanged {
        /// The frame.
        frame: u64,
        /// All items of the round.
        items: Vec<Value>,
    },
    /// An event is waited for; a timer has to be set by the caller.
    Armed {
        /// Names it for [`crate::Command::Fire`].
        armed: TaskRef,
        /// Which and for whom.
        state: Armed,
    },
    /// A condition was looked at.
    Looked {
        /// The armed event.
        armed: TaskRef,
        /// Whether it holds.
        holds: bool,
    },
    /// An event is no longer waited for.
    Disarmed {
        /// The armed event.
        armed: TaskRef,
        /// Its element.
        element: String,
    },
    /// An event that was waited for has happened.
    Happened {
        /// Its element.
        element: String,
    },
    /// A message goes out.
    MessageSent {
        /// Element that sends it.
        element: String,
        /// Name of the message.
        message: String,
    },
    /// A signal was thrown; other runs may hear it too.
    Signalled {
        /// Name of the signal.
        signal: String,
    },
    /// An escalation was caught by nobody.
    Unheard {
        /// Its code.
        code: Option<String>,
    },
    /// A decision was asked.
    Decided {
        /// The rule task.
        element: String,
        /// The decision.
        decision: String,
        /// Its answer.
        answer: Value,
    },
    /// One thing more could be undone in a frame.
    UndoableToo {
        /// The frame.
        frame: u64,
        /// The completed activity.
        done: Compensable,
    },
    /// What could be undone in a frame.
    Undoable {
        /// The frame.
        frame: u64,
        /// Completed activities with a compensation handler, oldest first.
        done: Vec<Compensable>,
    },
    /// A task is held by others.
    Held {
        /// The task.
        task: TaskRef,
        /// The owner, and those it was delegated to; the last has it now.
        holders: Vec<String>,
    },
    /// Somebody has begun to work on a task.
    Touched {
        /// The task.
        task: TaskRef,
    },
    /// A branch behind a completed task went on to where nothing is taken back: its completion stands.
    PassedOn {
        /// The completed task.
        task: TaskRef,
    },
    /// Signers come after a task, or beside it.
    Awaits {
        /// The task.
        task: TaskRef,
        /// Signers who come when it is done.
        after: Vec<Value>,
        /// Whether it is done itself and waits for those beside it.
        signed: bool,
    },
    /// A task waits for signers, or can be worked on again.
    Turned {
        /// The task.
        task: TaskRef,
        /// How it stands now.
        stand: Stand,
    },
    /// A copy goes to somebody.
    Copied {
        /// The task.
        task: TaskRef,
        /// To whom.
        to: Vec<String>,
    },
    /// Somebody is asked to hurry.
    Urged {
        /// The task.
        task: TaskRef,
        /// Who holds it.
        holders: Vec<String>,
    },
    /// Nothing goes on until it is resumed.
    Suspended,
    /// Goes on.
    Resumed,
    /// The run follows another version of the process now.
    Migrated {
        /// Id of the process.
        process: String,
        /// Elements and flows that have another id now.
        ids: BTreeMap<String, String>,
    },
    /// Nothing is open any more; the run is over.
    Finished,
    /// The run was ended from outside or by a terminate event; the run is over.
    Terminated,
    /// An error was caught by nobody; the run is over.
    Failed {
        /// Its code.
        code: Option<String>,
    },
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

/// Tasks opened by these events that are still open: user and manual tasks for worklists, service tasks and calls for the program.
pub fn opened<'s, 'm: 's>(events: &'s [Event], instance: &'s Instance, model: &'m Model) -> impl Iterator<Item = Opened<'m>> + 's {
    events.iter().filter_map(move |event| {
        let task = match event {
            Event::Placed { task, .. } | Event::Turned { task, stand: Stand::Task } => *task,
            _ => return None,
        };
        let token = instance.token(task).filter(|token| token.stand == Stand::Task)?;
        let node = model.node(&token.at).filter(|node| node.kind().is_task())?;
        Some(Opened { task, node })
    })
}

impl Step {
    /// Tasks opened in this step that are still open.
    pub fn opened<'s, 'm: 's>(&'s self, model: &'m Model) -> impl Iterator<Item = Opened<'m>> + 's {
        opened(&self.events, &self.instance, model)
    }

    /// Tokens that were there before this step, or were opened by it, and were withdrawn, interrupted or moved away.
    pub fn withdrawn(&self) -> impl Iterator<Item = TaskRef> + '_ {
        self.events.iter().flat_map(|event| match event {
            Event::Gone { task, how: Gone::Withdrawn | Gone::Interrupted, .. } => vec![*task],
            Event::Merged { tokens, joined: false, .. } => tokens.clone(),
            _ => Vec::new(),
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

pub(crate) fn nothing() -> Value {
    Value::Object(Map::new())
}
