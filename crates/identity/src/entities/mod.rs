//! The tables of identity.

pub(crate) mod person;
pub(crate) mod session;
pub(crate) mod staff;
pub(crate) mod throttle;

use banhao_store::{Migration, MigrationSet};

/// The tables of identity, forward only.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: "identity",
    steps: &[Migration { number: 1, name: "identity", sql: include_str!("../../migrations/0001_identity.sql") }],
};
