//! Calls of other processes (调用活动). A matter's file may hold several processes; the one that no other calls is the matter's, the
//! others are parts of it. Before it is read, each call is replaced by what it calls, as a subprocess: so everything that holds for
//! subprocesses – returning out of them, moving to a new version, drawing, trying out – holds for calls. The file itself stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use banhao_bpmn::tree::{Content, Document, Element};
use banhao_bpmn::{BpmnProblem, Model, Severity};

const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const DI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
/// Most elements that calls may put in: a few short processes can call each other's calls a million times.
const MOST_COPIED: usize = 20_000;
/// What belongs to the called process as a process and has no place in a subprocess.
const NOT_COPIED: [&str; 8] =
    ["documentation", "extensionElements", "laneSet", "auditing", "monitoring", "ioSpecification", "ioBinding", "correlationSubscription"];
/// What several signers came to; the variable is called by the id of the step.
const SIGNED: [&str; 3] = ["_agreed", "_agree", "_disagree"];

/// Reads and checks the process of a matter, with the processes of the same file that it calls.
///
/// # Errors
/// As [`Model::parse`]; processes that call each other in a ring, and calls that together become too large.
pub fn process_model(xml: &str) -> Result<Model, Vec<BpmnProblem>> {
    let document = Document::parse(xml).map_err(|problem| vec![problem])?;
    match linked(&document) {
        Ok(None) => Model::read(&document),
        Ok(Some(linked)) => Model::read(&linked),
        Err(problem) => Err(vec![problem]),
    }
}

/// The document with every call replaced; none when there is none of a process in the file.
fn linked(document: &Document) -> Result<Option<Document>, BpmnProblem> {
    let root = &document.root;
    let processes: BTreeMap<&str, &Element> =
        root.children().filter(|child| child.is(BPMN, "process")).filter_map(|process| Some((process.attribute("id")?, process))).collect();
    let mut called = BTreeSet::new();
    for process in processes.values() {
        calls_in(process, &processes, &mut called);
    }
    let Some(first) = called.iter().next() else { return Ok(None) };
    if processes.keys().all(|id| called.contains(id)) {
        let process = processes[first];
        return Err(ring(process, first));
    }
    let mut linker = Linker { processes: &processes, inside: Vec::new(), copied: 0 };
    let mut linked = document.clone();
    linked.root.content = root
        .content
        .iter()
        .filter_map(|content| match content {
            Content::Element(child) if child.is(BPMN, "process") => {
                let id = child.attribute("id").unwrap_or_default();
                (!called.contains(id)).then(|| linker.process(child).map(Content::Element))
            }
            // The drawing of the file shows the calls closed; what is in them is laid out with the rest.
            Content::Element(child) if child.is(DI, "BPMNDiagram") => None,
            other => Some(Ok(other.clone())),
        })
        .collect::<Result<_, _>>()?;
    Ok(Some(linked))
}

/// The process of the file that an element calls.
fn called<'d>(element: &Element, processes: &BTreeMap<&'d str, &'d Element>) -> Option<(&'d str, &'d Element)> {
    if !element.is(BPMN, "callActivity") {
        return None;
    }
    // A name with a prefix is one of the file's own namespace.
    let name = element.attribute("calledElement")?.trim();
    let name = name.rsplit(':').next().unwrap_or(name);
    processes.get_key_value(name).map(|(id, process)| (*id, *process))
}

fn calls_in<'d>(element: &Element, processes: &BTreeMap<&'d str, &'d Element>, found: &mut BTreeSet<&'d str>) {
    for child in element.children() {
        if let Some((id, _)) = called(child, processes) {
            found.insert(id);
        }
        calls_in(child, processes, found);
    }
}

fn problem(line: u32, element: &str, code: &'static str, zh: String, en: String) -> BpmnProblem {
    BpmnProblem { severity: Severity::Error, code, line, element: Some(element.to_owned()), zh, en }
}

fn ring(at: &Element, id: &str) -> BpmnProblem {
    problem(
        at.line,
        id,
        "call-ring",
        format!("流程“{id}”直接或者间接地调用了自己，永远办不完。请去掉其中一个调用。"),
        format!("The process `{id}` calls itself, at once or by way of others, and would never end; take one of the calls away."),
    )
}

struct Linker<'d> {
    processes: &'d BTreeMap<&'d str, &'d Element>,
    /// The processes whose inside is being copied.
    inside: Vec<&'d str>,
    copied: usize,
}

