//! Events: what is waited for, what happens, what is thrown and who catches it.

use serde_json::Value;

use super::{Run, RunError, Way, Work, flow::way_of, inclusive};
use crate::{
    event::{Event, Gone, TaskRef},
    instance::Phase,
    model::{Model, NodeKind},
    state::{Armed, Stand},
    trigger::{TimerKind, Trigger},
};

impl Run<'_> {
    /// An event is waited for on behalf of a token. Errors, escalations and compensations are looked up when they are thrown.
    pub(super) fn arm(&mut self, at: usize, token: u64) -> Result<(), RunError> {
        let frame = self.instance.tokens.get(&token).map_or(0, |token| token.frame);
        self.arm_for(at, frame, Some(token))
    }

    /// The event subprocesses of a frame's scope are waited for.
    pub(super) fn arm_handlers(&mut self, frame: u64) -> Result<(), RunError> {
        let model = self.model;
        let Some(scope) = self.scope_of(frame) else { return Ok(()) };
        for handler in &model.scopes[scope].handlers {
            if let Some(start) = self.start_of(*handler) {
                self.arm_for(start, frame, None)?;
                if !self.instance.frames.contains_key(&frame) {
                    break;
                }
            }
        }
        Ok(())
    }

    pub(super) fn arm_for(&mut self, at: usize, frame: u64, token: Option<u64>) -> Result<(), RunError> {
        let node = &self.model.nodes[at];
        let key = match &node.trigger {
            Some(Trigger::Message { correlation: Some(expression), .. }) => Some(self.value(&node.id, expression, frame, token)?),
            Some(Trigger::Message { .. } | Trigger::Timer(_) | Trigger::Signal { .. } | Trigger::Condition { .. }) => None,
            _ => return Ok(()),
        };
        let event = self.next();
        self.state(Event::Armed { armed: TaskRef(event), state: Armed { at: node.id.clone(), token, frame, key, holds: false } })?;
        let conditional = matches!(node.trigger, Some(Trigger::Condition { .. }));
        // Nothing happens while it is suspended (it may have been moved to another version); it is looked at when it is resumed.
        if conditional && self.instance.phase == Phase::Running { self.look_at(event) } else { Ok(()) }
    }

    /// Index of the scope that a frame is a run of; none for rounds.
    fn scope_of(&self, frame: u64) -> Option<usize> {
        inclusive::scope_of(self.model, self.instance, frame)
    }

    fn start_of(&self, handler: usize) -> Option<usize> {
        start_of(self.model, handler)
    }

    /// Conditional events happen when their condition holds and did not when last looked at.
    pub(super) fn look_at_conditions(&mut self) -> Result<(), RunError> {
        for event in self.armed_for_trigger(|trigger| matches!(trigger, Trigger::Condition { .. })) {
            self.look_at(event)?;
        }
        Ok(())
    }

    /// Events armed at the elements with such a trigger, in the order in which they were armed.
    fn armed_for_trigger(&self, is: impl Fn(&Trigger) -> bool) -> Vec<u64> {
        let elements = self.model.nodes.iter().filter(|node| node.trigger.as_ref().is_some_and(&is));
        let mut events: Vec<u64> = elements.flat_map(|node| self.instance.lookup.armed_at(&node.id)).collect();
        events.sort_unstable();
        events
    }

    fn look_at(&mut self, event: u64) -> Result<(), RunError> {
        let Some(armed) = self.instance.armed.get(&event) else { return Ok(()) };
        let node = &self.model.nodes[self.node_at(&armed.at)?];
        let Some(Trigger::Condition { expression }) = &node.trigger else { return Ok(()) };
        let (before, frame, token) = (armed.holds, armed.frame, armed.token);
        let now = self.holds(&node.id, expression, frame, token)?;
        if now != before {
            self.state(Event::Looked { armed: TaskRef(event), holds: now })?;
        }
        if now && !before { self.happen(event) } else { Ok(()) }
    }

    /// A timer is due.
    pub(super) fn fire(&mut self, event: TaskRef) -> Result<(), RunError> {
        let armed = self.instance.armed.get(&event.0).ok_or(RunError::NotArmed { event })?;
        if self.model.node(&armed.at).and_then(crate::model::Node::timer).is_none() {
            return Err(RunError::NotArmed { event });
        }
        self.happen(event.0)
    }

    /// A message came in: the first that waits for it takes it.
    pub(super) fn message(&mut self, message: &str, key: Option<&Value>, variables: &Value) -> Result<(), RunError> {
        self.assign(variables)?;
        let elements = self.model.nodes.iter().filter(|node| node.trigger.as_ref().and_then(Trigger::message) == Some(message));
        let event = elements.filter_map(|node| self.instance.lookup.first_for(&node.id, key)).min();
        self.happen(event.ok_or_else(|| RunError::NobodyWaits { message: message.to_owned() })?)
    }

    /// A signal is heard by everybody who waits for it.
    pub(super) fn signal(&mut self, signal: &str) -> Result<(), RunError> {
        for event in self.armed_for_trigger(|trigger| matches!(trigger, Trigger::Signal { name } if name == signal)) {
            self.happen(event)?;
        }
        Ok(())
    }

    /// What was waited for happens. Nothing does if it is no longer waited for.
    fn happen(&mut self, event: u64) -> Result<(), RunError> {
        let Some(armed) = self.instance.armed.get(&event).cloned() else { return Ok(()) };
        let at = self.node_at(&armed.at)?;
        let node = &self.model.nodes[at];
        self.touched.insert(armed.frame);
        self.state(Event::Happened { element: node.id.clone() })?;
        let once = node.timer().is_some_and(|timer| timer.kind != TimerKind::Cycle);
        match (node.kind, armed.token) {
            (NodeKind::StartEvent, _) => {
                if once && !node.interrupting {
                    self.disarm(event)?;
                }
                self.handle(at, armed.frame)
            }
            (NodeKind::BoundaryEvent, Some(token)) => {
                if once && !node.interrupting {
                    self.disarm(event)?;
                }
                self.leave_by(at, token)
            }
            (_, Some(token)) => self.caught(at, event, token),
            (_, None) => Err(RunError::ForeignInstance { element: armed.at }),
        }
    }

    /// A catching event, a receive task or an event gateway gets what it waited for.
    fn caught(&mut self, at: usize, event: u64, token: u64) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[at];
        let Some(there) = self.instance.tokens.get(&token) else { return Ok(()) };
        if there.at == node.id {
            let frame = there.frame;
            if node.kind == NodeKind::ReceiveTask {
                self.disarm(event)?;
                self.push(Work::Over { frame, task: token, verdict: None });
                return Ok(());
            }
            let (_, mut way) = self.depart(token, Gone::Done)?;
            self.passed_on(&mut way)?;
            self.push(Work::Leave { at, way });
            return Ok(());
        }
        let (gateway, mut way) = self.depart(token, Gone::Done)?;
        self.passed_on(&mut way)?;
        let taken = model.nodes[gateway].outgoing.iter().find(|flow| model.flows[**flow].target == at);
        self.state(Event::Passed {
            element: model.nodes[gateway].id.clone(),
            flows: taken.map(|flow| model.flows[*flow].id.clone()).into_iter().collect(),
        })?;
        self.push(Work::Leave { at, way });
        Ok(())
    }

    /// A boundary event: instead of its activity, or beside it.
    fn leave_by(&mut self, boundary: usize, token: u64) -> Result<(), RunError> {
        let node = &self.model.nodes[boundary];
        let way = if node.interrupting {
            let (_, mut way) = self.withdraw(token, Gone::Interrupted)?;
            self.passed_on(&mut way)?;
            way.straight = None;
            way
        } else {
            let Some(there) = self.instance.tokens.get(&token) else { return Ok(()) };
            let mut way = Way { straight: None, ..way_of(there) };
            self.passed_on(&mut way)?;
            self.forked(&node.id, way, 2, Some(token))?
        };
        self.push(Work::Leave { at: boundary, way });
        Ok(())
    }

    /// An event subprocess: instead of what runs in its scope, or beside it.
    fn handle(&mut self, start: usize, frame: u64) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[start];
        let Some(handler) = model.scopes[node.scope].owner else { return Ok(()) };
        if node.interrupting {
            self.empty_frame(frame, None)?;
        }
        let token = self.place(handler, Way { frame, ..Way::default() }, Stand::Around)?;
        let inner = self.open_frame(handler, token, None, Vec::new())?;
        self.push(Work::Arrive { at: start, by: None, way: Way { frame: inner, ..Way::default() } });
        self.arm_handlers(inner)
    }

    /// A throwing event or an end: what comes after it is queued first, so that it goes if what is thrown takes its scope away.
    pub(super) fn throw(&mut self, at: usize, mut way: Way) -> Result<(), RunError> {
        let node = &self.model.nodes[at];
        match &node.trigger {
            Some(Trigger::Message { name, .. }) => {
                self.state(Event::MessageSent { element: node.id.clone(), message: name.clone() })?;
                self.push(Work::Leave { at, way });
                Ok(())
            }
            Some(Trigger::Signal { name }) => {
                self.push(Work::Leave { at, way });
                self.state(Event::Signalled { signal: name.clone() })?;
                self.signal(name)
            }
            Some(Trigger::Escalation { code }) => {
                let frame = way.frame;
                self.push(Work::Leave { at, way });
                self.escalate(code.as_deref(), None, frame)
            }
            Some(Trigger::Error { code }) => {
                let frame = way.frame;
                self.passed_on(&mut way)?;
                self.state(Event::Ended { element: node.id.clone() })?;
                self.state(Event::Vanished { forks: way.forks })?;
                self.error(code.as_deref(), None, frame)
            }
            Some(Trigger::Compensation { activity }) => self.undo(at, way, activity.as_deref()),
            _ => {
                self.push(Work::Leave { at, way });
                Ok(())
            }
        }
    }

    /// Behind an event: the end of the branch, or the way on.
    pub(super) fn behind(&mut self, at: usize, way: Way) -> Result<(), RunError> {
        if !self.instance.frames.contains_key(&way.frame) {
            return Ok(());
        }
        let node = &self.model.nodes[at];
        let mut way = way;
        if node.trigger.is_some() {
            self.passed_on(&mut way)?; // What was sent out cannot be taken back.
        }
        if node.kind.is_end() {
            self.state(Event::Ended { element: node.id.clone() })?;
            return self.state(Event::Vanished { forks: way.forks });
        }
        self.leave(at, way)
    }

    pub(super) fn fail(&mut self, task: TaskRef, code: &str) -> Result<(), RunError> {
        let frame = self.open_task(task)?.frame;
        self.error(Some(code), Some(task.0), frame)
    }

    pub(super) fn escalate_from(&mut self, task: TaskRef, code: &str) -> Result<(), RunError> {
        let frame = self.open_task(task)?.frame;
        self.escalate(Some(code), Some(task.0), frame)
    }

    /// An error goes up until somebody catches it.
    fn error(&mut self, code: Option<&str>, token: Option<u64>, frame: u64) -> Result<(), RunError> {
        match self.catcher(&Trigger::Error { code: code.map(str::to_owned) }, token, frame) {
            Some(Catcher::Boundary(boundary, token)) => {
                let (_, mut way) = self.withdraw(token, Gone::Interrupted)?;
                self.passed_on(&mut way)?;
                way.straight = None;
                self.push(Work::Leave { at: boundary, way });
                Ok(())
            }
            Some(Catcher::Handler(start, frame)) => {
                self.empty_frame(frame, None)?;
                self.handle(start, frame)
            }
            None => {
                self.empty_frame(0, None)?;
                self.work.clear();
                self.moving.clear();
                self.state(Event::Failed { code: code.map(str::to_owned) })
            }
        }
    }

    /// An escalation goes up until somebody catches it; nobody has to.
    fn escalate(&mut self, code: Option<&str>, token: Option<u64>, frame: u64) -> Result<(), RunError> {
        match self.catcher(&Trigger::Escalation { code: code.map(str::to_owned) }, token, frame) {
            Some(Catcher::Boundary(boundary, token)) => self.leave_by(boundary, token),
            Some(Catcher::Handler(start, frame)) => self.handle(start, frame),
            None => self.state(Event::Unheard { code: code.map(str::to_owned) }),
        }
    }

    /// Who catches: first the boundary of the token itself, then event subprocesses of the frame, then the same further out.
    /// The one that names the code comes before the one that catches all.
    fn catcher(&self, thrown: &Trigger, token: Option<u64>, frame: u64) -> Option<Catcher> {
        let model = self.model;
        let pick = |nodes: &mut dyn Iterator<Item = usize>| {
            let mut catch_all = None;
            for at in nodes {
                match (thrown, model.nodes[at].trigger.as_ref()) {
                    (Trigger::Error { .. }, Some(Trigger::Error { code: None }))
                    | (Trigger::Escalation { .. }, Some(Trigger::Escalation { code: None })) => catch_all = catch_all.or(Some(at)),
                    (thrown, Some(caught)) if thrown == caught => return Some(at),
                    _ => {}
                }
            }
            catch_all
        };
        let (mut token, mut frame) = (token, frame);
        loop {
            let there = self.instance.frames.get(&frame)?;
            if there.round.is_none() {
                if let Some(id) = token
                    && let Some(node) = self.instance.tokens.get(&id).and_then(|token| model.node(&token.at))
                    && let Some(boundary) = pick(&mut node.boundaries.iter().copied())
                {
                    return Some(Catcher::Boundary(boundary, id));
                }
                let handlers = self.scope_of(frame).map(|scope| model.scopes[scope].handlers.as_slice()).unwrap_or_default();
                if let Some(start) = pick(&mut handlers.iter().filter_map(|handler| self.start_of(*handler))) {
                    return Some(Catcher::Handler(start, frame));
                }
            }
            if frame == 0 {
                return None;
            }
            token = Some(there.owner);
            frame = self.instance.tokens.get(&there.owner)?.frame;
        }
    }
}

/// Where an event subprocess begins.
pub(super) fn start_of(model: &Model, handler: usize) -> Option<usize> {
    let inner = model.nodes[handler].inner?;
    model.scopes[inner].nodes.iter().copied().find(|at| model.nodes[*at].kind == NodeKind::StartEvent)
}

enum Catcher {
    /// A boundary event, on this token.
    Boundary(usize, u64),
    /// The start of an event subprocess, in this frame.
    Handler(usize, u64),
}
