//! How many cases go by the process of which version of a matter: said before a new version is published, and before cases are moved.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{context::CaseContext, entities::case_record, error::CaseError, model::CaseStatus};

/// Cases of a matter that are not closed, by the version whose process they go by.
///
/// # Errors
/// When the store fails.
pub async fn running_by_version(ctx: &CaseContext, matter: &str) -> Result<BTreeMap<u32, u64>, CaseError> {
    let rows: Vec<(i32, i64)> = case_record::Entity::find()
        .select_only()
        .column(case_record::Column::ProcessVersion)
        .column_as(case_record::Column::Id.count(), "cases")
        .filter(case_record::Column::Matter.eq(matter))
        .filter(case_record::Column::Status.ne(CaseStatus::Closed.as_str()))
        .group_by(case_record::Column::ProcessVersion)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(version, cases)| (u32::try_from(version).unwrap_or_default(), u64::try_from(cases).unwrap_or_default()))
        .collect())
}
