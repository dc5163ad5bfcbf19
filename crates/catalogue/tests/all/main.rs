//! The catalogue as others use it: one binary, one module for each side of it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod decisions;
mod forms;
mod honghu;
mod mistakes;
mod names;
mod support;
mod versions;
