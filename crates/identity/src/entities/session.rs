//! Running sessions; only the SHA-256 of the token is kept.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_session")]
pub struct Model {
    /// Session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the token, hex.
    pub token_sha256: String,
    /// `person` or `staff`.
    pub kind: String,
    /// The account.
    pub account: Uuid,
    /// Secret of the form tokens.
    pub csrf: String,
    /// When it began.
    pub created_at: Moment,
    /// When it was last seen, to the minute.
    pub used_at: Moment,
    /// When it ends unless used.
    pub expires_at: Moment,
    /// When it ends whatever happens.
    pub ends_at: Moment,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
