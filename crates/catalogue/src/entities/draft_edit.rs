//! Who changed a draft when.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_draft_edit")]
pub struct Model {
    /// The draft.
    #[sea_orm(primary_key, auto_increment = false)]
    pub draft: Uuid,
    /// State of the draft after it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_version: i32,
    /// `begun`, `saved`, `rebased`, `submitted`, `returned`, `published`, `discarded`.
    pub act: String,
    /// Who.
    pub staff: Uuid,
    /// When.
    pub at: Moment,
    /// Digest of process and decisions.
    pub digest: String,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
