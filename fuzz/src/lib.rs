//! What the fuzz targets share: a panic that our own guards catch is no finding, one that gets out is.

use std::panic::{self, AssertUnwindSafe};

/// Runs one input. The fuzzer would end at any panic, also at one inside the rule engine that `banhao-decision` turns into an
/// error; so its hook is taken away, and what is not caught ends the run here.
pub fn guarded(run: impl FnOnce()) {
    if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(run)) {
        let said = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
        eprintln!("a panic got out: {}", said.unwrap_or_default());
        std::process::abort();
    }
}

/// Keeps the place of the last panic quiet unless it gets out.
pub fn take_hook() {
    if std::env::var_os("BANHAO_FUZZ_PANICS").is_none() {
        panic::set_hook(Box::new(|_| {}));
    } else {
        let _ = panic::take_hook();
    }
}
