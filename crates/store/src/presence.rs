//! Whether who took a job still lives. Each runner has a number of its own and holds a lock under it, which it loses when it is let go
//! of and which the system takes when its process dies, however it dies: on PostgreSQL the lock of a session, on SQLite the lock of a
//! file beside the database. No clock is asked, so who is slow does not look dead.

use std::{
    collections::HashSet,
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use banhao_kernel::entropy::Entropy;
use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self, Connection,
        postgres::{PgConnectOptions, PgConnection},
    },
};
use tokio::sync::Mutex;

use crate::{config::DatabaseUrl, error::StoreError, store::Store};

/// How long the server may take to answer before its session is given up and another begun.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the server does to notice that the machine at the other end is gone: it asks after five silent seconds, three times.
const NOTICE: [(&str, &str); 4] =
    [("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "2"), ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "15000")];
/// Numbers whose lock is held in this database.
const ALIVE: &str = "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted \
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// The sign of life of a runner, made when it first looks for jobs.
#[derive(Default)]
pub(crate) struct Presence {
    held: Mutex<Option<Held>>,
}

struct Held {
    number: i64,
    sign: Sign,
}

enum Sign {
    /// Held as long as the file is open.
    File { folder: PathBuf, _open: File },
    /// The session is `None` while it is broken off; the number stays, so that jobs in hand are ours again as soon as it is back.
    Session { options: Box<PgConnectOptions>, session: Option<PgConnection> },
}

impl Presence {
    /// The number of this runner; from now on others see that it lives.
    pub(crate) async fn number(&self, store: &Store) -> Result<i64, StoreError> {
        let mut held = self.held.lock().await;
        if let Some(held) = &*held {
            return Ok(held.number);
        }
        let entropy = store.entropy().as_ref();
        let found = match &store.config().database {
            DatabaseUrl::Sqlite(path) => {
                let mut folder = path.clone().into_os_string();
                folder.push("-runners");
                let folder = PathBuf::from(folder);
                let (number, file) = lock_file(&folder, entropy)?;
                Held { number, sign: Sign::File { folder, _open: file } }
            }
            DatabaseUrl::Postgres(url) => {
                let options: PgConnectOptions = url.parse().map_err(broken)?;
                let (options, number) = (options.application_name("banhao runner").options(NOTICE), random(entropy));
                let session = begin_session(&options, number).await?;
                Held { number, sign: Sign::Session { options: Box::new(options), session: Some(session) } }
            }
        };
        Ok(held.insert(found).number)
    }

    /// Which of these runners are dead. Also makes sure that this one is still seen to live.
    pub(crate) async fn dead(&self, mut numbers: Vec<i64>) -> Result<Vec<i64>, StoreError> {
        match self.held.lock().await.as_mut() {
            Some(Held { sign: Sign::File { folder, .. }, .. }) => {
                let mut dead = Vec::new();
                for number in numbers {
                    if is_dead(&folder.join(file_name(number)))? {
                        dead.push(number);
                    }
                }
                Ok(dead)
            }
            Some(Held { number, sign: Sign::Session { options, session } }) => {
                let alive = ask(options, *number, session).await?;
                numbers.retain(|number| !alive.contains(number));
                Ok(numbers)
            }
            None => Ok(Vec::new()),
        }
    }

    /// Takes the sign away: the runner has nothing in hand and takes nothing any more.
    pub(crate) async fn leave(&self) {
        let left = match self.held.lock().await.take() {
            Some(Held { number, sign: Sign::File { folder, .. } }) => {
                std::fs::remove_file(folder.join(file_name(number))).map_err(|error| error.to_string())
            }
            Some(Held { sign: Sign::Session { session: Some(session), .. }, .. }) => {
                session.close().await.map_err(|error| error.to_string())
            }
            _ => Ok(()),
        };
        if let Err(error) = left {
            tracing::warn!(%error, "the sign of life of a runner could not be taken away; others see that it is over all the same");
        }
    }
}

fn broken(error: sqlx::Error) -> StoreError {
    StoreError::from(DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error))))
}

fn late() -> StoreError {
    StoreError::Database(DbErr::Custom("the server does not answer".to_owned()))
}

/// A number that nobody else has, from 0.
fn random(entropy: &dyn Entropy) -> i64 {
    let mut bytes = [0_u8; 8];
    entropy.fill(&mut bytes);
    i64::from_be_bytes(bytes) & i64::MAX
}

async fn begin_session(options: &PgConnectOptions, number: i64) -> Result<PgConnection, StoreError> {
    let begin = async {
        let mut session = PgConnection::connect_with(options).await.map_err(broken)?;
        let locked = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(number).fetch_one(&mut session).await.map_err(broken)?;
        if locked {
            Ok(session)
        } else {
            // The server has not noticed yet that our session before this one broke off. As long as it has not, we are alive to others.
            Err(StoreError::Database(DbErr::Custom("the lock of the session before is still held".to_owned())))
        }
    };
    tokio::time::timeout(PATIENCE, begin).await.map_err(|_| late())?
}

/// Who lives, by our own session, which is begun again when it has broken off.
async fn ask(options: &PgConnectOptions, number: i64, session: &mut Option<PgConnection>) -> Result<HashSet<i64>, StoreError> {
    if let Some(mut connection) = session.take() {
        match alive(&mut connection).await {
            Ok(alive) => {
                *session = Some(connection);
                return Ok(alive);
            }
            Err(error) => tracing::warn!(%error, "the session that shows that a runner lives broke off"),
        }
    }
    let connection = session.insert(begin_session(options, number).await?);
    alive(connection).await
}

async fn alive(connection: &mut PgConnection) -> Result<HashSet<i64>, StoreError> {
    let alive = tokio::time::timeout(PATIENCE, sqlx::query_scalar::<_, i64>(ALIVE).fetch_all(connection)).await;
    Ok(alive.map_err(|_| late())?.map_err(broken)?.into_iter().collect())
}

fn file_name(number: i64) -> String {
    format!("{number:016x}")
}

fn files(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Files(format!("{}: {error}", path.display()))
}

/// Makes and locks a file of our own, and takes away those of the dead.
fn lock_file(folder: &Path, entropy: &dyn Entropy) -> Result<(i64, File), StoreError> {
    std::fs::create_dir_all(folder).map_err(|error| files(folder, &error))?;
    for entry in std::fs::read_dir(folder).map_err(|error| files(folder, &error))? {
        is_dead(&entry.map_err(|error| files(folder, &error))?.path())?;
    }
    loop {
        let number = random(entropy);
        let path = folder.join(file_name(number));
        let file = File::create_new(&path).map_err(|error| files(&path, &error))?;
        // Somebody who looked between the two found a file that nobody had locked, and took it away.
        match file.try_lock() {
            Ok(()) if path.exists() => return Ok((number, file)),
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(files(&path, &error)),
        }
    }
}

/// Whether nobody holds the lock of a file. Then it is taken away.
fn is_dead(path: &Path) -> Result<bool, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(files(path, &error)),
    };
    match file.try_lock() {
        Ok(()) => match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(files(path, &error)),
            _ => Ok(true),
        },
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(files(path, &error)),
    }
}
