//! What people wrote about a case: opinions, reasons. Sealed; the ledger holds the digest.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_note")]
pub struct Model {
    /// Note.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// opinion, decision, refusal, inspection.
    pub kind: String,
    /// Element of the process.
    pub step: Option<String>,
    /// Verdict or decision it explains.
    pub verdict: Option<String>,
    /// Who wrote it.
    pub author: Uuid,
    /// When.
    pub at: Moment,
    /// Sealed text.
    pub text: Vec<u8>,
    /// SHA-256 of the text, hex, as in the fact.
    pub sha256: String,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
