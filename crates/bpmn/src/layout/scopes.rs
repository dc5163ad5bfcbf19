//! The process and the insides of its subprocesses, each laid out by itself from the inside outwards: an inside that is placed
//! makes a box of its size in the scope around it. Events on the border of an activity hang on its far side in slots, with
//! their names beside them; event subprocesses lie in a row behind everything else.

use std::{collections::BTreeMap, ops::Range};

use super::{
    MARGIN, Orientation, Placed, Route, Scene,
    asides::{self, Rows},
    bands,
    groups::{self, Standing},
    layers::Layers,
    order,
    part::{self, Bands, HEAD, Making, placed_at},
    place, route,
};
use crate::{
    aside_shapes::room,
    diagram::{Bounds, Point},
    drawn_asides::{DrawnAside, Line, LineKind},
    model::{Model, Node, NodeKind},
};

/// Between things that lie side by side without a flow.
const APART: f64 = 24.0;

/// What leads from one node to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A flow, by number.
    Flow(usize),
    /// The line from a compensation event to what undoes its activity.
    Undoing,
}

/// Places everything of a model that has no drawing of its own.
pub(super) fn arrange(model: &Model, orientation: Orientation) -> Scene {
    let empty = Placed { bounds: Bounds { x: 0.0, y: 0.0, width: 0.0, height: 0.0 }, label: None };
    let mut scene = Scene {
        nodes: vec![empty; model.nodes.len()],
        edges: vec![Route { points: Vec::new(), label: None }; model.flows.len()],
        open: (1..model.scopes.len()).filter(|scope| !model.scopes[*scope].nodes.is_empty()).collect(),
        ..Scene::default()
    };
    // Insides are read after what is around them, so backwards everything inside is placed before it is needed.
    let mut ground = Ground {
        sizes: vec![(0.0, 0.0); model.scopes.len()],
        beside: vec![0..0; model.scopes.len()],
        lines: vec![0..0; model.scopes.len()],
    };
    let (ways, rows) = (ways_of(model), Rows::of(model, orientation));
    for scope in (0..model.scopes.len()).rev() {
        let (beside, lines) = (scene.beside.len(), scene.lines.len());
        Arranger { model, orientation, scope, ways: &ways[scope], rows: &rows }.place(&mut scene, &mut ground);
        ground.beside[scope] = beside..scene.beside.len();
        ground.lines[scope] = lines..scene.lines.len();
    }
    scene
}

/// The ways of each scope that lead from something to something: not those of event subprocesses, which have none.
fn ways_of(model: &Model) -> Vec<Vec<Way>> {
    let mut ways = vec![Vec::new(); model.scopes.len()];
    for (at, flow) in model.flows.iter().enumerate() {
        let (source, target) = (&model.nodes[flow.source], &model.nodes[flow.target]);
        let is_handler = |node: &Node| node.kind == NodeKind::EventSubProcess;
        if source.scope == target.scope && !is_handler(source) && !is_handler(target) && target.attached_to.is_none() {
            ways[source.scope].push(Way { source: flow.source, target: flow.target, what: What::Flow(at) });
        }
    }
    for (at, node) in model.nodes.iter().enumerate() {
        if let Some(target) = node.compensator {
            ways[node.scope].push(Way { source: at, target, what: What::Undoing });
        }
    }
    ways
}

/// What is known of the scopes that are placed: their sizes, and which notes and lines of the scene stand in them.
struct Ground {
    sizes: Vec<(f64, f64)>,
    beside: Vec<Range<usize>>,
    lines: Vec<Range<usize>>,
}

/// A component that is placed from its own corner.
struct Laid {
    scene: Scene,
    /// The node of the model that each of the scene's nodes is.
    named: Vec<usize>,
    frames: Vec<(usize, DrawnAside, bool)>,
    borders: Vec<f64>,
}

struct Arranger<'m> {
    model: &'m Model,
    orientation: Orientation,
    scope: usize,
    ways: &'m [Way],
    rows: &'m Rows,
}

