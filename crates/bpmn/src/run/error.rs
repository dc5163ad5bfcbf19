//! Why a step cannot be made. Nothing has changed then.

use super::{MAX_FORKS, MAX_INSTANCES, MAX_NESTING, MAX_TOKENS};
use crate::{
    event::TaskRef,
    instance::{FORM, ReplayError},
};

/// Why a step could not be made. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The run is over.
    #[error("the run is over; nothing can be done any more")]
    Over,
    /// The run is suspended.
    #[error("the run is suspended; resume it first")]
    Suspended,
    /// The run is not suspended.
    #[error("the run is not suspended")]
    NotSuspended,
    /// No such task is open: perhaps somebody else has done it.
    #[error("task {task} is not open (any more)")]
    TaskNotOpen {
        /// The task.
        task: TaskRef,
    },
    /// The task was delegated: it has to be reported back first.
    #[error("task {task} is delegated; it has to be reported back first")]
    Delegated {
        /// The task.
        task: TaskRef,
    },
    /// The task is not delegated.
    #[error("task {task} is not delegated")]
    NotDelegated {
        /// The task.
        task: TaskRef,
    },
    /// A signer did not say whether they agree.
    #[error("task {task} needs a verdict: “agree” or “disagree”")]
    VerdictMissing {
        /// The task.
        task: TaskRef,
    },
    /// The event is not waited for (any more).
    #[error("event {event} is not waited for (any more)")]
    NotArmed {
        /// The event.
        event: TaskRef,
    },
    /// Nobody waits for the message.
    #[error("nobody waits for the message {message}")]
    NobodyWaits {
        /// Its name.
        message: String,
    },
    /// The process has no such start.
    #[error("the process cannot be started at {element}")]
    NoSuchStart {
        /// The element asked for.
        element: String,
    },
    /// The operation does not fit the task.
    #[error("{operation} is not possible at {element}: {reason}")]
    NotPossible {
        /// The operation.
        operation: &'static str,
        /// Where.
        element: String,
        /// Why, as a stable word (see [`RunError::zh`]).
        reason: Why,
    },
    /// The state belongs to another model or to another version of it.
    #[error("the state does not fit the model: {element} is not in it")]
    ForeignInstance {
        /// What the model does not have.
        element: String,
    },
    /// The state was written by a later version of this program.
    #[error("the state has form {form}; this program reads form {FORM}")]
    OtherForm {
        /// Its form.
        form: u8,
    },
    /// Variables must be an object.
    #[error("variables must be an object of names and values")]
    VariablesNotAnObject,
    /// An expression has no answer.
    #[error("the expression at {element} has no answer: {reason} ({expression})")]
    Condition {
        /// The flow or node.
        element: String,
        /// The expression.
        expression: String,
        /// Why.
        reason: String,
    },
    /// No condition holds and there is no default.
    #[error("no way out of {element}: no condition holds and there is no default flow")]
    NoWayOut {
        /// The node.
        element: String,
    },
    /// The flow goes round without a task.
    #[error("the flow goes round through {element} without coming to a task")]
    EndlessLoop {
        /// A node on the way.
        element: String,
    },
    /// Too many branches.
    #[error("more than {MAX_TOKENS} branches are open")]
    TooManyTokens,
    /// Too many instances of one activity.
    #[error("{element} would have {number} instances; {MAX_INSTANCES} are the most")]
    TooManyInstances {
        /// The activity.
        element: String,
        /// How many.
        number: u64,
    },
    /// Too many scopes, or open splits, inside each other.
    #[error("more than {MAX_NESTING} scopes or {MAX_FORKS} open splits inside each other at {element}")]
    TooDeep {
        /// The activity.
        element: String,
    },
    /// Nothing is open, but branches wait for others that can never come.
    #[error("stuck: the gateways behind {} wait for branches that can never come", flows.join(", "))]
    Stuck {
        /// Flows with waiting branches.
        flows: Vec<String>,
    },
    /// The stored state contradicts itself.
    #[error("the stored state contradicts itself: {0}")]
    Broken(#[from] ReplayError),
}

/// Why an operation is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The target was not done before, or does not lead here.
    #[error("that step was not done before on the way here")]
    NotBefore,
    /// The target is a step that cannot be gone to.
    #[error("that node cannot be gone to")]
    NotATarget,
    /// The target lies in another parallel branch.
    #[error("it lies in another parallel branch")]
    OtherBranch,
    /// The drawing jumps into a parallel region.
    #[error("the drawing jumps into a parallel region here")]
    Tangled,
    /// There are several to choose from.
    #[error("there are several; choose one")]
    Several,
    /// There is none.
    #[error("there is none")]
    None,
    /// Straight back is possible only within a branch.
    #[error("the way back would cross a parallel region")]
    NotStraight,
    /// Somebody has begun with what came after.
    #[error("what came after has been begun or passed on")]
    TooLate,
    /// Only for tasks of people.
    #[error("it is not a task of people")]
    NotHuman,
    /// Only for signing in turn.
    #[error("signers do not come in turn here")]
    NotInTurn,
    /// Signers were added already.
    #[error("signers were added already")]
    AlreadySigners,
    /// The last signer stays.
    #[error("the last one has to stay")]
    LastSigner,
    /// Nobody was named.
    #[error("nobody was named")]
    Nobody,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::NotBefore,
        Self::NotATarget,
        Self::OtherBranch,
        Self::Tangled,
        Self::Several,
        Self::None,
        Self::NotStraight,
        Self::TooLate,
        Self::NotHuman,
        Self::NotInTurn,
        Self::AlreadySigners,
        Self::LastSigner,
        Self::Nobody,
    ];

    /// Stable name, for text keys and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotBefore => "not-before",
            Self::NotATarget => "not-a-target",
            Self::OtherBranch => "other-branch",
            Self::Tangled => "tangled",
            Self::Several => "several",
            Self::None => "none",
            Self::NotStraight => "not-straight",
            Self::TooLate => "too-late",
            Self::NotHuman => "not-human",
            Self::NotInTurn => "not-in-turn",
            Self::AlreadySigners => "already-signers",
            Self::LastSigner => "last-signer",
            Self::Nobody => "nobody",
        }
    }

    /// In Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::NotBefore => "该环节之前没有办过，或走不到当前环节",
            Self::NotATarget => "不能转到该处",
            Self::OtherBranch => "该环节在另一个并行分支里",
            Self::Tangled => "流程图在这里从外面跳入并行区域",
            Self::Several => "有多个，请选定一个",
            Self::None => "没有这样的环节",
            Self::NotStraight => "直接返回会跨越并行区域",
            Self::TooLate => "后面的环节已经开始办理",
            Self::NotHuman => "这不是人工办理的环节",
            Self::NotInTurn => "这里不是依次签署",
            Self::AlreadySigners => "已经加过签",
            Self::LastSigner => "最后一人不能减去",
            Self::Nobody => "没有指定人员",
        }
    }
}

