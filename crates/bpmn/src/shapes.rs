//! The shapes of BPMN: boxes, circles, diamonds with their marks, and the signs for done, open and late.

use crate::{
    diagram::Bounds,
    draw::Look,
    model::NodeKind,
    progress::Mark,
    svg::{Svg, number},
};

/// A node's shape with its mark, without its name.
pub(crate) fn node(svg: &mut Svg, kind: NodeKind, bounds: &Bounds, look: &Look, mark: Mark, hatch: &str) {
    let (x, y) = (bounds.x + bounds.width / 2.0, bounds.y + bounds.height / 2.0);
    match kind {
        kind if kind.is_activity() || kind.is_scope() => {
            frame(svg, bounds, 9.0, look, mark, hatch);
            icon(svg, kind, bounds.x + 12.0, bounds.y + 12.0, look);
        }
        kind if kind.is_event() => {
            let radius = bounds.width.min(bounds.height) / 2.0;
            let width = match (kind, mark) {
                (NodeKind::StartEvent, _) => "1.8",
                _ => "4",
            };
            circle(svg, "bpmn-shape", x, y, radius - 1.5, look.fill, look.stroke, width);
            if kind == NodeKind::TerminateEvent {
                circle(svg, "bpmn-mark", x, y, radius * 0.5, look.stroke, "none", "0");
            }
        }
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
            gateway_mark(svg, kind, x, y, bounds.width.min(bounds.height) * 0.19, look);
        }
    }
}

/// A rounded box: thin for what lies ahead, thick when open, thick, dashed and hatched when late.
pub(crate) fn frame(svg: &mut Svg, bounds: &Bounds, radius: f64, look: &Look, mark: Mark, hatch: &str) {
    let (x, y) = (number(bounds.x), number(bounds.y));
    let (width, height, radius) = (number(bounds.width), number(bounds.height), number(radius));
    let place = [("x", x.as_str()), ("y", y.as_str()), ("width", width.as_str()), ("height", height.as_str()), ("rx", radius.as_str())];
    let mut attributes = vec![("class", "bpmn-shape")];
    attributes.extend(place);
    attributes.extend([("fill", look.fill), ("stroke", look.stroke), ("stroke-width", look.width)]);
    if mark == Mark::Overdue {
        attributes.push(("stroke-dasharray", "8 3"));
    }
    svg.empty("rect", &attributes);
    if mark == Mark::Overdue {
        let mut attributes = place.to_vec();
        attributes.push(("fill", hatch));
        svg.empty("rect", &attributes);
    }
}

/// The sign of a state: a tick for done, a pointer for open, an exclamation mark in a triangle for late.
pub(crate) fn sign(svg: &mut Svg, mark: Mark, look: &Look, x: f64, y: f64, scale: &str) {
    let (x_text, y_text) = (number(x), number(y));
    let (ground, figure) = match mark {
        Mark::Ahead => return,
        Mark::Done => (None, "M-3.6 .2L-1 2.8L3.8-2.6"),
        Mark::Active => (None, "M-2-3.4L3.6 0L-2 3.4Z"),
        Mark::Overdue => (Some("M0-9.5L9.5 7.5H-9.5Z"), "M0-4V2M0 4.4V5.2"),
    };
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
    let filled = mark == Mark::Active;
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

/// Who does a task: a person, a hand, the program.
fn icon(svg: &mut Svg, kind: NodeKind, x: f64, y: f64, look: &Look) {
    let path = match kind {
        NodeKind::ServiceTask => {
            "M-1.1-6H1.1L1.5-4.2L2.9-3.5L4.6-4.6L6-2.6L4.7-1.3V.9L6 2.6L4.6 4.6L2.9 3.5L1.5 4.2L1.1 6H-1.1L-1.5 4.2L-2.9 3.5L-4.6 4.6L-6 2.6L-4.7 .9V-1.3L-6-2.6L-4.6-4.6L-2.9-3.5L-1.5-4.2ZM0-2A2 2 0 1 0 0 2A2 2 0 1 0 0-2Z"
        }
        NodeKind::ManualTask => "M-5.5-2L-1.5-5.5H0L-1-3H5V-1.4H1H6V.4H1H5.4V2.2H1H4.4V4H-2.5L-5.5 2Z",
        _ => "M0-6A2.6 2.6 0 1 1 0-.8A2.6 2.6 0 1 1 0-6ZM-5 6V3.6Q-5 .6-2 .6H2Q5 .6 5 3.6V6Z",
    };
    let transform = format!("translate({} {})", number(x), number(y));
    svg.empty(
        "path",
        &[
            ("class", "bpmn-icon"),
            ("transform", &transform),
            ("d", path),
            ("fill", "none"),
            ("stroke", look.stroke),
            ("stroke-width", "1.2"),
            ("stroke-linejoin", "round"),
        ],
    );
}

/// The mark inside a gateway: × one way, + all ways, ○ some ways.
fn gateway_mark(svg: &mut Svg, kind: NodeKind, x: f64, y: f64, size: f64, look: &Look) {
    if kind == NodeKind::InclusiveGateway {
        circle(svg, "bpmn-icon", x, y, size * 1.15, "none", look.stroke, "2.6");
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
