//! Rows: every vertex gets a place across the flow. Ways are put into straight lines, the longest way first, as far as lines do
//! not cross; then every line moves as far up as its neighbours allow. Lanes follow each other, with borders in between.

use super::{layers::Layers, route::Sizes};

/// Between the border of a lane and what stands in it.
pub(super) const LANE_ROOM: f64 = 14.0;
/// Least breadth of a lane: its name has to fit.
pub(super) const LANE_BREADTH: f64 = 60.0;

/// Place across the flow of each vertex, and of the borders between lanes. `lanes` is the lane of each band.
pub(super) fn rows(graph: &Layers, sizes: &Sizes, lanes: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let line = lines(graph);
    let vertices = line.iter().max().map_or(0, |last| last + 1);
    let borders = lanes.len().saturating_sub(1);
    // Only between lanes is there something to be seen.
    let is_seen = |border: usize| lanes[border] != lanes[border + 1];
    let room = |border: usize| if is_seen(border) { LANE_ROOM } else { 0.0 };
    let count = vertices + borders;
    let mut below: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
    let mut above = vec![0_usize; count];
    for (vertex, at) in line.iter().enumerate().filter(|_| borders > 0) {
        let (band, across) = (graph.band[vertex], sizes.across[vertex]);
        if band > 0 {
            below[vertices + band - 1].push((*at, across.0 + room(band - 1)));
            above[*at] += 1;
        }
        if band < borders {
            below[*at].push((vertices + band, across.1 + room(band)));
            above[vertices + band] += 1;
        }
    }
    for border in 1..borders {
        let breadth = if is_seen(border - 1) && is_seen(border) { LANE_BREADTH } else { 0.0 };
        below[vertices + border - 1].push((vertices + border, breadth));
        above[vertices + border] += 1;
    }
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
    let borders = row.split_off(vertices).into_iter().enumerate().filter(|(border, _)| is_seen(*border)).map(|(_, place)| place).collect();
    (line.into_iter().map(|line| row[line]).collect(), borders)
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
        if straight_after[from] || straight_before[to].is_some() || graph.band[from] != graph.band[to] {
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
