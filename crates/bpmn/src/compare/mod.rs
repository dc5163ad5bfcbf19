//! What is different between two versions of a process, node by node and flow by flow. Only the models are compared: places in
//! the drawing, comments and the order of the file do not count. The words for it are in `words`.
//!
//! ```
//! # use banhao_bpmn::{Drawing, Model, Words, compare, draw_differences};
//! # fn show(old: &Model, new: &Model) {
//! let differences = compare(old, new);
//! for change in differences.changes() {
//!     let line: String = change.text(&Words::zh()); // “改动：审查 (t2) · 名称：“审核” → “审查””
//! }
//! // The two drawings to put beside each other: what goes is marked in the old one, what comes in the new one.
//! let before = draw_differences(old, &differences, &Drawing { prefix: "old".to_owned(), ..Drawing::default() });
//! let after = draw_differences(new, &differences, &Drawing { prefix: "new".to_owned(), ..Drawing::default() });
//! # }
//! ```

mod fields;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use words::ChangeWords;

use crate::{
    model::{Flow, Model, Node, NodeKind},
    outline,
    repeat::SignMode,
};

/// Everything that is different, in the order of the new file; what is gone comes last, in the order of the old one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    changes: Vec<Change>,
    marks: BTreeMap<String, ChangeKind>,
}

/// One element that is new, gone or not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Id of the element; in the old version when it is gone, else in the new one.
    pub element: String,
    /// What it is called: the name of a node, the ends of a flow (“受理 → 审查”), the name of the process.
    pub name: String,
    /// Whether it is the process, a node or a flow.
    pub part: Part,
    /// What happened to it.
    pub kind: ChangeKind,
    /// What of it is different; empty unless it changed.
    pub details: Vec<Detail>,
}

/// What kind of element a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The process as a whole.
    Process,
    /// A task, event, gateway or subprocess.
    Node,
    /// A sequence flow.
    Flow,
}

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Only in the new version.
    Added,
    /// Only in the old version.
    Removed,
    /// In both, but not the same.
    Changed,
}

/// One property that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Which property.
    pub field: Field,
    /// What it was; none when it was not there.
    pub from: Option<Said>,
    /// What it is; none when it is not there.
    pub to: Option<Said>,
}

/// A property of a node, a flow or the process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// Id of a flow that leads from and to where it did; running cases that wait at its end know it by the id.
    Id,
    /// Name.
    Name,
    /// What kind of node.
    Kind,
    /// Explanation.
    Documentation,
    /// Foreign attribute by its prefixed name, such as `banhao:days`.
    Attribute(String),
    /// What stands in `extensionElements`.
    Extensions,
    /// Subprocess in which a node stands.
    Inside,
    /// Lane in which a node stands.
    Lane,
    /// Activity that a boundary event sits on.
    AttachedTo,
    /// What kind of thing an event waits for or throws.
    Trigger,
    /// Name, time, code or condition of what an event waits for or throws.
    TriggerText,
    /// Expression that tells for which run a message is.
    Correlation,
    /// Whether a boundary event or event subprocess interrupts.
    Interrupting,
    /// Whether an activity only undoes another.
    ForCompensation,
    /// Activity that undoes this one.
    UndoneBy,
    /// How an activity is repeated or signed.
    Repeat,
    /// Number of instances, or most rounds.
    Times,
    /// List with one instance for each item.
    Collection,
    /// Variable that holds the item.
    Item,
    /// Condition that ends or continues a repetition.
    RepeatCondition,
    /// Whether the first disagreement settles it.
    Veto,
    /// Decision that a rule task asks.
    Decision,
    /// Variable that takes the decision's answer.
    Result,
    /// Process that is called.
    Called,
    /// Whether somebody is named to perform the task (`potentialOwner` and its kin).
    Performer,
    /// Condition of a flow.
    Condition,
    /// Whether a flow is the default of its source.
    Default,
    /// Where a flow begins.
    Source,
    /// Where a flow leads.
    Target,
    /// In which order the ways out of an exclusive gateway are tried.
    Order,
}

/// A property's value: a text of the file, or one of the few words of BPMN itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Said {
    /// A text of the file.
    Text(String),
    /// Another element; the same when the id is the same.
    Element {
        /// Its id.
        id: String,
        /// What it is called.
        name: String,
    },
    /// A kind of node.
    Kind(NodeKind),
    /// Yes or no.
    Flag(bool),
    /// A kind of trigger.
    Trigger(TriggerWord),
    /// A kind of repetition.
    Repeat(RepeatWord),
}

