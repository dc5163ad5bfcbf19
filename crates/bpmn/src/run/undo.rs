//! Compensation: what was completed is undone by its handlers, last completed first (BPMN 2.0.2, 13.5.5 Compensation).

use serde_json::Value;

use super::{Run, RunError, Way, Work};
use crate::{
    event::{Event, Gone},
    state::{Compensable, Round, RoundKind, Stand},
};

impl Run<'_> {
    /// Activity that undoes this one.
    fn compensator(&self, at: usize) -> Option<usize> {
        let node = &self.model.nodes[at];
        node.boundaries.iter().find_map(|boundary| self.model.nodes[*boundary].compensator)
    }

    /// Notes a completed activity that can be undone.
    pub(super) fn note_undoable(&mut self, at: usize, frame: u64) -> Result<(), RunError> {
        if self.compensator(at).is_none() {
            return Ok(());
        }
        self.add_undoable(frame, Compensable { element: self.model.nodes[at].id.clone(), inside: Vec::new() })
    }

    /// A frame is over: what can be undone in it is handed to the frame around it, as one entry.
    pub(super) fn keep_undoable(&mut self, frame: u64) -> Result<(), RunError> {
        let Some(there) = self.instance.frames.get(&frame).filter(|there| !there.done.is_empty()) else { return Ok(()) };
        let (element, inside, owner) = (there.at.clone(), there.done.clone(), there.owner);
        if self.compensator(self.node_at(&element)?).is_some() {
            return Ok(()); // It has a handler of its own for all of it.
        }
        let Some(outer) = self.instance.tokens.get(&owner).map(|owner| owner.frame) else { return Ok(()) };
        self.add_undoable(outer, Compensable { element, inside })
    }

    fn add_undoable(&mut self, frame: u64, new: Compensable) -> Result<(), RunError> {
        if !self.instance.frames.contains_key(&frame) {
            return Ok(());
        }
        self.state(Event::UndoableToo { frame, done: new })
    }

    /// A throwing event asks for compensation: of one activity, or of everything completed in the scope.
    pub(super) fn undo(&mut self, at: usize, way: Way, activity: Option<&str>) -> Result<(), RunError> {
        let model = self.model;
        // Inside an event subprocess, what was completed in the scope around it is meant.
        let mut frame = way.frame;
        while let Some(there) = self.instance.frames.get(&frame) {
            let handler = frame != 0 && model.node(&there.at).is_some_and(|node| node.kind == crate::model::NodeKind::EventSubProcess);
            let found = activity.is_none_or(|activity| there.done.iter().any(|done| done.element == activity));
            if frame == 0 || (!handler && (found || activity.is_none())) {
                break;
            }
            let Some(owner) = self.instance.tokens.get(&there.owner) else { break };
            frame = owner.frame;
        }
        let Some(there) = self.instance.frames.get(&frame) else { return Ok(()) };
        let (taken, left): (Vec<Compensable>, Vec<Compensable>) =
            there.done.iter().cloned().partition(|done| activity.is_none_or(|activity| done.element == activity));
        let mut handlers = Vec::new();
        for done in taken.iter().rev() {
            self.handlers(done, &mut handlers)?;
        }
        if handlers.is_empty() {
            self.push(Work::Leave { at, way });
            return Ok(());
        }
        self.state(Event::Undoable { frame, done: left })?;
        let total = u32::try_from(handlers.len()).unwrap_or(u32::MAX);
        let token = self.place(at, way, Stand::Around)?;
        let round = Round { kind: RoundKind::Undo, total, begun: 1, ..Round::default() };
        let inner = self.open_frame(at, token, Some(round), handlers)?;
        self.push(Work::Spawn { frame: inner, number: 1 });
        Ok(())
    }

    fn handlers(&self, done: &Compensable, handlers: &mut Vec<Value>) -> Result<(), RunError> {
        match self.compensator(self.node_at(&done.element)?) {
            Some(handler) => handlers.push(Value::String(self.model.nodes[handler].id.clone())),
            None => {
                for inside in done.inside.iter().rev() {
                    self.handlers(inside, handlers)?;
                }
            }
        }
        Ok(())
    }

    /// One handler is done: the next, or behind the throwing event.
    pub(super) fn undone(&mut self, id: u64) -> Result<(), RunError> {
        let (at, way) = self.depart(id, Gone::Done)?;
        self.state(Event::Passed { element: self.model.nodes[at].id.clone(), flows: Vec::new() })?;
        let frame = way.frame;
        let Some(there) = self.instance.frames.get(&frame) else { return Ok(()) };
        let (owner, Some(mut round)) = (there.owner, there.round) else { return Ok(()) };
        round.done += 1;
        if round.done < round.total {
            round.begun += 1;
            self.state(Event::RoundAdvanced { frame, round })?;
            self.push(Work::Spawn { frame, number: round.begun });
            return Ok(());
        }
        self.state(Event::FrameClosed { frame })?;
        let outer = self.instance.tokens.get(&owner).map_or(0, |owner| owner.frame);
        self.push(Work::Over { frame: outer, task: owner, verdict: None });
        Ok(())
    }
}
