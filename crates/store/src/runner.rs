//! Runs jobs: wakes when this process commits something, when the next timer is due, and now and then to see what other
//! replicas left. A job that fails is tried again with growing pauses and then put aside with its error.

use std::{collections::HashMap, sync::Arc, time::Duration};

use banhao_kernel::Timestamp;
use futures_util::future::BoxFuture;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    error::StoreError,
    jobs::{self, Job},
    store::Store,
    tx::without_panic,
};

/// Why a job failed, in words for the administrator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JobError(pub String);

impl JobError {
    /// From any error.
    pub fn from_error(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        Self(text)
    }
}

type Handler = Arc<dyn Fn(Store, Job) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// Jobs worked on at once unless said otherwise.
const AT_ONCE: usize = 4;
/// How often to look for work that other replicas left.
const POLL: Duration = Duration::from_millis(500);
/// Tries before a job is put aside.
const TRIES: i32 = 8;

/// Runs the jobs it has handlers for.
pub struct Runner {
    store: Store,
    handlers: HashMap<&'static str, Handler>,
    at_once: usize,
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
        Self { store, handlers: HashMap::new(), at_once: AT_ONCE }
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
        while !*stopped.borrow() && !*closing.borrow() {
            changes.mark_unchanged();
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
                Some(done) = working.join_next() => tell(done),
                _ = changes.changed(), if free > 0 => {}
                () = tokio::time::sleep(pause), if free > 0 => {}
            }
        }
        while let Some(done) = working.join_next().await {
            tell(done);
        }
    }

    fn begin(&self, jobs: Vec<Job>, working: &mut JoinSet<()>) {
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
        let mut any = false;
        while self.round(&kinds).await? {
            any = true;
        }
        Ok(any)
    }

    async fn take(&self, kinds: &[&'static str], limit: usize) -> Result<Vec<Job>, StoreError> {
        // Looking costs a read; only then is the writer asked.
        match jobs::next_due(&self.store, kinds).await? {
            Some(due) if due <= self.store.now() => jobs::claim(&self.store, kinds, limit as u64).await,
            _ => Ok(Vec::new()),
        }
    }

    async fn round(&self, kinds: &[&'static str]) -> Result<bool, StoreError> {
        let mut working = JoinSet::new();
        self.begin(self.take(kinds, self.at_once).await?, &mut working);
        let any = !working.is_empty();
        while let Some(done) = working.join_next().await {
            tell(done);
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

fn tell(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "a job broke off; it will be tried again when its lease is over");
    }
}

async fn work(store: Store, handler: Handler, job: Job) {
    let outcome = if job.attempt > TRIES {
        // Not one of its tries came to an end, not even to a bad one.
        Err(JobError("each time the program ended in the middle of it".to_owned()))
    } else {
        let (store, job) = (store.clone(), job.clone());
        without_panic(async move { handler(store, job).await }).await.unwrap_or_else(|panic| Err(JobError(format!("broke off: {panic}"))))
    };
    let ended = match outcome {
        Ok(()) => end(&store, &job).await,
        Err(error) => {
            let again = (job.attempt < TRIES).then(|| later(store.now(), job.attempt));
            tracing::warn!(kind = job.kind, id = %job.id, attempt = job.attempt, %error, "job failed");
            jobs::put_back(&store, &job, error.to_string(), again).await
        }
    };
    if let Err(error) = ended {
        tracing::warn!(kind = job.kind, id = %job.id, %error, "a job's end could not be written; it will be tried again");
    }
}

/// Removes a job whose handler did not do so itself.
async fn end(store: &Store, job: &Job) -> Result<(), StoreError> {
    let job = job.clone();
    match store.write(move |tx| Box::pin(async move { tx.finish(&job).await })).await {
        Err(StoreError::LostClaim) => Ok(()),
        other => other,
    }
}

/// One second, then twice as long each time.
fn later(now: Timestamp, attempt: i32) -> Timestamp {
    let seconds = 1_i64 << attempt.clamp(1, 12).unsigned_abs().saturating_sub(1);
    now + Duration::from_secs(seconds.unsigned_abs())
}
