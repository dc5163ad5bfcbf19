//! Draws a process as SVG that can stand inside a page: no scripts, no fonts, ids with a prefix, state shown by shape and sign
//! as well as by colour. Where things stand is decided in `layout`; the shapes themselves are in `shapes`.

use crate::{
    diagram::{Bounds, Point},
    layout::{self, Anchor, LABEL_SIZE, LEADING, Label, Orientation, Route, Scene, TASK_SIZE},
    model::{Flow, Model, Node},
    outline,
    progress::{Mark, Progress},
    shapes,
    svg::{Svg, number},
    text,
    words::Words,
};

/// Rules for colours, by custom properties with fallbacks (`--bpmn-ink`, `--bpmn-paper`, `--bpmn-line`, `--bpmn-done`,
/// `--bpmn-active`, `--bpmn-overdue` and their `…-fill`). Inside every drawing when [`Drawing::style`] is set; a page whose
/// policy forbids style elements puts it into its own style sheet. Without it the drawing has fixed colours.
pub const STYLESHEET: &str = "\
.bpmn{max-width:100%;height:auto}\
.bpmn-text{fill:var(--bpmn-ink,#1b1f23)}\
.bpmn-label{fill:var(--bpmn-ink,#1b1f23);stroke:var(--bpmn-paper,#fff)}\
.bpmn-shape{fill:var(--bpmn-paper,#fff);stroke:var(--bpmn-line,#5b6670)}\
.bpmn-flow{stroke:var(--bpmn-line,#5b6670)}.bpmn-head{fill:var(--bpmn-line,#5b6670)}\
.bpmn-icon{stroke:var(--bpmn-line,#5b6670)}\
.bpmn-done .bpmn-shape{fill:var(--bpmn-done-fill,#e8f4ec);stroke:var(--bpmn-done,#1e6f3e)}\
.bpmn-flow.bpmn-done{stroke:var(--bpmn-done,#1e6f3e)}.bpmn-head.bpmn-done,.bpmn-done .bpmn-sign{fill:var(--bpmn-done,#1e6f3e)}\
.bpmn-active .bpmn-shape{fill:var(--bpmn-active-fill,#e7f0fb);stroke:var(--bpmn-active,#1a56a8)}\
.bpmn-active .bpmn-sign{fill:var(--bpmn-active,#1a56a8)}\
.bpmn-overdue .bpmn-shape{fill:var(--bpmn-overdue-fill,#fdeeec);stroke:var(--bpmn-overdue,#b3261e)}\
.bpmn-overdue .bpmn-sign{fill:var(--bpmn-overdue,#b3261e)}";

const FONT: &str = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif";

/// Colours without the style sheet: ink, paper, line.
const INK: &str = "#1b1f23";
const PAPER: &str = "#fff";
pub(crate) const LINE: &str = "#5b6670";

/// How to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Put before every id in the drawing, so that two drawings can stand on one page. Letters, digits and `-`; other
    /// characters are left out.
    pub prefix: String,
    /// Which way the flow runs.
    pub orientation: Orientation,
    /// Words beside the names in the file.
    pub words: Words,
    /// Whether the style sheet is put inside.
    pub style: bool,
    /// Whether the signs are explained below (only with progress).
    pub legend: bool,
}

impl Default for Drawing {
    fn default() -> Self {
        Self { prefix: "bpmn".to_owned(), orientation: Orientation::Horizontal, words: Words::zh(), style: true, legend: true }
    }
}

/// Colours and strength of a state.
pub(crate) struct Look {
    pub(crate) class: &'static str,
    pub(crate) fill: &'static str,
    pub(crate) stroke: &'static str,
    pub(crate) width: &'static str,
}

pub(crate) fn look(mark: Mark) -> Look {
    match mark {
        Mark::Ahead => Look { class: "bpmn-ahead", fill: PAPER, stroke: LINE, width: "1.4" },
        Mark::Done => Look { class: "bpmn-done", fill: "#e8f4ec", stroke: "#1e6f3e", width: "1.6" },
        Mark::Active => Look { class: "bpmn-active", fill: "#e7f0fb", stroke: "#1a56a8", width: "3" },
        Mark::Overdue => Look { class: "bpmn-overdue", fill: "#fdeeec", stroke: "#b3261e", width: "3" },
    }
}

