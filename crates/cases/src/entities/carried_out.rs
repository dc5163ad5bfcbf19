//! Requests that were carried out, so that their repetitions hear the first answer.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_carried_out")]
pub struct Model {
    /// Blind index of who asked for what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request: String,
    /// When.
    pub at: Moment,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
