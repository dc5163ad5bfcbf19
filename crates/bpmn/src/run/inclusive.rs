//! When an inclusive gateway stops waiting (BPMN 2.0.2, 13.4.3 Inclusive Gateway): something waits on one of its ways in, and nothing that could
//! still come by an empty way in is on its way — except what could just as well come by a way where something waits already.

use crate::{instance::Instance, model::Model};

/// A gateway that may go on, with the tokens it takes.
pub(super) struct Ready {
    pub(super) at: usize,
    pub(super) tokens: Vec<u64>,
}

/// The first inclusive join of a frame, in the order of the file, that need not wait any longer. Asked when nothing else moves.
pub(super) fn ready(model: &Model, instance: &Instance, frame: u64) -> Option<Ready> {
    let scope = scope_of(model, instance, frame)?;
    let mut joins = model.scopes[scope].inclusive_joins.iter().copied();
    joins.find_map(|at| {
        let waiting = instance.lookup.waiting_at(frame, &model.nodes[at].id)?;
        let first = |flow: &usize| waiting.get(&model.flows[*flow].id).and_then(|tokens| tokens.first().copied());
        let (full, empty): (Vec<usize>, Vec<usize>) = model.nodes[at].incoming.iter().copied().partition(|flow| first(flow).is_some());
        if full.is_empty() || (!empty.is_empty() && can_still_come(model, instance, frame, at, &full, &empty)) {
            return None;
        }
        Some(Ready { at, tokens: full.iter().filter_map(first).collect() })
    })
}

fn can_still_come(model: &Model, instance: &Instance, frame: u64, join: usize, full: &[usize], empty: &[usize]) -> bool {
    let mut places: Vec<usize> = instance
        .members(frame)
        .filter_map(|token| instance.tokens.get(&token))
        .filter_map(|token| model.node_at(&token.at))
        .filter(|place| *place != join)
        .collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().any(|place| {
        let reachable = model.reachable(place, Some(join));
        let comes_by = |flow: &usize| {
            let source = model.flows[*flow].source;
            source == place || (source != join && reachable[source])
        };
        empty.iter().any(comes_by) && !full.iter().any(comes_by)
    })
}

/// Index of the scope that a frame is a run of; none for rounds.
pub(super) fn scope_of(model: &Model, instance: &Instance, frame: u64) -> Option<usize> {
    if frame == 0 {
        return Some(0);
    }
    let there = instance.frames.get(&frame).filter(|there| there.round.is_none())?;
    model.node(&there.at)?.inner
}
