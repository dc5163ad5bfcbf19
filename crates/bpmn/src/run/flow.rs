//! How branches walk: along sequence flows, through gateways, into activities and events, to their end.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Command, MAX_FORKS, Run, RunError, Way, Work};
use crate::{
    event::{Event, Gone, TaskRef},
    model::{Model, NodeKind, squeezed},
    repeat::Repeat,
    shelf::looked_at,
    state::{RoundKind, Stand, Token},
    trigger::Trigger,
};

impl Run<'_> {
    pub(super) fn command(&mut self, command: &Command) -> Result<(), RunError> {
        match command {
            Command::Start { at, variables } => self.begin(at.as_deref(), variables),
            Command::Complete { task, variables } => self.complete(*task, variables),
            Command::Fail { task, code } => self.fail(*task, code),
            Command::Escalate { task, code } => self.escalate_from(*task, code),
            Command::Message { message, key, variables } => self.message(message, key.as_ref(), variables),
            Command::Signal { signal, variables } => {
                self.assign(variables)?;
                self.signal(signal)
            }
            Command::Fire { event } => self.fire(*event),
            Command::Set { variables } => self.assign(variables),
            office => self.office(office),
        }
    }

    fn begin(&mut self, at: Option<&str>, variables: &Value) -> Result<(), RunError> {
        self.state(Event::Started { process: self.model.id.clone() })?;
        self.set(variables)?;
        match at {
            None => self.begin_scope(0, 0)?,
            Some(element) => {
                let unknown = || RunError::NoSuchStart { element: element.to_owned() };
                let at = self.model.node_at(element).ok_or_else(unknown)?;
                let node = &self.model.nodes[at];
                if node.kind != NodeKind::StartEvent || node.scope != 0 {
                    return Err(unknown());
                }
                self.push(Work::Arrive { at, by: None, way: Way::default() });
            }
        }
        self.arm_handlers(0)
    }

    /// Begins a scope at its plain start; without one at every node into which nothing leads.
    pub(super) fn begin_scope(&mut self, scope: usize, frame: u64) -> Result<(), RunError> {
        let model = self.model;
        let nodes = &model.scopes[scope].nodes;
        let is_start = |at: &&usize| model.nodes[**at].kind == NodeKind::StartEvent;
        let plain = nodes.iter().filter(is_start).find(|at| model.nodes[**at].trigger.is_none());
        let starts: Vec<usize> = match plain {
            Some(start) => vec![*start],
            None => implicit_starts(model, scope),
        };
        if starts.is_empty() {
            let element = model.scopes[scope].owner.map_or_else(|| model.id.clone(), |owner| model.nodes[owner].id.clone());
            return Err(RunError::NoSuchStart { element });
        }
        let mut way = Way { frame, ..Way::default() };
        if starts.len() > 1 {
            way = self.forked(&self.model.nodes[starts[0]].id.clone(), way, starts.len(), None)?;
        }
        for at in starts {
            self.push(Work::Arrive { at, by: None, way: way.clone() });
        }
        Ok(())
    }

    fn complete(&mut self, task: TaskRef, variables: &Value) -> Result<(), RunError> {
        let token = self.look_at_open(task)?;
        if token.holders.len() > 1 {
            return Err(RunError::Delegated { task });
        }
        let (frame, verdict) = (token.frame, self.verdict(task, token, variables)?);
        self.assign(variables)?;
        // A conditional event may have interrupted the very task: then it is done all the same, and there is nothing to leave.
        if self.instance.is_open(task) {
            self.push(Work::Over { frame, task: task.0, verdict });
        }
        Ok(())
    }

    /// Sets variables and looks at what waits for conditions.
    pub(super) fn assign(&mut self, variables: &Value) -> Result<(), RunError> {
        self.set(variables)?;
        self.look_at_conditions()
    }

    /// An open task of people or of the program.
    pub(super) fn open_task(&self, task: TaskRef) -> Result<Token, RunError> {
        self.look_at_open(task).cloned()
    }

    fn look_at_open(&self, task: TaskRef) -> Result<&Token, RunError> {
        let token = self.instance.tokens.get(&task.0).filter(|token| token.stand == Stand::Task);
        let token = token.ok_or(RunError::TaskNotOpen { task })?;
        let at = self.node_at(&token.at)?;
        if self.model.nodes[at].kind.is_task() { Ok(token) } else { Err(RunError::ForeignInstance { element: token.at.clone() }) }
    }

    pub(super) fn arrive(&mut self, at: usize, by: Option<usize>, way: Way) -> Result<(), RunError> {
        if !self.instance.frames.contains_key(&way.frame) {
            return Ok(()); // Its frame went while the branch was on the move.
        }
        let node = &self.model.nodes[at];
        match node.kind {
            NodeKind::ParallelGateway | NodeKind::InclusiveGateway if node.incoming.len() > 1 && by.is_some() => self.meet(at, by, way),
            NodeKind::Task if node.repeat.is_none() && node.boundaries.is_empty() => self.leave(at, way),
            kind if kind.is_activity() => self.enter(at, way),
            NodeKind::CatchEvent if matches!(node.trigger, Some(Trigger::Link { .. })) => self.leave(at, way),
            NodeKind::CatchEvent => {
                let token = self.place(at, way, Stand::Event)?;
                self.arm(at, token)
            }
            NodeKind::EventGateway => {
                let token = self.place(at, way, Stand::Event)?;
                for flow in &node.outgoing {
                    self.arm(self.model.flows[*flow].target, token)?;
                    if !self.instance.tokens.contains_key(&token) {
                        break; // A condition that holds already has taken it.
                    }
                }
                Ok(())
            }
            NodeKind::ThrowEvent | NodeKind::EndEvent => self.throw(at, way),
            NodeKind::TerminateEvent => {
                self.state(Event::Ended { element: node.id.clone() })?;
                self.state(Event::Vanished { forks: way.forks })?;
                self.terminate_frame(way.frame)
            }
            _ => self.leave(at, way),
        }
    }

    /// Puts a token down; tells its number.
    pub(super) fn place(&mut self, at: usize, way: Way, stand: Stand) -> Result<u64, RunError> {
        let id = self.next();
        let token = Token {
            at: self.model.nodes[at].id.clone(),
            stand,
            frame: way.frame,
            from: self.fork_of(&way),
            forks: way.forks,
            previous: way.previous,
            earlier: way.earlier,
            straight: way.straight,
            ..Token::default()
        };
        self.state(Event::Placed { task: TaskRef(id), token: Box::new(token) })?;
        Ok(id)
    }

    fn meet(&mut self, at: usize, by: Option<usize>, way: Way) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[at];
        let frame = way.frame;
        let id = self.next();
        let token = Token {
            at: node.id.clone(),
            stand: Stand::Join,
            frame,
            by: by.map(|by| model.flows[by].id.clone()),
            from: self.fork_of(&way),
            forks: way.forks,
            previous: way.previous,
            earlier: way.earlier,
            ..Token::default()
        };
        self.state(Event::Placed { task: TaskRef(id), token: Box::new(token) })?;
        if node.kind == NodeKind::InclusiveGateway {
            return Ok(()); // Looked at when nothing else moves any more.
        }
        self.join_if_complete(at, frame)
    }

    /// A join goes on when something waits on each way in.
    pub(super) fn join_if_complete(&mut self, at: usize, frame: u64) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[at];
        let Some(waiting) = self.instance.lookup.waiting_at(frame, &node.id) else { return Ok(()) };
        if waiting.len() < node.incoming.len() {
            return Ok(()); // Asked first: a join of many branches is not gone through each time one of them comes.
        }
        let first = |flow: &usize| waiting.get(&model.flows[*flow].id).and_then(|tokens| tokens.first().copied());
        let tokens: Option<Vec<u64>> = node.incoming.iter().map(first).collect();
        match tokens {
            Some(tokens) => self.join(at, tokens),
            None => Ok(()),
        }
    }

    /// Tokens that waited become one branch, which goes on.
    pub(super) fn join(&mut self, at: usize, tokens: Vec<u64>) -> Result<(), RunError> {
        let way = self.merged(&tokens)?;
        if way.from.is_none() {
            // They have met: what each of them came from stands.
            for id in &tokens {
                if let Some(mut met) = self.instance.tokens.get(id).map(way_of) {
                    self.passed_on(&mut met)?;
                }
            }
        }
        self.state(Event::Merged {
            element: self.model.nodes[at].id.clone(),
            tokens: tokens.into_iter().map(TaskRef).collect(),
            forks: way.forks.clone(),
            joined: true,
        })?;
        self.leave(at, way)
    }

    /// Where a branch comes from that several tokens become: all forks of all of them; the last step only if it is the same.
    pub(super) fn merged(&self, tokens: &[u64]) -> Result<Way, RunError> {
        let mut way = Way::default();
        for (number, id) in tokens.iter().enumerate() {
            let missing = RunError::TaskNotOpen { task: TaskRef(*id) };
            let token = self.instance.tokens.get(id).ok_or(missing)?;
            if number == 0 {
                way = way_of(token);
                continue;
            }
            way.forks.extend(&token.forks);
            if way.from != token.from {
                way.from = None;
            }
            if way.previous != token.previous || way.earlier != token.earlier {
                way.earlier = None;
            }
            if way.previous != token.previous {
                way.previous = None;
            }
        }
        way.straight = None;
        way.forks.sort_unstable();
        way.forks.dedup();
        Ok(way)
    }

    /// A branch becomes several.
    pub(super) fn forked(&mut self, element: &str, way: Way, branches: usize, with: Option<u64>) -> Result<Way, RunError> {
        if way.forks.len() >= MAX_FORKS {
            return Err(RunError::TooDeep { element: element.to_owned() });
        }
        let fork = self.next();
        self.state(Event::Forked {
            fork,
            element: element.to_owned(),
            parents: way.forks.clone(),
            branches: u32::try_from(branches).unwrap_or(u32::MAX),
            with: with.map(TaskRef),
        })?;
        let mut way = way;
        way.forks.push(fork);
        Ok(way)
    }

    /// Chooses the ways out and sends branches along them.
    pub(super) fn leave(&mut self, at: usize, mut way: Way) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[at];
        way.forks.retain(|fork| self.instance.forks.contains_key(fork));
        if let Some(link) = node.link {
            self.state(Event::Passed { element: node.id.clone(), flows: Vec::new() })?;
            self.push(Work::Arrive { at: link, by: None, way });
            return Ok(());
        }
        let mut taken = self.ways_out(at, &way)?;
        self.state(Event::Passed { element: node.id.clone(), flows: taken.iter().map(|flow| model.flows[*flow].id.clone()).collect() })?;
        if taken.len() > 1 {
            way = self.forked(&node.id, way, taken.len(), None)?;
        }
        let Some(last) = taken.pop() else { return self.state(Event::Vanished { forks: way.forks }) };
        for by in taken {
            self.push(Work::Arrive { at: model.flows[by].target, by: Some(by), way: way.clone() });
        }
        self.push(Work::Arrive { at: model.flows[last].target, by: Some(last), way });
        Ok(())
    }

    /// Exclusive: the first whose condition holds. Parallel and event gateways: all. Inclusive and tasks: all whose condition
    /// holds or that have none. The default flow is taken when nothing else is (BPMN 2.0.2, 13.3.1 Sequence Flow
    /// Considerations and 13.4 Gateways).
    fn ways_out(&self, at: usize, way: &Way) -> Result<Vec<usize>, RunError> {
        let node = &self.model.nodes[at];
        let choosing = node.outgoing.iter().any(|flow| self.model.flows[*flow].condition.is_some()) || node.default.is_some();
        if node.kind == NodeKind::ParallelGateway || !choosing {
            let exclusive = node.kind == NodeKind::ExclusiveGateway;
            return Ok(if exclusive { node.outgoing.iter().copied().take(1).collect() } else { node.outgoing.clone() });
        }
        let exclusive = node.kind == NodeKind::ExclusiveGateway;
        let (mut taken, mut chosen) = (Vec::new(), false);
        for flow in &node.outgoing {
            if node.default == Some(*flow) {
                continue;
            }
            let condition = &self.model.flows[*flow].condition;
            let holds = match condition {
                Some(expression) => self.holds(&self.model.flows[*flow].id, expression, way.frame, None)?,
                None => true,
            };
            if holds {
                taken.push(*flow);
                chosen |= condition.is_some();
                if exclusive {
                    return Ok(taken);
                }
            }
        }
        match node.default {
            Some(default) if !chosen => taken.push(default),
            None if taken.is_empty() => return Err(RunError::NoWayOut { element: node.id.clone() }),
            _ => {}
        }
        Ok(taken)
    }

    /// Whether a condition holds in a frame, for one of its tokens.
    pub(super) fn holds(&self, element: &str, expression: &str, frame: u64, token: Option<u64>) -> Result<bool, RunError> {
        let variables = self.context(frame, token, Some(expression));
        self.conditions.holds(expression, &variables).map_err(|reason| no_answer(element, expression, reason))
    }

    /// What an expression gives in a frame, for one of its tokens.
    pub(super) fn value(&self, element: &str, expression: &str, frame: u64, token: Option<u64>) -> Result<Value, RunError> {
        let variables = self.context(frame, token, Some(expression));
        self.conditions.value(expression, &variables).map_err(|reason| no_answer(element, expression, reason))
    }

    /// Variables as they are seen in a frame, and by one of its tokens: the run's, and what rounds say of themselves. Where they
    /// have to be copied, only those that the expression mentions are: in a round over a long list, the list is not copied
    /// whenever one of the round is done.
    pub(super) fn context(&self, frame: u64, token: Option<u64>, expression: Option<&str>) -> Cow<'_, Value> {
        let mut locals: Vec<(String, Value)> = Vec::new();
        let (mut frame, mut token) = (frame, token);
        while let Some(there) = self.instance.frames.get(&frame) {
            if let Some(token) = token.and_then(|token| self.instance.tokens.get(&token)) {
                self.item(token, &mut locals);
            }
            if let Some(round) = there.round.filter(|round| round.kind == RoundKind::Many) {
                locals.push(("nrOfInstances".to_owned(), round.total.into()));
                locals.push(("nrOfCompletedInstances".to_owned(), round.done.into()));
                locals.push(("nrOfActiveInstances".to_owned(), (round.begun.saturating_sub(round.done)).into()));
                locals.push(("nrOfAgreed".to_owned(), round.agree.into()));
                locals.push(("nrOfDisagreed".to_owned(), round.disagree.into()));
            }
            let Some(owner) = self.instance.tokens.get(&there.owner) else { break };
            (frame, token) = (owner.frame, Some(there.owner));
        }
        if locals.is_empty() {
            return Cow::Borrowed(&self.instance.variables);
        }
        let asked = expression.map(squeezed);
        let mentioned = |name: &str| asked.as_ref().is_none_or(|asked| asked.contains(&squeezed(name)));
        let globals = self.instance.variables.as_object().into_iter().flatten();
        let mut all: Map<String, Value> =
            globals.filter(|(name, _)| mentioned(name)).map(|(name, value)| (name.clone(), copied(value))).collect();
        // The innermost counts.
        for (name, value) in locals.into_iter().rev() {
            all.insert(name, value);
        }
        Cow::Owned(Value::Object(all))
    }

    fn item(&self, token: &Token, locals: &mut Vec<(String, Value)>) {
        if token.number == 0 {
            return;
        }
        locals.push(("loopCounter".to_owned(), token.number.into()));
        let repeat = self.model.node(&token.at).and_then(|node| node.repeat.as_ref());
        if let Some(Repeat::Many(many)) = repeat
            && let Some(item) = &many.item
        {
            locals.push((item.clone(), token.item.clone()));
        }
    }

    /// A token is done with and its branch goes on.
    pub(super) fn depart(&mut self, id: u64, how: Gone) -> Result<(usize, Way), RunError> {
        let token = self.instance.tokens.get(&id).ok_or(RunError::TaskNotOpen { task: TaskRef(id) })?;
        let (at, way) = (self.node_at(&token.at)?, way_of(token));
        self.disarm_all(way.frame, Some(id))?;
        let element = self.model.nodes[at].id.clone();
        self.state(Event::Gone { task: TaskRef(id), element, how })?;
        Ok((at, way))
    }
}

fn copied(value: &Value) -> Value {
    looked_at(value.as_array().map_or(1, Vec::len));
    value.clone()
}

pub(super) fn way_of(token: &Token) -> Way {
    Way {
        frame: token.frame,
        forks: token.forks.clone(),
        from: token.from,
        previous: token.previous.clone(),
        earlier: token.earlier.clone(),
        straight: token.straight.clone(),
    }
}

fn no_answer(element: &str, expression: &str, reason: String) -> RunError {
    RunError::Condition { element: element.to_owned(), expression: expression.to_owned(), reason }
}

/// Where a scope without a plain start begins.
pub(super) fn implicit_starts(model: &Model, scope: usize) -> Vec<usize> {
    model.scopes[scope].nodes.iter().copied().filter(|at| begins_without_start(&model.nodes[*at])).collect()
}

fn begins_without_start(node: &crate::model::Node) -> bool {
    let otherwise = match node.kind {
        NodeKind::StartEvent | NodeKind::BoundaryEvent | NodeKind::EventSubProcess => true,
        NodeKind::CatchEvent => matches!(node.trigger, Some(Trigger::Link { .. })),
        _ => node.for_compensation,
    };
    node.incoming.is_empty() && !otherwise
}
