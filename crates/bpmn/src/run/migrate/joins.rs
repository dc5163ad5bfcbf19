//! Joins of the new version that something could come to, and would then wait for what cannot come.

use std::collections::{BTreeMap, BTreeSet};

use super::{Names, Obstacle, ObstacleReason};
use crate::{
    instance::Instance,
    model::{Model, NodeKind},
    run::inclusive,
};

/// Where something stands, and the flow by which it waits there.
type Place = (usize, Option<usize>);

/// The ways into parallel joins of a frame by which nothing waits and nothing can come in the new version, while something waits or
/// can come by another; but for those that were so in the old version already.
pub(super) fn lonely(old: &Model, new: &Model, names: &Names, instance: &Instance, frame: u64) -> Vec<Obstacle> {
    let mut before: BTreeSet<Place> = BTreeSet::new();
    let mut after: BTreeSet<Place> = BTreeSet::new();
    for token in instance.members(frame).filter_map(|id| instance.tokens.get(&id)) {
        before.extend(old.node_at(&token.at).map(|at| (at, token.by.as_ref().and_then(|by| old.flow_at(by)))));
        after.extend(new.node_at(names.to(&token.at)).map(|at| (at, token.by.as_ref().and_then(|by| new.flow_at(names.to(by))))));
    }
    let Some(scope) = inclusive::scope_of(old, instance, frame) else { return Vec::new() };
    let scope_now = match old.scopes[scope].owner {
        None => Some(0),
        Some(owner) => new.node(names.to(&old.nodes[owner].id)).and_then(|owner| owner.inner),
    };
    let Some(scope_now) = scope_now else { return Vec::new() };
    let had: BTreeSet<&str> = without(old, scope, &before).into_iter().map(|(_, flow)| names.to(&old.flows[flow].id)).collect();
    let now = without(new, scope_now, &after).into_iter().filter(|(_, flow)| !had.contains(new.flows[*flow].id.as_str()));
    let obstacle = |(join, flow): (usize, usize)| Obstacle {
        task: None,
        element: new.nodes[join].id.clone(),
        to: new.flows[flow].id.clone(),
        reason: ObstacleReason::JoinWaits,
        error: None,
    };
    now.map(obstacle).collect()
}

/// Joins that something waits at or can come to, with the ways in by which nothing does.
fn without(model: &Model, scope: usize, places: &BTreeSet<Place>) -> Vec<(usize, usize)> {
    let is_join = |at: &usize| model.nodes[*at].kind == NodeKind::ParallelGateway && model.nodes[*at].incoming.len() > 1;
    let mut lonely = Vec::new();
    for join in model.scopes[scope].nodes.iter().copied().filter(is_join) {
        let reached: BTreeMap<usize, Vec<bool>> =
            places.iter().filter(|(at, _)| *at != join).map(|(at, _)| (*at, model.reachable(*at, Some(join)))).collect();
        let comes = |flow: &usize| {
            let source = model.flows[*flow].source;
            let can_come = |(place, reached): (&usize, &Vec<bool>)| source == *place || (source != join && reached[source]);
            places.contains(&(join, Some(*flow))) || reached.iter().any(can_come)
        };
        let (some, none): (Vec<usize>, Vec<usize>) = model.nodes[join].incoming.iter().copied().partition(comes);
        if !some.is_empty() {
            lonely.extend(none.into_iter().map(|flow| (join, flow)));
        }
    }
    lonely
}
