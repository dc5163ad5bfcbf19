//! Conditions of process flows are FEEL expressions; decisions of rule tasks are those of the matter's `decisions.dmn`.

use std::sync::{Mutex, PoisonError};

use banhao_bpmn::Conditions;
use banhao_decision::{Cache, Evaluation};
use serde_json::Value;

use crate::{decisions, snapshot::MatterVersion};

/// Evaluates the conditions of processes; each text is prepared once.
#[derive(Debug, Default)]
pub struct FlowConditions {
    expressions: Cache,
}

impl FlowConditions {
    /// With nothing prepared yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for the cases of one version, whose decisions rule tasks ask.
    #[must_use]
    pub fn of<'c>(&'c self, version: &'c MatterVersion) -> RoutedConditions<'c> {
        RoutedConditions { flow: self, version, asked: Mutex::default() }
    }
}

impl Conditions for FlowConditions {
    fn holds(&self, expression: &str, vars: &Value) -> Result<bool, String> {
        let expression = self.expressions.get(expression).map_err(|error| error.to_string())?;
        expression.holds(vars).map_err(|error| error.to_string())
    }

    fn value(&self, expression: &str, vars: &Value) -> Result<Value, String> {
        let expression = self.expressions.get(expression).map_err(|error| error.to_string())?;
        expression.eval(vars).map_err(|error| error.to_string())
    }
}

/// Conditions and decisions of one version of a matter. Remembers which decisions were made and why.
#[derive(Debug)]
pub struct RoutedConditions<'c> {
    flow: &'c FlowConditions,
    version: &'c MatterVersion,
    asked: Mutex<Vec<(String, Evaluation)>>,
}

impl RoutedConditions<'_> {
    /// The decisions that were made, in order, each with its reasons.
    #[must_use]
    pub fn into_asked(self) -> Vec<(String, Evaluation)> {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Conditions for RoutedConditions<'_> {
    fn holds(&self, expression: &str, vars: &Value) -> Result<bool, String> {
        self.flow.holds(expression, vars)
    }

    fn value(&self, expression: &str, vars: &Value) -> Result<Value, String> {
        self.flow.value(expression, vars)
    }

    fn decide(&self, decision: &str, vars: &Value) -> Result<Value, String> {
        let made = decisions::route(self.version, decision, vars).map_err(|error| error.to_string())?;
        let answer = made.result.clone();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push((decision.to_owned(), made));
        Ok(answer)
    }
}
