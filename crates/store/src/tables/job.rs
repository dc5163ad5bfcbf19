//! Jobs and timers.

use sea_orm::entity::prelude::*;

use crate::moment::Moment;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// About what.
    pub subject: Uuid,
    /// With what.
    pub payload: Json,
    /// Not before.
    pub run_at: Moment,
    /// When it was left.
    pub created_at: Moment,
    /// How often it was tried.
    pub attempts: i32,
    /// Who works on it.
    pub lease: Option<Uuid>,
    /// Until when the lease is good.
    pub leased_until: Option<Moment>,
    /// `waiting` or `failed`; done jobs are removed.
    pub state: String,
    /// Why it failed.
    pub last_error: Option<String>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
