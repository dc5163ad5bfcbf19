//! Drafts of new versions of a process.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_draft")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// Version it began as.
    pub based_on: i32,
    /// `editing`, `submitted`, `published`, `discarded`.
    pub state: String,
    /// Process, as text.
    pub process: String,
    /// Decisions, as text.
    pub decisions: Option<String>,
    /// What the one who checks it says.
    pub note: String,
    /// Version it was published as.
    pub published_as: Option<i32>,
    /// Counts every change.
    pub row_version: i32,
    /// When it was begun.
    pub begun_at: Moment,
    /// When it was last changed.
    pub changed_at: Moment,
    /// By whom.
    pub changed_by: Uuid,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
