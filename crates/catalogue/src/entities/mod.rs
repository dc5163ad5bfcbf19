//! The tables.

pub(crate) mod definition;
pub(crate) mod draft;
pub(crate) mod draft_edit;
pub(crate) mod file;
pub(crate) mod import;
pub(crate) mod text;
pub(crate) mod withdrawn;

use banhao_store::{Migration, MigrationSet};

/// The tables of this crate.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: "catalogue",
    steps: &[
        Migration { number: 1, name: "catalogue", sql: include_str!("../../migrations/0001_catalogue.sql") },
        Migration { number: 2, name: "drafts", sql: include_str!("../../migrations/0002_drafts.sql") },
    ],
};
