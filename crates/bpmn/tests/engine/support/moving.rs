//! Moves states of a model to other versions of it. Whatever is moved stands where a run of the other version can come to, waits for
//! what that version waits for, and can come to its end.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use banhao_bpmn::{Command, Instance, Model, NodeKind, Phase, act, migrate};
use serde_json::json;

use super::{
    Host,
    explorer::{Case, is_enough},
    invariants::{beside, hold, marking, shape},
    read,
    versions::versions,
};

/// More states than this a version is not run through with.
const MOST: usize = 400;

/// What became of states that were to be moved.
#[derive(Default)]
pub struct Count {
    pub versions: usize,
    pub moved: usize,
    pub refused: usize,
    /// Refused, although the other version can come to the same marking.
    pub needless: usize,
    /// Versions that nothing can be moved to.
    pub never: usize,
    /// Versions that get stuck by themselves, or are too large.
    pub unsound: usize,
}

pub fn move_all(case: &Case<'_>, model: &Model, states: &[Instance]) -> Count {
    let mut count = Count::default();
    let beside_here = beside(model);
    for version in versions(model, case.inside) {
        let new = read(&version.text).unwrap();
        let mut commands = case.outside.clone();
        for name in ["paid", "papers", "more"].into_iter().filter(|name| version.text.contains(&format!("m_{name}"))) {
            commands.push(Command::Message { message: name.to_owned(), key: None, variables: json!({}) });
        }
        for name in ["storm", "more"].into_iter().filter(|name| version.text.contains(&format!("s_{name}"))) {
            commands.push(Command::Signal { signal: name.to_owned(), variables: json!({}) });
        }
        let (beside_there, led_to) = (beside(&new), led_to(&new));
        let mut begun = Instance::blank();
        let start = Command::Start { at: None, variables: case.variables.clone() };
        let base = act(&new, &mut begun, &start, &Host).is_ok().then(|| run_through(case, &new, &commands, vec![begun], MOST));
        let Some(Ok(reached)) = base else {
            count.unsound += 1;
            continue;
        };
        count.versions += 1;
        let mut moved = Vec::new();
        for state in states {
            match migrate(model, &new, state, &version.plan, &Host) {
                Ok(step) => {
                    let mut told = state.clone();
                    step.events.iter().for_each(|event| told.apply(event).unwrap());
                    assert_eq!(told, step.instance, "{}", version.what);
                    hold(&new, &step.instance);
                    let there = marking(&beside_there, &step.instance);
                    let from = || format!("{}: from {}\n{}", version.what, shape(state), version.text);
                    // A step that is in the drawing, but that nothing leads to any more, can be done to its end all the same.
                    let known = there.is_empty() || reached.contains(&there);
                    let lost = || step.instance.tokens().any(|(_, token)| !led_to.contains(&token.at));
                    assert!(known || lost(), "no run comes to {there}\n{}", from());
                    moved.push(step.instance);
                }
                Err(obstacles) => {
                    assert!(obstacles.iter().all(|obstacle| !obstacle.to_string().is_empty() && !obstacle.zh().contains("：。")));
                    count.refused += 1;
                    let needless = version.plan.ids.is_empty() && reached.contains(&marking(&beside_here, state));
                    if needless && std::env::var_os("TELL").is_some() {
                        eprintln!("{}: {}: {}", version.what, marking(&beside_here, state), obstacles[0]);
                    }
                    count.needless += usize::from(needless);
                }
            }
        }
        count.moved += moved.len();
        count.never += usize::from(moved.is_empty());
        if let Err(stuck) = run_through(case, &new, &commands, moved, usize::MAX) {
            panic!("{}: {stuck}\n{}", version.what, version.text);
        }
    }
    count
}

/// The markings that running leads to from these states; or where it gets stuck.
fn run_through(case: &Case<'_>, model: &Model, outside: &[Command], from: Vec<Instance>, most: usize) -> Result<BTreeSet<String>, String> {
    let beside = beside(model);
    let mut markings = BTreeSet::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut back: Vec<Vec<usize>> = Vec::new();
    let mut over = Vec::new();
    let mut open = VecDeque::new();
    let mut come_to = |instance: Instance, before: Option<usize>, back: &mut Vec<Vec<usize>>, open: &mut VecDeque<(Instance, usize)>| {
        let next = seen.len();
        let at = *seen.entry(shape(&instance)).or_insert(next);
        if at == next {
            back.push(Vec::new());
            if instance.is_running() {
                open.push_back((instance, at));
            } else {
                assert_ne!(instance.phase(), Phase::Failed);
                over.push(at);
            }
        }
        back[at].extend(before);
    };
    from.into_iter().for_each(|instance| come_to(instance, None, &mut back, &mut open));
    let mut told = Vec::new();
    while let Some((instance, at)) = open.pop_front() {
        if at > most {
            return Err("too many states".to_owned());
        }
        markings.insert(marking(&beside, &instance));
        let mut commands: Vec<(Command, bool)> = Vec::new();
        for (task, _) in instance.open_tasks() {
            commands.extend(case.answers.iter().map(|answer| (Command::Complete { task, variables: answer.clone() }, true)));
        }
        let timers = instance.armed().filter(|(_, armed)| model.node(&armed.at).unwrap().timer().is_some());
        commands.extend(timers.map(|(event, _)| (Command::Fire { event }, true)));
        if !is_enough(model, &instance) {
            commands.extend(outside.iter().map(|command| (command.clone(), false)));
        }
        for (command, must) in commands {
            let mut next = instance.clone();
            match act(model, &mut next, &command, &Host) {
                Ok(_) => come_to(next, Some(at), &mut back, &mut open),
                Err(error) if must => return Err(format!("{command:?} fails: {error}\n{}", shape(&instance))),
                Err(_) => {}
            }
        }
        told.push((at, instance));
    }
    let mut can = vec![false; back.len()];
    let mut ends = over;
    while let Some(at) = ends.pop() {
        if !std::mem::replace(&mut can[at], true) {
            ends.extend(&back[at]);
        }
    }
    match told.iter().find(|(at, _)| !can[*at]) {
        Some((_, stuck)) => Err(format!("no end can be come to from {}", shape(stuck))),
        None => Ok(markings),
    }
}

/// Elements that something leads to: from a start on, by flows, borders and handlers of compensation.
fn led_to(model: &Model) -> BTreeSet<String> {
    let mut led: BTreeSet<String> = BTreeSet::new();
    let begins = |kind| matches!(kind, NodeKind::StartEvent | NodeKind::EventSubProcess);
    let mut open: Vec<_> = model.nodes().iter().filter(|node| begins(node.kind()) || node.is_for_compensation()).collect();
    while let Some(node) = open.pop() {
        if led.insert(node.id().to_owned()) {
            open.extend(model.outgoing(node).map(|flow| model.target(flow)));
            open.extend(model.nodes().iter().filter(|other| model.host(other).is_some_and(|host| host.id() == node.id())));
        }
    }
    led
}
