//! After moving: what is waited for, and joins at which everything that was missing is there now.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{Names, Run, RunError};
use crate::{
    instance::Instance,
    model::{Model, Node, NodeKind},
    run::{happen, inclusive},
    state::Stand,
    trigger::{TimerKind, Trigger},
};

/// On whose behalf events are waited for: a token's or a frame's.
#[derive(Clone, Copy)]
struct Owner {
    frame: u64,
    token: Option<u64>,
}

impl Run<'_> {
    /// What the new version does not wait for there, or waits for otherwise, is no longer waited for; what it waits for and the old one
    /// did not is. What happened once and does not happen again stays so.
    pub(super) fn rearm(&mut self, old: &Model, before: &Instance, names: &Names) -> Result<(), RunError> {
        let model = self.model;
        let tokens = before.tokens.iter().map(|(id, token)| Owner { frame: token.frame, token: Some(*id) });
        let frames = before.frames.iter().map(|(id, _)| Owner { frame: *id, token: None });
        let mut missing = Vec::new();
        for owner in tokens.chain(frames) {
            let had: BTreeMap<&str, &Node> =
                expected(old, before, owner).into_iter().map(|at| (names.to(&old.nodes[at].id), &old.nodes[at])).collect();
            // An event subprocess that interrupts has taken the scope over: nothing else is waited for there.
            let taken_over = owner.token.is_none() && is_taken_over(old, before, owner.frame);
            let wanted = if taken_over { Vec::new() } else { expected(model, self.instance, owner) };
            let mut there: BTreeMap<String, u64> = BTreeMap::new();
            for event in self.instance.armed_for(owner.frame, owner.token) {
                let Some(at) = self.instance.armed.get(&event).map(|armed| armed.at.clone()) else { continue };
                match there.entry(at) {
                    Entry::Vacant(free) => drop(free.insert(event)),
                    Entry::Occupied(_) => self.disarm(event)?, // Two of the old version that are one in the new one.
                }
            }
            for at in &wanted {
                let node = &model.nodes[*at];
                let (armed, known) = (there.get(&node.id).copied(), had.get(node.id.as_str()));
                match (armed, known) {
                    (Some(_), Some(known)) if is_same(known, node) => {
                        there.remove(&node.id);
                    }
                    (None, Some(known)) if happens_once(known) && happens_once(node) => {}
                    _ => missing.push((owner, *at)),
                }
            }
            for event in there.into_values() {
                self.disarm(event)?;
            }
        }
        for (owner, at) in missing {
            // A condition that holds already may have taken the owner away.
            let stands = owner.token.is_none_or(|token| self.instance.tokens.contains_key(&token));
            if stands && self.instance.frames.contains_key(&owner.frame) && self.instance.is_running() {
                self.arm_for(at, owner.frame, owner.token)?;
            }
        }
        Ok(())
    }

    /// Does what could have happened in the meantime: conditions are looked at, joins go on at which nothing is missing.
    pub(in crate::run) fn wake(&mut self) -> Result<(), RunError> {
        self.look_at_conditions()?;
        let frames: Vec<u64> = self.instance.frames.iter().map(|(id, _)| *id).collect();
        for frame in frames {
            self.touched.insert(frame);
            let joins: Vec<String> = self.instance.lookup.joins(frame).map(|(join, _)| join.to_owned()).collect();
            for join in joins {
                let at = self.node_at(&join)?;
                // An inclusive join is looked at when nothing moves any more; with a single way in it is none.
                if self.model.nodes[at].kind == NodeKind::ParallelGateway || self.model.nodes[at].incoming.len() < 2 {
                    self.join_if_complete(at, frame)?;
                }
            }
        }
        Ok(())
    }
}

/// Events that a version waits for on somebody's behalf.
fn expected(model: &Model, instance: &Instance, owner: Owner) -> Vec<usize> {
    let nodes = match owner.token.and_then(|token| instance.tokens.get(&token)) {
        Some(token) => {
            let in_round = instance.frames.get(&token.frame).is_some_and(|frame| frame.round.is_some());
            let Some(at) = model.node_at(&token.at) else { return Vec::new() };
            let node = &model.nodes[at];
            let mut nodes = if in_round { Vec::new() } else { node.boundaries.clone() };
            if token.stand == Stand::Event {
                match node.kind {
                    NodeKind::EventGateway => nodes.extend(node.outgoing.iter().map(|flow| model.flows[*flow].target)),
                    _ => nodes.push(at),
                }
            }
            nodes
        }
        None if owner.token.is_some() => Vec::new(),
        None => {
            let handlers = inclusive::scope_of(model, instance, owner.frame).map(|scope| model.scopes[scope].handlers.as_slice());
            handlers.unwrap_or_default().iter().filter_map(|handler| happen::start_of(model, *handler)).collect()
        }
    };
    nodes.into_iter().filter(|at| is_waited_for(&model.nodes[*at])).collect()
}

/// Errors, escalations and compensations are looked up when they are thrown.
fn is_waited_for(node: &Node) -> bool {
    matches!(node.trigger, Some(Trigger::Message { .. } | Trigger::Timer(_) | Trigger::Signal { .. } | Trigger::Condition { .. }))
}

fn is_taken_over(model: &Model, instance: &Instance, frame: u64) -> bool {
    let at = instance.members(frame).filter_map(|id| instance.tokens.get(&id)).filter_map(|token| model.node_at(&token.at));
    at.filter(|at| model.nodes[*at].kind == NodeKind::EventSubProcess)
        .filter_map(|at| happen::start_of(model, at))
        .any(|start| model.nodes[start].interrupting)
}

/// Whether two versions wait for the same thing: then what was armed stays armed, and is due when it was due.
fn is_same(before: &Node, after: &Node) -> bool {
    let working = |node: &Node| node.timer().is_some() && node.attribute("banhao:working") == Some("true");
    before.trigger == after.trigger && working(before) == working(after)
}

/// A timer that is due once. When it is not armed any more, it has happened.
fn happens_once(node: &Node) -> bool {
    node.timer().is_some_and(|timer| timer.kind != TimerKind::Cycle)
}
