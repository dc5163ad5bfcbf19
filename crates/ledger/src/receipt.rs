//! A receipt (存证回执): a fact, its place, the proof and the signed checkpoint, in one file that anybody can check without us.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    fact::Fact,
    note::{Checkpoint, NoteError, VerifierKey},
    proof::{ProofError, verify_inclusion},
    tree::Hash,
};

/// A self-contained receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The fact.
    pub fact: Fact,
    /// Its place in the ledger.
    pub leaf_index: u64,
    /// Inclusion proof, base64 hashes from the leaf upwards.
    pub proof: Vec<String>,
    /// The signed checkpoint it leads to.
    pub checkpoint: String,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// The checkpoint is not genuine.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] NoteError),
    /// A hash of the proof is not one.
    #[error("the proof is not readable")]
    Unreadable,
    /// The fact is not at that place in the ledger: it was changed, or never was there.
    #[error("the fact is not in the ledger as it is written here: {0}")]
    NotIncluded(#[from] ProofError),
    /// The fact cannot be hashed.
    #[error("the fact is not well formed")]
    BadFact,
}

impl Receipt {
    /// Makes a receipt.
    #[must_use]
    pub fn new(fact: Fact, leaf_index: u64, proof: &[Hash], checkpoint: String) -> Self {
        Self { fact, leaf_index, proof: proof.iter().map(|hash| STANDARD.encode(hash)).collect(), checkpoint }
    }

    /// Checks the receipt with the ledger's public key; gives the checkpoint that covers the fact.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn verify(&self, key: &VerifierKey) -> Result<Checkpoint, ReceiptFault> {
        let checkpoint = key.open(&self.checkpoint)?;
        let mut proof = Vec::with_capacity(self.proof.len());
        for text in &self.proof {
            let hash: Hash = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(ReceiptFault::Unreadable)?;
            proof.push(hash);
        }
        let leaf = self.fact.leaf_hash().map_err(|_| ReceiptFault::BadFact)?;
        verify_inclusion(&leaf, self.leaf_index, checkpoint.size, &proof, &checkpoint.root)?;
        Ok(checkpoint)
    }
}
