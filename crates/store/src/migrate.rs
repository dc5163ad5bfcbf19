//! Migrations: each crate owns numbered texts that hold for both databases; tokens name the types. Forward only; a text that
//! was applied must never change.

use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};

use crate::{error::StoreError, store::Store, vault::sha256_hex};

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

const OWN: MigrationSet =
    MigrationSet { owner: "store", steps: &[Migration { number: 1, name: "store", sql: include_str!("../migrations/0001_store.sql") }] };

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

impl Store {
    /// Brings the database up to the given steps; the store's own come first. Each step is one transaction.
    ///
    /// # Errors
    /// When the database refuses a step, or a step that was applied reads differently now.
    pub async fn migrate(&self, sets: &[MigrationSet]) -> Result<MigrationReport, StoreError> {
        let mut report = MigrationReport::default();
        let backend = self.backend();
        let connection = self.read();
        let first = connection.begin().await?;
        if backend == DbBackend::Postgres {
            // Two replicas that make a table in the same instant would otherwise collide.
            first.execute_raw(Statement::from_sql_and_values(backend, "SELECT pg_advisory_xact_lock($1)", [LOCK.into()])).await?;
        }
        first
            .execute_unprepared(
                "CREATE TABLE IF NOT EXISTS schema_migration (owner TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, \
                 digest TEXT NOT NULL, PRIMARY KEY (owner, number))",
            )
            .await?;
        first.commit().await?;
        for set in std::iter::once(&OWN).chain(sets) {
            for step in set.steps {
                let transaction = connection.begin().await?;
                if backend == DbBackend::Postgres {
                    transaction
                        .execute_raw(Statement::from_sql_and_values(backend, "SELECT pg_advisory_xact_lock($1)", [LOCK.into()]))
                        .await?;
                }
                let digest = sha256_hex(step.sql.as_bytes());
                let number = i32::try_from(step.number).unwrap_or(i32::MAX);
                let known = transaction
                    .query_one_raw(Statement::from_sql_and_values(
                        backend,
                        "SELECT digest FROM schema_migration WHERE owner = $1 AND number = $2",
                        [set.owner.into(), number.into()],
                    ))
                    .await?;
                if let Some(row) = known {
                    transaction.rollback().await?;
                    if row.try_get::<String>("", "digest")? != digest {
                        return Err(StoreError::MigrationChanged { owner: set.owner, number: step.number });
                    }
                    continue;
                }
                transaction.execute_unprepared(&translate(step.sql, backend)).await?;
                transaction
                    .execute_raw(Statement::from_sql_and_values(
                        backend,
                        "INSERT INTO schema_migration (owner, number, name, digest) VALUES ($1, $2, $3, $4)",
                        [set.owner.into(), number.into(), step.name.into(), digest.into()],
                    ))
                    .await?;
                transaction.commit().await?;
                report.applied.push(format!("{}/{} {}", set.owner, step.number, step.name));
            }
        }
        Ok(report)
    }
}
