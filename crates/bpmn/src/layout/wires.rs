//! The lines that are no flows – associations, data, messages – between what is placed: straight from a row to its node, else by
//! right angles around everything that stands in the way (`maze`).

use std::collections::HashMap;

use super::{
    Orientation, Placed, Route, Scene,
    asides::Bound,
    maze::{self, Dock, Maze, Side},
};
use crate::{
    aside_shapes::name_of,
    asides::Bond,
    diagram::{Bounds, Point},
    drawn_asides::{AsideKind, DrawnAside, Line, LineKind},
    model::{Model, Place},
};

/// Something a line can lead to.
struct Spot {
    shape: Bounds,
    kind: SpotKind,
    /// Open subprocesses around it: number of the model, number of the node.
    around: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, PartialEq)]
enum SpotKind {
    /// Flows go in and out at the middle of its sides.
    Box,
    /// It has a point at each side.
    Pointed,
    /// A pool, a lane or a group: lines end anywhere on its border.
    Frame,
    Free,
    /// A place on a flow.
    OnFlow,
}

/// Draws the bonds of the model that are not drawn yet.
pub(super) fn connect(model: &Model, scene: &mut Scene, orientation: Orientation) {
    let drawn: std::collections::HashSet<&str> = scene.lines.iter().map(|line| line.element.as_str()).collect();
    let models: Vec<&Model> = std::iter::once(model).chain(&model.neighbours).collect();
    let mut bonds: Vec<(usize, &Bond)> = Vec::new();
    for (number, model) in models.iter().enumerate() {
        bonds.extend(
            model.asides.bonds.iter().filter(|bond| bond.id.is_empty() || !drawn.contains(bond.id.as_str())).map(|bond| (number, bond)),
        );
    }
    if bonds.is_empty() {
        return;
    }
    let mut ground = Ground::of(&models, scene);
    let hosts: Vec<Bound<'_>> = models.iter().map(|model| Bound::of(model)).collect();
    let mut lines = Vec::new();
    let mut maze = Maze::new(ground.flows.clone());
    // Notes may be bound to messages: those are drawn first.
    bonds.sort_by_key(|(_, bond)| bond.kind != LineKind::Message);
    let mut far = Vec::new();
    for (number, bond) in bonds {
        let (Some(from), Some(to)) = (ground.spots.get(bond.from.as_str()), ground.spots.get(bond.to.as_str())) else {
            far.push(bond);
            continue;
        };
        let stands_before = |aside: &str, node: &str| matches!(models[number].index.get(node), Some(Place::Node(at)) if hosts[number].host_of(aside) == Some(*at));
        let points = if stands_before(&bond.from, &bond.to) {
            near(from, to, orientation)
        } else if stands_before(&bond.to, &bond.from) {
            let mut points = near(to, from, orientation);
            points.reverse();
            points
        } else {
            far.push(bond);
            continue;
        };
        lines.push(Line { element: bond.id.clone(), kind: bond.kind, points });
    }
    for line in &lines {
        maze.occupy(&line.points);
    }
    for bond in far {
        let (Some(from), Some(to)) = (ground.spots.get(bond.from.as_str()), ground.spots.get(bond.to.as_str())) else { continue };
        let (begins, ends) = (docks(from, to), docks(to, from));
        // Where things stand close, rather near something, or over a name, than through a shape.
        let tries = [(true, maze::WIDE), (true, maze::NARROW), (false, maze::WIDE), (false, maze::NARROW)];
        let way = tries.into_iter().find_map(|(names, room)| maze.find(&ground.walls(from, to, names), &begins, &ends, room));
        let points = way.unwrap_or_else(|| straight(from, to));
        maze.occupy(&points);
        ground.on_line(&bond.id, &points);
        lines.push(Line { element: bond.id.clone(), kind: bond.kind, points });
    }
    scene.lines.append(&mut lines);
}

/// All that stands in a scene.
struct Ground {
    spots: HashMap<String, Spot>,
    /// What lines keep clear of, with what is around it; frames of open subprocesses by their node.
    walls: Vec<Wall>,
    flows: Vec<Vec<Point>>,
}

struct Wall {
    bounds: Bounds,
    around: Vec<(usize, usize)>,
    /// The open subprocess that it is the frame of.
    frame: Option<(usize, usize)>,
    is_name: bool,
}

