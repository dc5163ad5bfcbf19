//! The state of one run: what is open, what waits, which variables conditions may ask for, and how often each element was
//! passed. No history: its size follows the open tasks and the size of the drawing, not the length of the run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    event::{Event, Gone, TaskRef, nothing},
    journal::{Journal, Undo},
    lookup::Lookup,
    model::Model,
    shelf::{Shelf, looked_at},
    state::{Armed, Fork, Frame, RoundKind, Stand, Token},
};

/// Version of the state's form; a state of a later version is refused.
pub(crate) const FORM: u8 = 2;

/// One run of a process. Made by [`crate::start`], moved on by [`crate::act`]; store it as JSON.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Stored")]
pub struct Instance {
    pub(crate) form: u8,
    pub(crate) process: String,
    pub(crate) phase: Phase,
    pub(crate) next: u64,
    pub(crate) tokens: Shelf<Token>,
    pub(crate) frames: Shelf<Frame>,
    pub(crate) armed: Shelf<Armed>,
    pub(crate) forks: Shelf<Fork>,
    pub(crate) variables: Value,
    pub(crate) done: BTreeMap<String, u32>,
    pub(crate) lookup: Lookup,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// Something is open.
    Running,
    /// Something is open, but nothing may go on.
    Suspended,
    /// Every branch has ended.
    Finished,
    /// Ended before its time, by a terminate event or from outside.
    Terminated,
    /// Ended by an error that nobody caught.
    Failed,
}

/// The form in which an instance is kept, as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    form: u8,
    process: String,
    phase: Phase,
    next: u64,
    #[serde(default)]
    tokens: Shelf<Token>,
    #[serde(default)]
    frames: Shelf<Frame>,
    #[serde(default)]
    armed: Shelf<Armed>,
    #[serde(default)]
    forks: Shelf<Fork>,
    #[serde(default = "nothing")]
    variables: Value,
    #[serde(default)]
    done: BTreeMap<String, u32>,
}

/// The same as it is written.
#[derive(Serialize)]
struct Kept<'i> {
    form: u8,
    process: &'i str,
    phase: Phase,
    next: u64,
    #[serde(skip_serializing_if = "Shelf::is_empty")]
    tokens: &'i Shelf<Token>,
    #[serde(skip_serializing_if = "Shelf::is_empty")]
    frames: &'i Shelf<Frame>,
    #[serde(skip_serializing_if = "Shelf::is_empty")]
    armed: &'i Shelf<Armed>,
    #[serde(skip_serializing_if = "Shelf::is_empty")]
    forks: &'i Shelf<Fork>,
    #[serde(skip_serializing_if = "is_nothing")]
    variables: &'i Value,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    done: &'i BTreeMap<String, u32>,
}

fn is_nothing(value: &Value) -> bool {
    value.as_object().is_none_or(serde_json::Map::is_empty)
}

impl Serialize for Instance {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Kept {
            form: self.form,
            process: &self.process,
            phase: self.phase,
            next: self.next,
            tokens: &self.tokens,
            frames: &self.frames,
            armed: &self.armed,
            forks: &self.forks,
            variables: &self.variables,
            done: &self.done,
        }
        .serialize(serializer)
    }
}

impl From<Stored> for Instance {
    fn from(stored: Stored) -> Self {
        let mut lookup = Lookup::default();
        for (id, token) in &stored.tokens {
            lookup.token(*id, token, true);
        }
        for (id, armed) in &stored.armed {
            lookup.armed(*id, armed, true);
        }
        Self {
            form: stored.form,
            process: stored.process,
            phase: stored.phase,
            next: stored.next,
            tokens: stored.tokens,
            frames: stored.frames,
            armed: stored.armed,
            forks: stored.forks,
            variables: stored.variables,
            done: stored.done,
            lookup,
        }
    }
}

