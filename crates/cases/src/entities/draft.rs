//! An application being filled in (草稿). Its id is the submission id: it exists before the first attempt to submit, so that a repeated submit can never make a second case.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_draft")]
pub struct Model {
    /// Submission id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose application.
    pub person: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// Version of the matter.
    pub matter_version: i32,
    /// Where it is filled in.
    pub channel: String,
    /// Hall, at a window.
    pub hall: Option<String>,
    /// Window code, at a window.
    pub window_code: Option<String>,
    /// Clerk who fills it in for the person.
    pub taken_by: Option<Uuid>,
    /// Sealed JSON of the answers.
    pub answers: Vec<u8>,
    /// When it was begun.
    pub created_at: Moment,
    /// When it was last saved.
    pub updated_at: Moment,
    /// The case it became.
    pub case_id: Option<Uuid>,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
