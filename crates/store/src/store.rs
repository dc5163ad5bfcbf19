//! The store: one embedded or one PostgreSQL database, a folder of files, keys. Reading goes through a pool; writing only
//! through [`Store::write`].

use std::sync::Arc;

use banhao_kernel::{Timestamp, clock::Clock, entropy::Entropy};
use futures_util::future::BoxFuture;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, sqlx};
use tokio::sync::watch;

use crate::{
    blobs::Blobs,
    config::{DatabaseUrl, StoreConfig},
    error::StoreError,
    key_file::sync_folder,
    ledger_log::LedgerKey,
    lines::Lines,
    numbers::Numbers,
    tx::{Tx, in_command},
    vault::Vault,
    writer::Writer,
};

pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) vault: Vault,
    pub(crate) blobs: Blobs,
    pub(crate) ledger_key: LedgerKey,
    pub(crate) changes: watch::Sender<u64>,
    /// PostgreSQL: connections of their own for numbers of busy series ([`crate::Tx::next_number`]).
    pub(crate) numbers: Option<Numbers>,
    /// Set when the store shuts down; who works in the background holds a receiver until it has ended.
    pub(crate) closing: watch::Sender<bool>,
}

enum Writes {
    /// SQLite: one task owns the write connection and commits waiting commands together.
    Grouped(Writer),
    /// PostgreSQL: connections of its own, so that a command that also reads outside of its transaction never waits for a connection
    /// that another command holds which waits likewise.
    Lined(Lines),
}

struct Inner {
    config: StoreConfig,
    shared: Arc<Shared>,
    read: DatabaseConnection,
    writes: Writes,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Reading,
    Writing,
    Numbering,
}

fn options(config: &StoreConfig, role: Role) -> ConnectOptions {
    let (url, connections) = match &config.database {
        // The path is set below: as part of an address some of its characters would mean something.
        DatabaseUrl::Sqlite(_) => ("sqlite:banhao.db".to_owned(), if role == Role::Reading { config.connections } else { 1 }),
        DatabaseUrl::Postgres(url) => (url.clone(), if role == Role::Numbering { 2 } else { config.connections.max(2) }),
    };
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections.max(1)).min_connections(1).sqlx_logging(false).test_before_acquire(false);
    match &config.database {
        DatabaseUrl::Sqlite(path) => {
            let path = path.clone();
            options.map_sqlx_sqlite_opts(move |options| sqlite_options(options.filename(&path), role));
        }
        DatabaseUrl::Postgres(_) => {
            options.map_sqlx_postgres_opts(move |options| {
                let options = options.application_name("banhao").statement_cache_capacity(STATEMENTS);
                // A number is on the disk as soon as anything later is, also the record that carries it: the log is written in order.
                if role == Role::Numbering { options.options([("synchronous_commit", "off")]) } else { options }
            });
        }
    }
    options
}

/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;

fn sqlite_options(options: sqlx::sqlite::SqliteConnectOptions, role: Role) -> sqlx::sqlite::SqliteConnectOptions {
    use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(10))
        .statement_cache_capacity(STATEMENTS)
        .pragma("temp_store", "MEMORY");
    match role {
        Role::Writing | Role::Numbering => options.pragma("cache_size", "-16000"),
        // Who writes past the writer task would stand in its way; the database says so at once.
        Role::Reading => options.pragma("cache_size", "-2000").pragma("query_only", "ON"),
    }
}

