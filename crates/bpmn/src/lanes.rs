//! Lanes of a process and the pool around it. They have no effect on a run; the automatic layout keeps each node in its lane.

use std::collections::HashMap;

use crate::{model::Place, read::BPMN, tree::Element};

/// Lanes that have none inside, in the order of the file, with those around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lanes {
    /// The pool that shows the process.
    pub(crate) pool: Option<Pool>,
    /// All lanes, those around before those inside.
    pub(crate) all: Vec<Lane>,
    /// By node, the number of its innermost lane.
    pub(crate) of_node: HashMap<usize, usize>,
}

/// The participant of a collaboration that shows the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) collaboration: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    pub(crate) id: String,
    pub(crate) name: String,
    /// How many lanes are around it.
    pub(crate) depth: usize,
    /// Whether it has lanes inside.
    pub(crate) divided: bool,
}

impl Lanes {
    /// Reads the lanes of a process, and its pool if the file has one.
    pub(crate) fn of(root: &Element, process: &Element, index: &HashMap<String, Place>) -> Self {
        let mut lanes = Self::default();
        for set in parts(process, "laneSet") {
            lanes.read(set, 0, index);
        }
        let id = process.attribute("id");
        lanes.pool = parts(root, "collaboration").find_map(|collaboration| {
            let shown = |participant: &&Element| participant.attribute("processRef").map(local) == id;
            let pool = parts(collaboration, "participant").find(shown)?;
            Some(Pool { id: text(pool, "id"), name: text(pool, "name"), collaboration: text(collaboration, "id") })
        });
        lanes
    }

    /// Recursion is bounded by the depth of the file.
    fn read(&mut self, set: &Element, depth: usize, index: &HashMap<String, Place>) {
        for lane in parts(set, "lane") {
            let number = self.all.len();
            self.all.push(Lane { id: text(lane, "id"), name: text(lane, "name"), depth, divided: false });
            for node in parts(lane, "flowNodeRef") {
                if let Some(Place::Node(at)) = index.get(local(node.text().trim())) {
                    self.of_node.insert(*at, number);
                }
            }
            for inside in parts(lane, "childLaneSet") {
                self.read(inside, depth + 1, index);
            }
            self.all[number].divided = self.all.len() > number + 1;
        }
    }

    /// Whether there is anything to draw.
    pub(crate) fn is_drawn(&self) -> bool {
        !self.all.is_empty()
    }

    /// How many bands a lane has: itself, or those inside of it.
    pub(crate) fn bands_within(&self, lane: usize) -> usize {
        let depth = self.all[lane].depth;
        let inside = self.all[lane + 1..].iter().take_while(|other| other.depth > depth);
        inside.filter(|other| !other.divided).count().max(1)
    }

    /// The lanes that nothing divides further, from the first to the last: what is drawn as bands.
    pub(crate) fn bands(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.all.len()).filter(|lane| !self.all[*lane].divided)
    }

    /// Number of the band that a node stands in. What stands in a lane that is divided further, or in none, is in the first there.
    pub(crate) fn band_of(&self, node: usize) -> usize {
        let lane = self.of_node.get(&node).copied().unwrap_or(0);
        self.bands().position(|band| band >= lane).unwrap_or(0)
    }
}

fn parts<'e>(element: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> {
    element.children().filter(move |child| child.is(BPMN, name))
}

fn text(element: &Element, attribute: &str) -> String {
    element.attribute(attribute).unwrap_or_default().trim().to_owned()
}

/// References may be qualified by a prefix.
pub(crate) fn local(reference: &str) -> &str {
    reference.rsplit(':').next().unwrap_or(reference)
}
