//! Group commit on SQLite: one task owns the write connection. It opens a transaction, runs every command that waits, each
//! in its own savepoint, commits once (one fsync), and only then answers. Commands that arrive meanwhile form the next group.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::StoreError,
    store::Shared,
    tx::{Tx, run_command},
};

/// Most commands in one commit: bounds how long the first of them waits.
const GROUP: usize = 64;
/// Commands that may wait before callers have to.
const QUEUE: usize = 1024;

/// Tells the caller how it went, once the group's fate is known.
type Settle = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A command that was run, or could not be.
struct Ran {
    settle: Settle,
    sane: bool,
}

/// A waiting command. It is given its savepoint, or why there is none.
type Run = Box<dyn FnOnce(Result<DatabaseTransaction, StoreError>) -> BoxFuture<'static, Ran> + Send>;

pub(crate) struct Writer {
    shared: Arc<Shared>,
    queue: Mutex<Option<mpsc::Sender<Run>>>,
    task: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Writer {
    pub(crate) async fn start(shared: Arc<Shared>, options: ConnectOptions) -> Result<Self, StoreError> {
        let connection = Database::connect(options.clone()).await?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(serve(Arc::clone(&shared), Line { options, connection: Some(connection) }, waiting));
        Ok(Self { shared, queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)) })
    }

    pub(crate) async fn write<T, E, F>(&self, command: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T, E>>();
        let shared = Arc::clone(&self.shared);
        let run: Run = Box::new(move |savepoint| {
            Box::pin(async move {
                let ended = match savepoint {
                    Ok(savepoint) => {
                        let (outcome, savepoint) = run_command(&shared, savepoint, command).await;
                        end(outcome, savepoint).await
                    }
                    Err(error) => Ended { result: Err(E::from(error)), sane: false },
                };
                let sane = ended.sane;
                let settle: Settle = Box::new(move |committed| {
                    let result = match (ended.result, committed) {
                        (Ok(value), Ok(())) => Ok(value),
                        (Ok(_), Err(error)) => Err(E::from(error)),
                        (Err(refusal), _) => Err(refusal),
                    };
                    // The caller may have gone away (a closed browser tab); what was committed stays committed.
                    drop(answer.send(result));
                });
                Ran { settle, sane }
            })
        });
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(queue) = queue else { return Err(E::from(StoreError::Closed)) };
        queue.send(run).await.map_err(|_| E::from(StoreError::Closed))?;
        drop(queue);
        answered.await.map_err(|_| E::from(StoreError::Closed))?
    }

    pub(crate) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer broke off");
        }
    }
}

/// How a command ended.
struct Ended<T, E> {
    result: Result<T, E>,
    /// Whether the connection is in the state the driver believes. Not so when a rollback fails: SQLite gives a whole
    /// transaction up by itself when the disk is full, for example.
    sane: bool,
}

/// Ends the savepoint of a command.
async fn end<T, E: From<StoreError>>(outcome: Result<T, E>, savepoint: DatabaseTransaction) -> Ended<T, E> {
    match outcome {
        Ok(value) => match savepoint.commit().await {
            Ok(()) => Ended { result: Ok(value), sane: true },
            Err(error) => Ended { result: Err(E::from(StoreError::from(error))), sane: false },
        },
        Err(refusal) => {
            let rolled_back = savepoint.rollback().await;
            if let Err(error) = &rolled_back {
                tracing::error!(%error, "rollback failed");
            }
            Ended { result: Err(refusal), sane: rolled_back.is_ok() }
        }
    }
}

/// The write connection. One whose state is in doubt is given up and another opened.
struct Line {
    options: ConnectOptions,
    connection: Option<DatabaseConnection>,
}

impl Line {
    async fn begin(&mut self) -> Result<DatabaseTransaction, DbErr> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => Database::connect(self.options.clone()).await?,
        };
        let immediate =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        let transaction = connection.begin_with_options(immediate).await;
        self.connection = Some(connection);
        transaction
    }

    /// Closing rolls back whatever may still be open.
    async fn give_up(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the write connection");
        }
    }
}

async fn serve(shared: Arc<Shared>, mut line: Line, mut waiting: mpsc::Receiver<Run>) {
    while let Some(first) = waiting.recv().await {
        let transaction = match line.begin().await {
            Ok(transaction) => transaction,
            Err(error) => {
                tracing::error!(%error, "no transaction");
                (first(Err(error.into())).await.settle)(Ok(()));
                line.give_up().await;
                continue;
            }
        };
        let mut settles: Vec<Settle> = Vec::new();
        let mut next = Some(first);
        let mut sane = true;
        while let Some(run) = next {
            let ran = run(transaction.begin().await.map_err(StoreError::from)).await;
            settles.push(ran.settle);
            sane = ran.sane;
            // After a failed rollback there may be no transaction any more: nothing further must run on this connection.
            if !sane || settles.len() >= GROUP {
                break;
            }
            // Lets callers whose requests are being parsed join this group.
            tokio::task::yield_now().await;
            next = waiting.try_recv().ok();
        }
        let committed = if sane {
            transaction.commit().await
        } else {
            drop(transaction);
            Err(DbErr::Custom("the database gave the transaction up".to_owned()))
        };
        if let Err(error) = &committed {
            tracing::error!(%error, commands = settles.len(), "no commit; nothing of the group was kept");
            line.give_up().await;
        }
        for settle in settles {
            settle(committed.clone().map_err(StoreError::from));
        }
        if committed.is_ok() {
            shared.changes.send_modify(|ticks| *ticks += 1);
        }
    }
    line.give_up().await;
}
