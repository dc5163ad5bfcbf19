//! The words of BPMN 2.0: which elements are nodes of a flow, which of them run here, and what to say of the others.

use crate::model::NodeKind;

/// What runs.
pub(crate) fn supported(local: &str) -> Option<NodeKind> {
    Some(match local {
        "startEvent" => NodeKind::StartEvent,
        "endEvent" => NodeKind::EndEvent,
        "intermediateCatchEvent" => NodeKind::CatchEvent,
        "intermediateThrowEvent" => NodeKind::ThrowEvent,
        "boundaryEvent" => NodeKind::BoundaryEvent,
        "task" => NodeKind::Task,
        "userTask" => NodeKind::UserTask,
        "manualTask" => NodeKind::ManualTask,
        "serviceTask" => NodeKind::ServiceTask,
        "sendTask" => NodeKind::SendTask,
        "receiveTask" => NodeKind::ReceiveTask,
        "businessRuleTask" => NodeKind::RuleTask,
        "callActivity" => NodeKind::CallActivity,
        "subProcess" => NodeKind::SubProcess,
        "exclusiveGateway" => NodeKind::ExclusiveGateway,
        "parallelGateway" => NodeKind::ParallelGateway,
        "inclusiveGateway" => NodeKind::InclusiveGateway,
        "eventBasedGateway" => NodeKind::EventGateway,
        _ => return None,
    })
}

/// Whether the element is a node of a flow (BPMN 2.0.2: activities, events and gateways of chapter 10, choreography activities of
/// chapter 11).
pub(crate) fn is_flow_element(local: &str) -> bool {
    supported(local).is_some()
        || matches!(
            local,
            "implicitThrowEvent"
                | "event"
                | "scriptTask"
                | "adHocSubProcess"
                | "transaction"
                | "complexGateway"
                | "choreographyTask"
                | "subChoreography"
                | "callChoreography"
        )
}

/// What stands beside the processes and is referred to by them.
pub(crate) fn is_referred_to(local: &str) -> bool {
    matches!(local, "message" | "signal" | "error" | "escalation" | "itemDefinition") || local.ends_with("EventDefinition")
}

/// Parts of an activity itself, as opposed to what stands inside a subprocess.
pub(crate) fn is_activity_part(local: &str) -> bool {
    matches!(
        local,
        "incoming"
            | "outgoing"
            | "multiInstanceLoopCharacteristics"
            | "standardLoopCharacteristics"
            | "potentialOwner"
            | "humanPerformer"
            | "performer"
    )
}

/// Why an element does not run and what to use instead, in both languages.
pub(crate) fn describe(local: &str) -> (&'static str, &'static str) {
    match local {
        "scriptTask" => (
            "脚本任务会让流程文件执行任意程序，出于安全不支持，请改成服务任务（serviceTask）。",
            "script tasks would let a process file run any program and are not offered; use a service task.",
        ),
        "adHocSubProcess" => (
            "不支持临时子流程，请改成普通子流程（subProcess），写明环节的先后。",
            "ad hoc subprocesses do not run; use a subprocess that says what follows what.",
        ),
        "transaction" | "cancelEventDefinition" => (
            "不支持事务子流程和取消事件，请改成子流程，用错误事件和补偿事件。",
            "transactions and cancel events do not run; use a subprocess with error and compensation events.",
        ),
        "complexGateway" => (
            "不支持复杂网关，请改成排他网关（exclusiveGateway）、并行网关（parallelGateway）或包容网关（inclusiveGateway）。",
            "complex gateways do not run; use an exclusive, parallel or inclusive one.",
        ),
        "implicitThrowEvent" | "event" => (
            "不支持这种事件，请改成中间事件（intermediateThrowEvent、intermediateCatchEvent）。",
            "this kind of event does not run; use an intermediate event.",
        ),
        "choreography" | "choreographyTask" | "subChoreography" | "callChoreography" => (
            "编排图（choreography）说的是几方之间的往来，不能办理，请改成流程（process）。",
            "a choreography tells how several parties talk and does not run; use a process.",
        ),
        "multiInstanceLoopCharacteristics" | "standardLoopCharacteristics" => (
            "只有任务和子流程能重复办理，请去掉这里的循环或多实例标记。",
            "only tasks and subprocesses can be repeated; remove the marker here.",
        ),
        _ => ("不支持这种元素，请改用任务、网关和事件。", "this element is not supported; use tasks, gateways and events."),
    }
}
