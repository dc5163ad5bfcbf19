//! A receipt (存证回执): a fact, its place, the proof and the signed checkpoint, in one file that anybody can check without us.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    fact::Fact,
    note::{Checkpoint, NoteError, VerifierKey},
    proof::{ProofError, verify_inclusion},
    tree::Hash,
};

/// The format this version writes and reads.
pub const RECEIPT_FORMAT: &str = "banhao.receipt.v1";

/// A self-contained receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`RECEIPT_FORMAT`]: receipts are kept for decades, and a later reader must know what it holds.
    pub format: String,
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
#[non_exhaustive]
pub enum ReceiptFault {
    /// It is no JSON text with the members of a receipt.
    #[error("this is not a receipt: {0}")]
    NotAReceipt(String),
    /// It is of another version, or something else.
    #[error("unknown format {0:?}; this version reads {RECEIPT_FORMAT}")]
    Format(String),
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

impl ReceiptFault {
    /// The stable code under which texts for people are found.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAReceipt(_) => "receipt-unreadable",
            Self::Format(_) => "receipt-format",
            Self::Checkpoint(NoteError::NotSigned) => "receipt-not-signed",
            Self::Checkpoint(NoteError::BadSignature) => "receipt-signature",
            Self::Checkpoint(_) => "receipt-checkpoint",
            Self::Unreadable => "receipt-proof",
            Self::NotIncluded(_) => "receipt-not-included",
            Self::BadFact => "receipt-fact",
        }
    }
}

impl Receipt {
    /// Makes a receipt.
    #[must_use]
    pub fn new(fact: Fact, leaf_index: u64, proof: &[Hash], checkpoint: String) -> Self {
        Self {
            format: RECEIPT_FORMAT.to_owned(),
            fact,
            leaf_index,
            proof: proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
            checkpoint,
        }
    }

    /// Reads the text of a receipt.
    ///
    /// # Errors
    /// [`ReceiptFault::NotAReceipt`], [`ReceiptFault::Format`].
    pub fn from_json(text: &str) -> Result<Self, ReceiptFault> {
        let not_a_receipt = |error: serde_json::Error| ReceiptFault::NotAReceipt(error.to_string());
        // The format first: a receipt of a later version must be called that, not broken.
        let value: serde_json::Value = serde_json::from_str(text).map_err(not_a_receipt)?;
        match value.get("format").and_then(serde_json::Value::as_str) {
            Some(RECEIPT_FORMAT) => serde_json::from_str(text).map_err(not_a_receipt),
            Some(other) => Err(ReceiptFault::Format(other.to_owned())),
            None => Err(ReceiptFault::NotAReceipt("it names no format".to_owned())),
        }
    }

    /// The text of the receipt, to be kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("all its keys are strings")
    }

    /// Checks the receipt with the ledger's public key; gives the checkpoint that covers the fact.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn verify(&self, key: &VerifierKey) -> Result<Checkpoint, ReceiptFault> {
        if self.format != RECEIPT_FORMAT {
            return Err(ReceiptFault::Format(self.format.clone()));
        }
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
