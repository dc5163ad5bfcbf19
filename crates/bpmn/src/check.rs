//! Does the process make sense as a whole? Findings in words, for the person who drew it.

use crate::{
    model::{Model, Node, NodeKind},
    problem::{BpmnProblem, shortened},
};

/// Attributes of well-known modelers that say who does a task.
const CANDIDATES: [&str; 7] = [
    "banhao:post",
    "camunda:assignee",
    "camunda:candidateGroups",
    "camunda:candidateUsers",
    "flowable:assignee",
    "flowable:candidateGroups",
    "flowable:candidateUsers",
];

/// With `whole` false, parts of the process could not be read: what leads where is not judged then.
pub(crate) fn look_through(model: &Model, whole: bool) -> Vec<BpmnProblem> {
    let mut problems = Vec::new();
    ends(model, &mut problems);
    if whole {
        dead_ends(model, &mut problems);
        unreachable(model, &mut problems);
    }
    for node in &model.nodes {
        choices(model, node, &mut problems);
        if node.kind.is_human()
            && !node.has_performer
            && !CANDIDATES.iter().any(|name| node.attribute(name).is_some_and(|value| !value.trim().is_empty()))
        {
            problems.push(BpmnProblem::warning(
                "no-candidates",
                node.line,
                Some(&node.id),
                format!("环节{}没有说明由哪个岗位办理，请加上 banhao:post。", called_zh(node)),
                format!("The step {} does not say which post does it; add banhao:post.", called(node)),
            ));
        }
    }
    problems
}

fn ends(model: &Model, problems: &mut Vec<BpmnProblem>) {
    let starts: Vec<&Node> = model.nodes.iter().filter(|node| node.kind == NodeKind::StartEvent).collect();
    if starts.is_empty() {
        problems.push(BpmnProblem::error(
            "no-start",
            0,
            Some(&model.id),
            "流程没有开始事件（startEvent），不知道从哪里开始。".to_owned(),
            "The process has no start event; nobody knows where to begin.".to_owned(),
        ));
    }
    for further in starts.iter().skip(1) {
        problems.push(BpmnProblem::error(
            "several-starts",
            further.line,
            Some(&further.id),
            format!("流程只能有一个普通的开始事件，{}是多出来的。", called_zh(further)),
            format!("A process has one plain start event; {} is one too many.", called(further)),
        ));
    }
    if !model.nodes.iter().any(|node| node.kind.is_end()) {
        problems.push(BpmnProblem::error(
            "no-end",
            0,
            Some(&model.id),
            "流程没有结束事件（endEvent），办件永远不会办结。".to_owned(),
            "The process has no end event; a case would never be closed.".to_owned(),
        ));
    }
    for node in &model.nodes {
        if node.kind == NodeKind::StartEvent && !node.incoming.is_empty() {
            problems.push(BpmnProblem::error(
                "flow-into-start",
                node.line,
                Some(&node.id),
                format!("流向不能指向开始事件{}，请指向它后面的环节。", called_zh(node)),
                format!("A flow may not lead into the start event {}; lead it to the step behind.", called(node)),
            ));
        }
        if node.kind.is_end() && !node.outgoing.is_empty() {
            problems.push(BpmnProblem::error(
                "flow-out-of-end",
                node.line,
                Some(&node.id),
                format!("结束事件{}后面不能再有流向。", called_zh(node)),
                format!("No flow may leave the end event {}.", called(node)),
            ));
        }
    }
}

fn dead_ends(model: &Model, problems: &mut Vec<BpmnProblem>) {
    for node in &model.nodes {
        if !node.kind.is_end() && node.outgoing.is_empty() {
            problems.push(BpmnProblem::warning(
                "dead-end",
                node.line,
                Some(&node.id),
                format!("{}后面没有流向，这一支到这里就完了。请连到一个结束事件。", called_zh(node)),
                format!("Nothing follows {}: the branch just stops. Connect it to an end event.", called(node)),
            ));
        }
    }
}

fn unreachable(model: &Model, problems: &mut Vec<BpmnProblem>) {
    let Some(start) = model.start() else {
        return;
    };
    let reachable = model.reachable(start, None);
    for (at, node) in model.nodes.iter().enumerate() {
        if !reachable[at] && node.kind != NodeKind::StartEvent {
            problems.push(BpmnProblem::warning(
                "unreachable",
                node.line,
                Some(&node.id),
                format!("从开始事件走不到{}，它永远不会办理。", called_zh(node)),
                format!("{} cannot be reached from the start; it will never happen.", called(node)),
            ));
        }
    }
}

/// Ways out of a node and their conditions.
fn choices(model: &Model, node: &Node, problems: &mut Vec<BpmnProblem>) {
    let conditional = |at: &&usize| model.flows[**at].condition.is_some();
    let with_condition = node.outgoing.iter().filter(conditional).count();
    match node.kind {
        NodeKind::ExclusiveGateway | NodeKind::InclusiveGateway => {
            if node.outgoing.len() > 1 {
                for at in &node.outgoing {
                    let flow = &model.flows[*at];
                    if flow.condition.is_none() && node.default != Some(*at) {
                        problems.push(BpmnProblem::error(
                            "missing-condition",
                            flow.line,
                            Some(&flow.id),
                            format!("网关{}的流向“{}”既没有条件，也不是默认流向。请写条件，或设为默认。", called_zh(node), flow.id),
                            format!("Flow “{}” out of gateway {} has no condition and is not the default. Write a condition or make it the default.", flow.id, called(node)),
                        ));
                    }
                }
            }
            if with_condition > 0 && node.default.is_none() {
                problems.push(BpmnProblem::warning(
                    "missing-default",
                    node.line,
                    Some(&node.id),
                    format!("网关{}没有默认流向：所有条件都不成立时，办件就停住了。", called_zh(node)),
                    format!("Gateway {} has no default flow: when no condition holds, the case is stuck.", called(node)),
                ));
            }
        }
        NodeKind::ParallelGateway | NodeKind::StartEvent => {
            for at in node.outgoing.iter().filter(conditional) {
                let flow = &model.flows[*at];
                problems.push(BpmnProblem::error(
                    "condition-has-no-effect",
                    flow.line,
                    Some(&flow.id),
                    format!("流向“{}”从{}出发，不能带条件。要有选择，请用排他网关或包容网关。", flow.id, called_zh(node)),
                    format!(
                        "Flow “{}” leaves {}, where conditions are not allowed. For a choice use an exclusive or inclusive gateway.",
                        flow.id,
                        called(node)
                    ),
                ));
            }
        }
        _ => {}
    }
}

/// The node's name with its id, as it is spoken of in findings.
fn called(node: &Node) -> String {
    match &node.name {
        Some(name) => format!("“{}” ({})", shortened(name), node.id),
        None => format!("“{}”", node.id),
    }
}

fn called_zh(node: &Node) -> String {
    match &node.name {
        Some(name) => format!("“{}”（{}）", shortened(name), node.id),
        None => format!("“{}”", node.id),
    }
}
