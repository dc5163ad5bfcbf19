//! The parts of a run's state: tokens, frames, armed events, forks. See `docs/process-semantics.md`, section 1.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a token stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Stand {
    /// Open: somebody or something has to report it done.
    #[default]
    Task,
    /// Waits at a join.
    Join,
    /// Waits for an event.
    Event,
    /// Holds an inside: a subprocess, rounds, compensations.
    Around,
    /// A task that waits for added signers.
    Paused,
}

/// A token: where a branch stands, and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Element it stands at.
    pub at: String,
    /// How it stands.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stand: Stand,
    /// Frame it belongs to; 0 is the process itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub frame: u64,
    /// Flow by which it waits at a join.
    #[serde(default, skip_serializing_if = "is_default")]
    pub by: Option<String>,
    /// Forks it comes from, ascending.
    #[serde(default, skip_serializing_if = "is_default")]
    pub forks: Vec<u64>,
    /// Task whose completion led here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: Option<u64>,
    /// Element of that task.
    #[serde(default, skip_serializing_if = "is_default")]
    pub previous: Option<String>,
    /// The step before that one, where it is another than the frame remembers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub earlier: Option<String>,
    /// When done, the branch goes straight back to this element (returned “straight back”).
    #[serde(default, skip_serializing_if = "is_default")]
    pub straight: Option<String>,
    /// Number in its round, from 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub number: u32,
    /// Item of its round.
    #[serde(default, skip_serializing_if = "is_default")]
    pub item: Value,
    /// The frame inside.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inner: Option<u64>,
    /// Owner and those it was delegated to, when that was said; the last has it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub holders: Vec<String>,
    /// Somebody has begun to work on it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub touched: bool,
    /// Signers who come when it is done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub after: Vec<Value>,
    /// Done itself; waits for the signers beside it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub signed: bool,
}

/// One run of a scope, or the rounds of a repeated activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The token it belongs to; 0 for the process itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owner: u64,
    /// Element of that token.
    pub at: String,
    /// Set for rounds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub round: Option<Round>,
    /// Items of the rounds, or elements to compensate, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub items: Vec<Value>,
    /// What could be undone, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub done: Vec<Compensable>,
    /// For what was come to, the step whose completion led there; without rounds. Following it always leads to a first step.
    #[serde(default, skip_serializing_if = "is_default")]
    pub led: BTreeMap<String, String>,
}

/// What rounds are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RoundKind {
    /// Multi-instance.
    #[default]
    Many,
    /// Standard loop.
    Loop,
    /// Compensation handlers, one after the other.
    Undo,
    /// Signers added to a plain task, who sign before it is worked on.
    Before,
    /// … when it is done.
    After,
    /// … at the same time.
    Beside,
}

/// Counts of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: RoundKind,
    /// How many there are; for loops, how many were begun.
    pub total: u32,
    /// How many were begun.
    pub begun: u32,
    /// How many are done.
    pub done: u32,
    /// How many agreed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub agree: u32,
    /// How many disagreed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub disagree: u32,
}

/// An activity that can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compensable {
    /// The activity.
    pub element: String,
    /// What can be undone inside it, when it is a subprocess without a handler of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inside: Vec<Compensable>,
}

/// An event that is waited for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Armed {
    /// Element of the event: a catching event, a boundary event, a receive task, the start of an event subprocess.
    pub at: String,
    /// For which token; none when it waits for a frame.
    #[serde(default, skip_serializing_if = "is_default")]
    pub token: Option<u64>,
    /// For which frame: that of the token, or the one it waits for itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub frame: u64,
    /// What a message has to bring to be meant.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: Option<Value>,
    /// Whether its condition held when last looked at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub holds: bool,
}

/// One passage through a split, as long as more than one branch comes from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fork {
    pub(crate) at: String,
    pub(crate) alive: u32,
}

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
