//! Other people's code, called so that its panics are errors.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{
    FeelError,
    meter::{Account, Exhausted},
};

/// Runs the parser: a panic is an error of the text.
pub(crate) fn parse<T>(work: impl FnOnce() -> Result<T, FeelError>) -> Result<T, FeelError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(FeelError::Syntax(said(&*panic))))
}

/// Runs the evaluator on a budget: a panic (on infinite numbers, for one) is an error, and so is a budget that is spent.
pub(crate) fn evaluate<T>(work: impl FnOnce() -> Result<T, FeelError>) -> Result<T, FeelError> {
    let _account = Account::open();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        if panic.is::<Exhausted>() { Err(FeelError::TooMuchWork) } else { Err(FeelError::Evaluation(said(&*panic))) }
    })
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the evaluator gave up".to_owned())
}
