//! 在办件迁移: whether a case can go on by the process of another version of its matter, and how. What the engine can move is the
//! engine's business; that nothing with a legal effect is left out or done twice, and that the new process asks for nothing that is not
//! known, is looked at here (docs/process-semantics.md, section 8).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use banhao_bpmn::{Conditions, Event, Flow, Instance, Model, Node, NodeKind, Phase, Plan, Step, Token, migrate};
use banhao_catalogue::MatterVersion;
use serde_json::{Value, json};

use super::asked::{Ahead, Asked};
pub use super::hindrance::{Hindrance, Reason};
pub use super::situation::{Listening, situation};
use crate::flow::{ACCEPT, DECIDE, DELIVER, INSPECT, MAKE, REVIEW};

/// Acts that have a paper and a legal effect of their own, in the order in which they happen.
const LEGAL: [&str; 4] = [ACCEPT, DECIDE, MAKE, DELIVER];

/// A case as it stands, as far as moving asks.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'s> {
    /// Its process instance.
    pub instance: &'s Instance,
    /// `form` and `q` as its process may see them: asked only when the new process needs what the old one did not keep.
    pub answers: &'s Value,
}

/// What moving comes to.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What the engine says.
    pub step: Step,
    /// Where each element goes at which the case stands; each pair once.
    pub places: Vec<(String, String)>,
}

/// The way from one version to another, worked out once for all cases.
#[derive(Debug)]
pub struct Way {
    old: Arc<MatterVersion>,
    new: Arc<MatterVersion>,
    plan: Plan,
    before: Ahead,
    after: Ahead,
    asked: Asked,
}

/// What a node does, as far as moving may not change it. Reviews and inspections are the same.
fn act(node: &Node) -> Option<&str> {
    let is_task = node.kind().is_human() || node.kind() == NodeKind::ServiceTask;
    is_task.then(|| match node.attribute("banhao:act").unwrap_or(REVIEW) {
        INSPECT => REVIEW,
        act => act,
    })
}

/// Whether a node of the new process can stand for one of the old. What waits for an event can wait alone or together with others.
#[must_use]
pub fn fits(before: &Node, after: &Node) -> bool {
    let waits = |node: &Node| matches!(node.kind(), NodeKind::CatchEvent | NodeKind::ReceiveTask | NodeKind::EventGateway);
    (before.kind() == after.kind() && act(before) == act(after)) || (waits(before) && waits(after))
}

/// Whether a node waits on behalf of an event gateway before it.
fn is_behind_gateway(model: &Model, node: &Node) -> bool {
    model.incoming(node).any(|flow| model.source(flow).kind() == NodeKind::EventGateway)
}

/// Whether an element of the old process has to be given a place in the new one by somebody: it is not there, or is something else.
#[must_use]
pub fn must_choose(old: &Model, new: &Model, id: &str) -> bool {
    let stays = |before: &Node| {
        let alone = |after: &Node| !is_behind_gateway(new, after) || is_behind_gateway(old, before);
        new.node(id).is_some_and(|after| fits(before, after) && alone(after))
    };
    old.node(id).is_some_and(|before| !stays(before))
}

/// Elements of the new process that can stand for one of the old, in the order of the file.
#[must_use]
pub fn candidates<'n>(old: &Model, new: &'n Model, id: &str) -> Vec<&'n Node> {
    let Some(before) = old.node(id) else { return Vec::new() };
    new.nodes().iter().filter(|after| fits(before, after)).collect()
}

/// Where what is gone probably went: steps to the only new one of the same name, gateways and events to the only new one of their
/// kind. People look at it before anything moves.
#[must_use]
pub fn proposed(old: &Model, new: &Model) -> BTreeMap<String, String> {
    let fresh: Vec<&Node> = new.nodes().iter().filter(|node| old.node(node.id()).is_none()).collect();
    let gone: Vec<&Node> = old.nodes().iter().filter(|node| must_choose(old, new, node.id())).collect();
    let named = |before: &&Node, after: &&Node| before.name().is_some() && before.name() == after.name();
    let mut plan = BTreeMap::new();
    for before in &gone {
        let there: Vec<&&Node> = fresh.iter().filter(|after| fits(before, after)).collect();
        let same_name: Vec<&&&Node> = there.iter().filter(|after| named(before, after)).collect();
        let alone = gone.iter().filter(|other| other.kind() == before.kind()).count() == 1 && there.len() == 1;
        let found = match (same_name.as_slice(), there.as_slice()) {
            ([only], _) => Some(only.id()),
            (_, [only]) if alone && act(before).is_none() => Some(only.id()),
            _ => None,
        };
        if let Some(found) = found {
            plan.insert(before.id().to_owned(), found.to_owned());
        }
    }
    plan
}

