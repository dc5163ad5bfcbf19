//! From the XML tree to a [`Model`]: what is understood, what is kept without effect, what is refused by name. Whether the
//! process makes sense as a whole is looked at in `check`.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    check,
    diagram::Diagram,
    model::{BANHAO_NAMESPACE, Flow, Model, Node, NodeKind, Place, Scope, asked},
    problem::{BpmnProblem, Severity, shortened},
    tree::{Document, Element},
    vocabulary,
};

/// Namespace of BPMN 2.0 models.
pub(crate) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// Most nodes of one process.
pub const MAX_NODES: usize = 2_000;
/// Most sequence flows of one process.
pub const MAX_FLOWS: usize = 6_000;
/// Most findings told of one file.
const MAX_PROBLEMS: usize = 200;
/// Longest id, name and condition, in characters.
const MAX_ID: usize = 200;
const MAX_NAME: usize = 1_000;
const MAX_CONDITION: usize = 10_000;

impl Model {
    /// Reads and checks a BPMN 2.0 file.
    ///
    /// # Errors
    /// Everything that keeps the process from running, in the order of the file; warnings and notes are among them. When
    /// nothing keeps it from running, warnings and notes are in [`Model::remarks`].
    pub fn parse(xml: &str) -> Result<Self, Vec<BpmnProblem>> {
        let document = Document::parse(xml).map_err(|problem| vec![problem])?;
        Self::read(&document)
    }

    /// Reads and checks a file that is already a tree.
    ///
    /// # Errors
    /// As [`Model::parse`].
    pub fn read(document: &Document) -> Result<Self, Vec<BpmnProblem>> {
        let mut reader = Reader { problems: Vec::new(), ids: HashMap::new(), refused: HashSet::new() };
        let model = reader.document(document);
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| problem.line);
        let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
        cut(&mut problems);
        match model {
            Some(mut model) if !broken => {
                model.remarks = problems;
                Ok(model)
            }
            _ => Err(problems),
        }
    }
}

/// Keeps the worst when there are more than anybody would read.
fn cut(problems: &mut Vec<BpmnProblem>) {
    let more = problems.len().saturating_sub(MAX_PROBLEMS);
    if more > 0 {
        problems.sort_by_key(|problem| (std::cmp::Reverse(problem.severity), problem.line));
        problems.truncate(MAX_PROBLEMS);
        problems.sort_by_key(|problem| problem.line);
        problems.push(BpmnProblem::note(
            "more",
            0,
            None,
            format!("还有 {more} 条，先改好上面的再看。"),
            format!("There are {more} more; mend these first."),
        ));
    }
}

struct Reader {
    problems: Vec<BpmnProblem>,
    ids: HashMap<String, u32>,
    /// Nodes that were refused: flows to and from them are not dangling.
    refused: HashSet<String>,
}

/// A sequence flow before its ends are known.
struct LooseFlow<'d> {
    element: &'d Element,
    id: String,
}

impl Reader {
    fn document(&mut self, document: &Document) -> Option<Model> {
        let root = &document.root;
        if !root.is(BPMN, "definitions") {
            self.problems.push(BpmnProblem::error(
                "not-bpmn",
                root.line,
                None,
                format!("这不是 BPMN 2.0 文件：根元素应为 definitions（命名空间 {BPMN}），现为 {}。", shortened(&root.name.local)),
                format!(
                    "This is not a BPMN 2.0 file: the root must be “definitions” in namespace {BPMN}, not “{}”.",
                    shortened(&root.name.local)
                ),
            ));
            return None;
        }
        self.ids_of(root);
        let mut filled = Vec::new();
        for child in root.children() {
            if child.name.namespace.as_deref() != Some(BPMN) {
                continue; // Diagrams and foreign extensions; they stay in the tree.
            }
            match child.name.local.as_str() {
                "process" => {
                    if child.children().any(|part| vocabulary::is_flow_element(&part.name.local)) {
                        filled.push(child);
                    } else {
                        self.kept(child);
                    }
                }
                "documentation" | "extensionElements" => {}
                _ => self.kept(child),
            }
        }
        let Some((process, others)) = filled.split_first() else {
            self.problems.push(BpmnProblem::error(
                "no-process",
                root.line,
                None,
                "文件里没有带环节的流程（process）。".to_owned(),
                "The file has no process with anything in it.".to_owned(),
            ));
            return None;
        };
        for other in others {
            self.problems.push(BpmnProblem::error(
                "several-processes",
                other.line,
                other.attribute("id"),
                "一个文件只能有一个可办理的流程，这是第二个。请另存为一个文件。".to_owned(),
                "A file can hold one process that runs; this is a further one. Save it as a file of its own.".to_owned(),
            ));
        }
        let mut model = self.process(process)?;
        model.diagram = Diagram::read(document);
        let whole = !self
            .problems
            .iter()
            .any(|problem| matches!(problem.code, "unsupported-element" | "dangling-flow" | "missing-id" | "duplicate-id"));
        self.problems.extend(check::look_through(&model, whole));
        Some(model)
    }

