//! Draws a process as SVG that can stand inside a page: no scripts, no fonts, ids with a prefix, state shown by shape and sign
//! as well as by colour. Where things stand is decided in `layout`; the shapes themselves are in `shapes`.

use crate::{
    aside_shapes,
    compare::{ChangeKind, Differences},
    diagram::{Bounds, Point},
    drawn_asides::{AsideKind, DrawnAside, Line, LineKind},
    dress::{Dress, HEADS, INK, LINE, Look, PAPER},
    layout::{self, Anchor, LABEL_SIZE, LEADING, Label, Orientation, Route, Scene, TASK_SIZE},
    model::{Flow, Model, Node},
    outline,
    progress::Progress,
    shapes,
    svg::{Svg, number},
    text,
    words::Words,
};

/// Rules for colours, by custom properties with fallbacks (`--bpmn-ink`, `--bpmn-paper`, `--bpmn-line`, `--bpmn-done`,
/// `--bpmn-active`, `--bpmn-overdue`, `--bpmn-changed` and their `…-fill`). Inside every drawing when [`Drawing::style`] is set; a page whose
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
.bpmn-overdue .bpmn-sign{fill:var(--bpmn-overdue,#b3261e)}\
.bpmn-added .bpmn-shape{fill:var(--bpmn-done-fill,#e8f4ec);stroke:var(--bpmn-done,#1e6f3e)}\
.bpmn-flow.bpmn-added{stroke:var(--bpmn-done,#1e6f3e)}.bpmn-head.bpmn-added,.bpmn-added .bpmn-sign{fill:var(--bpmn-done,#1e6f3e)}\
.bpmn-removed .bpmn-shape{fill:var(--bpmn-overdue-fill,#fdeeec);stroke:var(--bpmn-overdue,#b3261e)}\
.bpmn-flow.bpmn-removed{stroke:var(--bpmn-overdue,#b3261e)}.bpmn-head.bpmn-removed,.bpmn-removed .bpmn-sign{fill:var(--bpmn-overdue,#b3261e)}\
.bpmn-changed .bpmn-shape{fill:var(--bpmn-changed-fill,#fdf4e3);stroke:var(--bpmn-changed,#8a5300)}\
.bpmn-flow.bpmn-changed{stroke:var(--bpmn-changed,#8a5300)}.bpmn-head.bpmn-changed,.bpmn-changed .bpmn-sign{fill:var(--bpmn-changed,#8a5300)}";

const FONT: &str = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif";

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
    /// Whether the signs are explained below (only with progress or differences).
    pub legend: bool,
}

impl Default for Drawing {
    fn default() -> Self {
        Self { prefix: "bpmn".to_owned(), orientation: Orientation::Horizontal, words: Words::zh(), style: true, legend: true }
    }
}

/// Draws a process, with how far a run is when that is given.
#[must_use]
pub fn draw(model: &Model, progress: Option<&Progress>, drawing: &Drawing) -> String {
    marked(model, progress.map_or(Shown::Nothing, Shown::Progress), drawing)
}

/// Draws one of two versions that were [compared](crate::compare), with what is new, gone or changed: by a sign (plus, minus,
/// wave), by the line (thick, dashed, dotted), by a pattern, and by colour.
#[must_use]
pub fn draw_differences(model: &Model, differences: &Differences, drawing: &Drawing) -> String {
    marked(model, Shown::Differences(differences), drawing)
}

/// What is shown beside the process itself.
#[derive(Clone, Copy)]
enum Shown<'p> {
    Nothing,
    Progress(&'p Progress),
    Differences(&'p Differences),
}

impl Shown<'_> {
    fn is_nothing(self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// What has a sign and is explained in the legend.
    fn dresses(self) -> &'static [Dress] {
        match self {
            Self::Nothing => &[],
            Self::Progress(_) => &[Dress::Done, Dress::Active, Dress::Overdue, Dress::Plain],
            Self::Differences(_) => &[Dress::Added, Dress::Removed, Dress::Changed, Dress::Plain],
        }
    }

    fn word(self, dress: Dress, words: &Words) -> &'static str {
        match (self, dress) {
            (_, Dress::Done) => words.done,
            (_, Dress::Active) => words.active,
            (_, Dress::Overdue) => words.overdue,
            (_, Dress::Added) => words.changes.kind(Some(ChangeKind::Added)),
            (_, Dress::Removed) => words.changes.kind(Some(ChangeKind::Removed)),
            (_, Dress::Changed) => words.changes.kind(Some(ChangeKind::Changed)),
            (Self::Differences(_), Dress::Plain) => words.changes.kind(None),
            (_, Dress::Plain) => words.ahead,
        }
    }
}

fn marked(model: &Model, shown: Shown<'_>, drawing: &Drawing) -> String {
    let mut scene = layout::arrange(model, drawing.orientation);
    let prefix: String = drawing.prefix.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let legend_at = scene.height;
    let legend = (drawing.legend && !shown.is_nothing()).then(|| Legend::of(&mut scene, shown, &drawing.words));
    let mut pen =
        Pen { svg: Svg::new(), prefix, model, shown, words: &drawing.words, upright: drawing.orientation == Orientation::Vertical };
    pen.begin(&scene, drawing.style);
    // From what is around to what is inside: pools and lanes, open subprocesses, what stands beside the flow, the flow.
    let is_frame = |part: &&DrawnAside| matches!(part.kind, AsideKind::Pool | AsideKind::Lane);
    for part in scene.beside.iter().filter(is_frame) {
        aside_shapes::beside(&mut pen.svg, part);
    }
    let neighbours = || model.neighbours.iter().zip(&scene.others).filter_map(|(model, scene)| Some((model, scene.as_ref()?)));
    pen.scopes(&scene);
    for (neighbour, scene) in neighbours() {
        (pen.model, pen.shown) = (neighbour, Shown::Nothing);
        pen.scopes(scene);
    }
    for part in scene.beside.iter().filter(|part| !is_frame(part)) {
        aside_shapes::beside(&mut pen.svg, part);
    }
    pen.lines_beside(&scene.lines);
    for (neighbour, scene) in neighbours() {
        (pen.model, pen.shown) = (neighbour, Shown::Nothing);
        pen.process(scene);
    }
    (pen.model, pen.shown) = (model, shown);
    pen.process(&scene);
    if let Some(legend) = legend {
        pen.legend(&legend, legend_at);
    }
    pen.svg.close("svg");
    pen.svg.finish()
}

/// Signs and their words, in as many rows as fit the drawing's width.
struct Legend {
    entries: Vec<(Dress, f64, f64)>,
}

const LEGEND_ROW: f64 = 28.0;

impl Legend {
    fn of(scene: &mut Scene, shown: Shown<'_>, words: &Words) -> Self {
        let mut entries = Vec::new();
        let (mut x, mut y) = (14.0, 6.0);
        for dress in shown.dresses() {
            let width = 40.0 + text::width(shown.word(*dress, words), LABEL_SIZE) + 14.0;
            if x > 14.0 && x + width > scene.width {
                x = 14.0;
                y += LEGEND_ROW;
            }
            entries.push((*dress, x, y));
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
    shown: Shown<'p>,
    words: &'p Words,
    /// Events on borders stand at the right, not below.
    upright: bool,
}

impl Pen<'_> {
    fn dress(&self, node: &Node) -> Dress {
        match self.shown {
            Shown::Nothing => Dress::Plain,
            Shown::Progress(progress) => progress.mark(node).into(),
            Shown::Differences(differences) => differences.mark(node.id()).map_or(Dress::Plain, Dress::from),
        }
    }

    fn on_flow(&self, flow: &Flow) -> Dress {
        match self.shown {
            Shown::Progress(progress) if progress.taken(flow) => Dress::Done,
            Shown::Differences(differences) => differences.mark(flow.id()).map_or(Dress::Plain, Dress::from),
            _ => Dress::Plain,
        }
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
        let compares = matches!(self.shown, Shown::Differences(_));
        for (dress, name, class) in HEADS {
            if compares || matches!(dress, Dress::Plain | Dress::Done) {
                self.arrowhead(name, class, dress.look().stroke);
            }
        }
        if compares {
            self.svg.raw(&format!(
                "<pattern id=\"{prefix}-dots\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\"><circle cx=\"2\" cy=\"2\" r=\"1\" fill=\"#8a5300\" fill-opacity=\".3\"/></pattern>"
            ));
        }
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
        for dress in self.shown.dresses().iter().filter(|dress| **dress != Dress::Plain) {
            let names = names(&|node| self.dress(node) == *dress);
            if !names.is_empty() {
                text.push_str(&format!("{}{colon}{names}{stop}", self.shown.word(*dress, self.words)));
            }
        }
        text.trim_end().to_owned()
    }

    /// Subprocesses lie below all that stands in them.
    fn scopes(&mut self, scene: &Scene) {
        let model = self.model;
        let is_hidden = |node: &Node| scene.hidden.contains(&node.scope);
        let is_open = |node: &Node| node.inner.is_some_and(|inner| scene.open.contains(&inner));
        for (node, placed) in model.nodes.iter().zip(&scene.nodes).filter(|(node, _)| is_open(node) && !is_hidden(node)) {
            self.scope(node, &placed.bounds);
        }
    }

    /// Nodes and flows of one process.
    fn process(&mut self, scene: &Scene) {
        let model = self.model;
        let is_hidden = |node: &Node| scene.hidden.contains(&node.scope);
        let is_open = |node: &Node| node.inner.is_some_and(|inner| scene.open.contains(&inner));
        self.svg.open("g", &[("class", "bpmn-flows"), ("fill", "none")]);
        let mut routes: Vec<(&Flow, &Route)> =
            model.flows.iter().zip(&scene.edges).filter(|(flow, _)| !is_hidden(&model.nodes[flow.source])).collect();
        // Flows taken are drawn over the others.
        routes.sort_by_key(|(flow, _)| self.on_flow(flow) != Dress::Plain);
        for (flow, route) in &routes {
            self.flow(flow, &route.points);
        }
        self.svg.close("g");
        for (flow, route) in &routes {
            self.flow_sign(flow, &route.points);
        }
        let mut placed: Vec<_> = model.nodes.iter().zip(&scene.nodes).filter(|(node, _)| !is_open(node) && !is_hidden(node)).collect();
        // Boundary events sit on top of their activities.
        placed.sort_by_key(|(node, _)| node.attached_to.is_some());
        for (node, placed) in placed {
            self.node(node, &placed.bounds, placed.label.as_ref());
        }
        for (flow, route) in routes {
            if let Some(label) = &route.label {
                self.label(label, self.on_flow(flow));
            }
        }
    }

    fn flow(&mut self, flow: &Flow, points: &[Point]) {
        let dress = self.on_flow(flow);
        let look = dress.look();
        let (class, width) = match dress {
            Dress::Plain => ("bpmn-flow".to_owned(), "1.4"),
            _ => (format!("bpmn-flow {}", look.class), "2.6"),
        };
        let head = HEADS.iter().find(|head| head.0 == dress).map_or("arrow", |head| head.1);
        let head = format!("url(#{}-{head})", self.prefix);
        let path = rounded(points);
        let mut attributes = vec![
            ("class", class.as_str()),
            ("data-element", flow.id()),
            ("d", path.as_str()),
            ("stroke", look.stroke),
            ("stroke-width", width),
            ("marker-end", head.as_str()),
        ];
        if !look.dashes.is_empty() {
            attributes.push(("stroke-dasharray", look.dashes));
        }
        self.svg.empty("path", &attributes);
    }

    /// Messages between pools, dashed, and associations, dotted.
    fn lines_beside(&mut self, lines: &[Line]) {
        for line in lines {
            let path = rounded(&line.points);
            let head = format!("url(#{}-arrow)", self.prefix);
            let dashes = if line.kind == LineKind::Message { "7 4" } else { "1.5 3.5" };
            let mut attributes = vec![("class", "bpmn-flow"), ("d", path.as_str()), ("fill", "none"), ("stroke", LINE)];
            attributes.extend([("stroke-width", "1.3"), ("stroke-dasharray", dashes)]);
            if line.kind != LineKind::Association {
                attributes.push(("marker-end", &head));
            }
            self.svg.empty("path", &attributes);
        }
    }

    /// What happened to a flow, as a sign on its longest part.
    fn flow_sign(&mut self, flow: &Flow, points: &[Point]) {
        let dress = self.on_flow(flow);
        if !matches!(self.shown, Shown::Differences(_)) || dress == Dress::Plain {
            return;
        }
        let length = |part: &[Point]| (part[0].x - part[1].x).hypot(part[0].y - part[1].y);
        let Some(part) = points.windows(2).max_by(|one, other| length(one).total_cmp(&length(other))) else { return };
        let look = dress.look();
        let (x, y) = (f64::midpoint(part[0].x, part[1].x), f64::midpoint(part[0].y, part[1].y));
        self.svg.open("g", &[("class", look.class)]);
        let said = format!("{}{}{}", flow.name().unwrap_or(flow.id()), self.words.colon, self.shown.word(dress, self.words));
        self.svg.text("title", &[], &said);
        shapes::sign(&mut self.svg, dress, x, y, ".8");
        self.svg.close("g");
    }

    /// Opens the group of a node and says what it is.
    fn begin_node(&mut self, node: &Node, dress: Dress, look: &Look) {
        let class = format!("bpmn-node {}", look.class);
        self.svg.open("g", &[("class", &class), ("data-element", node.id())]);
        if !self.shown.is_nothing() {
            let said = format!("{}{}{}", outline::called(node), self.words.colon, self.shown.word(dress, self.words));
            self.svg.text("title", &[], &said);
        } else {
            self.svg.text("title", &[], &outline::called(node));
        }
    }

    /// A subprocess as a frame with its name at the top; its inside is drawn over it.
    fn scope(&mut self, node: &Node, bounds: &Bounds) {
        let dress = self.dress(node);
        let look = dress.look();
        self.begin_node(node, dress, &look);
        let pattern = self.pattern(&look);
        shapes::around(&mut self.svg, node, bounds, &look, &pattern);
        let lines = text::wrap(&outline::called(node), LABEL_SIZE, (bounds.width - 20.0).max(LABEL_SIZE * 2.0), 1);
        self.lines(&lines, (bounds.x + 10.0, bounds.y + 4.0), Anchor::Start, LABEL_SIZE, "bpmn-text", dress);
        if !self.shown.is_nothing() {
            shapes::sign(&mut self.svg, dress, bounds.x + bounds.width - 3.0, bounds.y + 3.0, "1");
        }
        self.svg.close("g");
    }

    fn node(&mut self, node: &Node, bounds: &Bounds, label: Option<&Label>) {
        let dress = self.dress(node);
        let look = dress.look();
        self.begin_node(node, dress, &look);
        let pattern = self.pattern(&look);
        shapes::node(&mut self.svg, node, bounds, &look, &pattern);
        if node.kind.is_box() {
            self.task_name(node, bounds);
        }
        if !self.shown.is_nothing() {
            let (x, y) = if node.kind.is_box() {
                (bounds.x + bounds.width - 3.0, bounds.y + 3.0)
            } else {
                let inset = if node.kind.is_gateway() { 0.24 } else { 0.12 };
                (bounds.x + bounds.width * (1.0 - inset), bounds.y + bounds.height * inset)
            };
            shapes::sign(&mut self.svg, dress, x, y, "1");
        }
        if let Some(label) = label {
            self.label(label, dress);
        }
        self.svg.close("g");
    }

    fn task_name(&mut self, node: &Node, bounds: &Bounds) {
        let events = !node.boundaries.is_empty();
        let markers = if shapes::has_markers(node) || (events && !self.upright) { 14.0 } else { 0.0 };
        let aside = if events && self.upright { 17.0 } else { 0.0 };
        let room = bounds.height - 8.0 - markers;
        let mut size = TASK_SIZE;
        // Names of many lines come up beside the icon and must keep clear of it.
        let wide = (bounds.width - 16.0 - aside).max(size * 2.0);
        let narrow = (bounds.width - 34.0 - aside).max(size * 2.0);
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
        let x = bounds.x + (bounds.width - aside) / 2.0 + shift;
        let y = bounds.y + (bounds.height - markers) / 2.0 - lines_tall(lines.len(), size) / 2.0;
        self.lines(&lines, (x, y), Anchor::Middle, size, "bpmn-text", self.dress(node));
    }

    fn label(&mut self, label: &Label, dress: Dress) {
        self.lines(&label.lines, (label.x, label.y), label.anchor, LABEL_SIZE, "bpmn-label", dress);
    }

    /// Address of the pattern over a box; empty for none.
    fn pattern(&self, look: &Look) -> String {
        if look.pattern.is_empty() { String::new() } else { format!("url(#{}-{})", self.prefix, look.pattern) }
    }

    fn lines(&mut self, lines: &[String], (x, top): (f64, f64), anchor: Anchor, size: f64, class: &str, dress: Dress) {
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
        if dress.is_struck() {
            attributes.push(("text-decoration", "line-through"));
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
        for (dress, x, y) in &legend.entries {
            let look = dress.look();
            let class = format!("bpmn-node {}", look.class);
            self.svg.open("g", &[("class", &class)]);
            let bounds = Bounds { x: *x, y: top + y + 2.0, width: 27.0, height: 17.0 };
            let pattern = self.pattern(&look);
            shapes::frame(&mut self.svg, &bounds, 4.0, &look, &pattern);
            shapes::sign(&mut self.svg, *dress, bounds.x + 26.0, bounds.y + 2.0, ".8");
            let word = self.shown.word(*dress, self.words).to_owned();
            self.lines(&[word], (x + 38.0, top + y + 3.0), Anchor::Start, LABEL_SIZE, "bpmn-text", *dress);
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
