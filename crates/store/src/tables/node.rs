//! Complete subtrees of the ledger's tree.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_node")]
pub struct Model {
    /// Height above the leaves, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i32,
    /// Position from the left at that height.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// RFC 6962 node hash.
    pub hash: Vec<u8>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
