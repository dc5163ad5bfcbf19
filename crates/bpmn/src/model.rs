//! A process as the engine and the drawing see it: nodes and flows with their places in each other's lists. Made by
//! [`Model::parse`]; how it is read from XML is in `read`.

use std::collections::{BTreeMap, HashMap};

use crate::{
    asides::Asides,
    diagram::Diagram,
    lanes::Lanes,
    problem::BpmnProblem,
    repeat::Repeat,
    tree::Element,
    trigger::{Timer, Trigger},
};

/// Namespace of the attributes this project adds to BPMN files (`banhao:act`, `banhao:post`, `banhao:days` …).
pub const BANHAO_NAMESPACE: &str = "https://banhao.example/ns/bpmn";

/// One process, checked: it can run.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) documentation: Option<String>,
    /// The process first, then the insides of its subprocesses.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) index: HashMap<String, Place>,
    pub(crate) diagrams: Vec<Diagram>,
    /// Place among the diagrams of the one that is drawn.
    pub(crate) drawn: Option<usize>,
    /// Who does what, as drawn: the pool around the process and its lanes.
    pub(crate) lanes: Lanes,
    /// Notes, data, groups, other parties of the collaboration.
    pub(crate) asides: Asides,
    /// Other processes of the file's collaboration, as far as they can be drawn.
    pub(crate) neighbours: Vec<Model>,
    pub(crate) remarks: Vec<BpmnProblem>,
    /// Every FEEL expression with the id of the element it belongs to, in the order of reading.
    pub(crate) expressions: Vec<(String, String)>,
    /// All of them without white space, one after the other: see [`Model::mentions`].
    pub(crate) asked: String,
}

/// Where an id is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Node(usize),
    Flow(usize),
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NodeKind {
    /// Where a process, a subprocess or an event subprocess begins; with a trigger it waits for something.
    StartEvent,
    /// End of one branch; with a trigger it also throws something.
    EndEvent,
    /// End of everything in its scope: whatever is still open there is closed.
    TerminateEvent,
    /// Waits for its trigger in the middle of the flow.
    CatchEvent,
    /// Throws its trigger in the middle of the flow, or just marks a point that was passed.
    ThrowEvent,
    /// Sits on an activity and waits for its trigger as long as the activity is open.
    BoundaryEvent,
    /// A task that does not say who does it: passed at once.
    Task,
    /// A person does it.
    UserTask,
    /// A person does it away from the computer and says so; runs like a user task.
    ManualTask,
    /// The program does it and reports back.
    ServiceTask,
    /// Sends a message and goes on.
    SendTask,
    /// Waits for a message.
    ReceiveTask,
    /// A decision (DMN) is asked; its answer becomes a variable.
    RuleTask,
    /// Another process runs; the program reports when it is over.
    CallActivity,
    /// Steps that belong together, in a scope of their own.
    SubProcess,
    /// Steps that begin when something happens while the scope around them is open.
    EventSubProcess,
    /// One way out of several.
    ExclusiveGateway,
    /// All ways out; waits for all ways in.
    ParallelGateway,
    /// Some ways out; waits for those ways in on which something can still come.
    InclusiveGateway,
    /// The way out on which something happens first.
    EventGateway,
}

impl NodeKind {
    /// Whether the run stops here until somebody or something reports it done ([`crate::complete`]).
    #[must_use]
    pub fn is_task(self) -> bool {
        matches!(self, Self::UserTask | Self::ManualTask | Self::ServiceTask | Self::CallActivity)
    }

    /// Whether a person does it.
    #[must_use]
    pub fn is_human(self) -> bool {
        matches!(self, Self::UserTask | Self::ManualTask)
    }

    /// Whether it is an activity: a task, a subprocess or a call. Activities can be repeated and carry boundary events.
    #[must_use]
    pub fn is_activity(self) -> bool {
        matches!(
            self,
            Self::Task
                | Self::UserTask
                | Self::ManualTask
                | Self::ServiceTask
                | Self::SendTask
                | Self::ReceiveTask
                | Self::RuleTask
                | Self::CallActivity
                | Self::SubProcess
        )
    }

