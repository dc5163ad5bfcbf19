//! Makes a process file from steps, for programs that write definitions. The result is a [`Document`]: write it with
//! [`Document::to_xml`], or read it with [`crate::Model::read`].

use crate::{
    model::{BANHAO_NAMESPACE, NodeKind},
    read::BPMN,
    tree::{Attribute, Content, Document, Element, Name},
    trigger::{Timer, TimerKind},
};

/// A process being put together. Nothing is checked here: [`crate::Model::read`] does that.
#[derive(Clone, Debug)]
pub struct ProcessBuilder {
    id: String,
    process: Element,
    /// What stands beside the process: messages.
    beside: Vec<Element>,
}

impl ProcessBuilder {
    /// An empty process.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        let mut process = element("process");
        set(&mut process, "id", id);
        set(&mut process, "name", name);
        set(&mut process, "isExecutable", "true");
        Self { id: id.to_owned(), process, beside: Vec::new() }
    }

    /// Adds a node.
    pub fn node(&mut self, kind: NodeKind, id: &str, name: Option<&str>) -> &mut Self {
        let mut node = element(tag(kind));
        set(&mut node, "id", id);
        if let Some(name) = name {
            set(&mut node, "name", name);
        }
        if kind == NodeKind::TerminateEvent {
            node.content.push(Content::Element(element("terminateEventDefinition")));
        }
        self.push(node);
        self
    }

    /// Gives the last node one of our attributes, such as `post`.
    pub fn attribute(&mut self, local: &str, value: &str) -> &mut Self {
        if let Some(node) = self.last() {
            node.attributes.push(Attribute {
                name: Name { prefix: Some("banhao".to_owned()), local: local.to_owned(), namespace: Some(BANHAO_NAMESPACE.to_owned()) },
                value: value.to_owned(),
            });
        }
        self
    }

    /// Gives the last node an attribute of BPMN itself, such as `messageRef`.
    pub fn own(&mut self, local: &str, value: &str) -> &mut Self {
        if let Some(node) = self.last() {
            set(node, local, value);
        }
        self
    }

    /// Explains the last node.
    pub fn documentation(&mut self, text: &str) -> &mut Self {
        let mut documentation = element("documentation");
        documentation.content.push(Content::Text(text.to_owned()));
        if let Some(node) = self.last() {
            node.content.push(Content::Element(documentation));
        }
        self
    }

    /// Adds an event on the border of an activity: a timer.
    pub fn boundary_timer(&mut self, id: &str, name: Option<&str>, on: &str, interrupting: bool, timer: &Timer) -> &mut Self {
        self.node(NodeKind::BoundaryEvent, id, name).own("attachedToRef", on);
        if !interrupting {
            self.own("cancelActivity", "false");
        }
        let mut time = element(match timer.kind {
            TimerKind::Date => "timeDate",
            TimerKind::Duration => "timeDuration",
            TimerKind::Cycle => "timeCycle",
        });
        time.content.push(Content::Text(timer.expression.clone()));
        let mut definition = element("timerEventDefinition");
        definition.content.push(Content::Element(time));
        if let Some(node) = self.last() {
            node.content.push(Content::Element(definition));
        }
        self
    }

    /// Adds a message that nodes can refer to (`messageRef`).
    pub fn message(&mut self, id: &str, name: &str) -> &mut Self {
        let mut message = element("message");
        set(&mut message, "id", id);
        set(&mut message, "name", name);
        self.beside.push(message);
        self
    }

    /// Adds a flow without condition.
    pub fn flow(&mut self, id: &str, source: &str, target: &str) -> &mut Self {
        let mut flow = element("sequenceFlow");
        set(&mut flow, "id", id);
        set(&mut flow, "sourceRef", source);
        set(&mut flow, "targetRef", target);
        self.push(flow);
        self
    }

    /// Gives the last flow a condition.
    pub fn when(&mut self, condition: &str) -> &mut Self {
        let mut expression = element("conditionExpression");
        expression.content.push(Content::Text(condition.to_owned()));
        if let Some(flow) = self.last() {
            flow.content.push(Content::Element(expression));
        }
        self
    }

    /// Gives the last flow a name.
    pub fn named(&mut self, name: &str) -> &mut Self {
        if let Some(flow) = self.last() {
            set(flow, "name", name);
        }
        self
    }

    /// Makes the last flow the default of its source.
    pub fn by_default(&mut self) -> &mut Self {
        let Some((id, source)) =
            self.last().and_then(|flow| Some((flow.attribute("id")?.to_owned(), flow.attribute("sourceRef")?.to_owned())))
        else {
            return self;
        };
        for content in &mut self.process.content {
            if let Content::Element(node) = content
                && node.attribute("id") == Some(source.as_str())
            {
                set(node, "default", &id);
            }
        }
        self
    }

    /// The whole file.
    #[must_use]
    pub fn document(&self) -> Document {
        let mut root = element("definitions");
        root.declarations = vec![(Some("bpmn".to_owned()), BPMN.to_owned()), (Some("banhao".to_owned()), BANHAO_NAMESPACE.to_owned())];
        set(&mut root, "id", &format!("definitions_{}", self.id));
        set(&mut root, "targetNamespace", BANHAO_NAMESPACE);
        root.content.extend(self.beside.iter().cloned().map(Content::Element));
        let mut process = self.process.clone();
        indent(&mut process, 2);
        root.content.push(Content::Element(process));
        indent(&mut root, 1);
        Document { before: Vec::new(), root, after: Vec::new() }
    }

    fn push(&mut self, child: Element) {
        self.process.content.push(Content::Element(child));
    }

    fn last(&mut self) -> Option<&mut Element> {
        match self.process.content.last_mut() {
            Some(Content::Element(element)) => Some(element),
            _ => None,
        }
    }
}

