//! A stretch of the ledger as the database has it now: records hashed anew beside the stored leaves and inner nodes.

use banhao_ledger::{Finding, Frontier, Hash, NodeRef, Section};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::nodes::{self, signed};
use crate::{
    error::StoreError,
    facts::Fact,
    store::Store,
    tables::{fact, leaf},
};

/// Records read at a time (more when a single section is larger).
const RECORDS: u64 = 4_096;

pub(super) struct Window {
    from: u64,
    section: Section,
    /// Which fact the leaf says is at a place, and which the record says.
    said: Vec<Option<Uuid>>,
    found: Vec<Option<Uuid>>,
    /// The tree over the records so far, to compare the stored nodes with.
    tree: Frontier,
}

impl Window {
    pub(super) fn empty() -> Self {
        Self { from: 0, section: Section::default(), said: Vec::new(), found: Vec::new(), tree: Frontier::default() }
    }

    /// Reads the records after those of `sound`: at least up to `to`.
    pub(super) async fn load(store: &Store, sound: &Frontier, to: u64) -> Result<Self, StoreError> {
        let from = sound.size();
        let to = to.max(from.saturating_add(RECORDS));
        let latest = super::latest_checkpoint(store).await?.map_or(0, |latest| latest.size);
        let to = to.min(latest.max(from));
        let length = usize::try_from(to - from).map_err(|_| StoreError::Damaged("checkpoint size".to_owned()))?;
        let (first, end) = (signed(from)?, signed(to)?);
        let mut window = Self {
            from,
            section: Section { records: vec![None; length], leaves: vec![None; length] },
            said: vec![None; length],
            found: vec![None; length],
            tree: sound.clone(),
        };
        let leaves = leaf::Entity::find().filter(leaf::Column::LeafIndex.gte(first)).filter(leaf::Column::LeafIndex.lt(end));
        for row in leaves.all(store.read()).await? {
            if let Some(place) = window.place(row.leaf_index) {
                window.said[place] = Some(row.fact);
                window.section.leaves[place] = Hash::try_from(row.hash).ok();
            }
        }
        let records = fact::Entity::find().filter(fact::Column::LeafIndex.gte(first)).filter(fact::Column::LeafIndex.lt(end));
        for row in records.order_by_asc(fact::Column::LeafIndex).all(store.read()).await? {
            let Some(place) = row.leaf_index.and_then(|index| window.place(index)) else { continue };
            let id = row.id;
            let hash = Fact::from(row).to_leaf().leaf_hash().unwrap_or_default();
            // Two records at one place (the unique index was removed first): the one that does not belong there counts.
            if window.section.records[place].is_none() || window.section.records[place] == window.section.leaves[place] {
                window.section.records[place] = Some(hash);
                window.found[place] = Some(id);
            }
        }
        Ok(window)
    }

    fn place(&self, index: i64) -> Option<usize> {
        let place = usize::try_from(index.checked_sub(i64::try_from(self.from).ok()?)?).ok()?;
        (place < self.section.records.len()).then_some(place)
    }

    /// End, exclusive.
    pub(super) fn to(&self) -> u64 {
        self.from + self.section.records.len() as u64
    }

    fn offset(&self, index: u64) -> usize {
        usize::try_from(index - self.from).unwrap_or(usize::MAX)
    }

    pub(super) fn section(&self, from: u64, to: u64) -> Section {
        let range = self.offset(from)..self.offset(to);
        Section { records: self.section.records[range.clone()].to_vec(), leaves: self.section.leaves[range].to_vec() }
    }

    /// The record a finding names.
    pub(super) fn named(&self, finding: Finding) -> Option<Uuid> {
        let index = match finding {
            Finding::Changed { index } | Finding::Dropped { index } | Finding::Moved { index, .. } => index,
            Finding::Rewritten { .. } => return None,
        };
        let offset = self.offset(index);
        self.said.get(offset).copied().flatten().or(self.found.get(offset).copied().flatten())
    }
}

/// Compares the stored tree with that of the records up to `size`, which were found sound. Gives the first hash that differs.
pub(super) async fn damaged_node(store: &Store, window: &mut Window, size: u64) -> Result<Option<(u32, u64, Option<Uuid>)>, StoreError> {
    let start = window.tree.size();
    let mut made: Vec<(NodeRef, Hash)> = Vec::new();
    for index in start..size {
        let offset = window.offset(index);
        let Some(record) = window.section.records[offset] else { return Ok(None) };
        if window.section.leaves[offset] != Some(record) || window.said[offset] != window.found[offset] {
            return Ok(Some((0, index, window.found[offset])));
        }
        made.extend(window.tree.append(record));
    }
    let stored = nodes::made_between(store.read(), start, size).await?;
    let damaged = made.iter().filter(|(node, hash)| stored.get(node) != Some(hash)).min_by_key(|(node, _)| (node.level, node.position));
    Ok(damaged.map(|(node, _)| (node.level, node.position, None)))
}
