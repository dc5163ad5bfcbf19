//! What events wait for and throw.

use super::{Reader, child, text::Purpose};
use crate::{
    model::{BANHAO_NAMESPACE, Node, NodeKind},
    problem::{BpmnProblem, shortened},
    tree::Element,
    trigger::{Timer, TimerKind, Trigger},
};

const TIMERS: [(&str, TimerKind); 3] =
    [("timeDate", TimerKind::Date), ("timeDuration", TimerKind::Duration), ("timeCycle", TimerKind::Cycle)];

impl<'d> Reader<'d> {
    /// Gives an event its trigger.
    pub(super) fn events(&mut self, element: &'d Element, node: &mut Node, definitions: &[&'d Element]) {
        let definition = match definitions {
            [] if matches!(node.kind, NodeKind::CatchEvent | NodeKind::BoundaryEvent) => {
                let id = node.id.as_str();
                self.wrong(
                    "no-trigger",
                    element,
                    id,
                    format!("“{id}”要等待什么？请加上触发条件，例如 timerEventDefinition 或 messageEventDefinition。"),
                    format!("What does “{id}” wait for? Give it a trigger, such as a timer or message event definition."),
                );
                return;
            }
            [] => return,
            [definition] => *definition,
            [_, second, ..] => {
                let id = node.id.as_str();
                self.wrong(
                    "unsupported-element",
                    second,
                    id,
                    format!("事件“{id}”有几个触发条件，只支持一个。请拆成几个事件。"),
                    format!("The event “{id}” has several triggers; one is possible. Make it several events."),
                );
                return;
            }
        };
        let Some(definition) = self.definition(definition, &node.id) else { return };
        let local = definition.name.local.as_str();
        let in_handler = self.scopes[node.scope].owner.is_some_and(|owner| self.nodes[owner].kind == NodeKind::EventSubProcess);
        if !is_known(local) {
            self.unsupported_in(definition, &node.id);
        } else if !is_allowed(node.kind, in_handler, local) {
            let id = node.id.as_str();
            self.wrong(
                "unsupported-element",
                definition,
                id,
                format!("事件“{id}”不能用 {local}：这种触发条件不能放在这种事件上。"),
                format!("The event “{id}” cannot use {local}: this kind of event does not have that trigger."),
            );
        } else if local == "terminateEventDefinition" {
            node.kind = NodeKind::TerminateEvent;
        } else {
            node.trigger = self.trigger(element, definition, node);
        }
    }

    /// The definition itself, or the one at the root of the file that is referred to.
    fn definition(&mut self, definition: &'d Element, id: &str) -> Option<&'d Element> {
        if definition.name.local != "eventDefinitionRef" {
            return Some(definition);
        }
        let found = self.root(&definition.text());
        if found.is_none() {
            self.dangling(definition, id, "eventDefinitionRef", &definition.text());
        }
        found
    }

    fn trigger(&mut self, element: &'d Element, definition: &'d Element, node: &Node) -> Option<Trigger> {
        let id = node.id.as_str();
        match definition.name.local.as_str() {
            "messageEventDefinition" => {
                let correlation = self.correlation(element, Some(definition), id);
                Some(Trigger::Message { name: self.message(element, definition, id), correlation })
            }
            "timerEventDefinition" => Some(Trigger::Timer(self.timer(definition, id))),
            "signalEventDefinition" => {
                let name = self.named(definition, "signalRef", id).unwrap_or_else(|| self.unnamed(element, id, "signalRef"));
                Some(Trigger::Signal { name })
            }
            "conditionalEventDefinition" => {
                let condition = child(definition, "condition");
                let text = condition.map(Element::text).unwrap_or_default();
                let expression = self.expression(condition.unwrap_or(definition), id, Purpose { zh: "条件", en: "condition" }, &text)?;
                Some(Trigger::Condition { expression })
            }
            "errorEventDefinition" => Some(Trigger::Error { code: self.code(definition, "errorRef", "errorCode", id) }),
            "escalationEventDefinition" => Some(Trigger::Escalation { code: self.code(definition, "escalationRef", "escalationCode", id) }),
            "compensateEventDefinition" => Some(Trigger::Compensation {
                activity: definition.attribute("activityRef").map(|activity| without_prefix(activity).to_owned()),
            }),
            "linkEventDefinition" => {
                let name = definition.attribute("name").map(str::trim).filter(|name| !name.is_empty()).or_else(|| node.name());
                Some(Trigger::Link { name: name.unwrap_or_default().to_owned() })
            }
            _ => None,
        }
    }

    fn timer(&mut self, definition: &Element, id: &str) -> Timer {
        for (local, kind) in TIMERS {
            if let Some(time) = child(definition, local) {
                let expression = self.expression(time, id, Purpose { zh: "时间", en: "time" }, &time.text()).unwrap_or_default();
                return Timer { kind, expression };
            }
        }
        let id_said = shortened(id);
        self.wrong(
            "timer-missing",
            definition,
            id,
            format!("定时事件“{id_said}”没有写时间。请写 timeDuration（例如 P3D）、timeDate 或 timeCycle。"),
            format!("The timer event “{id_said}” has no time. Write timeDuration (such as P3D), timeDate or timeCycle."),
        );
        Timer { kind: TimerKind::Duration, expression: String::new() }
    }

    /// Name of the message an element refers to.
    pub(super) fn message(&mut self, element: &Element, definition: &Element, id: &str) -> String {
        self.named(definition, "messageRef", id).unwrap_or_else(|| self.unnamed(element, id, "messageRef"))
    }

    /// Expression a message is told apart by: on the definition, else on the element.
    pub(super) fn correlation(&mut self, element: &Element, definition: Option<&Element>, id: &str) -> Option<String> {
        let written = |element: &Element| element.attribute_in(BANHAO_NAMESPACE, "correlation").map(str::to_owned);
        let text = definition.and_then(written).or_else(|| written(element))?;
        self.expression(element, id, Purpose { zh: "消息关联（banhao:correlation）", en: "correlation (banhao:correlation)" }, &text)
    }

    /// Name of what is referred to; its id when it has none. None when nothing is referred to.
    fn named(&mut self, definition: &Element, attribute: &str, id: &str) -> Option<String> {
        let reference = definition.attribute(attribute).filter(|reference| !reference.trim().is_empty())?;
        let Some(found) = self.root(reference) else {
            self.dangling(definition, id, attribute, reference);
            return Some(reference.to_owned());
        };
        let name = found.attribute("name").map(str::trim).filter(|name| !name.is_empty());
        name.or_else(|| found.attribute("id")).map(str::to_owned)
    }

    /// Code of the error or escalation that is referred to.
    fn code(&mut self, definition: &Element, attribute: &str, code: &str, id: &str) -> Option<String> {
        let reference = definition.attribute(attribute).filter(|reference| !reference.trim().is_empty())?;
        let Some(found) = self.root(reference) else {
            self.dangling(definition, id, attribute, reference);
            return None;
        };
        let code = found.attribute(code).map(str::trim).filter(|code| !code.is_empty());
        code.or_else(|| found.attribute("name")).or_else(|| found.attribute("id")).map(str::to_owned)
    }

    /// References may have a prefix.
    fn root(&self, reference: &str) -> Option<&'d Element> {
        let reference = reference.trim();
        self.roots.get(reference).or_else(|| self.roots.get(without_prefix(reference))).copied()
    }

    fn dangling(&mut self, element: &Element, id: &str, attribute: &str, reference: &str) {
        let (id_said, reference) = (shortened(id), shortened(reference));
        self.wrong(
            "unknown-reference",
            element,
            id,
            format!("“{id_said}”引用的“{reference}”不存在（{attribute}）。请在文件里定义它，或改正引用。"),
            format!(
                "“{id_said}” refers to “{reference}”, which does not exist ({attribute}). Define it in the file or correct the reference."
            ),
        );
    }

    /// Something that refers to no message or signal goes by its own id.
    fn unnamed(&mut self, element: &Element, id: &str, attribute: &str) -> String {
        let said = shortened(id);
        self.problems.push(BpmnProblem::warning(
            "unnamed-trigger",
            element.line,
            Some(id),
            format!("“{said}”没有写明是哪个消息或信号（{attribute}），就以“{said}”为名。"),
            format!("“{said}” does not say which message or signal it means ({attribute}); it goes by the name “{said}”."),
        ));
        id.to_owned()
    }
}

