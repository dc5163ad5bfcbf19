//! The store: one embedded or one PostgreSQL database, a folder of files, keys. Reading goes through a pool; writing only
//! through [`Store::write`].

use std::sync::Arc;

use banhao_kernel::{Timestamp, clock::Clock, entropy::Entropy};
use futures_util::future::BoxFuture;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, TransactionTrait};
use tokio::sync::watch;

use crate::{
    blobs::Blobs,
    config::{DatabaseUrl, StoreConfig},
    error::StoreError,
    ledger_log::LedgerKey,
    tx::{Tx, run_command},
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
}

enum Writes {
    /// SQLite: one task owns the write connection and commits waiting commands together.
    Grouped(Writer),
    /// PostgreSQL: the pool.
    Pooled,
}

struct Inner {
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

fn options(url: String, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections.max(1)).min_connections(1).sqlx_logging(false).test_before_acquire(false);
    options
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
        let shared = Arc::new(Shared { clock, entropy, vault, blobs, ledger_key, changes: watch::Sender::new(0) });
        let (read, writes) = match &config.database {
            DatabaseUrl::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(files)?;
                }
                let url = format!("sqlite:{}?mode=rwc", path.display());
                let mut write = options(url.clone(), 1);
                write.map_sqlx_sqlite_opts(sqlite_pragmas);
                let write = Database::connect(write).await?;
                let mut read = options(url, config.connections);
                read.map_sqlx_sqlite_opts(sqlite_pragmas);
                let read = Database::connect(read).await?;
                let writer = Writer::start(Arc::clone(&shared), write);
                (read, Writes::Grouped(writer))
            }
            DatabaseUrl::Postgres(url) => (Database::connect(options(url.clone(), config.connections.max(4))).await?, Writes::Pooled),
        };
        Ok(Self(Arc::new(Inner { shared, read, writes })))
    }

    /// The readers' pool. Never write through it.
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
    /// # Errors
    /// The command's own refusal, or the store's failure; in both cases nothing was kept.
    pub async fn write<T, E, F>(&self, command: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.writes {
            Writes::Grouped(writer) => writer.write(command).await,
            Writes::Pooled => {
                let transaction = self.0.read.begin().await.map_err(StoreError::from)?;
                let value = run_command(&self.0.shared, transaction, command).await?;
                self.0.shared.changes.send_modify(|ticks| *ticks += 1);
                Ok(value)
            }
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

    /// Lets waiting commands finish and closes the database.
    pub async fn shutdown(&self) {
        if let Writes::Grouped(writer) = &self.0.writes {
            writer.close().await;
        }
        if let Err(error) = self.0.read.clone().close().await {
            tracing::warn!(%error, "closing the database");
        }
    }
}

fn sqlite_pragmas(options: sea_orm::sqlx::sqlite::SqliteConnectOptions) -> sea_orm::sqlx::sqlite::SqliteConnectOptions {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(10))
        .statement_cache_capacity(256)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "MEMORY")
}
