//! Migrations: each crate owns numbered texts that hold for both databases; tokens name the types. Forward only; a text that
//! was applied must never change.

use std::collections::BTreeMap;

use banhao_kernel::digest::sha256_hex;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};

use crate::{error::StoreError, settings, store::Store};

/// One step.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number within the owner, from 1.
    pub number: u32,
    /// Its name.
    pub name: &'static str,
    /// SQL with `{uuid}`, `{moment}`, `{json}`, `{bytes}`, `{text}`, `{bool}`, `{int}`, `{bigint}`, `{bigserial}`.
    pub sql: &'static str,
}

/// The steps of one crate.
#[derive(Debug, Clone, Copy)]
pub struct MigrationSet {
    /// The crate.
    pub owner: &'static str,
    /// The steps in order.
    pub steps: &'static [Migration],
}

/// What was applied just now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// `owner/number name` of each step.
    pub applied: Vec<String>,
}

const OWN: MigrationSet = MigrationSet {
    owner: "store",
    steps: &[
        Migration { number: 1, name: "store", sql: include_str!("../migrations/0001_store.sql") },
        Migration { number: 2, name: "job runner", sql: include_str!("../migrations/0002_job_runner.sql") },
    ],
};

/// Any two replicas that start at once take turns under this lock.
const LOCK: i64 = 0x6261_6e68_616f;

fn translate(sql: &str, backend: DbBackend) -> String {
    let types: [(&str, &str, &str); 9] = [
        ("{uuid}", "UUID", "BLOB"),
        ("{moment}", "BIGINT", "INTEGER"),
        ("{json}", "JSONB", "TEXT"),
        ("{bytes}", "BYTEA", "BLOB"),
        ("{text}", "TEXT", "TEXT"),
        ("{bool}", "BOOLEAN", "BOOLEAN"),
        ("{int}", "INTEGER", "INTEGER"),
        ("{bigint}", "BIGINT", "INTEGER"),
        ("{bigserial}", "BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
    ];
    types.iter().fold(sql.to_owned(), |text, (token, postgres, sqlite)| {
        text.replace(token, if backend == DbBackend::Postgres { postgres } else { sqlite })
    })
}

/// Begins a step: at most one replica is in one at a time.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let immediate = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
    let transaction = connection.begin_with_options(immediate).await?;
    let backend = transaction.get_database_backend();
    if backend == DbBackend::Postgres {
        transaction.execute_raw(Statement::from_sql_and_values(backend, "SELECT pg_advisory_xact_lock($1)", [LOCK.into()])).await?;
    }
    Ok(transaction)
}

/// Digests of the steps that were applied, by number.
async fn applied(connection: &impl ConnectionTrait, owner: &str) -> Result<BTreeMap<u32, String>, StoreError> {
    let backend = connection.get_database_backend();
    let known = Statement::from_sql_and_values(backend, "SELECT number, digest FROM schema_migration WHERE owner = $1", [owner.into()]);
    let mut digests = BTreeMap::new();
    for row in connection.query_all_raw(known).await? {
        digests.insert(row.try_get::<i32>("", "number")?.unsigned_abs(), row.try_get("", "digest")?);
    }
    Ok(digests)
}

async fn apply(connection: &DatabaseConnection, set: &MigrationSet, report: &mut MigrationReport) -> Result<(), StoreError> {
    let transaction = begin(connection).await?;
    let backend = transaction.get_database_backend();
    let mut known = applied(&transaction, set.owner).await?;
    for step in set.steps {
        let digest = sha256_hex(step.sql.as_bytes());
        match known.remove(&step.number) {
            Some(before) if before == digest => continue,
            Some(_) => return Err(StoreError::MigrationChanged { owner: set.owner, number: step.number }),
            None => {}
        }
        transaction.execute_unprepared(&translate(step.sql, backend)).await?;
        let number = i32::try_from(step.number).unwrap_or(i32::MAX);
        let row = Statement::from_sql_and_values(
            backend,
            "INSERT INTO schema_migration (owner, number, name, digest) VALUES ($1, $2, $3, $4)",
            [set.owner.into(), number.into(), step.name.into(), digest.into()],
        );
        transaction.execute_raw(row).await?;
        report.applied.push(format!("{}/{} {}", set.owner, step.number, step.name));
    }
    if let Some(number) = known.into_keys().next_back() {
        return Err(StoreError::NewerDatabase { owner: set.owner, number });
    }
    transaction.commit().await?;
    Ok(())
}

async fn apply_all(connection: &DatabaseConnection, sets: &[MigrationSet]) -> Result<MigrationReport, StoreError> {
    let first = begin(connection).await?;
    first
        .execute_unprepared(
            "CREATE TABLE IF NOT EXISTS schema_migration (owner TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, \
             digest TEXT NOT NULL, PRIMARY KEY (owner, number))",
        )
        .await?;
    first.commit().await?;
    let mut report = MigrationReport::default();
    for set in std::iter::once(&OWN).chain(sets) {
        apply(connection, set, &mut report).await?;
    }
    Ok(report)
}

impl Store {
    /// Brings the database up to the given steps; the store's own come first. The steps of one crate are one transaction, and
    /// replicas that start at once take turns. Then checks that this installation's keys are those of the database.
    ///
    /// # Errors
    /// When the database refuses a step, a step that was applied reads differently now, the database is of a newer release, or
    /// the key files belong to another database.
    pub async fn migrate(&self, sets: &[MigrationSet]) -> Result<MigrationReport, StoreError> {
        let connection = self.connect_to_migrate().await?;
        let report = apply_all(&connection, sets).await;
        connection.close().await?;
        let report = report?;
        self.check_keys().await?;
        Ok(report)
    }

    /// A replica that made its own keys would sign another ledger and seal what others cannot open: it must not go on.
    async fn check_keys(&self) -> Result<(), StoreError> {
        let keys = [
            ("key.vault", "vault.key", self.vault().blind_index("store.fingerprint", "vault")),
            ("key.ledger", "ledger.key", self.ledger_key().verifier().to_string()),
        ];
        for (setting, file, mine) in keys {
            let known = match settings::get(self.read(), setting).await? {
                Some(known) => known,
                None => {
                    let first = mine.clone();
                    self.write(move |tx| Box::pin(async move { settings::get_or_set(tx, setting, &first).await })).await?
                }
            };
            if known != mine {
                return Err(StoreError::KeyFile {
                    path: format!("keys/{file}"),
                    reason: "not the key this database was begun with; copy the folder `keys` of the first installation".to_owned(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_has_a_type_on_both() {
        let text = "{uuid} {moment} {json} {bytes} {text} {bool} {int} {bigint} {bigserial}";
        for backend in [DbBackend::Sqlite, DbBackend::Postgres] {
            let translated = translate(text, backend);
            assert!(!translated.contains('{') && !translated.contains('}'), "{translated}");
        }
    }
}
