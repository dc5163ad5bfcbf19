//! Runs jobs: wakes when this process commits something, when the next timer is due, and now and then to see what other
//! replicas left. A job that fails is tried again with growing pauses and then put aside with its error.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use banhao_kernel::Timestamp;
use futures_util::future::BoxFuture;
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use crate::{
    error::StoreError,
    job_error::JobError,
    jobs::{self, Job, Lost},
    presence::Presence,
    store::Store,
    tx::without_panic,
};

type Handler = Arc<dyn Fn(Store, Job) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// Jobs worked on at once unless said otherwise.
const AT_ONCE: usize = 4;
/// How often to look for work that other replicas left.
const POLL: Duration = Duration::from_millis(500);
/// How often to look whether a replica died with jobs in hand.
const LOOK: Duration = Duration::from_secs(1);
/// Tries before a job is put aside.
const TRIES: i32 = 12;
/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(600);

/// Runs the jobs it has handlers for.
pub struct Runner {
    store: Store,
    handlers: HashMap<&'static str, Handler>,
    at_once: usize,
    /// What this runner may still seem to have in hand and has not, because the database did not answer: to be let go of.
    lost: Mutex<Vec<Lost>>,
    presence: Presence,
}

/// A running runner; [`RunnerHandle::stop`] lets jobs in hand finish.
pub struct RunnerHandle {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl RunnerHandle {
    /// Takes no more jobs, waits for those in hand.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the runner broke off");
        }
    }
}

