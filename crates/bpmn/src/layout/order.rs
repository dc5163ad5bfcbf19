//! Order within layers with few crossings: each vertex goes to the middle of its neighbours, layer by layer, there and back.

use super::layers::Layers;

/// Sweeps there and back.
const SWEEPS: usize = 6;
/// Above this number of segments the first order is kept: counting crossings would take too long.
const MAX_SEGMENTS: usize = 3_000;

pub(super) fn reduce_crossings(graph: &mut Layers) {
    let segments: Vec<(usize, usize)> =
        graph.segments().filter(|(from, to, _)| graph.layer[*from] + 1 == graph.layer[*to]).map(|(from, to, _)| (from, to)).collect();
    if segments.len() > MAX_SEGMENTS {
        return;
    }
    let mut before = vec![Vec::new(); graph.layer.len()];
    let mut after = vec![Vec::new(); graph.layer.len()];
    for (from, to) in &segments {
        after[*from].push(*to);
        before[*to].push(*from);
    }
    let mut best = crossings(&graph.order, &segments, &graph.layer);
    let mut order = graph.order.clone();
    for sweep in 0..SWEEPS * 2 {
        if best == 0 {
            return;
        }
        if sweep % 2 == 0 {
            for layer in 1..order.len() {
                settle(&mut order, layer, layer - 1, &before, &graph.band);
            }
        } else {
            for layer in (1..order.len()).rev() {
                settle(&mut order, layer - 1, layer, &after, &graph.band);
            }
        }
        let now = crossings(&order, &segments, &graph.layer);
        if now < best {
            best = now;
            graph.order.clone_from(&order);
        }
    }
}

/// Sorts one layer, lane by lane, by the middle of its neighbours in another; who has none keeps the place.
fn settle(order: &mut [Vec<usize>], layer: usize, fixed: usize, neighbours: &[Vec<usize>], band: &[usize]) {
    let position = positions(&order[fixed], neighbours.len());
    let mut keyed: Vec<(f64, usize)> = order[layer]
        .iter()
        .enumerate()
        .map(|(at, vertex)| {
            let near = &neighbours[*vertex];
            #[expect(clippy::cast_precision_loss, reason = "positions are small numbers")]
            let middle =
                if near.is_empty() { at as f64 } else { near.iter().map(|other| position[*other] as f64).sum::<f64>() / near.len() as f64 };
            (middle, *vertex)
        })
        .collect();
    keyed.sort_by(|one, other| band[one.1].cmp(&band[other.1]).then(one.0.total_cmp(&other.0)));
    order[layer] = keyed.into_iter().map(|(_, vertex)| vertex).collect();
}

fn crossings(order: &[Vec<usize>], segments: &[(usize, usize)], layer: &[usize]) -> usize {
    let mut position = vec![0; layer.len()];
    let mut by_layer = vec![Vec::new(); order.len()];
    for vertices in order {
        for (at, vertex) in vertices.iter().enumerate() {
            position[*vertex] = at;
        }
    }
    for (from, to) in segments {
        by_layer[layer[*from]].push((position[*from], position[*to]));
    }
    by_layer
        .iter()
        .map(|pairs| {
            let mut crossed = 0;
            for (at, one) in pairs.iter().enumerate() {
                for other in &pairs[at + 1..] {
                    let starts = one.0.cmp(&other.0);
                    let ends = one.1.cmp(&other.1);
                    if starts.is_ne() && ends.is_ne() && starts != ends {
                        crossed += 1;
                    }
                }
            }
            crossed
        })
        .sum()
}

fn positions(order: &[usize], vertices: usize) -> Vec<usize> {
    let mut position = vec![0; vertices];
    for (at, vertex) in order.iter().enumerate() {
        position[*vertex] = at;
    }
    position
}
