//! Signed checkpoints of the ledger.

use sea_orm::entity::prelude::*;

use crate::moment::Moment;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_checkpoint")]
pub struct Model {
    /// Number of leaves.
    #[sea_orm(primary_key, auto_increment = false)]
    pub size: i64,
    /// Root hash.
    pub root: Vec<u8>,
    /// When.
    pub at: Moment,
    /// Signed note.
    pub note: String,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
