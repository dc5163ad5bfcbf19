//! The ledger (存证账本): an append-only Merkle log as in RFC 6962 §2, checkpoints as C2SP signed notes, proofs, receipts.
//!
//! Pure: no storage, no time, no randomness. A store keeps leaf hashes and the hashes of complete subtrees ([`NodeRef`]);
//! proofs say first which nodes they need and are then made from them.

mod audit;
mod canonical;
mod fact;
mod note;
mod proof;
mod receipt;
mod tree;

pub use audit::{Finding, Section, examine, locate, section_nodes};
pub use canonical::{NotCanonical, canonical};
pub use fact::Fact;
pub use note::{Checkpoint, NoteError, SignerKey, VerifierKey};
pub use proof::{ProofError, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof, verify_consistency, verify_inclusion};
pub use receipt::{RECEIPT_FORMAT, Receipt, ReceiptFault};
pub use tree::{Frontier, Hash, NodeRef, NodeSource, empty_root, leaf_hash, node_hash, range_hash, range_nodes};
