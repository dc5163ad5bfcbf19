//! The other parties of a collaboration around the process that runs: pools of like length, one behind the other as in the file,
//! with the process in them as far as the file has it.

use super::{Orientation, Scene, scopes};
use crate::{
    aside_shapes::STRIP,
    diagram::Bounds,
    drawn_asides::{AsideKind, DrawnAside},
    model::Model,
};

/// Between one pool and the next: messages pass here.
const APART: f64 = 52.0;
/// Breadth of a pool of which nothing is known.
const CLOSED: f64 = 2.0 * STRIP;

/// Lays out the other parties and puts them before and behind the scene.
pub(super) fn gather(model: &Model, scene: &mut Scene, orientation: Orientation) {
    if model.asides.parties.is_empty() {
        return;
    }
    scene.others = vec![None; model.neighbours.len()];
    let Some(own) = scene.extent() else { return };
    let mut blocks: Vec<(usize, Scene)> = Vec::new();
    let mut end = span(&own, orientation).1;
    let (start, top, bottom) = match orientation {
        Orientation::Horizontal => (own.x, own.y, own.y + own.height),
        Orientation::Vertical => (own.y, own.x, own.x + own.width),
    };
    for (at, party) in model.asides.parties.iter().enumerate() {
        let mut block = match party.neighbour {
            Some(neighbour) => scopes::arrange(&model.neighbours[neighbour], orientation),
            None => closed(&party.id, &party.name, end - start, orientation),
        };
        if let Some(extent) = block.extent() {
            let (from, to) = span(&extent, orientation);
            shift(&mut block, start - from, 0.0, orientation);
            end = end.max(to + start - from);
        }
        blocks.push((at, block));
    }
    let mut before = top;
    for (_, block) in blocks.iter_mut().rev().filter(|(at, _)| model.asides.parties[*at].before) {
        if let Some((near, far)) = block.extent().map(|extent| depth(&extent, orientation)) {
            before -= APART;
            shift(block, 0.0, before - far, orientation);
            before -= far - near;
        }
    }
    let mut behind = bottom;
    for (_, block) in blocks.iter_mut().filter(|(at, _)| !model.asides.parties[*at].before) {
        if let Some((near, far)) = block.extent().map(|extent| depth(&extent, orientation)) {
            behind += APART;
            shift(block, 0.0, behind - near, orientation);
            behind += far - near;
        }
    }
    for (at, mut block) in blocks {
        scene.beside.append(&mut block.beside);
        scene.lines.append(&mut block.lines);
        if let Some(neighbour) = model.asides.parties[at].neighbour {
            scene.others[neighbour] = Some(block);
        }
    }
    for part in scene.beside.iter_mut().filter(|part| matches!(part.kind, AsideKind::Pool | AsideKind::Lane)) {
        match orientation {
            Orientation::Horizontal => part.bounds.width = end - part.bounds.x,
            Orientation::Vertical => part.bounds.height = end - part.bounds.y,
        }
    }
}

/// A party of which the file shows nothing but its name.
fn closed(id: &str, name: &str, long: f64, orientation: Orientation) -> Scene {
    let (width, height) = match orientation {
        Orientation::Horizontal => (long, CLOSED),
        Orientation::Vertical => (2.0 * CLOSED, long),
    };
    let bounds = Bounds { x: 0.0, y: 0.0, width, height };
    let upright = orientation == Orientation::Vertical;
    let pool = DrawnAside { element: id.to_owned(), kind: AsideKind::Pool, name: name.to_owned(), bounds, upright, label: None };
    Scene { beside: vec![pool], ..Scene::default() }
}

/// From where to where something reaches along the flow.
fn span(bounds: &Bounds, orientation: Orientation) -> (f64, f64) {
    match orientation {
        Orientation::Horizontal => (bounds.x, bounds.x + bounds.width),
        Orientation::Vertical => (bounds.y, bounds.y + bounds.height),
    }
}

/// From where to where something reaches across the flow.
fn depth(bounds: &Bounds, orientation: Orientation) -> (f64, f64) {
    match orientation {
        Orientation::Horizontal => (bounds.y, bounds.y + bounds.height),
        Orientation::Vertical => (bounds.x, bounds.x + bounds.width),
    }
}

fn shift(scene: &mut Scene, along: f64, across: f64, orientation: Orientation) {
    match orientation {
        Orientation::Horizontal => scene.move_by(along, across),
        Orientation::Vertical => scene.move_by(across, along),
    }
}
