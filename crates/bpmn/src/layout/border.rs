//! Events on the border of an activity: they hang on its far side in slots, with their names beside them.

use super::{Anchor, EVENT, LABEL_SIZE, Label, Orientation, Placed, lines_height, lines_width};
use crate::{diagram::Bounds, model::Model, text};

/// Between an event on a border and its name, and between a name and the next event.
pub(super) const NEAR: f64 = 4.0;

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
pub(super) struct Slot {
    pub(super) event: usize,
    pub(super) along: f64,
    pub(super) lines: Vec<String>,
}

impl Slot {
    /// The events on a node's border with their names, from the beginning; `along` counts from there.
    pub(super) fn of(model: &Model, at: usize, orientation: Orientation) -> Vec<Self> {
        let mut along = NEAR;
        let mut slots = Vec::new();
        for event in &model.nodes[at].boundaries {
            let name = model.nodes[*event].name();
            let lines = name.map(|name| text::wrap(name, LABEL_SIZE, 4.5 * LABEL_SIZE, 3)).unwrap_or_default();
            let name_along = match orientation {
                Orientation::Horizontal => lines_width(&lines),
                Orientation::Vertical => lines_height(&lines),
            };
            if !lines.is_empty() {
                along += name_along + NEAR;
            }
            slots.push(Self { event: *event, along: along + EVENT / 2.0, lines });
            along += EVENT + NEAR;
        }
        slots
    }

    /// An event on the border of its activity: on the lower one, or on the right one when the flow runs down.
    pub(super) fn put(&self, host: &Bounds, orientation: Orientation) -> Placed {
        let half = EVENT / 2.0;
        let name = |x: f64, y: f64, anchor: Anchor| (!self.lines.is_empty()).then(|| Label { x, y, anchor, lines: self.lines.clone() });
        match orientation {
            Orientation::Horizontal => {
                let (x, y) = (host.x + self.along, host.y + host.height);
                let bounds = Bounds { x: x - half, y: y - half, width: EVENT, height: EVENT };
                Placed { bounds, label: name(x - half - NEAR, y + NEAR, Anchor::End) }
            }
            Orientation::Vertical => {
                let (x, y) = (host.x + host.width, host.y + self.along);
                let bounds = Bounds { x: x - half, y: y - half, width: EVENT, height: EVENT };
                Placed { bounds, label: name(x + NEAR, y - half - NEAR - lines_height(&self.lines), Anchor::Start) }
            }
        }
    }
}
