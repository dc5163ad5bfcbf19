//! The tables of this crate. Nobody else reads them.

pub mod carried_out;
pub mod case_record;
pub mod copy;
pub mod delivery;
pub mod draft;
pub mod material;
pub mod move_order;
pub mod move_result;
pub mod note;
pub mod process;
pub mod task;
pub mod visit;
pub mod waiting;

use banhao_store::{Migration, MigrationSet};

/// The tables of cases, forward only.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: "cases",
    steps: &[
        Migration { number: 1, name: "cases", sql: include_str!("../../migrations/0001_cases.sql") },
        Migration { number: 2, name: "received_at", sql: include_str!("../../migrations/0002_received_at.sql") },
        Migration { number: 3, name: "signature_type", sql: include_str!("../../migrations/0003_signature_type.sql") },
        Migration { number: 4, name: "office", sql: include_str!("../../migrations/0004_office.sql") },
        Migration { number: 5, name: "moving", sql: include_str!("../../migrations/0005_moving.sql") },
        Migration { number: 6, name: "carried_out", sql: include_str!("../../migrations/0006_carried_out.sql") },
    ],
};
