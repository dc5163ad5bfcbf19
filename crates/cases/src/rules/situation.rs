//! Cases in the same situation: where they stand and what came before is the same, whatever was answered. What becomes of one of them when
//! it is moved becomes of all of them, as long as nothing is asked about answers on the way ([`Listening`] tells).

use std::cell::Cell;

use banhao_bpmn::Conditions;
use serde_json::Value;

/// The situation of a case from its process as it is kept: everything but the values of its variables and who holds its steps. Which
/// variables there are, and whether somebody holds a step, belongs to it. The engine looks at values only through [`Conditions`].
#[must_use]
pub fn situation(mut state: Value) -> String {
    if let Some(variables) = state.get_mut("variables").and_then(Value::as_object_mut) {
        variables.values_mut().for_each(|value| *value = Value::Null);
    }
    let tokens: Vec<&mut Value> = match state.get_mut("tokens") {
        Some(Value::Object(tokens)) => tokens.values_mut().collect(),
        Some(Value::Array(tokens)) => tokens.iter_mut().collect(),
        _ => Vec::new(),
    };
    for holders in tokens.into_iter().filter_map(|token| token.get_mut("holders")) {
        let number = holders.as_array().map_or(0, Vec::len);
        *holders = number.into();
    }
    state.to_string()
}

/// Conditions that remember whether they were asked anything.
pub struct Listening<'c> {
    inner: &'c dyn Conditions,
    asked: Cell<bool>,
}

impl<'c> Listening<'c> {
    /// Answers by others.
    #[must_use]
    pub const fn to(inner: &'c dyn Conditions) -> Self {
        Self { inner, asked: Cell::new(false) }
    }

    /// Whether anything was asked.
    #[must_use]
    pub const fn was_asked(&self) -> bool {
        self.asked.get()
    }
}

impl Conditions for Listening<'_> {
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        self.asked.set(true);
        self.inner.holds(expression, variables)
    }

    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        self.asked.set(true);
        self.inner.value(expression, variables)
    }

    fn decide(&self, decision: &str, variables: &Value) -> Result<Value, String> {
        self.asked.set(true);
        self.inner.decide(decision, variables)
    }
}
