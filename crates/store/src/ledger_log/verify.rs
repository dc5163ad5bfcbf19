//! Verification of a whole database: every fact is hashed anew, every signed checkpoint has to come out, and the stored tree has
//! to be the tree of the facts. Reads in windows, so that a large database fits into a small memory.

use std::collections::HashMap;

use banhao_ledger::{Finding, Frontier, Section, VerifierKey, examine, locate, section_nodes};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    nodes::{self, signed},
    read::{checkpoints_after, latest_checkpoint},
    window::{Window, damaged_node},
};
use crate::{
    error::StoreError,
    store::Store,
    tables::{fact, leaf},
};

/// How a verification ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every placed fact is as it was signed.
    Sound {
        /// Facts in the ledger.
        size: u64,
        /// Signed checkpoints that were recomputed.
        checkpoints: u64,
        /// Facts that have no place yet.
        unplaced: u64,
    },
    /// The first record that is not as it was signed.
    Tampered {
        /// What was done.
        finding: Finding,
        /// Id of the record that belongs there, as kept beside the tree; `None` when only a stretch could be named.
        fact: Option<Uuid>,
        /// Facts before it that are sound.
        sound_before: u64,
    },
    /// The facts are sound so far, but a stored hash of the tree was changed or removed: receipts of this stretch prove nothing.
    TreeDamaged {
        /// Height above the leaves; 0 is the leaf of a record.
        level: u32,
        /// Position from the left at that height; for level 0 the record's place.
        position: u64,
        /// The record there, for level 0.
        fact: Option<Uuid>,
    },
    /// A checkpoint is not signed with the installation's key, or says something else than its row.
    ForgedCheckpoint {
        /// Its size.
        size: u64,
        /// Why.
        reason: String,
    },
    /// Records or leaves claim places that no checkpoint covers: checkpoints were dropped, or records slipped in.
    MissingCheckpoint {
        /// First place without a checkpoint.
        from: u64,
    },
}

/// Checkpoints read at a time.
const CHECKPOINTS: u64 = 500;

/// Verifies everything. `progress` is told the number of facts done now and then.
///
/// # Errors
/// When the database fails.
pub async fn verify_database(store: &Store, key: &VerifierKey, mut progress: impl FnMut(u64)) -> Result<Verdict, StoreError> {
    let mut frontier = Frontier::default();
    let mut window = Window::empty();
    let mut checkpoints = 0;
    loop {
        let rows = checkpoints_after(store, signed(frontier.size())?, CHECKPOINTS).await?;
        if rows.is_empty() {
            if let Some(damage) = tree_damage(store, &mut window, frontier.size()).await? {
                return Ok(damage);
            }
            let verdict = past_the_end(store, frontier.size(), checkpoints).await?;
            // The log may have grown meanwhile: then what lies past the end has its checkpoint by now.
            if matches!(verdict, Verdict::MissingCheckpoint { .. })
                && !checkpoints_after(store, signed(frontier.size())?, 1).await?.is_empty()
            {
                continue;
            }
            return Ok(verdict);
        }
        for row in rows {
            let size = row.size.unsigned_abs();
            let checkpoint = match key.open(&row.note) {
                Ok(checkpoint) if checkpoint.size == size && checkpoint.root.as_slice() == row.root => checkpoint,
                Ok(_) => return Ok(Verdict::ForgedCheckpoint { size, reason: "row and signed note differ".to_owned() }),
                Err(error) => return Ok(Verdict::ForgedCheckpoint { size, reason: error.to_string() }),
            };
            let from = frontier.size();
            if size > window.to() {
                if let Some(damage) = tree_damage(store, &mut window, from).await? {
                    return Ok(damage);
                }
                window = Window::load(store, &frontier, size).await?;
            }
            let section = window.section(from, size);
            if let Err(finding) = examine(&mut frontier, &section, &checkpoint.root) {
                if let Some(damage) = tree_damage(store, &mut window, from).await? {
                    return Ok(damage);
                }
                let finding = look_deeper(store, key, (&frontier, &section), finding).await?;
                return Ok(Verdict::Tampered { finding, fact: window.named(finding), sound_before: from });
            }
            checkpoints += 1;
            progress(size);
        }
    }
}

async fn tree_damage(store: &Store, window: &mut Window, sound_up_to: u64) -> Result<Option<Verdict>, StoreError> {
    let damaged = damaged_node(store, window, sound_up_to).await?;
    Ok(damaged.map(|(level, position, fact)| Verdict::TreeDamaged { level, position, fact }))
}

/// Where leaf hashes were rewritten together with the records, the nodes above them and the latest signed root lead further.
async fn look_deeper(
    store: &Store,
    key: &VerifierKey,
    (before, section): (&Frontier, &Section),
    found: Finding,
) -> Result<Finding, StoreError> {
    let (Finding::Rewritten { from, to }, Some(latest)) = (found, latest_checkpoint(store).await?) else { return Ok(found) };
    let Ok(signed) = key.open(&latest.note) else { return Ok(found) };
    let mut known = HashMap::new();
    for wanted in section_nodes(from, to, signed.size).chunks(500) {
        known.extend(nodes::load(store.read(), wanted).await?);
    }
    Ok(locate(before, section, signed.size, &signed.root, &known))
}

async fn past_the_end(store: &Store, size: u64, checkpoints: u64) -> Result<Verdict, StoreError> {
    let end = signed(size)?;
    let outside = fact::Column::LeafIndex.gte(end).or(fact::Column::LeafIndex.lt(0));
    let records = fact::Entity::find().filter(outside).count(store.read()).await?;
    let outside = leaf::Column::LeafIndex.gte(end).or(leaf::Column::LeafIndex.lt(0));
    let leaves = leaf::Entity::find().filter(outside).count(store.read()).await?;
    if records + leaves > 0 {
        return Ok(Verdict::MissingCheckpoint { from: size });
    }
    let unplaced = fact::Entity::find().filter(fact::Column::LeafIndex.is_null()).count(store.read()).await?;
    Ok(Verdict::Sound { size, checkpoints, unplaced })
}
