//! A rating (好差评). One per case.

use banhao_store::Moment;
use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oversight_rating")]
pub struct Model {
    /// Rating.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Case; unique.
    pub case_id: Uuid,
    /// Stars, 1 to 5.
    pub level: i32,
    /// Version of the tag table.
    pub tag_set: i32,
    /// Tag codes in order, joined by `|`.
    pub tags: String,
    /// Sealed words of the rater.
    pub text: Option<Vec<u8>>,
    /// Where it was given, see [`crate::RatingChannel`].
    pub channel: String,
    /// When.
    pub at: Moment,
    /// Where the handling of a negative rating stands; none for the others.
    pub handling: Option<String>,
}

/// No relations: this crate joins by key where it needs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
