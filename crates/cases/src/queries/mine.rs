//! A citizen's own cases, and what anybody may learn of a case by its query code.

use banhao_kernel::{
    Date, Timestamp,
    ids::{CaseId, PersonId},
    paging::{Page, cursor, cursor_parts},
};
use banhao_store::Moment;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait};

use crate::{
    context::CaseContext,
    entities::case_record,
    error::CaseError,
    loaded::day,
    model::{CaseStatus, Outcome},
};

/// One case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Id.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// 查询码.
    pub query_code: String,
    /// Key of the matter.
    pub matter: String,
    /// Name of the matter.
    pub matter_name: String,
    /// Key of the organisation.
    pub organisation: String,
    /// Applicant, masked.
    pub applicant_masked: String,
    /// Status.
    pub status: CaseStatus,
    /// Outcome.
    pub outcome: Option<Outcome>,
    /// When it was received.
    pub received_at: Timestamp,
    /// Next last day.
    pub due_on: Option<Date>,
    /// Which period that is.
    pub due_period: Option<String>,
    /// In-person contacts.
    pub visits: i32,
}

pub(crate) fn line(row: case_record::Model) -> Result<CaseLine, CaseError> {
    Ok(CaseLine {
        id: CaseId::from_uuid(row.id),
        status: CaseStatus::from_name(&row.status).ok_or_else(|| CaseError::Damaged(format!("status {}", row.status)))?,
        outcome: row.outcome.as_deref().and_then(Outcome::from_name),
        due_on: row.due_on.as_deref().map(day).transpose()?,
        number: row.number,
        query_code: row.query_code,
        matter: row.matter,
        matter_name: row.matter_name,
        organisation: row.organisation,
        applicant_masked: row.applicant_masked,
        received_at: row.received_at.into(),
        due_period: row.due_period,
        visits: row.visits,
    })
}

const PAGE: usize = 20;

/// A person's cases, newest first.
///
/// # Errors
/// When the store fails.
pub async fn cases_of(ctx: &CaseContext, person: PersonId, after: Option<&str>) -> Result<Page<CaseLine>, CaseError> {
    let mut find = case_record::Entity::find().filter(case_record::Column::Applicant.eq(person.as_uuid()));
    if let Some((at, id)) = after
        .and_then(|after| cursor_parts(after, 2))
        .and_then(|parts| Some((parts[0].parse::<i64>().ok()?, parts[1].parse::<uuid::Uuid>().ok()?)))
    {
        let at = Moment(at);
        find = find.filter(
            Condition::any()
                .add(case_record::Column::ReceivedAt.lt(at))
                .add(case_record::Column::ReceivedAt.eq(at).and(case_record::Column::Id.lt(id))),
        );
    }
    let rows = find
        .order_by_desc(case_record::Column::ReceivedAt)
        .order_by_desc(case_record::Column::Id)
        .limit(PAGE as u64 + 1)
        .all(ctx.store.read())
        .await?;
    let lines = rows.into_iter().map(line).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_fetched(lines, PAGE, |line| cursor(&[&line.received_at.as_microsecond().to_string(), &line.id.to_string()])))
}

/// The case with this query code or case number (spaces, hyphens and lower case are forgiven).
///
/// # Errors
/// When the store fails.
pub async fn by_code(ctx: &CaseContext, code: &str) -> Result<Option<CaseLine>, CaseError> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    let row = case_record::Entity::find()
        .filter(Condition::any().add(case_record::Column::QueryCode.eq(code.clone())).add(case_record::Column::Number.eq(code)))
        .one(ctx.store.read())
        .await?;
    row.map(line).transpose()
}
