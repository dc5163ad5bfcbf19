//! Looks for everything that stands in the way: tokens, frames and open splits one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Names, Obstacle, ObstacleReason as Reason, joins,
    places::{Around, Places},
};
use crate::{
    event::TaskRef,
    instance::Instance,
    model::{Model, Node, NodeKind},
    repeat::Repeat,
    run::{flow::implicit_starts, place::splits},
    state::{Compensable, RoundKind, Stand, Token},
};

/// Splits around a place, with the flows by which it is come to, all called as in the new version.
type Inside = BTreeMap<String, BTreeSet<String>>;

pub(super) struct Look<'a> {
    old: &'a Model,
    new: &'a Model,
    names: &'a Names,
    old_places: Places<'a>,
    new_places: Places<'a>,
    /// What was found out about elements: many tokens stand at the same one.
    known: BTreeMap<String, Option<Reason>>,
    obstacles: Vec<Obstacle>,
}

impl<'a> Look<'a> {
    pub(super) fn new(old: &'a Model, new: &'a Model, names: &'a Names) -> Self {
        let (old_places, new_places) = (Places::of(old), Places::of(new));
        Self { old, new, names, old_places, new_places, known: BTreeMap::new(), obstacles: Vec::new() }
    }

    /// Gives the completed tasks that can no longer be taken back in the new version.
    pub(super) fn through(mut self, instance: &Instance) -> Result<BTreeSet<u64>, Vec<Obstacle>> {
        for (id, token) in &instance.tokens {
            self.token(instance, TaskRef(*id), token);
        }
        for (id, frame) in &instance.frames {
            if frame.round.is_some_and(|round| round.kind == RoundKind::Undo) {
                for handler in frame.items.iter().filter_map(serde_json::Value::as_str) {
                    self.handler(handler);
                }
            }
            frame.done.iter().for_each(|done| self.undoable(done));
            if self.obstacles.is_empty() && frame.round.is_none() {
                self.obstacles.extend(joins::lonely(self.old, self.new, self.names, instance, *id));
            }
        }
        let forks: BTreeSet<&str> = instance.forks.values().map(|fork| fork.at.as_str()).collect();
        forks.into_iter().for_each(|at| self.fork(at));
        if !self.obstacles.is_empty() {
            return Err(self.obstacles);
        }
        let completed = instance.tokens.values().filter_map(|token| Some((token.from?, token.previous.as_deref()?)));
        let completed: Vec<(u64, &str)> = completed.collect();
        Ok(completed.into_iter().filter(|(_, step)| self.of_element(step).is_some()).map(|(task, _)| task).collect())
    }

    fn token(&mut self, instance: &Instance, task: TaskRef, token: &Token) {
        if let Some(by) = &token.by {
            if let Some((reason, what)) = self.waiting(token, by) {
                self.push(Some(task), what, reason);
            }
            return;
        }
        let in_round = instance.frames.get(&token.frame).is_some_and(|frame| frame.round.is_some());
        let waits = token.stand == Stand::Event && !in_round;
        let reason = if waits { self.waits_elsewhere(&token.at) } else { self.of_element(&token.at) };
        if let Some(reason) = reason {
            self.push(Some(task), &token.at, reason);
        }
        if let Some(straight) = &token.straight
            && let Some(reason) = self.of_element(straight)
        {
            self.push(Some(task), straight, reason);
        }
    }

    fn push(&mut self, task: Option<TaskRef>, element: &str, reason: Reason) {
        let obstacle = Obstacle { task, element: element.to_owned(), to: self.names.to(element).to_owned(), reason, error: None };
        if !self.obstacles.contains(&obstacle) {
            self.obstacles.push(obstacle);
        }
    }

    /// The element has to be there, whatever it is for.
    fn there(&mut self, id: &str) {
        if self.new.node(self.names.to(id)).is_none() {
            self.push(None, id, Reason::Gone);
        }
    }

    /// What is being undone by it has to be undone by it in the new version, too.
    fn handler(&mut self, id: &str) {
        match self.new.node_at(self.names.to(id)) {
            None => self.push(None, id, Reason::Gone),
            Some(at) if !self.new.nodes.iter().any(|node| node.compensator == Some(at)) => self.push(None, id, Reason::UndoesNothing),
            Some(_) => {}
        }
    }

