//! Moves a running instance to another version of its process. `docs/process-semantics.md`, section 5.

use std::collections::BTreeMap;

use super::{Conditions, Run, RunError, place};
use crate::{
    event::{Event, Step, TaskRef},
    instance::Instance,
    journal::Journal,
    model::{Model, Node},
    state::RoundKind,
};

/// Which elements and flows of the old version are which of the new one; what is not named keeps its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Old id → new id.
    pub ids: BTreeMap<String, String>,
}

/// Why something cannot move.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Obstacle {
    /// The token, when it is one.
    pub task: Option<TaskRef>,
    /// Where it stands in the old version.
    pub element: String,
    /// Where it would go.
    pub to: String,
    /// Stable name of the reason: `gone`, `other-kind`, `other-scope`, `other-splits`, `other-repetition`, `flow-gone`.
    pub reason: &'static str,
}

impl Obstacle {
    /// In Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let why = match self.reason {
            "gone" => "新版本里没有",
            "other-kind" => "在新版本里是另一种元素",
            "other-scope" => "在新版本里属于另一个子流程",
            "other-splits" => "在新版本里处于不同的并行区域",
            "other-repetition" => "在新版本里重复办理的方式不同",
            _ => "等在汇合处的流向在新版本里没有或不通向同一处",
        };
        format!("“{}”→“{}”：{why}。", self.element, self.to)
    }
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let why = match self.reason {
            "gone" => "is not in the new version",
            "other-kind" => "is another kind of element in the new version",
            "other-scope" => "stands in another subprocess in the new version",
            "other-splits" => "lies in other parallel regions in the new version",
            "other-repetition" => "is repeated otherwise in the new version",
            _ => "waits by a flow that the new version does not have there",
        };
        write!(f, "{} → {}: {why}", self.element, self.to)
    }
}

/// Moves a run to another version, or says what cannot move; the instance given stays as it is.
///
/// # Errors
/// Everything that stands in the way; or that the run is over or not of the old version.
pub fn migrate(old: &Model, new: &Model, instance: &Instance, plan: &Plan, conditions: &dyn Conditions) -> Result<Step, Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    let look = Look { old, new, plan, obstacles: &mut obstacles };
    look.through(instance);
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let mut moved = instance.clone();
    let mut run = Run {
        model: new,
        conditions,
        instance: &mut moved,
        journal: Journal::none(),
        events: Vec::new(),
        work: std::collections::VecDeque::new(),
        moving: BTreeMap::new(),
        touched: std::collections::BTreeSet::new(),
        stands: std::collections::BTreeSet::new(),
        passes: 0,
    };
    match run.renamed(old, plan).and_then(|()| run.go_on()) {
        Ok(()) => {
            let events = std::mem::take(&mut run.events);
            Ok(Step { instance: moved, events })
        }
        Err(error) => Err(vec![Obstacle { task: None, element: instance.process.clone(), to: error.to_string(), reason: "gone" }]),
    }
}

impl Run<'_> {
    fn renamed(&mut self, old: &Model, plan: &Plan) -> Result<(), RunError> {
        self.state(Event::Migrated { process: self.model.id.clone(), ids: plan.ids.clone() })?;
        let model = self.model;
        // Armed events that the new version does not have there go; those it has more are armed.
        let armed: Vec<(u64, String, Option<u64>, u64)> =
            self.instance.armed.iter().map(|(id, armed)| (*id, armed.at.clone(), armed.token, armed.frame)).collect();
        for (event, at, token, _) in armed {
            let stands = token.and_then(|token| self.instance.tokens.get(&token)).map(|token| token.at.clone());
            let fits = model.node(&at).is_some_and(|node| match (node.attached_to, &stands) {
                (Some(host), Some(stands)) => model.nodes[host].id == *stands && node.trigger.is_some(),
                (None, _) => node.trigger.is_some(),
                (Some(_), None) => false,
            });
            if !fits {
                self.disarm(event)?;
            }
        }
        let tokens: Vec<(u64, String, u64)> = self.instance.tokens.iter().map(|(id, token)| (*id, token.at.clone(), token.frame)).collect();
        // What the old version had there and is not armed any more has happened: it does not happen again.
        let had: std::collections::BTreeSet<&str> =
            old.nodes.iter().map(|node| plan.ids.get(&node.id).map_or(node.id.as_str(), String::as_str)).collect();
        for (id, at, frame) in tokens {
            let in_round = self.instance.frames.get(&frame).is_some_and(|frame| frame.round.is_some());
            let Some(node) = model.node(&at).filter(|_| !in_round) else { continue };
            for boundary in &node.boundaries {
                let there = self.instance.armed_for(frame, Some(id));
                let known =
                    there.iter().filter_map(|event| self.instance.armed.get(event)).any(|armed| armed.at == model.nodes[*boundary].id);
                if !known && !had.contains(model.nodes[*boundary].id.as_str()) {
                    self.arm(*boundary, id)?;
                }
            }
        }
        Ok(())
    }
}

