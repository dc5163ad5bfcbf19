//! The shapes of BPMN: boxes, circles, diamonds with their marks, and the signs for done, open and late.

use crate::{
    diagram::Bounds,
    dress::{Dress, Look},
    model::{Node, NodeKind},
    repeat::Repeat,
    svg::{Svg, number},
    trigger::Trigger,
};

/// A node's shape with its marks, without its name.
pub(crate) fn node(svg: &mut Svg, node: &Node, bounds: &Bounds, look: &Look, pattern: &str) {
    let (x, y) = (bounds.x + bounds.width / 2.0, bounds.y + bounds.height / 2.0);
    match node.kind {
        kind if kind.is_box() => {
            let border = match kind {
                NodeKind::CallActivity => Border { width: "4", dashes: "" },
                NodeKind::EventSubProcess => Border { width: look.width, dashes: "2 3" },
                _ => Border { width: look.width, dashes: "" },
            };
            bordered(svg, bounds, 9.0, look, pattern, border);
            icon(svg, kind, bounds.x + 12.0, bounds.y + 12.0, look);
            markers(svg, node, x, bounds.y + bounds.height - 9.0, look);
            if kind.is_scope() {
                closed(svg, node, x, bounds.y + bounds.height, look);
            }
        }
        kind if kind.is_event() => event(svg, node, x, y, bounds.width.min(bounds.height) / 2.0, look),
        _ => {
            let (right, bottom) = (bounds.x + bounds.width, bounds.y + bounds.height);
            let path = format!(
                "M{} {}L{} {}L{} {}L{} {}Z",
                number(x),
                number(bounds.y),
                number(right),
                number(y),
                number(x),
                number(bottom),
                number(bounds.x),
                number(y)
            );
            svg.empty(
                "path",
                &[
                    ("class", "bpmn-shape"),
                    ("d", &path),
                    ("fill", look.fill),
                    ("stroke", look.stroke),
                    ("stroke-width", look.width),
                    ("stroke-linejoin", "round"),
                ],
            );
            gateway_mark(svg, node.kind, x, y, bounds.width.min(bounds.height) * 0.19, look);
        }
    }
}

/// A filled envelope with its flap left out.
const SENT: &str = "M-7.5-5H7.5L0 .6ZM-7.5-3.2V5H7.5V-3.2L0 2.4Z";

/// A plus in a box at the lower edge: there is more inside.
fn closed(svg: &mut Svg, node: &Node, x: f64, bottom: f64, look: &Look) {
    let x = x + if has_markers(node) { 16.0 } else { 0.0 };
    let transform = format!("translate({} {})", number(x), number(bottom - 9.0));
    let path = "M-6-6H6V6H-6ZM-3.5 0H3.5M0-3.5V3.5";
    let line = [("fill", "none"), ("stroke", look.stroke), ("stroke-width", "1.3")];
    let mut attributes = vec![("class", "bpmn-icon"), ("transform", transform.as_str()), ("d", path)];
    attributes.extend(line);
    svg.empty("path", &attributes);
}

/// Line around a box.
#[derive(Clone, Copy)]
struct Border {
    width: &'static str,
    dashes: &'static str,
}

/// A rounded box: thin for what lies ahead, thick when open, thick, dashed and hatched when late.
pub(crate) fn frame(svg: &mut Svg, bounds: &Bounds, radius: f64, look: &Look, pattern: &str) {
    bordered(svg, bounds, radius, look, pattern, Border { width: look.width, dashes: "" });
}

fn bordered(svg: &mut Svg, bounds: &Bounds, radius: f64, look: &Look, pattern: &str, border: Border) {
    let (x, y) = (number(bounds.x), number(bounds.y));
    let (width, height, radius) = (number(bounds.width), number(bounds.height), number(radius));
    let place = [("x", x.as_str()), ("y", y.as_str()), ("width", width.as_str()), ("height", height.as_str()), ("rx", radius.as_str())];
    let mut attributes = vec![("class", "bpmn-shape")];
    attributes.extend(place);
    attributes.extend([("fill", look.fill), ("stroke", look.stroke), ("stroke-width", border.width)]);
    if !look.dashes.is_empty() {
        attributes.push(("stroke-dasharray", look.dashes));
    } else if !border.dashes.is_empty() {
        attributes.push(("stroke-dasharray", border.dashes));
    }
    svg.empty("rect", &attributes);
    if !pattern.is_empty() {
        let mut attributes = place.to_vec();
        attributes.push(("fill", pattern));
        svg.empty("rect", &attributes);
    }
}

