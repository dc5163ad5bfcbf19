//! The automatic layout written into a file as BPMN DI, so that other modelers open it as we draw it.

use super::{Label, Orientation, Scene, arrange};
use crate::{
    diagram::{Bounds, Point},
    drawn_asides::AsideKind,
    model::{Model, Node, NodeKind},
    tree::{Attribute, Content, Document, Element, Name},
};

const DI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
const DD: &str = "http://www.omg.org/spec/DD/20100524/DI";

impl Document {
    /// Gives the file a drawing: places of nodes and bends of flows as the automatic layout finds them (or as the model's own
    /// diagram has them), with its pool and lanes. A drawing that is there is replaced; those of
    /// closed subprocesses stay. The model must have been read from this file.
    pub fn lay_out(&mut self, model: &Model) {
        let scene = arrange(model, Orientation::Horizontal);
        let root = &mut self.root;
        root.content.retain(|content| match content {
            Content::Element(element) => !element.is(DI, "BPMNDiagram") || shows_closed(element, model, &scene),
            _ => true,
        });
        let prefixes = [("bpmndi", DI), ("dc", DC), ("di", DD)].map(|(wanted, address)| prefix(root, wanted, address));
        let pool = model.lanes.pool.as_ref().filter(|_| scene.beside.iter().any(|part| part.kind == AsideKind::Pool));
        let shows = pool.map_or(model.id(), |pool| &pool.collaboration);
        let mut plane = element("bpmndi", DI, "BPMNPlane", &[("id", &free_id(model, "plane")), ("bpmnElement", shows)]);
        for part in scene.beside.iter().filter(|part| !part.element.is_empty()) {
            let mut shape =
                element("bpmndi", DI, "BPMNShape", &[("id", &format!("shape_{}", part.element)), ("bpmnElement", &part.element)]);
            if matches!(part.kind, AsideKind::Pool | AsideKind::Lane) {
                set(&mut shape, "isHorizontal", if part.upright { "false" } else { "true" });
            }
            push(&mut shape, bounds(&snapped(&part.bounds)));
            if let Some(place) = &part.label {
                let mut label = element("bpmndi", DI, "BPMNLabel", &[]);
                push(&mut label, bounds(place));
                push(&mut shape, label);
            }
            push(&mut plane, shape);
        }
        process(&mut plane, model, &scene);
        for (neighbour, scene) in model.neighbours.iter().zip(&scene.others) {
            if let Some(scene) = scene {
                process(&mut plane, neighbour, scene);
            }
        }
        for line in scene.lines.iter().filter(|line| !line.element.is_empty()) {
            let mut edge = element("bpmndi", DI, "BPMNEdge", &[("id", &format!("edge_{}", line.element)), ("bpmnElement", &line.element)]);
            waypoints(&mut edge, &line.points);
            push(&mut plane, edge);
        }
        let mut diagram = element("bpmndi", DI, "BPMNDiagram", &[("id", &free_id(model, "diagram"))]);
        push(&mut diagram, plane);
        rename(&mut diagram, &prefixes);
        indent(&mut diagram, 2);
        if let Some(Content::Text(_)) = root.content.last() {
            root.content.pop();
        }
        root.content.push(Content::Text("\n  ".to_owned()));
        root.content.push(Content::Element(diagram));
        root.content.push(Content::Text("\n".to_owned()));
    }
}

/// Nodes and flows of one process.
fn process(plane: &mut Element, model: &Model, scene: &Scene) {
    let shown = |node: &Node| !scene.hidden.contains(&node.scope);
    for (node, placed) in model.nodes().iter().zip(&scene.nodes).filter(|(node, _)| shown(node)) {
        let mut shape = element("bpmndi", DI, "BPMNShape", &[("id", &format!("shape_{}", node.id())), ("bpmnElement", node.id())]);
        if node.kind().is_scope() {
            let expanded = node.inner.is_some_and(|inner| scene.open.contains(&inner));
            set(&mut shape, "isExpanded", if expanded { "true" } else { "false" });
        }
        if node.kind() == NodeKind::ExclusiveGateway {
            set(&mut shape, "isMarkerVisible", "true");
        }
        push(&mut shape, bounds(&placed.bounds));
        label(&mut shape, placed.label.as_ref());
        push(plane, shape);
    }
    for (flow, route) in model.flows().iter().zip(&scene.edges).filter(|(flow, _)| shown(model.source(flow))) {
        let mut edge = element("bpmndi", DI, "BPMNEdge", &[("id", &format!("edge_{}", flow.id())), ("bpmnElement", flow.id())]);
        waypoints(&mut edge, &route.points);
        label(&mut edge, route.label.as_ref());
        push(plane, edge);
    }
}

