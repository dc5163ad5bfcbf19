//! Sequence flows, default flows, and what hangs on other nodes: boundary events, links, compensation.

use std::collections::HashMap;

use super::{LooseFlow, Reader, ours, text::Purpose};
use crate::{
    model::{Flow, NodeKind, Place},
    problem::{BpmnProblem, shortened},
    tree::Element,
    trigger::Trigger,
};

impl<'d> Reader<'d> {
    /// Reads the flows and enters them into the nodes.
    pub(super) fn connect(&mut self, index: &mut HashMap<String, Place>) -> Vec<Flow> {
        let mut flows: Vec<Flow> = Vec::new();
        for LooseFlow { element, id } in std::mem::take(&mut self.loose) {
            if let Some(flow) = self.flow(element, &id, index) {
                let at = flows.len();
                self.nodes[flow.source].outgoing.push(at);
                self.nodes[flow.target].incoming.push(at);
                index.insert(id, Place::Flow(at));
                flows.push(flow);
            }
        }
        for at in 0..self.nodes.len() {
            self.default_flow(at, index, &flows);
        }
        flows
    }

    fn flow(&mut self, element: &'d Element, id: &str, index: &HashMap<String, Place>) -> Option<Flow> {
        let source = self.end(element, id, index, "sourceRef", ("起点", "source"));
        let target = self.end(element, id, index, "targetRef", ("终点", "target"));
        let mut condition = None;
        for child in ours(element) {
            match child.name.local.as_str() {
                "documentation" | "extensionElements" => {}
                "conditionExpression" => {
                    condition = self.expression(child, id, Purpose { zh: "条件", en: "condition" }, &child.text());
                }
                _ => self.kept(child),
            }
        }
        let name = self.name(element);
        let (source, target) = (source?, target?);
        if self.nodes[source].scope != self.nodes[target].scope {
            let said = shortened(id);
            self.wrong(
                "flow-across-scopes",
                element,
                id,
                format!("流向“{said}”穿过了子流程的边界。请连到子流程本身，或用消息、信号事件。"),
                format!(
                    "Flow “{said}” crosses the border of a subprocess. Connect the subprocess itself, or use a message or signal event."
                ),
            );
            return None;
        }
        Some(Flow { id: id.to_owned(), name, source, target, condition, line: element.line })
    }

    fn end(
        &mut self,
        element: &Element,
        id: &str,
        index: &HashMap<String, Place>,
        attribute: &str,
        (zh, en): (&str, &str),
    ) -> Option<usize> {
        let wanted = element.attribute(attribute);
        match wanted.and_then(|wanted| index.get(wanted)) {
            Some(Place::Node(at)) => Some(*at),
            _ if wanted.is_some_and(|wanted| self.refused.contains(wanted)) => None,
            _ => {
                let wanted = shortened(wanted.unwrap_or_default());
                self.wrong(
                    "dangling-flow",
                    element,
                    id,
                    format!("流向“{id}”的{zh}“{wanted}”不存在（{attribute}）。请重新连线或删去这条流向。"),
                    format!("The {en} “{wanted}” of flow “{id}” does not exist ({attribute}). Connect it again or delete the flow."),
                );
                None
            }
        }
    }

    fn default_flow(&mut self, at: usize, index: &HashMap<String, Place>, flows: &[Flow]) {
        let Some(wanted) = self.elements[at].attribute("default") else { return };
        let node = &mut self.nodes[at];
        node.default = match index.get(wanted) {
            Some(Place::Flow(at)) if node.outgoing.contains(at) => Some(*at),
            _ => None,
        };
        let id = node.id.as_str();
        match node.default {
            None => self.problems.push(BpmnProblem::error(
                "unknown-default",
                node.line,
                Some(id),
                format!("“{id}”的默认流向“{}”不是从它出发的流向。", shortened(wanted)),
                format!("The default flow “{}” of “{id}” does not leave it.", shortened(wanted)),
            )),
            Some(at) if flows[at].condition.is_some() => self.problems.push(BpmnProblem::warning(
                "default-with-condition",
                flows[at].line,
                Some(&flows[at].id),
                format!("流向“{}”是“{id}”的默认流向，它自己的条件不起作用。", flows[at].id),
                format!("Flow “{}” is the default of “{id}”; its own condition has no effect.", flows[at].id),
            )),
            Some(_) => {}
        }
    }

