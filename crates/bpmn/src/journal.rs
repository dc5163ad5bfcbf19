//! What a step changed, so that a step that fails can be taken back without copying the whole state before each step.

use serde_json::Value;

use crate::{
    event::Event,
    instance::{Instance, Phase},
    state::{Armed, Compensable, Fork, Frame, Round, Token},
};

/// One thing as it was before.
pub(crate) enum Undo {
    Token(u64, Option<Box<Token>>),
    Frame(u64, Option<Box<Frame>>),
    Round(u64, Option<Round>),
    Items(u64, Vec<Value>),
    Undoable(u64, Vec<Compensable>),
    UndoableToo(u64),
    Led(Box<(u64, String, Option<String>)>),
    Armed(u64, Option<Box<Armed>>),
    Fork(u64, Option<Box<Fork>>),
    Variable(Box<(String, Option<Value>)>),
    Phase(Phase),
    Next(u64),
    /// It had not begun.
    Blank,
    All(Box<Instance>),
}

/// Changes in the order they were made; none are kept when events are replayed.
pub(crate) struct Journal(Option<Vec<Undo>>);

impl Journal {
    pub(crate) fn none() -> Self {
        Self(None)
    }

    pub(crate) fn new() -> Self {
        Self(Some(Vec::with_capacity(16)))
    }

    pub(crate) fn note(&mut self, undo: impl FnOnce() -> Undo) {
        if let Some(undos) = &mut self.0 {
            undos.push(undo());
        }
    }

    /// Makes the instance what it was before these events. (How often elements were done is not noted down; the events say it.)
    pub(crate) fn take_back(self, instance: &mut Instance, events: &[Event]) {
        instance.uncount(events);
        let mut quiet = Self::none();
        for undo in self.0.into_iter().flatten().rev() {
            match undo {
                Undo::Token(id, token) => {
                    instance.put_token(&mut quiet, id, token);
                }
                Undo::Frame(id, frame) => {
                    instance.put_frame(&mut quiet, id, frame);
                }
                Undo::Round(id, round) => {
                    if let Some(frame) = instance.frames.get_mut(&id) {
                        frame.round = round;
                    }
                }
                Undo::Items(id, items) => {
                    if let Some(frame) = instance.frames.get_mut(&id) {
                        frame.items = items;
                    }
                }
                Undo::Undoable(id, done) => {
                    if let Some(frame) = instance.frames.get_mut(&id) {
                        frame.done = done;
                    }
                }
                Undo::UndoableToo(id) => {
                    if let Some(frame) = instance.frames.get_mut(&id) {
                        frame.done.pop();
                    }
                }
                Undo::Led(led) => {
                    let (frame, at, before) = *led;
                    instance.led_by(frame, at, before);
                }
                Undo::Armed(id, armed) => {
                    instance.put_armed(&mut quiet, id, armed);
                }
                Undo::Fork(id, fork) => instance.put_fork(&mut quiet, id, fork),
                Undo::Variable(variable) => {
                    let (name, value) = *variable;
                    if let Some(variables) = instance.variables.as_object_mut() {
                        match value {
                            Some(value) => variables.insert(name, value),
                            None => variables.remove(&name),
                        };
                    }
                }
                Undo::Phase(phase) => instance.phase = phase,
                Undo::Next(next) => instance.next = next,
                Undo::Blank => *instance = Instance::blank(),
                Undo::All(all) => *instance = *all,
            }
        }
    }
}