/// Draws a process, with how far a run is when that is given.
#[must_use]
pub fn draw(model: &Model, progress: Option<&Progress>, drawing: &Drawing) -> String {
    let mut scene = layout::arrange(model, drawing.orientation);
    let prefix: String = drawing.prefix.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let legend_at = scene.height;
    let legend = progress.filter(|_| drawing.legend).map(|_| Legend::of(&mut scene, &drawing.words));
    let mut pen = Pen { svg: Svg::new(), prefix, model, progress, words: &drawing.words };
    pen.begin(&scene, drawing.style);
    // Subprocesses lie below all that stands in them.
    let is_open = |node: &Node| node.inner.is_some_and(|inner| scene.open.contains(&inner));
    for (node, placed) in model.nodes.iter().zip(&scene.nodes).filter(|(node, _)| is_open(node)) {
        pen.scope(node, &placed.bounds);
    }
    pen.svg.open("g", &[("class", "bpmn-flows"), ("fill", "none")]);
    let mut routes: Vec<(&Flow, &Route)> = model.flows.iter().zip(&scene.edges).collect();
    // Flows taken are drawn over the others.
    routes.sort_by_key(|(flow, _)| pen.taken(flow));
    for (flow, route) in &routes {
        pen.flow(flow, &route.points);
    }
    pen.svg.close("g");
    let mut placed: Vec<_> = model.nodes.iter().zip(&scene.nodes).filter(|(node, _)| !is_open(node)).collect();
    // Boundary events sit on top of their activities.
    placed.sort_by_key(|(node, _)| node.attached_to.is_some());
    for (node, placed) in placed {
        pen.node(node, &placed.bounds, placed.label.as_ref());
    }
    for (_, route) in routes {
        if let Some(label) = &route.label {
            pen.label(label);
        }
    }
    if let Some(legend) = legend {
        pen.legend(&legend, legend_at);
    }
    pen.svg.close("svg");
    pen.svg.finish()
}

/// Signs and their words, in as many rows as fit the drawing's width.
struct Legend {
    entries: Vec<(Mark, f64, f64)>,
}

const LEGEND_ROW: f64 = 28.0;

impl Legend {
    fn of(scene: &mut Scene, words: &Words) -> Self {
        let mut entries = Vec::new();
        let (mut x, mut y) = (14.0, 6.0);
        for mark in [Mark::Done, Mark::Active, Mark::Overdue, Mark::Ahead] {
            let width = 40.0 + text::width(words.mark(mark), LABEL_SIZE) + 14.0;
            if x > 14.0 && x + width > scene.width {
                x = 14.0;
                y += LEGEND_ROW;
            }
            entries.push((mark, x, y));
            x += width;
            scene.width = scene.width.max(x);
        }
        scene.height += y + LEGEND_ROW + 4.0;
        Self { entries }
    }
}

struct Pen<'p> {
    svg: Svg,
    prefix: String,
    model: &'p Model,
    progress: Option<&'p Progress>,
    words: &'p Words,
}