    /// Whether it is drawn as a box with its name inside.
    #[must_use]
    pub fn is_box(self) -> bool {
        self.is_activity() || self.is_scope()
    }

    /// Whether it holds other nodes.
    #[must_use]
    pub fn is_scope(self) -> bool {
        matches!(self, Self::SubProcess | Self::EventSubProcess)
    }

    /// Whether it is an event.
    #[must_use]
    pub fn is_event(self) -> bool {
        matches!(self, Self::StartEvent | Self::EndEvent | Self::TerminateEvent | Self::CatchEvent | Self::ThrowEvent | Self::BoundaryEvent)
    }

    /// Whether it is a gateway.
    #[must_use]
    pub fn is_gateway(self) -> bool {
        matches!(self, Self::ExclusiveGateway | Self::ParallelGateway | Self::InclusiveGateway | Self::EventGateway)
    }

    /// Whether a branch ends here.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::EndEvent | Self::TerminateEvent)
    }
}

/// The process itself, or the inside of a subprocess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Scope around this one; none for the process itself.
    pub(crate) parent: Option<usize>,
    /// The subprocess this is the inside of; none for the process itself.
    pub(crate) owner: Option<usize>,
    /// Its nodes, in the order of the file (not those of scopes inside).
    pub(crate) nodes: Vec<usize>,
    /// Event subprocesses among its nodes.
    pub(crate) handlers: Vec<usize>,
    /// Inclusive gateways among its nodes.
    pub(crate) inclusive_joins: Vec<usize>,
}

/// Which decision a rule task asks, and where the answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedDecision {
    /// Name or id of the decision (`banhao:decision`, `camunda:decisionRef`, `zeebe:calledDecision`).
    pub decision: String,
    /// Variable that receives the answer (`banhao:result`, `camunda:resultVariable`).
    pub result: String,
}

/// A node of the process.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) kind: NodeKind,
    pub(crate) documentation: Option<String>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) extensions: Vec<Element>,
    pub(crate) incoming: Vec<usize>,
    pub(crate) outgoing: Vec<usize>,
    pub(crate) default: Option<usize>,
    pub(crate) has_performer: bool,
    pub(crate) line: u32,
    /// Index of the scope it stands in; 0 is the process itself.
    pub(crate) scope: usize,
    /// Index of its inside, for subprocesses and event subprocesses.
    pub(crate) inner: Option<usize>,
    /// What an event waits for or throws; the message of a send or receive task.
    pub(crate) trigger: Option<Trigger>,
    /// Boundary events (`cancelActivity`) and starts of event subprocesses (`isInterrupting`).
    pub(crate) interrupting: bool,
    /// Activity that a boundary event sits on.
    pub(crate) attached_to: Option<usize>,
    /// Boundary events that sit on this activity, in the order of the file.
    pub(crate) boundaries: Vec<usize>,
    /// Only runs as compensation of another activity (`isForCompensation`).
    pub(crate) for_compensation: bool,
    /// Activity that undoes the one this compensation boundary event sits on (from the association).
    pub(crate) compensator: Option<usize>,
    /// Catching end of a throwing link event.
    pub(crate) link: Option<usize>,
    pub(crate) repeat: Option<Repeat>,
    /// Process that a call activity calls (`calledElement`).
    pub(crate) called: Option<String>,
    pub(crate) decision: Option<AskedDecision>,
}

impl Node {
    /// A node of which nothing else is known.
    pub(crate) fn new(id: String, kind: NodeKind, scope: usize, line: u32) -> Self {
        Self {
            id,
            name: None,
            kind,
            documentation: None,
            attributes: BTreeMap::new(),
            extensions: Vec::new(),
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            has_performer: false,
            line,
            scope,
            inner: None,
            trigger: None,
            interrupting: true,
            attached_to: None,
            boundaries: Vec::new(),
            for_compensation: false,
            compensator: None,
            link: None,
            repeat: None,
            called: None,
            decision: None,
        }
    }

    /// What an event waits for or throws; the message of a send or receive task.
    #[must_use]
    pub fn trigger(&self) -> Option<&Trigger> {
        self.trigger.as_ref()
    }

    /// Timer of a timer event.
    #[must_use]
    pub fn timer(&self) -> Option<&Timer> {
        match &self.trigger {
            Some(Trigger::Timer(timer)) => Some(timer),
            _ => None,
        }
    }

