//! Copies (抄送): who was told of a case, and whether they have looked.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_copy")]
pub struct Model {
    /// Case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// Who was told.
    #[sea_orm(primary_key, auto_increment = false)]
    pub staff: Uuid,
    /// By whom.
    pub copied_by: Uuid,
    /// When.
    pub copied_at: Moment,
    /// When they looked first.
    pub seen_at: Option<Moment>,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
