//! Moves a run on: starting it, completing a task, ending it from outside. Deterministic: branches go on in the order of the
//! file, and the same state, variables and conditions give the same events. The rule of the inclusive join is in `inclusive`.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::{
    event::{Event, Step, TaskRef},
    inclusive,
    instance::{FORM, Instance, ReplayError},
    model::{Model, NodeKind},
};

/// Most nodes passed in one step. A flow that goes round without a task in it is stopped here.
pub const MAX_PASSES: u32 = 20_000;
/// Most branches of one run.
pub const MAX_TOKENS: u64 = 100_000;

/// Says whether a condition holds; the engine itself knows no expression language.
pub trait Conditions {
    /// Whether the FEEL expression holds for these variables (an object).
    ///
    /// # Errors
    /// Why it has no answer: a mistake in the expression, or a result that is neither true nor false.
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String>;
}

impl<F> Conditions for F
where
    F: Fn(&str, &Value) -> Result<bool, String>,
{
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        self(expression, variables)
    }
}

/// Why a step could not be made. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The run is over.
    #[error("the run is over; nothing can be completed any more")]
    Over,
    /// No such task is open: perhaps somebody else has done it.
    #[error("task {task} is not open (any more)")]
    TaskNotOpen {
        /// The task.
        task: TaskRef,
    },
    /// The state belongs to another model or to another version of it.
    #[error("the state does not fit the model: {element} is not in it")]
    ForeignInstance {
        /// What the model does not have.
        element: String,
    },
    /// The state was written by a later version of this program.
    #[error("the state has form {form}; this program reads form {FORM}")]
    LaterForm {
        /// Its form.
        form: u8,
    },
    /// Variables must be an object.
    #[error("variables must be an object of names and values")]
    VariablesNotAnObject,
    /// A condition has no answer.
    #[error("the condition of flow {flow} has no answer: {reason} ({expression})")]
    Condition {
        /// The flow.
        flow: String,
        /// The condition.
        expression: String,
        /// Why.
        reason: String,
    },
    /// No condition holds and there is no default.
    #[error("no way out of {element}: no condition holds and there is no default flow")]
    NoWayOut {
        /// The node.
        element: String,
    },
    /// The flow goes round without a task.
    #[error("the flow goes round through {element} without coming to a task")]
    EndlessLoop {
        /// A node on the way.
        element: String,
    },
    /// Too many branches.
    #[error("more than {MAX_TOKENS} branches are open")]
    TooManyTokens,
    /// Nothing is open, but branches wait for others that can never come.
    #[error("stuck: the gateways behind {} wait for branches that can never come", flows.join(", "))]
    Stuck {
        /// Flows with waiting branches.
        flows: Vec<String>,
    },
    /// The stored state contradicts itself.
    #[error("the stored state contradicts itself: {0}")]
    Broken(#[from] ReplayError),
}

impl RunError {
    /// Stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Over => "process-over",
            Self::TaskNotOpen { .. } => "process-task-not-open",
            Self::ForeignInstance { .. } => "process-foreign-instance",
            Self::LaterForm { .. } => "process-later-form",
            Self::VariablesNotAnObject => "process-variables",
            Self::Condition { .. } => "process-condition",
            Self::NoWayOut { .. } => "process-no-way-out",
            Self::EndlessLoop { .. } => "process-endless-loop",
            Self::TooManyTokens => "process-too-many-tokens",
            Self::Stuck { .. } => "process-stuck",
            Self::Broken(_) => "process-broken-state",
        }
    }

    /// What went wrong, in Chinese; [`ToString`] gives it in English.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Over => "流程已经结束，不能再办理。".to_owned(),
            Self::TaskNotOpen { .. } => "这个环节已经不在待办中，可能已由他人办理。".to_owned(),
            Self::ForeignInstance { element } => format!("办件的状态与流程不符：流程里没有“{element}”。"),
            Self::LaterForm { form } => format!("办件的状态由更新版本的程序写成（第 {form} 版），请升级本程序。"),
            Self::VariablesNotAnObject => "流程变量必须是名称和值的对应表。".to_owned(),
            Self::Condition { flow, expression, reason } => format!("流向“{flow}”的条件（{expression}）得不出结论：{reason}"),
            Self::NoWayOut { element } => format!("到“{element}”走不下去：所有条件都不成立，又没有默认流向。"),
            Self::EndlessLoop { element } => format!("流程在“{element}”附近打转，一直走不到需要办理的环节。"),
            Self::TooManyTokens => format!("同时进行的分支超过 {MAX_TOKENS} 个。"),
            Self::Stuck { flows } => format!("流程卡住了：{} 后面的网关在等永远不会来的分支。", flows.join("、")),
            Self::Broken(_) => "保存的办件状态自相矛盾。".to_owned(),
        }
    }
}

