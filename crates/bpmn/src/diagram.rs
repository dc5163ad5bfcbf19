//! The drawing that came with the file (BPMN DI): places of nodes and bends of flows. Automatic layout is in `layout`.

use std::collections::{HashMap, HashSet};

use crate::{
    drawn_asides::{DrawnAside, Line, Named},
    lanes::local,
    tree::Element,
};

const DI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
const DD: &str = "http://www.omg.org/spec/DD/20100524/DI";

/// Coordinates beyond this are taken for a mistake: the drawing is then laid out anew.
const FAR: f64 = 50_000.0;

/// Places by element id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagram {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its id, when it has one.
    pub id: Option<String>,
    /// Its name, when it has one.
    pub name: Option<String>,
    /// Id of what it shows: a collaboration, a process or a subprocess.
    pub shows: Option<String>,
    /// Where nodes, pools and lanes stand.
    pub shapes: HashMap<String, Bounds>,
    /// Where their names stand, when the file says.
    pub labels: HashMap<String, Bounds>,
    /// Bends of flows, from source to target.
    pub edges: HashMap<String, Vec<Point>>,
    /// Subprocesses whose inside is not shown.
    pub collapsed: HashSet<String>,
    /// Pools first, then lanes, then what stands in them.
    pub(crate) beside: Vec<DrawnAside>,
    /// Messages and associations.
    pub(crate) lines: Vec<Line>,
}

/// A rectangle; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A point; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Diagram {
    /// Reads the diagrams of a file that show something. Shapes with impossible numbers are left out.
    pub(crate) fn all(root: &Element) -> Vec<Self> {
        let named = Named::of(root);
        let diagrams = root.children().filter(|child| child.is(DI, "BPMNDiagram")).enumerate();
        diagrams.filter_map(|(at, element)| Self::read(element, at + 1, &named)).collect()
    }

    /// Whether this is how somebody names it: by name, by id, by what it shows, or by number.
    pub(crate) fn is_called(&self, wanted: &str) -> bool {
        let wanted = wanted.trim();
        [&self.name, &self.id, &self.shows].into_iter().flatten().any(|name| name == wanted) || wanted.parse() == Ok(self.number)
    }

    fn read(element: &Element, place: usize, named: &Named<'_>) -> Option<Self> {
        let plane = element.children().find(|child| child.is(DI, "BPMNPlane"))?;
        let text = |element: &Element, name| element.attribute(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let shows = text(plane, "bpmnElement").map(|shows| local(&shows).to_owned());
        let mut diagram = Self { number: place, id: text(element, "id"), name: text(element, "name"), shows, ..Self::default() };
        for part in plane.children() {
            let Some(element) = part.attribute("bpmnElement").map(local) else {
                continue;
            };
            let label = part.children().find(|child| child.is(DI, "BPMNLabel")).and_then(bounds);
            if let Some(label) = label {
                diagram.labels.insert(element.to_owned(), label);
            }
            if part.is(DI, "BPMNShape") {
                if let Some(bounds) = bounds(part)
                    && bounds.width > 0.0
                    && bounds.height > 0.0
                {
                    diagram.beside.extend(named.shape(element, bounds, label, part.attribute("isHorizontal")));
                    diagram.shapes.insert(element.to_owned(), bounds);
                    if part.attribute("isExpanded") == Some("false") {
                        diagram.collapsed.insert(element.to_owned());
                    }
                }
            } else if part.is(DI, "BPMNEdge") {
                let points: Option<Vec<Point>> = part
                    .children()
                    .filter(|child| child.is(DD, "waypoint"))
                    .map(|child| Some(Point { x: number(child, "x")?, y: number(child, "y")? }))
                    .collect();
                if let Some(points) = points
                    && points.len() >= 2
                {
                    diagram.lines.extend(named.line(element, &points));
                    diagram.edges.insert(element.to_owned(), points);
                }
            }
        }
        diagram.beside.sort_by_key(|part| part.kind);
        (!diagram.shapes.is_empty()).then_some(diagram)
    }
}

fn bounds(part: &Element) -> Option<Bounds> {
    let bounds = part.children().find(|child| child.is(DC, "Bounds"))?;
    Some(Bounds { x: number(bounds, "x")?, y: number(bounds, "y")?, width: number(bounds, "width")?, height: number(bounds, "height")? })
}

fn number(element: &Element, name: &str) -> Option<f64> {
    let number: f64 = element.attribute(name)?.trim().parse().ok()?;
    (number.is_finite() && number.abs() <= FAR).then_some(number)
}
