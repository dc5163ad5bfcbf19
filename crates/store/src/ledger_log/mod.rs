//! The ledger in the database: the sequencer gives facts their places in batches and signs checkpoints, so that no writer ever
//! waits for the tree; receipts and proofs are read from stored nodes; verification recomputes everything.

mod key;
mod nodes;
mod read;
mod sequencer;
mod verify;
mod window;

pub use key::LedgerKey;
pub use read::{LatestCheckpoint, consistency, latest_checkpoint, receipt};
pub use sequencer::{SequencerHandle, sequence_once, start_sequencer};
pub use verify::{Verdict, verify_database};
