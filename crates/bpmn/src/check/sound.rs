//! Can it get stuck, or go on twice? Tokens are moved through each scope, every choice taken either way: a parallel join that
//! waits for ever, and a flow on which two tokens come, are told. Conditions are not understood, so both are possible only.
//!
//! Branches are moved one at a time, the one furthest behind first. That order shows every join and every meeting of branches
//! (all that can come to a place has come before anything leaves it), and leaves only the choices to be tried out.

use std::{
    cell::Cell,
    collections::{BTreeSet, HashSet},
};

use super::{Findings, begins, called, called_zh};
use crate::{
    model::{Model, NodeKind},
    problem::BpmnProblem,
    trigger::Trigger,
};

/// Most states tried out in one scope.
const MAX_STATES: usize = 20_000;
/// Most work in all, in tokens and nodes looked at: a file made to be slow is not followed to its end.
const MAX_WORK: usize = 20_000_000;
/// Ways out of which every combination is tried.
const MAX_COMBINED: usize = 5;
/// Most outcomes of one node to which another event beside it is added.
const MAX_OUTCOMES: usize = 64;

/// Where tokens are, and which non-interrupting boundary events have happened: each happens once at most here.
type State = (Vec<Place>, BTreeSet<usize>);

/// A token on its way, by a flow or straight to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Place {
    Flow(usize),
    Node(usize),
}

impl Findings<'_> {
    pub(super) fn soundness(&mut self) {
        let model = self.model;
        let mut walk = Walk { model, rank: ranks(model), stuck: BTreeSet::new(), twice: BTreeSet::new(), work: Cell::new(0) };
        for scope in 0..model.scopes.len() {
            let nodes = &model.scopes[scope].nodes;
            let starts: Vec<usize> = nodes.iter().copied().filter(|at| model.nodes[*at].kind == NodeKind::StartEvent).collect();
            if starts.is_empty() {
                walk.explore(nodes.iter().copied().filter(|at| begins(model, *at)).map(Place::Node).collect());
            }
            for start in starts {
                walk.explore(vec![Place::Node(start)]);
            }
        }
        for join in walk.stuck {
            let node = &model.nodes[join];
            self.warning(
                "possible-deadlock",
                node,
                format!("网关{}可能永远等不齐：有的走法到不了它的每一条来路。前面若是选择其一，这里也应用排他网关汇合。", called_zh(node)),
                format!("Gateway {} may wait for ever: on some ways not every flow into it is taken. Behind a choice, join with an exclusive gateway.", called(node)),
            );
        }
        for at in walk.twice {
            let flow = &model.flows[at];
            let next = &model.nodes[flow.target];
            self.problems.push(BpmnProblem::warning(
                "possible-doubling",
                flow.line,
                Some(&flow.id),
                format!("流向“{}”上可能同时来两支，{}就会办两次。同时进行的几支要先用并行网关汇合。", flow.id, called_zh(next)),
                format!("Two branches may come by flow “{}”, so that {} happens twice. Join branches that run side by side with a parallel gateway first.", flow.id, called(next)),
            ));
        }
    }
}

struct Walk<'m> {
    model: &'m Model,
    /// Place of each node in an order in which the flow leads forward.
    rank: Vec<usize>,
    stuck: BTreeSet<usize>,
    twice: BTreeSet<usize>,
    work: Cell<usize>,
}

