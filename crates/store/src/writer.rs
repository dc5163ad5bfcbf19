//! Group commit on SQLite: one task owns the write connection. It opens a transaction, runs every command that waits, each
//! in its own savepoint, commits once (one fsync), and only then answers. Commands that arrive meanwhile form the next group.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
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
/// Runs one command in its savepoint, or tells its caller why there is none.
type Run = Box<dyn FnOnce(Arc<Shared>, Result<DatabaseTransaction, StoreError>) -> BoxFuture<'static, Settle> + Send>;

pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Run>>>,
    task: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(shared: Arc<Shared>, connection: DatabaseConnection) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(serve(shared, connection, waiting));
        Self { queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)) }
    }

    pub(crate) async fn write<T, E, F>(&self, command: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T, E>>();
        let run: Run = Box::new(move |shared, savepoint| {
            Box::pin(async move {
                let outcome = match savepoint {
                    Ok(savepoint) => run_command(&shared, savepoint, command).await,
                    Err(error) => Err(E::from(error)),
                };
                let settle: Settle = Box::new(move |committed| {
                    let result = match (outcome, committed) {
                        (Ok(value), Ok(())) => Ok(value),
                        (Ok(_), Err(error)) => Err(E::from(error)),
                        (Err(refusal), _) => Err(refusal),
                    };
                    // The caller may have gone away (a closed browser tab); what was committed stays committed.
                    drop(answer.send(result));
                });
                settle
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

async fn serve(shared: Arc<Shared>, connection: DatabaseConnection, mut waiting: mpsc::Receiver<Run>) {
    let immediate =
        || TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
    while let Some(first) = waiting.recv().await {
        let transaction = match connection.begin_with_options(immediate()).await {
            Ok(transaction) => transaction,
            Err(error) => {
                tracing::error!(%error, "no transaction");
                first(Arc::clone(&shared), Err(StoreError::from(error))).await(Ok(()));
                continue;
            }
        };
        let mut settles: Vec<Settle> = Vec::new();
        let mut next = Some(first);
        while let Some(run) = next {
            let savepoint = transaction.begin().await.map_err(StoreError::from);
            settles.push(run(Arc::clone(&shared), savepoint).await);
            if settles.len() >= GROUP {
                break;
            }
            // Lets callers whose requests are being parsed join this group.
            tokio::task::yield_now().await;
            next = waiting.try_recv().ok();
        }
        let committed = transaction.commit().await;
        if let Err(error) = &committed {
            tracing::error!(%error, commands = settles.len(), "commit failed; nothing of the group was kept");
        }
        for settle in settles {
            settle(match &committed {
                Ok(()) => Ok(()),
                Err(error) => Err(StoreError::Database(sea_orm::DbErr::Custom(error.to_string()))),
            });
        }
        shared.changes.send_modify(|ticks| *ticks += 1);
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the write connection");
    }
}