    fn undoable(&mut self, done: &Compensable) {
        self.there(&done.element);
        done.inside.iter().for_each(|inside| self.undoable(inside));
    }

    fn pair(&self, id: &str) -> Option<(usize, usize)> {
        Some((self.old.node_at(id)?, self.new.node_at(self.names.to(id))?))
    }

    /// Why nothing that stands at an element can stand there in the new version.
    fn of_element(&mut self, id: &str) -> Option<Reason> {
        if let Some(known) = self.known.get(id) {
            return *known;
        }
        let reason = match self.pair(id) {
            None => Some(Reason::Gone),
            Some((before, after)) => {
                let (old, new) = (&self.old.nodes[before], &self.new.nodes[after]);
                if old.kind == new.kind {
                    self.repeated(old, new).or_else(|| self.elsewhere(before, after))
                } else {
                    Some(Reason::OtherKind)
                }
            }
        };
        self.known.insert(id.to_owned(), reason);
        reason
    }

    /// What waits for an event can wait at another kind of element: alone, or together with others.
    fn waits_elsewhere(&mut self, id: &str) -> Option<Reason> {
        let Some((before, after)) = self.pair(id) else { return Some(Reason::Gone) };
        let (old, new) = (&self.old.nodes[before], &self.new.nodes[after]);
        let reason = if old.kind == new.kind {
            self.of_element(id)
        } else if can_wait(old) && can_wait(new) {
            self.elsewhere(before, after)
        } else {
            Some(Reason::OtherKind)
        };
        let behind = |model: &Model, node: &Node| {
            node.incoming.iter().any(|flow| model.nodes[model.flows[*flow].source].kind == NodeKind::EventGateway)
        };
        reason.or_else(|| (behind(self.new, new) && !behind(self.old, old)).then_some(Reason::BehindGateway))
    }

    fn repeated(&self, before: &Node, after: &Node) -> Option<Reason> {
        let how = |node: &Node| match &node.repeat {
            None => (0, false, false),
            Some(Repeat::Loop { .. }) => (1, false, false),
            Some(Repeat::Many(many)) => (2, many.sequential, many.sign.is_some()),
        };
        (how(before) != how(after)).then_some(Reason::OtherRepetition)
    }

    fn owner(&self, model: &Model, node: &Node) -> Option<String> {
        let owner = model.scopes[node.scope].owner.map(|owner| model.nodes[owner].id.as_str())?;
        Some(if std::ptr::eq(model, self.old) { self.names.to(owner).to_owned() } else { owner.to_owned() })
    }

    /// In another scope, or inside other splits or by other branches.
    fn elsewhere(&self, before: usize, after: usize) -> Option<Reason> {
        if self.owner(self.old, &self.old.nodes[before]) != self.owner(self.new, &self.new.nodes[after]) {
            return Some(Reason::OtherScope);
        }
        let same = self.same(&self.old_places.around_node(before), &self.new_places.around_node(after));
        (!same).then_some(Reason::OtherSplits)
    }

