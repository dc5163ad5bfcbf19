//! The shapes of what stands beside the flow: pools, lanes, notes, data, groups. Without state: nothing happens in them.

use crate::{
    diagram::Bounds,
    drawn_asides::{AsideKind, DrawnAside},
    dress::{INK, LINE},
    layout::{LABEL_SIZE, LEADING},
    svg::{Svg, number},
    text,
};

/// Height of the strip with the name of a pool or lane.
pub(crate) const STRIP: f64 = 30.0;

/// A pool or lane as a frame, a group dashed, data and notes as their signs, each with its name.
pub(crate) fn beside(svg: &mut Svg, part: &DrawnAside) {
    let Bounds { x, y, width, height } = part.bounds;
    svg.open("g", &[("class", "bpmn-beside")]);
    if !part.name.is_empty() {
        svg.text("title", &[], &part.name);
    }
    match part.kind {
        AsideKind::Pool | AsideKind::Lane => {
            rectangle(svg, &part.bounds, "0", "");
            if part.upright {
                lines(svg, &part.name, (x + width / 2.0, y + STRIP / 2.0), width - 8.0, 1, "");
            } else {
                let turn = format!("rotate(-90 {} {})", number(x + STRIP / 2.0), number(y + height / 2.0));
                lines(svg, &part.name, (x + STRIP / 2.0, y + height / 2.0), height - 8.0, 1, &turn);
            }
        }
        AsideKind::Group => {
            rectangle(svg, &part.bounds, "9", "9 4 2 4");
            lines(svg, &part.name, (x + width / 2.0, y - LABEL_SIZE), width.max(6.0 * LABEL_SIZE), 1, "");
        }
        AsideKind::Data | AsideKind::Store => {
            let path = if part.kind == AsideKind::Data {
                let fold = width.min(height) * 0.3;
                format!(
                    "M{l} {t}H{f}L{r} {g}V{b}H{l}ZM{f} {t}V{g}H{r}",
                    l = number(x),
                    t = number(y),
                    f = number(x + width - fold),
                    r = number(x + width),
                    g = number(y + fold),
                    b = number(y + height)
                )
            } else {
                let (rx, ry) = (width / 2.0, height * 0.14);
                let arc = |x: f64, y: f64| format!("A{} {} 0 0 0 {} {}", number(rx), number(ry), number(x), number(y));
                let (top, low) = (y + ry, y + height - ry);
                format!(
                    "M{l} {t}V{b}{under}V{t}{back}{front}",
                    l = number(x),
                    t = number(top),
                    b = number(low),
                    under = arc(x + width, low),
                    back = arc(x, top),
                    front = arc(x + width, top)
                )
            };
            svg.empty("path", &[("class", "bpmn-icon"), ("d", &path), ("fill", "none"), ("stroke", LINE), ("stroke-width", "1.4")]);
            if let Some(name) = name_of(part) {
                lines(svg, &part.name, (name.x + name.width / 2.0, name.y + name.height / 2.0), 8.0 * LABEL_SIZE, 3, "");
            }
        }
        AsideKind::Note => {
            let arm = 10.0_f64.min(width / 2.0);
            let path = format!("M{a} {t}H{l}V{b}H{a}", a = number(x + arm), l = number(x), t = number(y), b = number(y + height));
            svg.empty("path", &[("class", "bpmn-icon"), ("d", &path), ("fill", "none"), ("stroke", LINE), ("stroke-width", "1.4")]);
            let most = [6_u8, 5, 4, 3, 2].into_iter().find(|most| tall(usize::from(*most)) <= height).unwrap_or(1);
            lines(svg, &part.name, (x + width / 2.0, y + height / 2.0), width - 12.0, usize::from(most), "");
        }
    }
    svg.close("g");
}

/// Where the name of data stands: where the file says, else below. Other names stand inside, or on the frame.
pub(crate) fn name_of(part: &DrawnAside) -> Option<Bounds> {
    if !matches!(part.kind, AsideKind::Data | AsideKind::Store) || part.name.trim().is_empty() {
        return None;
    }
    let Bounds { x, y, width, height } = part.bounds;
    let lines = text::wrap(&part.name, LABEL_SIZE, 8.0 * LABEL_SIZE, 3);
    let wide = lines.iter().map(|line| text::width(line, LABEL_SIZE)).fold(0.0, f64::max);
    let (middle_x, middle_y) = match part.label {
        Some(label) => (label.x + label.width / 2.0, label.y + label.height / 2.0),
        None => (x + width / 2.0, y + height + 3.0 + tall(lines.len()) / 2.0),
    };
    Some(Bounds { x: middle_x - wide / 2.0, y: middle_y - tall(lines.len()) / 2.0, width: wide, height: tall(lines.len()) })
}

/// Room a part takes with a name that stands outside of it.
pub(crate) fn room(part: &DrawnAside) -> Bounds {
    let mut room = part.bounds;
    match part.kind {
        AsideKind::Data | AsideKind::Store => {
            if let Some(name) = name_of(part) {
                let (right, bottom) = ((room.x + room.width).max(name.x + name.width), (room.y + room.height).max(name.y + name.height));
                (room.x, room.y) = (room.x.min(name.x), room.y.min(name.y));
                (room.width, room.height) = (right - room.x, bottom - room.y);
            }
        }
        AsideKind::Group if !part.name.is_empty() => {
            room.y -= 2.0 * LABEL_SIZE;
            room.height += 2.0 * LABEL_SIZE;
        }
        AsideKind::Group | AsideKind::Pool | AsideKind::Lane | AsideKind::Note => {}
    }
    room
}

fn rectangle(svg: &mut Svg, bounds: &Bounds, radius: &str, dashes: &str) {
    let (x, y, width, height) = (number(bounds.x), number(bounds.y), number(bounds.width), number(bounds.height));
    let mut attributes =
        vec![("class", "bpmn-icon"), ("x", x.as_str()), ("y", y.as_str()), ("width", width.as_str()), ("height", height.as_str())];
    attributes.extend([("rx", radius), ("fill", "none"), ("stroke", LINE), ("stroke-width", "1.2")]);
    if !dashes.is_empty() {
        attributes.push(("stroke-dasharray", dashes));
    }
    svg.empty("rect", &attributes);
}

/// Lines around a middle.
fn lines(svg: &mut Svg, name: &str, (x, y): (f64, f64), limit: f64, most: usize, turn: &str) {
    let lines = text::wrap(name, LABEL_SIZE, limit.max(2.0 * LABEL_SIZE), most);
    if lines.is_empty() {
        return;
    }
    let (size, x) = (number(LABEL_SIZE), number(x));
    let mut attributes = vec![("class", "bpmn-text"), ("font-size", size.as_str()), ("text-anchor", "middle"), ("fill", INK)];
    if !turn.is_empty() {
        attributes.push(("transform", turn));
    }
    svg.open("text", &attributes);
    for (at, line) in lines.iter().enumerate() {
        let base = number(y - tall(lines.len()) / 2.0 + tall(at) + LABEL_SIZE * (LEADING / 2.0 + 0.36));
        svg.text("tspan", &[("x", &x), ("y", &base)], line);
    }
    svg.close("text");
}

fn tall(lines: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let lines = lines as f64;
    lines * LABEL_SIZE * LEADING
}