    /// Ids must be unique in the whole file; a sequence flow or a token could not be told from another otherwise.
    fn ids_of(&mut self, root: &Element) {
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            if let Some(id) = element.attribute("id")
                && is_ours(element)
                && let Some(first) = self.ids.insert(id.to_owned(), element.line)
            {
                let (first, line) = (first.min(element.line), first.max(element.line));
                let id = shortened(id);
                self.problems.push(BpmnProblem::error(
                    "duplicate-id",
                    line,
                    Some(id),
                    format!("编号“{id}”在第 {first} 行已经用过，每个元素的编号必须不同。"),
                    format!("The id “{id}” is already used in line {first}; every element needs its own."),
                ));
            }
            open.extend(element.children().filter(|child| child.name.local != "extensionElements"));
        }
    }

    fn process(&mut self, process: &Element) -> Option<Model> {
        let id = self.id(process)?;
        let mut nodes = Vec::new();
        let mut loose = Vec::new();
        for child in process.children() {
            if child.name.namespace.as_deref() != Some(BPMN) {
                continue;
            }
            match child.name.local.as_str() {
                "documentation" | "extensionElements" => {}
                "sequenceFlow" => {
                    if let Some(id) = self.id(child) {
                        loose.push(LooseFlow { element: child, id });
                    }
                }
                local if vocabulary::is_flow_element(local) => {
                    if let Some(node) = self.node(child) {
                        nodes.push((node, child));
                    }
                }
                _ => self.kept(child),
            }
        }
        if nodes.len() > MAX_NODES || loose.len() > MAX_FLOWS {
            self.problems.push(BpmnProblem::error(
                "process-too-large",
                process.line,
                Some(&id),
                format!("流程最多 {MAX_NODES} 个环节、{MAX_FLOWS} 条流向，现有 {}、{}。", nodes.len(), loose.len()),
                format!("A process may have {MAX_NODES} nodes and {MAX_FLOWS} flows; this one has {} and {}.", nodes.len(), loose.len()),
            ));
            return None;
        }
        let mut index = HashMap::new();
        for (at, (node, _)) in nodes.iter().enumerate() {
            index.insert(node.id.clone(), Place::Node(at));
        }
        let mut flows: Vec<Flow> = Vec::new();
        for LooseFlow { element, id } in loose {
            if let Some(flow) = self.flow(element, &id, &index) {
                index.insert(id, Place::Flow(flows.len()));
                flows.push(flow);
            }
        }
        let (mut nodes, elements): (Vec<Node>, Vec<&Element>) = nodes.into_iter().unzip();
        for (at, flow) in flows.iter().enumerate() {
            nodes[flow.source].outgoing.push(at);
            nodes[flow.target].incoming.push(at);
        }
        for (node, element) in nodes.iter_mut().zip(elements) {
            self.default_flow(node, element, &index, &flows);
        }
        Some(Model {
            id,
            name: self.name(process),
            documentation: documentation(process),
            scopes: vec![Scope { parent: None, owner: None, nodes: (0..nodes.len()).collect(), handlers: Vec::new() }],
            nodes,
            asked: asked(&flows),
            flows,
            index,
            diagram: None,
            remarks: Vec::new(),
        })
    }

    fn node(&mut self, element: &Element) -> Option<Node> {
        let local = element.name.local.as_str();
        let Some(mut kind) = vocabulary::supported(local) else {
            let (zh, en) = vocabulary::describe(local);
            self.unsupported(element, zh, en);
            self.refused.extend(element.attribute("id").map(str::to_owned));
            return None;
        };
        let id = self.id(element)?;
        let mut has_performer = false;
        let mut extensions = Vec::new();
        for child in element.children() {
            if child.name.namespace.as_deref() != Some(BPMN) {
                continue;
            }
            match child.name.local.as_str() {
                "documentation" | "incoming" | "outgoing" => {}
                "extensionElements" => extensions.extend(child.children().cloned()),
                "potentialOwner" | "humanPerformer" | "performer" => has_performer = true,
                "terminateEventDefinition" if kind == NodeKind::EndEvent => {
                    kind = NodeKind::TerminateEvent;
                }
                part if part.ends_with("EventDefinition") || part == "eventDefinitionRef" => {
                    let (zh, en) = vocabulary::describe(part);
                    self.unsupported_in(child, &id, zh, en);
                }
                part @ ("multiInstanceLoopCharacteristics" | "standardLoopCharacteristics") => {
                    let (zh, en) = vocabulary::describe(part);
                    self.unsupported_in(child, &id, zh, en);
                }
                _ => self.kept(child),
            }
        }
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
                (_, None) => self.own_attribute(element, &id, &name.local, &attribute.value),
            }
        }
        Some(Node {
            name: self.name(element),
            id,
            kind,
            documentation: documentation(element),
            attributes,
            extensions,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            has_performer,
            line: element.line,
            scope: 0,
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
        })
    }

    /// Attributes of BPMN itself that would change how the node runs.
    fn own_attribute(&mut self, element: &Element, id: &str, name: &str, value: &str) {
        let refused = match name {
            "isForCompensation" => value == "true",
            "startQuantity" | "completionQuantity" => value != "1",
            _ => false,
        };
        if refused {
            self.problems.push(BpmnProblem::error(
                "unsupported-attribute",
                element.line,
                Some(id),
                format!("“{id}”的属性 {name}=\"{}\" 不支持，请删去。", shortened(value)),
                format!("The attribute {name}=\"{}\" of “{id}” is not supported; remove it.", shortened(value)),
            ));
        }
    }

    fn flow(&mut self, element: &Element, id: &str, index: &HashMap<String, Place>) -> Option<Flow> {
        let mut end = |attribute: &str, zh: &str, en: &str| {
            let wanted = element.attribute(attribute);
            match wanted.and_then(|wanted| index.get(wanted)) {
                Some(Place::Node(at)) => Some(*at),
                _ if wanted.is_some_and(|wanted| self.refused.contains(wanted)) => None,
                _ => {
                    let wanted = shortened(wanted.unwrap_or_default()).to_owned();
                    self.problems.push(BpmnProblem::error(
                        "dangling-flow",
                        element.line,
                        Some(id),
                        format!("流向“{id}”的{zh}“{wanted}”不存在（{attribute}）。请重新连线或删去这条流向。"),
                        format!("The {en} “{wanted}” of flow “{id}” does not exist ({attribute}). Connect it again or delete the flow."),
                    ));
                    None
                }
            }
        };
        let source = end("sourceRef", "起点", "source");
        let target = end("targetRef", "终点", "target");
        let mut condition = None;
        for child in element.children() {
            if child.name.namespace.as_deref() != Some(BPMN) {
                continue;
            }
            match child.name.local.as_str() {
                "documentation" | "extensionElements" => {}
                "conditionExpression" => condition = self.condition(child, id),
                _ => self.kept(child),
            }
        }
        Some(Flow { id: id.to_owned(), name: self.name(element), source: source?, target: target?, condition, line: element.line })
    }

    /// Conditions are FEEL. The leading `=` of some modelers is taken off; other languages are refused.
    fn condition(&mut self, element: &Element, flow: &str) -> Option<String> {
        let text = element.text();
        let text = text.strip_prefix('=').unwrap_or(&text).trim();
        if text.is_empty() {
            self.problems.push(BpmnProblem::error(
                "empty-condition",
                element.line,
                Some(flow),
                format!("流向“{flow}”的条件是空的。请写条件，或删去 conditionExpression。"),
                format!("The condition of flow “{flow}” is empty. Write one, or remove conditionExpression."),
            ));
            return None;
        }
        let language = element.attribute("language").unwrap_or_default();
        let foreign = !language.is_empty() && !language.to_ascii_lowercase().contains("feel");
        if foreign || text.starts_with("${") || text.starts_with("#{") {
            self.problems.push(BpmnProblem::error(
                "condition-language",
                element.line,
                Some(flow),
                format!(
                    "流向“{flow}”的条件不是 FEEL 表达式（{}）。请改写，例如 decision = \"grant\"。",
                    shortened(if foreign { language } else { text })
                ),
                format!(
                    "The condition of flow “{flow}” is not a FEEL expression ({}). Rewrite it, for example decision = \"grant\".",
                    shortened(if foreign { language } else { text })
                ),
            ));
            return None;
        }
        if text.chars().count() > MAX_CONDITION {
            self.too_long(element, Some(flow), "条件", "condition", MAX_CONDITION);
            return None;
        }
        Some(text.to_owned())
    }

    fn default_flow(&mut self, node: &mut Node, element: &Element, index: &HashMap<String, Place>, flows: &[Flow]) {
        let Some(wanted) = element.attribute("default") else {
            return;
        };
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

    fn id(&mut self, element: &Element) -> Option<String> {
        match element.attribute("id").map(str::trim) {
            Some(id) if !id.is_empty() && id.chars().count() <= MAX_ID => Some(id.to_owned()),
            Some(id) if !id.is_empty() => {
                self.too_long(element, Some(id), "编号（id）", "id", MAX_ID);
                None
            }
            _ => {
                let local = shortened(&element.name.local);
                self.problems.push(BpmnProblem::error(
                    "missing-id",
                    element.line,
                    None,
                    format!("元素 {local} 没有编号（id）。"),
                    format!("The element {local} has no id."),
                ));
                None
            }
        }
    }

    fn name(&mut self, element: &Element) -> Option<String> {
        let name = element.attribute("name").map(str::trim)?;
        if name.chars().count() > MAX_NAME {
            self.too_long(element, element.attribute("id"), "名称（name）", "name", MAX_NAME);
        }
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn too_long(&mut self, element: &Element, id: Option<&str>, zh: &str, en: &str, limit: usize) {
        self.problems.push(BpmnProblem::error(
            "value-too-long",
            element.line,
            id,
            format!("{zh}超过 {limit} 个字。"),
            format!("The {en} is longer than {limit} characters."),
        ));
    }

    fn unsupported(&mut self, element: &Element, zh: &str, en: &str) {
        let id = element.attribute("id").unwrap_or("");
        self.unsupported_in(element, id, zh, en);
    }

    fn unsupported_in(&mut self, element: &Element, id: &str, zh: &str, en: &str) {
        let local = shortened(&element.name.local);
        let id = shortened(id);
        self.problems.push(BpmnProblem::error(
            "unsupported-element",
            element.line,
            Some(id).filter(|id| !id.is_empty()),
            format!("“{id}”用了 {local}：{zh}"),
            format!("“{id}” uses {local}: {en}"),
        ));
    }

    /// Read and kept in the tree, without effect on the run.
    fn kept(&mut self, element: &Element) {
        let local = shortened(&element.name.local);
        self.problems.push(BpmnProblem::note(
            "no-effect",
            element.line,
            element.attribute("id"),
            format!("{local} 保留在文件里，办理时不起作用。"),
            format!("{local} is kept in the file and has no effect on the run."),
        ));
    }
}

fn documentation(element: &Element) -> Option<String> {
    element.children().find(|child| child.is(BPMN, "documentation")).map(Element::text).filter(|text| !text.is_empty())
}

/// Elements of BPMN and of its diagrams; foreign extensions may use ids as they like.
fn is_ours(element: &Element) -> bool {
    element.name.namespace.as_deref().is_some_and(|namespace| {
        namespace.starts_with("http://www.omg.org/spec/BPMN/") || namespace.starts_with("http://www.omg.org/spec/DD/")
    })
}
