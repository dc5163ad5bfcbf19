//! Groups as frames around their members. Nodes that are no members keep out: where they would come to stand inside, the members
//! get a strip along the flow of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::{LABEL_SIZE, Placed, asides::within, part::Bands};
use crate::{
    diagram::Bounds,
    drawn_asides::{AsideKind, DrawnAside},
    model::{Model, Node, NodeKind},
};

/// Between the members and the frame.
const AROUND: f64 = 8.0;
/// Room for the name above the frame.
const NAME: f64 = 2.0 * LABEL_SIZE;

/// Something placed, with the node it belongs to.
pub(super) struct Standing {
    pub(super) node: usize,
    pub(super) bounds: Bounds,
}

/// Who is in which group, of those that stand in the same scope.
pub(super) struct Groups {
    /// By node, the groups that hold it or something inside of it.
    of_node: Vec<Vec<usize>>,
    /// By group, its members in its scope.
    members: BTreeMap<usize, Vec<usize>>,
}

impl Groups {
    pub(super) fn of(model: &Model) -> Self {
        let mut groups = Self { of_node: vec![Vec::new(); model.nodes.len()], members: BTreeMap::new() };
        for (at, aside) in model.asides.all.iter().enumerate().filter(|(_, aside)| aside.kind == AsideKind::Group) {
            let members: BTreeSet<usize> = aside.members.iter().filter_map(|member| within(model, *member, aside.scope)).collect();
            // What sits on the border of an activity, or waits beside the flow, is placed with other things.
            let members: Vec<usize> = members.into_iter().filter(|at| is_laid(&model.nodes[*at])).collect();
            for member in &members {
                groups.of_node[*member].push(at);
            }
            if !members.is_empty() {
                groups.members.insert(at, members);
            }
        }
        groups
    }

    pub(super) fn members(&self, group: usize) -> &[usize] {
        self.members.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Members of each group of a scope.
    pub(super) fn in_scope<'g>(&'g self, model: &'g Model, scope: usize) -> impl Iterator<Item = &'g [usize]> {
        self.members.iter().filter(move |(group, _)| model.asides.all[**group].scope == scope).map(|(_, members)| members.as_slice())
    }

    /// Room across, before and behind a node, for the frames of the groups it is in.
    pub(super) fn room(&self, model: &Model, node: usize) -> (f64, f64) {
        let mut room = (0.0_f64, 0.0_f64);
        for group in &self.of_node[node] {
            let name = if model.asides.all[*group].name.is_empty() { 0.0 } else { NAME };
            room = (room.0.max(AROUND + name), AROUND);
        }
        room
    }

    /// Frames of the groups that these are members of, each with whether it holds something that is no member.
    pub(super) fn frames(&self, model: &Model, standing: &[Standing]) -> Vec<(usize, DrawnAside, bool)> {
        let groups: BTreeSet<usize> = standing.iter().flat_map(|part| &self.of_node[part.node]).copied().collect();
        let mut frames = Vec::new();
        for at in groups {
            let is_member = |part: &Standing| self.of_node[part.node].contains(&at);
            let Some(bounds) = around(standing.iter().filter(|part| is_member(part)).map(|part| &part.bounds)) else { continue };
            let holds_other = standing.iter().any(|part| !is_member(part) && overlap(&bounds, &part.bounds));
            let aside = &model.asides.all[at];
            let frame =
                DrawnAside { element: aside.id.clone(), kind: aside.kind, name: aside.name.clone(), bounds, upright: false, label: None };
            frames.push((at, frame, holds_other));
        }
        frames
    }

    /// The bands of lanes divided: within each, those in none of these groups come first, then group by group.
    pub(super) fn divide(&self, inside: &[usize], bands: &Bands, groups: &[usize]) -> Bands {
        let place = |at: &usize| self.of_node[*at].iter().find_map(|group| groups.iter().position(|other| other == group));
        let within_lane: Vec<usize> = inside.iter().map(|at| place(at).map_or(0, |place| place + 1)).collect();
        let mut used: BTreeSet<(usize, usize)> = (0..bands.lanes.len()).map(|band| (band, 0)).collect();
        used.extend(bands.of.iter().copied().zip(within_lane.iter().copied()));
        let used: Vec<(usize, usize)> = used.into_iter().collect();
        let number = |wanted: (usize, usize)| used.partition_point(|other| *other < wanted);
        Bands {
            of: bands.of.iter().zip(&within_lane).map(|(band, inner)| number((*band, *inner))).collect(),
            lanes: used.iter().map(|(band, _)| bands.lanes[*band]).collect(),
        }
    }
}

fn is_laid(node: &Node) -> bool {
    node.attached_to.is_none() && node.kind != NodeKind::EventSubProcess
}

/// What a node takes with its name.
pub(super) fn taken(node: usize, placed: &Placed) -> impl Iterator<Item = Standing> {
    let label = placed.label.as_ref().map(super::Label::bounds);
    std::iter::once(placed.bounds).chain(label).map(move |bounds| Standing { node, bounds })
}

fn around<'b>(mut parts: impl Iterator<Item = &'b Bounds>) -> Option<Bounds> {
    let mut all = *parts.next()?;
    for part in parts {
        let (right, bottom) = ((all.x + all.width).max(part.x + part.width), (all.y + all.height).max(part.y + part.height));
        all.x = all.x.min(part.x);
        all.y = all.y.min(part.y);
        all.width = right - all.x;
        all.height = bottom - all.y;
    }
    Some(Bounds { x: all.x - AROUND, y: all.y - AROUND, width: all.width + 2.0 * AROUND, height: all.height + 2.0 * AROUND })
}

pub(super) fn overlap(one: &Bounds, other: &Bounds) -> bool {
    one.x + one.width > other.x && other.x + other.width > one.x && one.y + one.height > other.y && other.y + other.height > one.y
}
