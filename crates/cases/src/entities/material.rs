//! A file handed in (材料).

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_material")]
pub struct Model {
    /// File record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Submission it belongs to.
    pub draft: Uuid,
    /// Case, once submitted.
    pub case_id: Option<Uuid>,
    /// Key of the material in the matter.
    pub material: String,
    /// Sealed name of the file as the applicant called it.
    pub file_name: Vec<u8>,
    /// Media type found by looking at the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, hex; its address in the file store.
    pub sha256: String,
    /// When it was added.
    pub added_at: Moment,
    /// Who added it.
    pub added_by: String,
    /// Checked by staff: `in-order`, `not-in-order`.
    pub check_state: Option<String>,
    /// Left out again by the applicant.
    pub removed: bool,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
