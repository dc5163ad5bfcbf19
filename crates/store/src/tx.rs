//! The unit of work: the only way to write. It collects facts and jobs and writes each in one multi-row statement just
//! before the commit, on PostgreSQL both and what else was left for then in one round trip.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use banhao_kernel::{
    Timestamp,
    clock::Clock,
    entropy::Entropy,
    ids::{FactId, JobId},
};
use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait};
use uuid::Uuid;

use crate::{
    error::StoreError,
    facts::{self, NewFact},
    jobs::{self, Job, NewJob},
    later::{self, Change},
    moment::Moment,
    numbers,
    store::Shared,
    tables::job,
    vault::Vault,
};

/// One command's transaction.
pub struct Tx {
    shared: Arc<Shared>,
    transaction: DatabaseTransaction,
    now: Timestamp,
    facts: Vec<(FactId, NewFact)>,
    jobs: Vec<(JobId, NewJob)>,
    later: Vec<Change>,
}

impl Tx {
    /// The connection to read and write rows with.
    #[must_use]
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The instant of the command; the same for everything it writes.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The clock, for new identifiers.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.shared.clock.as_ref()
    }

    /// Randomness.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.shared.entropy.as_ref()
    }

    /// Seals personal data.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.shared.vault
    }

    /// States a fact: it goes into the ledger with this transaction or not at all.
    pub fn state(&mut self, fact: NewFact) -> FactId {
        let id = FactId::generate(self.clock(), self.entropy());
        self.facts.push((id, fact));
        id
    }

    /// Leaves a change of rows to be made just before the commit, together with facts and jobs. What the command reads in between
    /// does not see it, and it gives nothing back; in return it costs no round trip of its own on PostgreSQL. Changes made later
    /// come in any order there: no two of them may be of the same row.
    pub fn later(&mut self, change: impl Into<Change>) {
        self.later.push(change.into());
    }

    /// Leaves work to be done after the commit, at once or at a later instant (a timer).
    pub fn enqueue(&mut self, job: NewJob) -> JobId {
        let id = JobId::generate(self.clock(), self.entropy());
        self.jobs.push((id, job));
        id
    }

    /// Takes back jobs of one kind about one subject that have not been done. Gives their number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel_jobs(&mut self, subject: Uuid, kind: &str) -> Result<u64, StoreError> {
        self.cancel(subject, kind, false).await
    }

    /// The same for those whose time has not come. What is late already stays: it has happened, though nobody has noted it yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel_coming_jobs(&mut self, subject: Uuid, kind: &str) -> Result<u64, StoreError> {
        self.cancel(subject, kind, true).await
    }

    async fn cancel(&mut self, subject: Uuid, kind: &str, coming: bool) -> Result<u64, StoreError> {
        use sea_orm::{ColumnTrait, QueryFilter};
        let (before, now) = (self.jobs.len(), self.now);
        self.jobs.retain(|(_, job)| job.subject != subject || job.kind != kind || (coming && job.run_at.is_none_or(|at| at <= now)));
        let unwritten = (before - self.jobs.len()) as u64;
        let mut gone = job::Entity::delete_many()
            .filter(job::Column::Subject.eq(subject))
            .filter(job::Column::Kind.eq(kind))
            .filter(job::Column::State.eq(jobs::WAITING));
        if coming {
            gone = gone.filter(job::Column::RunAt.gt(Moment::from(now)));
        }
        Ok(gone.exec(&self.transaction).await?.rows_affected + unwritten)
    }

    /// Marks a job done inside this transaction, so that its effect happens exactly once.
    ///
    /// # Errors
    /// [`StoreError::LostClaim`] when another runner has taken the job over or it was taken back.
    pub async fn finish(&mut self, job: &Job) -> Result<(), StoreError> {
        use sea_orm::{ColumnTrait, QueryFilter};
        let done = job::Entity::delete_many()
            .filter(job::Column::Id.eq(job.id.as_uuid()))
            .filter(job::Column::Lease.eq(job.lease))
            .exec(&self.transaction)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::LostClaim) }
    }

    /// The next number of a series, starting at 1, without gaps: a command that fails gives its number back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_serial(&mut self, scope: &str) -> Result<i64, StoreError> {
        numbers::take(&self.transaction, scope, 1).await
    }

    /// The next number of a busy series, starting at 1: unlike [`Tx::next_serial`] nobody waits until this command has been
    /// committed, and a command that fails afterwards leaves its number out (on PostgreSQL; SQLite has one command at a time and
    /// gives it back). A series uses one of the two, always.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_number(&mut self, scope: &str) -> Result<i64, StoreError> {
        match &self.shared.numbers {
            Some(numbers) => numbers.next(scope).await,
            None => numbers::take(&self.transaction, scope, 1).await,
        }
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        let (now, facts, jobs) = (Moment::from(self.now), std::mem::take(&mut self.facts), std::mem::take(&mut self.jobs));
        let mut changes = std::mem::take(&mut self.later);
        if !facts.is_empty() {
            changes.push(facts::insertion(now, facts)?.into());
        }
        if !jobs.is_empty() {
            changes.push(jobs::insertion(now, jobs)?.into());
        }
        if changes.is_empty() {
            // A command may have gone on after a statement failed. PostgreSQL has then given the transaction up, and answers its
            // COMMIT with a rollback and without an error; any statement brings the error out. (SQLite undoes only the statement.)
            if self.transaction.get_database_backend() == DbBackend::Postgres {
                self.transaction.execute_unprepared("SELECT 1").await?;
            }
            return Ok(());
        }
        later::make(&self.transaction, changes).await
    }
}

/// How long a command may take: on SQLite everybody waits for it.
const LIMIT: Duration = Duration::from_secs(120);

tokio::task_local! {
    /// Set while a command runs: one that started another and waited for it would wait for ever.
    static IN_COMMAND: ();
}

/// Whether the caller is itself a command.
pub(crate) fn in_command() -> bool {
    IN_COMMAND.try_with(|()| ()).is_ok()
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Runs a future; a panic in it becomes its words.
pub(crate) async fn without_panic<T>(work: impl Future<Output = T>) -> Result<T, String> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| words_of(panic.as_ref()))
}

/// Runs a command up to the end of its transaction (or savepoint), which is given back: to be committed when the command succeeded,
/// rolled back after a refusal, a failure or a panic.
pub(crate) async fn run_command<T, E, F>(
    shared: &Arc<Shared>,
    transaction: DatabaseTransaction,
    command: F,
) -> (Result<T, E>, DatabaseTransaction)
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let now = shared.clock.now();
    let mut tx = Tx { shared: Arc::clone(shared), transaction, now, facts: Vec::new(), jobs: Vec::new(), later: Vec::new() };
    let work = IN_COMMAND.scope((), without_panic(async { command(&mut tx).await }));
    let outcome = tokio::time::timeout(LIMIT, work).await;
    let outcome = match outcome {
        Ok(Ok(Ok(value))) => tx.flush().await.map(|()| value).map_err(E::from),
        Ok(Ok(Err(refusal))) => Err(refusal),
        Ok(Err(panic)) => {
            tracing::error!(panic, "a command panicked; rolled back");
            Err(E::from(StoreError::BrokeOff(panic)))
        }
        Err(_elapsed) => {
            tracing::error!(limit = ?LIMIT, "a command took too long; rolled back");
            Err(E::from(StoreError::BrokeOff(format!("took longer than {} seconds", LIMIT.as_secs()))))
        }
    };
    (outcome, tx.transaction)
}
