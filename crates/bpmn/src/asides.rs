//! Notes, data and groups of a process, and what binds them to it. They have no effect on a run; the automatic layout puts each
//! of them beside what it belongs to.

use std::collections::{HashMap, HashSet};

use crate::{
    drawn_asides::{AsideKind, LineKind, Named},
    lanes::local,
    model::{Model, Place},
    read::BPMN,
    tree::Element,
};

/// What stands beside the flow of a process, and the lines that are no flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asides {
    /// In the order of the file.
    pub(crate) all: Vec<Aside>,
    pub(crate) bonds: Vec<Bond>,
    /// The other parties of the collaboration, in the order of the file.
    pub(crate) parties: Vec<Party>,
}

/// A note, a data object or store, a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aside {
    pub(crate) id: String,
    pub(crate) kind: AsideKind,
    pub(crate) name: String,
    /// Scope it stands in.
    pub(crate) scope: usize,
    /// What a group holds: nodes by number.
    pub(crate) members: Vec<usize>,
}

/// An association, a data association or a message flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bond {
    pub(crate) id: String,
    pub(crate) kind: LineKind,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Another participant of the collaboration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Whether it stands before the process that runs.
    pub(crate) before: bool,
    /// Number among the model's neighbours of the process it shows.
    pub(crate) neighbour: Option<usize>,
}

impl Asides {
    /// Reads what stands beside a process. With `shared`, what stands in its collaboration too.
    pub(crate) fn of(root: &Element, process: &Element, model: &Model, shared: bool) -> Self {
        let mut reading =
            Reading { named: Named::of(root), model, referred: referred(process), groups: HashMap::new(), asides: Self::default() };
        reading.scope(process, 0);
        if shared && let Some(pool) = &model.lanes.pool {
            let collaborations = parts(root, "collaboration");
            for collaboration in
                collaborations.filter(|collaboration| collaboration.attribute("id").unwrap_or_default() == pool.collaboration)
            {
                reading.collaboration(collaboration);
            }
        }
        let Reading { groups, mut asides, .. } = reading;
        for aside in &mut asides.all {
            if let Some(members) = groups.get(&aside.id) {
                aside.members.clone_from(members);
            }
        }
        asides
    }
}

struct Reading<'d> {
    named: Named<'d>,
    model: &'d Model,
    /// Data objects that are shown by references to them.
    referred: HashSet<&'d str>,
    /// Members of each group.
    groups: HashMap<String, Vec<usize>>,
    asides: Asides,
}

impl<'d> Reading<'d> {
    /// Recursion is bounded by the depth of the file.
    fn scope(&mut self, element: &'d Element, scope: usize) {
        for part in ours(element) {
            match part.name.local.as_str() {
                "textAnnotation" | "group" | "dataObjectReference" | "dataStoreReference" => self.aside(part, scope),
                "dataObject" if !part.attribute("id").is_some_and(|id| self.referred.contains(id)) => self.aside(part, scope),
                "ioSpecification" if scope == 0 => {
                    for data in ours(part).filter(|part| matches!(part.name.local.as_str(), "dataInput" | "dataOutput")) {
                        self.aside(data, scope);
                    }
                }
                "association" => self.association(part),
                _ => self.node(part),
            }
        }
    }

    fn node(&mut self, element: &'d Element) {
        let Some(id) = element.attribute("id") else { return };
        let Some(Place::Node(at)) = self.model.index.get(id) else { return };
        for part in ours(element) {
            match part.name.local.as_str() {
                "dataInputAssociation" => {
                    for source in parts(part, "sourceRef") {
                        self.bond(part, LineKind::Data, local(source.text().trim()), id);
                    }
                }
                "dataOutputAssociation" => {
                    for target in parts(part, "targetRef") {
                        self.bond(part, LineKind::Data, id, local(target.text().trim()));
                    }
                }
                "categoryValueRef" => {
                    let value = part.text();
                    for group in self.named.groups_of(local(value.trim())) {
                        self.groups.entry(group.to_owned()).or_default().push(*at);
                    }
                }
                _ => {}
            }
        }
        if let Some(inner) = self.model.nodes[*at].inner {
            self.scope(element, inner);
        }
    }

    fn collaboration(&mut self, collaboration: &'d Element) {
        let own = self.model.lanes.pool.as_ref().map(|pool| pool.id.as_str());
        let mut before = true;
        for part in ours(collaboration) {
            match part.name.local.as_str() {
                "textAnnotation" | "group" => self.aside(part, 0),
                "association" => self.association(part),
                "messageFlow" => {
                    let end = |name| local(part.attribute(name).unwrap_or_default());
                    self.bond(part, LineKind::Message, end("sourceRef"), end("targetRef"));
                }
                "participant" if part.attribute("id") == own => before = false,
                "participant" => {
                    let text = |name| part.attribute(name).unwrap_or_default().trim().to_owned();
                    self.asides.parties.push(Party { id: text("id"), name: text("name"), before, neighbour: None });
                }
                _ => {}
            }
        }
    }

    fn aside(&mut self, element: &Element, scope: usize) {
        let Some(id) = element.attribute("id") else { return };
        let Some((kind, name)) = self.named.known(id) else { return };
        self.asides.all.push(Aside { id: id.to_owned(), kind, name: name.to_owned(), scope, members: Vec::new() });
    }

    fn association(&mut self, element: &Element) {
        let kind = match element.attribute("associationDirection") {
            Some("One" | "Both") => LineKind::Data,
            _ => LineKind::Association,
        };
        let end = |name| local(element.attribute(name).unwrap_or_default());
        self.bond(element, kind, end("sourceRef"), end("targetRef"));
    }

    fn bond(&mut self, element: &Element, kind: LineKind, from: &str, to: &str) {
        let id = element.attribute("id").unwrap_or_default();
        self.asides.bonds.push(Bond { id: id.to_owned(), kind, from: from.to_owned(), to: to.to_owned() });
    }
}

/// Data objects that references of the process show.
fn referred(process: &Element) -> HashSet<&str> {
    let mut referred = HashSet::new();
    let mut open = vec![process];
    while let Some(element) = open.pop() {
        open.extend(element.children());
        if element.is(BPMN, "dataObjectReference") {
            referred.extend(element.attribute("dataObjectRef").map(local));
        }
    }
    referred
}

fn ours(element: &Element) -> impl Iterator<Item = &Element> {
    element.children().filter(|child| child.name.namespace.as_deref() == Some(BPMN))
}

fn parts<'e>(element: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> {
    element.children().filter(move |child| child.is(BPMN, name))
}
