//! Electronic licences.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_licence")]
pub struct Model {
    /// Licence.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 证照标识.
    pub number: String,
    /// The paper that carries it.
    pub paper: Uuid,
    /// Case.
    pub case_id: Uuid,
    /// Holder.
    pub holder: Uuid,
    /// Name.
    pub name: String,
    /// 证照类型代码.
    pub licence_type: String,
    /// Key of the issuing organisation.
    pub organisation: String,
    /// Sealed fields of the holder.
    pub sealed: Vec<u8>,
    /// Day of issue.
    pub issued_on: String,
    /// First day.
    pub valid_from: String,
    /// Last day.
    pub valid_to: Option<String>,
    /// `valid`, `expired`, `revoked` …
    pub status: String,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
