//! Examining a stretch of the ledger between two checkpoints: is every record as it was signed, and if not, which is the first
//! that was changed, dropped or moved.

use crate::tree::{Frontier, Hash};

/// The leaves between two checkpoints, as the database has them now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// For each place: the hash recomputed from the record that claims it, or `None` when no record does.
    pub records: Vec<Option<Hash>>,
    /// For each place: the leaf hash kept beside the tree, or `None` when it is gone.
    pub leaves: Vec<Option<Hash>>,
}

/// What is wrong with a section: the first record concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The record at this place was changed.
    Changed {
        /// Place.
        index: u64,
    },
    /// The record at this place is gone.
    Dropped {
        /// Place.
        index: u64,
    },
    /// A record that belongs to another place stands here.
    Moved {
        /// Place.
        index: u64,
        /// Where it belongs.
        belongs_at: u64,
    },
    /// Records *and* leaf hashes were rewritten; some record from `from` up to `to` (exclusive) is not what was signed.
    Rewritten {
        /// First place in question.
        from: u64,
        /// End.
        to: u64,
    },
}

/// Examines the section that follows `before`. On success the frontier stands at its end.
///
/// The signed root decides. Where the records do not lead to it, the leaf hashes kept beside the tree – if they themselves lead
/// to the signed root – tell the first record that differs.
///
/// # Errors
/// The first record concerned.
pub fn examine(before: &mut Frontier, section: &Section, signed_root: &Hash) -> Result<(), Finding> {
    let from = before.size();
    let to = from + section.records.len() as u64;
    if let Some(complete) = section.records.iter().copied().collect::<Option<Vec<Hash>>>() {
        let mut after = before.clone();
        for hash in complete {
            after.append(hash);
        }
        if after.root() == *signed_root {
            *before = after;
            return Ok(());
        }
    }
    let Some(leaves) = section.leaves.iter().copied().collect::<Option<Vec<Hash>>>().filter(|leaves| leaves.len() == section.records.len())
    else {
        let missing = section.records.iter().position(Option::is_none);
        return Err(missing.map_or(Finding::Rewritten { from, to }, |offset| Finding::Dropped { index: from + offset as u64 }));
    };
    let mut signed = before.clone();
    for hash in &leaves {
        signed.append(*hash);
    }
    if signed.root() != *signed_root {
        return Err(Finding::Rewritten { from, to });
    }
    let differs = section.records.iter().zip(&leaves).position(|(record, leaf)| record.as_ref() != Some(leaf));
    let Some(offset) = differs else { return Err(Finding::Rewritten { from, to }) };
    let index = from + offset as u64;
    Err(match section.records[offset] {
        None => Finding::Dropped { index },
        Some(record) => match leaves.iter().position(|leaf| *leaf == record) {
            Some(other) => Finding::Moved { index, belongs_at: from + other as u64 },
            None => Finding::Changed { index },
        },
    })
}
