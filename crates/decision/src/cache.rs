//! Prepared expressions by text, shared between threads.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{Expression, FeelError};

/// How many expressions are kept; a whole installation has a few hundred.
const CAPACITY: usize = 4_096;

/// A cache of prepared expressions.
#[derive(Debug, Default)]
pub struct Cache(Mutex<HashMap<String, Arc<Expression>>>);

impl Cache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The prepared expression of this text; prepared now if it is new.
    ///
    /// # Errors
    /// When the text is not an expression. Failures are not kept.
    pub fn get(&self, text: &str) -> Result<Arc<Expression>, FeelError> {
        if let Some(expression) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(Arc::clone(expression));
        }
        let expression = Arc::new(Expression::parse(text)?);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(text.to_owned(), Arc::clone(&expression));
        Ok(expression)
    }
}
