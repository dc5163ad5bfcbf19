//! Facts: what happened, append-only.

use sea_orm::entity::prelude::*;

use crate::moment::Moment;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "fact")]
pub struct Model {
    /// Order of writing.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Id.
    #[sea_orm(unique)]
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// What kind of thing it is about.
    pub subject_kind: String,
    /// What it is about.
    pub subject: Uuid,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// The rest.
    pub body: Json,
    /// Place in the ledger, once it has one.
    pub leaf_index: Option<i64>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
