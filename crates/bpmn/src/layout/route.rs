//! Draws layered nodes and right-angled flows. Computed along and across the flow; only the last step knows which of the two
//! is horizontal. Between layers lies a channel in which flows change rows, each on its own track; flows that lead back run
//! on lanes beyond the last row.

use std::collections::HashSet;

use super::{
    Anchor, Label, Orientation, Placed, Route, Scene, asides, border::Leave, layers::Layers, lines_height, lines_width, on_flow, outside,
    part::Part,
};
use crate::{
    diagram::{Bounds, Point},
    model::Model,
};

/// Free run before and behind a shape.
const STUB: f64 = 16.0;
/// Between tracks of a channel and between lanes.
const TRACK: f64 = 11.0;
/// Between a line and its label.
const NEAR: f64 = 5.0;
/// Rows nearer than this count as one.
const SAME: f64 = 0.01;

/// Room every vertex takes: (before, after) its centre, with the name beside it.
pub(super) struct Sizes {
    pub(super) across: Vec<(f64, f64)>,
    along: Vec<(f64, f64)>,
    /// Half the shape along and across.
    half: Vec<(f64, f64)>,
    /// From the centre to the row of notes and data before it.
    lifts: Vec<f64>,
    names: Vec<Vec<String>>,
    flow_names: Vec<Vec<String>>,
    orientation: Orientation,
}

impl Sizes {
    pub(super) fn of(part: &Part, graph: &Layers, orientation: Orientation) -> Self {
        let model = &part.model;
        let mut sizes = Self {
            across: Vec::new(),
            along: Vec::new(),
            half: Vec::new(),
            lifts: Vec::new(),
            names: Vec::new(),
            flow_names: model
                .flows
                .iter()
                .zip(&graph.chains)
                .map(|(flow, chain)| {
                    // Names on lanes widen a vertical drawing.
                    let narrow = chain.is_none() && orientation == Orientation::Vertical;
                    on_flow(flow.name(), if narrow { 4.2 } else { 6.5 })
                })
                .collect(),
            orientation,
        };
        for (at, node) in model.nodes.iter().enumerate() {
            let lines = outside(node.kind, node.name());
            let (width, height) = (lines_width(&lines), lines_height(&lines));
            let (w, h) = part.boxes[at];
            let (w, h) = (w / 2.0, h / 2.0);
            let (half, along, across) = match orientation {
                Orientation::Horizontal => {
                    let along = (w.max(width / 2.0), w.max(width / 2.0));
                    let across = if node.kind.is_gateway() {
                        (h + height + NEAR, h)
                    } else if lines.is_empty() {
                        (h, h)
                    } else {
                        (h, h + height + NEAR)
                    };
                    ((w, h), along, across)
                }
                Orientation::Vertical => {
                    let along = if node.kind.is_gateway() { (h.max(height + 12.0), h) } else { (h.max(height / 2.0), h.max(height / 2.0)) };
                    let across = if lines.is_empty() {
                        (w, w)
                    } else if node.kind.is_gateway() {
                        (w.max(width + STUB), w)
                    } else {
                        (w, w + NEAR + width)
                    };
                    ((h, w), along, across)
                }
            };
            sizes.half.push(half);
            let row = &part.rows[at];
            let (before, after, deep) = row.room(node.kind.is_gateway(), orientation);
            // The names of flows that go out stand in the same space.
            let flows = node.outgoing.iter().map(|flow| sizes.name_across(*flow)).fold(0.0, f64::max);
            let lift = (across.0 + asides::LIFT).max(if orientation == Orientation::Horizontal { flows + 2.0 * NEAR } else { 0.0 });
            let (along, across) =
                if row.is_empty() { (along, across) } else { ((along.0.max(before), along.1.max(after)), (lift + deep, across.1)) };
            sizes.lifts.push(lift);
            sizes.along.push(along);
            sizes.across.push((across.0 + part.front[at], across.1 + part.behind[at]));
            sizes.names.push(lines);
        }
        for _ in graph.nodes..graph.layer.len() {
            sizes.half.push((0.0, 0.0));
            sizes.along.push((0.0, 0.0));
            sizes.across.push((4.0, 4.0));
        }
        for (flow, chain) in graph.chains.iter().enumerate() {
            if let Some(chain) = chain {
                sizes.make_room_for_name(flow, chain[1]);
            }
        }
        sizes
    }

    /// From a node's centre to the row before it.
    pub(super) fn lift(&self, node: usize) -> f64 {
        self.lifts[node]
    }