fn without_prefix(reference: &str) -> &str {
    reference.rsplit_once(':').map_or(reference, |(_, local)| local)
}

fn is_known(local: &str) -> bool {
    matches!(
        local,
        "messageEventDefinition"
            | "timerEventDefinition"
            | "signalEventDefinition"
            | "conditionalEventDefinition"
            | "errorEventDefinition"
            | "escalationEventDefinition"
            | "compensateEventDefinition"
            | "linkEventDefinition"
            | "terminateEventDefinition"
    )
}

/// Which trigger can be on which event (BPMN 2.0.2, table 10.93).
fn is_allowed(kind: NodeKind, in_handler: bool, local: &str) -> bool {
    let waits = matches!(local, "messageEventDefinition" | "timerEventDefinition" | "signalEventDefinition" | "conditionalEventDefinition");
    let fails = matches!(local, "errorEventDefinition" | "escalationEventDefinition");
    let sends =
        matches!(local, "messageEventDefinition" | "signalEventDefinition" | "escalationEventDefinition" | "compensateEventDefinition");
    match kind {
        NodeKind::StartEvent => waits || (in_handler && fails),
        NodeKind::BoundaryEvent => waits || fails || local == "compensateEventDefinition",
        NodeKind::CatchEvent => waits || local == "linkEventDefinition",
        NodeKind::ThrowEvent => sends || local == "linkEventDefinition",
        NodeKind::EndEvent => sends || matches!(local, "errorEventDefinition" | "terminateEventDefinition"),
        _ => false,
    }
}