/// The nodes that people chose, with the flows into them where other flows lead there now: a flow is the one between the same two
/// places, else the only one left that leads there anew. So a branch that waits at a join goes on waiting there.
fn completed(old: &Model, new: &Model, mut ids: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let to = |id: &str| ids.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let stays = |flow: &Flow| new.flow(flow.id()).is_some_and(|now| new.target(now).id() == to(old.target(flow).id()));
    let mut flows = BTreeMap::new();
    for target in old.nodes() {
        let Some(there) = new.node(&to(target.id())) else { continue };
        let mut lost: Vec<&Flow> = old.incoming(target).filter(|flow| !stays(flow)).collect();
        let mut fresh: Vec<&Flow> = new.incoming(there).filter(|into| !old.flow(into.id()).is_some_and(stays)).collect();
        lost.retain(|flow| {
            let source = to(old.source(flow).id());
            let same = fresh.iter().position(|into| new.source(into).id() == source);
            if let Some(at) = same {
                flows.insert(flow.id().to_owned(), fresh.remove(at).id().to_owned());
            }
            same.is_none()
        });
        if let ([flow], [into]) = (lost.as_slice(), fresh.as_slice()) {
            flows.insert(flow.id().to_owned(), into.id().to_owned());
        }
    }
    ids.extend(flows);
    ids
}

impl Way {
    /// The way with what people chose: where elements go that [`must_choose`] names. What they chose for others is not taken.
    #[must_use]
    pub fn new(old: Arc<MatterVersion>, new: Arc<MatterVersion>, chosen: &BTreeMap<String, String>) -> Self {
        let taken = chosen.iter().filter(|(from, to)| {
            let fitting = old.process.node(from).zip(new.process.node(to)).is_some_and(|(before, after)| fits(before, after));
            fitting && must_choose(&old.process, &new.process, from)
        });
        let nodes = taken.map(|(from, to)| (from.clone(), to.clone())).collect();
        let ids = completed(&old.process, &new.process, nodes);
        Self::confirmed(old, new, ids)
    }

    /// The way with everything that goes by another id, as it was confirmed.
    #[must_use]
    pub fn confirmed(old: Arc<MatterVersion>, new: Arc<MatterVersion>, ids: BTreeMap<String, String>) -> Self {
        let plan = Plan { ids };
        let (before, after) = (Ahead::of(&old.process), Ahead::of(&new.process));
        let asked = Asked::of(&old, &new);
        Self { old, new, plan, before, after, asked }
    }

    /// Elements and flows that have another id in the new version.
    #[must_use]
    pub fn renamed(&self) -> &BTreeMap<String, String> {
        &self.plan.ids
    }

    /// The version it leads to.
    #[must_use]
    pub fn new_version(&self) -> &Arc<MatterVersion> {
        &self.new
    }

    /// The version it comes from.
    #[must_use]
    pub fn old_version(&self) -> &Arc<MatterVersion> {
        &self.old
    }

    fn to<'w>(&'w self, id: &'w str) -> &'w str {
        self.plan.ids.get(id).map_or(id, String::as_str)
    }

    /// What becomes of a case: where it goes, or everything that stands in its way. The case itself stays as it is.
    ///
    /// # Errors
    /// Every hindrance, each once.
    pub fn look(&self, standing: Standing<'_>, conditions: &dyn Conditions) -> Result<Moved, Vec<Hindrance>> {
        let instance = standing.instance;
        match instance.phase() {
            Phase::Running => {}
            Phase::Suspended => return Err(vec![Hindrance::whole(Reason::Suspended, "")]),
            _ => return Err(vec![Hindrance::whole(Reason::Over, "")]),
        }
        let mut found = BTreeSet::new();
        let mut places = Vec::new();
        for (_, token) in instance.tokens() {
            let place = (token.at.clone(), self.to(&token.at).to_owned());
            if !places.contains(&place) {
                places.push(place);
            }
            found.extend(self.other_act(token));
            found.extend(self.in_hand(token));
        }
        found.extend(self.legal_acts(instance));
        let set = self.supplied(instance, standing.answers);
        found.extend(self.unknown(instance, set.as_ref()));
        let mut with = instance.clone();
        if let Some(variables) = set
            && let Err(error) = with.apply(&Event::VariablesSet { variables })
        {
            found.insert(Hindrance::whole(Reason::Fault, error.to_string()));
        }
        match migrate(&self.old.process, &self.new.process, &with, &self.plan, conditions) {
            Ok(step) if found.is_empty() => Ok(Moved { step, places }),
            Ok(_) => Err(found.into_iter().collect()),
            Err(obstacles) => {
                found.extend(obstacles.iter().map(Hindrance::of_engine));
                Err(found.into_iter().collect())
            }
        }
    }