impl Ground {
    fn of(models: &[&Model], scene: &Scene) -> Self {
        let mut ground = Self { spots: HashMap::new(), walls: Vec::new(), flows: Vec::new() };
        for (number, model) in models.iter().enumerate() {
            let scene = if number == 0 { Some(scene) } else { scene.others.get(number - 1).and_then(Option::as_ref) };
            if let Some(scene) = scene {
                ground.process(number, model, scene);
            }
        }
        let mut scopes: HashMap<&str, (usize, usize)> = HashMap::new();
        for (number, model) in models.iter().enumerate() {
            scopes.extend(model.asides.all.iter().map(|aside| (aside.id.as_str(), (number, aside.scope))));
        }
        let shown: Vec<Option<&str>> = models.iter().map(|model| model.lanes.pool.as_ref().map(|pool| pool.id.as_str())).collect();
        for part in &scene.beside {
            let around =
                scopes.get(part.element.as_str()).map(|(number, scope)| around(*number, models[*number], *scope)).unwrap_or_default();
            ground.part(part, around, shown.contains(&Some(part.element.as_str())));
        }
        ground
    }

    fn process(&mut self, number: usize, model: &Model, scene: &Scene) {
        for (at, (node, Placed { bounds, label })) in model.nodes.iter().zip(&scene.nodes).enumerate() {
            let around = around(number, model, node.scope);
            let label = label.as_ref().map(super::Label::bounds);
            let open = node.inner.is_some_and(|inner| scene.open.contains(&inner));
            self.walls.push(Wall { bounds: *bounds, around: around.clone(), frame: open.then_some((number, at)), is_name: false });
            if let Some(bounds) = label {
                self.walls.push(Wall { bounds, around: around.clone(), frame: None, is_name: true });
            }
            let kind = if node.kind.is_box() { SpotKind::Box } else { SpotKind::Pointed };
            self.spots.insert(node.id.clone(), Spot { shape: *bounds, kind, around });
        }
        for (flow, Route { points, label }) in model.flows.iter().zip(&scene.edges) {
            let around = around(number, model, model.nodes[flow.source].scope);
            if let Some(label) = label {
                self.walls.push(Wall { bounds: label.bounds(), around: around.clone(), frame: None, is_name: true });
            }
            if let Some(Point { x, y }) = middle(points) {
                let shape = Bounds { x, y, width: 0.0, height: 0.0 };
                self.spots.insert(flow.id.clone(), Spot { shape, kind: SpotKind::OnFlow, around });
            }
            self.flows.push(points.clone());
        }
    }

    fn part(&mut self, part: &DrawnAside, around: Vec<(usize, usize)>, shows_process: bool) {
        let kind = match part.kind {
            AsideKind::Pool | AsideKind::Lane | AsideKind::Group => SpotKind::Frame,
            AsideKind::Data | AsideKind::Store | AsideKind::Note => SpotKind::Free,
        };
        let closed = part.kind == AsideKind::Pool && !shows_process;
        if kind == SpotKind::Free || closed {
            let name = name_of(part).filter(|_| !closed);
            let shape = std::iter::once((part.bounds, false));
            for (bounds, is_name) in shape.chain(name.map(|name| (name, true))) {
                self.walls.push(Wall { bounds, around: around.clone(), frame: None, is_name });
            }
        }
        self.spots.insert(part.element.clone(), Spot { shape: part.bounds, kind, around });
    }

    /// A line that others may lead to.
    fn on_line(&mut self, id: &str, points: &[Point]) {
        if let Some(Point { x, y }) = middle(points) {
            let shape = Bounds { x, y, width: 0.0, height: 0.0 };
            self.spots.insert(id.to_owned(), Spot { shape, kind: SpotKind::OnFlow, around: Vec::new() });
        }
    }

    /// What a line between two spots keeps clear of: not the frames it has to cross, and of others only the frames.
    fn walls(&self, from: &Spot, to: &Spot, names: bool) -> Vec<Bounds> {
        let crossed = |frame: &(usize, usize)| from.around.contains(frame) || to.around.contains(frame);
        self.walls
            .iter()
            .filter(|wall| names || !wall.is_name)
            .filter(|wall| wall.around.iter().all(crossed) && !wall.frame.as_ref().is_some_and(crossed))
            .map(|wall| wall.bounds)
            .collect()
    }
}

/// The open subprocesses around a scope.
fn around(number: usize, model: &Model, mut scope: usize) -> Vec<(usize, usize)> {
    let mut around = Vec::new();
    while let Some(owner) = model.scopes[scope].owner {
        around.push((number, owner));
        scope = model.nodes[owner].scope;
    }
    around
}