/// Whether a drawing shows the inside of a subprocess that is drawn closed.
fn shows_closed(diagram: &Element, model: &Model, scene: &Scene) -> bool {
    let plane = diagram.children().find(|child| child.is(DI, "BPMNPlane"));
    let shown = plane.and_then(|plane| plane.attribute("bpmnElement")).and_then(|shown| model.node(shown));
    shown.and_then(|node| node.inner).is_some_and(|inner| scene.hidden.contains(&inner))
}

/// The prefix the file has for a namespace; a new one, as it is wanted if that is free.
fn prefix(root: &mut Element, wanted: &str, address: &str) -> (String, String) {
    let known = root.declarations.iter().find(|(prefix, known)| prefix.is_some() && known == address);
    if let Some((Some(prefix), _)) = known {
        return (address.to_owned(), prefix.clone());
    }
    let taken = |tried: &str| root.declarations.iter().any(|(prefix, _)| prefix.as_deref() == Some(tried));
    let free = std::iter::once(wanted.to_owned()).chain((1..).map(|at| format!("{wanted}{at}"))).find(|tried| !taken(tried));
    let free = free.unwrap_or_else(|| wanted.to_owned());
    root.declarations.push((Some(free.clone()), address.to_owned()));
    (address.to_owned(), free)
}

/// Gives every element the file's own prefix for its namespace.
fn rename(element: &mut Element, prefixes: &[(String, String)]) {
    if let Some((_, prefix)) = prefixes.iter().find(|(address, _)| element.name.namespace.as_deref() == Some(address)) {
        element.name.prefix = Some(prefix.clone());
    }
    for content in &mut element.content {
        if let Content::Element(child) = content {
            rename(child, prefixes);
        }
    }
}

/// On whole pixels: lanes beside each other keep one border.
fn snapped(bounds: &Bounds) -> Bounds {
    let (x, y) = (bounds.x.round(), bounds.y.round());
    Bounds { x, y, width: (bounds.x + bounds.width).round() - x, height: (bounds.y + bounds.height).round() - y }
}

fn waypoints(edge: &mut Element, points: &[Point]) {
    for Point { x, y } in points {
        push(edge, element("di", DD, "waypoint", &[("x", &number(*x)), ("y", &number(*y))]));
    }
}

fn label(part: &mut Element, label: Option<&Label>) {
    if let Some(label) = label {
        let mut element = element("bpmndi", DI, "BPMNLabel", &[]);
        push(&mut element, bounds(&label.bounds()));
        push(part, element);
    }
}

fn bounds(bounds: &Bounds) -> Element {
    let Bounds { x, y, width, height } = bounds;
    element(
        "dc",
        DC,
        "Bounds",
        &[("x", &number(*x)), ("y", &number(*y)), ("width", &number(width.max(1.0))), ("height", &number(height.max(1.0)))],
    )
}

/// An id that no node or flow has.
fn free_id(model: &Model, wanted: &str) -> String {
    let in_process = |model: &Model, tried: &str| {
        let aside = model.asides.all.iter().any(|aside| aside.id == tried) || model.asides.bonds.iter().any(|bond| bond.id == tried);
        tried == model.id() || model.index.contains_key(tried) || aside
    };
    let taken = |tried: &str| std::iter::once(model).chain(&model.neighbours).any(|model| in_process(model, tried));
    std::iter::once(wanted.to_owned()).chain((1..).map(|at| format!("{wanted}{at}"))).find(|tried| !taken(tried)).unwrap_or_default()
}

/// Whole pixels, as modelers write them.
fn number(value: f64) -> String {
    format!("{:.0}", value.round())
}

fn element(prefix: &str, namespace: &str, local: &str, attributes: &[(&str, &str)]) -> Element {
    let mut element = Element {
        name: Name { prefix: Some(prefix.to_owned()), local: local.to_owned(), namespace: Some(namespace.to_owned()) },
        declarations: Vec::new(),
        attributes: Vec::new(),
        content: Vec::new(),
        line: 0,
    };
    for (name, value) in attributes {
        set(&mut element, name, value);
    }
    element
}

fn set(element: &mut Element, local: &str, value: &str) {
    element.attributes.push(Attribute { name: Name { prefix: None, local: local.to_owned(), namespace: None }, value: value.to_owned() });
}

fn push(element: &mut Element, child: Element) {
    element.content.push(Content::Element(child));
}

/// Each part on a line of its own.
fn indent(element: &mut Element, depth: usize) {
    if element.content.is_empty() {
        return;
    }
    let mut content = Vec::with_capacity(element.content.len() * 2 + 1);
    for mut child in element.content.drain(..) {
        if let Content::Element(inside) = &mut child {
            indent(inside, depth + 1);
        }
        content.push(Content::Text(format!("\n{}", "  ".repeat(depth))));
        content.push(child);
    }
    content.push(Content::Text(format!("\n{}", "  ".repeat(depth - 1))));
    element.content = content;
}
