//! The process and the insides of its subprocesses, each laid out by itself from the inside outwards: an inside that is placed
//! makes a box of its size in the scope around it. Events on the border of an activity hang on its far side in slots, with
//! their names beside them; event subprocesses lie in a row behind everything else.

use super::{
    EVENT, LABEL_SIZE, Label, MARGIN, NARROW_TASK_WIDTH, Orientation, Placed, Route, Scene, bands, layers::Layers, order, place, route,
    shape,
};
use crate::{
    diagram::Bounds,
    layout::{Anchor, lines_height, lines_width},
    model::{Flow, Model, Node, NodeKind, Scope},
    text,
};

/// Room for the name at the top of a subprocess, and for its markers at the bottom.
const HEAD: f64 = 22.0;
const FOOT: f64 = 16.0;
/// Between an event on a border and its name, and between a name and the next event.
const NEAR: f64 = 4.0;
/// Between the flows out of the events of one border.
const TRACK: f64 = 11.0;
/// Between things that lie side by side without a flow.
const APART: f64 = 24.0;

/// One scope as a model of its own, without events on borders and event subprocesses, and what hangs on its nodes.
pub(super) struct Part {
    pub(super) model: Model,
    /// Size of each node's shape.
    pub(super) boxes: Vec<(f64, f64)>,
    /// Room across, behind the shape, for the events on its border.
    pub(super) behind: Vec<f64>,
    /// The lane of each node, from the first.
    pub(super) bands: Vec<usize>,
    /// Where a flow leaves an event on its source's border.
    pub(super) leaves: Vec<Option<Leave>>,
}

/// A flow out of an event on a border.
#[derive(Clone, Copy)]
pub(super) struct Leave {
    /// Which event of the border, from the beginning.
    pub(super) place: usize,
    /// Along, from the centre of the activity.
    pub(super) along: f64,
    /// Across, from the border: where the event ends, and where the flow turns.
    pub(super) from: f64,
    pub(super) turn: f64,
}

/// An event on a border.
struct Slot {
    event: usize,
    along: f64,
    lines: Vec<String>,
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
    let mut sizes = vec![(0.0, 0.0); model.scopes.len()];
    let flows = flows_of(model);
    for scope in (0..model.scopes.len()).rev() {
        sizes[scope] = Arranger { model, orientation, scope, flows: &flows[scope] }.place(&mut scene, &sizes);
    }
    scene
}

/// The flows of each scope that lead from something to something: not those of event subprocesses, which have none.
fn flows_of(model: &Model) -> Vec<Vec<usize>> {
    let mut flows = vec![Vec::new(); model.scopes.len()];
    for (at, flow) in model.flows.iter().enumerate() {
        let (source, target) = (&model.nodes[flow.source], &model.nodes[flow.target]);
        let is_handler = |node: &Node| node.kind == NodeKind::EventSubProcess;
        if source.scope == target.scope && !is_handler(source) && !is_handler(target) && target.attached_to.is_none() {
            flows[source.scope].push(at);
        }
    }
    flows
}

struct Arranger<'m> {
    model: &'m Model,
    orientation: Orientation,
    scope: usize,
    flows: &'m [usize],
}

