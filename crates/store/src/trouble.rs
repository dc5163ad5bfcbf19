//! Jobs in trouble: those that failed at least once and are not done. They are never deleted by themselves; an administrator lets
//! one be tried again or gives it up. Also how much there is to do, by kind, so that a queue that stands still is seen.

use banhao_kernel::{Timestamp, ids::JobId};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
    sea_query::Expr,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    error::StoreError,
    jobs::{FAILED, GIVEN_UP, WAITING},
    moment::Moment,
    store::Store,
    tables::job,
    tx::Tx,
};

/// How a job in trouble stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// It was tried often enough and waits for somebody.
    Failed,
    /// It will be tried again by itself.
    Failing,
    /// Somebody gave it up.
    GivenUp,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Failed, Self::Failing, Self::GivenUp];

    /// Stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Failing => "failing",
            Self::GivenUp => "given-up",
        }
    }

    /// The one with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.as_str() == name)
    }

    const fn state(self) -> &'static str {
        match self {
            Self::Failed => FAILED,
            Self::Failing => WAITING,
            Self::GivenUp => GIVEN_UP,
        }
    }
}

/// Who gave a job up, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// Who.
    pub by: Uuid,
    /// When.
    pub at: Timestamp,
    /// Why, sealed by whoever gave it up.
    pub why: Vec<u8>,
}

/// A job in trouble.
#[derive(Debug, Clone, PartialEq)]
pub struct TroubledJob {
    /// Id; a later one was left later.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// About what.
    pub subject: Uuid,
    /// How it stands.
    pub trouble: Trouble,
    /// How often it was tried since it was left or last let be tried again.
    pub attempts: i32,
    /// When it was left.
    pub left_at: Timestamp,
    /// When it was tried last.
    pub tried_at: Option<Timestamp>,
    /// When it is tried next, while it is [`Trouble::Failing`].
    pub next_at: Option<Timestamp>,
    /// Whether somebody works on it at this moment.
    pub in_hand: bool,
    /// Why it failed last, for experts.
    pub detail: String,
    /// Code of the words for it, and their arguments.
    pub code: String,
    /// Arguments of the words.
    pub args: Vec<(String, String)>,
    /// When it was given up.
    pub given_up: Option<GivenUp>,
}

impl TroubledJob {
    fn read(row: job::Model) -> Option<Self> {
        let trouble = Trouble::ALL.into_iter().find(|trouble| trouble.state() == row.state)?;
        let words = row.last_problem.unwrap_or_default();
        let args = words["args"].as_object().into_iter().flatten();
        Some(Self {
            id: JobId::from_uuid(row.id),
            kind: row.kind,
            subject: row.subject,
            attempts: row.attempts,
            left_at: row.created_at.into(),
            tried_at: row.tried_at.map(Timestamp::from),
            next_at: (trouble == Trouble::Failing).then(|| row.run_at.into()),
            in_hand: row.lease.is_some(),
            code: words["code"].as_str().unwrap_or("store-job-failed").to_owned(),
            args: args.filter_map(|(name, value)| Some((name.clone(), Value::as_str(value)?.to_owned()))).collect(),
            detail: row.last_error?,
            given_up: match (trouble, row.given_up_by, row.given_up_at, row.given_up_why) {
                (Trouble::GivenUp, Some(by), Some(at), Some(why)) => Some(GivenUp { by, at: at.into(), why }),
                _ => None,
            },
            trouble,
        })
    }
}

/// Which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// Only those that stand so.
    pub trouble: Option<Trouble>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only those left after this one.
    pub after: Option<JobId>,
}

fn select(which: &Which) -> Select<job::Entity> {
    let mut find = job::Entity::find().filter(job::Column::LastError.is_not_null());
    if let Some(trouble) = which.trouble {
        find = find.filter(job::Column::State.eq(trouble.state()));
    }
    if let Some(kind) = &which.kind {
        find = find.filter(job::Column::Kind.eq(kind.as_str()));
    }
    if let Some(after) = which.after {
        find = find.filter(job::Column::Id.gt(after.as_uuid()));
    }
    find.order_by_asc(job::Column::Id)
}

/// Jobs in trouble, the one left first comes first.
///
/// # Errors
/// When the database fails.
pub async fn jobs_in_trouble(store: &Store, which: &Which, limit: u64) -> Result<Vec<TroubledJob>, StoreError> {
    Ok(select(which).limit(limit).all(store.read()).await?.into_iter().filter_map(TroubledJob::read).collect())
}

/// One of them; `None` when it is done, or never failed.
///
/// # Errors
/// When the database fails.
pub async fn job_in_trouble(store: &Store, id: JobId) -> Result<Option<TroubledJob>, StoreError> {
    let row = select(&Which::default()).filter(job::Column::Id.eq(id.as_uuid())).one(store.read()).await?;
    Ok(row.and_then(TroubledJob::read))
}

/// How many jobs failed for good and wait for somebody.
///
/// # Errors
/// When the database fails.
pub async fn failed_jobs(store: &Store) -> Result<u64, StoreError> {
    Ok(job::Entity::find().filter(job::Column::State.eq(FAILED)).count(store.read()).await?)
}

