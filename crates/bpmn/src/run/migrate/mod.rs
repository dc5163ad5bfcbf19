//! Moves a running instance to another version of its process. `docs/process-semantics.md`, section 5.

mod joins;
mod look;
mod names;
mod obstacle;
mod places;
mod rearm;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub use obstacle::{Obstacle, ObstacleReason};

use super::{Conditions, Run, RunError};
use crate::{
    event::{Event, Step, TaskRef},
    instance::{Instance, Phase},
    journal::Journal,
    model::Model,
};
use look::Look;
use names::Names;

/// Which elements and flows of the old version are which of the new one; what is not named keeps its id. A flow that is neither
/// named nor there by its id is found by its ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Old id → new id.
    pub ids: BTreeMap<String, String>,
}

/// Moves a run to another version, or says what cannot move; the instance given stays as it is.
///
/// # Errors
/// Everything that stands in the way; or that the run is over or not of the old version.
pub fn migrate(old: &Model, new: &Model, instance: &Instance, plan: &Plan, conditions: &dyn Conditions) -> Result<Step, Vec<Obstacle>> {
    if !instance.is_running() {
        return Err(vec![Obstacle::of_run(instance, RunError::Over)]);
    }
    if instance.process != old.id {
        return Err(vec![Obstacle::of_run(instance, RunError::ForeignInstance { element: instance.process.clone() })]);
    }
    let names = Names::of(old, new, plan);
    let stands = Look::new(old, new, &names).through(instance)?;
    let mut moved = instance.clone();
    let mut run = Run {
        model: new,
        conditions,
        instance: &mut moved,
        journal: Journal::none(),
        events: Vec::new(),
        work: VecDeque::new(),
        moving: BTreeMap::new(),
        touched: BTreeSet::new(),
        stands: BTreeSet::new(),
        passes: 0,
    };
    match run.moved(old, instance, &names, &stands).and_then(|()| run.go_on()) {
        Ok(()) => {
            let events = std::mem::take(&mut run.events);
            Ok(Step { instance: moved, events })
        }
        Err(error) => Err(vec![Obstacle::of_run(instance, error)]),
    }
}

impl Run<'_> {
    /// Renames everything, lets completions stand that cannot be taken back in the new version, and waits for what the new version
    /// waits for.
    fn moved(&mut self, old: &Model, before: &Instance, names: &Names, stands: &BTreeSet<u64>) -> Result<(), RunError> {
        self.state(Event::Migrated { process: self.model.id.clone(), ids: names.ids.clone() })?;
        for task in stands {
            self.state(Event::PassedOn { task: TaskRef(*task) })?;
        }
        self.rearm(old, before, names)?;
        if self.instance.phase == Phase::Suspended { Ok(()) } else { self.wake() }
    }
}