    /// Inside the same splits, each by the same branches as far as both versions have them. What a split has more or less is looked
    /// at where it is open.
    fn same(&self, before: &Around<'_>, after: &Around<'_>) -> bool {
        let named = |around: &Around<'_>| -> Inside {
            let branch = |flow: &&str| self.names.to(flow).to_owned();
            around.iter().map(|(split, ways)| (self.names.to(split).to_owned(), ways.iter().map(branch).collect())).collect()
        };
        let plain = |around: &Around<'_>| -> Inside {
            around.iter().map(|(split, ways)| ((*split).to_owned(), ways.iter().map(|flow| (*flow).to_owned()).collect())).collect()
        };
        let (had, has) = (named(before), plain(after));
        had.len() == before.len() && self.essential(had) == self.essential(has)
    }

    /// Only what tells branches apart: where all branches of a split lead to they are together again, also when something beside them
    /// never comes there.
    fn essential(&self, inside: Inside) -> Inside {
        let out = |node: &Node, model: &Model| -> BTreeSet<String> { model.outgoing(node).map(|flow| flow.id.clone()).collect() };
        let mut essential = Inside::new();
        for (split, ways) in inside {
            let before = self.old.nodes.iter().filter(|node| self.names.to(&node.id) == split);
            let had: BTreeSet<String> = before.flat_map(|node| out(node, self.old)).map(|flow| self.names.to(&flow).to_owned()).collect();
            let has = self.new.node(&split).map(|node| out(node, self.new)).unwrap_or_default();
            let mut both: BTreeSet<String> = had.intersection(&has).cloned().collect();
            if both.is_empty() {
                both = if has.is_empty() { had } else { has };
            }
            let told: BTreeSet<String> = ways.intersection(&both).cloned().collect();
            if ways.is_empty() || told != both {
                essential.insert(split, told);
            }
        }
        essential
    }

    /// What waits at a join stands on the flow by which it came.
    fn waiting<'t>(&self, token: &'t Token, by: &'t str) -> Option<(Reason, &'t str)> {
        let Some((before, after)) = self.pair(&token.at) else { return Some((Reason::Gone, &token.at)) };
        let waits = |kind| matches!(kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway);
        if !waits(self.old.nodes[before].kind) || !waits(self.new.nodes[after].kind) {
            return Some((Reason::OtherKind, &token.at));
        }
        let flows = self.old.flow_at(by).zip(self.new.flow_at(self.names.to(by)));
        let Some((old, new)) = flows.filter(|(_, flow)| self.new.flows[*flow].target == after) else { return Some((Reason::FlowGone, by)) };
        if self.owner(self.old, &self.old.nodes[before]) != self.owner(self.new, &self.new.nodes[after]) {
            return Some((Reason::OtherScope, &token.at));
        }
        let same = self.same(&self.old_places.around_flow(old), &self.new_places.around_flow(new));
        (!same).then_some((Reason::OtherSplits, by))
    }

    /// An open split must not have branches that were never begun, nor two in one; and what made it must be of the same kind.
    fn fork(&mut self, at: &str) {
        let Some((before, after)) = self.pair(at) else { return self.push(None, at, Reason::Gone) };
        if let Some(reason) = self.split_differs(before, after) {
            self.push(None, at, reason);
        }
    }

    fn split_differs(&self, before: usize, after: usize) -> Option<Reason> {
        let (old, new) = (&self.old.nodes[before], &self.new.nodes[after]);
        if old.kind == NodeKind::BoundaryEvent {
            let host = |model: &'a Model, node: &Node| model.host(node).map(|host| host.id.as_str());
            let same =
                new.kind == old.kind && !new.interrupting && host(self.old, old).map(|host| self.names.to(host)) == host(self.new, new);
            return (!same).then_some(Reason::OtherKind);
        }
        // All branches have been begun: whether each of them had to be does not matter any more.
        let fits = old.kind == new.kind || (old.kind == NodeKind::ParallelGateway && new.kind == NodeKind::InclusiveGateway);
        if (old.kind.is_gateway() || new.kind.is_gateway()) && !fits {
            return Some(Reason::OtherKind);
        }
        if !splits(self.old, old.scope).any(|split| split == before) {
            // A scope that begins at several places.
            let starts = |model: &Model, scope: usize| -> BTreeSet<String> {
                implicit_starts(model, scope).into_iter().map(|start| model.nodes[start].id.clone()).collect()
            };
            let begun: BTreeSet<String> = starts(self.old, old.scope).iter().map(|id| self.names.to(id).to_owned()).collect();
            return (!starts(self.new, new.scope).is_subset(&begun)).then_some(Reason::MoreBranches);
        }
        let images: Vec<&str> = old.outgoing.iter().map(|flow| self.names.to(&self.old.flows[*flow].id)).collect();
        let had: BTreeSet<&str> = images.iter().copied().collect();
        if had.len() < images.len() {
            return Some(Reason::BranchesMerged);
        }
        let always = |flow: usize| new.default != Some(flow) && self.new.flows[flow].condition.is_none();
        let more = new
            .outgoing
            .iter()
            .any(|flow| !had.contains(self.new.flows[*flow].id.as_str()) && (new.kind == NodeKind::ParallelGateway || always(*flow)));
        more.then_some(Reason::MoreBranches)
    }
}

/// Where something can stand that waits for an event from outside.
fn can_wait(node: &Node) -> bool {
    matches!(node.kind, NodeKind::CatchEvent | NodeKind::ReceiveTask | NodeKind::EventGateway)
        && node.repeat.is_none()
        && node.link.is_none()
}
