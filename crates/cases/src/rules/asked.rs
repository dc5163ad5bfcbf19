//! What lies ahead of a place in a process, and what a process asks about there that another version of the matter may not have asked:
//! answers of the form, and what steps said.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use banhao_bpmn::{Model, Node, NodeKind, Repeat, Trigger};
use banhao_catalogue::{
    MatterVersion,
    decisions::{Source, source},
};
use banhao_decision::Expression;

use crate::flow::{ACCEPT, DECIDE, INSPECT, REVIEW};

/// Where a branch can come from each node of a process: by flows, links and events on the border. Insides of subprocesses are not
/// entered.
#[derive(Debug)]
pub(super) struct Ahead {
    at: HashMap<String, usize>,
    next: Vec<Vec<usize>>,
}

impl Ahead {
    pub(super) fn of(model: &Model) -> Self {
        let at: HashMap<String, usize> = model.nodes().iter().enumerate().map(|(at, node)| (node.id().to_owned(), at)).collect();
        let mut next: Vec<Vec<usize>> = model
            .nodes()
            .iter()
            .map(|node| model.outgoing(node).filter_map(|flow| at.get(model.target(flow).id()).copied()).collect())
            .collect();
        for (event, node) in model.nodes().iter().enumerate() {
            if let Some(host) = model.host(node).and_then(|host| at.get(host.id())) {
                next[*host].push(event);
            }
            if let Some(Trigger::Link { name }) = node.trigger()
                && node.kind() == NodeKind::ThrowEvent
            {
                let catches = |other: &Node| {
                    other.kind() == NodeKind::CatchEvent && matches!(other.trigger(), Some(Trigger::Link { name: there }) if there == name)
                };
                next[event].extend(model.nodes().iter().enumerate().filter(|(_, other)| catches(other)).map(|(at, _)| at));
            }
        }
        Self { at, next }
    }

    /// These nodes and everything ahead of them.
    pub(super) fn from<'m, 'i>(&self, model: &'m Model, from: impl Iterator<Item = &'i str>) -> Vec<&'m Node> {
        let mut seen = vec![false; self.next.len()];
        let mut open: Vec<usize> = from.filter_map(|id| self.at.get(id).copied()).collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(&self.next[at]);
            }
        }
        model.nodes().iter().zip(seen).filter_map(|(node, seen)| seen.then_some(node)).collect()
    }
}

/// Something that a process asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// The node where it is asked, or that the flow comes from.
    pub(super) element: String,
    /// A variable, or an answer as `form.KEY`, `q.KEY`.
    pub(super) name: String,
    /// The steps that say it; empty for answers, and for what cases of the older version know if there is anything to know.
    pub(super) said_by: Vec<String>,
    /// An answer that the older version did not ask for, or asked for as something else.
    pub(super) never_asked: bool,
}

/// Everything that a newer process asks about.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// `form` and `q`, when it asks for them.
    pub(super) groups: BTreeSet<&'static str>,
    pub(super) questions: Vec<Question>,
}

impl Asked {
    pub(super) fn of(old: &MatterVersion, new: &MatterVersion) -> Self {
        let mut said = said(&new.process);
        // Only what a process asks about is kept with its cases; a rule task may ask about everything.
        let kept = |name: &str| {
            let process = &old.process;
            process.nodes().iter().any(|node| node.kind() == NodeKind::RuleTask)
                || process.expressions().any(|(_, text)| text.contains(name))
        };
        said.retain(|name, _| !kept(name));
        let mut asked = Self::default();
        for (element, text) in new.process.expressions() {
            let element = new.process.flow(element).map_or(element, |flow| new.process.source(flow).id());
            if let Ok(expression) = Expression::parse(text) {
                asked.expression(element, &expression, old, new, &said);
            }
        }
        for node in new.process.nodes().iter().filter(|node| node.kind() == NodeKind::RuleTask) {
            asked.decision(node, old, new, &said);
        }
        asked
    }

