//! What the submissions are compared with: the same rows, in plain transactions, into copies of the tables with all their indexes.

use std::{sync::Arc, time::Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use tokio::{sync::Mutex, task::JoinSet};
use uuid::Uuid;

use crate::{CLIENTS, Outcome};

/// What one submission writes; `$1` is the case. Rows written later (papers typeset, facts of jobs) are left out by their time.
const ROWS: [(&str, &str); 7] = [
    ("case_record", "id = $1"),
    ("case_draft", "case_id = $1"),
    ("case_process", "case_id = $1"),
    ("case_task", "case_id = $1 AND opened_at = (SELECT received_at FROM case_record WHERE id = $1)"),
    ("fact", "subject = $1 AND at = (SELECT received_at FROM case_record WHERE id = $1)"),
    ("record_paper", "case_id = $1 AND ordered_at = (SELECT received_at FROM case_record WHERE id = $1)"),
    (
        "job",
        "subject IN (SELECT $1 UNION ALL SELECT id FROM record_paper WHERE case_id = $1) AND created_at = (SELECT received_at FROM case_record WHERE id = $1)",
    ),
];

/// A pool of the plain driver, with the same durability as ours.
pub async fn connect(url: &str) -> Outcome<DatabaseConnection> {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = ConnectOptions::new(url);
    let connections = if url.starts_with("sqlite") { 1 } else { u32::try_from(CLIENTS)? };
    options.max_connections(connections).min_connections(connections).sqlx_logging(false).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|options| {
        options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full).foreign_keys(true)
    });
    Ok(Database::connect(options).await?)
}

async fn copy_tables(conn: &DatabaseConnection) -> Outcome {
    for (table, _) in ROWS {
        if conn.get_database_backend() == DbBackend::Postgres {
            conn.execute_unprepared(&format!("CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")).await?;
            continue;
        }
        let ddl = format!("SELECT name, sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL ORDER BY type DESC");
        for row in conn.query_all_raw(Statement::from_string(DbBackend::Sqlite, ddl)).await? {
            let (name, sql): (String, String) = (row.try_get("", "name")?, row.try_get("", "sql")?);
            let sql = if name == table {
                sql.replacen(&format!(" {table}"), &format!(" raw_{table}"), 1)
            } else {
                sql.replacen(&format!(" {name} "), &format!(" raw_{name} "), 1).replacen(
                    &format!(" ON {table} "),
                    &format!(" ON raw_{table} "),
                    1,
                )
            };
            conn.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}

/// Transactions per second, and rows per transaction.
pub async fn measure(url: &str, cases: Vec<Uuid>) -> Outcome<(f64, f64)> {
    let conn = connect(url).await?;
    copy_tables(&conn).await?;
    let backend = conn.get_database_backend();
    let (number, queue) = (cases.len(), Arc::new(Mutex::new(cases)));
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for _ in 0..CLIENTS {
        let (conn, queue) = (conn.clone(), Arc::clone(&queue));
        tasks.spawn(async move {
            let mut rows = 0;
            loop {
                let Some(case) = queue.lock().await.pop() else { return Outcome::Ok(rows) };
                let transaction = conn.begin().await?;
                for (table, condition) in ROWS {
                    let sql = format!("INSERT INTO raw_{table} SELECT * FROM {table} WHERE {condition}")
                        .replace("SELECT $1 ", "SELECT CAST($1 AS uuid) ");
                    let sql = if backend == DbBackend::Sqlite { sql.replace("CAST($1 AS uuid)", "$1").replace("$1", "?1") } else { sql };
                    rows += transaction.execute_raw(Statement::from_sql_and_values(backend, sql, [case.into()])).await?.rows_affected();
                }
                transaction.commit().await?;
            }
        });
    }
    let mut rows = 0;
    while let Some(done) = tasks.join_next().await {
        rows += done??;
    }
    let seconds = start.elapsed().as_secs_f64();
    conn.close().await?;
    Ok((crate::number(number) / seconds, crate::number(usize::try_from(rows)?) / crate::number(number)))
}
