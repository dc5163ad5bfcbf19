//! Loading stored hashes of complete subtrees.

use std::collections::HashMap;

use banhao_ledger::{Hash, NodeRef};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::{
    error::StoreError,
    tables::{leaf, node},
};

fn hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("ledger hash".to_owned()))
}

/// As the database keeps it.
pub(super) fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Damaged("ledger index".to_owned()))
}

/// The stored hashes of the wanted nodes; missing ones are left out.
pub(crate) async fn load(conn: &impl ConnectionTrait, wanted: &[NodeRef]) -> Result<HashMap<NodeRef, Hash>, StoreError> {
    let mut found = HashMap::with_capacity(wanted.len());
    let mut leaves = Vec::new();
    let mut inner = Condition::any();
    let mut any_inner = false;
    for want in wanted {
        if want.level == 0 {
            leaves.push(signed(want.position)?);
        } else {
            any_inner = true;
            inner = inner.add(
                node::Column::Level
                    .eq(i32::try_from(want.level).unwrap_or(i32::MAX))
                    .and(node::Column::Position.eq(signed(want.position)?)),
            );
        }
    }
    if !leaves.is_empty() {
        for row in leaf::Entity::find().filter(leaf::Column::LeafIndex.is_in(leaves)).all(conn).await? {
            found.insert(NodeRef { level: 0, position: row.leaf_index.unsigned_abs() }, hash(row.hash)?);
        }
    }
    if any_inner {
        for row in node::Entity::find().filter(inner).all(conn).await? {
            found.insert(NodeRef { level: row.level.unsigned_abs(), position: row.position.unsigned_abs() }, hash(row.hash)?);
        }
    }
    Ok(found)
}

/// The inner nodes that came into being while the log grew from `from` to `to` leaves.
pub(crate) async fn made_between(conn: &impl ConnectionTrait, from: u64, to: u64) -> Result<HashMap<NodeRef, Hash>, StoreError> {
    let mut stored = HashMap::new();
    let mut wanted = Condition::any();
    let mut any = false;
    for level in 1..u64::BITS - 1 {
        let (first, end) = (from >> level, to >> level);
        if first < end {
            any = true;
            let positions = node::Column::Position.gte(signed(first)?).and(node::Column::Position.lt(signed(end)?));
            wanted = wanted.add(node::Column::Level.eq(i32::try_from(level).unwrap_or(i32::MAX)).and(positions));
        }
    }
    if any {
        for row in node::Entity::find().filter(wanted).all(conn).await? {
            stored.insert(NodeRef { level: row.level.unsigned_abs(), position: row.position.unsigned_abs() }, hash(row.hash)?);
        }
    }
    Ok(stored)
}
