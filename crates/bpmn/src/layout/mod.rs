//! Where everything stands in a drawing. From the file's own diagram when it has one and the drawing is horizontal, else laid
//! out scope by scope (`scopes`) in layers: cycles cut and layers given (`layers`), crossings reduced (`order`), rows given (`place`), flows drawn
//! with right angles (`route`), lanes and pool around them (`bands`).

#[cfg(test)]
mod aside_tests;
mod asides;
mod bands;
mod border;
mod file;
mod groups;
mod interchange;
mod layers;
mod maze;
mod order;
mod part;
mod parties;
mod place;
mod route;
mod scopes;
#[cfg(test)]
mod tests;
mod wires;

use crate::{
    diagram::{Bounds, Point},
    drawn_asides::{DrawnAside, Line},
    model::{Model, NodeKind},
    text,
};

/// Which way a flow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// Left to right, or as drawn in the file.
    #[default]
    Horizontal,
    /// Top to bottom, for narrow screens; always laid out anew.
    Vertical,
}

/// Font sizes in pixels.
pub(crate) const TASK_SIZE: f64 = 13.0;
pub(crate) const LABEL_SIZE: f64 = 12.0;
/// Distance between lines of text, in font sizes.
pub(crate) const LEADING: f64 = 1.3;
/// Automatic layout: boxes, diamonds, circles.
const TASK_WIDTH: f64 = 112.0;
const NARROW_TASK_WIDTH: f64 = 100.0;
const TASK_HEIGHT: f64 = 56.0;
const GATEWAY: f64 = 46.0;
const EVENT: f64 = 34.0;
/// Empty border.
const MARGIN: f64 = 14.0;

/// Everything placed, in pixels from the top left.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// By node.
    pub(crate) nodes: Vec<Placed>,
    /// By flow.
    pub(crate) edges: Vec<Route>,
    /// Scopes whose inside stands inside their subprocess.
    pub(crate) open: Vec<usize>,
    /// Scopes whose inside is not shown.
    pub(crate) hidden: Vec<usize>,
    /// What the file shows beside the flow.
    pub(crate) beside: Vec<DrawnAside>,
    pub(crate) lines: Vec<Line>,
    /// Other processes of the collaboration, by neighbour; what stands beside their flows is with the rest.
    pub(crate) others: Vec<Option<Scene>>,
}

/// A node with its name when that stands outside.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) bounds: Bounds,
    pub(crate) label: Option<Label>,
}

/// A flow's bends with its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) points: Vec<Point>,
    pub(crate) label: Option<Label>,
}

/// Lines of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    /// Where the anchor is.
    pub(crate) x: f64,
    /// Top of the first line.
    pub(crate) y: f64,
    pub(crate) anchor: Anchor,
    pub(crate) lines: Vec<String>,
}

/// Which part of a line stands at `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Label {
    pub(crate) fn width(&self) -> f64 {
        lines_width(&self.lines)
    }

    pub(crate) fn height(&self) -> f64 {
        lines_height(&self.lines)
    }

    fn bounds(&self) -> Bounds {
        let width = self.width();
        let x = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        Bounds { x, y: self.y, width, height: self.height() }
    }
}

fn lines_width(lines: &[String]) -> f64 {
    lines.iter().map(|line| text::width(line, LABEL_SIZE)).fold(0.0, f64::max)
}

fn lines_height(lines: &[String]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let count = lines.len() as f64;
    count * LABEL_SIZE * LEADING
}

/// Places a model.
pub(crate) fn arrange(model: &Model, orientation: Orientation) -> Scene {
    let scene = match (orientation, model.diagram()) {
        (Orientation::Horizontal, Some(diagram)) => file::arrange(model, diagram),
        _ => None,
    };
    let mut scene = scene.unwrap_or_else(|| {
        let mut scene = scopes::arrange(model, orientation);
        parties::gather(model, &mut scene, orientation);
        wires::connect(model, &mut scene, orientation);
        scene.beside.sort_by_key(|part| part.kind);
        scene
    });
    scene.fit();
    scene
}

impl Scene {
    /// Moves everything.
    fn move_by(&mut self, dx: f64, dy: f64) {
        for part in &mut self.beside {
            part.move_by(dx, dy);
        }
        for other in self.others.iter_mut().flatten() {
            other.move_by(dx, dy);
        }
        for point in self.lines.iter_mut().flat_map(|line| &mut line.points) {
            point.x += dx;
            point.y += dy;
        }
        for placed in &mut self.nodes {
            placed.bounds.x += dx;
            placed.bounds.y += dy;
            if let Some(label) = &mut placed.label {
                label.x += dx;
                label.y += dy;
            }
        }
        for route in &mut self.edges {
            for point in &mut route.points {
                point.x += dx;
                point.y += dy;
            }
            if let Some(label) = &mut route.label {
                label.x += dx;
                label.y += dy;
            }
        }
    }

    /// What everything takes together; none when nothing is there.
    fn extent(&self) -> Option<Bounds> {
        let mut left = f64::MAX;
        let mut top = f64::MAX;
        let mut right = f64::MIN;
        let mut bottom = f64::MIN;
        let mut take = |bounds: Bounds| {
            left = left.min(bounds.x);
            top = top.min(bounds.y);
            right = right.max(bounds.x + bounds.width);
            bottom = bottom.max(bounds.y + bounds.height);
        };
        for extent in self.others.iter().flatten().filter_map(Self::extent) {
            take(extent);
        }
        for part in &self.beside {
            take(crate::aside_shapes::room(part));
        }
        for point in self.lines.iter().flat_map(|line| &line.points) {
            take(Bounds { x: point.x, y: point.y, width: 0.0, height: 0.0 });
        }
        for placed in self.nodes.iter().filter(|placed| placed.bounds.width > 0.0) {
            take(placed.bounds);
            if let Some(label) = &placed.label {
                take(label.bounds());
            }
        }
        for route in &self.edges {
            for point in &route.points {
                take(Bounds { x: point.x, y: point.y, width: 0.0, height: 0.0 });
            }
            if let Some(label) = &route.label {
                take(label.bounds());
            }
        }
        (left <= right).then_some(Bounds { x: left, y: top, width: right - left, height: bottom - top })
    }

    /// Moves everything so that it begins at the margin, and takes the size.
    fn fit(&mut self) {
        let Some(extent) = self.extent() else { return };
        self.move_by(MARGIN - extent.x, MARGIN - extent.y);
        self.width = extent.width + 2.0 * MARGIN;
        self.height = extent.height + 2.0 * MARGIN;
    }
}

/// Lines of a name outside its shape.
fn outside(kind: NodeKind, name: Option<&str>) -> Vec<String> {
    match name {
        Some(name) if !kind.is_box() => text::wrap(name, LABEL_SIZE, 8.0 * LABEL_SIZE, 4),
        _ => Vec::new(),
    }
}

/// Lines of a flow's name, at most so many characters wide.
fn on_flow(name: Option<&str>, ems: f64) -> Vec<String> {
    name.map(|name| text::wrap(name, LABEL_SIZE, ems * LABEL_SIZE, 3)).unwrap_or_default()
}

/// Size of a node's shape in automatic layout.
fn shape(kind: NodeKind, orientation: Orientation) -> (f64, f64) {
    match kind {
        kind if kind.is_box() && orientation == Orientation::Vertical => (NARROW_TASK_WIDTH, TASK_HEIGHT),
        kind if kind.is_box() => (TASK_WIDTH, TASK_HEIGHT),
        kind if kind.is_gateway() => (GATEWAY, GATEWAY),
        _ => (EVENT, EVENT),
    }
}
