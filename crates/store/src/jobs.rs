//! Jobs and timers: work left by a command, done at once or later, exactly once, by whichever replica takes it. They are
//! rows, so they survive a restart; a runner claims them with a lease that runs out when it dies.

use banhao_kernel::{Timestamp, ids::JobId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, InsertStatement, LockBehavior, LockType, Query},
};
use uuid::Uuid;

use crate::{error::StoreError, moment::Moment, store::Store, tables::job};

pub(crate) const WAITING: &str = "waiting";
pub(crate) const FAILED: &str = "failed";
/// How long a runner may work on a job before another may take it over.
const LEASE: i64 = 120 * 1_000_000;

/// Work to be left.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What is to be done.
    pub kind: &'static str,
    /// About what.
    pub subject: Uuid,
    /// Not before; `None` is at once.
    pub run_at: Option<Timestamp>,
    /// With what.
    pub payload: serde_json::Value,
}

/// A job in the hands of a runner.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// About what.
    pub subject: Uuid,
    /// With what.
    pub payload: serde_json::Value,
    /// When it was to run.
    pub run_at: Timestamp,
    /// Which try this is, from 1.
    pub attempt: i32,
    pub(crate) lease: Uuid,
}

/// A job that failed for good and waits for an administrator.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedJob {
    /// Id.
    pub id: JobId,
    /// What was to be done.
    pub kind: String,
    /// About what.
    pub subject: Uuid,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it failed last.
    pub error: String,
}

/// The statement that writes them, of which there is at least one.
pub(crate) fn insertion(now: Moment, jobs: Vec<(JobId, NewJob)>) -> Result<InsertStatement, StoreError> {
    let mut insert = Query::insert();
    insert.into_table(job::Entity).columns([
        job::Column::Id,
        job::Column::Kind,
        job::Column::Subject,
        job::Column::Payload,
        job::Column::RunAt,
        job::Column::CreatedAt,
        job::Column::Attempts,
        job::Column::State,
    ]);
    for (id, new) in jobs {
        insert
            .values([
                id.as_uuid().into(),
                new.kind.into(),
                new.subject.into(),
                new.payload.into(),
                new.run_at.map_or(now, Moment::from).0.into(),
                now.0.into(),
                0_i32.into(),
                WAITING.into(),
            ])
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
    }
    Ok(insert)
}

/// Jobs of these kinds that nobody works on, of which the first is due next.
fn free(kinds: &[&'static str], now: Moment) -> Condition {
    Condition::all()
        .add(job::Column::State.eq(WAITING))
        .add(job::Column::Kind.is_in(kinds.iter().copied()))
        .add(job::Column::LeasedUntil.is_null().or(job::Column::LeasedUntil.lt(now)))
}

/// Takes up to `limit` due jobs of the given kinds.
pub(crate) async fn claim(store: &Store, kinds: &[&'static str], limit: u64) -> Result<Vec<Job>, StoreError> {
    let kinds = kinds.to_vec();
    store
        .write(move |tx| {
            Box::pin(async move {
                let now = Moment::from(tx.now());
                let mut lease = [0_u8; 16];
                tx.entropy().fill(&mut lease);
                let lease = Uuid::from_bytes(lease);
                // Two statements on purpose: as a subquery of the update PostgreSQL may run the locking select more than once.
                let mut due = Query::select();
                due.column(job::Column::Id)
                    .from(job::Entity)
                    .cond_where(free(&kinds, now))
                    .and_where(Expr::col(job::Column::RunAt).lte(now.0))
                    .order_by(job::Column::RunAt, sea_orm::Order::Asc)
                    .limit(limit)
                    .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
                let ids: Vec<Uuid> = tx.conn().query_all(&due).await?.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
                if ids.is_empty() {
                    return Ok(Vec::new());
                }
                let mut rows = job::Entity::update_many()
                    .col_expr(job::Column::Lease, Expr::value(lease))
                    .col_expr(job::Column::LeasedUntil, Expr::value(now.0 + LEASE))
                    .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
                    .filter(job::Column::Id.is_in(ids))
                    .exec_with_returning(tx.conn())
                    .await?;
                rows.sort_by_key(|row| row.run_at);
                Ok(rows
                    .into_iter()
                    .map(|row| Job {
                        id: JobId::from_uuid(row.id),
                        kind: row.kind,
                        subject: row.subject,
                        payload: row.payload,
                        run_at: row.run_at.into(),
                        attempt: row.attempts,
                        lease,
                    })
                    .collect())
            })
        })
        .await
}

/// When the next job of these kinds that nobody works on is due. (A lease that runs out later is noticed at the next look.)
pub(crate) async fn next_due(store: &Store, kinds: &[&'static str]) -> Result<Option<Timestamp>, StoreError> {
    let next: Option<Moment> = job::Entity::find()
        .select_only()
        .column(job::Column::RunAt)
        .filter(free(kinds, store.now().into()))
        .order_by_asc(job::Column::RunAt)
        .limit(1)
        .into_tuple()
        .one(store.read())
        .await?;
    Ok(next.map(Timestamp::from))
}

/// Puts a job back to be tried again, or aside when it was tried often enough.
pub(crate) async fn put_back(store: &Store, job: &Job, error: String, again_at: Option<Timestamp>) -> Result<(), StoreError> {
    let (id, lease) = (job.id.as_uuid(), job.lease);
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut update = job::Entity::update_many()
                    .col_expr(job::Column::LastError, Expr::value(error))
                    .col_expr(job::Column::Lease, Expr::value(None::<Uuid>))
                    .col_expr(job::Column::LeasedUntil, Expr::value(None::<i64>));
                update = match again_at {
                    Some(at) => update.col_expr(job::Column::RunAt, Expr::value(Moment::from(at).0)),
                    None => update.col_expr(job::Column::State, Expr::value(FAILED)),
                };
                update.filter(job::Column::Id.eq(id)).filter(job::Column::Lease.eq(lease)).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}

/// Jobs that failed for good, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn failed(store: &Store, limit: u64) -> Result<Vec<FailedJob>, StoreError> {
    let rows = job::Entity::find()
        .filter(job::Column::State.eq(FAILED))
        .order_by_asc(job::Column::CreatedAt)
        .limit(limit)
        .all(store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| FailedJob {
            id: JobId::from_uuid(row.id),
            kind: row.kind,
            subject: row.subject,
            attempts: row.attempts,
            error: row.last_error.unwrap_or_default(),
        })
        .collect())
}

/// Lets a job that was put aside be tried again from the beginning. Gives whether there was such a job.
///
/// # Errors
/// When the database fails.
pub async fn try_again(store: &Store, id: JobId) -> Result<bool, StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let now = Moment::from(tx.now()).0;
                let updated = job::Entity::update_many()
                    .col_expr(job::Column::State, Expr::value(WAITING))
                    .col_expr(job::Column::Attempts, Expr::value(0_i32))
                    .col_expr(job::Column::RunAt, Expr::value(now))
                    .filter(job::Column::Id.eq(id.as_uuid()))
                    .filter(job::Column::State.eq(FAILED))
                    .exec(tx.conn())
                    .await?;
                Ok(updated.rows_affected == 1)
            })
        })
        .await
}

/// Number of jobs that are due and not done yet.
///
/// # Errors
/// When the database fails.
pub async fn waiting(store: &Store) -> Result<u64, StoreError> {
    use sea_orm::PaginatorTrait;
    Ok(job::Entity::find()
        .filter(job::Column::State.eq(WAITING))
        .filter(job::Column::RunAt.lte(Moment::from(store.now())))
        .count(store.read())
        .await?)
}
