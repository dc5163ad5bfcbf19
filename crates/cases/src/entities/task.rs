//! An open or done step of a case's process that waits for a person (环节).

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_task")]
pub struct Model {
    /// Task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// Element of the process.
    pub element: String,
    /// The engine's reference of the open task.
    pub token: String,
    /// Name of the step.
    pub name: String,
    /// What is to be done: accept, review, inspect, decide, deliver.
    pub act: String,
    /// Post that does it.
    pub post: String,
    /// Organisation whose post it is.
    pub organisation: String,
    /// Hall whose clerks may do it too.
    pub hall: Option<String>,
    /// When it was opened.
    pub opened_at: Moment,
    /// Last day, for sorting.
    pub due_on: String,
    /// Who is working on it.
    pub assignee: Option<Uuid>,
    /// When it ended.
    pub done_at: Option<Moment>,
    /// Who did it.
    pub done_by: Option<Uuid>,
    /// `open`, `waiting` (for added signers), `done`, `cancelled`.
    pub state: String,
    /// How often it was urged (催办).
    pub urged: i32,
    /// Who it was delegated by (委派), while it is.
    pub owner: Option<Uuid>,
    /// Whose signature it is: key of an organisation, or id of a member of staff.
    pub signer: Option<String>,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
