//! Walks through every state that a small model can come to, by everything that can be done, in every order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use banhao_bpmn::{
    Command, Instance, Model, NodeKind, Phase, Plan, Returning, RunError, Signers, Target, TaskRef, act, jump_targets, migrate,
    previous_step, return_targets, straight_targets,
};
use serde_json::{Value, json};

use super::{
    Host,
    invariants::{beside, completions, hold, is_task, marking, shape, signers},
    model,
    moving::move_all,
};

/// What is tried in every state besides doing the open tasks.
#[derive(Clone, Copy)]
pub struct Office {
    /// Operations that move tokens or change signers, at most this many on one way through the model.
    pub most: u32,
    /// Whether administrators jump.
    pub jumps: bool,
    /// Whether signers are added and removed.
    pub signers: bool,
}

/// One small model and what drives it.
pub struct Case<'a> {
    pub inside: &'a str,
    pub variables: Value,
    /// Values with which tasks are completed.
    pub answers: Vec<Value>,
    /// Messages, signals and other things from outside.
    pub outside: Vec<Command>,
    pub office: Office,
}

impl<'a> Case<'a> {
    pub fn new(inside: &'a str) -> Self {
        let answers = vec![json!({ "verdict": "agree" }), json!({ "verdict": "disagree" })];
        let office = Office { most: 2, jumps: true, signers: true };
        Self { inside, variables: json!({}), answers, outside: Vec::new(), office }
    }
}

/// What was found.
pub struct Found {
    pub states: usize,
    pub steps: usize,
    pub refused: usize,
    pub ends: usize,
}

struct Explorer<'a> {
    case: &'a Case<'a>,
    model: Model,
    /// What runs beside the rest.
    beside: BTreeSet<String>,
    /// The same with every id changed, and the plan that leads there.
    renamed: (Model, Plan, Plan),
    /// Every marking that running alone leads to.
    plain: BTreeSet<String>,
    seen: BTreeMap<String, usize>,
    open: VecDeque<(Instance, u32, usize)>,
    /// States to which ordinary steps lead, backwards.
    back: Vec<Vec<usize>>,
    over: Vec<usize>,
    steps: usize,
    refused: usize,
    /// States that were come to by running alone or by one operation, to be moved to other versions.
    kept: Vec<Instance>,
}

/// How many states of a model are moved to each other version of it.
const KEPT: usize = 24;

/// What happens beside the rest can be asked for without end: two at a time are enough.
pub fn is_enough(model: &Model, instance: &Instance) -> bool {
    let handles = |at: &str| model.node(at).is_some_and(|node| node.kind() == NodeKind::EventSubProcess);
    instance.tokens().filter(|(_, token)| handles(&token.at)).count() > 1
}

/// Explores a model: first by running alone, then with all operations of the office. Prints how much was seen.
pub fn explore(name: &str, case: &Case<'_>) -> Found {
    let alone = Case {
        office: Office { most: 0, jumps: false, signers: false },
        inside: case.inside,
        variables: case.variables.clone(),
        answers: case.answers.clone(),
        outside: case.outside.clone(),
    };
    let mut plain = Explorer::new(&alone);
    let markings = plain.walk();
    let mut explorer = Explorer::new(case);
    explorer.plain = markings;
    explorer.walk();
    let found = Found { states: explorer.seen.len(), steps: explorer.steps, refused: explorer.refused, ends: explorer.over.len() };
    eprintln!(
        "{name}: {} states ({} by running alone), {} steps, {} refusals, {} ends",
        found.states,
        plain.seen.len(),
        found.steps,
        found.refused,
        found.ends
    );
    assert!(found.ends > 0, "{name} never ends");
    let every = explorer.kept.len().div_ceil(KEPT);
    let states: Vec<Instance> = explorer.kept.iter().step_by(every).cloned().collect();
    let count = move_all(case, &explorer.model, &states);
    eprintln!(
        "{name}: {} states to {} other versions ({} more do not run alone): {} moved, {} refused ({} of them to markings that are known there), {} versions that nothing moves to",
        states.len(),
        count.versions,
        count.unsound,
        count.moved,
        count.refused,
        count.needless,
        count.never
    );
    found
}

impl<'a> Explorer<'a> {
    fn new(case: &'a Case<'a>) -> Self {
        let model = model(case.inside);
        let renamed = renamed(&model, case.inside);
        Self {
            case,
            beside: beside(&model),
            model,
            renamed,
            plain: BTreeSet::new(),
            seen: BTreeMap::new(),
            open: VecDeque::new(),
            back: Vec::new(),
            over: Vec::new(),
            steps: 0,
            refused: 0,
            kept: Vec::new(),
        }
    }

