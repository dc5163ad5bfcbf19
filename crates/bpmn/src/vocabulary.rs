//! The words of BPMN 2.0: which elements are nodes of a flow, which of them run here, and what to say of the others.

use crate::model::NodeKind;

/// What runs.
pub(crate) fn supported(local: &str) -> Option<NodeKind> {
    Some(match local {
        "startEvent" => NodeKind::StartEvent,
        "endEvent" => NodeKind::EndEvent,
        "userTask" => NodeKind::UserTask,
        "manualTask" => NodeKind::ManualTask,
        "serviceTask" => NodeKind::ServiceTask,
        "exclusiveGateway" => NodeKind::ExclusiveGateway,
        "parallelGateway" => NodeKind::ParallelGateway,
        "inclusiveGateway" => NodeKind::InclusiveGateway,
        _ => return None,
    })
}

/// Whether the element is a node of a flow (BPMN 2.0, table 8.1 and chapter 10).
pub(crate) fn is_flow_element(local: &str) -> bool {
    matches!(
        local,
        "startEvent"
            | "endEvent"
            | "intermediateCatchEvent"
            | "intermediateThrowEvent"
            | "boundaryEvent"
            | "implicitThrowEvent"
            | "event"
            | "task"
            | "userTask"
            | "manualTask"
            | "serviceTask"
            | "scriptTask"
            | "sendTask"
            | "receiveTask"
            | "businessRuleTask"
            | "subProcess"
            | "adHocSubProcess"
            | "transaction"
            | "callActivity"
            | "exclusiveGateway"
            | "parallelGateway"
            | "inclusiveGateway"
            | "complexGateway"
            | "eventBasedGateway"
            | "choreographyTask"
            | "subChoreography"
            | "callChoreography"
    )
}

/// Why an element does not run and what to use instead, in both languages.
pub(crate) fn describe(local: &str) -> (&'static str, &'static str) {
    match local {
        "task" => (
            "没有说明由谁来办的任务不能运行，请改成用户任务（userTask）或服务任务（serviceTask）。",
            "a task that does not say who does it cannot run; make it a user task or a service task.",
        ),
        "scriptTask" => (
            "脚本任务会让流程文件执行任意程序，出于安全不支持，请改成服务任务（serviceTask）。",
            "script tasks would let a process file run any program and are not offered; use a service task.",
        ),
        "subProcess" | "adHocSubProcess" | "transaction" => {
            ("尚不支持子流程，请把其中的环节放到主流程里。", "subprocesses do not run yet; put their steps into the main process.")
        }
        "callActivity" => {
            ("尚不支持调用其他流程，请把其中的环节放到主流程里。", "call activities do not run yet; put the steps into this process.")
        }
        "boundaryEvent" => {
            ("尚不支持边界事件，超时由办件的时限来管。", "boundary events do not run yet; time limits are watched by the case's clock.")
        }
        "intermediateCatchEvent" | "intermediateThrowEvent" | "implicitThrowEvent" | "event" => {
            ("尚不支持中间事件，请改成任务。", "intermediate events do not run yet; use a task.")
        }
        "eventBasedGateway" | "complexGateway" => (
            "尚不支持这种网关，请改成排他网关（exclusiveGateway）、并行网关（parallelGateway）或包容网关（inclusiveGateway）。",
            "this kind of gateway does not run yet; use an exclusive, parallel or inclusive one.",
        ),
        "sendTask" | "receiveTask" | "businessRuleTask" => (
            "尚不支持这种任务，请改成用户任务（userTask）或服务任务（serviceTask）。",
            "this kind of task does not run yet; use a user task or a service task.",
        ),
        "multiInstanceLoopCharacteristics" | "standardLoopCharacteristics" => (
            "尚不支持一个环节重复多次办理，请去掉循环或多实例标记。",
            "repeated and multi-instance activities do not run yet; remove the marker.",
        ),
        event if event.ends_with("EventDefinition") || event == "eventDefinitionRef" => (
            "尚不支持带触发条件的开始和结束事件，请改成普通的开始、结束事件；结束时可用终止（terminate）。",
            "start and end events with a trigger do not run yet; use plain ones (an end event may be a terminate event).",
        ),
        _ => (
            "不支持这种元素，请改用任务、网关和开始、结束事件。",
            "this element is not supported; use tasks, gateways, start and end events.",
        ),
    }
}
