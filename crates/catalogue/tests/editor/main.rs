//! The process editor without pages.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod calls;
mod tables;