/// Begins a run.
///
/// # Errors
/// The process cannot come to its first tasks or its end; nothing was begun.
pub fn start(model: &Model, variables: &Value, conditions: &dyn Conditions) -> Result<Step, RunError> {
    let mut run = Run::new(model, conditions, Instance::blank());
    run.state(Event::Started { process: model.id.clone() })?;
    run.set(variables)?;
    if let Some(at) = model.start() {
        run.arrivals.push_back(Arrival { at, by: None });
    }
    run.go_on()
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
    fits(model, instance)?;
    let Some(open) = instance.open.get(&task) else {
        return Err(RunError::TaskNotOpen { task });
    };
    let at = known(model.node_at(&open.at), &open.at)?;
    let mut run = Run::new(model, conditions, instance.clone());
    run.state(Event::TaskClosed { task, element: model.nodes[at].id.clone() })?;
    run.set(variables)?;
    run.leave(at)?;
    run.go_on()
}

/// Ends a run from outside (the application was withdrawn, the case was closed otherwise): every open task is withdrawn.
///
/// # Errors
/// The run is over already.
pub fn terminate(model: &Model, instance: &Instance) -> Result<Step, RunError> {
    fits(model, instance)?;
    let never = |_: &str, _: &Value| Err(String::new());
    let mut run = Run::new(model, &never, instance.clone());
    run.end_everything()?;
    Ok(run.step())
}

/// Whether the state can be moved on by this model.
fn fits(model: &Model, instance: &Instance) -> Result<(), RunError> {
    if instance.form > FORM {
        return Err(RunError::LaterForm { form: instance.form });
    }
    if !instance.is_running() {
        return Err(RunError::Over);
    }
    if instance.process != model.id {
        return Err(RunError::ForeignInstance { element: instance.process.clone() });
    }
    for open in instance.open.values() {
        let at = known(model.node_at(&open.at), &open.at)?;
        if !model.nodes[at].kind.is_task() {
            return Err(RunError::ForeignInstance { element: open.at.clone() });
        }
    }
    for flow in instance.waiting.keys() {
        known(model.flow_at(flow), flow)?;
    }
    Ok(())
}

fn known(place: Option<usize>, id: &str) -> Result<usize, RunError> {
    place.ok_or_else(|| RunError::ForeignInstance { element: id.to_owned() })
}

/// A branch comes to a node.
struct Arrival {
    at: usize,
    by: Option<usize>,
}

struct Run<'a> {
    model: &'a Model,
    conditions: &'a dyn Conditions,
    instance: Instance,
    events: Vec<Event>,
    arrivals: VecDeque<Arrival>,
    passes: u32,
}

impl<'a> Run<'a> {
    fn new(model: &'a Model, conditions: &'a dyn Conditions, instance: Instance) -> Self {
        Self { model, conditions, instance, events: Vec::new(), arrivals: VecDeque::new(), passes: 0 }
    }

    /// The only place where the state changes.
    fn state(&mut self, event: Event) -> Result<(), RunError> {
        self.instance.apply(&event)?;
        self.events.push(event);
        Ok(())
    }

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

    /// Goes on until every branch stands at a task, waits or has ended.
    fn go_on(mut self) -> Result<Step, RunError> {
        loop {
            while let Some(arrival) = self.arrivals.pop_front() {
                self.passes += 1;
                if self.passes > MAX_PASSES {
                    return Err(RunError::EndlessLoop { element: self.model.nodes[arrival.at].id.clone() });
                }
                self.arrive(&arrival)?;
                if !self.instance.is_running() {
                    return Ok(self.step());
                }
            }
            match inclusive::ready(self.model, &self.instance) {
                Some(join) => self.join(join.at, join.flows)?,
                None => break,
            }
        }
        if self.instance.tokens() > MAX_TOKENS {
            return Err(RunError::TooManyTokens);
        }
        if self.instance.open.is_empty() {
            if !self.instance.waiting.is_empty() {
                return Err(RunError::Stuck { flows: self.instance.waiting.keys().cloned().collect() });
            }
            self.state(Event::Finished)?;
        }
        Ok(self.step())
    }

