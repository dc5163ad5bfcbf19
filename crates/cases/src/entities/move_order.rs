//! An order to move the running cases of one version of a matter to another (在办件迁移).

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_move")]
pub struct Model {
    /// Order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// The version whose process the cases go by.
    pub from_version: i32,
    /// The version they are to go by.
    pub to_version: i32,
    /// Old id → new id, as it was confirmed.
    pub plan: Json,
    /// Sealed reason.
    pub reason: Vec<u8>,
    /// SHA-256 of the reason, hex, as in the facts.
    pub reason_sha256: String,
    /// Who ordered it.
    pub ordered_by: Uuid,
    /// When.
    pub ordered_at: Moment,
    /// Cases found so far.
    pub cases: i32,
    /// Whether all have been found.
    pub looked_for: bool,
    /// Number of changes.
    pub row_version: i32,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