impl<'d> Linker<'d> {
    fn process(&mut self, process: &Element) -> Result<Element, BpmnProblem> {
        let mut process = process.clone();
        self.replace(&mut process)?;
        Ok(process)
    }

    /// Replaces every call in an element; recursion is bounded by the depth of the file and the number of its processes.
    fn replace(&mut self, element: &mut Element) -> Result<(), BpmnProblem> {
        for content in &mut element.content {
            let Content::Element(child) = content else { continue };
            match called(child, self.processes) {
                Some((id, process)) => self.call(child, id, process)?,
                None => self.replace(child)?,
            }
        }
        Ok(())
    }

    /// Makes a call a subprocess with a copy of what it calls.
    fn call(&mut self, call: &mut Element, id: &'d str, process: &'d Element) -> Result<(), BpmnProblem> {
        if self.inside.contains(&id) {
            return Err(ring(call, id));
        }
        let mut inside = Element { content: Vec::new(), ..process.clone() };
        for content in &process.content {
            if !matches!(content, Content::Element(child) if NOT_COPIED.contains(&child.name.local.as_str())) {
                inside.content.push(content.clone());
            }
        }
        let ids = ids_of(&inside);
        self.copied += ids.len();
        let at = call.attribute("id").unwrap_or_default().to_owned();
        if self.copied > MOST_COPIED {
            return Err(problem(
                call.line,
                &at,
                "call-too-large",
                format!("调用的流程放在一起太大（超过 {MOST_COPIED} 个元素）。请少调用几次。"),
                format!("The called processes together are too large (more than {MOST_COPIED} elements); call them less often."),
            ));
        }
        for child in &mut inside.content {
            if let Content::Element(child) = child {
                rename(child, &ids, &at);
            }
        }
        self.inside.push(id);
        self.replace(&mut inside)?;
        self.inside.pop();
        "subProcess".clone_into(&mut call.name.local);
        call.attributes.retain(|attribute| attribute.name.local != "calledElement");
        if call.attribute("name").is_none()
            && let Some(name) = process.attributes.iter().find(|attribute| attribute.name.local == "name")
        {
            call.attributes.push(name.clone());
        }
        call.content.append(&mut inside.content);
        Ok(())
    }
}

fn ids_of(element: &Element) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut open: Vec<&Element> = element.children().collect();
    while let Some(element) = open.pop() {
        ids.extend(element.attribute("id").map(ToOwned::to_owned));
        open.extend(element.children());
    }
    ids
}

/// Puts the id of the call in front of every id of the copy and wherever one is meant, so that a process can be called more than once.
fn rename(element: &mut Element, ids: &BTreeSet<String>, call: &str) {
    let is_bpmn = element.name.namespace.as_deref() == Some(BPMN);
    for attribute in &mut element.attributes {
        let name = attribute.name.local.as_str();
        if attribute.name.namespace.is_some() {
            attribute.value = if name == "return-to" { words(&attribute.value, ids, call) } else { variables(&attribute.value, ids, call) };
        } else if is_bpmn && name != "name" && ids.contains(&attribute.value) {
            attribute.value = format!("{call}_{}", attribute.value);
        }
    }
    let refers = is_bpmn && (matches!(element.name.local.as_str(), "incoming" | "outgoing") || element.name.local.ends_with("Ref"));
    let says = is_bpmn && matches!(element.name.local.as_str(), "documentation" | "text");
    for content in &mut element.content {
        match content {
            Content::Element(child) => rename(child, ids, call),
            Content::Text(text) if refers => *text = words(text, ids, call),
            Content::Text(text) if !says => *text = variables(text, ids, call),
            _ => {}
        }
    }
}

fn words(text: &str, ids: &BTreeSet<String>, call: &str) -> String {
    let renamed = |word: &str| if ids.contains(word) { format!("{call}_{word}") } else { word.to_owned() };
    text.split_whitespace().map(renamed).collect::<Vec<_>>().join(" ")
}

