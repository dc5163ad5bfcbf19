//! Verification of a whole database: every fact is hashed anew, every signed checkpoint has to come out. Streams, so that a
//! large database fits into a small memory.

use std::collections::HashMap;

use banhao_ledger::{Finding, Frontier, Hash, Section, VerifierKey, examine, locate, section_nodes};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{
    nodes,
    read::{checkpoint_after, latest_checkpoint},
};
use crate::{
    error::StoreError,
    facts::Fact,
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
        /// Id of the record that belongs there, as kept beside the tree.
        fact: Option<Uuid>,
        /// Facts before it that are sound.
        sound_before: u64,
    },
    /// A checkpoint is not signed with the installation's key, or says something else than its row.
    ForgedCheckpoint {
        /// Its size.
        size: u64,
        /// Why.
        reason: String,
    },
    /// Facts claim places after the last checkpoint: checkpoints were dropped.
    MissingCheckpoint {
        /// First place without a checkpoint.
        from: u64,
    },
}

/// Verifies everything. `progress` is told the number of facts done after each checkpoint.
///
/// # Errors
/// When the database fails.
pub async fn verify_database(store: &Store, key: &VerifierKey, mut progress: impl FnMut(u64)) -> Result<Verdict, StoreError> {
    let mut frontier = Frontier::default();
    let mut checkpoints = 0;
    while let Some(row) = checkpoint_after(store, i64::try_from(frontier.size()).unwrap_or(i64::MAX)).await? {
        let size = row.size.unsigned_abs();
        let signed = match key.open(&row.note) {
            Ok(signed) if signed.size == size && signed.root.as_slice() == row.root => signed,
            Ok(_) => return Ok(Verdict::ForgedCheckpoint { size, reason: "row and signed note differ".to_owned() }),
            Err(error) => return Ok(Verdict::ForgedCheckpoint { size, reason: error.to_string() }),
        };
        let (from, to) = (frontier.size(), size);
        let (section, names) = section(store, from, to).await?;
        if let Err(finding) = examine(&mut frontier, &section, &signed.root) {
            let finding = match finding {
                Finding::Rewritten { .. } => look_deeper(store, key, &frontier, &section, finding).await?,
                exact => exact,
            };
            let index = match finding {
                Finding::Changed { index } | Finding::Dropped { index } | Finding::Moved { index, .. } => index,
                Finding::Rewritten { from, .. } => from,
            };
            let name = names.get(usize::try_from(index - from).unwrap_or(usize::MAX)).copied().flatten();
            return Ok(Verdict::Tampered { finding, fact: name, sound_before: from });
        }
        checkpoints += 1;
        progress(frontier.size());
    }
    let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    if fact::Entity::find().filter(fact::Column::LeafIndex.gte(size)).count(store.read()).await? > 0 {
        return Ok(Verdict::MissingCheckpoint { from: frontier.size() });
    }
    let unplaced = fact::Entity::find().filter(fact::Column::LeafIndex.is_null()).count(store.read()).await?;
    Ok(Verdict::Sound { size: frontier.size(), checkpoints, unplaced })
}

/// Where leaf hashes were rewritten together with the records, the nodes above them and the latest signed root lead further.
async fn look_deeper(
    store: &Store,
    key: &VerifierKey,
    before: &Frontier,
    section: &Section,
    found: Finding,
) -> Result<Finding, StoreError> {
    let Some(latest) = latest_checkpoint(store).await? else { return Ok(found) };
    let Ok(signed) = key.open(&latest.note) else { return Ok(found) };
    let (from, to) = (before.size(), before.size() + section.records.len() as u64);
    let mut known = HashMap::new();
    for wanted in section_nodes(from, to, signed.size).chunks(500) {
        known.extend(nodes::load(store.read(), wanted).await?);
    }
    Ok(locate(before, section, signed.size, &signed.root, &known))
}

/// The leaves `from..to` as the database has them, and which fact belongs to each place.
async fn section(store: &Store, from: u64, to: u64) -> Result<(Section, Vec<Option<Uuid>>), StoreError> {
    let length = usize::try_from(to - from).map_err(|_| StoreError::Damaged("checkpoint size".to_owned()))?;
    let bounds = (i64::try_from(from).unwrap_or(i64::MAX), i64::try_from(to).unwrap_or(i64::MAX));
    let mut section = Section { records: vec![None; length], leaves: vec![None; length] };
    let mut names = vec![None; length];
    let place = |index: i64| usize::try_from(index - bounds.0).ok().filter(|place| *place < length);
    for row in leaf::Entity::find()
        .filter(leaf::Column::LeafIndex.gte(bounds.0))
        .filter(leaf::Column::LeafIndex.lt(bounds.1))
        .all(store.read())
        .await?
    {
        if let Some(place) = place(row.leaf_index) {
            names[place] = Some(row.fact);
            section.leaves[place] = Hash::try_from(row.hash).ok();
        }
    }
    for row in fact::Entity::find()
        .filter(fact::Column::LeafIndex.gte(bounds.0))
        .filter(fact::Column::LeafIndex.lt(bounds.1))
        .order_by_asc(fact::Column::LeafIndex)
        .all(store.read())
        .await?
    {
        if let Some(place) = row.leaf_index.and_then(place) {
            section.records[place] = Fact::from(row).to_leaf().leaf_hash().ok();
        }
    }
    Ok((section, names))
}
