//! When an inclusive gateway stops waiting (BPMN 2.0, 13.4.3): something waits on one of its ways in, and nothing that could
//! still come by an empty way in is on its way — except what could just as well come by a way where something waits already.

use crate::{
    instance::Instance,
    model::{Model, NodeKind},
};

/// A gateway that may go on, with the flows it takes a branch from.
pub(crate) struct Ready {
    pub(crate) at: usize,
    pub(crate) flows: Vec<String>,
}

/// The first inclusive join, in the order of the file, that need not wait any longer. Asked when nothing else moves.
pub(crate) fn ready(model: &Model, instance: &Instance) -> Option<Ready> {
    if instance.waiting.is_empty() {
        return None;
    }
    model.nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::InclusiveGateway && node.incoming.len() > 1).find_map(
        |(at, node)| {
            let is_waiting = |flow: &usize| instance.waiting.contains_key(&model.flows[*flow].id);
            let (full, empty): (Vec<usize>, Vec<usize>) = node.incoming.iter().copied().partition(is_waiting);
            if full.is_empty() || (!empty.is_empty() && can_still_come(model, instance, at, &full, &empty)) {
                return None;
            }
            Some(Ready { at, flows: full.iter().map(|flow| model.flows[*flow].id.clone()).collect() })
        },
    )
}

fn can_still_come(model: &Model, instance: &Instance, join: usize, full: &[usize], empty: &[usize]) -> bool {
    let mut places: Vec<usize> = instance
        .open
        .values()
        .filter_map(|open| model.node_at(&open.at))
        .chain(instance.waiting.keys().filter_map(|flow| model.flow_at(flow)).map(|flow| model.flows[flow].target))
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