impl Store {
    /// Opens (and, for SQLite, makes) the database, the folder of files and the keys.
    ///
    /// # Errors
    /// When the database is unreachable, or folder or keys cannot be read or made.
    pub async fn open(config: StoreConfig, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        let files = |error: std::io::Error| StoreError::Files(format!("{}: {error}", config.data_dir.display()));
        std::fs::create_dir_all(&config.data_dir).map_err(files)?;
        let vault = Vault::open_or_generate(&config.data_dir, Arc::clone(&entropy))?;
        let ledger_key = LedgerKey::open_or_generate(&config.data_dir, entropy.as_ref())?;
        let blobs = Blobs::open(&config.data_dir.join("files"), Arc::clone(&clock), Arc::clone(&entropy))?;
        sync_folder(&config.data_dir)?;
        let (changes, closing) = (watch::Sender::new(0), watch::Sender::new(false));
        let numbers = match &config.database {
            DatabaseUrl::Sqlite(_) => None,
            DatabaseUrl::Postgres(_) => Some(Numbers::new(Database::connect(options(&config, Role::Numbering)).await?)),
        };
        let shared = Arc::new(Shared { clock, entropy, vault, blobs, ledger_key, changes, numbers, closing });
        let writing = options(&config, Role::Writing);
        let writes = match &config.database {
            DatabaseUrl::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(files)?;
                }
                Writes::Grouped(Writer::start(Arc::clone(&shared), writing).await?)
            }
            DatabaseUrl::Postgres(_) => Writes::Lined(Lines::open(Arc::clone(&shared), writing, config.connections.max(2)).await?),
        };
        let read = Database::connect(options(&config, Role::Reading)).await?;
        Ok(Self(Arc::new(Inner { config, shared, read, writes })))
    }

    /// A connection for changing tables, apart from the writer.
    pub(crate) async fn connect_to_migrate(&self) -> Result<DatabaseConnection, StoreError> {
        let mut options = options(&self.0.config, Role::Writing);
        options.max_connections(1);
        Ok(Database::connect(options).await?)
    }

    /// The readers' pool. Never write through it (SQLite refuses).
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.0.read
    }

    /// SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.0.read.get_database_backend()
    }

    /// Runs a command in one transaction: its rows, facts and jobs are all kept or none. The answer comes after the commit.
    /// On SQLite waiting commands share one commit; each keeps its own savepoint, so one that fails takes nobody with it.
    ///
    /// A command must not start another one, nor wait for anything but its own statements: on SQLite everybody waits for it. On
    /// PostgreSQL rows have to be locked in one order everywhere; who meets a deadlock is told [`StoreError::Contention`].
    ///
    /// # Errors
    /// The command's own refusal, or the store's failure; in both cases nothing was kept.
    pub async fn write<T, E, F>(&self, command: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if in_command() {
            return Err(E::from(StoreError::BrokeOff("a command must not start another one and wait for it".to_owned())));
        }
        match &self.0.writes {
            Writes::Grouped(writer) => writer.write(command).await,
            Writes::Lined(lines) => lines.write(command).await,
        }
    }

    /// Where "now" comes from.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.shared.clock
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.shared.clock.now()
    }

    /// Where randomness comes from.
    #[must_use]
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.0.shared.entropy
    }

    /// Seals personal data.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.shared.vault
    }

    /// The file store.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.0.shared.blobs
    }

    /// The key that signs the ledger's checkpoints.
    #[must_use]
    pub fn ledger_key(&self) -> &LedgerKey {
        &self.0.shared.ledger_key
    }

    /// Ticks after every commit of this process: live pages and runners wait for it.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.shared.changes.subscribe()
    }

    pub(crate) fn config(&self) -> &StoreConfig {
        &self.0.config
    }

    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.0.shared.closing.subscribe()
    }

    /// Lets runners and the sequencer end what they have in hand and waiting commands finish, then closes the database.
    pub async fn shutdown(&self) {
        self.0.shared.closing.send_replace(true);
        self.0.shared.closing.closed().await;
        let closed = match &self.0.writes {
            Writes::Grouped(writer) => {
                writer.close().await;
                Ok(())
            }
            Writes::Lined(lines) => lines.close().await,
        };
        let numbers = match &self.0.shared.numbers {
            Some(numbers) => numbers.close().await,
            None => Ok(()),
        };
        for closed in [closed, numbers, self.0.read.close_by_ref().await] {
            if let Err(error) = closed {
                tracing::warn!(%error, "closing the database");
            }
        }
    }
}
