//! What supervision asks of cases beyond [`super::counts`]: short lists by last day, numbers per day, acceptance by silence.

use banhao_kernel::{
    Date,
    clock::{end_of_day, start_of_day},
};
use banhao_store::Moment;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Func, Query},
};

use super::mine::{CaseLine, line};
use crate::{context::CaseContext, entities::case_record, error::CaseError, model::CaseStatus};

/// One day's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFlow {
    /// The day.
    pub day: Date,
    /// Received that day.
    pub received: u64,
    /// Closed that day.
    pub closed: u64,
}

/// Open cases whose running clock's last day lies within these days, most urgent first; at most 100.
///
/// # Errors
/// When the store fails.
pub async fn due_within(ctx: &CaseContext, from: Option<Date>, to: Date, limit: u64) -> Result<Vec<CaseLine>, CaseError> {
    // Named one by one, so that the index by status and last day serves.
    let open = CaseStatus::ALL.into_iter().filter(|status| *status != CaseStatus::Closed).map(CaseStatus::as_str);
    let mut find = case_record::Entity::find()
        .filter(case_record::Column::Status.is_in(open))
        .filter(case_record::Column::ClockState.eq("running"))
        .filter(case_record::Column::DueOn.lte(to.to_string()));
    if let Some(from) = from {
        find = find.filter(case_record::Column::DueOn.gte(from.to_string()));
    }
    find.order_by_asc(case_record::Column::DueOn)
        .order_by_asc(case_record::Column::Id)
        .limit(std::cmp::min(limit, 100))
        .all(ctx.store.read())
        .await?
        .into_iter()
        .map(line)
        .collect()
}

const DAY: i64 = 86_400_000_000;
/// Asia/Shanghai is eight hours ahead, without summer time.
const AHEAD: i64 = 8 * 3_600_000_000;

fn day_number(day: Date) -> i64 {
    (Moment::from(start_of_day(day)).0 + AHEAD).div_euclid(DAY)
}

/// Received and closed per day, from the first day to the last, days without any included; at most 366 days.
///
/// # Errors
/// When the store fails.
pub async fn flow_per_day(ctx: &CaseContext, first: Date, last: Date) -> Result<Vec<DayFlow>, CaseError> {
    let mut days: Vec<DayFlow> = first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= last)
        .take(366)
        .map(|day| DayFlow { day, received: 0, closed: 0 })
        .collect();
    let Some(last) = days.last().map(|there| there.day) else { return Ok(days) };
    let conn = ctx.store.read();
    let number = || Func::count(Expr::col(case_record::Column::Id));
    let received = Query::select()
        .expr_as(Expr::col(case_record::Column::ReceivedAt).add(AHEAD).div(DAY), Alias::new("local_day"))
        .expr_as(number(), Alias::new("number"))
        .from(case_record::Entity)
        .and_where(Expr::col(case_record::Column::ReceivedAt).gte(Moment::from(start_of_day(first)).0))
        .and_where(Expr::col(case_record::Column::ReceivedAt).lt(Moment::from(end_of_day(last)).0))
        .group_by_col(Alias::new("local_day"))
        .to_owned();
    for row in conn.query_all(&received).await? {
        let (day, number): (i64, i64) = (row.try_get("", "local_day")?, row.try_get("", "number")?);
        if let Some(there) = usize::try_from(day - day_number(first)).ok().and_then(|index| days.get_mut(index)) {
            there.received = number.unsigned_abs();
        }
    }
    let closed = Query::select()
        .column(case_record::Column::ClosedOn)
        .expr_as(number(), Alias::new("number"))
        .from(case_record::Entity)
        .and_where(Expr::col(case_record::Column::ClosedOn).between(first.to_string(), last.to_string()))
        .group_by_col(case_record::Column::ClosedOn)
        .to_owned();
    for row in conn.query_all(&closed).await? {
        let (day, number): (String, i64) = (row.try_get("", "closed_on")?, row.try_get("", "number")?);
        if let Some(there) = days.iter_mut().find(|there| there.day.to_string() == day) {
            there.closed = number.unsigned_abs();
        }
    }
    Ok(days)
}