/// A frame around what stands inside a subprocess, with its markers below.
pub(crate) fn around(svg: &mut Svg, node: &Node, bounds: &Bounds, look: &Look, pattern: &str) {
    let dashes = if node.kind == NodeKind::EventSubProcess { "2 3" } else { "" };
    bordered(svg, bounds, 9.0, look, pattern, Border { width: look.width, dashes });
    markers(svg, node, bounds.x + bounds.width / 2.0, bounds.y + bounds.height - 9.0, look);
}

/// A circle: thin for a start, thick for an end, doubled in the middle of the flow, dashed when it interrupts nothing; in it what
/// is waited for (drawn in outline) or thrown (filled).
fn event(svg: &mut Svg, node: &Node, x: f64, y: f64, radius: f64, look: &Look) {
    let dashes = if node.interrupting { "" } else { "4 2.5" };
    let width = match node.kind {
        NodeKind::StartEvent => "1.8",
        NodeKind::CatchEvent | NodeKind::ThrowEvent | NodeKind::BoundaryEvent => "1.5",
        _ => "4",
    };
    ring(svg, "bpmn-shape", (x, y), radius - 1.5, [("fill", look.fill), ("stroke", look.stroke), ("stroke-width", width)], dashes);
    if width == "1.5" {
        let inner = [("fill", "none"), ("stroke", look.stroke), ("stroke-width", width)];
        ring(svg, "bpmn-icon", (x, y), radius - 4.5, inner, dashes);
    }
    if node.kind == NodeKind::TerminateEvent {
        circle(svg, "bpmn-mark", x, y, radius * 0.5, look.stroke, "none", "0");
    }
    let Some(trigger) = &node.trigger else { return };
    let throws = matches!(node.kind, NodeKind::ThrowEvent | NodeKind::EndEvent);
    let path = match trigger {
        Trigger::Message { .. } if throws => SENT,
        Trigger::Message { .. } => "M-7.5-5H7.5V5H-7.5ZM-7.5-5L0 1L7.5-5",
        Trigger::Timer(_) => "M0-8A8 8 0 1 0 0 8A8 8 0 1 0 0-8ZM0-5.5V0L3.8 2.2M0-8V-6.6M8 0H6.6M0 8V6.6M-8 0H-6.6",
        Trigger::Signal { .. } => "M0-7.5L7.5 5.5H-7.5Z",
        Trigger::Condition { .. } => "M-5.5-7H5.5V7H-5.5ZM-3-4H3M-3-1.3H3M-3 1.3H3M-3 4H3",
        Trigger::Error { .. } => "M-7 6L-2.8-6L1.8 .8L6.5-6.5L2.8 6L-1.8-.8Z",
        Trigger::Escalation { .. } => "M0-7.5L5.5 6.5L0 1L-5.5 6.5Z",
        Trigger::Compensation { .. } => "M-.5-5V5L-7.5 0ZM6.5-5V5L-.5 0Z",
        Trigger::Link { .. } => "M-7-3H1V-6L7.5 0L1 6V3H-7Z",
        Trigger::Terminate => return,
    };
    let fill = if throws { look.stroke } else { "none" };
    let stroke = if throws && matches!(trigger, Trigger::Message { .. }) { "none" } else { look.stroke };
    let transform = format!("translate({} {}) scale({})", number(x), number(y), number(radius / 17.0));
    let class = if throws { "bpmn-thrown" } else { "bpmn-icon" };
    svg.empty(
        "path",
        &[
            ("class", class),
            ("transform", &transform),
            ("d", path),
            ("fill", fill),
            ("stroke", stroke),
            ("stroke-width", "1.3"),
            ("stroke-linejoin", "round"),
        ],
    );
}

