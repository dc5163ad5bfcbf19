//! One expression, prepared.

use std::fmt;

use dsntk_feel::{FeelScope, Name, context::FeelContext, values::Value as Feel};
use serde_json::Value;

use crate::{FeelError, convert, guarded, names, rewrite::Compiled, words};

/// An expression, parsed and prepared; cheap to evaluate and free to share between threads.
pub struct Expression {
    text: String,
    roots: Vec<(String, Name)>,
    names: Vec<String>,
    compiled: Compiled,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text).finish()
    }
}

/// What a condition says; FEEL's logic has three values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// Cannot be said, because something it asks for is missing.
    Unknown,
}

impl Expression {
    /// Parses and prepares. The names of variables are taken from the text itself.
    ///
    /// # Errors
    /// When it is not FEEL, or uses what rules may not use (see the crate's page).
    pub fn parse(text: &str) -> Result<Self, FeelError> {
        let words = words::read(text)?;
        let scope = FeelScope::default();
        for name in &words.names {
            scope.set_name(Name::from(name.as_str()));
        }
        let compiled = guarded::parse(|| {
            let node = dsntk_feel_parser::parse_expression(&scope, text, false).map_err(|error| FeelError::syntax(&error.to_string()))?;
            // The words were looked at already; this is for a way of writing that they do not see.
            names::refuse(&node, &|_| false)?;
            Ok(Compiled::new(&node))
        })?;
        Ok(Self {
            text: text.to_owned(),
            roots: words.roots.into_iter().map(|name| (name.clone(), Name::from(name))).collect(),
            names: words.names.into_iter().collect(),
            compiled,
        })
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every name in it that is a variable or part of one, for checking references.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The variables in it (and the names bound by `for`, `some`, `every`).
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        self.roots.iter().map(|(name, _)| name.as_str())
    }

    /// The keys asked of one variable: of `form.a > form.b` and `form`, `a` and `b`.
    #[must_use]
    pub fn paths(&self, root: &str) -> Vec<String> {
        words::paths(&self.text, root)
    }

    /// Evaluates. A variable that is not there is null.
    ///
    /// # Errors
    /// When the evaluator fails or the value has no JSON form.
    pub fn eval(&self, vars: &Value) -> Result<Value, FeelError> {
        guarded::evaluate(|| convert::to_json(&self.value(vars)))
    }

    /// Evaluates as a condition; unknown counts as not holding.
    ///
    /// # Errors
    /// When it is not a condition, or the evaluator fails.
    pub fn holds(&self, vars: &Value) -> Result<bool, FeelError> {
        Ok(self.truth(vars)? == Truth::True)
    }

    /// Evaluates as a condition.
    ///
    /// # Errors
    /// When it is not a condition, or the evaluator fails.
    pub fn truth(&self, vars: &Value) -> Result<Truth, FeelError> {
        match self.eval(vars)? {
            Value::Bool(true) => Ok(Truth::True),
            Value::Bool(false) => Ok(Truth::False),
            Value::Null => Ok(Truth::Unknown),
            other => Err(FeelError::Type { expected: "true or false", found: kind(&other).to_owned() }),
        }
    }

    fn value(&self, vars: &Value) -> Feel {
        let mut context = FeelContext::new();
        for (key, name) in &self.roots {
            match vars.get(key) {
                Some(value) => context.set_entry(name, convert::to_feel(value)),
                None => context.set_null(name.clone()),
            }
        }
        self.compiled.eval(&FeelScope::from(context))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a context",
    }
}
