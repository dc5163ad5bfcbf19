//! What leads where: ends, dead ends, what cannot be reached, choices without conditions.

use std::collections::HashMap;

use super::{Findings, begins, called, called_zh, is_link_end};
use crate::{
    model::{Node, NodeKind},
    problem::BpmnProblem,
    trigger::Trigger,
};

impl Findings<'_> {
    pub(super) fn ends(&mut self) {
        let model = self.model;
        if !model.nodes.iter().any(|node| node.kind.is_end() && node.scope == 0) {
            self.problems.push(BpmnProblem::error(
                "no-end",
                0,
                Some(&model.id),
                "流程没有结束事件（endEvent），办件永远不会办结。".to_owned(),
                "The process has no end event; a case would never be closed.".to_owned(),
            ));
        }
        for node in &model.nodes {
            if !node.incoming.is_empty() {
                self.flow_into(node);
            }
            if node.outgoing.is_empty() {
                continue;
            }
            if node.kind.is_end() {
                self.error(
                    "flow-out-of-end",
                    node,
                    format!("结束事件{}后面不能再有流向。", called_zh(node)),
                    format!("No flow may leave the end event {}.", called(node)),
                );
            } else if node.kind == NodeKind::EventSubProcess || node.for_compensation || node.link.is_some() {
                self.error(
                    "flow-not-here",
                    node,
                    format!("{}后面不能有流向：事件子流程、补偿任务和抛出的链接事件自己结束。", called_zh(node)),
                    format!(
                        "No flow may leave {}: event subprocesses, compensation activities and throwing links end by themselves.",
                        called(node)
                    ),
                );
            }
        }
    }

    fn flow_into(&mut self, node: &Node) {
        if node.kind == NodeKind::StartEvent {
            self.error(
                "flow-into-start",
                node,
                format!("流向不能指向开始事件{}，请指向它后面的环节。", called_zh(node)),
                format!("A flow may not lead into the start event {}; lead it to the step behind.", called(node)),
            );
        } else if matches!(node.kind, NodeKind::BoundaryEvent | NodeKind::EventSubProcess) || node.for_compensation || is_link_end(node) {
            self.error(
                "flow-not-here",
                node,
                format!("流向不能指向{}：边界事件、事件子流程、补偿任务和接住的链接事件由事件引起。", called_zh(node)),
                format!("No flow may lead into {}: boundary events, event subprocesses, compensation activities and catching links are caused by events.", called(node)),
            );
        }
    }

    pub(super) fn dead_ends(&mut self) {
        let model = self.model;
        for node in &model.nodes {
            let ends_here = node.kind.is_end()
                || node.kind == NodeKind::EventSubProcess
                || node.for_compensation
                || matches!(node.trigger, Some(Trigger::Compensation { .. })) && node.kind == NodeKind::BoundaryEvent
                || matches!(node.trigger, Some(Trigger::Link { .. })) && node.kind == NodeKind::ThrowEvent;
            if !ends_here && node.outgoing.is_empty() {
                self.warning(
                    "dead-end",
                    node,
                    format!("{}后面没有流向，这一支到这里就完了。请连到一个结束事件。", called_zh(node)),
                    format!("Nothing follows {}: the branch just stops. Connect it to an end event.", called(node)),
                );
            }
        }
    }

    /// What no run ever comes to: in each scope from its starts, by flows, links, boundary events, into subprocesses and event
    /// subprocesses, and to what undoes an activity that is reached.
    pub(super) fn unreachable(&mut self) {
        let model = self.model;
        if model.start().is_none() {
            return;
        }
        let mut seen = vec![false; model.nodes.len()];
        let mut open = entrances(model, 0);
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            open.extend(model.successors(at));
            let node = &model.nodes[at];
            open.extend(node.compensator);
            open.extend(node.inner.map(|inner| entrances(model, inner)).into_iter().flatten());
        }
        for (node, _) in model.nodes.iter().zip(seen).filter(|(_, seen)| !seen) {
            self.warning(
                "unreachable",
                node,
                format!("从开始事件走不到{}，它永远不会办理。", called_zh(node)),
                format!("{} cannot be reached from the start; it will never happen.", called(node)),
            );
        }
    }

    /// Links without partner, and catching links that share a name.
    pub(super) fn links(&mut self) {
        let model = self.model;
        let mut ends: HashMap<(usize, &str), &Node> = HashMap::new();
        for node in &model.nodes {
            let Some(Trigger::Link { name }) = &node.trigger else { continue };
            match node.kind {
                NodeKind::ThrowEvent if node.link.is_none() => self.error(
                    "link-without-partner",
                    node,
                    format!("链接事件{}没有接住它的一端：同一层里要有一个名为“{name}”的中间捕获链接事件。", called_zh(node)),
                    format!("The link {} leads nowhere: a catching link named “{name}” is needed beside it.", called(node)),
                ),
                NodeKind::CatchEvent => {
                    if let Some(first) = ends.insert((node.scope, name), node) {
                        self.error(
                            "link-twice",
                            node,
                            format!("{}和{}接住同一个链接“{name}”，只能有一个。", called_zh(first), called_zh(node)),
                            format!("{} and {} both catch the link “{name}”; one is possible.", called(first), called(node)),
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// Ways out of a node and their conditions.
    pub(super) fn choices(&mut self, node: &Node) {
        let model = self.model;
        let conditional = |at: &&usize| model.flows[**at].condition.is_some();
        let with_condition = node.outgoing.iter().filter(conditional).count();
        match node.kind {
            NodeKind::ExclusiveGateway | NodeKind::InclusiveGateway => {
                if node.outgoing.len() > 1 {
                    for at in &node.outgoing {
                        let flow = &model.flows[*at];
                        if flow.condition.is_none() && node.default != Some(*at) {
                            self.problems.push(BpmnProblem::error(
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
                    self.warning(
                        "missing-default",
                        node,
                        format!("网关{}没有默认流向：所有条件都不成立时，办件就停住了。", called_zh(node)),
                        format!("Gateway {} has no default flow: when no condition holds, the case is stuck.", called(node)),
                    );
                }
            }
            NodeKind::ParallelGateway | NodeKind::StartEvent | NodeKind::EventGateway => {
                for at in node.outgoing.iter().filter(conditional) {
                    let flow = &model.flows[*at];
                    self.problems.push(BpmnProblem::error(
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
}

/// Where a scope can begin: at its start events, else where nothing leads in; and its event subprocesses.
fn entrances(model: &crate::model::Model, scope: usize) -> Vec<usize> {
    let inside = &model.scopes[scope];
    let starts: Vec<usize> = inside.nodes.iter().copied().filter(|at| model.nodes[*at].kind == NodeKind::StartEvent).collect();
    let begin = if starts.is_empty() { inside.nodes.iter().copied().filter(|at| begins(model, *at)).collect() } else { starts };
    begin.into_iter().chain(inside.handlers.iter().copied()).collect()
}
