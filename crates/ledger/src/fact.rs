//! A fact as the ledger hashes it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    canonical::{NotCanonical, canonical},
    tree::{Hash, leaf_hash},
};

/// A fact as the ledger hashes it and receipts carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Id.
    pub id: String,
    /// When, microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// What kind of thing it is about.
    pub subject_kind: String,
    /// What it is about.
    pub subject: String,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// The rest.
    pub body: Value,
}

impl Fact {
    /// The bytes of the leaf.
    ///
    /// # Errors
    /// When the body holds a number that is not an integer.
    pub fn leaf_bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        canonical(&json!({
            "v": 1,
            "id": self.id,
            "at": self.at,
            "subject_kind": self.subject_kind,
            "subject": self.subject,
            "kind": self.kind,
            "actor": self.actor,
            "body": self.body,
        }))
    }

    /// The leaf's hash.
    ///
    /// # Errors
    /// When the body holds a number that is not an integer.
    pub fn leaf_hash(&self) -> Result<Hash, NotCanonical> {
        Ok(leaf_hash(&self.leaf_bytes()?))
    }
}
