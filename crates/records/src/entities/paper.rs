//! Formal papers, ordered and issued.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_paper")]
pub struct Model {
    /// Paper.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Kind.
    pub kind: String,
    /// Case.
    pub case_id: Uuid,
    /// Number of the case.
    pub case_number: String,
    /// Key of the organisation that signs.
    pub organisation: String,
    /// Whom it is for.
    pub recipient: Uuid,
    /// 文号.
    pub number: String,
    /// Code of the public verification page.
    pub verify_code: String,
    /// Name of the recipient, masked.
    pub holder_masked: String,
    /// When it was ordered.
    pub ordered_at: Moment,
    /// Sealed order: template data and licence.
    pub order_data: Vec<u8>,
    /// `ordered` or `issued`.
    pub state: String,
    /// When it was signed.
    pub issued_at: Option<Moment>,
    /// SHA-256 of the signed file; its address in the file store.
    pub sha256: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    /// Characters no shipped font has.
    pub missing_glyphs: Option<String>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
