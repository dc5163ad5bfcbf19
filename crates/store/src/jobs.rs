//! Jobs and timers: work left by a command, done at once or later, exactly once, by whichever replica takes it. They are
//! rows, so they survive a restart; a runner that dies is followed by another at once ([`crate::presence`]).

use banhao_kernel::{Timestamp, ids::JobId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, InsertStatement, LockBehavior, LockType, Query},
};
use uuid::Uuid;

use crate::{error::StoreError, job_error::JobError, moment::Moment, presence::Presence, store::Store, tables::job};

pub(crate) const WAITING: &str = "waiting";
pub(crate) const FAILED: &str = "failed";
pub(crate) const GIVEN_UP: &str = "given-up";

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
fn free(kinds: &[&'static str]) -> Condition {
    Condition::all()
        .add(job::Column::State.eq(WAITING))
        .add(job::Column::Kind.is_in(kinds.iter().copied()))
        .add(job::Column::Lease.is_null())
}

/// Takes up to `limit` due jobs of the given kinds for a runner, by a claim that is new.
pub(crate) async fn claim(store: &Store, kinds: &[&'static str], limit: u64, runner: i64, lease: Uuid) -> Result<Vec<Job>, StoreError> {
    let kinds = kinds.to_vec();
    store
        .write(move |tx| {
            Box::pin(async move {
                let now = Moment::from(tx.now());
                // Two statements on purpose: as a subquery of the update PostgreSQL may run the locking select more than once.
                let mut due = Query::select();
                due.column(job::Column::Id)
                    .from(job::Entity)
                    .cond_where(free(&kinds))
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
                    .col_expr(job::Column::Runner, Expr::value(runner))
                    .col_expr(job::Column::TriedAt, Expr::value(now.0))
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

/// When the next job of these kinds that nobody works on is due.
pub(crate) async fn next_due(store: &Store, kinds: &[&'static str]) -> Result<Option<Timestamp>, StoreError> {
    let next: Option<Moment> = job::Entity::find()
        .select_only()
        .column(job::Column::RunAt)
        .filter(free(kinds))
        .order_by_asc(job::Column::RunAt)
        .limit(1)
        .into_tuple()
        .one(store.read())
        .await?;
    Ok(next.map(Timestamp::from))
}

/// Puts a job back to be tried again, or aside when it was tried often enough.
pub(crate) async fn put_back(store: &Store, job: &Job, error: JobError, again_at: Option<Timestamp>) -> Result<(), StoreError> {
    let (id, lease) = (job.id.as_uuid(), job.lease);
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut update = free_again()
                    .col_expr(job::Column::LastError, Expr::value(error.to_string()))
                    .col_expr(job::Column::LastProblem, Expr::value(error.words()));
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

/// A claim that may still stand in rows though nobody works by it: of one job, or of all that were taken by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) lease: Uuid,
    pub(crate) job: Option<Uuid>,
}

/// Lets go of what a lost claim holds.
pub(crate) async fn let_go(store: &Store, lost: Lost) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut update = free_again().filter(job::Column::Lease.eq(lost.lease));
                if let Some(id) = lost.job {
                    update = update.filter(job::Column::Id.eq(id));
                }
                update.exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}

fn free_again() -> UpdateMany<job::Entity> {
    job::Entity::update_many()
        .col_expr(job::Column::Lease, Expr::value(None::<Uuid>))
        .col_expr(job::Column::Runner, Expr::value(None::<i64>))
}

/// Lets go of the jobs that dead runners had in hand, so that they can be taken. Gives their number.
pub(crate) async fn take_from_the_dead(store: &Store, presence: &Presence) -> Result<u64, StoreError> {
    let mine = presence.number(store).await?;
    let others: Vec<i64> = job::Entity::find()
        .select_only()
        .column(job::Column::Runner)
        .distinct()
        .filter(job::Column::State.eq(WAITING))
        .filter(job::Column::RunAt.lte(Moment::from(store.now())))
        .filter(job::Column::Runner.ne(mine))
        .into_tuple()
        .all(store.read())
        .await?;
    // Rows first, life second: who is in a row had shown that it lives before it wrote there.
    let dead = presence.dead(others).await?;
    if dead.is_empty() {
        return Ok(0);
    }
    store
        .write(move |tx| {
            Box::pin(async move {
                let freed = free_again()
                    .filter(job::Column::State.eq(WAITING))
                    .filter(job::Column::RunAt.lte(Moment::from(tx.now())))
                    .filter(job::Column::Runner.is_in(dead))
                    .exec(tx.conn())
                    .await?;
                Ok(freed.rows_affected)
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
