//! Events: what nobody catches, what undoes nothing, what an event gateway cannot wait for.

use super::{Findings, called, called_zh};
use crate::{
    model::{Node, NodeKind},
    trigger::Trigger,
};

impl Findings<'_> {
    pub(super) fn event(&mut self, node: &Node) {
        match (node.kind, &node.trigger) {
            (NodeKind::BoundaryEvent, Some(Trigger::Compensation { .. })) if node.compensator.is_none() => self.error(
                "compensation-without-handler",
                node,
                format!("补偿事件{}没有连到补偿任务，请用关联线（association）连上。", called_zh(node)),
                format!("The compensation event {} leads to no activity; connect one with an association.", called(node)),
            ),
            (NodeKind::EndEvent, Some(Trigger::Error { code })) if !self.is_caught(node, code.as_deref()) => self.warning(
                "error-not-caught",
                node,
                format!("错误结束事件{}抛出的错误没有人接：到这里整个流程就失败了。", called_zh(node)),
                format!("Nobody catches the error of {}: the whole run fails there.", called(node)),
            ),
            (NodeKind::EventGateway, _) => self.event_gateway(node),
            _ => {}
        }
    }

    fn event_gateway(&mut self, gateway: &Node) {
        let model = self.model;
        for flow in model.outgoing(gateway) {
            let next = model.target(flow);
            let waits = match next.kind {
                NodeKind::CatchEvent => !super::is_link_end(next),
                NodeKind::ReceiveTask => next.repeat.is_none(),
                _ => false,
            };
            if !waits {
                self.error(
                    "event-gateway-next",
                    next,
                    format!("事件网关{}后面只能接捕获事件或接收任务，{}不是。", called_zh(gateway), called_zh(next)),
                    format!(
                        "Behind the event gateway {} only catching events and receive tasks can stand; {} is none.",
                        called(gateway),
                        called(next)
                    ),
                );
            }
        }
        if gateway.outgoing.is_empty() {
            self.error(
                "event-gateway-next",
                gateway,
                format!("事件网关{}后面没有事件可等。", called_zh(gateway)),
                format!("There is no event behind the event gateway {}.", called(gateway)),
            );
        }
    }

    /// Whether somebody in a scope further out catches the error.
    fn is_caught(&self, thrower: &Node, thrown: Option<&str>) -> bool {
        let model = self.model;
        let catches = |at: usize| match &model.nodes[at].trigger {
            Some(Trigger::Error { code }) => code.is_none() || code.as_deref() == thrown,
            _ => false,
        };
        let mut scope = thrower.scope;
        loop {
            let here = &model.scopes[scope];
            let starts = |handler: &usize| {
                let inner = model.nodes[*handler].inner?;
                model.scopes[inner].nodes.iter().copied().find(|at| model.nodes[*at].kind == NodeKind::StartEvent)
            };
            if here.handlers.iter().filter_map(starts).any(catches) {
                return true;
            }
            let (Some(owner), Some(parent)) = (here.owner, here.parent) else { return false };
            if model.nodes[owner].boundaries.iter().copied().any(catches) {
                return true;
            }
            scope = parent;
        }
    }
}