    fn expression(
        &mut self,
        element: &str,
        expression: &Expression,
        old: &MatterVersion,
        new: &MatterVersion,
        said: &BTreeMap<String, Vec<String>>,
    ) {
        for group in ["form", "q"] {
            for key in expression.paths(group) {
                self.answer(element, group, &key, old, new);
            }
        }
        for root in expression.roots() {
            self.variable(element, root, said);
        }
    }

    /// What a rule task's decision takes: answers by their keys or labels, and variables.
    fn decision(&mut self, node: &Node, old: &MatterVersion, new: &MatterVersion, said: &BTreeMap<String, Vec<String>>) {
        let Some((model, decision)) = new.decisions.as_deref().zip(node.attribute("banhao:decision")) else { return };
        for name in model.inputs_of(decision) {
            match source(&new.matter, &new.form, name) {
                Some(Source::Field(field)) => self.answer(node.id(), "form", &field.key, old, new),
                Some(Source::Question(question)) => self.answer(node.id(), "q", &question.key, old, new),
                // The whole form is given; what is taken from it stands in the texts. Rather one too many than one too few.
                Some(Source::Group) => {
                    for text in model.texts() {
                        if let Ok(expression) = Expression::parse(&text.text) {
                            self.expression(node.id(), &expression, old, new, said);
                        }
                    }
                }
                None => self.variable(node.id(), name, said),
            }
        }
    }

    fn answer(&mut self, element: &str, group: &'static str, key: &str, old: &MatterVersion, new: &MatterVersion) {
        self.groups.insert(group);
        let never_asked = if group == "form" {
            let kind = |version: &MatterVersion| version.form.field(key).map(|field| (field.kind, field.personal));
            kind(new).is_some() && kind(new) != kind(old)
        } else {
            !old.matter.questions.iter().any(|question| question.key == key)
        };
        self.add(Question { element: element.to_owned(), name: format!("{group}.{key}"), said_by: Vec::new(), never_asked });
    }

    fn variable(&mut self, element: &str, name: &str, said: &BTreeMap<String, Vec<String>>) {
        match (said.get(name), name) {
            (Some(by), _) => {
                self.add(Question { element: element.to_owned(), name: name.to_owned(), said_by: by.clone(), never_asked: false })
            }
            (None, "form") => drop(self.groups.insert("form")),
            (None, "q") => drop(self.groups.insert("q")),
            // Bound in the expression itself, or by a round.
            (None, _) => {}
        }
    }

    fn add(&mut self, question: Question) {
        if !self.questions.contains(&question) {
            self.questions.push(question);
        }
    }
}

/// The variables that the steps of a process set, each with the nodes that do.
fn said(process: &Model) -> BTreeMap<String, Vec<String>> {
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in ["acceptance", "review", "inspection", "decision", "reply"] {
        said.insert(name.to_owned(), Vec::new());
    }
    for node in process.nodes() {
        let mut names: Vec<String> = Vec::new();
        if node.kind().is_human() {
            names.extend(match node.attribute("banhao:act").unwrap_or(REVIEW) {
                ACCEPT => Some("acceptance".to_owned()),
                REVIEW => Some("review".to_owned()),
                INSPECT => Some("inspection".to_owned()),
                DECIDE => Some("decision".to_owned()),
                _ => None,
            });
        }
        if node.trigger().is_some_and(|trigger| trigger.message().is_some()) || node.kind() == NodeKind::ReceiveTask {
            names.push("reply".to_owned());
        }
        if let Some(Repeat::Many(many)) = node.repeat()
            && many.sign.is_some()
        {
            names.extend(["agreed", "agree", "disagree"].map(|part| format!("{}_{part}", node.id())));
        }
        names.extend(node.attribute("banhao:result").filter(|_| node.kind() == NodeKind::RuleTask).map(ToOwned::to_owned));
        for name in names {
            said.entry(name).or_default().push(node.id().to_owned());
        }
    }
    said
}