/// From a row to the node that it stands before.
fn near(aside: &Spot, node: &Spot, orientation: Orientation) -> Vec<Point> {
    let (from, to) = (&aside.shape, &node.shape);
    let inset = if node.kind == SpotKind::Box { 10.0 } else { f64::INFINITY };
    match orientation {
        Orientation::Horizontal => {
            let x = from.x + from.width / 2.0;
            let inset = inset.min(to.width / 2.0);
            vec![Point { x, y: from.y + from.height }, Point { x: x.min(to.x + to.width - inset).max(to.x + inset), y: to.y }]
        }
        Orientation::Vertical => {
            let y = from.y + from.height / 2.0;
            let inset = inset.min(to.height / 2.0);
            vec![Point { x: from.x + from.width, y }, Point { x: to.x, y: y.min(to.y + to.height - inset).max(to.y + inset) }]
        }
    }
}

/// Where lines to another spot may begin.
fn docks(spot: &Spot, other: &Spot) -> Vec<Dock> {
    let Bounds { x, y, width, height } = spot.shape;
    let (right, bottom) = (x + width, y + height);
    let (centre, middle) = (x + width / 2.0, y + height / 2.0);
    let inside = |from: f64, length: f64, wanted: f64| {
        if length > 24.0 { wanted.clamp(from + 12.0, from + length - 12.0) } else { from + length / 2.0 }
    };
    let (near_x, near_y) =
        (inside(x, width, other.shape.x + other.shape.width / 2.0), inside(y, height, other.shape.y + other.shape.height / 2.0));
    let (across, down): (Vec<f64>, Vec<f64>) = match spot.kind {
        SpotKind::Box => (vec![x + width * 0.3, x + width * 0.7], vec![y + height * 0.2, y + height * 0.8]),
        SpotKind::Pointed | SpotKind::Free => (vec![centre], vec![middle]),
        SpotKind::Frame => (vec![near_x], vec![near_y]),
        SpotKind::OnFlow => {
            let sides = [Side::Top, Side::Bottom, Side::Left, Side::Right];
            return sides.map(|side| Dock { point: Point { x, y }, side, inward: false }).to_vec();
        }
    };
    let at = |x: f64, y: f64, side: Side| Dock { point: Point { x, y }, side, inward: false };
    let mut docks: Vec<Dock> = across.iter().flat_map(|x| [at(*x, y, Side::Top), at(*x, bottom, Side::Bottom)]).collect();
    docks.extend(down.iter().flat_map(|y| [at(x, *y, Side::Left), at(right, *y, Side::Right)]));
    let holds =
        other.shape.x > x && other.shape.x + other.shape.width < right && other.shape.y > y && other.shape.y + other.shape.height < bottom;
    for dock in &mut docks {
        dock.inward = holds;
    }
    docks
}

/// When there is no way around: from middle to middle, ending at the borders.
fn straight(from: &Spot, to: &Spot) -> Vec<Point> {
    let centre = |bounds: &Bounds| Point { x: bounds.x + bounds.width / 2.0, y: bounds.y + bounds.height / 2.0 };
    let (one, other) = (centre(&from.shape), centre(&to.shape));
    vec![border(&from.shape, one, other), border(&to.shape, other, one)]
}

/// Where the way from the centre of a shape to a point crosses its border.
fn border(shape: &Bounds, centre: Point, to: Point) -> Point {
    let (dx, dy) = (to.x - centre.x, to.y - centre.y);
    let part = f64::min(
        if dx.abs() > 0.01 { shape.width / 2.0 / dx.abs() } else { f64::INFINITY },
        if dy.abs() > 0.01 { shape.height / 2.0 / dy.abs() } else { f64::INFINITY },
    );
    let part = if part.is_finite() { part.min(1.0) } else { 0.0 };
    Point { x: centre.x + dx * part, y: centre.y + dy * part }
}

/// Middle of the longest part of a flow.
fn middle(points: &[Point]) -> Option<Point> {
    let length = |part: &[Point]| (part[0].x - part[1].x).hypot(part[0].y - part[1].y);
    let part = points.windows(2).max_by(|one, other| length(one).total_cmp(&length(other)))?;
    Some(Point { x: f64::midpoint(part[0].x, part[1].x), y: f64::midpoint(part[0].y, part[1].y) })
}
