//! Operations of the office on running tasks. Their meaning: `docs/process-semantics.md`, section 4.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Command, Returning, Run, RunError, Signers, Target, Why, Work,
    flow::way_of,
    place::{Crossing, Region, crossing},
    previous::previous_of,
};
use crate::{
    event::{Event, TaskRef},
    instance::Instance,
    model::{Model, NodeKind},
    state::{RoundKind, Stand, Token},
    trigger::Trigger,
};

const RETURN: &str = "return";
const JUMP: &str = "jump";
const TAKE_BACK: &str = "take-back";
const ADD_SIGNERS: &str = "add-signers";
const REMOVE_SIGNER: &str = "remove-signer";
const COPY: &str = "copy";

/// Steps that a task can be returned to, and splits whose branches can all be done again; in the order of the file.
#[must_use]
pub fn return_targets(model: &Model, instance: &Instance, task: TaskRef) -> Vec<String> {
    let levels = levels(model, instance, task);
    (0..model.nodes.len()).filter(|at| return_level(model, instance, &levels, *at).is_ok()).map(|at| model.nodes[at].id.clone()).collect()
}

/// Those of them from which the task comes straight back.
#[must_use]
pub fn straight_targets(model: &Model, instance: &Instance, task: TaskRef) -> Vec<String> {
    let levels = levels(model, instance, task);
    (0..model.nodes.len())
        .filter(|at| {
            return_level(model, instance, &levels, *at).is_ok_and(|(level, crossing)| is_straight(model, task, *at, level, &crossing))
        })
        .map(|at| model.nodes[at].id.clone())
        .collect()
}

/// Nodes that an administrator can move a task to, in the order of the file.
#[must_use]
pub fn jump_targets(model: &Model, instance: &Instance, task: TaskRef) -> Vec<String> {
    let levels = levels(model, instance, task);
    (0..model.nodes.len()).filter(|at| jump_level(model, instance, &levels, *at).is_ok()).map(|at| model.nodes[at].id.clone()).collect()
}

/// A token that can be moved, in its frame: the task itself or what it is part of, from the inside out.
pub(super) struct Level {
    pub(super) frame: u64,
    pub(super) token: u64,
    pub(super) at: usize,
}

pub(super) fn levels(model: &Model, instance: &Instance, task: TaskRef) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut id = task.0;
    while let Some(token) = instance.tokens.get(&id) {
        let Some(frame) = instance.frames.get(&token.frame) else { break };
        match frame.round.map(|round| round.kind) {
            Some(RoundKind::Undo) => return Vec::new(),
            Some(_) => {}
            None => {
                let Some(at) = model.node_at(&token.at) else { break };
                if model.nodes[at].kind == NodeKind::EventSubProcess {
                    break;
                }
                levels.push(Level { frame: token.frame, token: id, at });
            }
        }
        id = frame.owner;
    }
    levels
}

fn find<'l>(model: &Model, levels: &'l [Level], at: usize) -> Option<&'l Level> {
    levels.iter().find(|level| model.nodes[level.at].scope == model.nodes[at].scope)
}

fn cross(model: &Model, instance: &Instance, level: &Level, to: usize) -> Result<Crossing, Why> {
    let forks = instance.tokens.get(&level.token).map(|token| token.forks.as_slice()).unwrap_or_default();
    crossing(model, level.at, to, forks.iter().any(|fork| instance.forks.contains_key(fork)))
}

fn return_level<'l>(model: &Model, instance: &Instance, levels: &'l [Level], to: usize) -> Result<(&'l Level, Crossing), Why> {
    let node = &model.nodes[to];
    let level = find(model, levels, to).ok_or(Why::NotATarget)?;
    if !(node.kind.is_human() || is_plain_split(model, to)) || node.for_compensation {
        return Err(Why::NotATarget);
    }
    if instance.times_done(&node.id) == 0 || level.at == to || !model.reachable(to, None)[level.at] {
        return Err(Why::NotBefore);
    }
    Ok((level, cross(model, instance, level, to)?))
}

