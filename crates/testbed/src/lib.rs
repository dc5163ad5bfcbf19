//! A bed for scenario tests: a fresh store on each of the two databases, with a clock that stands still and randomness that
//! repeats. Only tests depend on this crate.

mod faults;
mod line;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use banhao_kernel::{
    clock::{Clock, ManualClock, SystemClock},
    entropy::{Entropy, SeededEntropy},
};
use banhao_store::{DatabaseUrl, MigrationSet, Store, StoreConfig};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

pub use faults::{Fault, Faults, difference};

/// Which database a bed stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Embedded.
    Sqlite,
    /// The server named by `BANHAO_TEST_POSTGRES`.
    Postgres,
}

/// A fresh store.
pub struct Bed {
    /// The store, migrated.
    pub store: Store,
    /// Its clock: Monday 2026-11-23 09:00 in Honghu until moved.
    pub clock: Arc<ManualClock>,
    /// How it was opened, to open it again.
    pub config: StoreConfig,
    entropy: Arc<dyn Entropy>,
    folder: TempDir,
    fresh: Option<PostgresDatabase>,
}

// The bed drops, not its parts: so a scenario's `async move` block takes the whole of it, and the folder and database stay until
// the scenario has ended even when it only mentions the store.
impl Drop for Bed {
    fn drop(&mut self) {
        if let Some(database) = self.fresh.take() {
            database.remove();
        }
    }
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Bed {
    /// A fresh store on one of the databases, with the given tables.
    ///
    /// # Panics
    /// When the database cannot be had; the text says what to do.
    pub async fn new(on: On, migrations: &[MigrationSet]) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let fresh = match on {
            On::Sqlite => None,
            On::Postgres => Some(PostgresDatabase::make().await),
        };
        let database = fresh.as_ref().map_or_else(|| DatabaseUrl::Sqlite(folder.path().join("test.db")), PostgresDatabase::address);
        let config = StoreConfig { database, data_dir: folder.path().to_owned(), connections: 6 };
        let clock = Arc::new(ManualClock::at_civil("2026-11-23T09:00".parse().expect("a civil time")));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(u64::from(next())));
        let store = Store::open(config.clone(), Arc::clone(&clock) as Arc<dyn Clock>, Arc::clone(&entropy)).await.expect("the store opens");
        store.migrate(migrations).await.expect("the tables can be made");
        Self { store, clock, config, entropy, folder, fresh }
    }

    /// Opens the same database once more, as another replica would.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn again(&self) -> Store {
        Store::open(self.config.clone(), Arc::clone(&self.clock) as Arc<dyn Clock>, Arc::clone(&self.entropy))
            .await
            .expect("the store opens again")
    }

    /// Which database it stands on.
    #[must_use]
    pub fn on(&self) -> On {
        if self.fresh.is_some() { On::Postgres } else { On::Sqlite }
    }

    /// Folder of the bed's files.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

fn next() -> u32 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A database of its own on the server.
struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    async fn make() -> Self {
        let Ok(server) = std::env::var("BANHAO_TEST_POSTGRES") else {
            unset();
        };
        let name = format!("banhao_test_{}_{}_{}", std::process::id(), next(), SystemClock.now().as_microsecond());
        let database = Self { server, name };
        database.tell_server(format!("CREATE DATABASE {}", database.name)).await;
        database
    }

    fn address(&self) -> DatabaseUrl {
        let (base, _) = self.server.rsplit_once('/').expect("the address ends in /DATABASE");
        DatabaseUrl::Postgres(format!("{base}/{}", self.name))
    }

    async fn tell_server(&self, statement: String) {
        let admin = Database::connect(&self.server).await.expect("BANHAO_TEST_POSTGRES names a PostgreSQL server that answers");
        admin.execute_unprepared(&statement).await.expect("the test user may make and drop databases");
        admin.close().await.expect("the connection closes");
    }

    fn remove(&self) {
        // A thread of its own: the test's runtime is in the middle of something, or gone.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
                runtime.block_on(self.tell_server(format!("DROP DATABASE {} WITH (FORCE)", self.name)));
            });
        });
    }
}

#[expect(clippy::panic, reason = "a test cannot go on without its database, and must not pass without it")]
fn unset() -> ! {
    panic!(
        "BANHAO_TEST_POSTGRES is not set: run `cargo xtask test`, which starts a private PostgreSQL, or set it to postgres://USER:PASSWORD@HOST:PORT/postgres"
    );
}

/// Makes two tests, `NAME::sqlite` and `NAME::postgres`, of one scenario:
/// `both_databases!(MIGRATIONS, a_citizen_applies, |bed| async move { … });`
#[macro_export]
macro_rules! both_databases {
    ($migrations:expr, $name:ident, $scenario:expr) => {
        mod $name {
            #[expect(unused_imports, reason = "not every scenario needs everything")]
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let scenario = $scenario;
                scenario($crate::Bed::new($crate::On::Sqlite, $migrations).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let scenario = $scenario;
                scenario($crate::Bed::new($crate::On::Postgres, $migrations).await).await;
            }
        }
    };
}
