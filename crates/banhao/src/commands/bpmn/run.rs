//! Runs a process from beginning to end by itself: every task is completed with its answers, and when only events are waited for,
//! the one armed first happens.

use std::collections::{BTreeMap, VecDeque};

use banhao_bpmn::{Command, Event, Gone, Instance, Model, RunError, TaskRef, Trigger, act};
use banhao_catalogue::FlowConditions;
use serde::Serialize;
use serde_json::{Value, json};

/// Most steps of one run.
const MAX_STEPS: u32 = 10_000;

/// What tasks are completed with, by element: variables, or a list of them, one for each time it is done.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<String, VecDeque<Value>>);

impl Answers {
    /// Reads them from JSON.
    ///
    /// # Errors
    /// The text is not a JSON object.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        let given: BTreeMap<String, Value> = serde_json::from_str(text)?;
        let several = |value| match value {
            Value::Array(values) => values.into(),
            value => VecDeque::from([value]),
        };
        Ok(Self(given.into_iter().map(|(element, value)| (element, several(value))).collect()))
    }

    /// The next answer of an element; the last one is given again and again.
    fn next(&mut self, element: &str) -> Value {
        match self.0.get_mut(element) {
            Some(answers) if answers.len() > 1 => answers.pop_front().unwrap_or_default(),
            Some(answers) => answers.front().cloned().unwrap_or_default(),
            None => Value::Null,
        }
    }
}

/// What a run came to.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How the run stands: finished, terminated, failed, running.
    phase: Value,
    /// Completed tasks, events that happened and nodes passed, in order.
    trace: Vec<Line>,
    /// End events reached, in order.
    ends: Vec<String>,
    /// Variables that expressions of the process ask for.
    variables: Value,
    /// What is still waited for, when the run could not be brought to its end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waiting: Vec<String>,
    /// Every event of the engine, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<Event>>,
}

/// One thing that happened.
#[derive(Debug, Serialize)]
struct Line {
    what: &'static str,
    element: String,
}

/// Runs a process from beginning to end.
///
/// # Errors
/// The engine's error at the step that could not be made.
pub fn run(model: &Model, data: Value, at: Option<&str>, mut answers: Answers, keep: bool) -> Result<Report, RunError> {
    let conditions = FlowConditions::new();
    let mut instance = Instance::blank();
    let mut events = act(model, &mut instance, &Command::Start { at: at.map(str::to_owned), variables: data }, &conditions)?;
    let mut steps = 0;
    while instance.is_running() && steps < MAX_STEPS {
        steps += 1;
        let Some(command) = next(model, &instance, &mut answers) else { break };
        events.extend(match act(model, &mut instance, &command, &conditions) {
            Err(RunError::VerdictMissing { task }) => {
                let agree = Command::Complete { task, variables: json!({ "verdict": "agree" }) };
                act(model, &mut instance, &agree, &conditions)?
            }
            other => other?,
        });
    }
    Ok(Report {
        phase: serde_json::to_value(instance.phase()).unwrap_or_default(),
        trace: events.iter().filter_map(|event| line(model, event)).collect(),
        ends: events
            .iter()
            .filter_map(|event| match event {
                Event::Ended { element } => Some(element.clone()),
                _ => None,
            })
            .collect(),
        variables: instance.variables().clone(),
        waiting: instance.armed().map(|(_, armed)| armed.at.clone()).collect(),
        events: keep.then_some(events),
    })
}

/// The oldest open task; else what has been waited for longest and can be brought about from outside.
fn next(model: &Model, instance: &Instance, answers: &mut Answers) -> Option<Command> {
    let open: Option<(TaskRef, String)> = instance.open_tasks().next().map(|(task, element)| (task, element.to_owned()));
    if let Some((task, element)) = open {
        return Some(Command::Complete { task, variables: answers.next(&element) });
    }
    instance.armed().find_map(|(event, armed)| {
        let variables = answers.next(&armed.at);
        match model.node(&armed.at)?.trigger()? {
            Trigger::Timer(_) => Some(Command::Fire { event }),
            Trigger::Message { name, .. } => Some(Command::Message { message: name.clone(), key: armed.key.clone(), variables }),
            Trigger::Signal { name } => Some(Command::Signal { signal: name.clone(), variables }),
            _ => None,
        }
    })
}

fn line(model: &Model, event: &Event) -> Option<Line> {
    let (what, element) = match event {
        Event::Gone { element, how: Gone::Done, .. } if model.node(element).is_some_and(|node| node.kind().is_task()) => {
            ("completed", element)
        }
        Event::Gone { element, how: Gone::Withdrawn | Gone::Interrupted, .. } => ("withdrawn", element),
        Event::Passed { element, .. } if model.node(element).is_some_and(|node| !node.kind().is_task()) => ("passed", element),
        Event::Happened { element } => ("happened", element),
        Event::Decided { element, .. } => ("decided", element),
        Event::MessageSent { element, .. } => ("sent", element),
        Event::Ended { element } => ("ended", element),
        _ => return None,
    };
    Some(Line { what, element: element.clone() })
}