    /// Empty space between two vertices of a layer.
    pub(super) fn gap(&self, graph: &Layers, one: usize, other: usize) -> f64 {
        match self.orientation {
            _ if graph.is_bend(one) || graph.is_bend(other) => 12.0,
            Orientation::Horizontal => 26.0,
            Orientation::Vertical => 20.0,
        }
    }

    /// A flow's name stands beside its row: above it when the flow runs to the right, to the right when it runs down.
    fn make_room_for_name(&mut self, flow: usize, first: usize) {
        let name = self.name_across(flow);
        if name == 0.0 {
            return;
        }
        let room = &mut self.across[first];
        match self.orientation {
            Orientation::Horizontal => room.0 = room.0.max(name + 3.0),
            Orientation::Vertical => room.1 = room.1.max(name + NEAR),
        }
    }

    /// Length a flow's name takes along the flow.
    fn name_along(&self, flow: usize) -> f64 {
        match self.orientation {
            Orientation::Horizontal => lines_width(&self.flow_names[flow]),
            Orientation::Vertical => lines_height(&self.flow_names[flow]),
        }
    }

    fn name_across(&self, flow: usize) -> f64 {
        match self.orientation {
            Orientation::Horizontal => lines_height(&self.flow_names[flow]),
            Orientation::Vertical => lines_width(&self.flow_names[flow]),
        }
    }
}

/// A place along the flow that is known only when all channels have their widths.
#[derive(Clone, Copy)]
enum Along {
    Centre(usize),
    Before(usize),
    After(usize),
    /// At a distance from the centre.
    Beside(usize, f64),
    /// Index into the list of jogs.
    Jog(usize),
}

/// A change of rows in a channel.
struct Jog {
    /// Channel `n` lies before layer `n`.
    channel: usize,
    low: f64,
    high: f64,
    source: usize,
    target: usize,
    track: usize,
}

/// Where a flow's name is put.
#[derive(Clone, Copy)]
enum NamePlace {
    AfterNode(usize, f64),
    InColumn(usize, f64),
    AfterJog(usize, f64),
    OnLane(usize, usize, f64),
}

struct Path {
    points: Vec<(Along, f64)>,
    name: NamePlace,
}

struct Router<'r> {
    part: &'r Part,
    model: &'r Model,
    graph: &'r Layers,
    sizes: &'r Sizes,
    rows: &'r [f64],
    jogs: Vec<Jog>,
    /// Corners in use: node, and whether it is the one at the higher row.
    corners: HashSet<(usize, bool)>,
    /// Lanes of flows that lead back: first and last layer, place.
    lanes: Vec<(usize, usize, f64)>,
}

pub(super) fn draw(part: &Part, graph: &Layers, sizes: &Sizes, rows: &[f64], orientation: Orientation) -> Scene {
    let model = &part.model;
    let mut router = Router { part, model, graph, sizes, rows, jogs: Vec::new(), corners: HashSet::new(), lanes: Vec::new() };
    // The corner before a gateway belongs to the notes and data that stand there.
    let rows = part.rows.iter().enumerate().filter(|(_, row)| !row.is_empty());
    router.corners.extend(rows.map(|(at, _)| (at, false)));
    let mut paths: Vec<Option<Path>> = (0..model.flows.len())
        .map(|flow| {
            let chain = graph.chains[flow].as_ref()?;
            Some(router.forward(flow, chain))
        })
        .collect();
    let mut back: Vec<usize> = (0..paths.len()).filter(|flow| paths[*flow].is_none()).collect();
    back.sort_by_key(|flow| {
        let (first, last) = router.span(*flow);
        (last - first, *flow)
    });
    for flow in back {
        paths[flow] = Some(router.backward(flow));
    }
    router.assign_tracks();
    let along = router.widths();
    router.scene(paths.into_iter().flatten(), &along, orientation)
}

/// Places along the flow: centres of layers and beginnings of channels.
struct Places {
    centre: Vec<f64>,
    channel: Vec<f64>,
}

