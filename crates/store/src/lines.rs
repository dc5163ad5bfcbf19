//! Writing on PostgreSQL: connections that carry one command after the other. The one used last is used next, and while commands
//! follow each other it ends each transaction with `COMMIT AND CHAIN`, which begins the following one in the same round trip. A pool
//! would ask for three more of every command: the beginning, and whether the connection still lives when it is given back.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use tokio::sync::Semaphore;
use tracing::Instrument;

use crate::{
    error::StoreError,
    store::Shared,
    tx::{Tx, run_command},
};

/// How long a transaction begun for the next command waits for one. It has seen and locked nothing, so nobody waits for it.
const IDLE: Duration = Duration::from_millis(200);

/// A connection, and the transaction begun on it for the next command, if any.
struct Line {
    connection: DatabaseConnection,
    transaction: Option<DatabaseTransaction>,
    used: Instant,
}

/// The connections for writing.
pub(crate) struct Lines {
    shared: Arc<Shared>,
    options: Arc<ConnectOptions>,
    /// Bounds the commands under way, and with them the connections. Closed when the store is.
    permits: Arc<Semaphore>,
    most: u32,
    /// The one used last is at the end.
    idle: Arc<Mutex<Vec<Line>>>,
}

impl Lines {
    /// Opens the first of at most `most` connections.
    pub(crate) async fn open(shared: Arc<Shared>, mut options: ConnectOptions, most: u32) -> Result<Self, StoreError> {
        options.max_connections(1).min_connections(1);
        let first = Line { connection: Database::connect(options.clone()).await?, transaction: None, used: Instant::now() };
        let idle = Arc::new(Mutex::new(vec![first]));
        tokio::spawn(rest(Arc::downgrade(&idle)));
        Ok(Self { shared, options: Arc::new(options), permits: Arc::new(Semaphore::new(most as usize)), most, idle })
    }

    pub(crate) async fn write<T, E, F>(&self, command: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| E::from(StoreError::Closed))?;
        let (shared, idle, options) = (Arc::clone(&self.shared), Arc::clone(&self.idle), Arc::clone(&self.options));
        // A task of its own: a caller that goes away (a closed browser tab) leaves no connection in the middle of a statement.
        let work = async move {
            let line = take(&idle);
            let (result, line) = match begin(line, &options).await {
                Ok((connection, transaction)) => carry(&shared, connection, transaction, command).await,
                Err(error) => (Err(E::from(error.into())), None),
            };
            if let Some(line) = line {
                give_back(&idle, line);
            }
            drop(permit);
            result
        };
        tokio::spawn(work.in_current_span()).await.map_err(|error| E::from(StoreError::BrokeOff(error.to_string())))?
    }

    /// Lets the commands under way end and closes the connections.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        let all = self.permits.acquire_many(self.most).await;
        self.permits.close();
        drop(all);
        let lines = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for line in lines {
            drop(line.transaction);
            line.connection.close().await?;
        }
        Ok(())
    }
}

fn take(idle: &Mutex<Vec<Line>>) -> Option<Line> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn give_back(idle: &Mutex<Vec<Line>>, line: Line) {
    idle.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

/// The transaction of the next command: the one begun already or a new one, on a new connection when the old one is gone (the server
/// was started again, for example; nothing has happened on it yet, so beginning once more is safe).
async fn begin(line: Option<Line>, options: &ConnectOptions) -> Result<(DatabaseConnection, DatabaseTransaction), DbErr> {
    if let Some(line) = line {
        if let Some(transaction) = line.transaction {
            return Ok((line.connection, transaction));
        }
        match line.connection.begin().await {
            Ok(transaction) => return Ok((line.connection, transaction)),
            Err(error) => tracing::info!(%error, "a connection for writing is gone; another is opened"),
        }
    }
    let connection = Database::connect(options.clone()).await?;
    let transaction = connection.begin().await?;
    Ok((connection, transaction))
}

/// Runs a command and ends its transaction. Gives the line back unless its state is in doubt.
async fn carry<T, E, F>(
    shared: &Arc<Shared>,
    connection: DatabaseConnection,
    transaction: DatabaseTransaction,
    command: F,
) -> (Result<T, E>, Option<Line>)
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (outcome, transaction) = run_command(shared, transaction, command).await;
    let how = if outcome.is_ok() { "COMMIT AND CHAIN" } else { "ROLLBACK AND CHAIN" };
    let ended = transaction.execute_unprepared(how).await;
    let line = ended.is_ok().then(|| Line { connection, transaction: Some(transaction), used: Instant::now() });
    let result = match (outcome, ended) {
        (Ok(value), Ok(_)) => {
            shared.changes.send_modify(|ticks| *ticks += 1);
            Ok(value)
        }
        (Ok(_), Err(error)) => Err(E::from(StoreError::from(error))),
        (Err(refusal), Ok(_)) => Err(refusal),
        (Err(refusal), Err(error)) => {
            tracing::error!(%error, "rollback failed");
            Err(refusal)
        }
    };
    (result, line)
}

/// Ends transactions for which no command came, as long as the store is open.
async fn rest(idle: Weak<Mutex<Vec<Line>>>) {
    loop {
        tokio::time::sleep(IDLE).await;
        let Some(idle) = idle.upgrade() else { return };
        let waiting: Vec<Line> = {
            let mut lines = idle.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let (waiting, kept) = std::mem::take(&mut *lines)
                .into_iter()
                .partition(|line| line.transaction.is_some() && now.duration_since(line.used) >= IDLE);
            *lines = kept;
            waiting
        };
        let mut rested = Vec::new();
        for Line { connection, transaction, used } in waiting {
            let ended = match transaction {
                Some(transaction) => transaction.commit().await,
                None => Ok(()),
            };
            match ended {
                Ok(()) => rested.push(Line { connection, transaction: None, used }),
                Err(error) => tracing::info!(%error, "a connection for writing is gone"),
            }
        }
        // Those used lately stay at the end.
        idle.lock().unwrap_or_else(PoisonError::into_inner).splice(0..0, rested);
    }
}