    fn step(self) -> Step {
        Step { instance: self.instance, events: self.events }
    }

    fn arrive(&mut self, arrival: &Arrival) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[arrival.at];
        let element = node.id.clone();
        let task = TaskRef(self.instance.next);
        match node.kind {
            NodeKind::UserTask | NodeKind::ManualTask => self.state(Event::TaskOpened { task, element }),
            NodeKind::ServiceTask => self.state(Event::ServiceRequested { task, element }),
            NodeKind::EndEvent => self.state(Event::Ended { element }),
            NodeKind::TerminateEvent => {
                self.state(Event::Ended { element })?;
                self.arrivals.clear();
                self.end_everything()
            }
            NodeKind::ParallelGateway | NodeKind::InclusiveGateway => {
                let Some(by) = arrival.by.filter(|_| node.incoming.len() > 1) else {
                    return self.leave(arrival.at);
                };
                self.state(Event::Waiting { flow: model.flows[by].id.clone() })?;
                if node.kind == NodeKind::InclusiveGateway {
                    return Ok(()); // Looked at when nothing else moves any more.
                }
                let ids = node.incoming.iter().map(|flow| &model.flows[*flow].id);
                if ids.clone().all(|id| self.instance.waiting.contains_key(id)) {
                    let flows = ids.cloned().collect();
                    self.join(arrival.at, flows)?;
                }
                Ok(())
            }
            _ => self.leave(arrival.at),
        }
    }

    fn join(&mut self, at: usize, flows: Vec<String>) -> Result<(), RunError> {
        self.state(Event::Joined { element: self.model.nodes[at].id.clone(), flows })?;
        self.leave(at)
    }

    /// Chooses the ways out and sends branches along them.
    fn leave(&mut self, at: usize) -> Result<(), RunError> {
        let model = self.model;
        let node = &model.nodes[at];
        let taken = self.ways_out(at)?;
        self.state(Event::Passed { element: node.id.clone(), flows: taken.iter().map(|flow| model.flows[*flow].id.clone()).collect() })?;
        for by in taken {
            self.arrivals.push_back(Arrival { at: model.flows[by].target, by: Some(by) });
        }
        Ok(())
    }

    /// Exclusive: the first whose condition holds. Parallel: all. Inclusive and tasks: all whose condition holds or that have
    /// none. The default flow is taken when nothing else is (BPMN 2.0, 13.3.1 and 13.4).
    fn ways_out(&self, at: usize) -> Result<Vec<usize>, RunError> {
        let node = &self.model.nodes[at];
        if node.kind == NodeKind::ParallelGateway || node.outgoing.is_empty() {
            return Ok(node.outgoing.clone());
        }
        let exclusive = node.kind == NodeKind::ExclusiveGateway;
        let mut taken = Vec::new();
        let mut chosen = false;
        for flow in &node.outgoing {
            if node.default == Some(*flow) {
                continue;
            }
            let conditional = self.model.flows[*flow].condition.is_some();
            if self.holds(*flow)? {
                taken.push(*flow);
                chosen |= conditional;
                if exclusive {
                    return Ok(taken);
                }
            }
        }
        match node.default {
            Some(default) if !chosen => taken.push(default),
            None if taken.is_empty() => {
                return Err(RunError::NoWayOut { element: node.id.clone() });
            }
            _ => {}
        }
        Ok(taken)
    }

    fn holds(&self, flow: usize) -> Result<bool, RunError> {
        let flow = &self.model.flows[flow];
        let Some(expression) = &flow.condition else {
            return Ok(true);
        };
        self.conditions.holds(expression, &self.instance.variables).map_err(|reason| RunError::Condition {
            flow: flow.id.clone(),
            expression: expression.clone(),
            reason,
        })
    }

    fn end_everything(&mut self) -> Result<(), RunError> {
        let open: Vec<(TaskRef, String)> = self.instance.open.iter().map(|(task, open)| (*task, open.at.clone())).collect();
        for (task, element) in open {
            self.state(Event::TaskWithdrawn { task, element })?;
        }
        let flows: Vec<String> =
            self.instance.waiting.iter().flat_map(|(flow, count)| std::iter::repeat_n(flow.clone(), *count as usize)).collect();
        if !flows.is_empty() {
            self.state(Event::WaitingDropped { flows })?;
        }
        self.state(Event::Terminated)
    }
}
