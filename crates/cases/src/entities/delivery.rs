//! How a result was handed over (送达).

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_delivery")]
pub struct Model {
    /// Case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// window, courier, electronic.
    pub method: String,
    /// Sealed name of the receiver.
    pub receiver: Option<Vec<u8>>,
    /// SHA-256 of the signature's content in the file store.
    pub signature: Option<String>,
    /// `image/png` for a drawing, `text/plain` for a typed name, whose content is sealed.
    pub signature_type: Option<String>,
    /// Waybill number of the courier.
    pub waybill: Option<String>,
    /// Clerk.
    pub staff: Option<Uuid>,
    /// When.
    pub at: Moment,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
