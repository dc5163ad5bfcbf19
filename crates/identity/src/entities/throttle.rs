//! Wrong passwords per login: the wait grows. In the database, so that all replicas know.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_throttle")]
pub struct Model {
    /// Blind index of the login.
    #[sea_orm(primary_key, auto_increment = false)]
    pub login_index: String,
    /// Failures in a row.
    pub failures: i32,
    /// Not before.
    pub wait_until: Moment,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
