//! The engine: hand-made runs, random runs beside an account of what they should do, returning, events, rounds, signing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod corners;
mod events;
mod explore;
mod migrating;
mod office;
mod previous;
mod random;
mod returning;
mod rounds;
mod running;
mod support;
