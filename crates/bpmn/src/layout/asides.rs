//! Notes and data stand in a row before the node they belong to: above it, or left of it when the flow runs down. The row is part
//! of the room the node takes, so nothing else comes to lie there. What belongs to nothing stands behind everything of its scope.

use std::collections::HashMap;

use super::{LABEL_SIZE, Orientation, groups::Groups, lines_height, lines_width};
use crate::{
    asides::Aside,
    diagram::Bounds,
    drawn_asides::{AsideKind, DrawnAside},
    model::{Model, Place},
    text,
};

/// Between a row and its node.
pub(super) const LIFT: f64 = 20.0;
/// Between one part of a row and the next.
const APART: f64 = 16.0;
const DATA: (f64, f64) = (36.0, 46.0);
const STORE: (f64, f64) = (46.0, 44.0);
const EMPTY_GROUP: (f64, f64) = (112.0, 56.0);
/// Between a shape and its name.
const NEAR: f64 = 3.0;
/// Room for the name above a group.
const NAME: f64 = 2.0 * LABEL_SIZE;

/// What stands before one node.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    items: Vec<Item>,
}

/// One part of a row with the room it takes with its name.
#[derive(Clone, Debug)]
struct Item {
    aside: usize,
    width: f64,
    height: f64,
    /// Height of the name above the shape.
    name: f64,
}

impl Item {
    fn of(model: &Model, aside: usize, orientation: Orientation) -> Self {
        let Aside { kind, name, .. } = &model.asides.all[aside];
        let shape = match kind {
            AsideKind::Note => {
                let (width, height) = note(name, orientation);
                return Self { aside, width, height, name: 0.0 };
            }
            AsideKind::Data => DATA,
            AsideKind::Store => STORE,
            AsideKind::Group | AsideKind::Pool | AsideKind::Lane => {
                let wide = (text::width(name, LABEL_SIZE) + 8.0).min(16.0 * LABEL_SIZE);
                return Self { aside, width: EMPTY_GROUP.0.max(wide), height: EMPTY_GROUP.1 + NAME, name: NAME };
            }
        };
        let lines = text::wrap(name, LABEL_SIZE, 8.0 * LABEL_SIZE, 3);
        let tall = if lines.is_empty() { 0.0 } else { lines_height(&lines) + NEAR };
        Self { aside, width: lines_width(&lines).max(shape.0), height: shape.1 + tall, name: tall }
    }

    /// Its shape in the room that begins here.
    fn put(&self, model: &Model, x: f64, y: f64) -> DrawnAside {
        let Aside { id, kind, name, .. } = &model.asides.all[self.aside];
        let (width, label) = match kind {
            AsideKind::Data | AsideKind::Store => {
                let shape = if *kind == AsideKind::Data { DATA } else { STORE };
                let place = Bounds { x, y, width: self.width, height: (self.name - NEAR).max(0.0) };
                (shape.0, (self.name > 0.0).then_some(place))
            }
            _ => (self.width, None),
        };
        let bounds = Bounds { x: x + (self.width - width) / 2.0, y: y + self.name, width, height: self.height - self.name };
        DrawnAside { element: id.clone(), kind: *kind, name: name.clone(), bounds, upright: false, label }
    }
}

/// Size of a note: as narrow as reads well in a few lines.
fn note(name: &str, orientation: Orientation) -> (f64, f64) {
    let narrow = if orientation == Orientation::Vertical { 6.0 } else { 9.0 };
    let widths = [narrow, narrow + 4.0, narrow + 8.0];
    let lines = widths.map(|ems| text::wrap(name, LABEL_SIZE, ems * LABEL_SIZE, 6));
    let whole = |lines: &&Vec<String>| !lines.last().is_some_and(|last| last.ends_with('…'));
    let lines = lines.iter().find(whole).unwrap_or(&lines[2]);
    ((lines_width(lines) + 18.0).max(40.0), (lines_height(lines) + 8.0).max(24.0))
}

impl Row {
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Room along the flow and across it, from the first part to the end of the last.
    fn extent(&self, orientation: Orientation) -> (f64, f64) {
        let mut along = 0.0;
        let mut across = 0.0_f64;
        for (at, item) in self.items.iter().enumerate() {
            let (long, broad) = turned((item.width, item.height), orientation);
            along += long + if at == 0 { 0.0 } else { APART };
            across = across.max(broad);
        }
        (along, across)
    }

    /// Room along, before and after the node's centre, and across. A gateway's name stands before it at one side, so there the row
    /// begins over its centre.
    pub(super) fn room(&self, gateway: bool, orientation: Orientation) -> (f64, f64, f64) {
        let (along, across) = self.extent(orientation);
        let before = match self.items.first() {
            Some(first) if gateway => turned((first.width, first.height), orientation).0 / 2.0,
            _ => along / 2.0,
        };
        (before, along - before, across)
    }