fn tag(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::StartEvent => "startEvent",
        NodeKind::EndEvent | NodeKind::TerminateEvent => "endEvent",
        NodeKind::CatchEvent => "intermediateCatchEvent",
        NodeKind::ThrowEvent => "intermediateThrowEvent",
        NodeKind::BoundaryEvent => "boundaryEvent",
        NodeKind::Task => "task",
        NodeKind::SendTask => "sendTask",
        NodeKind::ReceiveTask => "receiveTask",
        NodeKind::RuleTask => "businessRuleTask",
        NodeKind::CallActivity => "callActivity",
        NodeKind::SubProcess | NodeKind::EventSubProcess => "subProcess",
        NodeKind::EventGateway => "eventBasedGateway",
        NodeKind::UserTask => "userTask",
        NodeKind::ManualTask => "manualTask",
        NodeKind::ServiceTask => "serviceTask",
        NodeKind::ExclusiveGateway => "exclusiveGateway",
        NodeKind::ParallelGateway => "parallelGateway",
        NodeKind::InclusiveGateway => "inclusiveGateway",
    }
}

fn element(local: &str) -> Element {
    Element {
        name: Name { prefix: Some("bpmn".to_owned()), local: local.to_owned(), namespace: Some(BPMN.to_owned()) },
        declarations: Vec::new(),
        attributes: Vec::new(),
        content: Vec::new(),
        line: 0,
    }
}

fn set(element: &mut Element, local: &str, value: &str) {
    element.attributes.push(Attribute { name: Name { prefix: None, local: local.to_owned(), namespace: None }, value: value.to_owned() });
}

/// Puts each child on its own line.
fn indent(element: &mut Element, depth: usize) {
    let mut content = Vec::with_capacity(element.content.len() * 2 + 1);
    for child in element.content.drain(..) {
        content.push(Content::Text(format!("\n{}", "  ".repeat(depth))));
        content.push(child);
    }
    content.push(Content::Text(format!("\n{}", "  ".repeat(depth - 1))));
    element.content = content;
}
