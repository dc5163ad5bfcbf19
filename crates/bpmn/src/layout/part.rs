//! Some nodes of a scope as a model of their own, to be laid out in layers: with the size of each shape and the room that is
//! kept around it for what hangs on it.

use std::collections::HashMap;

use super::{
    EVENT, LABEL_SIZE, MARGIN, NARROW_TASK_WIDTH, Orientation,
    asides::{Row, Rows},
    border::{Leave, NEAR, Slot},
    lines_height, lines_width,
    scopes::{Way, What},
    shape,
};
use crate::{
    model::{Flow, Model, Node, Scope},
    text,
};

/// Room for the name at the top of a subprocess, and for its markers at the bottom.
pub(super) const HEAD: f64 = 22.0;
const FOOT: f64 = 16.0;
/// Between the flows out of the events of one border.
const TRACK: f64 = 11.0;

/// One part of a scope, without events on borders and event subprocesses.
pub(super) struct Part {
    pub(super) model: Model,
    /// Size of each node's shape.
    pub(super) boxes: Vec<(f64, f64)>,
    /// Notes and data before each node.
    pub(super) rows: Vec<Row>,
    /// Room across, before the shape and its row, for the name of a group.
    pub(super) front: Vec<f64>,
    /// Room across, behind the shape, for the events on its border and the frame of a group.
    pub(super) behind: Vec<f64>,
    /// Which nodes keep together across the flow.
    pub(super) bands: Bands,
    /// Where a flow leaves an event on its source's border.
    pub(super) leaves: Vec<Option<Leave>>,
}

/// Strips along the flow, one behind the other, that nodes keep to.
#[derive(Clone, Debug)]
pub(super) struct Bands {
    /// The band of each node.
    pub(super) of: Vec<usize>,
    /// The lane that each band belongs to; all of the first when there are no lanes.
    pub(super) lanes: Vec<usize>,
}

impl Bands {
    /// One band for each lane.
    pub(super) fn of_lanes(model: &Model, inside: &[usize], lanes: bool) -> Self {
        if !lanes {
            return Self { of: vec![0; inside.len()], lanes: vec![0] };
        }
        let of = inside.iter().map(|at| model.lanes.band_of(*at)).collect();
        Self { of, lanes: (0..model.lanes.bands().count().max(1)).collect() }
    }
}

/// What a part is made of.
pub(super) struct Making<'m> {
    pub(super) model: &'m Model,
    pub(super) orientation: Orientation,
    pub(super) inside: &'m [usize],
    pub(super) ways: &'m [Way],
    pub(super) rows: &'m Rows,
    /// Sizes of the scopes inside.
    pub(super) inner: &'m [(f64, f64)],
}

impl Making<'_> {
    /// The part, with the events on the borders of each node.
    pub(super) fn part(&self, bands: Bands) -> (Part, Vec<Vec<Slot>>) {
        let Self { model, orientation, inside, inner, .. } = *self;
        let mut nodes: Vec<Node> = Vec::with_capacity(inside.len());
        let (mut boxes, mut front, mut behind) = (Vec::new(), Vec::new(), Vec::new());
        let mut leaving = HashMap::new();
        let slots: Vec<Vec<Slot>> = inside.iter().map(|at| Slot::of(model, *at, orientation)).collect();
        for (at, slots) in inside.iter().zip(&slots) {
            let node = &model.nodes[*at];
            nodes.push(Node { name: node.name.clone(), trigger: node.trigger.clone(), ..Node::new(node.id.clone(), node.kind, 0, 0) });
            let mut size = shape_of(model, *at, inner, orientation);
            let mut room = 0.0;
            if let Some(last) = slots.last() {
                let needed = last.along + EVENT / 2.0 + 2.0 * NEAR;
                let names = slots.iter().map(|slot| match orientation {
                    Orientation::Horizontal => lines_height(&slot.lines),
                    Orientation::Vertical => lines_width(&slot.lines),
                });
                let deepest = names.fold(EVENT / 2.0, f64::max) + NEAR;
                let along = match orientation {
                    Orientation::Horizontal => &mut size.0,
                    Orientation::Vertical => &mut size.1,
                };
                *along = along.max(needed);
                let half = *along / 2.0;
                if node.inner.is_none() {
                    // The name keeps clear of the half of the events that reaches inside.
                    match orientation {
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
            let (before, after) = self.rows.groups.room(model, *at);
            boxes.push(size);
            front.push(before);
            behind.push(room + after);
        }
        let mut own = Vec::with_capacity(self.ways.len());
        let mut leaves = Vec::with_capacity(self.ways.len());
        for way in self.ways {
            let source = model.nodes[way.source].attached_to.unwrap_or(way.source);
            let (source, target) = (placed_at(inside, source), placed_at(inside, way.target));
            nodes[source].outgoing.push(own.len());
            nodes[target].incoming.push(own.len());
            let (id, name) = match way.what {
                What::Flow(flow) => (model.flows[flow].id.clone(), model.flows[flow].name.clone()),
                What::Undoing => (String::new(), None),
            };
            own.push(Flow { id, name, source, target, condition: None, line: 0 });
            leaves.push(leaving.get(&way.source).copied());
        }
        let rows = inside.iter().map(|at| self.rows.before[*at].clone()).collect();
        let scope = Scope { nodes: (0..nodes.len()).collect(), ..Scope::default() };
        (Part { model: Model::of_parts(scope, nodes, own), boxes, rows, front, behind, bands, leaves }, slots)
    }
}

/// Size of a node's shape: of a subprocess, what stands in it with its name above.
pub(super) fn shape_of(model: &Model, at: usize, inner: &[(f64, f64)], orientation: Orientation) -> (f64, f64) {
    let node = &model.nodes[at];
    let plain = shape(node.kind, orientation);
    let Some(inside) = node.inner.filter(|inside| !model.scopes[*inside].nodes.is_empty()) else { return plain };
    let (width, height) = inner[inside];
    let foot = if crate::shapes::has_markers(node) { FOOT } else { 0.0 };
    // Half of an event on the border reaches inside.
    let events = if node.boundaries.is_empty() { 0.0 } else { EVENT / 2.0 };
    let (right, bottom) = match orientation {
        Orientation::Horizontal => (0.0, events),
        Orientation::Vertical => (events, 0.0),
    };
    // Long names are cut; a few words should be read whole.
    let name = text::width(node.name().unwrap_or_default(), LABEL_SIZE).min(12.0 * LABEL_SIZE) + 2.0 * MARGIN;
    ((width + right).max(NARROW_TASK_WIDTH).max(name), height + HEAD + foot.max(bottom))
}

/// Place of a node among those of its scope, which are in the order of the model.
pub(super) fn placed_at(inside: &[usize], at: usize) -> usize {
    inside.partition_point(|other| *other < at)
}
