//! Conditions of process flows are FEEL expressions.

use banhao_decision::Cache;
use serde_json::Value;

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
}

impl banhao_bpmn::Conditions for FlowConditions {
    fn holds(&self, expression: &str, vars: &Value) -> Result<bool, String> {
        let expression = self.expressions.get(expression).map_err(|error| error.to_string())?;
        expression.holds(vars).map_err(|error| error.to_string())
    }

    fn value(&self, expression: &str, vars: &Value) -> Result<Value, String> {
        let expression = self.expressions.get(expression).map_err(|error| error.to_string())?;
        expression.eval(vars).map_err(|error| error.to_string())
    }
}