    /// Tells the markings that were seen.
    fn walk(&mut self) -> BTreeSet<String> {
        let mut begun = Instance::blank();
        let start = Command::Start { at: None, variables: self.case.variables.clone() };
        act(&self.model, &mut begun, &start, &Host).unwrap();
        self.come_to(begun, 0, None);
        let mut markings = BTreeSet::new();
        while let Some((instance, used, at)) = self.open.pop_front() {
            markings.insert(marking(&self.beside, &instance));
            self.state(&instance, used, at);
            assert!(self.seen.len() < 60_000, "the model is too large to be explored");
        }
        self.all_can_end();
        markings
    }

    /// A state that was come to, by an ordinary step from another one or by an operation.
    fn come_to(&mut self, instance: Instance, used: u32, from: Option<usize>) {
        let key = format!("{used} {}", shape(&instance));
        let next = self.seen.len();
        let at = *self.seen.entry(key).or_insert(next);
        if at == next {
            self.back.push(Vec::new());
            hold(&self.model, &instance);
            self.nothing_is_doubled(&instance);
            let there = marking(&self.beside, &instance);
            assert!(
                there.is_empty() || self.plain.is_empty() || self.plain.contains(&there),
                "no run comes to {there}\n{}",
                shape(&instance)
            );
            let stored = serde_json::to_string(&instance).unwrap();
            assert_eq!(serde_json::from_str::<Instance>(&stored).unwrap(), instance);
            if instance.is_running() {
                if used < 2 {
                    self.kept.push(instance.clone());
                }
                self.open.push_back((instance, used, at));
            } else {
                assert_ne!(instance.phase(), Phase::Failed);
                self.over.push(at);
            }
        }
        if let Some(from) = from {
            self.back[at].push(from);
        }
    }

    fn nothing_is_doubled(&self, instance: &Instance) {
        for (flow, branches) in instance.waiting() {
            assert_eq!(branches, 1, "two branches wait on {flow}: {}", shape(instance));
        }
        let mut there = BTreeSet::new();
        let once = |at: &str| !self.beside.contains(at) || self.model.node(at).is_some_and(|node| self.model.parent(node).is_some());
        for (_, token) in instance.tokens().filter(|(_, token)| token.by.is_none() && token.item.is_null() && once(&token.at)) {
            assert!(there.insert((token.frame, &token.at, token.number)), "{} is there twice: {}", token.at, shape(instance));
        }
    }

