//! Where a token can be moved to: parallel regions of a scope, found in the drawing. `docs/process-semantics.md`, section 3.

use std::collections::BTreeSet;

use super::Why;
use crate::model::{Model, NodeKind};

/// A move that is possible: the splits it crosses, by id of their element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Crossing {
    pub(super) splits: BTreeSet<String>,
}

/// Whether a token can be moved from one node to another of the same scope.
pub(super) fn crossing(model: &Model, from: usize, to: usize, has_forks: bool) -> Result<Crossing, Why> {
    let scope = model.nodes[from].scope;
    let mut crossing = Crossing::default();
    for split in splits(model, scope) {
        let region = Region::of(model, scope, split);
        if has_forks && (region.tangled[from] || region.tangled[to]) {
            return Err(Why::Tangled);
        }
        let (here, there) = (region.branches(from), region.branches(to));
        match (here, there) {
            (None, None) => {}
            (Some(here), Some(there)) if here == there => {}
            // What runs beside a step may outlive it and its region: it stays beside it.
            (Some(_), None) if model.nodes[split].kind == NodeKind::BoundaryEvent => return Err(Why::OtherBranch),
            (Some(_), None) => {
                crossing.splits.insert(model.nodes[split].id.clone());
            }
            (_, Some(_)) => return Err(Why::OtherBranch),
        }
    }
    Ok(crossing)
}

/// Nodes of a scope behind which branches run at the same time.
pub(super) fn splits(model: &Model, scope: usize) -> impl Iterator<Item = usize> + '_ {
    model.scopes[scope].nodes.iter().copied().filter(|at| {
        let node = &model.nodes[*at];
        match node.kind {
            NodeKind::BoundaryEvent => !node.interrupting,
            NodeKind::ExclusiveGateway | NodeKind::EventGateway => false,
            _ => node.outgoing.len() > 1,
        }
    })
}

/// What lies between a split and the place where its branches are all together again.
pub(super) struct Region {
    /// For each way out, which nodes it leads to before they meet.
    ways: Vec<Vec<bool>>,
    dominated: Vec<bool>,
    tangled: Vec<bool>,
}

impl Region {
    pub(super) fn of(model: &Model, scope: usize, split: usize) -> Self {
        let without = reached(model, entries(model, scope).into_iter().filter(|at| *at != split), |at| at != split);
        let all = reached(model, entries(model, scope), |_| true);
        let dominated: Vec<bool> = (0..model.nodes.len()).map(|at| all[at] && !without[at] && at != split).collect();
        let boundary = model.nodes[split].kind == NodeKind::BoundaryEvent;
        let meet = if boundary { None } else { meeting(model, split) };
        let ways: Vec<Vec<bool>> = if boundary {
            vec![dominated.clone()]
        } else {
            let go = |at: usize| Some(at) != meet && at != split;
            model.nodes[split]
                .outgoing
                .iter()
                .map(|flow| reached(model, [model.flows[*flow].target].into_iter().filter(|at| go(*at)), go))
                .collect()
        };
        let inside = |at: usize| ways.iter().any(|way| way[at]);
        // Without dominance the region can be come into from elsewhere; a side branch may lead back, which is no jump.
        let tangled = (0..model.nodes.len()).map(|at| !boundary && inside(at) && !dominated[at] && all[at]).collect();
        Self { ways, dominated, tangled }
    }

    /// By which ways out a node can be reached before they meet; none when it does not lie inside.
    pub(super) fn branches(&self, at: usize) -> Option<BTreeSet<usize>> {
        if !self.dominated[at] {
            return None;
        }
        let by: BTreeSet<usize> = self.ways.iter().enumerate().filter(|(_, way)| way[at]).map(|(number, _)| number).collect();
        (!by.is_empty()).then_some(by)
    }
}

/// Where a scope begins: starts, and nodes into which nothing leads.
fn entries(model: &Model, scope: usize) -> Vec<usize> {
    let nodes = &model.scopes[scope].nodes;
    nodes.iter().copied().filter(|at| model.nodes[*at].incoming.is_empty() && model.nodes[*at].kind != NodeKind::BoundaryEvent).collect()
}

/// Nodes reached from here, the beginnings among them, going only where it is allowed.
fn reached(model: &Model, from: impl IntoIterator<Item = usize>, allowed: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut seen = vec![false; model.nodes.len()];
    let mut open: Vec<usize> = from.into_iter().collect();
    for at in &open {
        seen[*at] = true;
    }
    while let Some(at) = open.pop() {
        for next in model.successors(at) {
            if !seen[next] && allowed(next) {
                seen[next] = true;
                open.push(next);
            }
        }
    }
    seen
}

/// The first node that every way from the split to an end comes by; none when there is no such node.
fn meeting(model: &Model, split: usize) -> Option<usize> {
    let behind = reached(model, [split], |_| true);
    let is_end = |at: usize| model.successors(at).next().is_none();
    let ends = (0..model.nodes.len()).filter(|at| behind[*at]).any(is_end);
    if !ends {
        return None;
    }
    // Any way to an end; the nodes every way comes by lie on it, in the order in which all ways come by them.
    let path = some_way(model, split, is_end);
    path.into_iter().skip(1).find(|candidate| {
        let around = reached(model, [split], |at| at != *candidate);
        !(0..model.nodes.len()).any(|at| around[at] && at != *candidate && is_end(at))
    })
}

fn some_way(model: &Model, from: usize, is_end: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut before = vec![usize::MAX; model.nodes.len()];
    let mut open = std::collections::VecDeque::from([from]);
    before[from] = from;
    while let Some(at) = open.pop_front() {
        if is_end(at) {
            let mut path = vec![at];
            let mut back = at;
            while back != from {
                back = before[back];
                path.push(back);
            }
            path.reverse();
            return path;
        }
        for next in model.successors(at) {
            if before[next] == usize::MAX {
                before[next] = at;
                open.push_back(next);
            }
        }
    }
    Vec::new()
}
