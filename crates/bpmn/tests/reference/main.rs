//! Models with the elements of the reference models of the BPMN Model Interchange Working Group (A.1.0 … C.9.0), written from
//! the specification in the manner of the usual modelers: all are read, what does not run is named, nothing is lost by writing,
//! and what can run begins and ends.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod canonical;
mod random;

use std::{fmt::Write, fs, path::Path};

use banhao_bpmn::{
    BpmnProblem, Command, Conditions, Drawing, Instance, Model, Node, NodeKind, Orientation, Step, Trigger, act, compare, draw,
    tree::Document,
};
use canonical::canonical;
use serde_json::{Value, json};

/// Name and text of every reference model.
fn models() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/reference");
    let mut models: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    models.sort();
    assert_eq!(models.len(), 20);
    models
}

fn told(problems: &[BpmnProblem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let element = problem.element.as_deref().unwrap_or("-");
        let _ = writeln!(text, "  {:?} {} line {} {element}: {}", problem.severity, problem.code, problem.line, problem.zh);
    }
    text
}

#[test]
fn all_are_read_and_what_does_not_run_is_named() {
    let mut text = String::new();
    for (name, xml) in models() {
        match Model::parse(&xml) {
            Ok(model) => {
                let _ = writeln!(text, "{name} runs: {} nodes, {} flows", model.nodes().len(), model.flows().len());
                text.push_str(&told(model.remarks()));
            }
            Err(problems) => {
                let _ = writeln!(text, "{name} does not run");
                text.push_str(&told(&problems));
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_is_lost_by_reading_and_writing() {
    for (name, xml) in models() {
        let document = Document::parse(&xml).unwrap();
        let written = document.to_xml();
        assert_eq!(canonical(&xml), canonical(&written), "{name}");
        assert_eq!(Document::parse(&written).unwrap().to_xml(), written, "{name}");
        // Declarations before attributes, double quotes, no needless references, one space between: written byte by byte.
        let in_our_form = !xml.contains("&#x4E2D;") && !xml.contains("CDATA");
        if in_our_form {
            assert_eq!(xml, written, "{name}");
        }
    }
}

#[test]
fn each_is_drawn_as_it_is_and_laid_out_anew() {
    for (name, xml) in models() {
        let Ok(model) = Model::parse(&xml) else { continue };
        for orientation in [Orientation::Horizontal, Orientation::Vertical] {
            let svg = draw(&model, None, &Drawing { orientation, ..Drawing::default() });
            roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
            // The inside of a collapsed subprocess is shown only when everything is laid out anew.
            let shown = |node: &&Node| {
                let placed = model.diagram().is_some_and(|diagram| diagram.shapes.contains_key(node.id()));
                placed || orientation == Orientation::Vertical
            };
            for node in model.nodes().iter().filter(shown) {
                assert!(svg.contains(&format!("data-element=\"{}\"", node.id())), "{name}: {}", node.id());
            }
        }
        let mut document = Document::parse(&xml).unwrap();
        document.lay_out(&model);
        let laid_out = Model::parse(&document.to_xml()).unwrap_or_else(|problems| panic!("{name}: {}", told(&problems)));
        assert!(compare(&model, &laid_out).is_empty(), "{name}");
        assert!(laid_out.diagram().is_some(), "{name}");
    }
}

/// Answers for the few expressions of the models.
struct Office;

impl Conditions for Office {
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        Ok(match expression {
            "urgent" => variables["urgent"] == true,
            "missing" => false,
            other => !other.starts_with("out ="),
        })
    }

    fn value(&self, expression: &str, _variables: &Value) -> Result<Value, String> {
        if expression == "people" {
            return Ok(json!(["甲", "乙"]));
        }
        serde_json::from_str(expression).map_err(|error| error.to_string())
    }

    fn decide(&self, _decision: &str, _variables: &Value) -> Result<Value, String> {
        Ok(json!(3))
    }
}

/// Does what is open and lets happen what is waited for, until the run is over.
fn run(name: &str, model: &Model) -> Vec<String> {
    let mut instance = Instance::blank();
    let mut ends = Vec::new();
    let start = |node: &&Node| node.kind() == NodeKind::StartEvent && !node.is_nested();
    let plain = model.nodes().iter().filter(start).any(|node| node.trigger().is_none());
    let at = model.nodes().iter().find(start).filter(|_| !plain).map(|node| node.id().to_owned());
    let mut next = Command::Start { at, variables: json!({ "urgent": false }) };
    for _ in 0..200 {
        let events = act(model, &mut instance, &next, &Office).unwrap_or_else(|error| panic!("{name}: {next:?}: {error}"));
        ends.extend(Step { instance: instance.clone(), events }.ends().map(str::to_owned));
        if !instance.is_running() {
            assert_eq!(instance.size(), 0, "{name}");
            return ends;
        }
        if let Some((task, _)) = instance.open_tasks().next() {
            next = Command::Complete { task, variables: json!({ "verdict": "agree" }) };
            continue;
        }
        let (event, armed) = instance
            .armed()
            .find(|(_, armed)| model.node(&armed.at).is_some_and(|node| node.kind() != NodeKind::StartEvent))
            .unwrap_or_else(|| panic!("{name} waits for nothing: {instance:?}"));
        let variables = json!({});
        next = match model.node(&armed.at).unwrap().trigger().unwrap() {
            Trigger::Message { name, .. } => Command::Message { message: name.clone(), key: None, variables },
            Trigger::Signal { name } => Command::Signal { signal: name.clone(), variables },
            Trigger::Condition { .. } => Command::Set { variables: json!({ "urgent": true }) },
            _ => Command::Fire { event },
        };
    }
    panic!("{name} does not end");
}

#[test]
fn what_can_run_begins_and_ends() {
    let mut text = String::new();
    for (name, xml) in models() {
        if let Ok(model) = Model::parse(&xml) {
            let _ = writeln!(text, "{name}: {}", run(&name, &model).join(", "));
        }
    }
    insta::assert_snapshot!(text);
}