impl Pen<'_> {
    fn mark(&self, node: &Node) -> Mark {
        self.progress.map_or(Mark::Ahead, |progress| progress.mark(node))
    }

    fn taken(&self, flow: &Flow) -> bool {
        self.progress.is_some_and(|progress| progress.taken(flow))
    }

    fn begin(&mut self, scene: &Scene, style: bool) {
        let (width, height) = (number(scene.width), number(scene.height));
        let prefix = self.prefix.clone();
        let (title, about) = (format!("{prefix}-title"), format!("{prefix}-about"));
        self.svg.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("class", "bpmn"),
                ("width", &width),
                ("height", &height),
                ("viewBox", &format!("0 0 {width} {height}")),
                ("role", "img"),
                ("aria-labelledby", &format!("{title} {about}")),
                ("font-family", FONT),
            ],
        );
        self.svg.text("title", &[("id", &title)], self.model.name().unwrap_or(self.words.process));
        let description = self.description();
        self.svg.text("desc", &[("id", &about)], &description);
        if style {
            self.svg.open("style", &[]);
            self.svg.raw(STYLESHEET);
            self.svg.close("style");
        }
        self.svg.open("defs", &[]);
        self.arrowhead("arrow", "bpmn-head", LINE);
        self.arrowhead("arrow-done", "bpmn-head bpmn-done", look(Mark::Done).stroke);
        self.svg.raw(&format!(
            "<pattern id=\"{prefix}-hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V7\" stroke=\"#b3261e\" stroke-opacity=\".28\" stroke-width=\"2.4\"/></pattern>"
        ));
        self.svg.close("defs");
    }

    fn arrowhead(&mut self, name: &str, class: &str, fill: &str) {
        let id = format!("{}-{name}", self.prefix);
        self.svg.open(
            "marker",
            &[
                ("id", &id),
                ("viewBox", "0 0 10 10"),
                ("refX", "9"),
                ("refY", "5"),
                ("markerWidth", "9"),
                ("markerHeight", "9"),
                ("markerUnits", "userSpaceOnUse"),
                ("orient", "auto"),
            ],
        );
        self.svg.empty("path", &[("class", class), ("d", "M0 .8L10 5L0 9.2Z"), ("fill", fill)]);
        self.svg.close("marker");
    }

    /// What a screen reader says of the picture: steps in order, and which are done, open, late.
    fn description(&self) -> String {
        let Words { colon, comma, stop, .. } = self.words;
        let order = outline::reading_order(self.model);
        let names = |wanted: &dyn Fn(&Node) -> bool| {
            order
                .iter()
                .map(|at| &self.model.nodes[*at])
                .filter(|node| node.kind.is_activity() && wanted(node))
                .map(outline::called)
                .collect::<Vec<_>>()
                .join(comma)
        };
        let mut text = format!("{}{colon}{}{stop}", self.words.steps, names(&|_| true));
        if self.progress.is_some() {
            for mark in [Mark::Done, Mark::Active, Mark::Overdue] {
                let names = names(&|node| self.mark(node) == mark);
                if !names.is_empty() {
                    text.push_str(&format!("{}{colon}{names}{stop}", self.words.mark(mark)));
                }
            }
        }
        text.trim_end().to_owned()
    }

    fn flow(&mut self, flow: &Flow, points: &[Point]) {
        let taken = self.taken(flow);
        let (class, stroke, width, head) =
            if taken { ("bpmn-flow bpmn-done", look(Mark::Done).stroke, "2.6", "arrow-done") } else { ("bpmn-flow", LINE, "1.4", "arrow") };
        let head = format!("url(#{}-{head})", self.prefix);
        let path = rounded(points);
        self.svg.empty(
            "path",
            &[
                ("class", class),
                ("data-element", flow.id()),
                ("d", &path),
                ("stroke", stroke),
                ("stroke-width", width),
                ("marker-end", &head),
            ],
        );
    }

    /// Opens the group of a node and says what it is.
    fn begin_node(&mut self, node: &Node, mark: Mark, look: &Look) {
        let class = format!("bpmn-node {}", look.class);
        self.svg.open("g", &[("class", &class), ("data-element", node.id())]);
        if self.progress.is_some() {
            let said = format!("{}{}{}", outline::called(node), self.words.colon, self.words.mark(mark));
            self.svg.text("title", &[], &said);
        } else {
            self.svg.text("title", &[], &outline::called(node));
        }
    }

    /// A subprocess as a frame with its name at the top; its inside is drawn over it.
    fn scope(&mut self, node: &Node, bounds: &Bounds) {
        let mark = self.mark(node);
        let look = look(mark);
        self.begin_node(node, mark, &look);
        let hatch = format!("url(#{}-hatch)", self.prefix);
        shapes::around(&mut self.svg, node, bounds, &look, mark, &hatch);
        let lines = text::wrap(&outline::called(node), LABEL_SIZE, (bounds.width - 20.0).max(LABEL_SIZE * 2.0), 1);
        self.lines(&lines, bounds.x + 10.0, bounds.y + 4.0, Anchor::Start, LABEL_SIZE, "bpmn-text");
        if self.progress.is_some() {
            shapes::sign(&mut self.svg, mark, &look, bounds.x + bounds.width - 3.0, bounds.y + 3.0, "1");
        }
        self.svg.close("g");
    }

    fn node(&mut self, node: &Node, bounds: &Bounds, label: Option<&Label>) {
        let mark = self.mark(node);
        let look = look(mark);
        self.begin_node(node, mark, &look);
        let hatch = format!("url(#{}-hatch)", self.prefix);
        shapes::node(&mut self.svg, node, bounds, &look, mark, &hatch);
        if node.kind.is_box() {
            self.task_name(node, bounds);
        }
        if self.progress.is_some() {
            let (x, y) = if node.kind.is_box() {
                (bounds.x + bounds.width - 3.0, bounds.y + 3.0)
            } else {
                let inset = if node.kind.is_gateway() { 0.24 } else { 0.12 };
                (bounds.x + bounds.width * (1.0 - inset), bounds.y + bounds.height * inset)
            };
            shapes::sign(&mut self.svg, mark, &look, x, y, "1");
        }
        if let Some(label) = label {
            self.label(label);
        }
        self.svg.close("g");
    }

    fn task_name(&mut self, node: &Node, bounds: &Bounds) {
        let markers = if shapes::has_markers(node) { 14.0 } else { 0.0 };
        let room = bounds.height - 8.0 - markers;
        let mut size = TASK_SIZE;
        // Names of many lines come up beside the icon and must keep clear of it.
        let wide = (bounds.width - 16.0).max(size * 2.0);
        let narrow = (bounds.width - 34.0).max(size * 2.0);
        let lines = text::wrap(&outline::called(node), size, wide, 99).len();
        let beside_icon = (bounds.height - markers - lines_tall(lines, size)) / 2.0 < 19.0;
        let limit = if beside_icon { narrow } else { wide };
        let shift = if beside_icon { 3.0 } else { 0.0 };
        let mut lines = text::wrap(&outline::called(node), size, limit, 99);
        while lines_tall(lines.len(), size) > room && size > 9.5 {
            size -= 0.5;
            lines = text::wrap(&outline::called(node), size, limit, 99);
        }
        let most = (1..=6).rev().find(|most| lines_tall(*most, size) <= room).unwrap_or(1);
        lines = text::wrap(&outline::called(node), size, limit, most);
        let x = bounds.x + bounds.width / 2.0 + shift;
        let y = bounds.y + (bounds.height - markers) / 2.0 - lines_tall(lines.len(), size) / 2.0;
        self.lines(&lines, x, y, Anchor::Middle, size, "bpmn-text");
    }

    fn label(&mut self, label: &Label) {
        self.lines(&label.lines, label.x, label.y, label.anchor, LABEL_SIZE, "bpmn-label");
    }

    fn lines(&mut self, lines: &[String], x: f64, top: f64, anchor: Anchor, size: f64, class: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let size_text = number(size);
        let mut attributes = vec![("class", class), ("font-size", size_text.as_str()), ("text-anchor", anchor), ("fill", INK)];
        if class == "bpmn-label" {
            // A halo keeps names readable where a flow passes behind them.
            attributes.extend([("stroke", PAPER), ("stroke-width", "3.5"), ("stroke-linejoin", "round"), ("paint-order", "stroke")]);
        }
        self.svg.open("text", &attributes);
        let x = number(x);
        for (at, line) in lines.iter().enumerate() {
            // The middle of Chinese characters lies about 0.36 em above the base line.
            let y = number(top + lines_tall(at, size) + size * (LEADING / 2.0 + 0.36));
            self.svg.text("tspan", &[("x", &x), ("y", &y)], line);
        }
        self.svg.close("text");
    }

    fn legend(&mut self, legend: &Legend, top: f64) {
        self.svg.open("g", &[("class", "bpmn-legend"), ("aria-hidden", "true")]);
        for (mark, x, y) in &legend.entries {
            let look = look(*mark);
            let class = format!("bpmn-node {}", look.class);
            self.svg.open("g", &[("class", &class)]);
            let bounds = Bounds { x: *x, y: top + y + 2.0, width: 27.0, height: 17.0 };
            let hatch = format!("url(#{}-hatch)", self.prefix);
            shapes::frame(&mut self.svg, &bounds, 4.0, &look, *mark, &hatch);
            shapes::sign(&mut self.svg, *mark, &look, bounds.x + 26.0, bounds.y + 2.0, ".8");
            self.lines(&[self.words.mark(*mark).to_owned()], x + 38.0, top + y + 3.0, Anchor::Start, LABEL_SIZE, "bpmn-text");
            self.svg.close("g");
        }
        self.svg.close("g");
    }
}

