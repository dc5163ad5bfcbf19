//! Rows: every vertex gets a place across the flow. Ways are put into straight lines, the longest way first, as far as lines do
//! not cross; then every line moves as far up as its neighbours allow.

use super::{layers::Layers, route::Sizes};

/// Place across the flow of each vertex.
pub(super) fn rows(graph: &Layers, sizes: &Sizes) -> Vec<f64> {
    let line = lines(graph);
    let count = line.iter().max().map_or(0, |last| last + 1);
    let mut below: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
    let mut above = vec![0_usize; count];
    for layer in &graph.order {
        for pair in layer.windows(2) {
            let distance = sizes.across[pair[0]].1 + sizes.gap(graph, pair[0], pair[1]) + sizes.across[pair[1]].0;
            below[line[pair[0]]].push((line[pair[1]], distance));
            above[line[pair[1]]] += 1;
        }
    }
    let mut row = vec![0.0_f64; count];
    let mut open: Vec<usize> = (0..count).filter(|at| above[*at] == 0).collect();
    while let Some(at) = open.pop() {
        for (other, distance) in &below[at] {
            row[*other] = row[*other].max(row[at] + distance);
            above[*other] -= 1;
            if above[*other] == 0 {
                open.push(*other);
            }
        }
    }
    line.into_iter().map(|line| row[line]).collect()
}

/// The straight line each vertex belongs to.
fn lines(graph: &Layers) -> Vec<usize> {
    let vertices = graph.layer.len();
    let mut position = vec![0; vertices];
    for layer in &graph.order {
        for (at, vertex) in layer.iter().enumerate() {
            position[*vertex] = at;
        }
    }
    let mut segments: Vec<(usize, usize, usize)> =
        graph.segments().filter(|(from, to, _)| graph.layer[*from] + 1 == graph.layer[*to]).collect();
    segments.sort_by_key(|(from, to, flow)| {
        let through_bends = graph.is_bend(*from) && graph.is_bend(*to);
        (std::cmp::Reverse(graph.weight[*flow]), std::cmp::Reverse(through_bends), *flow)
    });
    let mut straight_before = vec![None; vertices];
    let mut straight_after = vec![false; vertices];
    let mut taken: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.order.len()];
    for (from, to, _) in segments {
        if straight_after[from] || straight_before[to].is_some() {
            continue;
        }
        let gap = &mut taken[graph.layer[from]];
        let crosses = gap.iter().any(|(one, other)| position[*one].cmp(&position[from]) != position[*other].cmp(&position[to]));
        if !crosses {
            gap.push((from, to));
            straight_after[from] = true;
            straight_before[to] = Some(from);
        }
    }
    let mut line = vec![0; vertices];
    let mut count = 0;
    for layer in &graph.order {
        for vertex in layer {
            line[*vertex] = match straight_before[*vertex] {
                Some(before) => line[before],
                None => {
                    count += 1;
                    count - 1
                }
            };
        }
    }
    line
}
