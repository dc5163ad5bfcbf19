//! What an evaluation leaves behind beside its value: which tables were asked, what went wrong. Tables are also asked through
//! functions that other people's evaluator calls, so this is kept beside the call, per thread, for the time of one evaluation.

use std::{cell::RefCell, sync::Arc};

use dsntk_feel::values::Value as Feel;
use serde_json::Value;

use super::{data::TableSeen, naming::Naming, problem::DmnProblem};
use crate::convert;

/// Most tables that are listed.
const MOST_TABLES: usize = 200;
/// Most rules that are listed over all tables.
const MOST_RULES: usize = 20_000;
/// Most faults that are kept.
const MOST_FAULTS: usize = 50;

/// What was recorded.
#[derive(Default)]
pub(crate) struct Recorder {
    pub faults: Vec<DmnProblem>,
    pub tables: Vec<TableSeen>,
    pub shortened: bool,
    rules: usize,
    naming: Arc<Naming>,
}

thread_local! {
    static RECORDER: RefCell<Option<Recorder>> = const { RefCell::new(None) };
}

/// Records during one piece of work.
pub(crate) fn recording<T>(naming: &Arc<Naming>, work: impl FnOnce() -> T) -> (T, Recorder) {
    let before = RECORDER.replace(Some(Recorder { naming: Arc::clone(naming), ..Recorder::default() }));
    let result = work();
    (result, RECORDER.replace(before).unwrap_or_default())
}

/// Something went wrong; the value concerned is null.
pub(crate) fn fault(problem: DmnProblem) {
    RECORDER.with_borrow_mut(|recorder| {
        if let Some(recorder) = recorder
            && recorder.faults.len() < MOST_FAULTS
        {
            recorder.faults.push(problem);
        }
    });
}

/// A table was asked. What is written about it is only made when there is room for it.
pub(crate) fn table(rules: usize, seen: impl FnOnce() -> TableSeen) {
    let room = RECORDER.with_borrow_mut(|recorder| {
        let recorder = recorder.as_mut()?;
        if recorder.tables.len() >= MOST_TABLES || recorder.rules + rules > MOST_RULES {
            recorder.shortened = true;
            return None;
        }
        recorder.rules += rules;
        Some(())
    });
    if room.is_some() {
        let seen = seen();
        RECORDER.with_borrow_mut(|recorder| {
            if let Some(recorder) = recorder {
                recorder.tables.push(seen);
            }
        });
    }
}

/// A value as it is shown; what has no form is null.
pub(crate) fn shown(value: &Feel) -> Value {
    let naming = RECORDER.with_borrow(|recorder| recorder.as_ref().map(|recorder| Arc::clone(&recorder.naming))).unwrap_or_default();
    convert::to_json_named(value, &|name| naming.original(name)).unwrap_or(Value::Null)
}
