//! What the process of a case waits for: timers, messages, signals. A mirror of the engine's armed events, with the time or name by
//! which they are found.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_waiting")]
pub struct Model {
    /// Case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// The engine's reference of the armed event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub armed: String,
    /// Element of the event.
    pub element: String,
    /// `timer`, `message` or `signal`.
    pub kind: String,
    /// Name of the message or signal.
    pub name: Option<String>,
    /// What a message has to bring to be meant for this case (JSON text).
    pub match_key: Option<String>,
    /// When a timer is due; none while the calendar of its year is missing.
    pub due_at: Option<Moment>,
    /// How often a cycle still fires; none is without end.
    pub rounds: Option<i32>,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
