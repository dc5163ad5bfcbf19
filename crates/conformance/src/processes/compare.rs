//! One process run side by side in our engine and another: the same task is done in both, and after each they are compared.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    drawing::{Dialect, Drawing},
    ours::Ours,
};
use crate::{dice::Dice, runner::Runner};

/// Most tasks done in one run; loops are left by chance sooner or later.
const MOST_STEPS: u64 = 60;

/// How a run stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Seen {
    /// It goes on or is over.
    Stands {
        /// Open tasks by element, sorted; an element as often as it is open.
        open: Vec<String>,
        /// End events reached so far, sorted; each as often as it was reached.
        ends: Vec<String>,
        /// `running` or `over`.
        state: String,
    },
    /// The step could not be made.
    Failed {
        /// What the engine said.
        error: String,
    },
}

impl Seen {
    /// Sorted.
    pub fn of(mut open: Vec<String>, mut ends: Vec<String>, over: bool) -> Self {
        open.sort();
        ends.sort();
        Self::Stands { open, ends, state: if over { "over" } else { "running" }.to_owned() }
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stands { open, ends, state } => write!(f, "{state}; open: {}; ends: {}", open.join(" "), ends.join(" ")),
            Self::Failed { error } => write!(f, "failed: {error}"),
        }
    }
}

/// One of the other engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Other {
    /// In Python.
    SpiffWorkflow,
    /// In JavaScript.
    BpmnEngine,
}

impl Other {
    /// Its language of conditions.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::SpiffWorkflow => Dialect::Python,
            Self::BpmnEngine => Dialect::JavaScript,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::SpiffWorkflow => "SpiffWorkflow",
            Self::BpmnEngine => "bpmn-engine",
        }
    }
}

/// One step of a run: what was done, and how both stood afterwards.
#[derive(Clone, Debug)]
pub struct Line {
    /// The completed task; none at the start.
    pub done: Option<String>,
    /// Our engine.
    pub ours: Seen,
    /// The other.
    pub theirs: Seen,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its steps; only after the last may the engines stand differently.
    pub lines: Vec<Line>,
    /// Whether they stand differently.
    pub differs: bool,
}

/// Runs a process in both.
///
/// # Errors
/// The other engine's process is gone. What an engine cannot do is no error but part of the trace.
pub fn compare(drawing: &Drawing, other: Other, runner: &mut Runner, seed: u64) -> Result<Trace, String> {
    let mut variables = drawing.variables();
    let start = json!({ "do": "start", "xml": drawing.xml(other.dialect()), "variables": variables });
    let mut ours = Ours::start(&drawing.xml(Dialect::Feel), Value::Object(variables.clone()));
    let mut line = Line { done: None, ours: seen(&ours), theirs: runner.ask(&start)? };
    let mut lines = Vec::new();
    for step in 0.. {
        let differs = line.ours != line.theirs;
        let next = next(&line.ours, step, seed);
        lines.push(line);
        let (Ok(running), Some(task), false) = (&mut ours, next, differs) else { return Ok(Trace { lines, differs }) };
        if step == MOST_STEPS {
            return Ok(Trace { lines, differs });
        }
        let answers = answers(drawing, &task, step, seed);
        variables.extend(answers.clone());
        let theirs = runner.ask(&json!({ "do": "complete", "task": task, "variables": answers }))?;
        let done = running.complete(&task, Value::Object(answers));
        let ours_seen = done.map_or_else(|error| Seen::Failed { error }, |()| running.seen());
        line = Line { done: Some(task), ours: ours_seen, theirs };
    }
    unreachable!("a range without end")
}

fn seen(ours: &Result<Ours, String>) -> Seen {
    match ours {
        Ok(ours) => ours.seen(),
        Err(error) => Seen::Failed { error: error.clone() },
    }
}

/// Which open task is done next.
fn next(seen: &Seen, step: u64, seed: u64) -> Option<String> {
    let Seen::Stands { open, .. } = seen else { return None };
    let mut elements = open.clone();
    elements.dedup();
    if elements.is_empty() { None } else { Some(elements.swap_remove(Dice::of(&[seed, step]).below(elements.len()))) }
}

/// What it sets.
fn answers(drawing: &Drawing, task: &str, step: u64, seed: u64) -> Map<String, Value> {
    let mut dice = Dice::of(&[seed, step, 1]);
    let asked = drawing.answers().get(task).into_iter().flatten();
    asked.map(|(variable, values)| (variable.clone(), dice.below(*values).into())).collect()
}
