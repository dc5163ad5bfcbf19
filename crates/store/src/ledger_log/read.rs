//! Reading the ledger: the latest checkpoint, receipts, proofs that the log only grew.

use banhao_kernel::{Timestamp, ids::FactId};
use banhao_ledger::{Receipt, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof};
use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::nodes;
use crate::{error::StoreError, facts, store::Store, tables::checkpoint};

/// The newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestCheckpoint {
    /// Number of leaves.
    pub size: u64,
    /// Root, base64.
    pub root: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note.
    pub note: String,
}

/// The newest checkpoint, when there is one.
///
/// # Errors
/// When the database fails.
pub async fn latest_checkpoint(store: &Store) -> Result<Option<LatestCheckpoint>, StoreError> {
    let row = checkpoint::Entity::find().order_by_desc(checkpoint::Column::Size).limit(1).one(store.read()).await?;
    Ok(row.map(|row| LatestCheckpoint {
        size: row.size.unsigned_abs(),
        root: STANDARD.encode(&row.root),
        at: row.at.into(),
        note: row.note,
    }))
}

/// The receipt of a fact; `None` while it has no place yet (at most about a second) or does not exist.
///
/// # Errors
/// When the database fails or the stored tree is incomplete.
pub async fn receipt(store: &Store, fact: FactId) -> Result<Option<Receipt>, StoreError> {
    let Some(fact) = facts::one(store.read(), fact).await? else { return Ok(None) };
    let (Some(index), Some(latest)) = (fact.leaf_index, latest_checkpoint(store).await?) else { return Ok(None) };
    let index = index.unsigned_abs();
    let known = nodes::load(store.read(), &inclusion_nodes(index, latest.size)).await?;
    let proof = inclusion_proof(index, latest.size, &known).ok_or_else(|| StoreError::Damaged("ledger tree is incomplete".to_owned()))?;
    Ok(Some(Receipt::new(fact.to_leaf(), index, &proof, latest.note)))
}

/// The proof (base64 hashes) that the log of `old` leaves is the beginning of the log of `new` leaves. `None` when there is no
/// such pair.
///
/// # Errors
/// When the database fails or the stored tree is incomplete.
pub async fn consistency(store: &Store, old: u64, new: u64) -> Result<Option<Vec<String>>, StoreError> {
    let Some(latest) = latest_checkpoint(store).await? else { return Ok(None) };
    if old > new || new > latest.size {
        return Ok(None);
    }
    let known = nodes::load(store.read(), &consistency_nodes(old, new)).await?;
    let proof = consistency_proof(old, new, &known).ok_or_else(|| StoreError::Damaged("ledger tree is incomplete".to_owned()))?;
    Ok(Some(proof.iter().map(|hash| STANDARD.encode(hash)).collect()))
}

/// The next checkpoints after a size, in order.
pub(super) async fn checkpoints_after(store: &Store, size: i64, limit: u64) -> Result<Vec<checkpoint::Model>, StoreError> {
    Ok(checkpoint::Entity::find()
        .filter(checkpoint::Column::Size.gt(size))
        .order_by_asc(checkpoint::Column::Size)
        .limit(limit)
        .all(store.read())
        .await?)
}
