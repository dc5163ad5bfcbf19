//! The engine: hand-made runs, random runs beside an account of what they should do, returning, events, rounds, signing.
#![expect(clippy::unwrap_used, reason = "tests")]

mod random;
mod returning;
mod running;
mod support;