    /// The row before a node: `lift` is the distance between the node's centre and the row.
    pub(super) fn put(&self, model: &Model, centre: (f64, f64), gateway: bool, lift: f64, orientation: Orientation) -> Vec<DrawnAside> {
        let (before, _, _) = self.room(gateway, orientation);
        let (centre_along, centre_across) = turned(centre, orientation);
        let mut along = centre_along - before;
        let mut placed = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let (long, broad) = turned((item.width, item.height), orientation);
            let (x, y) = turned((along, centre_across - lift - broad), orientation);
            placed.push(item.put(model, x, y));
            along += long + APART;
        }
        placed
    }
}

/// Along and across from x and y, and back.
fn turned((x, y): (f64, f64), orientation: Orientation) -> (f64, f64) {
    match orientation {
        Orientation::Horizontal => (x, y),
        Orientation::Vertical => (y, x),
    }
}

/// What stands where: rows before nodes, and what belongs to nothing by scope.
pub(super) struct Rows {
    pub(super) before: Vec<Row>,
    pub(super) alone: Vec<Row>,
    pub(super) groups: Groups,
}

impl Rows {
    /// Finds out what each note and each data belongs to: the first node of its scope that it is bound to, or that holds it.
    pub(super) fn of(model: &Model, orientation: Orientation) -> Self {
        let mut rows = Self {
            before: vec![Row::default(); model.nodes.len()],
            alone: vec![Row::default(); model.scopes.len()],
            groups: Groups::of(model),
        };
        let bound = Bound::of(model);
        for (at, aside) in model.asides.all.iter().enumerate() {
            if aside.kind == AsideKind::Group && !rows.groups.members(at).is_empty() {
                continue;
            }
            let item = Item::of(model, at, orientation);
            match bound.host(at).filter(|_| aside.kind != AsideKind::Group) {
                Some(host) => rows.before[host].items.push(item),
                None => rows.alone[aside.scope].items.push(item),
            }
        }
        rows
    }
}

/// What is bound to what.
pub(super) struct Bound<'m> {
    model: &'m Model,
    to: HashMap<&'m str, Vec<&'m str>>,
    /// Number of each note, data and group.
    asides: HashMap<&'m str, usize>,
}

impl<'m> Bound<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let mut to: HashMap<&str, Vec<&str>> = HashMap::new();
        for bond in &model.asides.bonds {
            to.entry(&bond.from).or_default().push(&bond.to);
            to.entry(&bond.to).or_default().push(&bond.from);
        }
        Self { model, to, asides: model.asides.all.iter().enumerate().map(|(at, aside)| (aside.id.as_str(), at)).collect() }
    }

    /// The node that what has this id stands before.
    pub(super) fn host_of(&self, id: &str) -> Option<usize> {
        let at = *self.asides.get(id)?;
        if self.model.asides.all[at].kind == AsideKind::Group { None } else { self.host(at) }
    }

    /// The node that a note or data stands before: the first of its scope that it is bound to, or that holds what it is bound to.
    fn host(&self, aside: usize) -> Option<usize> {
        let model = self.model;
        let Aside { id, scope, .. } = &model.asides.all[aside];
        let mut seen = vec![id.as_str()];
        let mut next = 0;
        // What is bound to another note or data stands with that one.
        while next < seen.len() && next < 8 {
            for other in self.to.get(seen[next]).into_iter().flatten().copied() {
                let node = match model.index.get(other) {
                    Some(Place::Node(at)) => *at,
                    Some(Place::Flow(at)) => model.flows[*at].source,
                    None if self.asides.contains_key(other) && !seen.contains(&other) => {
                        seen.push(other);
                        continue;
                    }
                    None => continue,
                };
                if let Some(host) = within(model, node, *scope) {
                    return Some(model.nodes[host].attached_to.unwrap_or(host));
                }
            }
            next += 1;
        }
        None
    }
}

/// The node of a scope that is this one or holds it.
pub(super) fn within(model: &Model, node: usize, scope: usize) -> Option<usize> {
    let mut at = node;
    while model.nodes[at].scope != scope {
        at = model.scopes[model.nodes[at].scope].owner?;
    }
    Some(at)
}

/// Puts what belongs to nothing in rows of their own, from the corner; gives the size.
pub(super) fn alone(model: &Model, row: &Row, (left, top): (f64, f64), limit: f64) -> (Vec<DrawnAside>, f64, f64) {
    let (mut x, mut y) = (left, top);
    let (mut right, mut tallest) = (left, 0.0_f64);
    let mut placed = Vec::with_capacity(row.items.len());
    for item in &row.items {
        if x > left && x + item.width > left + limit {
            x = left;
            y += tallest + APART;
            tallest = 0.0;
        }
        placed.push(item.put(model, x, y));
        x += item.width + APART;
        right = right.max(x - APART);
        tallest = tallest.max(item.height);
    }
    (placed, right - left, y + tallest - top)
}
