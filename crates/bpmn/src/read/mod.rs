//! From the XML tree to a [`Model`]: what is understood, what is kept without effect, what is refused by name. Whether the
//! process makes sense as a whole is looked at in `check`.

mod diagrams;
mod flow;
mod node;
mod repeat;
mod scope;
mod text;
mod trigger;

use std::collections::{HashMap, HashSet};

use crate::{
    asides::Asides,
    check,
    diagram::Diagram,
    lanes::{Lanes, local},
    model::{Model, Node, Scope},
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

impl Model {
    /// Reads and checks a BPMN 2.0 file. Of several processes the only one that is executable is taken, else the only one with
    /// anything in it.
    ///
    /// # Errors
    /// Everything that keeps the process from running, in the order of the file; warnings and notes are among them. When
    /// nothing keeps it from running, warnings and notes are in [`Model::remarks`].
    pub fn parse(xml: &str) -> Result<Self, Vec<BpmnProblem>> {
        let document = Document::parse(xml).map_err(|problem| vec![problem])?;
        Self::read(&document)
    }

    /// Reads and checks one process of a file that has several.
    ///
    /// # Errors
    /// As [`Model::parse`]; also when the file has no process with this id.
    pub fn parse_process(xml: &str, id: &str) -> Result<Self, Vec<BpmnProblem>> {
        let document = Document::parse(xml).map_err(|problem| vec![problem])?;
        Self::read_one(&document, Some(id))
    }

    /// Reads and checks a file that is already a tree.
    ///
    /// # Errors
    /// As [`Model::parse`].
    pub fn read(document: &Document) -> Result<Self, Vec<BpmnProblem>> {
        Self::read_one(document, None)
    }

    fn read_one(document: &Document, wanted: Option<&str>) -> Result<Self, Vec<BpmnProblem>> {
        let mut reader = Reader::default();
        let model = reader.document(document, wanted);
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

/// A file being read, and the process as far as it is read.
#[derive(Default)]
struct Reader<'d> {
    problems: Vec<BpmnProblem>,
    ids: HashMap<&'d str, u32>,
    /// Nodes that were refused: flows to and from them are not dangling.
    refused: HashSet<&'d str>,
    /// Kinds of elements of which it was said already that they have no effect.
    noted: HashSet<&'d str>,
    /// What stands beside the processes: messages, signals, errors and so on.
    roots: HashMap<&'d str, &'d Element>,
    nodes: Vec<Node>,
    /// Element of each node.
    elements: Vec<&'d Element>,
    scopes: Vec<Scope>,
    loose: Vec<LooseFlow<'d>>,
    associations: Vec<&'d Element>,
    /// Every FEEL expression with the element it belongs to.
    expressions: Vec<(String, String)>,
}

/// A sequence flow before its ends are known.
struct LooseFlow<'d> {
    element: &'d Element,
    id: String,
}

impl<'d> Reader<'d> {
    fn document(&mut self, document: &'d Document, wanted: Option<&str>) -> Option<Model> {
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
        for child in ours(root) {
            match child.name.local.as_str() {
                "process" if is_filled(child) => filled.push(child),
                "choreography" => self.unsupported(child),
                "documentation" | "extensionElements" => {}
                local if vocabulary::is_referred_to(local) => {
                    if let Some(id) = child.attribute("id") {
                        self.roots.insert(id, child);
                    }
                }
                _ => self.kept(child),
            }
        }
        let process = self.choose(root, &filled, wanted)?;
        for other in filled.into_iter().filter(|other| !std::ptr::eq(*other, process)) {
            self.kept(other);
        }
        let mut model = self.process(process)?;
        model.diagrams = Diagram::all(root);
        model.drawn = diagrams::first(&model);
        model.lanes = Lanes::of(root, process, &model.index);
        model.asides = Asides::of(root, process, &model, true);
        neighbours(&mut model, root);
        let whole = !self.problems.iter().any(|problem| {
            matches!(
                problem.code,
                "unsupported-element" | "dangling-flow" | "flow-across-scopes" | "dangling-boundary" | "missing-id" | "duplicate-id"
            )
        });
        self.problems.extend(check::look_through(&model, whole));
        Some(model)
    }

    /// Which process of the file runs.
    fn choose(&mut self, root: &Element, filled: &[&'d Element], wanted: Option<&str>) -> Option<&'d Element> {
        let ids = || filled.iter().filter_map(|process| process.attribute("id")).map(shortened).collect::<Vec<_>>();
        if let Some(wanted) = wanted {
            let found = filled.iter().copied().find(|process| process.attribute("id") == Some(wanted));
            if found.is_none() {
                let wanted = shortened(wanted);
                self.problems.push(BpmnProblem::error(
                    "no-process",
                    root.line,
                    None,
                    format!("文件里没有编号为“{wanted}”、带环节的流程。有的是：{}。", ids().join("、")),
                    format!("The file has no process “{wanted}” with anything in it. It has: {}.", ids().join(", ")),
                ));
            }
            return found;
        }
        let executable: Vec<&Element> =
            filled.iter().copied().filter(|process| process.attribute("isExecutable") == Some("true")).collect();
        match (executable.as_slice(), filled) {
            ([process], _) | (_, [process]) => Some(process),
            (_, []) => {
                self.problems.push(BpmnProblem::error(
                    "no-process",
                    root.line,
                    None,
                    "文件里没有带环节的流程（process）。".to_owned(),
                    "The file has no process with anything in it.".to_owned(),
                ));
                None
            }
            (_, [_, second, ..]) => {
                let ids = ids();
                self.problems.push(BpmnProblem::error(
                    "several-processes",
                    second.line,
                    second.attribute("id"),
                    format!("文件里有几个流程：{}。请只把要办理的那一个设为可执行（isExecutable=\"true\"），或各存为一个文件。", ids.join("、")),
                    format!(
                        "The file has several processes: {}. Make only the one that is to run executable (isExecutable=\"true\"), or save each as a file of its own.",
                        ids.join(", ")
                    ),
                ));
                None
            }
        }
    }

    /// Ids must be unique in the whole file; a sequence flow or a token could not be told from another otherwise.
    fn ids_of(&mut self, root: &'d Element) {
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            if let Some(id) = element.attribute("id")
                && is_ours(element)
                && let Some(first) = self.ids.insert(id, element.line)
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
}

/// Reads the other processes of the model's collaboration, to be drawn beside it: what cannot be read of them is not drawn.
fn neighbours(model: &mut Model, root: &Element) {
    let mut parties = std::mem::take(&mut model.asides.parties);
    for party in &mut parties {
        let participant = ours(root)
            .filter(|child| child.name.local == "collaboration")
            .flat_map(ours)
            .find(|child| child.name.local == "participant" && child.attribute("id") == Some(party.id.as_str()));
        let Some(process) = participant.and_then(|participant| participant.attribute("processRef")).map(local) else { continue };
        let filled = |child: &&Element| child.name.local == "process" && child.attribute("id") == Some(process) && is_filled(child);
        let Some(process) = ours(root).find(filled) else { continue };
        let mut reader = Reader::default();
        for part in ours(root).filter(|part| vocabulary::is_referred_to(&part.name.local)) {
            if let Some(id) = part.attribute("id") {
                reader.roots.insert(id, part);
            }
        }
        if let Some(mut neighbour) = reader.process(process) {
            neighbour.lanes = Lanes::of(root, process, &neighbour.index);
            if let Some(pool) = &mut neighbour.lanes.pool {
                pool.id.clone_from(&party.id);
                pool.name.clone_from(&party.name);
            }
            neighbour.asides = Asides::of(root, process, &neighbour, false);
            party.neighbour = Some(model.neighbours.len());
            model.neighbours.push(neighbour);
        }
    }
    model.asides.parties = parties;
}

/// Children that belong to BPMN itself.
fn ours(element: &Element) -> impl Iterator<Item = &Element> {
    element.children().filter(|child| child.name.namespace.as_deref() == Some(BPMN))
}

/// The first child of BPMN with this name.
fn child<'e>(element: &'e Element, local: &str) -> Option<&'e Element> {
    ours(element).find(|child| child.name.local == local)
}

fn is_filled(process: &Element) -> bool {
    ours(process).any(|part| vocabulary::is_flow_element(&part.name.local))
}

fn documentation(element: &Element) -> Option<String> {
    child(element, "documentation").map(Element::text).filter(|text| !text.is_empty())
}

/// Elements of BPMN and of its diagrams; foreign extensions may use ids as they like.
fn is_ours(element: &Element) -> bool {
    element.name.namespace.as_deref().is_some_and(|namespace| {
        namespace.starts_with("http://www.omg.org/spec/BPMN/") || namespace.starts_with("http://www.omg.org/spec/DD/")
    })
}