impl Runner {
    /// A runner without handlers.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, handlers: HashMap::new(), at_once: AT_ONCE, lost: Mutex::default(), presence: Presence::default() }
    }

    /// Works on up to so many jobs at once (otherwise four).
    #[must_use]
    pub fn at_once(mut self, jobs: usize) -> Self {
        self.at_once = jobs.max(1);
        self
    }

    /// Handles jobs of one kind. The handler ends its job with [`crate::Tx::finish`] in the transaction of its effect; one that
    /// returns without doing so has its job removed afterwards (at least once).
    #[must_use]
    pub fn on<F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Store, Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.handlers.insert(kind, Arc::new(move |store, job| Box::pin(handler(store, job))));
        self
    }

    /// Works until stopped, or until the store shuts down.
    #[must_use]
    pub fn start(self) -> RunnerHandle {
        let (stop, stopped) = watch::channel(false);
        let closing = self.store.closing();
        let task = tokio::spawn(self.serve(stopped, closing));
        RunnerHandle { stop, task }
    }

    async fn serve(self, mut stopped: watch::Receiver<bool>, mut closing: watch::Receiver<bool>) {
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        let mut changes = self.store.changes();
        let mut working = JoinSet::new();
        let mut looked: Option<Instant> = None;
        while !*stopped.borrow() && !*closing.borrow() {
            changes.mark_unchanged();
            // Also with full hands: it is how this runner goes on being seen to live when the server was away.
            if looked.is_none_or(|at| at.elapsed() >= LOOK) {
                if let Err(error) = self.take_from_the_dead().await {
                    tracing::warn!(%error, "cannot see whether other runners live");
                }
                looked = Some(Instant::now());
            }
            let free = self.at_once - working.len();
            let mut pause = POLL;
            if free > 0 {
                match self.take(&kinds, free).await {
                    Ok(jobs) if jobs.is_empty() => pause = self.pause(&kinds).await,
                    Ok(jobs) => {
                        self.begin(jobs, &mut working);
                        continue;
                    }
                    Err(StoreError::Closed) => break,
                    Err(error) => tracing::warn!(%error, "jobs could not be taken"),
                }
            }
            tokio::select! {
                () = raised(&mut stopped) => {}
                () = raised(&mut closing) => {}
                Some(done) = working.join_next() => self.ended(done),
                _ = changes.changed(), if free > 0 => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        while let Some(done) = working.join_next().await {
            self.ended(done);
        }
        self.presence.leave().await;
    }

    fn begin(&self, jobs: Vec<Job>, working: &mut JoinSet<Option<Lost>>) {
        for job in jobs {
            if let Some(handler) = self.handlers.get(job.kind.as_str()) {
                working.spawn(work(self.store.clone(), Arc::clone(handler), job));
            }
        }
    }

    /// How long nothing will be due, at most [`POLL`].
    async fn pause(&self, kinds: &[&'static str]) -> Duration {
        match jobs::next_due(&self.store, kinds).await {
            Ok(Some(due)) => {
                let micros = due.as_microsecond().saturating_sub(self.store.now().as_microsecond()).max(1_000);
                Duration::from_micros(u64::try_from(micros).unwrap_or(1_000)).min(POLL)
            }
            _ => POLL,
        }
    }

    /// Does everything that is due now, once. Tests with a standing clock call it instead of [`Runner::start`]. Gives whether
    /// there was anything.
    ///
    /// # Errors
    /// When jobs cannot be taken; failures of jobs are kept with the jobs.
    pub async fn run_due(&self) -> Result<bool, StoreError> {
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        self.take_from_the_dead().await?;
        let mut any = false;
        while self.round(&kinds).await? {
            any = true;
        }
        Ok(any)
    }

    async fn take(&self, kinds: &[&'static str], limit: usize) -> Result<Vec<Job>, StoreError> {
        // Looking costs a read; only then is the writer asked.
        match jobs::next_due(&self.store, kinds).await? {
            Some(due) if due <= self.store.now() => {
                let runner = self.presence.number(&self.store).await?;
                let mut lease = [0_u8; 16];
                self.store.entropy().fill(&mut lease);
                let lease = Uuid::from_bytes(lease);
                let claimed = jobs::claim(&self.store, kinds, limit as u64, runner, lease).await;
                if claimed.is_err() {
                    // The claim may have been kept all the same.
                    self.lost().push(Lost { lease, job: None });
                }
                claimed
            }
            _ => Ok(Vec::new()),
        }
    }

    fn lost(&self) -> std::sync::MutexGuard<'_, Vec<Lost>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, done: Result<Option<Lost>, tokio::task::JoinError>) {
        match done {
            Ok(lost) => self.lost().extend(lost),
            Err(error) => tracing::error!(%error, "a job broke off; it will be tried again when this runner has ended"),
        }
    }

    /// Lets go of what is not in hand any more, and takes over what the dead had.
    async fn take_from_the_dead(&self) -> Result<(), StoreError> {
        loop {
            let Some(lost) = self.lost().last().copied() else { break };
            jobs::let_go(&self.store, lost).await?;
            self.lost().retain(|other| *other != lost);
        }
        let jobs = jobs::take_from_the_dead(&self.store, &self.presence).await?;
        if jobs > 0 {
            tracing::info!(jobs, "took over what a runner that ended had in hand");
        }
        Ok(())
    }

    async fn round(&self, kinds: &[&'static str]) -> Result<bool, StoreError> {
        let mut working = JoinSet::new();
        self.begin(self.take(kinds, self.at_once).await?, &mut working);
        let any = !working.is_empty();
        while let Some(done) = working.join_next().await {
            self.ended(done);
        }
        Ok(any)
    }
}

/// Waits until a flag is raised. Nobody can raise one any more whose handle was let go: the work goes on then.
pub(crate) async fn raised(flag: &mut watch::Receiver<bool>) {
    if flag.wait_for(|raised| *raised).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Works on a job. Gives it back when its end could not be written.
async fn work(store: Store, handler: Handler, job: Job) -> Option<Lost> {
    let outcome = if job.attempt > TRIES {
        // Not one of its tries came to an end, not even to a bad one.
        Err(JobError::killed())
    } else {
        let (store, job) = (store.clone(), job.clone());
        without_panic(async move { handler(store, job).await }).await.unwrap_or_else(|panic| Err(JobError::broke_off(&panic)))
    };
    let ended = match outcome {
        Ok(()) => end(&store, &job).await,
        Err(error) => {
            let again = (job.attempt < TRIES).then(|| later(store.now(), job.attempt));
            tracing::warn!(kind = job.kind, id = %job.id, attempt = job.attempt, %error, "job failed");
            jobs::put_back(&store, &job, error, again).await
        }
    };
    let error = ended.err()?;
    tracing::warn!(kind = job.kind, id = %job.id, %error, "a job's end could not be written; it will be tried again");
    Some(Lost { lease: job.lease, job: Some(job.id.as_uuid()) })
}

/// Removes a job whose handler did not do so itself.
async fn end(store: &Store, job: &Job) -> Result<(), StoreError> {
    let job = job.clone();
    match store.write(move |tx| Box::pin(async move { tx.finish(&job).await })).await {
        Err(StoreError::LostClaim) => Ok(()),
        other => other,
    }
}

/// One second, then twice as long each time, up to [`LONGEST`]: half an hour passes before a job is put aside.
fn later(now: Timestamp, attempt: i32) -> Timestamp {
    now + Duration::from_secs(1 << attempt.clamp(1, TRIES).unsigned_abs().saturating_sub(1)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let now = Timestamp::from_microsecond(0).expect("the epoch");
        let pauses: Vec<i64> = (-1..=TRIES).map(|attempt| later(now, attempt).as_second()).collect();
        assert_eq!(pauses, [1, 1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    }
}
