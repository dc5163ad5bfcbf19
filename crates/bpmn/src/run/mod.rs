//! Moves a run on: [`act`] takes a command, changes the state and tells what happened. A pure function: the same model, state,
//! command and answers of [`Conditions`] always give the same result. Meaning: `docs/process-semantics.md`.

mod command;
mod error;
mod flow;
mod happen;
mod inclusive;
mod migrate;
mod office;
mod place;
mod previous;
mod rounds;
mod scopes;
mod undo;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

pub use command::{Command, Returning, Signers, Target};
pub use error::{RunError, Why};
pub use migrate::{Obstacle, ObstacleReason, Plan, migrate};
pub use office::{jump_targets, return_targets, steps_inside, straight_targets};
pub use previous::previous_step;

use crate::{
    event::{Event, Step, TaskRef},
    instance::{FORM, Instance, Phase},
    journal::Journal,
    model::Model,
};

/// Most nodes passed in one step. A flow that goes round without a task in it is stopped here.
pub const MAX_PASSES: u32 = 100_000;
/// Most tokens of one run.
pub const MAX_TOKENS: usize = 100_000;
/// Most instances of one repeated activity.
pub const MAX_INSTANCES: u64 = 20_000;
/// Most frames inside each other.
pub const MAX_NESTING: u32 = 50;

/// Most splits inside each other that a branch comes from.
pub const MAX_FORKS: usize = 300;

/// Answers expressions and decisions; the engine itself knows no expression language.
pub trait Conditions {
    /// Whether the FEEL expression holds for these variables (an object).
    ///
    /// # Errors
    /// Why it has no answer: a mistake in the expression, or a result that is neither true nor false.
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String>;

    /// Value of the FEEL expression for these variables: numbers of instances, lists to go through, correlations.
    ///
    /// # Errors
    /// Why it has no value.
    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        let _ = variables;
        Err(format!("values of expressions are not offered here: {expression}"))
    }

    /// Answer of a decision (DMN) for these variables.
    ///
    /// # Errors
    /// Why it has no answer.
    fn decide(&self, decision: &str, variables: &Value) -> Result<Value, String> {
        let _ = variables;
        Err(format!("decisions are not offered here: {decision}"))
    }
}

impl<F> Conditions for F
where
    F: Fn(&str, &Value) -> Result<bool, String>,
{
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        self(expression, variables)
    }
}

/// Begins a run at the plain start.
///
/// # Errors
/// The process cannot come to its first tasks or its end; nothing was begun.
pub fn start(model: &Model, variables: &Value, conditions: &dyn Conditions) -> Result<Step, RunError> {
    step(model, &Instance::blank(), &Command::Start { at: None, variables: variables.clone() }, conditions)
}

/// Reports a task done, with the values it gives to variables, and goes on until something is open again.
///
/// # Errors
/// The task is not open, or the process cannot go on; the instance given stays as it is.
pub fn complete(
    model: &Model,
    instance: &Instance,
    task: TaskRef,
    variables: &Value,
    conditions: &dyn Conditions,
) -> Result<Step, RunError> {
    step(model, instance, &Command::Complete { task, variables: variables.clone() }, conditions)
}

/// Ends a run from outside (the application was withdrawn, the case was closed otherwise): every open task is withdrawn.
///
/// # Errors
/// The run is over already.
pub fn terminate(model: &Model, instance: &Instance) -> Result<Step, RunError> {
    let never = |_: &str, _: &Value| Err(String::new());
    step(model, instance, &Command::Terminate, &never)
}

/// Does what a command says, on a copy of the state.
///
/// # Errors
/// Why it cannot be done; the instance given stays as it is.
pub fn step(model: &Model, instance: &Instance, command: &Command, conditions: &dyn Conditions) -> Result<Step, RunError> {
    let mut instance = instance.clone();
    let events = act(model, &mut instance, command, conditions)?;
    Ok(Step { instance, events })
}

