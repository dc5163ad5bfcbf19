//! Versions of definitions.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_definition")]
pub struct Model {
    /// Id, made from kind, key and version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Kind.
    pub kind: String,
    /// Key.
    pub key: String,
    /// Version.
    pub version: i32,
    /// Digest of all its files.
    pub digest: String,
    /// First day, for matters.
    pub effective_from: Option<String>,
    /// Document that orders the change, for matters.
    pub change_document: Option<String>,
    /// When it was imported.
    pub imported_at: Moment,
    /// By which import.
    pub revision: i64,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
