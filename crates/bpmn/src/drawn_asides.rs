//! What a file's drawing shows beside nodes and flows: pools, lanes, notes, data, groups, and the dotted lines between them.
//! It has no effect on a run; here is only what is needed to draw it where the file says.

use std::collections::HashMap;

use crate::{
    diagram::{Bounds, Point},
    tree::Element,
};

/// Something beside the flow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DrawnAside {
    /// Id of what it shows.
    pub(crate) element: String,
    pub(crate) kind: AsideKind,
    pub(crate) name: String,
    pub(crate) bounds: Bounds,
    /// Pools and lanes: the name stands above instead of at the left.
    pub(crate) upright: bool,
    /// Where the name of data stands, when not below it.
    pub(crate) label: Option<Bounds>,
}

impl DrawnAside {
    pub(crate) fn move_by(&mut self, dx: f64, dy: f64) {
        for bounds in std::iter::once(&mut self.bounds).chain(&mut self.label) {
            bounds.x += dx;
            bounds.y += dy;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AsideKind {
    Pool,
    Lane,
    Group,
    Data,
    Store,
    Note,
}

/// A line that is no sequence flow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Id of what it shows.
    pub(crate) element: String,
    pub(crate) kind: LineKind,
    pub(crate) points: Vec<Point>,
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// A message between pools.
    Message,
    /// Data that is read or written, or another association with a direction.
    Data,
    /// An association without direction.
    Association,
}

/// What each id stands for, of those that are drawn beside the flow.
#[derive(Default)]
pub(crate) struct Named<'d> {
    shapes: HashMap<&'d str, (AsideKind, String)>,
    lines: HashMap<&'d str, LineKind>,
    /// Groups with the category value each shows.
    groups: Vec<(&'d str, &'d str)>,
}

impl<'d> Named<'d> {
    pub(crate) fn of(root: &'d Element) -> Self {
        let mut named = Self::default();
        let mut categories: HashMap<&str, &str> = HashMap::new();
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            open.extend(element.children());
            let Some(id) = element.attribute("id") else { continue };
            let name = || element.attribute("name").unwrap_or_default().trim().to_owned();
            let kind = match element.name.local.as_str() {
                "participant" => AsideKind::Pool,
                "lane" => AsideKind::Lane,
                "dataObjectReference" | "dataObject" | "dataInput" | "dataOutput" => AsideKind::Data,
                "dataStoreReference" => AsideKind::Store,
                "textAnnotation" => {
                    let text = element.children().find(|child| child.name.local == "text").map(Element::text);
                    named.shapes.insert(id, (AsideKind::Note, text.unwrap_or_default()));
                    continue;
                }
                "group" => {
                    let value = element.attribute("categoryValueRef").unwrap_or_default();
                    named.groups.push((id, value.rsplit(':').next().unwrap_or_default()));
                    continue;
                }
                "categoryValue" => {
                    categories.insert(id, element.attribute("value").unwrap_or_default());
                    continue;
                }
                "association" if !matches!(element.attribute("associationDirection"), Some("One" | "Both")) => {
                    named.lines.insert(id, LineKind::Association);
                    continue;
                }
                "association" | "dataInputAssociation" | "dataOutputAssociation" => {
                    named.lines.insert(id, LineKind::Data);
                    continue;
                }
                "messageFlow" => {
                    named.lines.insert(id, LineKind::Message);
                    continue;
                }
                _ => continue,
            };
            let state = element.children().find(|child| child.name.local == "dataState").and_then(|state| state.attribute("name"));
            let name = match state.map(str::trim).filter(|state| !state.is_empty()) {
                Some(state) => format!("{} [{state}]", name()).trim_start().to_owned(),
                None => name(),
            };
            named.shapes.insert(id, (kind, name));
        }
        for (id, value) in &named.groups {
            let name = categories.get(value).copied().unwrap_or_default();
            named.shapes.insert(id, (AsideKind::Group, name.to_owned()));
        }
        named
    }

    /// Kind and name of what stands beside the flow.
    pub(crate) fn known(&self, element: &str) -> Option<(AsideKind, &str)> {
        self.shapes.get(element).map(|(kind, name)| (*kind, name.as_str()))
    }

    /// The groups that show a category value.
    pub(crate) fn groups_of(&self, value: &str) -> impl Iterator<Item = &'d str> {
        self.groups.iter().filter(move |(_, shown)| *shown == value).map(|(group, _)| *group)
    }

    /// A shape of the diagram, when it stands beside the flow.
    pub(crate) fn shape(&self, element: &str, bounds: Bounds, label: Option<Bounds>, is_horizontal: Option<&str>) -> Option<DrawnAside> {
        let (kind, name) = self.known(element)?;
        let upright = is_horizontal == Some("false");
        Some(DrawnAside { element: element.to_owned(), kind, name: name.to_owned(), bounds, upright, label })
    }

    /// An edge of the diagram, when it is no sequence flow.
    pub(crate) fn line(&self, element: &str, points: &[Point]) -> Option<Line> {
        Some(Line { element: element.to_owned(), kind: *self.lines.get(element)?, points: points.to_vec() })
    }
}