/// What is special about an activity, at its lower edge: repeated side by side, in turn, in a loop; undoing; holding others.
fn markers(svg: &mut Svg, node: &Node, x: f64, y: f64, look: &Look) {
    let repeat = match &node.repeat {
        Some(Repeat::Many(many)) if many.sequential => Some("M-5-4H5M-5 0H5M-5 4H5"),
        Some(Repeat::Many(_)) => Some("M-4-5V5M0-5V5M4-5V5"),
        Some(Repeat::Loop { .. }) => Some("M-3 4.2A5 5 0 1 1 2.2 4.5M-6.4 4.8H-2.6V.8"),
        None => None,
    };
    let undoes = node.for_compensation.then_some("M-.5-4.5V4.5L-6.5 0ZM6-4.5V4.5L0 0Z");
    let marks: Vec<&str> = repeat.into_iter().chain(undoes).collect();
    let mut x = x - if marks.len() > 1 { 8.0 } else { 0.0 };
    for path in marks {
        let transform = format!("translate({} {})", number(x), number(y));
        svg.empty(
            "path",
            &[
                ("class", "bpmn-icon"),
                ("transform", &transform),
                ("d", path),
                ("fill", "none"),
                ("stroke", look.stroke),
                ("stroke-width", "1.6"),
            ],
        );
        x += 16.0;
    }
}

/// Whether [`markers`] draws anything.
pub(crate) fn has_markers(node: &Node) -> bool {
    node.repeat.is_some() || node.for_compensation
}

/// The sign of a state or difference, such as a tick for done, a pointer for open, a plus for new.
pub(crate) fn sign(svg: &mut Svg, dress: Dress, x: f64, y: f64, scale: &str) {
    let Some((ground, figure)) = dress.sign() else { return };
    let look = dress.look();
    let (x_text, y_text) = (number(x), number(y));
    let transform = format!("translate({x_text} {y_text}) scale({scale})");
    svg.open("g", &[("transform", &transform)]);
    let common = [("class", "bpmn-sign"), ("fill", look.stroke), ("stroke", "#fff"), ("stroke-width", "1.5"), ("stroke-linejoin", "round")];
    match ground {
        Some(path) => {
            let mut attributes = common.to_vec();
            attributes.push(("d", path));
            svg.empty("path", &attributes);
        }
        None => {
            let mut attributes = common.to_vec();
            attributes.push(("r", "8"));
            svg.empty("circle", &attributes);
        }
    }
    let filled = dress == Dress::Active;
    svg.empty(
        "path",
        &[
            ("d", figure),
            ("fill", if filled { "#fff" } else { "none" }),
            ("stroke", if filled { "none" } else { "#fff" }),
            ("stroke-width", "2"),
            ("stroke-linecap", "round"),
            ("stroke-linejoin", "round"),
        ],
    );
    svg.close("g");
}