/// Does what a command says, in place: the cost follows what changes, not the size of the state.
///
/// # Errors
/// Why it cannot be done; the instance is as it was.
pub fn act(model: &Model, instance: &mut Instance, command: &Command, conditions: &dyn Conditions) -> Result<Vec<Event>, RunError> {
    ready_for(model, instance, command)?;
    let mut run = Run {
        model,
        conditions,
        instance,
        journal: Journal::new(),
        events: Vec::with_capacity(7),
        work: VecDeque::new(),
        moving: BTreeMap::new(),
        touched: BTreeSet::new(),
        stands: BTreeSet::new(),
        passes: 0,
    };
    match run.command(command).and_then(|()| run.go_on()) {
        Ok(()) => Ok(run.events),
        Err(error) => {
            run.journal.take_back(run.instance, &run.events);
            Err(error)
        }
    }
}

/// Whether the state can be moved on by this model and this command.
fn ready_for(model: &Model, instance: &Instance, command: &Command) -> Result<(), RunError> {
    if instance.form != FORM {
        return Err(RunError::OtherForm { form: instance.form });
    }
    let starting = matches!(command, Command::Start { .. });
    let blank = instance.next == 1;
    match instance.phase {
        Phase::Running if starting != blank => Err(RunError::Over),
        Phase::Running if starting => Ok(()),
        Phase::Running if matches!(command, Command::Resume) => Err(RunError::NotSuspended),
        Phase::Suspended if !matches!(command, Command::Resume | Command::Terminate) => Err(RunError::Suspended),
        Phase::Running | Phase::Suspended if instance.process != model.id => {
            Err(RunError::ForeignInstance { element: instance.process.clone() })
        }
        Phase::Running | Phase::Suspended => Ok(()),
        Phase::Finished | Phase::Terminated | Phase::Failed => Err(RunError::Over),
    }
}

/// A branch on the move: where it belongs and whence it comes.
#[derive(Clone, Debug, Default)]
struct Way {
    frame: u64,
    forks: Vec<u64>,
    from: Option<u64>,
    previous: Option<String>,
    earlier: Option<String>,
    straight: Option<String>,
}

/// What is still to be done in this step.
enum Work {
    /// A branch comes to a node.
    Arrive { at: usize, by: Option<usize>, way: Way },
    /// What comes behind an event.
    Leave { at: usize, way: Way },
    /// The next one of a round begins.
    Spawn { frame: u64, number: u32 },
    /// What an activity does is done. Kept in the queue, so that long rounds are not deep ones.
    Over { frame: u64, task: u64, verdict: Option<bool> },
}

struct Run<'a> {
    model: &'a Model,
    conditions: &'a dyn Conditions,
    instance: &'a mut Instance,
    journal: Journal,
    events: Vec<Event>,
    work: VecDeque<Work>,
    /// Branches on the move, by frame.
    moving: BTreeMap<u64, u32>,
    /// Frames in which something changed.
    touched: BTreeSet<u64>,
    /// Completed tasks that stand, because a branch behind them was passed on in this step.
    stands: BTreeSet<u64>,
    passes: u32,
}

