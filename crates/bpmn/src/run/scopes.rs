//! Activities and their insides: entering, finishing, closing, withdrawing.

use serde_json::Value;

use super::{MAX_NESTING, Run, RunError, Way, Work};
use crate::{
    event::{Event, Gone, TaskRef},
    model::NodeKind,
    state::{Frame, Round, RoundKind, Stand},
};

impl Run<'_> {
    /// A branch comes to an activity.
    pub(super) fn enter(&mut self, at: usize, way: Way) -> Result<(), RunError> {
        let node = &self.model.nodes[at];
        let token = self.place(at, way, stands(node.kind, node.repeat.is_some()))?;
        for boundary in &node.boundaries {
            self.arm(*boundary, token)?;
            if !self.instance.tokens.contains_key(&token) {
                return Ok(()); // A condition that holds already has interrupted it.
            }
        }
        if node.repeat.is_some() { self.begin_rounds(at, token) } else { self.begin_body(at, token) }
    }

    /// What the activity does, once.
    pub(super) fn begin_body(&mut self, at: usize, token: u64) -> Result<(), RunError> {
        let node = &self.model.nodes[at];
        let frame = self.instance.tokens.get(&token).map_or(0, |token| token.frame);
        match node.kind {
            NodeKind::SubProcess => {
                let inner = self.open_frame(at, token, None, Vec::new())?;
                let scope = node.inner.unwrap_or(0);
                self.begin_scope(scope, inner)?;
                self.arm_handlers(inner)
            }
            NodeKind::ReceiveTask => self.arm(at, token),
            NodeKind::SendTask => {
                let message = node.trigger.as_ref().and_then(crate::trigger::Trigger::message).unwrap_or(&node.id).to_owned();
                self.state(Event::MessageSent { element: node.id.clone(), message })?;
                self.push(Work::Over { frame, task: token, verdict: None });
                Ok(())
            }
            NodeKind::RuleTask => {
                self.decide(at, frame, token)?;
                self.push(Work::Over { frame, task: token, verdict: None });
                Ok(())
            }
            NodeKind::Task => {
                self.push(Work::Over { frame, task: token, verdict: None });
                Ok(())
            }
            _ => Ok(()), // Stands open until it is reported done.
        }
    }

    fn decide(&mut self, at: usize, frame: u64, token: u64) -> Result<(), RunError> {
        let node = &self.model.nodes[at];
        let Some(asked) = &node.decision else { return Ok(()) };
        let variables = self.context(frame, Some(token), None);
        let answer = self.conditions.decide(&asked.decision, &variables).map_err(|reason| RunError::Condition {
            element: node.id.clone(),
            expression: asked.decision.clone(),
            reason,
        })?;
        self.state(Event::Decided { element: node.id.clone(), decision: asked.decision.clone(), answer: answer.clone() })?;
        self.assign(&serde_json::json!({ asked.result.as_str(): answer }))
    }

    pub(super) fn open_frame(&mut self, at: usize, owner: u64, round: Option<Round>, items: Vec<Value>) -> Result<u64, RunError> {
        let element = self.model.nodes[at].id.clone();
        let mut depth = 0;
        let mut outer = owner;
        while let Some(token) = self.instance.tokens.get(&outer) {
            depth += 1;
            if depth > MAX_NESTING {
                return Err(RunError::TooDeep { element });
            }
            outer = self.instance.frames.get(&token.frame).map_or(0, |frame| frame.owner);
        }
        let frame = self.next();
        self.state(Event::FrameOpened { frame, state: Frame { owner, at: element, round, items, ..Frame::default() } })?;
        Ok(frame)
    }

    /// What an activity does is done: the next round, or the way on.
    pub(super) fn body_over(&mut self, id: u64, verdict: Option<bool>) -> Result<(), RunError> {
        let Some(token) = self.instance.tokens.get(&id) else {
            return Ok(()); // It went before its turn came.
        };
        let frame = token.frame;
        if token.stand == Stand::Task && self.waits_for_signers(id)? {
            return Ok(());
        }
        let Some(round) = self.instance.frames.get(&frame).and_then(|frame| frame.round) else {
            return self.activity_over(id);
        };
        match round.kind {
            RoundKind::Undo => self.undone(id),
            _ => self.one_done(id, verdict),
        }
    }

    /// An activity is done, with all its rounds.
    pub(super) fn activity_over(&mut self, id: u64) -> Result<(), RunError> {
        let (at, mut way) = self.depart(id, Gone::Done)?;
        let node = &self.model.nodes[at];
        if node.kind == NodeKind::EventSubProcess {
            return self.state(Event::Passed { element: node.id.clone(), flows: Vec::new() });
        }
        if !matches!(node.kind, NodeKind::Task | NodeKind::RuleTask) {
            self.passed_on(&mut way)?;
        }
        if node.kind.is_human() {
            way.from = Some(id);
            // A step that led back to itself does not come before itself.
            if way.previous.as_ref() != Some(&node.id) {
                way.earlier = way.previous.take().filter(|step| self.led_to(way.frame, &node.id).as_ref() != Some(step));
            }
            way.previous = Some(node.id.clone());
        }
        self.note_undoable(at, way.frame)?;
        if node.kind.is_event() {
            return self.behind(at, way);
        }
        if let Some(target) = way.straight.take() {
            let target = self.node_at(&target)?;
            self.state(Event::Passed { element: node.id.clone(), flows: Vec::new() })?;
            self.push(Work::Arrive { at: target, by: None, way });
            return Ok(());
        }
        self.leave(at, way)
    }

    /// Closes a scope in which nothing is open any more; rounds close themselves.
    pub(super) fn close_if_empty(&mut self, frame: u64) -> Result<(), RunError> {
        let Some(there) = self.instance.frames.get(&frame) else { return Ok(()) };
        if there.round.is_some() || self.is_moving(frame) || !self.instance.lookup.is_empty(frame) {
            return Ok(());
        }
        let owner = there.owner;
        self.disarm_all(frame, None)?;
        if frame == 0 {
            return self.state(Event::Finished);
        }
        self.keep_undoable(frame)?;
        self.state(Event::FrameClosed { frame })?;
        let outer = self.instance.tokens.get(&owner).map_or(0, |token| token.frame);
        self.push(Work::Over { frame: outer, task: owner, verdict: None });
        Ok(())
    }

    /// A terminate event: everything in its scope goes, and the scope is over.
    pub(super) fn terminate_frame(&mut self, frame: u64) -> Result<(), RunError> {
        self.empty_frame(frame, None)?;
        if frame == 0 {
            self.work.clear();
            self.moving.clear();
            return self.state(Event::Terminated);
        }
        Ok(()) // The frame is empty now and closes as any other.
    }

    /// Withdraws everything in a frame but one token: tokens, what is inside them, armed events, branches on the move.
    pub(super) fn empty_frame(&mut self, frame: u64, but: Option<u64>) -> Result<(), RunError> {
        self.disarm_all(frame, None)?;
        let tokens: Vec<u64> = self.instance.members(frame).filter(|id| Some(*id) != but).collect();
        for token in tokens {
            self.withdraw(token, Gone::Withdrawn)?;
        }
        self.drop_work(frame)
    }

    /// Takes a token away, with everything inside.
    pub(super) fn withdraw(&mut self, id: u64, how: Gone) -> Result<(usize, Way), RunError> {
        self.hollow(id)?;
        self.depart(id, how)
    }

    /// Takes away everything inside a token.
    pub(super) fn hollow(&mut self, id: u64) -> Result<(), RunError> {
        let Some(inner) = self.instance.tokens.get(&id).and_then(|token| token.inner) else { return Ok(()) };
        self.empty_frame(inner, None)?;
        self.state(Event::FrameClosed { frame: inner })
    }

    fn drop_work(&mut self, frame: u64) -> Result<(), RunError> {
        let mut dropped = Vec::new();
        let mut kept = std::collections::VecDeque::with_capacity(self.work.len());
        for work in self.work.drain(..) {
            if Self::frame_of(&work) == frame {
                dropped.push(work);
            } else {
                kept.push_back(work);
            }
        }
        self.work = kept;
        for work in dropped {
            self.arrived(frame);
            if let Work::Arrive { way, .. } | Work::Leave { way, .. } = work {
                self.state(Event::Vanished { forks: way.forks })?;
            }
        }
        Ok(())
    }

    pub(super) fn disarm_all(&mut self, frame: u64, token: Option<u64>) -> Result<(), RunError> {
        for event in self.instance.armed_for(frame, token) {
            self.disarm(event)?;
        }
        Ok(())
    }

    pub(super) fn disarm(&mut self, event: u64) -> Result<(), RunError> {
        let Some(armed) = self.instance.armed.get(&event) else { return Ok(()) };
        let element = armed.at.clone();
        self.state(Event::Disarmed { armed: TaskRef(event), element })
    }
}

/// How a token stands at an activity.
pub(super) fn stands(kind: NodeKind, repeated: bool) -> Stand {
    match kind {
        NodeKind::UserTask | NodeKind::ManualTask | NodeKind::ServiceTask | NodeKind::CallActivity if !repeated => Stand::Task,
        NodeKind::ReceiveTask if !repeated => Stand::Event,
        _ => Stand::Around,
    }
}
