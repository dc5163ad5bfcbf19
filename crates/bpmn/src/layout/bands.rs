//! The lanes and the pool around what the automatic layout has placed: frames with a strip for the name, one inside the other.

use super::{
    Orientation, Scene,
    place::{LANE_BREADTH, LANE_ROOM},
};
use crate::{
    beside::{Beside, BesideKind},
    diagram::Bounds,
    lanes::Lanes,
    shapes_beside::STRIP,
};

/// Least length of a drawing with lanes.
const LEAST: f64 = 120.0;

/// Puts the frames around everything that is placed. `borders` are the places across the flow between one lane and the next.
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
    let around = usize::from(lanes.pool.is_some());
    let end = from + length.max(LEAST) + LANE_ROOM;
    let levels = lanes.all.iter().map(|lane| lane.depth + 1).max().unwrap_or(0) + around;
    let begins = |level: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lanes inside each other")]
        let strips = (levels - level) as f64;
        from - LANE_ROOM - strips * STRIP
    };
    let upright = orientation == Orientation::Vertical;
    let shape = |kind: BesideKind, element: &str, name: &str, level: usize, first: usize, last: usize| {
        let (along, across) = (begins(level), edges[first]);
        let (long, broad) = (end - along, edges[last + 1] - across);
        let bounds = match orientation {
            Orientation::Horizontal => Bounds { x: along, y: across, width: long, height: broad },
            Orientation::Vertical => Bounds { x: across, y: along, width: broad, height: long },
        };
        Beside { element: element.to_owned(), kind, name: name.to_owned(), bounds, upright }
    };
    if let Some(pool) = &lanes.pool {
        scene.beside.push(shape(BesideKind::Pool, &pool.id, &pool.name, 0, 0, edges.len() - 2));
    }
    let mut band = 0;
    for (number, lane) in lanes.all.iter().enumerate() {
        let within = lanes.bands_within(number);
        scene.beside.push(shape(BesideKind::Lane, &lane.id, &lane.name, lane.depth + around, band, band + within - 1));
        if !lane.divided {
            band += 1;
        }
    }
}
