//! The few words a drawing and its outline need beside the names in the file. Other languages can be filled in by the caller.

use crate::{compare::ChangeWords, model::NodeKind, progress::Mark};

/// Words for one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Title of a process without a name.
    pub process: &'static str,
    /// Between list items.
    pub comma: &'static str,
    /// Between alternatives.
    pub semicolon: &'static str,
    /// Between a name and what is said of it.
    pub colon: &'static str,
    /// End of a sentence.
    pub stop: &'static str,
    /// States.
    pub done: &'static str,
    /// Open.
    pub active: &'static str,
    /// Open and late.
    pub overdue: &'static str,
    /// Not reached.
    pub ahead: &'static str,
    /// Leads in the steps of a process in the description.
    pub steps: &'static str,
    /// Kinds of nodes.
    pub start: &'static str,
    /// End event.
    pub end: &'static str,
    /// User and manual task.
    pub task: &'static str,
    /// Service task.
    pub service: &'static str,
    /// Exclusive gateway.
    pub choice: &'static str,
    /// Parallel gateway.
    pub parallel: &'static str,
    /// Inclusive gateway.
    pub inclusive: &'static str,
    /// Event gateway.
    pub first_event: &'static str,
    /// Catching event in the middle of the flow.
    pub wait: &'static str,
    /// Throwing event in the middle of the flow.
    pub tell: &'static str,
    /// Event on the border of an activity.
    pub boundary: &'static str,
    /// Task that does not say who does it.
    pub step: &'static str,
    /// Send task.
    pub send: &'static str,
    /// Receive task.
    pub receive: &'static str,
    /// Rule task.
    pub rule: &'static str,
    /// Call activity.
    pub call: &'static str,
    /// Subprocess.
    pub inside: &'static str,
    /// Event subprocess.
    pub handler: &'static str,
    /// Language for what is different between two versions.
    pub changes: ChangeWords,
}

impl Words {
    /// Chinese.
    #[must_use]
    pub const fn zh() -> Self {
        Self {
            process: "流程图",
            comma: "、",
            semicolon: "；",
            colon: "：",
            stop: "。",
            done: "已办",
            active: "正在办理",
            overdue: "已超期",
            ahead: "未到",
            steps: "环节",
            start: "开始",
            end: "结束",
            task: "人工办理",
            service: "系统办理",
            choice: "选择其一",
            parallel: "同时进行",
            inclusive: "按条件进行",
            first_event: "看哪件事先发生",
            wait: "等待",
            tell: "发出通知",
            boundary: "办理中发生时",
            step: "步骤",
            send: "发送消息",
            receive: "等待消息",
            rule: "按决策表判定",
            call: "调用其他流程",
            inside: "子流程",
            handler: "事件子流程",
            changes: ChangeWords::Zh,
        }
    }

    /// English.
    #[must_use]
    pub const fn en() -> Self {
        Self {
            process: "Process",
            comma: ", ",
            semicolon: "; ",
            colon: ": ",
            stop: ". ",
            done: "done",
            active: "in progress",
            overdue: "overdue",
            ahead: "not reached",
            steps: "Steps",
            start: "start",
            end: "end",
            task: "by a person",
            service: "by the system",
            choice: "one of",
            parallel: "at the same time",
            inclusive: "as conditions say",
            first_event: "whichever happens first",
            wait: "waits",
            tell: "tells",
            boundary: "when it happens meanwhile",
            step: "step",
            send: "sends a message",
            receive: "waits for a message",
            rule: "by decision table",
            call: "calls another process",
            inside: "subprocess",
            handler: "event subprocess",
            changes: ChangeWords::En,
        }
    }

    /// Word for a state.
    #[must_use]
    pub fn mark(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Ahead => self.ahead,
            Mark::Done => self.done,
            Mark::Active => self.active,
            Mark::Overdue => self.overdue,
        }
    }

    /// Word for a kind of node.
    #[must_use]
    pub fn kind(&self, kind: NodeKind) -> &'static str {
        match kind {
            NodeKind::StartEvent => self.start,
            NodeKind::EndEvent | NodeKind::TerminateEvent => self.end,
            NodeKind::CatchEvent => self.wait,
            NodeKind::ThrowEvent => self.tell,
            NodeKind::BoundaryEvent => self.boundary,
            NodeKind::UserTask | NodeKind::ManualTask => self.task,
            NodeKind::ServiceTask => self.service,
            NodeKind::Task => self.step,
            NodeKind::SendTask => self.send,
            NodeKind::ReceiveTask => self.receive,
            NodeKind::RuleTask => self.rule,
            NodeKind::CallActivity => self.call,
            NodeKind::SubProcess => self.inside,
            NodeKind::EventSubProcess => self.handler,
            NodeKind::ExclusiveGateway => self.choice,
            NodeKind::ParallelGateway => self.parallel,
            NodeKind::InclusiveGateway => self.inclusive,
            NodeKind::EventGateway => self.first_event,
        }
    }
}
