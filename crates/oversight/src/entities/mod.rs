//! The tables of this crate. Nobody else reads them.

pub mod alarm;
pub mod rating;

use banhao_store::{Migration, MigrationSet};

/// The tables of oversight, forward only.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: "oversight",
    steps: &[Migration { number: 1, name: "oversight", sql: include_str!("../../migrations/0001_oversight.sql") }],
};