    /// Boundary events find their activities.
    pub(super) fn attach(&mut self, index: &HashMap<String, Place>) {
        for at in 0..self.nodes.len() {
            if self.nodes[at].kind != NodeKind::BoundaryEvent {
                continue;
            }
            let element = self.elements[at];
            let wanted = element.attribute("attachedToRef");
            let host = match wanted.and_then(|wanted| index.get(wanted)) {
                Some(Place::Node(host)) if self.nodes[*host].kind.is_activity() && self.nodes[*host].scope == self.nodes[at].scope => *host,
                _ if wanted.is_some_and(|wanted| self.refused.contains(wanted)) => continue,
                _ => {
                    let (id, wanted) = (self.nodes[at].id.clone(), shortened(wanted.unwrap_or_default()));
                    self.wrong(
                        "dangling-boundary",
                        element,
                        &id,
                        format!("边界事件“{id}”要附在同一层的任务或子流程上，“{wanted}”不是（attachedToRef）。"),
                        format!("The boundary event “{id}” must sit on an activity beside it; “{wanted}” is none (attachedToRef)."),
                    );
                    continue;
                }
            };
            self.nodes[at].attached_to = Some(host);
            self.nodes[host].boundaries.push(at);
        }
    }

    /// Throwing link events find the catching end of the same name.
    pub(super) fn link(&mut self) {
        let mut ends: HashMap<(usize, String), usize> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if let (NodeKind::CatchEvent, Some(Trigger::Link { name })) = (node.kind, &node.trigger) {
                ends.entry((node.scope, name.clone())).or_insert(at);
            }
        }
        for node in &mut self.nodes {
            if let (NodeKind::ThrowEvent, Some(Trigger::Link { name })) = (node.kind, &node.trigger) {
                node.link = ends.get(&(node.scope, name.clone())).copied();
            }
        }
    }

    /// Associations from compensation events lead to the activities that undo.
    pub(super) fn compensate(&mut self, index: &HashMap<String, Place>) {
        let at = |reference: Option<&str>| match reference.and_then(|reference| index.get(reference)) {
            Some(Place::Node(at)) => Some(*at),
            _ => None,
        };
        for association in std::mem::take(&mut self.associations) {
            let (Some(source), Some(target)) = (at(association.attribute("sourceRef")), at(association.attribute("targetRef"))) else {
                continue; // It leads to a note or a data object, or nowhere: without effect.
            };
            let from = &self.nodes[source];
            if from.kind != NodeKind::BoundaryEvent || !matches!(from.trigger, Some(Trigger::Compensation { .. })) {
                continue;
            }
            let to = &self.nodes[target];
            if to.kind.is_activity() && to.for_compensation && to.scope == from.scope {
                self.nodes[source].compensator = Some(target);
            } else {
                let (from, to) = (from.id.clone(), to.id.clone());
                self.wrong(
                    "compensation-target",
                    association,
                    &from,
                    format!("补偿事件“{from}”连到的“{to}”应是同一层里 isForCompensation=\"true\" 的任务。"),
                    format!("The compensation event “{from}” leads to “{to}”, which must be an activity beside it with isForCompensation=\"true\"."),
                );
            }
        }
        for (at, element) in self.elements.clone().into_iter().enumerate() {
            let Some(Trigger::Compensation { activity: Some(wanted) }) = &self.nodes[at].trigger else { continue };
            if !matches!(index.get(wanted), Some(Place::Node(at)) if self.nodes[*at].kind.is_activity()) {
                let (id, wanted) = (self.nodes[at].id.clone(), shortened(wanted).to_owned());
                self.wrong(
                    "unknown-reference",
                    element,
                    &id,
                    format!("“{id}”要补偿的“{wanted}”不是流程里的任务（activityRef）。"),
                    format!("“{id}” is to compensate “{wanted}”, which is no activity of the process (activityRef)."),
                );
            }
        }
    }
}
