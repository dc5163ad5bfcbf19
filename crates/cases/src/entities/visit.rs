//! In-person contacts (到现场). One row each; the measured visit count.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_visit")]
pub struct Model {
    /// Visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// Hall.
    pub hall: String,
    /// Window.
    pub window_code: String,
    /// apply, supplement, collect, other.
    pub purpose: String,
    /// Clerk.
    pub staff: Uuid,
    /// When.
    pub at: Moment,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
