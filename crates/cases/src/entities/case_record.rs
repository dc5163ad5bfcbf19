//! A case (办件) as lists and pages need it; the facts in the ledger are its truth.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_record")]
pub struct Model {
    /// Case id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 办件编号, 43 characters or more.
    pub number: String,
    /// Short code for citizens.
    pub query_code: String,
    /// Submission id it came from.
    pub draft: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// Version of the matter it was submitted under.
    pub matter_version: i32,
    /// Version of the matter whose process it goes by.
    pub process_version: i32,
    /// Name of the matter in the version it was submitted under.
    pub matter_name: String,
    /// 即办件 or 承诺件.
    pub case_kind: String,
    /// Key of the competent organisation.
    pub organisation: String,
    /// Hall that takes part, if any.
    pub hall: Option<String>,
    /// Where it came in.
    pub channel: String,
    /// The applicant's account.
    pub applicant: Uuid,
    /// Sealed name of the applicant.
    pub applicant_name: Vec<u8>,
    /// Masked name for lists.
    pub applicant_masked: String,
    /// Sealed JSON of the answers.
    pub answers: Vec<u8>,
    /// Status, see [`crate::model::CaseStatus`].
    pub status: String,
    /// Outcome when closed.
    pub outcome: Option<String>,
    /// Instant of receipt.
    pub received_at: Moment,
    /// Day that counts as receipt.
    pub received_on: String,
    /// Day of acceptance.
    pub accepted_on: Option<String>,
    /// Day of the decision.
    pub decided_on: Option<String>,
    /// Instant of closing.
    pub closed_at: Option<Moment>,
    /// Day of closing.
    pub closed_on: Option<String>,
    /// Last day of the period that ends first.
    pub due_on: Option<String>,
    /// Which period that is.
    pub due_period: Option<String>,
    /// Last day by the promise.
    pub promised_due: Option<String>,
    /// Last day by the statute.
    pub statutory_due: Option<String>,
    /// Clock: running, paused, stopped.
    pub clock_state: String,
    /// In-person contacts.
    pub visits: i32,
    /// How the result shall be delivered.
    pub delivery_wish: String,
    /// Number of changes, for optimistic locking.
    pub row_version: i32,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