    /// A step that does something else in the new version is another step.
    fn other_act(&self, token: &Token) -> Option<Hindrance> {
        let (before, after) = (self.old.process.node(&token.at)?, self.new.process.node(self.to(&token.at))?);
        let differs = before.kind() == after.kind() && act(before) != act(after);
        differs.then(|| Hindrance::at(Reason::OtherAct, &token.at, after.id()))
    }

    /// A step that was given to somebody cannot become another organisation's in their hands.
    fn in_hand(&self, token: &Token) -> Option<Hindrance> {
        let (before, after) = (self.old.process.node(&token.at)?, self.new.process.node(self.to(&token.at))?);
        let whose = |node: &Node| node.attribute("banhao:organisation").map(ToOwned::to_owned);
        let given = !token.holders.is_empty() && token.item.is_null();
        (given && whose(before) != whose(after)).then(|| Hindrance::at(Reason::InHand, &token.at, after.id()))
    }

    /// What has a paper and a legal effect happens as often as it would have: it is neither jumped over nor done again.
    fn legal_acts(&self, instance: &Instance) -> Vec<Hindrance> {
        let before = self.before.from(&self.old.process, instance.tokens().map(|(_, token)| token.at.as_str()));
        let after = self.after.from(&self.new.process, instance.tokens().map(|(_, token)| self.to(&token.at)));
        let has = |ahead: &[&Node], legal: &str| ahead.iter().any(|node| act(node) == Some(legal));
        // Whether a nested step is still to come is not known here: it may be, so it neither lacks nor is too much.
        let nested = |model: &Model, legal: &str| model.nodes().iter().any(|node| node.is_nested() && act(node) == Some(legal));
        let mut found = Vec::new();
        for legal in LEGAL {
            match (has(&before, legal), has(&after, legal)) {
                (true, false) if !nested(&self.new.process, legal) => found.push(Hindrance::whole(Reason::ActLeftOut, legal)),
                (false, true) if !nested(&self.old.process, legal) => found.push(Hindrance::whole(Reason::ActAgain, legal)),
                _ => {}
            }
        }
        found
    }

    /// The groups of answers that the new process asks about and the old one did not keep.
    fn not_kept<'s>(&'s self, instance: &'s Instance) -> impl Iterator<Item = &'static str> + 's {
        let kept = instance.variables();
        ["form", "q"].into_iter().filter(move |name| self.asked.groups.contains(*name) && kept.get(*name).is_none())
    }

    /// Whether the answers of the application are needed to look: without them [`Standing::answers`] may be empty.
    #[must_use]
    pub fn needs_answers(&self, instance: &Instance) -> bool {
        self.not_kept(instance).next().is_some()
    }

    /// Answers that the new process asks about and the old one did not keep.
    fn supplied(&self, instance: &Instance, answers: &Value) -> Option<Value> {
        let missing = self.not_kept(instance);
        let set: serde_json::Map<String, Value> =
            missing.map(|name| (name.to_owned(), answers.get(name).cloned().unwrap_or_else(|| json!({})))).collect();
        (!set.is_empty()).then_some(Value::Object(set))
    }

    /// What the new process asks about on the way ahead is known, or is said by a step that is still ahead.
    fn unknown(&self, instance: &Instance, set: Option<&Value>) -> Vec<Hindrance> {
        let ahead = self.after.from(&self.new.process, instance.tokens().map(|(_, token)| self.to(&token.at)));
        let is_ahead = |id: &str| self.new.process.node(id).is_some_and(Node::is_nested) || ahead.iter().any(|node| node.id() == id);
        let has = |name: &str| instance.variables().get(name).is_some() || set.is_some_and(|set| set.get(name).is_some());
        let mut found = Vec::new();
        for question in self.asked.questions.iter().filter(|question| is_ahead(&question.element)) {
            if question.never_asked {
                found.push(Hindrance::whole(Reason::NotAsked, question.name.clone()));
            } else if !question.said_by.is_empty() && !has(&question.name) && !question.said_by.iter().any(|id| is_ahead(id)) {
                found.push(Hindrance::whole(Reason::NotKnown, question.name.clone()));
            }
        }
        found
    }
}