impl Run<'_> {
    /// A branch goes on to where nothing is taken back: whoever completed the step before it can no longer do so, whatever else came
    /// from it. A branch that is on the move forgets it when it comes to stand.
    fn passed_on(&mut self, way: &mut Way) -> Result<(), RunError> {
        let Some(task) = way.from.take() else { return Ok(()) };
        self.stands.insert(task);
        if self.instance.came_from(task).is_empty() { Ok(()) } else { self.state(Event::PassedOn { task: TaskRef(task) }) }
    }

    /// The completed task that a branch comes from, if it can still be taken back.
    fn fork_of(&self, way: &Way) -> Option<u64> {
        way.from.filter(|task| !self.stands.contains(task))
    }

    /// The only place where the state changes.
    fn state(&mut self, event: Event) -> Result<(), RunError> {
        self.instance.apply_with(&event, &mut self.journal)?;
        self.events.push(event);
        Ok(())
    }

    fn next(&self) -> u64 {
        self.instance.next
    }

    fn node_at(&self, element: &str) -> Result<usize, RunError> {
        self.model.node_at(element).ok_or_else(|| RunError::ForeignInstance { element: element.to_owned() })
    }

    /// Goes on until every branch stands, waits or has ended.
    fn go_on(&mut self) -> Result<(), RunError> {
        loop {
            while let Some(work) = self.work.pop_front() {
                self.passes += 1;
                if self.passes > MAX_PASSES {
                    return Err(RunError::EndlessLoop { element: self.place_of(&work) });
                }
                let frame = Self::frame_of(&work);
                self.touched.insert(frame);
                match work {
                    Work::Arrive { at, by, way } => self.arrive(at, by, way)?,
                    Work::Leave { at, way } => self.behind(at, way)?,
                    Work::Spawn { frame, number } => self.spawn(frame, number)?,
                    Work::Over { task, verdict, .. } => self.body_over(task, verdict)?,
                }
                self.arrived(frame);
                if !self.instance.is_running() {
                    return Ok(());
                }
                self.close_if_empty(frame)?;
                if !self.instance.is_running() {
                    return Ok(());
                }
            }
            let ready = self.touched.iter().find_map(|frame| inclusive::ready(self.model, self.instance, *frame));
            match ready {
                Some(join) => self.join(join.at, join.tokens)?,
                None => break,
            }
        }
        if self.instance.size() > MAX_TOKENS {
            return Err(RunError::TooManyTokens);
        }
        self.not_stuck()
    }

    fn push(&mut self, work: Work) {
        let frame = Self::frame_of(&work);
        *self.moving.entry(frame).or_default() += 1;
        self.work.push_back(work);
    }

    fn arrived(&mut self, frame: u64) {
        if let Some(moving) = self.moving.get_mut(&frame) {
            *moving = moving.saturating_sub(1);
        }
    }

    fn is_moving(&self, frame: u64) -> bool {
        self.moving.get(&frame).is_some_and(|moving| *moving > 0)
    }

    fn frame_of(work: &Work) -> u64 {
        match work {
            Work::Arrive { way, .. } | Work::Leave { way, .. } => way.frame,
            Work::Spawn { frame, .. } | Work::Over { frame, .. } => *frame,
        }
    }

    fn place_of(&self, work: &Work) -> String {
        match work {
            Work::Arrive { at, .. } | Work::Leave { at, .. } => self.model.nodes[*at].id.clone(),
            Work::Spawn { frame, .. } => self.instance.frames.get(frame).map(|frame| frame.at.clone()).unwrap_or_default(),
            Work::Over { task, .. } => self.instance.tokens.get(task).map(|token| token.at.clone()).unwrap_or_default(),
        }
    }

    /// In a frame where nothing is open any more, joins may wait for ever.
    fn not_stuck(&self) -> Result<(), RunError> {
        for frame in &self.touched {
            let lookup = &self.instance.lookup;
            if lookup.only_waits(*frame) && lookup.armed_for(*frame, None).is_empty() {
                let mut flows: Vec<String> = lookup.joins(*frame).flat_map(|(_, waiting)| waiting.keys().cloned()).collect();
                flows.sort_unstable();
                return Err(RunError::Stuck { flows });
            }
        }
        Ok(())
    }

    /// Gives values to variables that some expression of the model asks for; conditional events are looked at.
    fn set(&mut self, variables: &Value) -> Result<(), RunError> {
        let given = match variables {
            Value::Null => return Ok(()),
            Value::Object(given) => given,
            _ => return Err(RunError::VariablesNotAnObject),
        };
        let kept: Map<String, Value> =
            given.iter().filter(|(name, _)| self.model.mentions(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
        if kept.is_empty() {
            return Ok(());
        }
        self.state(Event::VariablesSet { variables: Value::Object(kept) })
    }
}