struct Look<'a> {
    old: &'a Model,
    new: &'a Model,
    plan: &'a Plan,
    obstacles: &'a mut Vec<Obstacle>,
}

impl Look<'_> {
    fn to<'i>(&'i self, id: &'i str) -> &'i str {
        self.plan.ids.get(id).map_or(id, String::as_str)
    }

    fn through(mut self, instance: &Instance) {
        for (id, token) in &instance.tokens {
            self.element(Some(TaskRef(*id)), &token.at);
            if let Some(by) = &token.by {
                self.flow(TaskRef(*id), by, &token.at);
            }
            if let Some(straight) = &token.straight {
                self.element(Some(TaskRef(*id)), straight);
            }
        }
        for (id, frame) in &instance.frames {
            if *id == 0 {
                continue;
            }
            if !matches!(frame.round.map(|round| round.kind), Some(RoundKind::Undo)) {
                self.element(None, &frame.at);
            }
            for done in &frame.done {
                self.element(None, &done.element);
            }
        }
        for fork in instance.forks.values() {
            if self.new.node(self.to(&fork.at)).is_none() {
                let to = self.to(&fork.at).to_owned();
                self.obstacles.push(Obstacle { task: None, element: fork.at.clone(), to, reason: "gone" });
            }
        }
        self.obstacles.dedup();
    }

    fn element(&mut self, task: Option<TaskRef>, id: &str) {
        let to = self.to(id).to_owned();
        let reason = match (self.old.node(id), self.new.node(&to)) {
            (_, None) => Some("gone"),
            (None, Some(_)) => Some("gone"),
            (Some(before), Some(after)) => self.differs(before, after),
        };
        if let Some(reason) = reason {
            self.obstacles.push(Obstacle { task, element: id.to_owned(), to, reason });
        }
    }

    fn differs(&self, before: &Node, after: &Node) -> Option<&'static str> {
        if before.kind != after.kind {
            return Some("other-kind");
        }
        if before.repeat.is_some() != after.repeat.is_some() || before.is_sequential() != after.is_sequential() {
            return Some("other-repetition");
        }
        let owner = |model: &Model, node: &Node| model.scopes[node.scope].owner.map(|owner| model.nodes[owner].id.clone());
        let scope_before = owner(self.old, before).map(|owner| self.to(&owner).to_owned());
        if scope_before != owner(self.new, after) {
            return Some("other-scope");
        }
        let regions = |model: &Model, node: &Node| -> Vec<String> {
            let Some(at) = model.node_at(&node.id) else { return Vec::new() };
            place::splits(model, node.scope)
                .filter(|split| place::Region::of(model, node.scope, *split).branches(at).is_some())
                .map(|split| model.nodes[split].id.clone())
                .collect()
        };
        let mut inside: Vec<String> = regions(self.old, before).iter().map(|split| self.to(split).to_owned()).collect();
        let mut now = regions(self.new, after);
        inside.sort_unstable();
        now.sort_unstable();
        (inside != now).then_some("other-splits")
    }

    fn flow(&mut self, task: TaskRef, by: &str, at: &str) {
        let to = self.to(by).to_owned();
        let fits = self.new.flow(&to).is_some_and(|flow| self.new.target(flow).id == self.to(at));
        if !fits {
            self.obstacles.push(Obstacle { task: Some(task), element: by.to_owned(), to, reason: "flow-gone" });
        }
    }
}
