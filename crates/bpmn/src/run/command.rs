//! What can be done with a run. Who may do it is not the engine's business.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::TaskRef;

/// Something to do with a run; see `docs/process-semantics.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Command {
    /// Begin.
    Start {
        /// A start event with a trigger; the plain start when none is given.
        #[serde(default)]
        at: Option<String>,
        /// Variables, an object.
        #[serde(default)]
        variables: Value,
    },
    /// An open task is done.
    Complete {
        /// The task.
        task: TaskRef,
        /// Values it gives, an object; signers give `verdict`.
        #[serde(default)]
        variables: Value,
    },
    /// An open task failed with a BPMN error.
    Fail {
        /// The task.
        task: TaskRef,
        /// The error's code.
        code: String,
    },
    /// An open task asks those above it.
    Escalate {
        /// The task.
        task: TaskRef,
        /// The escalation's code.
        code: String,
    },
    /// A message came in.
    Message {
        /// Its name.
        message: String,
        /// What it brings to be recognised by.
        #[serde(default)]
        key: Option<Value>,
        /// Values it brings, an object.
        #[serde(default)]
        variables: Value,
    },
    /// A signal is heard.
    Signal {
        /// Its name.
        signal: String,
        /// Values it brings, an object.
        #[serde(default)]
        variables: Value,
    },
    /// A timer is due.
    Fire {
        /// The armed event.
        event: TaskRef,
    },
    /// Variables have new values.
    Set {
        /// Values, an object.
        variables: Value,
    },
    /// Somebody begins to work on a task: it can no longer be taken back from them.
    Touch {
        /// The task.
        task: TaskRef,
    },
    /// 转办: another holds the task.
    HandOver {
        /// The task.
        task: TaskRef,
        /// Who.
        to: String,
    },
    /// 委派: another works on the task and reports back.
    Delegate {
        /// The task.
        task: TaskRef,
        /// Who holds it when nobody was named before.
        owner: String,
        /// Who.
        to: String,
    },
    /// The report of the one it was delegated to.
    Resolve {
        /// The task.
        task: TaskRef,
        /// Values, an object.
        #[serde(default)]
        variables: Value,
    },
    /// 抄送.
    Copy {
        /// The task.
        task: TaskRef,
        /// To whom.
        to: Vec<String>,
    },
    /// 催办.
    Urge {
        /// The task.
        task: TaskRef,
    },
    /// 退回.
    Return {
        /// The task.
        task: TaskRef,
        /// Where to.
        to: Target,
        /// What happens when it is done again.
        #[serde(default)]
        then: Returning,
    },
    /// 加签.
    AddSigners {
        /// The task: a plain one, or any open one of a signing round.
        task: TaskRef,
        /// Who.
        who: Vec<Value>,
        /// When they sign.
        how: Signers,
    },
    /// 减签.
    RemoveSigner {
        /// Any open task of the round, or the plain task they were added to.
        task: TaskRef,
        /// Who.
        who: Value,
    },
    /// 撤回: the step that was completed as this task is open again.
    TakeBack {
        /// The completed task.
        task: TaskRef,
    },
    /// 跳转.
    Jump {
        /// The task.
        task: TaskRef,
        /// The node to go to.
        to: String,
    },
    /// 挂起.
    Suspend,
    /// 恢复.
    Resume,
    /// 终止.
    Terminate,
}

/// Where a task is returned to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The first step of people behind the start.
    Start,
    /// The step whose completion led here.
    Previous,
    /// A named step that was done before.
    Step(String),
}

/// What happens when a returned step is done again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Returning {
    /// Everything from there is done again.
    #[default]
    StepByStep,
    /// It comes straight back to the step that returned it.
    Straight,
}

/// When added signers sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signers {
    /// 前加签: before the task is worked on; in a round in turn, next.
    Before,
    /// 后加签: when the task is done; in a round in turn, at the end.
    After,
    /// 并加签: at the same time.
    Beside,
}