    /// Whether it stands inside a subprocess.
    #[must_use]
    pub fn is_nested(&self) -> bool {
        self.scope != 0
    }

    /// Whether a boundary event ends its activity, or an event subprocess what runs beside it.
    #[must_use]
    pub fn is_interrupting(&self) -> bool {
        self.interrupting
    }

    /// Whether it only runs as compensation of another activity.
    #[must_use]
    pub fn is_for_compensation(&self) -> bool {
        self.for_compensation
    }

    /// How an activity is repeated.
    #[must_use]
    pub fn repeat(&self) -> Option<&Repeat> {
        self.repeat.as_ref()
    }

    /// Whether it is done by several, one after the other.
    #[must_use]
    pub fn is_sequential(&self) -> bool {
        matches!(&self.repeat, Some(Repeat::Many(many)) if many.sequential)
    }

    /// Process that a call activity calls.
    #[must_use]
    pub fn called(&self) -> Option<&str> {
        self.called.as_deref()
    }

    /// Decision that a rule task asks.
    #[must_use]
    pub fn decision(&self) -> Option<&AskedDecision> {
        self.decision.as_ref()
    }

    /// Id in the file.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Name in the file.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        self.kind
    }

    /// Explanation in the file.
    #[must_use]
    pub fn documentation(&self) -> Option<&str> {
        self.documentation.as_deref()
    }

    /// Foreign attribute by its prefixed name. Ours are always found as `banhao:…`, whatever prefix the file uses; others
    /// under the file's own prefix.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// All foreign attributes.
    #[must_use]
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        &self.attributes
    }

    /// What stands in the node's `extensionElements`.
    #[must_use]
    pub fn extensions(&self) -> &[Element] {
        &self.extensions
    }

    /// Line in the file.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }
}

/// A sequence flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) condition: Option<String>,
    pub(crate) line: u32,
}

impl Flow {
    /// Id in the file.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Name in the file.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// FEEL expression under which this way is taken.
    #[must_use]
    pub fn condition(&self) -> Option<&str> {
        self.condition.as_deref()
    }

    /// Line in the file.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }
}

impl Model {
    /// Nodes and flows of one scope, to be laid out.
    pub(crate) fn of_parts(scope: Scope, nodes: Vec<Node>, flows: Vec<Flow>) -> Self {
        Self {
            id: String::new(),
            name: None,
            documentation: None,
            scopes: vec![scope],
            nodes,
            flows,
            index: HashMap::new(),
            diagrams: Vec::new(),
            drawn: None,
            lanes: Lanes::default(),
            asides: Asides::default(),
            neighbours: Vec::new(),
            remarks: Vec::new(),
            expressions: Vec::new(),
            asked: String::new(),
        }
    }

    /// Id of the process.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Name of the process.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Explanation of the process.
    #[must_use]
    pub fn documentation(&self) -> Option<&str> {
        self.documentation.as_deref()
    }