impl RunError {
    /// Stable names of all kinds of errors.
    pub const CODES: [&'static str; 22] = [
        "process-over",
        "process-suspended",
        "process-not-suspended",
        "process-task-not-open",
        "process-delegated",
        "process-not-delegated",
        "process-verdict-missing",
        "process-not-armed",
        "process-nobody-waits",
        "process-no-such-start",
        "process-not-possible",
        "process-foreign-instance",
        "process-other-form",
        "process-variables",
        "process-condition",
        "process-no-way-out",
        "process-endless-loop",
        "process-too-many-tokens",
        "process-too-many-instances",
        "process-too-deep",
        "process-stuck",
        "process-broken-state",
    ];

    /// Stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Over => "process-over",
            Self::Suspended => "process-suspended",
            Self::NotSuspended => "process-not-suspended",
            Self::TaskNotOpen { .. } => "process-task-not-open",
            Self::Delegated { .. } => "process-delegated",
            Self::NotDelegated { .. } => "process-not-delegated",
            Self::VerdictMissing { .. } => "process-verdict-missing",
            Self::NotArmed { .. } => "process-not-armed",
            Self::NobodyWaits { .. } => "process-nobody-waits",
            Self::NoSuchStart { .. } => "process-no-such-start",
            Self::NotPossible { .. } => "process-not-possible",
            Self::ForeignInstance { .. } => "process-foreign-instance",
            Self::OtherForm { .. } => "process-other-form",
            Self::VariablesNotAnObject => "process-variables",
            Self::Condition { .. } => "process-condition",
            Self::NoWayOut { .. } => "process-no-way-out",
            Self::EndlessLoop { .. } => "process-endless-loop",
            Self::TooManyTokens => "process-too-many-tokens",
            Self::TooManyInstances { .. } => "process-too-many-instances",
            Self::TooDeep { .. } => "process-too-deep",
            Self::Stuck { .. } => "process-stuck",
            Self::Broken(_) => "process-broken-state",
        }
    }

    /// What went wrong, in Chinese; [`ToString`] gives it in English.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Over => "流程已经结束，不能再办理。".to_owned(),
            Self::Suspended => "流程已挂起，请先恢复。".to_owned(),
            Self::NotSuspended => "流程没有挂起。".to_owned(),
            Self::TaskNotOpen { .. } => "这个环节已经不在待办中，可能已由他人办理。".to_owned(),
            Self::Delegated { .. } => "这个环节已委派他人，请等受托人反馈后再办结。".to_owned(),
            Self::NotDelegated { .. } => "这个环节没有委派，不需要反馈。".to_owned(),
            Self::VerdictMissing { .. } => "请选择同意或不同意。".to_owned(),
            Self::NotArmed { .. } => "这个事件已经不再等待。".to_owned(),
            Self::NobodyWaits { message } => format!("没有环节在等消息“{message}”。"),
            Self::NoSuchStart { element } => format!("流程不能从“{element}”开始。"),
            Self::NotPossible { element, reason, .. } => format!("在“{element}”不能这样办理：{}。", reason.zh()),
            Self::ForeignInstance { element } => format!("办件的状态与流程不符：流程里没有“{element}”。"),
            Self::OtherForm { form } => format!("办件的状态由其他版本的程序写成（第 {form} 版），本程序读第 {FORM} 版。"),
            Self::VariablesNotAnObject => "流程变量必须是名称和值的对应表。".to_owned(),
            Self::Condition { element, expression, reason } => format!("“{element}”的表达式（{expression}）得不出结论：{reason}"),
            Self::NoWayOut { element } => format!("到“{element}”走不下去：所有条件都不成立，又没有默认流向。"),
            Self::EndlessLoop { element } => format!("流程在“{element}”附近打转，一直走不到需要办理的环节。"),
            Self::TooManyTokens => format!("同时进行的分支超过 {MAX_TOKENS} 个。"),
            Self::TooManyInstances { element, number } => format!("“{element}”要重复 {number} 次，最多 {MAX_INSTANCES} 次。"),
            Self::TooDeep { element } => {
                format!("“{element}”处的子流程嵌套超过 {MAX_NESTING} 层，或未汇合的并行分支嵌套超过 {MAX_FORKS} 层。")
            }
            Self::Stuck { flows } => format!("流程卡住了：{} 后面的网关在等永远不会来的分支。", flows.join("、")),
            Self::Broken(_) => "保存的办件状态自相矛盾。".to_owned(),
        }
    }
}