/// Who does a task, or what it does: a person, a hand, the program, a message, a table.
fn icon(svg: &mut Svg, kind: NodeKind, x: f64, y: f64, look: &Look) {
    let path = match kind {
        NodeKind::Task | NodeKind::CallActivity | NodeKind::SubProcess | NodeKind::EventSubProcess => return,
        NodeKind::SendTask => SENT,
        NodeKind::ReceiveTask => "M-6.5-4.5H6.5V4.5H-6.5ZM-6.5-4.5L0 .8L6.5-4.5",
        NodeKind::RuleTask => "M-6.5-5H6.5V5H-6.5ZM-6.5-2H6.5M-6.5 1.5H6.5M-2.5-2V5",
        NodeKind::ServiceTask => {
            "M-1.1-6H1.1L1.5-4.2L2.9-3.5L4.6-4.6L6-2.6L4.7-1.3V.9L6 2.6L4.6 4.6L2.9 3.5L1.5 4.2L1.1 6H-1.1L-1.5 4.2L-2.9 3.5L-4.6 4.6L-6 2.6L-4.7 .9V-1.3L-6-2.6L-4.6-4.6L-2.9-3.5L-1.5-4.2ZM0-2A2 2 0 1 0 0 2A2 2 0 1 0 0-2Z"
        }
        NodeKind::ManualTask => "M-5.5-2L-1.5-5.5H0L-1-3H5V-1.4H1H6V.4H1H5.4V2.2H1H4.4V4H-2.5L-5.5 2Z",
        _ => "M0-6A2.6 2.6 0 1 1 0-.8A2.6 2.6 0 1 1 0-6ZM-5 6V3.6Q-5 .6-2 .6H2Q5 .6 5 3.6V6Z",
    };
    let transform = format!("translate({} {})", number(x), number(y));
    // What is sent is drawn filled, as with events.
    let sends = kind == NodeKind::SendTask;
    svg.empty(
        "path",
        &[
            ("class", if sends { "bpmn-thrown" } else { "bpmn-icon" }),
            ("transform", &transform),
            ("d", path),
            ("fill", if sends { look.stroke } else { "none" }),
            ("stroke", if sends { "none" } else { look.stroke }),
            ("stroke-width", "1.2"),
            ("stroke-linejoin", "round"),
        ],
    );
}

/// The mark inside a gateway: × one way, + all ways, ○ some ways, a pentagon in two rings for what happens first.
fn gateway_mark(svg: &mut Svg, kind: NodeKind, x: f64, y: f64, size: f64, look: &Look) {
    if kind == NodeKind::InclusiveGateway {
        circle(svg, "bpmn-icon", x, y, size * 1.15, "none", look.stroke, "2.6");
        return;
    }
    if kind == NodeKind::EventGateway {
        circle(svg, "bpmn-icon", x, y, size * 1.5, "none", look.stroke, "1.2");
        circle(svg, "bpmn-icon", x, y, size * 1.2, "none", look.stroke, "1.2");
        let transform = format!("translate({} {}) scale({})", number(x), number(y), number(size / 10.0));
        let path = "M0-8L7.6-2.5L4.7 6.5H-4.7L-7.6-2.5Z";
        let lines = [("fill", "none"), ("stroke", look.stroke), ("stroke-width", "1.6"), ("stroke-linejoin", "round")];
        let mut attributes = vec![("class", "bpmn-icon"), ("transform", transform.as_str()), ("d", path)];
        attributes.extend(lines);
        svg.empty("path", &attributes);
        return;
    }
    let size = if kind == NodeKind::ParallelGateway { size * 1.25 } else { size };
    let (left, right) = (number(x - size), number(x + size));
    let (top, bottom) = (number(y - size), number(y + size));
    let path = if kind == NodeKind::ParallelGateway {
        format!("M{left} {y}H{right}M{x} {top}V{bottom}", x = number(x), y = number(y))
    } else {
        format!("M{left} {top}L{right} {bottom}M{right} {top}L{left} {bottom}")
    };
    svg.empty("path", &[("class", "bpmn-icon"), ("d", &path), ("stroke", look.stroke), ("stroke-width", "2.8")]);
}

#[expect(clippy::too_many_arguments, reason = "the attributes of a circle")]
fn circle(svg: &mut Svg, class: &str, x: f64, y: f64, radius: f64, fill: &str, stroke: &str, width: &str) {
    let (x, y, radius) = (number(x), number(y), number(radius));
    svg.empty(
        "circle",
        &[("class", class), ("cx", &x), ("cy", &y), ("r", &radius), ("fill", fill), ("stroke", stroke), ("stroke-width", width)],
    );
}

/// A circle that may be dashed.
fn ring(svg: &mut Svg, class: &str, (x, y): (f64, f64), radius: f64, lines: [(&str, &str); 3], dashes: &str) {
    let (x, y, radius) = (number(x), number(y), number(radius));
    let mut attributes = vec![("class", class), ("cx", x.as_str()), ("cy", y.as_str()), ("r", radius.as_str())];
    attributes.extend(lines);
    if !dashes.is_empty() {
        attributes.push(("stroke-dasharray", dashes));
    }
    svg.empty("circle", &attributes);
}
