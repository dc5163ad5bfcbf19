//! Which step came before: for going back step by step. `docs/process-semantics.md`, section 4.

use std::collections::{BTreeSet, VecDeque};

use super::{
    Run,
    flow::implicit_starts,
    office::{Level, levels},
};
use crate::{
    event::TaskRef,
    instance::Instance,
    model::{Model, NodeKind},
};

/// The step whose completion led to an open task, out of its subprocess if it is the first there; none for a first step, and where
/// several led there.
#[must_use]
pub fn previous_step(model: &Model, instance: &Instance, task: TaskRef) -> Option<String> {
    previous_of(model, instance, &levels(model, instance, task))
}

pub(super) fn previous_of(model: &Model, instance: &Instance, levels: &[Level]) -> Option<String> {
    for level in levels {
        let token = instance.tokens.get(&level.token)?;
        match &token.previous {
            // It led back to itself.
            Some(step) if *step == token.at => return before_that(instance, level, step),
            Some(step) => return Some(step.clone()),
            None => {}
        }
        if !is_first(model, level.at) {
            return None; // Several came before it in its own scope, or it was jumped to: which one is meant has to be said.
        }
    }
    None
}

/// Whether a node can be the first that a scope comes to: no step of people and no subprocess needs to be done before.
fn is_first(model: &Model, at: usize) -> bool {
    let scope = model.nodes[at].scope;
    let plain = |at: &usize| model.nodes[*at].kind == NodeKind::StartEvent && model.nodes[*at].trigger.is_none();
    let mut open: VecDeque<usize> = match model.scopes[scope].nodes.iter().copied().find(plain) {
        Some(start) => VecDeque::from([start]),
        None => implicit_starts(model, scope).into(),
    };
    let mut seen: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(next) = open.pop_front() {
        let node = &model.nodes[next];
        if !node.kind.is_human() && !node.kind.is_scope() {
            open.extend(model.successors(next).filter(|next| seen.insert(*next)));
        }
    }
    seen.contains(&at)
}

/// The step before the one whose completion led to a token: as the token knows, else as the frame remembers.
fn before_that(instance: &Instance, level: &Level, step: &str) -> Option<String> {
    let earlier = instance.tokens.get(&level.token)?.earlier.clone();
    earlier.or_else(|| instance.frames.get(&level.frame)?.led.get(step).cloned())
}

impl Run<'_> {
    /// The step that led to an element when it was last come to in a frame, rounds left out.
    pub(super) fn led_to(&self, frame: u64, element: &str) -> Option<String> {
        self.instance.frames.get(&frame)?.led.get(element).cloned()
    }

    /// The step before the one that a token is moved to: what it was when that one was done, as the token that comes from there still
    /// knows, else as the frame remembers. A gateway is not remembered; what it led to is.
    pub(super) fn before(&self, level: &Level, to: usize) -> Option<String> {
        let token = self.instance.tokens.get(&level.token)?;
        let target = &self.model.nodes[to].id;
        if token.previous.as_ref() == Some(target) {
            return before_that(self.instance, level, target);
        }
        let led = &self.instance.frames.get(&level.frame)?.led;
        let (mut seen, mut open) = (BTreeSet::from([to]), VecDeque::from([to]));
        while let Some(at) = open.pop_front() {
            let node = &self.model.nodes[at];
            if let Some(step) = led.get(&node.id) {
                return Some(step.clone());
            }
            if node.kind.is_gateway() {
                open.extend(self.model.successors(at).filter(|next| seen.insert(*next)));
            }
        }
        None
    }
}
