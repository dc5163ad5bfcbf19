//! The store: how everything is kept.
//!
//! * [`Store`] opens an embedded SQLite database or PostgreSQL by one code path, with a folder of files and keys.
//! * [`Tx`] is the unit of work and the only way to write: rows, facts and jobs in one transaction. SQLite commits in groups.
//! * [`facts`] are append-only; [`ledger_log`] places them in a Merkle log and proves it.
//! * [`jobs`] and timers survive a restart and are done exactly once, by whichever replica takes them ([`Runner`]); [`trouble`] is
//!   what went wrong with them.
//! * [`Blobs`] keeps files by their content; [`Vault`] seals personal data.
//!
//! It knows nothing of cases, matters or people.

mod blobs;
mod config;
mod error;
pub mod facts;
mod job_error;
pub mod jobs;
mod key_file;
mod later;
pub mod ledger_log;
mod lines;
mod migrate;
mod moment;
mod numbers;
mod presence;
mod runner;
pub mod settings;
mod store;
mod tables;
pub mod trouble;
mod tx;
mod vault;
mod writer;

pub use blobs::{Blobs, Incoming, StoredBlob, claimed_type, sniffed_type};
pub use config::{DatabaseUrl, StoreConfig};
pub use error::StoreError;
pub use facts::{Fact, NewFact};
pub use job_error::JobError;
pub use jobs::{Job, NewJob};
pub use later::Change;
pub use migrate::{Migration, MigrationReport, MigrationSet};
pub use moment::Moment;
pub use runner::{Runner, RunnerHandle};
pub use store::Store;
pub use tx::Tx;
pub use vault::Vault;
