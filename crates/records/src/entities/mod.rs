//! The tables of records.

pub(crate) mod licence;
pub(crate) mod paper;

use banhao_store::{Migration, MigrationSet};

/// The tables of records, forward only.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: "records",
    steps: &[Migration { number: 1, name: "records", sql: include_str!("../../migrations/0001_records.sql") }],
};