impl Walk<'_> {
    fn explore(&mut self, start: Vec<Place>) {
        let first: State = (start, BTreeSet::new());
        let mut seen = HashSet::from([first.clone()]);
        let mut open = vec![first];
        while let Some(state) = open.pop() {
            if self.work.get() > MAX_WORK {
                return;
            }
            for next in self.after(&state) {
                let doubled = next.0.windows(2).find(|pair| pair[0] == pair[1]);
                if let Some([Place::Flow(flow), _]) = doubled {
                    self.twice.insert(*flow);
                } else if doubled.is_none() && seen.len() < MAX_STATES && seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
    }

    fn worked(&self, more: usize) {
        self.work.set(self.work.get().saturating_add(more));
    }

    fn node_of(&self, place: Place) -> usize {
        match place {
            Place::Flow(flow) => self.model.flows[flow].target,
            Place::Node(node) => node,
        }
    }

    fn after(&mut self, state: &State) -> Vec<State> {
        let (tokens, happened) = state;
        let mut candidates: Vec<(bool, usize, usize, Vec<usize>)> = Vec::new();
        self.worked(1);
        for (number, token) in tokens.iter().enumerate() {
            let at = self.node_of(*token);
            if let Some(taken) = self.takes(tokens, number, at) {
                candidates.push((self.ends_all(at), self.rank[at], at, taken));
            }
        }
        let Some((ends_all, _, at, taken)) = candidates.into_iter().min() else {
            let places: Vec<usize> = tokens.iter().map(|token| self.node_of(*token)).collect();
            self.stuck.extend(places.into_iter().filter(|at| self.model.nodes[*at].kind.is_gateway()));
            return Vec::new();
        };
        if ends_all {
            return Vec::new();
        }
        let left: Vec<Place> = tokens.iter().enumerate().filter(|(number, _)| !taken.contains(number)).map(|(_, token)| *token).collect();
        let outcomes = self.outcomes(at, happened);
        self.worked(outcomes.len() * tokens.len());
        outcomes
            .into_iter()
            .map(|(more, happened)| {
                let mut tokens = left.clone();
                tokens.extend(more);
                tokens.sort_unstable();
                (tokens, happened)
            })
            .collect()
    }

    /// Terminate events and errors end everything in the scope; they are looked at last.
    fn ends_all(&self, at: usize) -> bool {
        let node = &self.model.nodes[at];
        node.kind == NodeKind::TerminateEvent || matches!((node.kind, &node.trigger), (NodeKind::EndEvent, Some(Trigger::Error { .. })))
    }

    /// Which tokens the node takes when it goes on with this one; none when it has to wait.
    fn takes(&self, tokens: &[Place], number: usize, at: usize) -> Option<Vec<usize>> {
        let node = &self.model.nodes[at];
        let joins = matches!(node.kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway);
        if !joins || node.incoming.len() < 2 || matches!(tokens[number], Place::Node(_)) {
            return Some(vec![number]);
        }
        self.worked(node.incoming.len() * tokens.len());
        let waiting: Vec<Option<usize>> =
            node.incoming.iter().map(|flow| tokens.iter().position(|token| *token == Place::Flow(*flow))).collect();
        let goes_on =
            waiting.iter().all(Option::is_some) || (node.kind == NodeKind::InclusiveGateway && !self.can_still_come(tokens, at, &waiting));
        goes_on.then(|| waiting.into_iter().flatten().collect())
    }

    /// As the engine does: does anything lead to an empty way in that does not lead to a full one as well?
    fn can_still_come(&self, tokens: &[Place], join: usize, waiting: &[Option<usize>]) -> bool {
        let ways = self.model.nodes[join].incoming.iter().zip(waiting);
        let (full, empty): (Vec<_>, Vec<_>) = ways.partition(|(_, token)| token.is_some());
        tokens.iter().map(|token| self.node_of(*token)).filter(|place| *place != join).any(|place| {
            self.worked(self.model.nodes.len() + self.model.flows.len());
            let reachable = self.model.reachable(place, Some(join));
            let comes_by = |(flow, _): &(&usize, &Option<usize>)| {
                let source = self.model.flows[**flow].source;
                source == place || (source != join && reachable[source])
            };
            empty.iter().any(comes_by) && !full.iter().any(comes_by)
        })
    }

    /// What can come of a node: which places get a token.
    fn outcomes(&self, at: usize, happened: &BTreeSet<usize>) -> Vec<State> {
        let node = &self.model.nodes[at];
        let mut outcomes: Vec<State> = match node.link {
            Some(link) => vec![(vec![Place::Node(link)], happened.clone())],
            None => self.ways(at).into_iter().map(|flows| (flows.into_iter().map(Place::Flow).collect(), happened.clone())).collect(),
        };
        for boundary in &node.boundaries {
            let event = &self.model.nodes[*boundary];
            if matches!(event.trigger, Some(Trigger::Compensation { .. })) || happened.contains(boundary) {
                continue;
            }
            if event.interrupting {
                outcomes.push((vec![Place::Node(*boundary)], happened.clone()));
                continue;
            }
            if outcomes.len() > MAX_OUTCOMES {
                break;
            }
            let beside: Vec<State> = outcomes
                .iter()
                .map(|(places, happened)| {
                    let (mut places, mut happened) = (places.clone(), happened.clone());
                    places.push(Place::Node(*boundary));
                    happened.insert(*boundary);
                    (places, happened)
                })
                .collect();
            outcomes.extend(beside);
        }
        outcomes
    }

    /// Which flows may be taken together.
    fn ways(&self, at: usize) -> Vec<Vec<usize>> {
        let node = &self.model.nodes[at];
        if node.outgoing.is_empty() {
            return vec![Vec::new()];
        }
        if matches!(node.kind, NodeKind::ExclusiveGateway | NodeKind::EventGateway) {
            return node.outgoing.iter().map(|flow| vec![*flow]).collect();
        }
        let conditional = |flow: &usize| self.model.flows[*flow].condition.is_some();
        let (may, must): (Vec<usize>, Vec<usize>) =
            node.outgoing.iter().copied().filter(|flow| node.default != Some(*flow)).partition(conditional);
        let mut ways: Vec<Vec<usize>> = if may.len() <= MAX_COMBINED {
            (1..1_usize << may.len())
                .map(|chosen| may.iter().enumerate().filter(|(bit, _)| chosen >> bit & 1 == 1).map(|(_, flow)| *flow).collect())
                .collect()
        } else {
            may.iter().map(|flow| vec![*flow]).chain([may.clone()]).collect()
        };
        ways.extend(node.default.map(|default| vec![default]));
        if ways.is_empty() || node.default.is_none() && !must.is_empty() {
            ways.push(Vec::new());
        }
        for way in &mut ways {
            way.extend(&must);
        }
        ways
    }
}

/// Depth first, turned round: what leads forward leads to a higher number.
fn ranks(model: &Model) -> Vec<usize> {
    let mut seen = vec![false; model.nodes.len()];
    let mut rank = vec![0; model.nodes.len()];
    let mut next = model.nodes.len();
    for root in 0..model.nodes.len() {
        let mut open = vec![(root, false)];
        while let Some((at, done)) = open.pop() {
            if done {
                next -= 1;
                rank[at] = next;
            } else if !std::mem::replace(&mut seen[at], true) {
                open.push((at, true));
                open.extend(model.successors(at).map(|target| (target, false)));
            }
        }
    }
    rank
}
