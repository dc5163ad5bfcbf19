//! Every way through a process at once: each thing that can be decided is decided both ways, every step takes its whole time limit.
//! Which ends are reached, and after how many working days at most.

use std::collections::BTreeMap;

use banhao_bpmn::{Command, Instance, Model, NodeKind, Stand, TaskRef, TimerKind, Trigger, act};
use banhao_decision::DecisionModel;
use serde_json::{Value, json};

use super::trial::{Asked, TrialStop, outcomes, variables};

/// Most ways that are gone.
pub const MAX_WAYS: usize = 5_000;
/// Most work in all: steps gone, each counted with the size of the process, so that a long process answers as soon as a short one.
const MAX_WORK: usize = 600_000;
/// Most steps on one way.
const MAX_STEPS: usize = 300;

/// An end and the ways to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Ids of the ends that were reached, joined by blanks; empty when the process stops without one.
    pub end: String,
    /// How many ways lead there.
    pub ways: usize,
    /// Working days of the shortest and of the longest.
    pub days: (u32, u32),
    /// The longest way: steps with what was decided.
    pub longest: Vec<(String, &'static str)>,
}

/// What all ways come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outlook {
    /// By end.
    pub endings: Vec<Ending>,
    /// Ways that come to nothing: what was decided, and what stopped the process.
    pub stopped: Vec<(Vec<(String, &'static str)>, TrialStop)>,
    /// There are more ways than were gone.
    pub cut: bool,
    /// Steps that no way comes to, under these answers.
    pub never: Vec<String>,
}

#[derive(Clone)]
struct Way {
    instance: Instance,
    /// Day on which a token or an armed event came.
    since: BTreeMap<TaskRef, u32>,
    day: u32,
    done: Vec<(String, &'static str)>,
}

/// What can happen next on a way.
struct Next {
    day: u32,
    element: String,
    what: &'static str,
    command: Command,
}

/// Goes every way.
#[must_use]
pub fn explore(model: &Model, decisions: Option<&DecisionModel>, variables: &Value) -> Outlook {
    let asked = Asked::new(decisions);
    let mut outlook = Outlook::default();
    let mut endings: BTreeMap<String, Ending> = BTreeMap::new();
    let mut visited: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let begin = Way { instance: Instance::blank(), since: BTreeMap::new(), day: 0, done: Vec::new() };
    let mut open = match go(model, &asked, &begin, Next::start(variables)) {
        Ok(way) => vec![way],
        Err(stop) => {
            outlook.stopped.push((Vec::new(), stop));
            return outlook;
        }
    };
    let mut ways = 0;
    let mut work = 0;
    while let Some(way) = open.pop() {
        visited.extend(way.instance.done().map(|(id, _)| id.to_owned()));
        visited.extend(way.instance.open_tasks().map(|(_, id)| id.to_owned()));
        let nexts = if way.instance.is_running() { nexts(model, &way) } else { Vec::new() };
        if nexts.is_empty() || way.done.len() >= MAX_STEPS {
            ways += 1;
            let named = |id: &&str| model.node(id).is_some_and(|node| node.name().is_some());
            let end = way.instance.ends(model).filter(named).collect::<Vec<_>>().join(" ");
            let ending = endings.entry(end.clone()).or_insert(Ending { end, ways: 0, days: (u32::MAX, 0), longest: Vec::new() });
            ending.ways += 1;
            ending.days.0 = ending.days.0.min(way.day);
            if ending.longest.is_empty() || way.day > ending.days.1 {
                ending.longest.clone_from(&way.done);
            }
            ending.days.1 = ending.days.1.max(way.day);
        }
        work += nexts.len() * model.nodes().len();
        if ways + open.len() > MAX_WAYS || work > MAX_WORK {
            outlook.cut = true;
            break;
        }
        if way.done.len() >= MAX_STEPS {
            continue;
        }
        for next in nexts.into_iter().rev() {
            let said = (next.element.clone(), next.what);
            match go(model, &asked, &way, next) {
                Ok(way) => open.push(way),
                Err(stop) => {
                    let mut done = way.done.clone();
                    done.push(said);
                    outlook.stopped.push((done, stop));
                }
            }
        }
    }
    outlook.endings = endings.into_values().collect();
    outlook.never = model
        .nodes()
        .iter()
        .filter(|node| node.kind().is_activity() && node.attribute("banhao:act") != Some("remind") && !visited.contains(node.id()))
        .map(|node| node.id().to_owned())
        .collect();
    outlook
}

impl Next {
    fn start(variables: &Value) -> Self {
        Self { day: 0, element: String::new(), what: "", command: Command::Start { at: None, variables: variables.clone() } }
    }
}

fn go(model: &Model, asked: &Asked<'_>, way: &Way, next: Next) -> Result<Way, TrialStop> {
    let mut way = way.clone();
    act(model, &mut way.instance, &next.command, asked)?;
    way.day = way.day.max(next.day);
    if !next.what.is_empty() {
        way.done.push((next.element, next.what));
    }
    let here: Vec<TaskRef> = way.instance.tokens().map(|(task, _)| task).chain(way.instance.armed().map(|(armed, _)| armed)).collect();
    way.since.retain(|reference, _| here.contains(reference));
    for reference in here {
        way.since.entry(reference).or_insert(way.day);
    }
    Ok(way)
}

/// What happens next: the step that is due first is done, in every way it can be; or its time is over before.
fn nexts(model: &Model, way: &Way) -> Vec<Next> {
    let since = |reference: TaskRef| way.since.get(&reference).copied().unwrap_or(way.day);
    let mut first: Option<(u32, TaskRef, String)> = None;
    for (task, token) in way.instance.tokens() {
        let Some(node) = model.node(&token.at) else { continue };
        if token.stand != Stand::Task || !node.kind().is_task() {
            continue;
        }
        let days = node.attribute("banhao:days").and_then(|days| days.parse::<u32>().ok()).unwrap_or(0);
        let due = since(task) + days;
        if first.as_ref().is_none_or(|(there, ..)| due < *there) {
            first = Some((due, task, token.at.clone()));
        }
    }
    let mut nexts = Vec::new();
    // A message can come on the day it is waited for.
    let message = way
        .instance
        .armed()
        .find(|(_, state)| model.node(&state.at).is_some_and(|node| matches!(node.trigger(), Some(Trigger::Message { .. }))));
    let mut until = first.as_ref().map_or(u32::MAX, |(due, ..)| *due);
    if let Some((armed, state)) = message
        && since(armed) < until
        && let Some(node) = model.node(&state.at)
        && let Some(Trigger::Message { name, .. }) = node.trigger()
    {
        until = u32::MAX;
        for (what, reply) in [("message-pass", "pass"), ("message-fail", "fail")] {
            nexts.push(Next {
                day: since(armed),
                element: state.at.clone(),
                what,
                command: Command::Message { message: name.clone(), key: state.key.clone(), variables: json!({ "reply": reply }) },
            });
        }
        first = None;
    }
    if let Some((due, task, element)) = first
        && let Some(node) = model.node(&element)
    {
        for what in outcomes(node) {
            nexts.push(Next {
                day: due,
                element: element.clone(),
                what,
                command: Command::Complete { task, variables: variables(node, what) },
            });
        }
    }
    // Timers that end a step before it is done. Reminders change no way.
    for (armed, state) in way.instance.armed() {
        let Some(event) = model.node(&state.at) else { continue };
        let Some(timer) = event.timer() else { continue };
        let interrupts = event.kind() != NodeKind::BoundaryEvent || event.is_interrupting();
        let days = match timer.kind {
            TimerKind::Duration => timer.expression.trim().trim_start_matches('P').trim_end_matches('D').parse::<u32>().unwrap_or(0),
            TimerKind::Date | TimerKind::Cycle => 0,
        };
        let due = since(armed) + days;
        if interrupts && due <= until {
            nexts.push(Next { day: due, element: state.at.clone(), what: "due", command: Command::Fire { event: armed } });
        }
    }
    nexts
}