fn jump_level<'l>(model: &Model, instance: &Instance, levels: &'l [Level], to: usize) -> Result<(&'l Level, Crossing), Why> {
    let node = &model.nodes[to];
    let level = find(model, levels, to).ok_or(Why::NotATarget)?;
    let never = matches!(node.kind, NodeKind::StartEvent | NodeKind::BoundaryEvent | NodeKind::EventSubProcess)
        || node.for_compensation
        || (node.kind == NodeKind::CatchEvent && matches!(node.trigger, Some(Trigger::Link { .. })))
        // What an event gateway waits for is waited for together: gone to alone, the others would be lost.
        || node.incoming.iter().any(|flow| model.nodes[model.flows[*flow].source].kind == NodeKind::EventGateway);
    if never || level.at == to {
        return Err(Why::NotATarget);
    }
    Ok((level, cross(model, instance, level, to)?))
}

/// Only a step of people is done again and then left straight back.
fn is_straight(model: &Model, task: TaskRef, to: usize, level: &Level, crossing: &Crossing) -> bool {
    model.nodes[to].kind.is_human() && level.token == task.0 && crossing.splits.is_empty()
}

/// A gateway that only splits: what lies between it and its join can be done again as a whole.
fn is_plain_split(model: &Model, at: usize) -> bool {
    let node = &model.nodes[at];
    matches!(node.kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway) && node.outgoing.len() > 1 && node.incoming.len() < 2
}

/// The steps of people between a split and the place where its branches are together again, in the order of the file.
#[must_use]
pub fn steps_inside(model: &Model, split: &str) -> Vec<String> {
    let Some(split) = model.node_at(split).filter(|at| is_plain_split(model, *at)) else { return Vec::new() };
    let region = Region::of(model, model.nodes[split].scope, split);
    let steps = (0..model.nodes.len()).filter(|at| model.nodes[*at].kind.is_human() && region.branches(*at).is_some());
    steps.map(|at| model.nodes[at].id.clone()).collect()
}

