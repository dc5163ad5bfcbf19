//! The lanes and the pool around what the automatic layout has placed: frames with a strip for the name, one inside the other.

use super::{
    Orientation, Scene,
    place::{LANE_BREADTH, LANE_ROOM},
};
use crate::{
    aside_shapes::STRIP,
    diagram::Bounds,
    drawn_asides::{AsideKind, DrawnAside},
    lanes::{Lanes, Pool},
};

/// Least length of a drawing with lanes.
const LEAST: f64 = 120.0;

/// Puts the frames of the lanes around everything that is placed. `borders` are the places across the flow between one lane and the next.
pub(super) fn frame(scene: &mut Scene, lanes: &Lanes, borders: &[f64], orientation: Orientation) {
    let Some(extent) = scene.extent() else { return };
    let (from, length, top, bottom) = match orientation {
        Orientation::Horizontal => (extent.x, extent.width, extent.y, extent.y + extent.height),
        Orientation::Vertical => (extent.y, extent.height, extent.x, extent.x + extent.width),
    };
    // What runs beyond the last row – flows that lead back – is still in the last lane.
    let top = borders.first().map_or(f64::MAX, |border| border - LANE_BREADTH).min(top - LANE_ROOM);
    let bottom = borders.last().map_or(f64::MIN, |border| border + LANE_BREADTH).max(bottom + LANE_ROOM);
    let edges: Vec<f64> = std::iter::once(top).chain(borders.iter().copied()).chain([bottom]).collect();
    let end = from + length.max(LEAST) + LANE_ROOM;
    let levels = lanes.all.iter().map(|lane| lane.depth + 1).max().unwrap_or(0);
    let begins = |level: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lanes inside each other")]
        let strips = (levels - level) as f64;
        from - LANE_ROOM - strips * STRIP
    };
    let upright = orientation == Orientation::Vertical;
    let shape = |kind: AsideKind, element: &str, name: &str, level: usize, first: usize, last: usize| {
        let (along, across) = (begins(level), edges[first]);
        let (long, broad) = (end - along, edges[last + 1] - across);
        let bounds = match orientation {
            Orientation::Horizontal => Bounds { x: along, y: across, width: long, height: broad },
            Orientation::Vertical => Bounds { x: across, y: along, width: broad, height: long },
        };
        DrawnAside { element: element.to_owned(), kind, name: name.to_owned(), bounds, upright, label: None }
    };
    let mut band = 0;
    for (number, lane) in lanes.all.iter().enumerate() {
        let within = lanes.bands_within(number);
        scene.beside.push(shape(AsideKind::Lane, &lane.id, &lane.name, lane.depth, band, band + within - 1));
        if !lane.divided {
            band += 1;
        }
    }
}

/// Puts the pool around a process with its lanes and what stands behind them. The lanes reach to its end.
pub(super) fn pool(scene: &mut Scene, pool: &Pool, orientation: Orientation) {
    let extent = scene.extent().unwrap_or(Bounds { x: 0.0, y: 0.0, width: LEAST, height: LANE_BREADTH });
    let lanes: Vec<Bounds> = scene.beside.iter().filter(|part| part.kind == AsideKind::Lane).map(|lane| lane.bounds).collect();
    let upright = orientation == Orientation::Vertical;
    let turned = |bounds: &Bounds| match orientation {
        Orientation::Horizontal => (bounds.x, bounds.x + bounds.width, bounds.y, bounds.y + bounds.height),
        Orientation::Vertical => (bounds.y, bounds.y + bounds.height, bounds.x, bounds.x + bounds.width),
    };
    let (mut from, mut to, mut top, mut bottom) = turned(&extent);
    let reach = |lane: &Bounds| turned(lane);
    // Lanes bring their own room, where they reach as far as everything else.
    let room = |beyond: bool| if beyond || lanes.is_empty() { LANE_ROOM } else { 0.0 };
    let ends = |at: fn((f64, f64, f64, f64)) -> f64| lanes.iter().map(reach).map(at).fold(f64::NEG_INFINITY, f64::max);
    to += room(ends(|lane| lane.1) < to);
    bottom += room(ends(|lane| lane.3) < bottom);
    let starts = |at: fn((f64, f64, f64, f64)) -> f64| lanes.iter().map(reach).map(at).fold(f64::INFINITY, f64::min);
    from -= room(starts(|lane| lane.0) > from);
    top -= room(starts(|lane| lane.2) > top);
    let (long, broad) = ((to - from).max(LEAST), (bottom - top).max(LANE_BREADTH));
    for lane in scene.beside.iter_mut().filter(|part| part.kind == AsideKind::Lane) {
        match orientation {
            Orientation::Horizontal => lane.bounds.width = from + long - lane.bounds.x,
            Orientation::Vertical => lane.bounds.height = from + long - lane.bounds.y,
        }
    }
    let bounds = match orientation {
        Orientation::Horizontal => Bounds { x: from - STRIP, y: top, width: long + STRIP, height: broad },
        Orientation::Vertical => Bounds { x: top, y: from - STRIP, width: broad, height: long + STRIP },
    };
    // Pools lie below everything else.
    scene.beside.push(DrawnAside {
        element: pool.id.clone(),
        kind: AsideKind::Pool,
        name: pool.name.clone(),
        bounds,
        upright,
        label: None,
    });
}
