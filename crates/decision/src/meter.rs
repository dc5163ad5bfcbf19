//! How much work one evaluation may do. Every turn of a loop, every call and every value made on the way is charged; when the
//! budget is spent, the evaluation ends with an error. There is no clock in it: the same rules with the same answers always
//! cost the same.

use std::cell::Cell;

use dsntk_feel::values::Value;

/// What one evaluation may cost. A turn of a loop costs 1, a value as many as it has parts (a text: its bytes / 16). A part takes some
/// 100 bytes, and the value that goes beyond is made before it is charged: at most a few hundred megabytes.
pub(crate) const BUDGET: u64 = 1_000_000;
/// Longest text that an expression may make, in bytes.
const LONGEST_TEXT: usize = 1 << 20;
/// What preparing a regular expression costs.
pub(crate) const PATTERN: u64 = 2_000;

thread_local! {
    static LEFT: Cell<Option<u64>> = const { Cell::new(None) };
}

/// The budget is spent; carried by unwinding through other people's evaluator, caught in `guarded`.
pub(crate) struct Exhausted;

/// One evaluation; the outermost opens the account, those within it are charged to the same.
pub(crate) struct Account {
    opened: bool,
}

impl Account {
    pub(crate) fn open() -> Self {
        let opened = LEFT.get().is_none();
        if opened {
            LEFT.set(Some(BUDGET));
        }
        Self { opened }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        if self.opened {
            LEFT.set(None);
        }
    }
}

/// Charges; ends the evaluation when nothing is left.
pub(crate) fn charge(cost: u64) {
    let Some(left) = LEFT.get() else { return };
    match left.checked_sub(cost) {
        Some(rest) => LEFT.set(Some(rest)),
        None => exhausted(),
    }
}

/// Ends the evaluation. No panic message is printed.
pub(crate) fn exhausted() -> ! {
    std::panic::resume_unwind(Box::new(Exhausted))
}

/// Charges a value that was made; reasons inside null are dropped (they quote other values and would grow with them).
pub(crate) fn measured(value: Value) -> Value {
    match value {
        Value::Null(_) => Value::Null(None),
        other => {
            charge(size(&other));
            other
        }
    }
}

/// The parts of a value.
pub(crate) fn size(value: &Value) -> u64 {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => u64::MAX,
        Value::String(text) => 1 + text.len() as u64 / 16,
        Value::List(items) | Value::ExpressionList(items) | Value::NegatedCommaList(items) => {
            items.iter().fold(1_u64, |sum, item| sum.saturating_add(size(item)))
        }
        Value::Context(context) => context.iter().fold(1_u64, |sum, (_, item)| sum.saturating_add(1 + size(item))),
        Value::Null(Some(reason)) => 1 + reason.len() as u64 / 16,
        Value::Range(start, _, end, _) => size(start) + size(end),
        _ => 1,
    }
}
