//! Which of the drawings of a file is drawn, and the process it shows.

use super::{BPMN, is_filled, ours};
use crate::{
    diagram::Diagram,
    lanes::local,
    model::Model,
    problem::{BpmnProblem, shortened},
    tree::{Document, Element},
};

impl Model {
    /// Reads and checks the process that a drawing of the file shows, to be drawn as there. A drawing is called by its name, its id,
    /// the id of what it shows, or its number in the file.
    ///
    /// # Errors
    /// As [`Model::parse`]; also when the file has no such drawing: then those it has are named.
    pub fn read_diagram(document: &Document, wanted: &str) -> Result<Self, Vec<BpmnProblem>> {
        let root = &document.root;
        let diagrams = Diagram::all(root);
        let Some(at) = diagrams.iter().position(|diagram| diagram.is_called(wanted)) else {
            return Err(vec![unknown(root, &diagrams, wanted)]);
        };
        let process = diagrams[at].shows.as_deref().and_then(|shows| process_of(root, shows));
        let mut model = Self::read_one(document, process)?;
        model.drawn = Some(at);
        Ok(model)
    }
}

/// The first drawing that shows the whole process; else the first that shows no subprocess.
pub(super) fn first(model: &Model) -> Option<usize> {
    let shows = |diagram: &Diagram, wanted: &str| diagram.shows.as_deref() == Some(wanted);
    let collaboration = model.lanes.pool.as_ref().map(|pool| pool.collaboration.as_str());
    let whole = |diagram: &Diagram| shows(diagram, &model.id) || collaboration.is_some_and(|wanted| shows(diagram, wanted));
    let inside = |diagram: &Diagram| diagram.shows.as_deref().and_then(|shows| model.node_at(shows)).is_some();
    let diagrams = &model.diagrams;
    diagrams.iter().position(whole).or_else(|| diagrams.iter().position(|diagram| !inside(diagram)))
}

/// Id of the process that something is, holds, or brings together. None leaves the choice to the reader.
fn process_of<'d>(root: &'d Element, shows: &str) -> Option<&'d str> {
    let processes = || ours(root).filter(|child| child.name.local == "process" && is_filled(child));
    let collaboration = ours(root).find(|child| child.name.local == "collaboration" && child.attribute("id") == Some(shows));
    if let Some(collaboration) = collaboration {
        let parties: Vec<&str> = collaboration
            .children()
            .filter(|child| child.is(BPMN, "participant"))
            .filter_map(|participant| participant.attribute("processRef").map(local))
            .collect();
        let shown = || processes().filter(|process| process.attribute("id").is_some_and(|id| parties.contains(&id)));
        let runs = |process: &&Element| process.attribute("isExecutable") == Some("true");
        return shown().find(runs).or_else(|| shown().next())?.attribute("id");
    }
    processes().find(|process| holds(process, shows))?.attribute("id")
}

fn holds(process: &Element, id: &str) -> bool {
    let mut open = vec![process];
    while let Some(element) = open.pop() {
        if element.attribute("id") == Some(id) {
            return true;
        }
        open.extend(element.children());
    }
    false
}

fn unknown(root: &Element, diagrams: &[Diagram], wanted: &str) -> BpmnProblem {
    let wanted = shortened(wanted);
    if diagrams.is_empty() {
        return BpmnProblem::error(
            "no-diagram",
            root.line,
            None,
            format!("文件里没有图，找不到“{wanted}”。不指定图时，系统自动排版。"),
            format!("The file has no drawing, so there is no “{wanted}”. Ask for none, and the process is laid out automatically."),
        );
    }
    let names: Vec<String> = diagrams
        .iter()
        .take(20)
        .map(|diagram| {
            let name = [&diagram.name, &diagram.shows, &diagram.id].into_iter().flatten().next();
            format!("{} {}", diagram.number, name.map_or("", |name| shortened(name))).trim_end().to_owned()
        })
        .collect();
    BpmnProblem::error(
        "no-diagram",
        root.line,
        None,
        format!("文件里没有叫“{wanted}”的图。有 {} 张：{}。请写其中一张的序号或名称。", diagrams.len(), names.join("；")),
        format!(
            "The file has no drawing “{wanted}”. It has {}: {}. Name one of them, or give its number.",
            diagrams.len(),
            names.join("; ")
        ),
    )
}
