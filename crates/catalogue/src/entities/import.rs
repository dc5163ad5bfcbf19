//! Imports; the greatest revision is the state of the catalogue.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_import")]
pub struct Model {
    /// Number, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// How many definitions were new.
    pub added: i32,
    /// How many were changed.
    pub changed: i32,
    /// How many were withdrawn.
    pub removed: i32,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
