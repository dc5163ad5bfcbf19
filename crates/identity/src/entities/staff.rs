//! Staff accounts; posts follow the definitions.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_staff")]
pub struct Model {
    /// Account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Sign-in name.
    pub login: String,
    /// The definition in force (name, organisation, posts, hall, windows).
    pub definition: Json,
    /// argon2id hash; none until one is set.
    pub password_hash: Option<String>,
    /// Whether the definition still names them.
    pub active: bool,
    /// When it last changed.
    pub updated_at: Moment,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