fn lines_tall(lines: usize, size: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let lines = lines as f64;
    lines * size * LEADING
}

/// A path with small rounded corners.
fn rounded(points: &[Point]) -> String {
    const RADIUS: f64 = 6.0;
    let points = without_repeats(points);
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let spot = |point: &Point| format!("{} {}", number(point.x), number(point.y));
        if at == 0 {
            path.push_str(&format!("M{}", spot(point)));
            continue;
        }
        let Some(next) = points.get(at + 1) else {
            path.push_str(&format!("L{}", spot(point)));
            continue;
        };
        let before = towards(point, &points[at - 1], RADIUS);
        let after = towards(point, next, RADIUS);
        path.push_str(&format!("L{}Q{} {}", spot(&before), spot(point), spot(&after)));
    }
    path
}

/// The point at most `distance` (and at most half the way) from one point towards another.
fn towards(from: &Point, to: &Point, distance: f64) -> Point {
    let length = (to.x - from.x).hypot(to.y - from.y).max(0.001);
    let part = (distance / length).min(0.5);
    Point { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

/// Without points that repeat the one before or lie straight on the way.
fn without_repeats(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if let [.., one, last] = kept.as_slice() {
            let turn = (last.x - one.x) * (point.y - last.y) - (last.y - one.y) * (point.x - last.x);
            let onward = (last.x - one.x) * (point.x - last.x) + (last.y - one.y) * (point.y - last.y);
            if turn.abs() < 0.01 && onward >= 0.0 {
                kept.pop();
            }
        }
        let repeats = kept.last().is_some_and(|last| (last.x - point.x).abs() + (last.y - point.y).abs() < 0.01);
        if !repeats {
            kept.push(*point);
        }
    }
    kept
}
