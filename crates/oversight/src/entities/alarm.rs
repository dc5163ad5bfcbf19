//! An alarm of e-supervision (电子监察预警). Never changed, never deleted.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oversight_alarm")]
pub struct Model {
    /// Alarm.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Key of the rule.
    pub rule: String,
    /// reminder, yellow, red.
    pub level: String,
    /// Case.
    pub case_id: Uuid,
    /// Period whose last day is over.
    pub period: String,
    /// That day.
    pub due: String,
    /// When it was raised.
    pub raised_at: Moment,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
