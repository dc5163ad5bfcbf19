//! Our engine, spoken to in the same way as the others.

use banhao_bpmn::{Command, Conditions, Event, Instance, Model, act};
use banhao_decision::Cache;
use serde_json::Value;

use super::compare::Seen;

/// Conditions in FEEL.
struct Feel(Cache);

impl Conditions for Feel {
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        self.0.get(expression).and_then(|expression| expression.holds(variables)).map_err(|error| error.to_string())
    }

    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        self.0.get(expression).and_then(|expression| expression.eval(variables)).map_err(|error| error.to_string())
    }
}

/// One run of one process.
pub struct Ours {
    model: Model,
    instance: Instance,
    ends: Vec<String>,
    conditions: Feel,
}

impl Ours {
    /// Begins.
    ///
    /// # Errors
    /// The process cannot be read or does not come to its first tasks.
    pub fn start(xml: &str, variables: Value) -> Result<Self, String> {
        let model = Model::parse(xml).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let mut ours = Self { model, instance: Instance::blank(), ends: Vec::new(), conditions: Feel(Cache::new()) };
        ours.act(&Command::Start { at: None, variables })?;
        Ok(ours)
    }

    /// An open task of this element is done.
    ///
    /// # Errors
    /// It is not open, or the process cannot go on.
    pub fn complete(&mut self, element: &str, variables: Value) -> Result<(), String> {
        let open = self.instance.open_tasks().find(|(_, at)| *at == element).map(|(task, _)| task);
        let task = open.ok_or_else(|| format!("{element} is not open"))?;
        self.act(&Command::Complete { task, variables })
    }

    fn act(&mut self, command: &Command) -> Result<(), String> {
        let events = act(&self.model, &mut self.instance, command, &self.conditions).map_err(|error| error.to_string())?;
        self.ends.extend(events.into_iter().filter_map(|event| match event {
            Event::Ended { element } => Some(element),
            _ => None,
        }));
        Ok(())
    }

    /// How it stands.
    pub fn seen(&self) -> Seen {
        let open = self.instance.open_tasks().map(|(_, element)| element.to_owned()).collect();
        Seen::of(open, self.ends.clone(), !self.instance.is_running())
    }
}