/// Kinds of triggers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TriggerWord {
    /// Message.
    Message,
    /// Timer with a date.
    Date,
    /// Timer with a duration.
    Duration,
    /// Timer that comes again.
    Cycle,
    /// Signal.
    Signal,
    /// Condition.
    Condition,
    /// Error.
    Error,
    /// Escalation.
    Escalation,
    /// Compensation.
    Compensation,
    /// Link.
    Link,
    /// Terminate.
    Terminate,
}

/// Kinds of repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepeatWord {
    /// Condition looked at before each round.
    LoopBefore,
    /// Condition looked at after each round.
    LoopAfter,
    /// All at once.
    Parallel,
    /// One after the other.
    Sequential,
    /// Signed together.
    Sign(SignMode),
}

impl Differences {
    /// Every change.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether the two versions do the same in the same words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What happened to a node or flow, by its id in either version.
    #[must_use]
    pub fn mark(&self, element: &str) -> Option<ChangeKind> {
        self.marks.get(element).copied()
    }

    /// How many changes are of a kind.
    #[must_use]
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    fn push(&mut self, change: Change) {
        if change.part != Part::Process {
            self.marks.insert(change.element.clone(), change.kind);
        }
        self.changes.push(change);
    }
}

/// Compares two versions. Nodes are the same when their ids are; flows when their ids are, or when each version has just one
/// flow between the same two nodes.
#[must_use]
pub fn compare(old: &Model, new: &Model) -> Differences {
    let mut differences = Differences::default();
    let details = fields::of_process(old, new);
    if !details.is_empty() {
        let name = new.name().unwrap_or_else(|| new.id()).to_owned();
        differences.push(Change { element: new.id().to_owned(), name, part: Part::Process, kind: ChangeKind::Changed, details });
    }
    for node in new.nodes() {
        let element = node.id().to_owned();
        let name = outline::called(node);
        match old.node(node.id()) {
            None => differences.push(Change { element, name, part: Part::Node, kind: ChangeKind::Added, details: Vec::new() }),
            Some(before) => {
                let details = fields::of_node((old, before), (new, node));
                if !details.is_empty() {
                    differences.push(Change { element, name, part: Part::Node, kind: ChangeKind::Changed, details });
                }
            }
        }
    }
    let mut kept = BTreeSet::new();
    for flow in new.flows() {
        let (element, name) = (flow.id().to_owned(), ends(new, flow));
        let Some(before) = old.flow(flow.id()).or_else(|| renumbered(old, new, flow)) else {
            differences.push(Change { element, name, part: Part::Flow, kind: ChangeKind::Added, details: Vec::new() });
            continue;
        };
        kept.insert(before.id());
        let details = fields::of_flow((old, before), (new, flow));
        if !details.is_empty() {
            differences.marks.insert(before.id().to_owned(), ChangeKind::Changed);
            differences.push(Change { element, name, part: Part::Flow, kind: ChangeKind::Changed, details });
        }
    }
    let gone =
        |element: &str, name, part| Change { element: element.to_owned(), name, part, kind: ChangeKind::Removed, details: Vec::new() };
    for node in old.nodes().iter().filter(|node| new.node(node.id()).is_none()) {
        differences.push(gone(node.id(), outline::called(node), Part::Node));
    }
    for flow in old.flows().iter().filter(|flow| !kept.contains(flow.id())) {
        differences.push(gone(flow.id(), ends(old, flow), Part::Flow));
    }
    differences
}

/// The old flow between the same nodes, when it is the only one there and has no namesake in the new version.
fn renumbered<'m>(old: &'m Model, new: &Model, flow: &Flow) -> Option<&'m Flow> {
    let (source, target) = (new.source(flow).id(), new.target(flow).id());
    let before = only_between(old, source, target)?;
    let after = only_between(new, source, target)?;
    (after.id() == flow.id() && new.flow(before.id()).is_none()).then_some(before)
}

fn only_between<'m>(model: &'m Model, source: &str, target: &str) -> Option<&'m Flow> {
    let mut between = model.outgoing(model.node(source)?).filter(|flow| model.target(flow).id() == target);
    let first = between.next();
    first.filter(|_| between.next().is_none())
}

/// A flow as it is spoken of: its ends, with its name.
fn ends(model: &Model, flow: &Flow) -> String {
    let called = |node: &Node| outline::called(node);
    let ends = format!("{} → {}", called(model.source(flow)), called(model.target(flow)));
    match flow.name() {
        Some(name) => format!("{name} ({ends})"),
        None => ends,
    }
}
