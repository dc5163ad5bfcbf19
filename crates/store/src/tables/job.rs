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
    /// The claim of who works on it, another one each time.
    pub lease: Option<Uuid>,
    /// `waiting`, `failed` or `given-up`; done jobs are removed.
    pub state: String,
    /// Why it failed last, for experts.
    pub last_error: Option<String>,
    /// Number of the process that works on it.
    pub runner: Option<i64>,
    /// When it was begun last.
    pub tried_at: Option<Moment>,
    /// Why it failed last: code and arguments of its words.
    pub last_problem: Option<Json>,
    /// Who gave it up.
    pub given_up_by: Option<Uuid>,
    /// When.
    pub given_up_at: Option<Moment>,
    /// Why, sealed.
    pub given_up_why: Option<Vec<u8>>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