    /// All nodes in the order of the file.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All sequence flows in the order of the file.
    #[must_use]
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// A node by its id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.node_at(id).map(|at| &self.nodes[at])
    }

    /// A sequence flow by its id.
    #[must_use]
    pub fn flow(&self, id: &str) -> Option<&Flow> {
        self.flow_at(id).map(|at| &self.flows[at])
    }

    /// Where a flow begins.
    #[must_use]
    pub fn source(&self, flow: &Flow) -> &Node {
        &self.nodes[flow.source]
    }

    /// Where a flow leads.
    #[must_use]
    pub fn target(&self, flow: &Flow) -> &Node {
        &self.nodes[flow.target]
    }

    /// The activity that a boundary event sits on.
    #[must_use]
    pub fn attached_to(&self, event: &Node) -> Option<&Node> {
        event.attached_to.map(|at| &self.nodes[at])
    }

    /// The activity that a boundary event sits on.
    #[must_use]
    pub fn host(&self, boundary: &Node) -> Option<&Node> {
        boundary.attached_to.map(|host| &self.nodes[host])
    }

    /// The subprocess or event subprocess that a node stands in; none in the process itself.
    #[must_use]
    pub fn parent(&self, node: &Node) -> Option<&Node> {
        self.scopes[node.scope].owner.map(|owner| &self.nodes[owner])
    }

    /// Flows out of a node, in the order of the file.
    pub fn outgoing<'m>(&'m self, node: &'m Node) -> impl Iterator<Item = &'m Flow> {
        node.outgoing.iter().map(|at| &self.flows[*at])
    }

    /// Flows into a node, in the order of the file.
    pub fn incoming<'m>(&'m self, node: &'m Node) -> impl Iterator<Item = &'m Flow> {
        node.incoming.iter().map(|at| &self.flows[*at])
    }

    /// The flow that is taken when no condition holds.
    #[must_use]
    pub fn default_flow(&self, node: &Node) -> Option<&Flow> {
        node.default.map(|at| &self.flows[at])
    }

    /// Every condition, so that their syntax can be checked where FEEL is known.
    pub fn conditions(&self) -> impl Iterator<Item = (&Flow, &str)> {
        self.flows.iter().filter_map(|flow| flow.condition.as_deref().map(|text| (flow, text)))
    }

    /// Every FEEL expression of the process with the id of its element: conditions, times, collections, correlations. Times are
    /// often plain ISO 8601 texts.
    pub fn expressions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.expressions.iter().map(|(element, text)| (element.as_str(), text.as_str()))
    }

    /// The drawing that came with the file: the one that was asked for ([`Model::read_diagram`]), else the first that shows the
    /// whole process.
    #[must_use]
    pub fn diagram(&self) -> Option<&Diagram> {
        self.drawn.and_then(|drawn| self.diagrams.get(drawn))
    }

    /// All drawings that came with the file. Some modelers give each closed subprocess one of its own.
    #[must_use]
    pub fn diagrams(&self) -> &[Diagram] {
        &self.diagrams
    }

    /// Warnings and notes: what is probably not meant, and what was read but has no effect.
    #[must_use]
    pub fn remarks(&self) -> &[BpmnProblem] {
        &self.remarks
    }

    /// Whether an expression mentions the variable: only such variables are kept in an instance. White space inside names does
    /// not count, as in FEEL. What a decision asks for is not known here, so with a rule task every variable is kept.
    pub(crate) fn mentions(&self, variable: &str) -> bool {
        self.asked.contains(&squeezed(variable)) || self.nodes.iter().any(|node| node.kind == NodeKind::RuleTask)
    }

    pub(crate) fn node_at(&self, id: &str) -> Option<usize> {
        match self.index.get(id) {
            Some(Place::Node(at)) => Some(*at),
            _ => None,
        }
    }

    pub(crate) fn flow_at(&self, id: &str) -> Option<usize> {
        match self.index.get(id) {
            Some(Place::Flow(at)) => Some(*at),
            _ => None,
        }
    }

    /// Where a run begins: the plain start, else the first with a trigger.
    pub(crate) fn start(&self) -> Option<usize> {
        let starts =
            || self.scopes.iter().take(1).flat_map(|scope| &scope.nodes).copied().filter(|at| self.nodes[*at].kind == NodeKind::StartEvent);
        starts().find(|at| self.nodes[*at].trigger.is_none()).or_else(|| starts().next())
    }

    /// Where a branch can come next from here, in the same scope: by flows, by the link, by boundary events.
    pub(crate) fn successors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let node = &self.nodes[at];
        node.outgoing.iter().map(|flow| self.flows[*flow].target).chain(node.link).chain(node.boundaries.iter().copied())
    }

    /// Which nodes can be reached from here (without the node itself, unless a cycle leads back), never passing `barrier`.
    pub(crate) fn reachable(&self, from: usize, barrier: Option<usize>) -> Vec<bool> {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            for target in self.successors(at) {
                if !seen[target] {
                    seen[target] = true;
                    if Some(target) != barrier {
                        open.push(target);
                    }
                }
            }
        }
        seen
    }
}

/// Expressions one after the other without white space.
pub(crate) fn asked(expressions: &[(String, String)]) -> String {
    let mut asked = String::new();
    for (_, text) in expressions {
        asked.push_str(&squeezed(text));
        asked.push('\n');
    }
    asked
}

pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