impl Arranger<'_> {
    /// Places the scope's nodes and flows, with all that is inside of them, and finds its size.
    fn place(&self, scene: &mut Scene, ground: &mut Ground) {
        let nodes = &self.model.scopes[self.scope].nodes;
        let is_handler = |at: &usize| self.model.nodes[*at].kind == NodeKind::EventSubProcess;
        let on_border = |at: &usize| self.model.nodes[*at].attached_to.is_some();
        let inside: Vec<usize> = nodes.iter().copied().filter(|at| !is_handler(at) && !on_border(at)).collect();
        let mut size = (0.0, 0.0);
        // Lanes go through the whole drawing: what stands in them is laid out together.
        let parts = if self.has_lanes() { vec![(inside, self.ways.to_vec())] } else { self.components(&inside) };
        for (nodes, ways) in parts {
            self.component(&nodes, &ways, scene, &ground.sizes, &mut size);
        }
        self.handlers(scene, &ground.sizes, &mut size);
        // A subprocess in which nothing runs is drawn closed.
        if self.scope == 0 || !nodes.is_empty() {
            self.alone(scene, &mut size);
        }
        for at in nodes.iter().filter(|at| self.model.nodes[**at].kind.is_scope()) {
            if let Some(inner) = self.model.nodes[*at].inner {
                let corner = scene.nodes[*at].bounds;
                // Everything inside was placed from the corner of its scope.
                self.shift(scene, ground, inner, corner.x, corner.y + HEAD);
            }
        }
        ground.sizes[self.scope] = size;
        if self.scope == 0
            && let Some(pool) = &self.model.lanes.pool
        {
            bands::pool(scene, pool, self.orientation);
        }
    }

    fn has_lanes(&self) -> bool {
        self.scope == 0 && self.model.lanes.is_drawn()
    }

    /// Where things begin that stand behind everything else; not on the border of the lanes.
    fn edge(&self) -> f64 {
        if self.has_lanes() { MARGIN + place::LANE_ROOM } else { MARGIN }
    }

    /// What hangs together by flows and groups, in the order of the file; each is laid out by itself.
    fn components(&self, inside: &[usize]) -> Vec<(Vec<usize>, Vec<Way>)> {
        let mut part: Vec<usize> = (0..inside.len()).collect();
        let find = |part: &[usize], mut at: usize| {
            while part[at] != at {
                at = part[at];
            }
            at
        };
        let ends = |way: &Way| {
            let source = self.model.nodes[way.source].attached_to.unwrap_or(way.source);
            (placed_at(inside, source), placed_at(inside, way.target))
        };
        let together = self
            .rows
            .groups
            .in_scope(self.model, self.scope)
            .flat_map(|members| members.windows(2).map(|pair| (placed_at(inside, pair[0]), placed_at(inside, pair[1]))));
        for (source, target) in self.ways.iter().map(ends).chain(together) {
            let (one, other) = (find(&part, source), find(&part, target));
            // The lower number stands for both, so that walks stay short and the order is that of the file.
            part[one.max(other)] = one.min(other);
        }
        let mut components: BTreeMap<usize, (Vec<usize>, Vec<Way>)> = BTreeMap::new();
        for (place, at) in inside.iter().enumerate() {
            components.entry(find(&part, place)).or_default().0.push(*at);
        }
        for way in self.ways {
            components.entry(find(&part, ends(way).0)).or_default().1.push(*way);
        }
        components.into_values().collect()
    }

    /// Places one component below what is there.
    fn component(&self, inside: &[usize], ways: &[Way], scene: &mut Scene, inner: &[(f64, f64)], size: &mut (f64, f64)) {
        let making = Making { model: self.model, orientation: self.orientation, inside, ways, rows: self.rows, inner };
        let bands = Bands::of_lanes(self.model, inside, self.has_lanes());
        let mut laid = self.lay(&making, bands.clone());
        let crossed: Vec<usize> = laid.frames.iter().filter(|(_, _, holds_other)| *holds_other).map(|(group, _, _)| *group).collect();
        if !crossed.is_empty() {
            laid = self.lay(&making, self.rows.groups.divide(inside, &bands, &crossed));
        }
        let Laid { scene: mut drawn, named, frames, borders } = laid;
        drawn.beside.extend(frames.into_iter().map(|(_, frame, _)| frame));
        if self.has_lanes() {
            bands::frame(&mut drawn, &self.model.lanes, &borders, self.orientation);
        }
        drawn.fit();
        let top = if size.1 == 0.0 { 0.0 } else { size.1 - 2.0 * MARGIN + APART };
        drawn.move_by(0.0, top);
        scene.beside.append(&mut drawn.beside);
        for (at, node) in named.into_iter().zip(drawn.nodes) {
            scene.nodes[at] = node;
        }
        for (way, route) in ways.iter().zip(drawn.edges) {
            match way.what {
                What::Flow(flow) => scene.edges[flow] = route,
                What::Undoing => scene.lines.extend(self.undoing(way, route.points)),
            }
        }
        size.0 = size.0.max(drawn.width);
        size.1 = top + drawn.height;
    }

    /// One component drawn from its own corner.
    fn lay(&self, making: &Making<'_>, bands: Bands) -> Laid {
        let (part, slots) = making.part(bands);
        let mut graph = Layers::of(&part.model, &part.leaves, &part.bands.of);
        order::reduce_crossings(&mut graph);
        let sizes = route::Sizes::of(&part, &graph, self.orientation);
        let (rows, borders) = place::rows(&graph, &sizes, &part.bands.lanes);
        let mut drawn = route::draw(&part, &graph, &sizes, &rows, self.orientation);
        let (mut placed, mut named, mut standing) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (host, slots)) in std::mem::take(&mut drawn.nodes).into_iter().zip(&slots).enumerate() {
            let at = making.inside[place];
            let gateway = self.model.nodes[at].kind.is_gateway();
            let centre = (host.bounds.x + host.bounds.width / 2.0, host.bounds.y + host.bounds.height / 2.0);
            let row = part.rows[place].put(self.model, centre, gateway, sizes.lift(place), self.orientation);
            standing.extend(row.iter().map(|part| Standing { node: at, bounds: room(part) }));
            drawn.beside.extend(row);
            for slot in slots {
                let event = slot.put(&host.bounds, self.orientation);
                standing.extend(groups::taken(at, &event));
                named.push(slot.event);
                placed.push(event);
            }
            standing.extend(groups::taken(at, &host));
            named.push(at);
            placed.push(host);
        }
        drawn.nodes = placed;
        let frames = self.rows.groups.frames(self.model, &standing);
        Laid { scene: drawn, named, frames, borders }
    }

    /// The line from a compensation event to what it runs.
    fn undoing(&self, way: &Way, points: Vec<Point>) -> Option<Line> {
        let (from, to) = (self.model.nodes[way.source].id.as_str(), self.model.nodes[way.target].id.as_str());
        let bond = self.model.asides.bonds.iter().find(|bond| bond.from == from && bond.to == to)?;
        Some(Line { element: bond.id.clone(), kind: LineKind::Data, points })
    }

    /// Event subprocesses side by side behind everything else, each with the notes that belong to it before it.
    fn handlers(&self, scene: &mut Scene, inner: &[(f64, f64)], size: &mut (f64, f64)) {
        let edge = self.edge();
        let mut along = edge;
        let start = if size.1 == 0.0 { MARGIN } else { size.1 - MARGIN + APART };
        let mut top = start;
        let handlers = &self.model.scopes[self.scope].handlers;
        let before = |at: &usize| {
            let (_, _, across) = self.rows.before[*at].room(false, self.orientation);
            if self.rows.before[*at].is_empty() { 0.0 } else { across + asides::LIFT }
        };
        let deepest = handlers.iter().map(before).fold(0.0, f64::max);
        for at in handlers {
            let (width, height) = part::shape_of(self.model, *at, inner, self.orientation);
            let row = &self.rows.before[*at];
            let (row_before, row_after, _) = row.room(false, self.orientation);
            let (x, y) = match self.orientation {
                Orientation::Horizontal => (along + (row_before - width / 2.0).max(0.0), start + deepest),
                Orientation::Vertical => (edge + deepest, top + (row_before - height / 2.0).max(0.0)),
            };
            scene.nodes[*at].bounds = Bounds { x, y, width, height };
            let half = match self.orientation {
                Orientation::Horizontal => height / 2.0,
                Orientation::Vertical => width / 2.0,
            };
            scene.beside.extend(row.put(self.model, (x + width / 2.0, y + height / 2.0), false, half + asides::LIFT, self.orientation));
            let (right, bottom) = match self.orientation {
                Orientation::Horizontal => ((x + width / 2.0 + row_after).max(x + width), y + height),
                Orientation::Vertical => (x + width, (y + height / 2.0 + row_after).max(y + height)),
            };
            along = right + APART;
            top = bottom + APART;
            size.0 = size.0.max(right + MARGIN);
            size.1 = size.1.max(bottom + MARGIN);
        }
    }

    /// Notes and data that belong to nothing, behind everything else.
    fn alone(&self, scene: &mut Scene, size: &mut (f64, f64)) {
        let row = &self.rows.alone[self.scope];
        if row.is_empty() {
            return;
        }
        let top = if size.1 == 0.0 { MARGIN } else { size.1 - MARGIN + APART };
        let least = if self.orientation == Orientation::Horizontal { 600.0 } else { 260.0 };
        let (placed, width, height) = asides::alone(self.model, row, (self.edge(), top), (size.0 - 2.0 * MARGIN).max(least));
        scene.beside.extend(placed);
        size.0 = size.0.max(self.edge() + width + MARGIN);
        size.1 = top + height + MARGIN;
    }

    /// Moves everything inside a scope, and inside of that.
    fn shift(&self, scene: &mut Scene, ground: &Ground, scope: usize, dx: f64, dy: f64) {
        let mut open = vec![scope];
        while let Some(scope) = open.pop() {
            for part in &mut scene.beside[ground.beside[scope].clone()] {
                part.move_by(dx, dy);
            }
            for point in scene.lines[ground.lines[scope].clone()].iter_mut().flat_map(|line| &mut line.points) {
                point.x += dx;
                point.y += dy;
            }
            for at in &self.model.scopes[scope].nodes {
                let placed = &mut scene.nodes[*at];
                placed.bounds.x += dx;
                placed.bounds.y += dy;
                if let Some(label) = &mut placed.label {
                    label.x += dx;
                    label.y += dy;
                }
                for flow in &self.model.nodes[*at].outgoing {
                    let route = &mut scene.edges[*flow];
                    for point in &mut route.points {
                        point.x += dx;
                        point.y += dy;
                    }
                    if let Some(label) = &mut route.label {
                        label.x += dx;
                        label.y += dy;
                    }
                }
                open.extend(self.model.nodes[*at].inner);
            }
        }
    }
}