    /// From every state ordinary steps lead to an end.
    fn all_can_end(&self) {
        let mut can = vec![false; self.back.len()];
        let mut open = self.over.clone();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut can[at], true) {
                open.extend(&self.back[at]);
            }
        }
        let stuck = can.iter().position(|can| !can);
        if let Some(stuck) = stuck {
            let (state, _) = self.seen.iter().find(|(_, at)| **at == stuck).unwrap();
            panic!("no end can be come to from here: {state}");
        }
    }

    /// Does something on a copy. What is refused changes nothing; what is done can be told again from its events.
    fn attempt(&mut self, before: &Instance, command: &Command) -> Option<Instance> {
        let mut after = before.clone();
        match act(&self.model, &mut after, command, &Host) {
            Ok(events) => {
                self.steps += 1;
                let mut told = before.clone();
                for event in &events {
                    told.apply(event).unwrap();
                }
                assert_eq!(told, after, "the events of {command:?} lead elsewhere");
                Some(after)
            }
            Err(error) => {
                self.refused += 1;
                assert_eq!(*before, after, "{command:?} was refused ({error}) and changed something");
                // Somebody who jumps to a choice whose question was not answered yet.
                let unanswered = matches!((command, &error), (Command::Jump { .. }, RunError::NoWayOut { .. }));
                let expected = unanswered
                    || matches!(
                        error,
                        RunError::Over
                            | RunError::NotPossible { .. }
                            | RunError::TaskNotOpen { .. }
                            | RunError::NobodyWaits { .. }
                            | RunError::Suspended
                            | RunError::NotSuspended
                            | RunError::Delegated { .. }
                            | RunError::NotDelegated { .. }
                    );
                assert!(expected, "{command:?} fails: {error}\n{}", shape(before));
                None
            }
        }
    }

    fn must(&mut self, before: &Instance, command: &Command) -> Instance {
        self.attempt(before, command).unwrap_or_else(|| panic!("{command:?} is refused at {}", shape(before)))
    }

    fn state(&mut self, instance: &Instance, used: u32, at: usize) {
        let tasks: Vec<(TaskRef, String)> = instance.open_tasks().map(|(task, element)| (task, element.to_owned())).collect();
        for (task, _) in &tasks {
            for answer in &self.case.answers {
                let next = self.must(instance, &Command::Complete { task: *task, variables: answer.clone() });
                assert!(self.attempt(&next, &Command::Complete { task: *task, variables: answer.clone() }).is_none() || !next.is_running());
                self.taken_back_at_once(instance, &next, *task);
                self.come_to(next, used, Some(at));
            }
        }
        let timers: Vec<TaskRef> =
            instance.armed().filter(|(_, armed)| self.model.node(&armed.at).unwrap().timer().is_some()).map(|(event, _)| event).collect();
        for event in timers {
            let next = self.must(instance, &Command::Fire { event });
            self.come_to(next, used, Some(at));
        }
        let case = self.case;
        let enough = is_enough(&self.model, instance);
        for command in case.outside.iter().filter(|_| !enough) {
            if let Some(next) = self.attempt(instance, command) {
                self.come_to(next, used, Some(at));
            }
        }
        if self.case.office.most == 0 {
            return;
        }
        self.same_after(instance, &tasks);
        self.moves(instance);
        self.all_the_way_back(instance);
        if used < self.case.office.most {
            self.office(instance, used, &tasks);
        }
    }

    /// Taken back at once, everything stands as it was.
    fn taken_back_at_once(&mut self, before: &Instance, after: &Instance, task: TaskRef) {
        if !after.is_running() {
            return;
        }
        if let Some(back) = self.attempt(after, &Command::TakeBack { task }) {
            assert_eq!(marking(&self.beside, &back), marking(&self.beside, before));
            assert_eq!(self.before(&back), self.before(before), "another step comes before: {}", shape(before));
            hold(&self.model, &back);
        }
    }

    /// The open tasks with the steps that came before them.
    fn before(&self, instance: &Instance) -> BTreeSet<(String, Option<String>)> {
        instance.open_tasks().map(|(task, at)| (at.to_owned(), previous_step(&self.model, instance, task))).collect()
    }

    /// Returned to the previous step again and again, every task comes to a first step, or to where it has to be chosen.
    fn all_the_way_back(&mut self, from: &Instance) {
        let people = |instance: &Instance| instance.open_tasks().map(|(task, _)| task).collect::<Vec<_>>();
        for task in people(from) {
            let (mut now, mut task, mut before) = (from.clone(), task, people(from));
            for steps in 0.. {
                assert!(steps <= 3 * self.model.nodes().len(), "going back never ends: {}", shape(from));
                let back = Command::Return { task, to: Target::Previous, then: Returning::StepByStep };
                let Some(next) = self.attempt(&now, &back) else { break };
                let opened = people(&next).into_iter().find(|task| !before.contains(task));
                now = next;
                before = people(&now);
                task = opened.expect("what was returned to is open");
            }
        }
    }

    /// What must leave no trace, or only its own.
    fn same_after(&mut self, instance: &Instance, tasks: &[(TaskRef, String)]) {
        for (task, element) in tasks {
            let task = *task;
            assert_eq!(self.must(instance, &Command::Copy { task, to: vec!["丁".to_owned()] }), *instance);
            assert_eq!(self.must(instance, &Command::Urge { task }), *instance);
            let human = self.model.node(element).unwrap().kind().is_human();
            if !human {
                continue;
            }
            let held = self.must(instance, &Command::HandOver { task, to: "丁".to_owned() });
            assert_eq!(marking(&self.beside, &held), marking(&self.beside, instance));
            let lent = self.must(&held, &Command::Delegate { task, owner: "丁".to_owned(), to: "戊".to_owned() });
            let onwards = self.must(&lent, &Command::Delegate { task, owner: "丁".to_owned(), to: "己".to_owned() });
            for answer in &self.case.answers {
                assert!(
                    self.attempt(&onwards, &Command::Complete { task, variables: answer.clone() }).is_none(),
                    "a delegated task is done"
                );
            }
            let report = Command::Resolve { task, variables: json!({}) };
            let reported = self.must(&onwards, &report);
            assert_eq!(reported, lent);
            assert_eq!(self.must(&reported, &report), held, "reported back, it is the owner's");
            assert!(self.attempt(&held, &report).is_none());
            // Begun: whoever led here cannot take it back any more.
            let begun = self.must(instance, &Command::Touch { task });
            if let Some(from) = instance.token(task).unwrap().from {
                assert!(self.attempt(&begun, &Command::TakeBack { task: from.to_string().parse().unwrap() }).is_none());
            }
        }
        let waiting = self.must(instance, &Command::Suspend);
        hold(&self.model, &waiting);
        for (task, _) in tasks {
            assert!(self.attempt(&waiting, &Command::Complete { task: *task, variables: self.case.answers[0].clone() }).is_none());
            assert!(self.attempt(&waiting, &Command::Urge { task: *task }).is_none());
        }
        for command in &self.case.outside {
            assert!(self.attempt(&waiting, command).is_none(), "{command:?} while suspended");
        }
        assert_eq!(self.must(&waiting, &Command::Resume), *instance);
        for ended in [self.must(&waiting, &Command::Terminate), self.must(instance, &Command::Terminate)] {
            assert_eq!(ended.phase(), Phase::Terminated);
            hold(&self.model, &ended);
        }
        assert!(self.attempt(instance, &Command::Resume).is_none());
    }

    /// Moving to the same version is nothing; to one with other names and back again, too. What goes on there is the same.
    fn moves(&mut self, instance: &Instance) {
        let (other, there, back) = &self.renamed;
        let same = migrate(&self.model, &self.model, instance, &Plan::default(), &Host).unwrap().instance;
        assert_eq!(same, *instance);
        let moved = migrate(&self.model, other, instance, there, &Host).unwrap().instance;
        hold(other, &moved);
        let home = migrate(other, &self.model, &moved, back, &Host).unwrap().instance;
        assert_eq!(home, *instance);
        for (task, _) in instance.open_tasks() {
            let complete = Command::Complete { task, variables: self.case.answers[0].clone() };
            let (mut here, mut over_there) = (instance.clone(), moved.clone());
            act(&self.model, &mut here, &complete, &Host).unwrap();
            act(other, &mut over_there, &complete, &Host).unwrap();
            if here.is_running() {
                assert_eq!(migrate(&self.model, other, &here, there, &Host).unwrap().instance, over_there);
            }
        }
    }

    /// Operations that move tokens or change who signs.
    fn office(&mut self, instance: &Instance, used: u32, tasks: &[(TaskRef, String)]) {
        let mut commands = Vec::new();
        for task in completions(instance) {
            commands.push((Command::TakeBack { task }, false));
        }
        for (task, element) in tasks {
            let task = *task;
            if self.model.node(element).unwrap().kind().is_human() {
                for target in return_targets(&self.model, instance, task) {
                    commands.push((Command::Return { task, to: Target::Step(target), then: Returning::StepByStep }, true));
                }
                for target in straight_targets(&self.model, instance, task) {
                    commands.push((Command::Return { task, to: Target::Step(target), then: Returning::Straight }, true));
                }
                for to in [Target::Start, Target::Previous] {
                    commands.push((Command::Return { task, to, then: Returning::StepByStep }, false));
                }
                if self.case.office.signers && is_task(instance, task) && signers(instance, task).len() < 3 {
                    for how in [Signers::Before, Signers::Beside, Signers::After] {
                        commands.push((Command::AddSigners { task, who: vec![json!("庚")], how }, false));
                    }
                }
            }
            if self.case.office.signers {
                for who in signers(instance, task) {
                    commands.push((Command::RemoveSigner { task, who }, false));
                }
            }
            if self.case.office.jumps {
                for to in jump_targets(&self.model, instance, task) {
                    commands.push((Command::Jump { task, to }, true));
                }
            }
        }
        for (command, offered) in commands {
            match self.attempt(instance, &command) {
                Some(next) => self.come_to(next, used + 1, None),
                None => {
                    assert!(!offered || matches!(command, Command::Jump { .. }), "{command:?} is offered and refused: {}", shape(instance))
                }
            }
        }
    }
}

/// The model with all its nodes and flows called otherwise, the plan that leads there, and the plan back.
fn renamed(old: &Model, inside: &str) -> (Model, Plan, Plan) {
    let ids: Vec<&str> = old.nodes().iter().map(|node| node.id()).chain(old.flows().iter().map(|flow| flow.id())).collect();
    let mut text = inside.to_owned();
    for id in &ids {
        for attribute in ["id", "sourceRef", "targetRef", "attachedToRef", "default", "activityRef"] {
            text = text.replace(&format!(r#" {attribute}="{id}""#), &format!(r#" {attribute}="neu_{id}""#));
        }
    }
    let named = |id: &&str| ((*id).to_owned(), format!("neu_{id}"));
    let there: BTreeMap<String, String> = ids.iter().map(named).collect();
    let back = there.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
    (model(&text), Plan { ids: there }, Plan { ids: back })
}
