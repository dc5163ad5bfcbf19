//! Numbers seen from above: today's cases, what is open, what is due, how often people had to come.

use banhao_kernel::{Date, ids::CaseId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, Func, Query},
};

use super::mine::{CaseLine, line};
use crate::{context::CaseContext, entities::case_record, error::CaseError, model::CaseStatus};

/// Numbers of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Received that day.
    pub received: u64,
    /// Closed that day.
    pub closed: u64,
    /// Open now.
    pub open: u64,
    /// Open, the next last day of the authority is today or the next days up to `soon`.
    pub due_soon: u64,
    /// Open, the last day is over.
    pub overdue: u64,
}

/// Closed cases and how many of them needed at most one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VisitShare {
    /// Closed.
    pub closed: u64,
    /// Of these, without any visit.
    pub none: u64,
    /// Of these, with exactly one.
    pub one: u64,
}

impl VisitShare {
    /// Share with at most one visit, in thousandths; `None` when nothing was closed.
    #[must_use]
    pub fn permille(&self) -> Option<u64> {
        ((self.none + self.one) * 1000).checked_div(self.closed)
    }
}

/// The states of open cases, by name: an index finds these, and does not find “not closed”.
fn open_states() -> impl Iterator<Item = &'static str> {
    CaseStatus::ALL.into_iter().filter(|status| *status != CaseStatus::Closed).map(CaseStatus::as_str)
}

/// Numbers of a day; `soon` is the last day that counts as due soon.
///
/// # Errors
/// When the store fails.
pub async fn day_counts(ctx: &CaseContext, today: Date, soon: Date) -> Result<DayCounts, CaseError> {
    let conn = ctx.store.read();
    let (day, soon) = (today.to_string(), soon.to_string());
    let open = || case_record::Entity::find().filter(case_record::Column::Status.is_in(open_states()));
    let ours = || open().filter(case_record::Column::ClockState.eq("running"));
    Ok(DayCounts {
        received: case_record::Entity::find()
            .filter(case_record::Column::ReceivedAt.gte(banhao_store::Moment::from(banhao_kernel::clock::start_of_day(today))))
            .count(conn)
            .await?,
        closed: case_record::Entity::find().filter(case_record::Column::ClosedOn.eq(day.clone())).count(conn).await?,
        open: open().count(conn).await?,
        due_soon: ours().filter(case_record::Column::DueOn.between(day.clone(), soon)).count(conn).await?,
        overdue: ours().filter(case_record::Column::DueOn.lt(day)).count(conn).await?,
    })
}

/// Visits of the cases closed from a day on (到现场次数, measured).
///
/// # Errors
/// When the store fails.
pub async fn visit_share(ctx: &CaseContext, since: Date) -> Result<VisitShare, CaseError> {
    let select = Query::select()
        .column(case_record::Column::Visits)
        .expr_as(Func::count(Expr::col(case_record::Column::Id)), Alias::new("number"))
        .from(case_record::Entity)
        .and_where(Expr::col(case_record::Column::ClosedOn).gte(since.to_string()))
        .group_by_col(case_record::Column::Visits)
        .to_owned();
    let mut share = VisitShare::default();
    for row in ctx.store.read().query_all(&select).await? {
        let visits: i32 = row.try_get("", "visits")?;
        let number = row.try_get::<i64>("", "number")?.unsigned_abs();
        share.closed += number;
        match visits {
            0 => share.none += number,
            1 => share.one += number,
            _ => {}
        }
    }
    Ok(share)
}

/// Open cases whose last day comes first, most urgent on top.
///
/// # Errors
/// When the store fails.
pub async fn most_urgent(ctx: &CaseContext, limit: u64) -> Result<Vec<CaseLine>, CaseError> {
    case_record::Entity::find()
        .filter(case_record::Column::Status.is_in(open_states()))
        .filter(case_record::Column::ClockState.eq("running"))
        .filter(case_record::Column::DueOn.is_not_null())
        .order_by_asc(case_record::Column::DueOn)
        .order_by_asc(case_record::Column::Id)
        .limit(std::cmp::min(limit, 100))
        .all(ctx.store.read())
        .await?
        .into_iter()
        .map(line)
        .collect()
}

/// Lines of some cases, for lists of other crates.
///
/// # Errors
/// When the store fails.
pub async fn lines(ctx: &CaseContext, cases: &[CaseId]) -> Result<Vec<CaseLine>, CaseError> {
    case_record::Entity::find()
        .filter(case_record::Column::Id.is_in(cases.iter().take(200).map(|case| case.as_uuid())))
        .all(ctx.store.read())
        .await?
        .into_iter()
        .map(line)
        .collect()
}