impl Arranger<'_> {
    /// Places the scope's nodes and flows, with all that is inside of them; gives its size.
    fn place(&self, scene: &mut Scene, inner: &[(f64, f64)]) -> (f64, f64) {
        let nodes = &self.model.scopes[self.scope].nodes;
        let is_handler = |at: &usize| self.model.nodes[*at].kind == NodeKind::EventSubProcess;
        let on_border = |at: &usize| self.model.nodes[*at].attached_to.is_some();
        let inside: Vec<usize> = nodes.iter().copied().filter(|at| !is_handler(at) && !on_border(at)).collect();
        let mut size = (0.0, 0.0);
        // Lanes go through the whole drawing: what stands in them is laid out together.
        let parts = if self.has_lanes() { vec![(inside, self.flows.to_vec())] } else { self.components(&inside) };
        for (nodes, flows) in parts {
            self.component(&nodes, &flows, scene, inner, &mut size);
        }
        self.handlers(scene, inner, &mut size);
        for at in nodes.iter().filter(|at| self.model.nodes[**at].kind.is_scope()) {
            if let Some(inner) = self.model.nodes[*at].inner {
                let corner = scene.nodes[*at].bounds;
                // Everything inside was placed from the corner of its scope.
                self.shift(scene, inner, corner.x, corner.y + HEAD);
            }
        }
        size
    }

    fn has_lanes(&self) -> bool {
        self.scope == 0 && self.model.lanes.is_drawn()
    }

    /// What hangs together by flows, in the order of the file; each is laid out by itself.
    fn components(&self, inside: &[usize]) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut part: Vec<usize> = (0..inside.len()).collect();
        let find = |part: &[usize], mut at: usize| {
            while part[at] != at {
                at = part[at];
            }
            at
        };
        let ends = |flow: usize| {
            let flow = &self.model.flows[flow];
            let source = self.model.nodes[flow.source].attached_to.unwrap_or(flow.source);
            (placed_at(inside, source), placed_at(inside, flow.target))
        };
        for flow in self.flows {
            let (source, target) = ends(*flow);
            let (one, other) = (find(&part, source), find(&part, target));
            // The lower number stands for both, so that walks stay short and the order is that of the file.
            part[one.max(other)] = one.min(other);
        }
        let mut components: std::collections::BTreeMap<usize, (Vec<usize>, Vec<usize>)> = std::collections::BTreeMap::new();
        for (place, at) in inside.iter().enumerate() {
            components.entry(find(&part, place)).or_default().0.push(*at);
        }
        for flow in self.flows {
            components.entry(find(&part, ends(*flow).0)).or_default().1.push(*flow);
        }
        components.into_values().collect()
    }

    /// Places one component below what is there.
    fn component(&self, inside: &[usize], flows: &[usize], scene: &mut Scene, inner: &[(f64, f64)], size: &mut (f64, f64)) {
        let slots: Vec<Vec<Slot>> = inside.iter().map(|at| self.slots(*at)).collect();
        let part = self.part(inside, flows, &slots, inner);
        let mut graph = Layers::of(&part.model, &part.leaves, &part.bands);
        order::reduce_crossings(&mut graph);
        let sizes = route::Sizes::of(&part, &graph, self.orientation);
        let (rows, borders) = place::rows(&graph, &sizes, if self.has_lanes() { self.model.lanes.bands().count() } else { 0 });
        let mut drawn = route::draw(&part, &graph, &sizes, &rows, self.orientation);
        let mut placed = Vec::new();
        let mut named = Vec::new();
        for ((at, host), slots) in inside.iter().zip(drawn.nodes).zip(&slots) {
            for slot in slots {
                named.push(slot.event);
                placed.push(self.on_border(&host.bounds, slot));
            }
            named.push(*at);
            placed.push(host);
        }
        drawn.nodes = placed;
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
        for (flow, route) in flows.iter().zip(drawn.edges) {
            scene.edges[*flow] = route;
        }
        size.0 = size.0.max(drawn.width);
        size.1 = top + drawn.height;
    }

    /// Event subprocesses side by side behind everything else.
    fn handlers(&self, scene: &mut Scene, inner: &[(f64, f64)], size: &mut (f64, f64)) {
        let mut along = MARGIN;
        let mut deepest = 0.0_f64;
        let start = if size.1 == 0.0 { MARGIN } else { size.1 - MARGIN + APART };
        let mut top = start;
        for at in &self.model.scopes[self.scope].handlers {
            let (width, height) = self.shape_of(*at, inner);
            match self.orientation {
                Orientation::Horizontal => {
                    scene.nodes[*at].bounds = Bounds { x: along, y: start, width, height };
                    along += width + APART;
                    deepest = deepest.max(start + height);
                    size.0 = size.0.max(along - APART + MARGIN);
                }
                Orientation::Vertical => {
                    scene.nodes[*at].bounds = Bounds { x: MARGIN, y: top, width, height };
                    top += height + APART;
                    deepest = top - APART;
                    size.0 = size.0.max(width + 2.0 * MARGIN);
                }
            }
            size.1 = size.1.max(deepest + MARGIN);
        }
    }

    /// Moves everything inside a scope, and inside of that.
    fn shift(&self, scene: &mut Scene, scope: usize, dx: f64, dy: f64) {
        let mut open = vec![scope];
        while let Some(scope) = open.pop() {
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

    /// Size of a node's shape: of a subprocess, what stands in it with its name above.
    fn shape_of(&self, at: usize, inner: &[(f64, f64)]) -> (f64, f64) {
        let node = &self.model.nodes[at];
        let plain = shape(node.kind, self.orientation);
        let Some(inside) = node.inner.filter(|inside| !self.model.scopes[*inside].nodes.is_empty()) else { return plain };
        let (width, height) = inner[inside];
        let foot = if crate::shapes::has_markers(node) { FOOT } else { 0.0 };
        // Half of an event on the border reaches inside.
        let events = if node.boundaries.is_empty() { 0.0 } else { EVENT / 2.0 };
        let (right, bottom) = match self.orientation {
            Orientation::Horizontal => (0.0, events),
            Orientation::Vertical => (events, 0.0),
        };
        // Long names are cut; a few words should be read whole.
        let name = text::width(node.name().unwrap_or_default(), LABEL_SIZE).min(12.0 * LABEL_SIZE) + 2.0 * MARGIN;
        ((width + right).max(NARROW_TASK_WIDTH).max(name), height + HEAD + foot.max(bottom))
    }

    /// The events on a node's border with their names, from the beginning; `along` counts from there.
    fn slots(&self, at: usize) -> Vec<Slot> {
        let mut along = NEAR;
        let mut slots = Vec::new();
        for event in &self.model.nodes[at].boundaries {
            let name = self.model.nodes[*event].name();
            let lines = name.map(|name| text::wrap(name, LABEL_SIZE, 4.5 * LABEL_SIZE, 3)).unwrap_or_default();
            let name_along = match self.orientation {
                Orientation::Horizontal => lines_width(&lines),
                Orientation::Vertical => lines_height(&lines),
            };
            if !lines.is_empty() {
                along += name_along + NEAR;
            }
            slots.push(Slot { event: *event, along: along + EVENT / 2.0, lines });
            along += EVENT + NEAR;
        }
        slots
    }

    fn part(&self, inside: &[usize], flows: &[usize], slots: &[Vec<Slot>], inner: &[(f64, f64)]) -> Part {
        let mut nodes: Vec<Node> = Vec::with_capacity(inside.len());
        let (mut boxes, mut behind) = (Vec::new(), Vec::new());
        let mut leaving = std::collections::HashMap::new();
        for (at, slots) in inside.iter().zip(slots) {
            let node = &self.model.nodes[*at];
            nodes.push(Node { name: node.name.clone(), trigger: node.trigger.clone(), ..Node::new(node.id.clone(), node.kind, 0, 0) });
            let mut size = self.shape_of(*at, inner);
            let mut room = 0.0;
            if let Some(last) = slots.last() {
                let needed = last.along + EVENT / 2.0 + 2.0 * NEAR;
                let names = slots.iter().map(|slot| match self.orientation {
                    Orientation::Horizontal => lines_height(&slot.lines),
                    Orientation::Vertical => lines_width(&slot.lines),
                });
                let deepest = names.fold(EVENT / 2.0, f64::max) + NEAR;
                let along = match self.orientation {
                    Orientation::Horizontal => &mut size.0,
                    Orientation::Vertical => &mut size.1,
                };
                *along = along.max(needed);
                let half = *along / 2.0;
                if node.inner.is_none() {
                    // The name keeps clear of the half of the events that reaches inside.
                    match self.orientation {
                        Orientation::Horizontal => size.1 += EVENT / 2.0,
                        Orientation::Vertical => size.0 += EVENT / 2.0,
                    }
                }
                for (place, slot) in slots.iter().enumerate() {
                    #[expect(clippy::cast_precision_loss, reason = "a handful of events")]
                    let tracks = (slots.len() - 1 - place) as f64;
                    let turn = deepest + NEAR + tracks * TRACK;
                    leaving.insert(slot.event, Leave { place, along: slot.along - half, from: EVENT / 2.0, turn });
                    room = f64::max(room, turn + NEAR);
                }
            }
            boxes.push(size);
            behind.push(room);
        }
        let mut own = Vec::with_capacity(flows.len());
        let mut leaves = Vec::with_capacity(flows.len());
        for at in flows {
            let flow = &self.model.flows[*at];
            let source = self.model.nodes[flow.source].attached_to.unwrap_or(flow.source);
            let (source, target) = (placed_at(inside, source), placed_at(inside, flow.target));
            nodes[source].outgoing.push(own.len());
            nodes[target].incoming.push(own.len());
            own.push(Flow { id: flow.id.clone(), name: flow.name.clone(), source, target, condition: None, line: 0 });
            leaves.push(leaving.get(&flow.source).copied());
        }
        let bands = inside.iter().map(|at| if self.has_lanes() { self.model.lanes.band_of(*at) } else { 0 }).collect();
        let scope = Scope { nodes: (0..nodes.len()).collect(), ..Scope::default() };
        Part { model: Model::of_parts(scope, nodes, own), boxes, behind, bands, leaves }
    }

    /// An event on the border of its activity: on the lower one, or on the right one when the flow runs down.
    fn on_border(&self, host: &Bounds, slot: &Slot) -> Placed {
        let half = EVENT / 2.0;
        let name = |x: f64, y: f64, anchor: Anchor| (!slot.lines.is_empty()).then(|| Label { x, y, anchor, lines: slot.lines.clone() });
        match self.orientation {
            Orientation::Horizontal => {
                let (x, y) = (host.x + slot.along, host.y + host.height);
                let bounds = Bounds { x: x - half, y: y - half, width: EVENT, height: EVENT };
                Placed { bounds, label: name(x - half - NEAR, y + NEAR, Anchor::End) }
            }
            Orientation::Vertical => {
                let (x, y) = (host.x + host.width, host.y + slot.along);
                let bounds = Bounds { x: x - half, y: y - half, width: EVENT, height: EVENT };
                Placed { bounds, label: name(x + NEAR, y - half - NEAR - lines_height(&slot.lines), Anchor::Start) }
            }
        }
    }
}

/// Place of a node among those of its scope, which are in the order of the model.
fn placed_at(inside: &[usize], at: usize) -> usize {
    inside.partition_point(|other| *other < at)
}