impl Run<'_> {
    pub(super) fn office(&mut self, command: &Command) -> Result<(), RunError> {
        match command {
            Command::Touch { task } => {
                self.open_task(*task)?;
                self.state(Event::Touched { task: *task })
            }
            Command::HandOver { task, to } => {
                let mut holders = self.human_task(*task, "hand-over")?.holders;
                holders.pop();
                holders.push(to.clone());
                self.state(Event::Held { task: *task, holders })
            }
            Command::Delegate { task, owner, to } => {
                let mut holders = self.human_task(*task, "delegate")?.holders;
                if holders.is_empty() {
                    holders.push(owner.clone());
                }
                holders.push(to.clone());
                self.state(Event::Held { task: *task, holders })
            }
            Command::Resolve { task, variables } => {
                let mut holders = self.human_task(*task, "resolve")?.holders;
                if holders.len() < 2 {
                    return Err(RunError::NotDelegated { task: *task });
                }
                holders.pop();
                self.assign(variables)?;
                if self.instance.is_open(*task) { self.state(Event::Held { task: *task, holders }) } else { Ok(()) }
            }
            Command::Copy { task, to } => {
                let token = self.open_task(*task)?;
                if to.is_empty() {
                    return Err(not_possible(COPY, &token.at, Why::Nobody));
                }
                self.state(Event::Copied { task: *task, to: to.clone() })
            }
            Command::Urge { task } => {
                let holders = self.open_task(*task)?.holders;
                self.state(Event::Urged { task: *task, holders })
            }
            Command::Return { task, to, then } => self.give_back(*task, to, *then),
            Command::AddSigners { task, who, how } => self.add_signers(*task, who, *how),
            Command::RemoveSigner { task, who } => self.remove_signer(*task, who),
            Command::TakeBack { task } => self.take_back(*task),
            Command::Jump { task, to } => self.jump(*task, to),
            Command::Suspend => self.state(Event::Suspended),
            Command::Resume => {
                self.state(Event::Resumed)?;
                self.wake() // It may have been moved to another version in the meantime.
            }
            Command::Terminate => {
                // What is suspended can be ended too, without being resumed.
                self.empty_frame(0, None)?;
                self.state(Event::Terminated)
            }
            _ => Ok(()), // Not of the office: done in `flow`.
        }
    }

    fn human_task(&self, task: TaskRef, operation: &'static str) -> Result<Token, RunError> {
        let token = self.open_task(task)?;
        if self.model.node(&token.at).is_some_and(|node| node.kind.is_human()) {
            Ok(token)
        } else {
            Err(not_possible(operation, &token.at, Why::NotHuman))
        }
    }

    fn give_back(&mut self, task: TaskRef, to: &Target, then: Returning) -> Result<(), RunError> {
        let token = self.human_task(task, RETURN)?;
        let refuse = |why| not_possible(RETURN, &token.at, why);
        let levels = levels(self.model, self.instance, task);
        let target = match to {
            Target::Step(step) => step.clone(),
            Target::Previous => previous_of(self.model, self.instance, &levels).ok_or_else(|| {
                let several = return_targets(self.model, self.instance, task).len() > 1;
                refuse(if several { Why::Several } else { Why::None })
            })?,
            Target::Start => match self.first_steps().as_slice() {
                [only] => only.clone(),
                [] => return Err(refuse(Why::None)),
                _ => return Err(refuse(Why::Several)),
            },
        };
        let at = self.model.node_at(&target).ok_or_else(|| refuse(Why::NotATarget))?;
        let (level, crossing) = return_level(self.model, self.instance, &levels, at).map_err(refuse)?;
        let straight = match then {
            Returning::StepByStep => None,
            Returning::Straight if is_straight(self.model, task, at, level, &crossing) => Some(token.at.clone()),
            Returning::Straight => return Err(refuse(Why::NotStraight)),
        };
        self.move_to(level, at, &crossing, straight)
    }

    /// The steps of people that come first behind the plain start.
    fn first_steps(&self) -> Vec<String> {
        let model = self.model;
        let Some(start) = model.start() else { return Vec::new() };
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([start]), vec![start]);
        while let Some(at) = open.pop() {
            if model.nodes[at].kind.is_human() {
                found.insert(at);
                continue;
            }
            open.extend(model.successors(at).filter(|next| seen.insert(*next)));
        }
        found.into_iter().map(|at| model.nodes[at].id.clone()).collect()
    }

    fn jump(&mut self, task: TaskRef, to: &str) -> Result<(), RunError> {
        let token = self.open_task(task)?;
        let refuse = |why| not_possible(JUMP, &token.at, why);
        let at = self.model.node_at(to).ok_or_else(|| refuse(Why::NotATarget))?;
        let levels = levels(self.model, self.instance, task);
        let (level, crossing) = jump_level(self.model, self.instance, &levels, at).map_err(refuse)?;
        self.move_to(level, at, &crossing, None)
    }

    /// Moves a token: it and everything from the splits it crosses become one branch at the target.
    fn move_to(&mut self, level: &Level, at: usize, crossing: &Crossing, straight: Option<String>) -> Result<(), RunError> {
        let missing = RunError::TaskNotOpen { task: TaskRef(level.token) };
        let token = self.instance.tokens.get(&level.token).ok_or(missing)?;
        let crosses = |fork: &u64| self.instance.forks.get(fork).is_some_and(|fork| crossing.splits.contains(&fork.at));
        let crossed: BTreeSet<u64> = token.forks.iter().copied().filter(crosses).collect();
        let goes = |id: &u64| {
            *id == level.token || self.instance.tokens.get(id).is_some_and(|token| token.forks.iter().any(|fork| crossed.contains(fork)))
        };
        let gone: Vec<u64> = self.instance.members(level.frame).filter(goes).collect();
        let mut way = way_of(token);
        way.forks.retain(|fork| !crossed.contains(fork) && self.instance.forks.contains_key(fork));
        // What the moved ones came from stands, whatever else came from it.
        for id in &gone {
            if let Some(mut moved) = self.instance.tokens.get(id).map(way_of) {
                self.passed_on(&mut moved)?;
            }
        }
        (way.from, way.previous, way.earlier, way.straight) = (None, self.before(level, at), None, straight);
        self.gather(at, gone, way)
    }

    /// Tokens go, with what is inside them, and become one branch at a node.
    fn gather(&mut self, at: usize, gone: Vec<u64>, way: super::Way) -> Result<(), RunError> {
        for id in &gone {
            self.hollow(*id)?;
            self.disarm_all(way.frame, Some(*id))?;
        }
        let tokens = gone.into_iter().map(TaskRef).collect();
        let element = self.model.nodes[at].id.clone();
        self.state(Event::Merged { element, tokens, forks: way.forks.clone(), joined: false })?;
        self.push(Work::Arrive { at, by: None, way });
        Ok(())
    }

    fn take_back(&mut self, task: TaskRef) -> Result<(), RunError> {
        let after = self.instance.came_from(task.0);
        let first = after.first().and_then(|id| self.instance.tokens.get(id));
        let Some((element, first)) = first.and_then(|token| Some((token.previous.clone()?, token))) else {
            return Err(not_possible(TAKE_BACK, &task.to_string(), Why::TooLate));
        };
        let before = first.earlier.clone().or_else(|| self.led_to(first.frame, &element));
        if !after.iter().all(|id| self.is_untouched(*id)) {
            return Err(not_possible(TAKE_BACK, &element, Why::TooLate));
        }
        let mut way = self.merged(&after)?;
        // Forks made since then end with their branches; what was forked off beside the step itself had begun before.
        let model = self.model;
        let is_beside = |at: &str| model.node(at).is_some_and(|node| node.kind == NodeKind::BoundaryEvent);
        way.forks.retain(|fork| self.instance.forks.get(fork).is_some_and(|there| *fork < task.0 || is_beside(&there.at)));
        (way.from, way.previous, way.earlier, way.straight) = (None, before, None, None);
        let at = self.node_at(&element)?;
        self.gather(at, after, way)
    }

    fn is_untouched(&self, id: u64) -> bool {
        let Some(token) = self.instance.tokens.get(&id) else { return false };
        let human = self.model.node(&token.at).is_some_and(|node| node.kind.is_human());
        match token.stand {
            Stand::Join => true,
            Stand::Task => human && !token.touched && token.inner.is_none() && token.after.is_empty() && token.holders.len() < 2,
            Stand::Around if human => token.inner.is_some_and(|inner| {
                self.instance.frames.get(&inner).and_then(|frame| frame.round).is_some_and(|round| round.done == 0)
                    && self.instance.members(inner).all(|member| self.is_untouched(member))
            }),
            _ => false,
        }
    }

    fn add_signers(&mut self, task: TaskRef, who: &[Value], how: Signers) -> Result<(), RunError> {
        let token = self.human_task(task, ADD_SIGNERS)?;
        let refuse = |why| not_possible(ADD_SIGNERS, &token.at, why);
        if who.is_empty() {
            return Err(refuse(Why::Nobody));
        }
        let at = self.node_at(&token.at)?;
        let round = self.instance.frames.get(&token.frame).and_then(|frame| frame.round);
        if let Some(round) = round.filter(|round| round.kind != RoundKind::Loop) {
            return self.more_of_round(at, token.frame, round, who, how);
        }
        match how {
            Signers::After => {
                let after = token.after.iter().chain(who).cloned().collect();
                self.state(Event::Awaits { task, after, signed: false })
            }
            _ if token.inner.is_some() => Err(refuse(Why::AlreadySigners)),
            Signers::Before => self.begin_signers(at, task.0, RoundKind::Before, who.to_vec()),
            Signers::Beside => self.begin_signers(at, task.0, RoundKind::Beside, who.to_vec()),
        }
    }

    fn more_of_round(
        &mut self,
        at: usize,
        frame: u64,
        mut round: crate::state::Round,
        who: &[Value],
        how: Signers,
    ) -> Result<(), RunError> {
        let mut items = self.instance.frames.get(&frame).map(|frame| frame.items.clone()).unwrap_or_default();
        let more = u32::try_from(who.len()).unwrap_or(u32::MAX);
        let in_turn = round.kind == RoundKind::Many && self.model.nodes[at].is_sequential();
        let place = if in_turn && how == Signers::Before { (round.begun as usize).min(items.len()) } else { items.len() };
        items.splice(place..place, who.iter().cloned());
        if items.len() as u64 > super::MAX_INSTANCES {
            return Err(RunError::TooManyInstances { element: self.model.nodes[at].id.clone(), number: items.len() as u64 });
        }
        let last = u32::try_from(items.len()).unwrap_or(u32::MAX);
        self.state(Event::SignersChanged { frame, items })?;
        round.total += more;
        if !in_turn {
            round.begun += more;
            for number in last - more + 1..=last {
                self.push(Work::Spawn { frame, number });
            }
        }
        self.state(Event::RoundAdvanced { frame, round })
    }

    fn remove_signer(&mut self, task: TaskRef, who: &Value) -> Result<(), RunError> {
        let token = self.instance.tokens.get(&task.0).cloned().ok_or(RunError::TaskNotOpen { task })?;
        let refuse = |why| not_possible(REMOVE_SIGNER, &token.at, why);
        if let Some(place) = token.after.iter().position(|signer| signer == who) {
            let mut after = token.after;
            after.remove(place);
            return self.state(Event::Awaits { task, after, signed: token.signed });
        }
        let frame = token.inner.unwrap_or(token.frame);
        let there = self.instance.frames.get(&frame).ok_or_else(|| refuse(Why::None))?;
        let (mut round, mut items) = (there.round.ok_or_else(|| refuse(Why::None))?, there.items.clone());
        if !matches!(round.kind, RoundKind::Many | RoundKind::Before | RoundKind::After | RoundKind::Beside) {
            return Err(refuse(Why::None));
        }
        let at = self.node_at(&there.at)?;
        if round.kind == RoundKind::Many && round.total <= 1 {
            return Err(refuse(Why::LastSigner));
        }
        let in_turn = round.kind == RoundKind::Many && self.model.nodes[at].is_sequential();
        let open = self.instance.members(frame).find(|id| self.instance.tokens.get(id).is_some_and(|token| token.item == *who));
        if let Some(open) = open {
            let number = self.instance.tokens.get(&open).map_or(0, |token| token.number as usize);
            self.withdraw(open, crate::event::Gone::Withdrawn)?;
            round.begun = round.begun.saturating_sub(1);
            if in_turn && number >= 1 && number <= items.len() {
                items.remove(number - 1);
                self.state(Event::SignersChanged { frame, items })?;
            }
        } else {
            let begun = (round.begun as usize).min(items.len());
            let place = items[begun..].iter().position(|item| item == who).filter(|_| in_turn).ok_or_else(|| refuse(Why::None))?;
            items.remove(begun + place);
            self.state(Event::SignersChanged { frame, items })?;
        }
        round.total = round.total.saturating_sub(1);
        self.state(Event::RoundAdvanced { frame, round })?;
        self.touched.insert(frame);
        self.go_on_with_round(at, frame)
    }
}

fn not_possible(operation: &'static str, element: &str, reason: Why) -> RunError {
    RunError::NotPossible { operation, element: element.to_owned(), reason }
}
