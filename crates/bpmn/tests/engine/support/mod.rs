//! A small language for conditions, and random well-structured processes with an independent account of what they should do.

pub mod explorer;
pub mod invariants;
pub mod moving;
pub mod structure;
pub mod versions;

use banhao_bpmn::{BpmnProblem, Command, Event, Instance, Model, Phase, RunError, Step, TaskRef, act};
use serde_json::Value;

/// Answers `name = "text"`, `name = 1`, `name = true` and `form.name = …`; everything else is an error.
pub fn equals(expression: &str, variables: &Value) -> Result<bool, String> {
    let (name, wanted) = expression.split_once('=').ok_or_else(|| format!("not an equation: {expression}"))?;
    let wanted: Value = serde_json::from_str(wanted.trim()).map_err(|error| error.to_string())?;
    let mut value = variables;
    for part in name.trim().split('.') {
        value = value.get(part).unwrap_or(&Value::Null);
    }
    Ok(*value == wanted)
}

/// Answers [`equals`], comparisons `name >= 1`, lists and names as values, and the decision “fee”.
pub struct Host;

impl banhao_bpmn::Conditions for Host {
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        match expression.split_once(">=") {
            Some((name, least)) => {
                let least: f64 = least.trim().parse().map_err(|_| "not a number".to_owned())?;
                Ok(variables.get(name.trim()).and_then(Value::as_f64).ok_or("no number")? >= least)
            }
            None => equals(expression, variables),
        }
    }

    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        if let Some(value) = variables.get(expression) {
            return Ok(value.clone());
        }
        serde_json::from_str(expression).map_err(|error| error.to_string())
    }

    fn decide(&self, decision: &str, variables: &Value) -> Result<Value, String> {
        match decision {
            "fee" => Ok(serde_json::json!({ "amount": variables["area"].as_f64().ok_or("no area")? * 2.0 })),
            other => Err(format!("no decision {other}")),
        }
    }
}

/// A run being tried out.
pub struct Trial {
    pub model: Model,
    pub instance: Instance,
    pub events: Vec<Event>,
    all: Vec<Event>,
}

impl Trial {
    /// Reads the inside of a process and begins it.
    pub fn begin(inside: &str, variables: Value) -> Self {
        let mut trial = Self::new(inside);
        trial.act(Command::Start { at: None, variables }).unwrap();
        trial
    }

    pub fn new(inside: &str) -> Self {
        Self { model: model(inside), instance: Instance::blank(), events: Vec::new(), all: Vec::new() }
    }

    /// Does something; a step that fails leaves everything as it was, and the events lead to the same state.
    pub fn act(&mut self, command: Command) -> Result<(), RunError> {
        let before = self.instance.clone();
        match act(&self.model, &mut self.instance, &command, &Host) {
            Ok(events) => {
                self.all.extend(events.clone());
                self.events = events;
                assert_eq!(Instance::replay(&self.all).unwrap(), self.instance);
                let stored = serde_json::to_string(&self.instance).unwrap();
                assert_eq!(serde_json::from_str::<Instance>(&stored).unwrap(), self.instance, "{stored}");
                Ok(())
            }
            Err(error) => {
                assert_eq!(before, self.instance, "{error}");
                assert!(!error.zh().is_empty());
                Err(error)
            }
        }
    }

    /// Goes on in another version.
    pub fn go_on_with(&mut self, model: Model, step: Step) {
        self.model = model;
        self.instance = step.instance;
        self.all.extend(step.events.clone());
        self.events = step.events;
    }

    /// The open tasks, by element and item.
    pub fn open(&self) -> Vec<String> {
        let mut open: Vec<String> = self
            .instance
            .open_tasks()
            .map(|(task, element)| match &self.instance.token(task).unwrap().item {
                Value::Null => element.to_owned(),
                Value::String(item) => format!("{element} {item}"),
                item => format!("{element} {item}"),
            })
            .collect();
        open.sort();
        open
    }

    /// An open task by what [`Trial::open`] says of it; the first of several.
    pub fn task(&self, wanted: &str) -> TaskRef {
        let found = self.instance.open_tasks().find(|(task, element)| {
            let item = self.instance.token(*task).unwrap().item.as_str().unwrap_or_default();
            wanted == *element || wanted == format!("{element} {item}")
        });
        found.unwrap_or_else(|| panic!("{wanted} is not open: {:?}", self.open())).0
    }

    pub fn done(&mut self, task: &str) {
        self.done_with(task, Value::Null);
    }

    pub fn done_with(&mut self, task: &str, variables: Value) {
        let task = self.task(task);
        self.act(Command::Complete { task, variables }).unwrap();
    }

    pub fn agree(&mut self, task: &str, agrees: bool) {
        self.done_with(task, serde_json::json!({ "verdict": if agrees { "agree" } else { "disagree" } }));
    }

    /// The armed event of an element.
    pub fn armed(&self, element: &str) -> TaskRef {
        self.instance.armed().find(|(_, armed)| armed.at == element).unwrap_or_else(|| panic!("{element} is not armed")).0
    }

    pub fn is_armed(&self, element: &str) -> bool {
        self.instance.armed().any(|(_, armed)| armed.at == element)
    }

    pub fn fire(&mut self, element: &str) {
        let event = self.armed(element);
        self.act(Command::Fire { event }).unwrap();
    }

    pub fn is_finished(&self) -> bool {
        let over = self.instance.phase() == Phase::Finished;
        assert!(!over || (self.instance.size() == 0 && self.instance.armed().count() == 0), "something is left: {:?}", self.instance);
        over
    }
}

pub fn model(inside: &str) -> Model {
    read(inside).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn read(inside: &str) -> Result<Model, Vec<BpmnProblem>> {
    let xml = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:banhao="https://banhao.example/ns/bpmn" targetNamespace="t">
<message id="m_papers" name="papers"/><message id="m_paid" name="paid"/><message id="m_more" name="more"/><signal id="s_storm" name="storm"/><signal id="s_more" name="more"/>
<error id="e_forged" errorCode="forged"/><error id="e_lost" errorCode="lost"/><escalation id="x_late" escalationCode="late"/>
<process id="the_process" isExecutable="true">{inside}</process></definitions>"#
    );
    Model::parse(&xml)
}