impl Router<'_> {
    fn forward(&mut self, flow: usize, chain: &[usize]) -> Path {
        let (source, target) = (chain[0], chain[chain.len() - 1]);
        let mut points = Vec::new();
        let first = chain[1];
        let mut name = NamePlace::AfterNode(source, self.rows[source]);
        let leave = self.part.leaves[flow];
        let by_corner = leave.is_none() && self.take_corner(source, self.rows[first]);
        if let Some(leave) = leave {
            let turn = self.leave(source, &leave, &mut points);
            let row = self.rows[first];
            let jog = self.jog(self.graph.layer[first], turn, row, (flow, usize::MAX), (target, first));
            points.push((Along::Jog(jog), turn));
            points.push((Along::Jog(jog), row));
            name = NamePlace::AfterJog(jog, row);
        } else if by_corner {
            let high = self.rows[first] > self.rows[source];
            points.push((Along::Centre(source), self.edge_across(source, high)));
            points.push((Along::Centre(source), self.rows[first]));
            name = NamePlace::InColumn(source, self.rows[first]);
        } else {
            points.push((Along::After(source), self.rows[source]));
        }
        for (step, pair) in chain.windows(2).enumerate() {
            let (from, to) = (self.rows[pair[0]], self.rows[pair[1]]);
            if (from - to).abs() < SAME || (step == 0 && (by_corner || leave.is_some())) {
                continue;
            }
            if pair[1] == target && self.take_corner(target, from) {
                let high = from > self.rows[target];
                points.push((Along::Centre(target), from));
                points.push((Along::Centre(target), self.edge_across(target, high)));
                return Path { points, name };
            }
            let jog = self.jog(self.graph.layer[pair[1]], from, to, (source, pair[0]), (target, pair[1]));
            if step == 0 {
                name = NamePlace::AfterJog(jog, to);
            }
            points.push((Along::Jog(jog), from));
            points.push((Along::Jog(jog), to));
        }
        points.push((Along::Before(target), self.rows[target]));
        Path { points, name }
    }

    /// Out of an event on the source's far border to where the flow turns; gives that place across.
    fn leave(&self, source: usize, leave: &Leave, points: &mut Vec<(Along, f64)>) -> f64 {
        let edge = self.edge_across(source, true);
        let along = Along::Beside(source, leave.along);
        points.extend([(along, edge + leave.from), (along, edge + leave.turn)]);
        edge + leave.turn
    }

    fn backward(&mut self, flow: usize) -> Path {
        let (source, target) = (self.model.flows[flow].source, self.model.flows[flow].target);
        let (first, last) = self.span(flow);
        let mut lane = 0.0_f64;
        for layer in &self.graph.order[first..=last] {
            for vertex in layer {
                lane = lane.max(self.rows[*vertex] + self.sizes.across[*vertex].1);
            }
        }
        for (other_first, other_last, other) in &self.lanes {
            if *other_first <= last && first <= *other_last {
                lane = lane.max(*other);
            }
        }
        lane += STUB;
        if self.sizes.name_across(flow) > 0.0 {
            lane += self.sizes.name_across(flow) + NEAR;
        }
        self.lanes.push((first, last, lane));
        let mut points = Vec::new();
        if let Some(leave) = self.part.leaves[flow] {
            let turn = self.leave(source, &leave, &mut points);
            let jog = self.jog(self.graph.layer[source] + 1, turn, lane, (flow, usize::MAX), (target, usize::MAX));
            points.push((Along::Jog(jog), turn));
            points.push((Along::Jog(jog), lane));
        } else if source != target && self.take_side(source, lane) {
            points.push((Along::Centre(source), self.edge_across(source, true)));
            points.push((Along::Centre(source), lane));
        } else {
            let jog = self.jog(self.graph.layer[source] + 1, self.rows[source], lane, (source, source), (target, usize::MAX));
            points.push((Along::After(source), self.rows[source]));
            points.push((Along::Jog(jog), self.rows[source]));
            points.push((Along::Jog(jog), lane));
        }
        if source != target && self.take_side(target, lane) {
            points.push((Along::Centre(target), lane));
            points.push((Along::Centre(target), self.edge_across(target, true)));
        } else {
            let jog = self.jog(self.graph.layer[target], lane, self.rows[target], (source, usize::MAX), (target, target));
            points.push((Along::Jog(jog), lane));
            points.push((Along::Jog(jog), self.rows[target]));
            points.push((Along::Before(target), self.rows[target]));
        }
        Path { points, name: NamePlace::OnLane(source, target, lane) }
    }

    /// First and last layer of a flow.
    fn span(&self, flow: usize) -> (usize, usize) {
        let flow = &self.model.flows[flow];
        let (one, other) = (self.graph.layer[flow.source], self.graph.layer[flow.target]);
        (one.min(other), one.max(other))
    }

    fn edge_across(&self, node: usize, high: bool) -> f64 {
        let half = self.sizes.half[node].1;
        self.rows[node] + if high { half } else { -half }
    }

    /// Takes the corner of a gateway that looks towards a row, when it is free and nothing stands between.
    fn take_corner(&mut self, node: usize, row: f64) -> bool {
        let own = self.rows[node];
        if self.graph.is_bend(node)
            || !self.model.nodes[node].kind.is_gateway()
            || (row - own).abs() <= self.sizes.half[node].1 + SAME
            || !self.is_clear(node, own, row)
        {
            return false;
        }
        self.corners.insert((node, row > own))
    }

    /// Takes the side of a gateway or task that looks to the lanes.
    fn take_side(&mut self, node: usize, lane: f64) -> bool {
        let kind = self.model.nodes[node].kind;
        (kind.is_gateway() || kind.is_box())
            && self.part.behind[node] == 0.0
            && self.is_clear(node, self.rows[node], lane)
            && self.corners.insert((node, true))
    }

    /// Whether nothing else stands in the node's layer between two rows.
    fn is_clear(&self, node: usize, one: f64, other: f64) -> bool {
        let (low, high) = (one.min(other) - NEAR, one.max(other) + NEAR);
        self.graph.order[self.graph.layer[node]].iter().all(|vertex| {
            let row = self.rows[*vertex];
            let (before, after) = self.sizes.across[*vertex];
            *vertex == node || row + after < low || row - before > high
        })
    }

    fn jog(&mut self, channel: usize, from: f64, to: f64, source: (usize, usize), target: (usize, usize)) -> usize {
        // Only flows that part from the same node or meet at the same node may share a track.
        let own = |(node, here): (usize, usize)| if node == here { node } else { usize::MAX };
        self.jogs.push(Jog { channel, low: from.min(to), high: from.max(to), source: own(source), target: own(target), track: 0 });
        self.jogs.len() - 1
    }

    fn assign_tracks(&mut self) {
        let mut order: Vec<usize> = (0..self.jogs.len()).collect();
        order.sort_by(|one, other| {
            let (one, other) = (&self.jogs[*one], &self.jogs[*other]);
            (one.channel, one.low).partial_cmp(&(other.channel, other.low)).unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut placed: Vec<usize> = Vec::new();
        for at in order {
            let jog = &self.jogs[at];
            let clashes = |track: usize| {
                placed.iter().any(|other| {
                    let other = &self.jogs[*other];
                    other.channel == jog.channel
                        && other.track == track
                        && other.low < jog.high + NEAR
                        && jog.low < other.high + NEAR
                        && !(other.source == jog.source && jog.source != usize::MAX)
                        && !(other.target == jog.target && jog.target != usize::MAX)
                })
            };
            let track = (0..=placed.len()).find(|track| !clashes(*track)).unwrap_or(0);
            self.jogs[at].track = track;
            placed.push(at);
        }
    }

    /// Lays layers and channels one behind the other.
    fn widths(&self) -> Places {
        let layers = self.graph.order.len();
        let mut tracks = vec![0_usize; layers + 1];
        for jog in &self.jogs {
            tracks[jog.channel] = tracks[jog.channel].max(jog.track + 1);
        }
        let mut named = vec![0.0_f64; layers + 1];
        for (flow, chain) in self.graph.chains.iter().enumerate() {
            if let Some(chain) = chain {
                let channel = self.graph.layer[chain[1]];
                named[channel] = named[channel].max(self.sizes.name_along(flow));
            }
        }
        let mut places = Places { centre: Vec::with_capacity(layers), channel: Vec::with_capacity(layers + 1) };
        let mut at = 0.0;
        for (layer, vertices) in self.graph.order.iter().enumerate() {
            places.channel.push(at);
            if layer > 0 || tracks[0] > 0 {
                at += 2.0 * STUB + tracks_width(tracks[layer]);
                if named[layer] > 0.0 {
                    at += named[layer] + NEAR;
                }
            }
            let (before, after) = vertices.iter().fold((0.0_f64, 0.0_f64), |room, vertex| {
                let (before, after) = self.sizes.along[*vertex];
                (room.0.max(before), room.1.max(after))
            });
            places.centre.push(at + before);
            at += before + after;
        }
        places.channel.push(at);
        places
    }

    fn along(&self, places: &Places, along: Along) -> f64 {
        match along {
            Along::Centre(vertex) => places.centre[self.graph.layer[vertex]],
            Along::Beside(vertex, distance) => places.centre[self.graph.layer[vertex]] + distance,
            Along::Before(vertex) => places.centre[self.graph.layer[vertex]] - self.sizes.half[vertex].0,
            Along::After(vertex) => places.centre[self.graph.layer[vertex]] + self.sizes.half[vertex].0,
            Along::Jog(jog) => {
                let jog = &self.jogs[jog];
                places.channel[jog.channel] + STUB * 0.75 + tracks_width(jog.track)
            }
        }
    }

    fn scene(&self, paths: impl Iterator<Item = Path>, places: &Places, orientation: Orientation) -> Scene {
        let point = |along: f64, across: f64| match orientation {
            Orientation::Horizontal => Point { x: along, y: across },
            Orientation::Vertical => Point { x: across, y: along },
        };
        let edges = paths
            .enumerate()
            .map(|(flow, path)| Route {
                points: path.points.iter().map(|(along, across)| point(self.along(places, *along), *across)).collect(),
                label: self.flow_label(flow, path.name, places),
            })
            .collect();
        let nodes = (0..self.graph.nodes)
            .map(|at| {
                let centre = point(places.centre[self.graph.layer[at]], self.rows[at]);
                self.placed(at, centre)
            })
            .collect();
        Scene { nodes, edges, ..Scene::default() }
    }

    fn placed(&self, at: usize, centre: Point) -> Placed {
        let kind = self.model.nodes[at].kind;
        let (width, height) = self.part.boxes[at];
        let lines = &self.sizes.names[at];
        let label = (!lines.is_empty()).then(|| {
            let tall = lines_height(lines);
            let (x, y, anchor) = match self.sizes.orientation {
                Orientation::Horizontal if kind.is_gateway() => {
                    let y = centre.y - height / 2.0 - tall - 3.0;
                    if self.corners.contains(&(at, false)) { (centre.x - NEAR, y, Anchor::End) } else { (centre.x, y, Anchor::Middle) }
                }
                Orientation::Horizontal => (centre.x, centre.y + height / 2.0 + 3.0, Anchor::Middle),
                Orientation::Vertical if kind.is_gateway() => (centre.x - STUB, centre.y - 11.0 - tall, Anchor::End),
                Orientation::Vertical => (centre.x + width / 2.0 + NEAR, centre.y - tall / 2.0, Anchor::Start),
            };
            Label { x, y, anchor, lines: lines.clone() }
        });
        Placed { bounds: Bounds { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height }, label }
    }

    fn flow_label(&self, flow: usize, place: NamePlace, places: &Places) -> Option<Label> {
        let lines = self.sizes.flow_names[flow].clone();
        if lines.is_empty() {
            return None;
        }
        let tall = lines_height(&lines);
        let horizontal = self.sizes.orientation == Orientation::Horizontal;
        if let NamePlace::OnLane(source, target, lane) = place {
            let middle = f64::midpoint(self.along(places, Along::Centre(source)), self.along(places, Along::Centre(target)));
            return Some(if horizontal {
                Label { x: middle, y: lane - tall - 2.0, anchor: Anchor::Middle, lines }
            } else {
                Label { x: lane - NEAR, y: middle - tall / 2.0, anchor: Anchor::End, lines }
            });
        }
        // Behind all changes of rows, so that none runs through the name.
        let behind = |node: usize| {
            let channel = self.graph.layer[node] + 1;
            let jogs = self.jogs.iter().filter(|jog| jog.channel == channel);
            let last = jogs.map(|jog| STUB * 0.75 + tracks_width(jog.track)).fold(-NEAR, f64::max);
            places.channel[channel] + last
        };
        let (along, across) = match place {
            NamePlace::AfterNode(node, row) if horizontal => (self.along(places, Along::After(node)), row),
            NamePlace::InColumn(node, row) if horizontal => (self.along(places, Along::Centre(node)), row),
            NamePlace::AfterNode(node, row) | NamePlace::InColumn(node, row) => (behind(node), row),
            NamePlace::AfterJog(jog, row) => (self.along(places, Along::Jog(jog)), row),
            NamePlace::OnLane(node, _, lane) => (self.along(places, Along::Centre(node)), lane),
        };
        Some(if horizontal {
            Label { x: along + NEAR, y: across - tall - 2.0, anchor: Anchor::Start, lines }
        } else {
            Label { x: across + NEAR, y: along + NEAR, anchor: Anchor::Start, lines }
        })
    }
}

fn tracks_width(tracks: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of tracks")]
    let tracks = tracks as f64;
    tracks * TRACK
}