/// Variables that are called by the id of a step.
fn variables(text: &str, ids: &BTreeSet<String>, call: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (name, after) = if end == 0 { rest.split_at(letter.len_utf8()) } else { rest.split_at(end) };
        if SIGNED.iter().any(|part| name.strip_suffix(part).is_some_and(|step| ids.contains(step))) {
            renamed.push_str(call);
            renamed.push('_');
        }
        renamed.push_str(name);
        rest = after;
    }
    renamed
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// A file with these processes: id and what is in it.
    fn file(processes: &[(&str, &str)]) -> String {
        let processes: String = processes
            .iter()
            .map(|(id, inside)| format!("<process id=\"{id}\" name=\"流程 {id}\" isExecutable=\"true\">{inside}</process>"))
            .collect();
        format!(
            "<definitions xmlns=\"{BPMN}\" xmlns:banhao=\"{}\" id=\"d\" targetNamespace=\"x\">{processes}</definitions>",
            banhao_bpmn::BANHAO_NAMESPACE
        )
    }

    /// One step after the other.
    fn steps(prefix: &str, steps: &[&str]) -> String {
        let mut inside = format!("<startEvent id=\"{prefix}s\"/>");
        let mut before = format!("{prefix}s");
        for (at, step) in steps.iter().enumerate() {
            let id = format!("{prefix}{at}");
            inside += &step.replace("ID", &id);
            inside += &format!("<sequenceFlow id=\"f{id}\" sourceRef=\"{before}\" targetRef=\"{id}\"/>");
            before = id;
        }
        format!("{inside}<endEvent id=\"{prefix}e\"/><sequenceFlow id=\"f{prefix}e\" sourceRef=\"{before}\" targetRef=\"{prefix}e\"/>")
    }

    const TASK: &str = "<userTask id=\"ID\" name=\"办\"/>";

    fn calls(what: &str) -> String {
        format!("<callActivity id=\"ID\" calledElement=\"{what}\"/>")
    }

    #[test]
    fn a_called_process_is_a_part_with_ids_of_its_own() {
        let main = steps("m", &[TASK, &calls("sub"), &calls("sub")]);
        let sub = steps("u", &[TASK, "<userTask id=\"ID\" banhao:return-to=\"u0 start\"/>"]);
        let model = process_model(&file(&[("main", &main), ("sub", &sub)])).unwrap();
        assert_eq!(model.id(), "main");
        for id in ["m0", "m1", "m2", "m1_u0", "m1_u1", "m2_u0", "m2_u1"] {
            assert!(model.node(id).is_some(), "{id}");
        }
        assert_eq!(model.node("m1").unwrap().name(), Some("流程 sub"));
        assert_eq!(model.node("m2_u1").unwrap().attribute("banhao:return-to"), Some("m2_u0 start"));
        // Also when the called process stands in front, and by way of another.
        let deep = steps("d", &[&calls("sub")]);
        let model = process_model(&file(&[("sub", &sub), ("deep", &deep), ("main", &steps("m", &[&calls("deep")]))])).unwrap();
        assert!(model.node("m0_d0_u1").is_some());
    }

    #[test]
    fn what_signers_came_to_goes_with_the_step() {
        let ids: BTreeSet<String> = ["review".to_owned()].into();
        assert_eq!(
            variables("review_agreed and not(x.review_agree2) or review = 1", &ids, "c"),
            "c_review_agreed and not(x.review_agree2) or review = 1"
        );
        assert_eq!(variables("审查_agreed，review_disagree", &ids, "c"), "审查_agreed，c_review_disagree");
    }

    #[test]
    fn rings_and_floods_are_refused_with_their_place() {
        let code = |xml: &str| process_model(xml).unwrap_err()[0].code;
        let own = steps("a", &[&calls("a")]);
        assert_eq!(code(&file(&[("a", &own)])), "call-ring");
        let (one, two) = (steps("a", &[&calls("b")]), steps("b", &[&calls("a")]));
        assert_eq!(code(&file(&[("a", &one), ("b", &two)])), "call-ring");
        assert_eq!(code(&file(&[("main", &steps("m", &[&calls("a")])), ("a", &one), ("b", &two)])), "call-ring");
        // Twenty processes, each calling the next twice: a million copies.
        let many: Vec<(String, String)> = (0..20)
            .map(|n| {
                let inside = if n == 19 {
                    steps(&format!("p{n}x"), &[TASK])
                } else {
                    steps(&format!("p{n}x"), &[&calls(&format!("p{}", n + 1)); 2].map(String::as_str))
                };
                (format!("p{n}"), inside)
            })
            .collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(id, inside)| (id.as_str(), inside.as_str())).collect();
        assert_eq!(code(&file(&many)), "call-too-large");
    }

    #[test]
    fn a_call_out_of_the_file_stays_a_call() {
        let model = process_model(&file(&[("main", &steps("m", &[TASK, &calls("elsewhere")]))])).unwrap();
        assert_eq!(model.node("m1").unwrap().kind(), banhao_bpmn::NodeKind::CallActivity);
    }
}