impl Instance {
    /// A run that has not begun: replay its events on it.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            form: FORM,
            process: String::new(),
            phase: Phase::Running,
            next: 1,
            tokens: Shelf::default(),
            frames: Shelf::default(),
            armed: Shelf::default(),
            forks: Shelf::default(),
            variables: nothing(),
            done: BTreeMap::new(),
            lookup: Lookup::default(),
        }
    }

    /// The state that these events lead to, from the beginning of a run.
    ///
    /// # Errors
    /// The events do not follow from each other.
    pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Self, ReplayError> {
        let mut instance = Self::blank();
        for event in events {
            instance.apply(event)?;
        }
        Ok(instance)
    }

    /// How far the run is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the run is not over.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Suspended)
    }

    /// Open tasks with the ids of their elements, oldest first.
    pub fn open_tasks(&self) -> impl Iterator<Item = (TaskRef, &str)> {
        self.tokens.iter().filter(|(_, token)| token.stand == Stand::Task).map(|(id, token)| (TaskRef(*id), token.at.as_str()))
    }

    /// All tokens, oldest first: open tasks and everything else that stands.
    pub fn tokens(&self) -> impl Iterator<Item = (TaskRef, &Token)> {
        self.tokens.iter().map(|(id, token)| (TaskRef(*id), token))
    }

    /// One token.
    #[must_use]
    pub fn token(&self, task: TaskRef) -> Option<&Token> {
        self.tokens.get(&task.0)
    }

    /// Events that are waited for, in the order in which they were armed.
    pub fn armed(&self) -> impl Iterator<Item = (TaskRef, &Armed)> {
        self.armed.iter().map(|(id, armed)| (TaskRef(*id), armed))
    }

    /// Items of a round in turn that have not begun. Rounds side by side have all begun; their list may hold what was removed.
    pub fn to_come(&self, frame: u64) -> impl Iterator<Item = &Value> {
        let there = self.frames.get(&frame).filter(|frame| frame.round.is_some_and(|round| round.begun < round.total));
        let begun = there.and_then(|frame| frame.round).map_or(0, |round| round.begun as usize);
        there.into_iter().flat_map(move |frame| frame.items.iter().skip(begun))
    }

    /// Whether this task is open.
    #[must_use]
    pub fn is_open(&self, task: TaskRef) -> bool {
        self.tokens.get(&task.0).is_some_and(|token| token.stand == Stand::Task)
    }

    /// The open task at an element, when there is exactly one.
    #[must_use]
    pub fn task_at(&self, element: &str) -> Option<TaskRef> {
        let mut found = self.open_tasks().filter(|(_, at)| *at == element);
        let (task, _) = found.next()?;
        found.next().is_none().then_some(task)
    }

    /// How often an element was done or a flow was taken.
    #[must_use]
    pub fn times_done(&self, id: &str) -> u32 {
        self.done.get(id).copied().unwrap_or(0)
    }

    /// Elements done and flows taken, with how often.
    pub fn done(&self) -> impl Iterator<Item = (&str, u32)> {
        self.done.iter().map(|(id, count)| (id.as_str(), *count))
    }

    /// Branches that wait at joins: flow and number.
    pub fn waiting(&self) -> impl Iterator<Item = (&str, usize)> {
        self.lookup.all_waiting().map(|(flow, tokens)| (flow, tokens.len()))
    }

    /// Number of tokens.
    #[must_use]
    pub fn size(&self) -> usize {
        self.tokens.len()
    }

    /// Values that conditions may ask for, an object. Variables that no expression of the model mentions are not kept.
    #[must_use]
    pub fn variables(&self) -> &Value {
        &self.variables
    }

    /// End events that were reached.
    pub fn ends<'i>(&'i self, model: &'i Model) -> impl Iterator<Item = &'i str> {
        model.nodes().iter().filter(|node| node.kind().is_end() && self.times_done(node.id()) > 0).map(|node| node.id())
    }

    pub(crate) fn members(&self, frame: u64) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.lookup.members(frame)
    }

    /// Tokens that the completion of a task led to, as long as it can be taken back.
    pub(crate) fn came_from(&self, task: u64) -> Vec<u64> {
        self.lookup.came_from(task)
    }

    /// Events armed for a token, or for the frame itself.
    pub(crate) fn armed_for(&self, frame: u64, token: Option<u64>) -> Vec<u64> {
        self.lookup.armed_for(frame, token)
    }

    /// Changes the state by one event.
    ///
    /// # Errors
    /// The event does not follow from the state; the state may be half changed then and should not be used.
    pub fn apply(&mut self, event: &Event) -> Result<(), ReplayError> {
        self.apply_with(event, &mut Journal::none())
    }

    pub(crate) fn apply_with(&mut self, event: &Event, journal: &mut Journal) -> Result<(), ReplayError> {
        if !self.is_running() {
            return Err(ReplayError::Over);
        }
        match event {
            Event::Started { process } => {
                journal.note(|| Undo::Blank);
                self.process.clone_from(process);
                self.put_frame(journal, 0, Some(Box::new(Frame { at: process.clone(), ..Frame::default() })));
            }
            Event::VariablesSet { variables } => {
                if let (Some(kept), Some(new)) = (self.variables.as_object_mut(), variables.as_object()) {
                    for (name, value) in new {
                        let before = kept.insert(name.clone(), value.clone());
                        journal.note(|| Undo::Variable(Box::new((name.clone(), before))));
                    }
                }
            }
            Event::Placed { task, token } => {
                self.number(journal, task.0)?;
                self.remember(journal, token);
                self.put_token(journal, task.0, Some(token.clone()));
            }
            Event::Gone { task, element, how } => {
                let there = self.tokens.get(&task.0).filter(|token| token.at == *element).ok_or(ReplayError::NoToken(*task))?;
                let forks = if *how == Gone::Withdrawn { there.forks.clone() } else { Vec::new() };
                self.put_token(journal, task.0, None);
                self.fewer(journal, &[&forks], &[]);
            }
            Event::Passed { element, flows } => {
                self.count(element);
                for flow in flows {
                    self.count(flow);
                }
            }
            Event::Ended { element } => self.count(element),
            Event::Vanished { forks } => self.fewer(journal, &[forks], &[]),
            Event::Forked { fork, element, parents, branches, with } => {
                self.number(journal, *fork)?;
                for parent in parents {
                    self.more(journal, *parent, branches.saturating_sub(1));
                }
                self.put_fork(journal, *fork, Some(Box::new(Fork { at: element.clone(), alive: *branches })));
                if let Some(with) = with {
                    self.with_token(journal, *with, |token| token.forks.push(*fork))?;
                }
            }
            Event::Merged { tokens, forks, .. } => {
                let mut gone = Vec::with_capacity(tokens.len());
                for task in tokens {
                    gone.push(self.tokens.get(&task.0).ok_or(ReplayError::NoToken(*task))?.forks.clone());
                    self.put_token(journal, task.0, None);
                }
                let gone: Vec<&[u64]> = gone.iter().map(Vec::as_slice).collect();
                self.fewer(journal, &gone, forks);
            }
            Event::FrameOpened { frame, state } => {
                self.number(journal, *frame)?;
                let stand = match state.round.map(|round| round.kind) {
                    Some(RoundKind::Beside) => Stand::Task,
                    Some(RoundKind::Before | RoundKind::After) => Stand::Paused,
                    _ => Stand::Around,
                };
                self.with_token(journal, TaskRef(state.owner), |token| {
                    token.inner = Some(*frame);
                    token.stand = stand;
                })?;
                self.put_frame(journal, *frame, Some(Box::new(state.clone())));
            }
            Event::FrameClosed { frame } => {
                let owner = self.frames.get(frame).ok_or(ReplayError::NoFrame(*frame))?.owner;
                self.put_frame(journal, *frame, None);
                if self.tokens.contains_key(&owner) {
                    self.with_token(journal, TaskRef(owner), |token| token.inner = None)?;
                }
            }
            Event::RoundAdvanced { frame, round } => {
                let there = self.frames.get_mut(frame).ok_or(ReplayError::NoFrame(*frame))?;
                let before = there.round.replace(*round);
                journal.note(|| Undo::Round(*frame, before));
            }
            Event::SignersChanged { frame, items } => {
                let there = self.frames.get_mut(frame).ok_or(ReplayError::NoFrame(*frame))?;
                let before = std::mem::replace(&mut there.items, items.clone());
                journal.note(|| Undo::Items(*frame, before));
            }
            Event::UndoableToo { frame, done } => {
                looked_at(done.inside.len());
                let there = self.frames.get_mut(frame).ok_or(ReplayError::NoFrame(*frame))?;
                there.done.push(done.clone());
                journal.note(|| Undo::UndoableToo(*frame));
            }
            Event::Undoable { frame, done } => {
                looked_at(done.len());
                let there = self.frames.get_mut(frame).ok_or(ReplayError::NoFrame(*frame))?;
                let before = std::mem::replace(&mut there.done, done.clone());
                journal.note(|| Undo::Undoable(*frame, before));
            }
            Event::Armed { armed: event, state } => {
                self.number(journal, event.0)?;
                self.put_armed(journal, event.0, Some(Box::new(state.clone())));
            }
            Event::Looked { armed: event, holds } => {
                let mut armed = self.armed.get(&event.0).cloned().ok_or(ReplayError::NotArmed(*event))?;
                armed.holds = *holds;
                self.put_armed(journal, event.0, Some(Box::new(armed)));
            }
            Event::Disarmed { armed: event, .. } => {
                if !self.armed.contains_key(&event.0) {
                    return Err(ReplayError::NotArmed(*event));
                }
                self.put_armed(journal, event.0, None);
            }
            Event::Held { task, holders } => self.with_token(journal, *task, |token| token.holders.clone_from(holders))?,
            Event::Touched { task } => self.with_token(journal, *task, |token| token.touched = true)?,
            Event::PassedOn { task } => {
                for id in self.came_from(task.0) {
                    self.with_token(journal, TaskRef(id), |token| token.from = None)?;
                }
            }
            Event::Awaits { task, after, signed } => self.with_token(journal, *task, |token| {
                token.after.clone_from(after);
                token.signed = *signed;
            })?,
            Event::Turned { task, stand } => self.with_token(journal, *task, |token| token.stand = *stand)?,
            Event::Migrated { process, ids } => self.rename(journal, process, ids),
            Event::Happened { element } => self.count(element),
            Event::MessageSent { .. }
            | Event::Signalled { .. }
            | Event::Unheard { .. }
            | Event::Decided { .. }
            | Event::Copied { .. }
            | Event::Urged { .. } => {}
            Event::Suspended => self.turn(journal, Phase::Suspended),
            Event::Resumed => self.turn(journal, Phase::Running),
            Event::Finished => self.over(journal, Phase::Finished),
            Event::Terminated => self.over(journal, Phase::Terminated),
            Event::Failed { .. } => self.over(journal, Phase::Failed),
        }
        Ok(())
    }

    /// Notes which step led to where a token is put down. What a step led to, and led back from there, does not come before it: so
    /// going back step by step always ends at a first step.
    fn remember(&mut self, journal: &mut Journal, token: &Token) {
        let Some(frame) = self.frames.get(&token.frame).filter(|frame| frame.round.is_none() && token.by.is_none()) else { return };
        let (before, now) = (frame.led.get(&token.at), token.previous.as_ref());
        let goes_round = |now: &String| self.done.contains_key(&token.at) && comes_after(&frame.led, now, &token.at);
        if before == now || now.is_some_and(goes_round) {
            return;
        }
        let before = self.led_by(token.frame, token.at.clone(), now.cloned());
        journal.note(|| Undo::Led(Box::new((token.frame, token.at.clone(), before))));
    }

    /// Gives what was noted before.
    pub(crate) fn led_by(&mut self, frame: u64, at: String, step: Option<String>) -> Option<String> {
        let led = &mut self.frames.get_mut(&frame)?.led;
        match step {
            Some(step) => led.insert(at, step),
            None => led.remove(&at),
        }
    }

    fn over(&mut self, journal: &mut Journal, phase: Phase) {
        self.put_frame(journal, 0, None);
        self.turn(journal, phase);
    }

    fn turn(&mut self, journal: &mut Journal, phase: Phase) {
        let before = std::mem::replace(&mut self.phase, phase);
        journal.note(|| Undo::Phase(before));
    }

    fn number(&mut self, journal: &mut Journal, id: u64) -> Result<(), ReplayError> {
        if id < self.next {
            return Err(ReplayError::TaskUsed(TaskRef(id)));
        }
        let before = std::mem::replace(&mut self.next, id + 1);
        journal.note(|| Undo::Next(before));
        Ok(())
    }

    fn with_token(&mut self, journal: &mut Journal, task: TaskRef, change: impl FnOnce(&mut Token)) -> Result<(), ReplayError> {
        let mut token = self.tokens.get(&task.0).cloned().ok_or(ReplayError::NoToken(task))?;
        change(&mut token);
        self.put_token(journal, task.0, Some(Box::new(token)));
        Ok(())
    }

    fn count(&mut self, id: &str) {
        match self.done.get_mut(id) {
            Some(count) => *count = count.saturating_add(1),
            None => drop(self.done.insert(id.to_owned(), 1)),
        }
    }

    /// Takes back what these events counted.
    pub(crate) fn uncount(&mut self, events: &[Event]) {
        for event in events {
            let (element, flows) = match event {
                Event::Passed { element, flows } => (element, flows.as_slice()),
                Event::Ended { element } | Event::Happened { element } => (element, [].as_slice()),
                _ => continue,
            };
            for id in std::iter::once(element).chain(flows) {
                match self.done.get_mut(id) {
                    Some(count) if *count > 1 => *count -= 1,
                    _ => drop(self.done.remove(id)),
                }
            }
        }
    }

    fn more(&mut self, journal: &mut Journal, fork: u64, more: u32) {
        if let Some(there) = self.forks.get(&fork) {
            let fork_now = Fork { at: there.at.clone(), alive: there.alive.saturating_add(more) };
            self.put_fork(journal, fork, Some(Box::new(fork_now)));
        }
    }

    /// Branches with these forks are gone, one with those goes on. A fork with one branch left is forgotten.
    fn fewer(&mut self, journal: &mut Journal, gone: &[&[u64]], stays: &[u64]) {
        let mut change: BTreeMap<u64, i64> = BTreeMap::new();
        for fork in gone.iter().copied().flatten() {
            *change.entry(*fork).or_default() -= 1;
        }
        for fork in stays {
            *change.entry(*fork).or_default() += 1;
        }
        for (id, by) in change {
            let Some(fork) = self.forks.get(&id) else { continue };
            let alive = i64::from(fork.alive) + by;
            let now = (alive > 1).then(|| Box::new(Fork { at: fork.at.clone(), alive: u32::try_from(alive).unwrap_or(u32::MAX) }));
            self.put_fork(journal, id, now);
        }
    }

    fn rename(&mut self, journal: &mut Journal, process: &str, ids: &BTreeMap<String, String>) {
        let before = self.clone();
        journal.note(|| Undo::All(Box::new(before)));
        let new = |id: &mut String| {
            if let Some(name) = ids.get(id) {
                id.clone_from(name);
            }
        };
        process.clone_into(&mut self.process);
        for token in self.tokens.values_mut() {
            new(&mut token.at);
            token.by.iter_mut().for_each(new);
            token.previous.iter_mut().for_each(new);
            token.earlier.iter_mut().for_each(new);
            token.straight.iter_mut().for_each(new);
        }
        for (id, frame) in self.frames.iter_mut() {
            if *id == 0 {
                process.clone_into(&mut frame.at);
            } else {
                new(&mut frame.at);
            }
            frame.done.iter_mut().for_each(|done| rename_undoable(done, ids));
            let led = std::mem::take(&mut frame.led);
            for (mut at, mut step) in led {
                new(&mut at);
                new(&mut step);
                // Several that are one now keep the first; what would go round is dropped.
                if !frame.led.contains_key(&at) && !comes_after(&frame.led, &step, &at) {
                    frame.led.insert(at, step);
                }
            }
            if frame.round.is_some_and(|round| round.kind == RoundKind::Undo) {
                frame
                    .items
                    .iter_mut()
                    .filter_map(|item| Some((ids.get(item.as_str()?)?, item)))
                    .for_each(|(name, item)| *item = name.as_str().into());
            }
        }
        for armed in self.armed.values_mut() {
            new(&mut armed.at);
        }
        for fork in self.forks.values_mut() {
            new(&mut fork.at);
        }
        let done = std::mem::take(&mut self.done);
        for (mut id, count) in done {
            new(&mut id);
            *self.done.entry(id).or_default() += count;
        }
        self.lookup = Lookup::default();
        for (id, token) in &self.tokens {
            self.lookup.token(*id, token, true);
        }
        for (id, armed) in &self.armed {
            self.lookup.armed(*id, armed, true);
        }
    }

    pub(crate) fn put_token(&mut self, journal: &mut Journal, id: u64, token: Option<Box<Token>>) {
        if let Some(there) = self.tokens.get(&id) {
            self.lookup.token(id, there, false);
        }
        if let Some(token) = &token {
            self.lookup.token(id, token, true);
        }
        let before = self.tokens.exchange(id, token);
        journal.note(|| Undo::Token(id, before));
    }

    pub(crate) fn put_armed(&mut self, journal: &mut Journal, id: u64, armed: Option<Box<Armed>>) {
        if let Some(there) = self.armed.get(&id) {
            self.lookup.armed(id, there, false);
        }
        if let Some(armed) = &armed {
            self.lookup.armed(id, armed, true);
        }
        let before = self.armed.exchange(id, armed);
        journal.note(|| Undo::Armed(id, before));
    }

    pub(crate) fn put_frame(&mut self, journal: &mut Journal, id: u64, frame: Option<Box<Frame>>) {
        let before = self.frames.exchange(id, frame);
        journal.note(|| Undo::Frame(id, before));
    }

    pub(crate) fn put_fork(&mut self, journal: &mut Journal, id: u64, fork: Option<Box<Fork>>) {
        let before = self.forks.exchange(id, fork);
        journal.note(|| Undo::Fork(id, before));
    }
}

/// Whether a step is what another led to, directly or by others.
fn comes_after(led: &BTreeMap<String, String>, step: &str, other: &str) -> bool {
    std::iter::successors(Some(step), |step| led.get(*step).map(String::as_str)).any(|step| step == other)
}

fn rename_undoable(done: &mut crate::state::Compensable, ids: &BTreeMap<String, String>) {
    if let Some(name) = ids.get(&done.element) {
        done.element.clone_from(name);
    }
    done.inside.iter_mut().for_each(|inside| rename_undoable(inside, ids));
}

/// Events that do not follow from each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Something happened after the end.
    #[error("an event follows the end of the run")]
    Over,
    /// A number was used before.
    #[error("number {0} is used a second time")]
    TaskUsed(TaskRef),
    /// A token is not there, or not at this element.
    #[error("token {0} is not there")]
    NoToken(TaskRef),
    /// A frame is not there.
    #[error("frame {0} is not there")]
    NoFrame(u64),
    /// An event is not armed.
    #[error("event {0} is not waited for")]
    NotArmed(TaskRef),
}
