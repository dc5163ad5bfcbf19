//! Citizens' accounts. What identifies a person is sealed; they are found by blind indices.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_person")]
pub struct Model {
    /// Account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Blind index of the citizen number.
    pub number_index: String,
    /// Blind index of the mobile number.
    pub mobile_index: String,
    /// Sealed JSON: name, citizen number, mobile, address.
    pub sealed: Vec<u8>,
    /// argon2id hash; none for accounts made at a window.
    pub password_hash: Option<String>,
    /// Trust level 2–5.
    pub level: i32,
    /// When.
    pub created_at: Moment,
    /// Who made it.
    pub created_by: String,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
