//! What a file's drawing shows beside nodes and flows: pools, lanes, notes, data, groups, and the dotted lines between them.
//! It has no effect on a run; here is only what is needed to draw it where the file says.

use std::collections::HashMap;

use crate::{
    diagram::{Bounds, Point},
    tree::Element,
};

/// Something beside the flow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Beside {
    /// Id of what it shows.
    pub(crate) element: String,
    pub(crate) kind: BesideKind,
    pub(crate) name: String,
    pub(crate) bounds: Bounds,
    /// Pools and lanes: the name stands above instead of at the left.
    pub(crate) upright: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BesideKind {
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
    /// A message between pools, as opposed to an association.
    pub(crate) message: bool,
    pub(crate) points: Vec<Point>,
}

/// What each id stands for, of those that are drawn beside the flow.
#[derive(Default)]
pub(crate) struct Named<'d> {
    shapes: HashMap<&'d str, (BesideKind, String)>,
    lines: HashMap<&'d str, bool>,
}

impl<'d> Named<'d> {
    pub(crate) fn of(root: &'d Element) -> Self {
        let mut named = Self::default();
        let mut groups: Vec<(&str, &str)> = Vec::new();
        let mut categories: HashMap<&str, &str> = HashMap::new();
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            open.extend(element.children());
            let Some(id) = element.attribute("id") else { continue };
            let name = || element.attribute("name").unwrap_or_default().trim().to_owned();
            let kind = match element.name.local.as_str() {
                "participant" => BesideKind::Pool,
                "lane" => BesideKind::Lane,
                "dataObjectReference" | "dataInput" | "dataOutput" => BesideKind::Data,
                "dataStoreReference" => BesideKind::Store,
                "textAnnotation" => {
                    let text = element.children().find(|child| child.name.local == "text").map(Element::text);
                    named.shapes.insert(id, (BesideKind::Note, text.unwrap_or_default()));
                    continue;
                }
                "group" => {
                    groups.push((id, element.attribute("categoryValueRef").unwrap_or_default()));
                    continue;
                }
                "categoryValue" => {
                    categories.insert(id, element.attribute("value").unwrap_or_default());
                    continue;
                }
                "association" | "dataInputAssociation" | "dataOutputAssociation" => {
                    named.lines.insert(id, false);
                    continue;
                }
                "messageFlow" => {
                    named.lines.insert(id, true);
                    continue;
                }
                _ => continue,
            };
            named.shapes.insert(id, (kind, name()));
        }
        for (id, value) in groups {
            let value = value.rsplit(':').next().unwrap_or_default();
            named.shapes.insert(id, (BesideKind::Group, categories.get(value).copied().unwrap_or_default().to_owned()));
        }
        named
    }

    /// A shape of the diagram, when it stands beside the flow.
    pub(crate) fn shape(&self, element: &str, bounds: Bounds, is_horizontal: Option<&str>) -> Option<Beside> {
        let (kind, name) = self.shapes.get(element)?;
        Some(Beside { element: element.to_owned(), kind: *kind, name: name.clone(), bounds, upright: is_horizontal == Some("false") })
    }

    /// An edge of the diagram, when it is no sequence flow.
    pub(crate) fn line(&self, element: &str, points: &[Point]) -> Option<Line> {
        Some(Line { element: element.to_owned(), message: *self.lines.get(element)?, points: points.to_vec() })
    }
}
