//! One node with its attributes and parts.

use std::collections::BTreeMap;

use super::{BPMN, Reader, documentation};
use crate::{
    model::{AskedDecision, BANHAO_NAMESPACE, Node, NodeKind},
    problem::shortened,
    tree::Element,
    trigger::Trigger,
    vocabulary,
};

impl<'d> Reader<'d> {
    /// A node without its neighbours; none when it is refused.
    pub(super) fn node(&mut self, element: &'d Element, scope: usize) -> Option<Node> {
        let local = element.name.local.as_str();
        let Some(mut kind) = vocabulary::supported(local) else {
            self.unsupported(element);
            self.refused.extend(element.attribute("id"));
            return None;
        };
        if kind == NodeKind::SubProcess && element.attribute("triggeredByEvent") == Some("true") {
            kind = NodeKind::EventSubProcess;
        }
        let id = self.id(element)?;
        let mut node = Node {
            name: self.name(element),
            documentation: documentation(element),
            attributes: self.attributes(element, &id),
            for_compensation: element.attribute("isForCompensation") == Some("true"),
            ..Node::new(id, kind, scope, element.line)
        };
        let mut definitions = Vec::new();
        for child in element.children().filter(|child| child.name.namespace.as_deref() == Some(BPMN)) {
            match child.name.local.as_str() {
                "documentation" | "incoming" | "outgoing" => {}
                "extensionElements" => node.extensions.extend(child.children().cloned()),
                "potentialOwner" | "humanPerformer" | "performer" => node.has_performer = true,
                "multiInstanceLoopCharacteristics" | "standardLoopCharacteristics" if kind.is_activity() => {
                    node.repeat = self.repeat(child, &node.id);
                }
                "multiInstanceLoopCharacteristics" | "standardLoopCharacteristics" => self.unsupported_in(child, &node.id),
                part if part.ends_with("EventDefinition") || part == "eventDefinitionRef" => definitions.push(child),
                _ if kind.is_scope() => {} // Its inside.
                _ => self.kept(child),
            }
        }
        self.events(element, &mut node, &definitions);
        match kind {
            NodeKind::SendTask | NodeKind::ReceiveTask => {
                let correlation = self.correlation(element, None, &node.id);
                let name = self.message(element, element, &node.id);
                node.trigger = Some(Trigger::Message { name, correlation });
            }
            NodeKind::RuleTask => node.decision = self.decision(element, &node),
            NodeKind::CallActivity => node.called = self.called(element, &node),
            NodeKind::BoundaryEvent => {
                let must = matches!(node.trigger, Some(Trigger::Error { .. }));
                node.interrupting = must || element.attribute("cancelActivity") != Some("false");
            }
            NodeKind::StartEvent => {
                let must = matches!(node.trigger, Some(Trigger::Error { .. }));
                node.interrupting = must || element.attribute("isInterrupting") != Some("false");
            }
            _ => {}
        }
        self.sign(element, &mut node);
        Some(node)
    }

    fn attributes(&mut self, element: &Element, id: &str) -> BTreeMap<String, String> {
        let mut attributes = BTreeMap::new();
        for attribute in &element.attributes {
            let name = &attribute.name;
            match (name.namespace.as_deref(), name.prefix.as_deref()) {
                (Some(BANHAO_NAMESPACE), _) => {
                    attributes.insert(format!("banhao:{}", name.local), attribute.value.clone());
                }
                (_, Some(prefix)) => {
                    attributes.insert(format!("{prefix}:{}", name.local), attribute.value.clone());
                }
                (_, None) => self.own_attribute(element, id, &name.local, &attribute.value),
            }
        }
        attributes
    }

    /// Attributes of BPMN itself that would change how the node runs.
    fn own_attribute(&mut self, element: &Element, id: &str, name: &str, value: &str) {
        let refused = match name {
            "instantiate" => value == "true",
            "startQuantity" | "completionQuantity" => value != "1",
            _ => false,
        };
        if refused {
            let value = shortened(value);
            self.wrong(
                "unsupported-attribute",
                element,
                id,
                format!("“{id}”的属性 {name}=\"{value}\" 不支持，请删去。"),
                format!("The attribute {name}=\"{value}\" of “{id}” is not supported; remove it."),
            );
        }
    }

    fn decision(&mut self, element: &Element, node: &Node) -> Option<AskedDecision> {
        let zeebe = extension(node, "calledDecision");
        let find = |names: &[&str], of_zeebe: &str| {
            let value = names.iter().find_map(|name| node.attribute(name)).or_else(|| zeebe?.attribute(of_zeebe));
            value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let decision = find(&["banhao:decision", "camunda:decisionRef", "flowable:decisionRef"], "decisionId");
        let result = find(&["banhao:result", "camunda:resultVariable", "flowable:resultVariable"], "resultVariable");
        match (decision, result) {
            (Some(decision), Some(result)) => Some(AskedDecision { decision, result }),
            _ => {
                let id = node.id.as_str();
                self.wrong(
                    "decision-missing",
                    element,
                    id,
                    format!("规则任务“{id}”要写明用哪张决策表（banhao:decision）、结果放进哪个变量（banhao:result）。"),
                    format!("The rule task “{id}” must say which decision it asks (banhao:decision) and which variable takes the answer (banhao:result)."),
                );
                None
            }
        }
    }

    fn called(&mut self, element: &Element, node: &Node) -> Option<String> {
        let called = element.attribute("calledElement").or_else(|| extension(node, "calledElement")?.attribute("processId"));
        let called = called.map(str::trim).filter(|called| !called.is_empty()).map(str::to_owned);
        if called.is_none() {
            let id = node.id.as_str();
            self.wrong(
                "call-missing",
                element,
                id,
                format!("调用活动“{id}”要写明调用哪个流程（calledElement）。"),
                format!("The call activity “{id}” must say which process it calls (calledElement)."),
            );
        }
        called
    }
}

/// An extension element of the node by its local name.
pub(super) fn extension<'n>(node: &'n Node, local: &str) -> Option<&'n Element> {
    node.extensions.iter().find(|extension| extension.name.local == local)
}