/// How many jobs of a kind stand so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroubleCount {
    /// Kind.
    pub kind: String,
    /// How they stand.
    pub trouble: Trouble,
    /// How many.
    pub jobs: u64,
}

/// Jobs in trouble by kind.
///
/// # Errors
/// When the database fails.
pub async fn trouble_by_kind(store: &Store) -> Result<Vec<TroubleCount>, StoreError> {
    let rows: Vec<(String, String, i64)> = job::Entity::find()
        .select_only()
        .column(job::Column::Kind)
        .column(job::Column::State)
        .column_as(job::Column::Id.count(), "jobs")
        .filter(job::Column::LastError.is_not_null())
        .group_by(job::Column::Kind)
        .group_by(job::Column::State)
        .order_by_asc(job::Column::Kind)
        .into_tuple()
        .all(store.read())
        .await?;
    let count = |(kind, state, jobs): (String, String, i64)| {
        let trouble = Trouble::ALL.into_iter().find(|trouble| trouble.state() == state)?;
        Some(TroubleCount { kind, trouble, jobs: jobs.unsigned_abs() })
    };
    Ok(rows.into_iter().filter_map(count).collect())
}

/// What there is to do of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Kind.
    pub kind: String,
    /// Somebody works on them.
    pub running: u64,
    /// Due, and nobody works on them yet.
    pub queued: u64,
    /// Timers and later tries whose time has not come.
    pub coming: u64,
    /// Since when the one waits that has been due longest.
    pub oldest: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct QueueRow {
    kind: String,
    running: i64,
    queued: i64,
    coming: i64,
    oldest: Option<i64>,
}

/// What there is to do, by kind.
///
/// # Errors
/// When the database fails.
pub async fn queues(store: &Store) -> Result<Vec<Queue>, StoreError> {
    const COUNT: &str = "SELECT kind, COUNT(lease) AS running, \
         COUNT(CASE WHEN lease IS NULL AND run_at <= $1 THEN 1 END) AS queued, \
         COUNT(CASE WHEN lease IS NULL AND run_at > $1 THEN 1 END) AS coming, \
         MIN(CASE WHEN lease IS NULL AND run_at <= $1 THEN run_at END) AS oldest \
         FROM job WHERE state = 'waiting' GROUP BY kind ORDER BY kind";
    let count = Statement::from_sql_and_values(store.backend(), COUNT, [Moment::from(store.now()).0.into()]);
    let rows = QueueRow::find_by_statement(count).all(store.read()).await?;
    Ok(rows
        .into_iter()
        .map(|row| Queue {
            kind: row.kind,
            running: row.running.unsigned_abs(),
            queued: row.queued.unsigned_abs(),
            coming: row.coming.unsigned_abs(),
            oldest: row.oldest.map(|at| Moment(at).into()),
        })
        .collect())
}

impl Tx {
    /// A job in trouble, its row locked; `None` when it is done, or never failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_in_trouble(&mut self, id: JobId) -> Result<Option<TroubledJob>, StoreError> {
        let row = select(&Which::default()).filter(job::Column::Id.eq(id.as_uuid())).lock_exclusive().one(self.conn()).await?;
        Ok(row.and_then(TroubledJob::read))
    }

    /// Jobs of a kind that failed or are failing and that nobody works on, their rows locked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs_in_trouble(&mut self, kind: &str, limit: u64) -> Result<Vec<TroubledJob>, StoreError> {
        let rows = select(&Which { kind: Some(kind.to_owned()), ..Which::default() })
            .filter(job::Column::State.is_in([FAILED, WAITING]))
            .filter(job::Column::Lease.is_null())
            .filter(job::Column::State.eq(FAILED).or(job::Column::RunAt.gt(Moment::from(self.now()))))
            .limit(limit)
            .lock_exclusive()
            .all(self.conn())
            .await?;
        Ok(rows.into_iter().filter_map(TroubledJob::read).collect())
    }

    /// Lets jobs that nobody works on be tried at once and as often as new ones.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_try_again(&mut self, ids: &[JobId]) -> Result<(), StoreError> {
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(WAITING))
            .col_expr(job::Column::Attempts, Expr::value(0_i32))
            .col_expr(job::Column::RunAt, Expr::value(Moment::from(self.now()).0))
            .filter(job::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
            .filter(job::Column::Lease.is_null())
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Gives a job up that nobody works on: it is kept, and not tried any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up_job(&mut self, id: JobId, by: Uuid, why: Vec<u8>) -> Result<(), StoreError> {
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(GIVEN_UP))
            .col_expr(job::Column::GivenUpBy, Expr::value(by))
            .col_expr(job::Column::GivenUpAt, Expr::value(Moment::from(self.now()).0))
            .col_expr(job::Column::GivenUpWhy, Expr::value(why))
            .filter(job::Column::Id.eq(id.as_uuid()))
            .filter(job::Column::Lease.is_null())
            .exec(self.conn())
            .await?;
        Ok(())
    }
}
