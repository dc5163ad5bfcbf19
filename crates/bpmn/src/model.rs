//! A process as the engine and the drawing see it: nodes and flows with their places in each other's lists. Made by
//! [`Model::parse`]; how it is read from XML is in `read`.

use std::collections::{BTreeMap, HashMap};

use crate::{diagram::Diagram, problem::BpmnProblem, tree::Element};

/// Namespace of the attributes this project adds to BPMN files (`banhao:act`, `banhao:post`, `banhao:days` …).
pub const BANHAO_NAMESPACE: &str = "https://banhao.example/ns/bpmn";

/// One process, checked: it can run.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) documentation: Option<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) index: HashMap<String, Place>,
    pub(crate) diagram: Option<Diagram>,
    pub(crate) remarks: Vec<BpmnProblem>,
    /// All conditions without white space, one after the other: see [`Model::mentions`].
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
    /// Start without a trigger.
    StartEvent,
    /// End of one branch.
    EndEvent,
    /// End of everything: whatever is still open is closed.
    TerminateEvent,
    /// A person does it.
    UserTask,
    /// A person does it away from the computer and says so; runs like a user task.
    ManualTask,
    /// The program does it and reports back.
    ServiceTask,
    /// One way out of several.
    ExclusiveGateway,
    /// All ways out; waits for all ways in.
    ParallelGateway,
    /// Some ways out; waits for those ways in on which something can still come.
    InclusiveGateway,
}

impl NodeKind {
    /// Whether the run stops here until somebody or something reports back.
    #[must_use]
    pub fn is_task(self) -> bool {
        matches!(self, Self::UserTask | Self::ManualTask | Self::ServiceTask)
    }

    /// Whether a person does it.
    #[must_use]
    pub fn is_human(self) -> bool {
        matches!(self, Self::UserTask | Self::ManualTask)
    }

    /// Whether it is a gateway.
    #[must_use]
    pub fn is_gateway(self) -> bool {
        matches!(self, Self::ExclusiveGateway | Self::ParallelGateway | Self::InclusiveGateway)
    }

    /// Whether a run ends here.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::EndEvent | Self::TerminateEvent)
    }
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
}

impl Node {
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

    /// The drawing that came with the file.
    #[must_use]
    pub fn diagram(&self) -> Option<&Diagram> {
        self.diagram.as_ref()
    }

    /// Warnings and notes: what is probably not meant, and what was read but has no effect.
    #[must_use]
    pub fn remarks(&self) -> &[BpmnProblem] {
        &self.remarks
    }

    /// Whether a condition mentions the variable: only such variables are kept in an instance. White space inside names does
    /// not count, as in FEEL.
    pub(crate) fn mentions(&self, variable: &str) -> bool {
        let wanted = squeezed(variable);
        self.conditions().any(|(_, text)| squeezed(text).contains(&wanted))
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

    pub(crate) fn start(&self) -> Option<usize> {
        self.nodes.iter().position(|node| node.kind == NodeKind::StartEvent)
    }

    /// Which nodes can be reached from here (without the node itself, unless a cycle leads back), never passing `barrier`.
    pub(crate) fn reachable(&self, from: usize, barrier: Option<usize>) -> Vec<bool> {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            for flow in &self.nodes[at].outgoing {
                let target = self.flows[*flow].target;
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

/// Conditions one after the other without white space.
pub(crate) fn asked(flows: &[Flow]) -> String {
    let mut asked = String::new();
    for condition in flows.iter().filter_map(Flow::condition) {
        asked.push_str(&squeezed(condition));
        asked.push('\n');
    }
    asked
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
