//! Places taken from the file's own diagram. Names stand where the file says, else where the common modelers put them.

use super::{Anchor, LABEL_SIZE, LEADING, Label, Placed, Route, Scene, lines_height, on_flow, outside};
use crate::{
    diagram::{Bounds, Diagram, Point},
    model::Model,
    text,
};

/// The scene, or none when a node that should be shown has no place in the diagram. The inside of a collapsed subprocess has none:
/// it is shown as such, with a place of no size for each of its nodes.
pub(super) fn arrange(model: &Model, diagram: &Diagram) -> Option<Scene> {
    let mut scene = process(model, diagram)?;
    scene.others = model.neighbours.iter().map(|neighbour| process(neighbour, diagram)).collect();
    scene.beside.clone_from(&diagram.beside);
    scene.lines.clone_from(&diagram.lines);
    Some(scene)
}

/// Nodes and flows of one process. A diagram of a subprocess shows only what is inside of it.
fn process(model: &Model, diagram: &Diagram) -> Option<Scene> {
    let shown = diagram.shows.as_deref().and_then(|shows| model.node(shows)).and_then(|node| node.inner);
    let mut hidden = vec![false; model.scopes.len()];
    hidden[0] = shown.is_some();
    for (at, scope) in model.scopes.iter().enumerate().skip(1) {
        let collapsed = scope.owner.is_some_and(|owner| diagram.collapsed.contains(model.nodes[owner].id()));
        let around = scope.parent.is_some_and(|parent| hidden[parent]);
        hidden[at] = shown != Some(at) && (collapsed || around);
    }
    let nodes: Option<Vec<Placed>> = model
        .nodes
        .iter()
        .map(|node| {
            if hidden[node.scope] {
                return Some(Placed { bounds: Bounds { x: 0.0, y: 0.0, width: 0.0, height: 0.0 }, label: None });
            }
            let bounds = *diagram.shapes.get(node.id())?;
            let lines = outside(node.kind, node.name());
            let label = (!lines.is_empty()).then(|| match diagram.labels.get(node.id()) {
                Some(place) => centred(place, node.name().unwrap_or_default()),
                None if node.kind.is_gateway() => {
                    Label { x: bounds.x + bounds.width / 2.0, y: bounds.y - lines_height(&lines) - 3.0, anchor: Anchor::Middle, lines }
                }
                None => Label { x: bounds.x + bounds.width / 2.0, y: bounds.y + bounds.height + 3.0, anchor: Anchor::Middle, lines },
            });
            Some(Placed { bounds, label })
        })
        .collect();
    let nodes = nodes?;
    let edges = model
        .flows
        .iter()
        .map(|flow| {
            if hidden[model.nodes[flow.source].scope] {
                return Route { points: Vec::new(), label: None };
            }
            let points =
                diagram.edges.get(flow.id()).cloned().unwrap_or_else(|| straight(&nodes[flow.source].bounds, &nodes[flow.target].bounds));
            let lines = on_flow(flow.name(), 6.5);
            let label = (!lines.is_empty()).then(|| match diagram.labels.get(flow.id()) {
                Some(place) => centred(place, flow.name().unwrap_or_default()),
                None => beside(&points, lines),
            });
            Route { points, label }
        })
        .collect();
    let open = (1..model.scopes.len()).filter(|scope| !model.scopes[*scope].nodes.is_empty() && !hidden[*scope]).collect();
    let hidden = (0..hidden.len()).filter(|scope| hidden[*scope]).collect();
    Some(Scene { nodes, edges, open, hidden, ..Scene::default() })
}

/// A name in the middle of the place the file gives it. Fonts differ, so the place's size is a hint only.
fn centred(place: &Bounds, name: &str) -> Label {
    let lines = text::wrap(name, LABEL_SIZE, place.width.max(5.0 * LABEL_SIZE), 4);
    Label { x: place.x + place.width / 2.0, y: place.y + place.height / 2.0 - lines_height(&lines) / 2.0, anchor: Anchor::Middle, lines }
}

/// A name beside the first longer part of a flow.
fn beside(points: &[Point], lines: Vec<String>) -> Label {
    let part = points
        .windows(2)
        .find(|part| (part[0].x - part[1].x).abs() + (part[0].y - part[1].y).abs() > 3.0 * LABEL_SIZE)
        .or_else(|| points.windows(2).next());
    let (from, to) = part.map_or((Point { x: 0.0, y: 0.0 }, Point { x: 0.0, y: 0.0 }), |part| (part[0], part[1]));
    let tall = lines_height(&lines);
    if (from.x - to.x).abs() >= (from.y - to.y).abs() {
        Label { x: f64::midpoint(from.x, to.x), y: f64::midpoint(from.y, to.y) - tall - 2.0, anchor: Anchor::Middle, lines }
    } else {
        Label {
            x: f64::midpoint(from.x, to.x) + 5.0,
            y: f64::midpoint(from.y, to.y) - LABEL_SIZE * LEADING / 2.0,
            anchor: Anchor::Start,
            lines,
        }
    }
}

/// A flow without bends in the file: from side to side with at most one step.
fn straight(source: &Bounds, target: &Bounds) -> Vec<Point> {
    let from = Point { x: source.x + source.width, y: source.y + source.height / 2.0 };
    let to = Point { x: target.x, y: target.y + target.height / 2.0 };
    let middle = f64::midpoint(from.x, to.x);
    vec![from, Point { x: middle, y: from.y }, Point { x: middle, y: to.y }, to]
}
