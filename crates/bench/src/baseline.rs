//! What the machine gives without us: transactions of the same driver on the same database, sixteen tasks with a connection each (SQLite has
//! one connection that writes), nothing of ours between.

use std::time::Instant;

use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait, Value};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{CLIENTS, Outcome, raw};

/// Transactions of each kind.
const TRANSACTIONS: u128 = 8_000;

/// Transactions per second.
pub struct Baseline {
    /// One row inserted: the least a durable step can be.
    pub least: f64,
    /// What a completion reads and writes, by hand, each statement sent on its own; no engine, no JSON.
    pub same: f64,
}

const TABLES: [&str; 2] = [
    "CREATE TABLE base_run (run UUID PRIMARY KEY, state TEXT NOT NULL)",
    "CREATE TABLE base_task (run UUID NOT NULL, token TEXT NOT NULL, element TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (run, token))",
];

/// The table of facts is there already, with its indexes.
const FACT: &str = "INSERT INTO fact (id, at, subject_kind, subject, kind, actor, body) VALUES ($1, 1700000000000000, 'bench', $1, 'bench.completed', 'system', $2)";

/// As long as the state of such a run.
const STATE: &str = r#"{"form":2,"process":"approval","phase":"running","next":3,"tokens":{"2":{"at":"step2","from":1,"previous":"step1"}},"frames":{"0":{"at":"approval"}},"done":{"f1":1,"f2":1,"start":1,"step1":1}}"#;

/// Least transactions, and the same as a completion.
pub async fn measure(url: &str) -> Outcome<Baseline> {
    let conn = raw::connect(url).await?;
    for table in TABLES {
        conn.execute_unprepared(table).await?;
    }
    let least = timed(&conn, false).await?;
    let same = timed(&conn, true).await?;
    conn.close().await?;
    Ok(Baseline { least, same })
}

async fn timed(conn: &sea_orm::DatabaseConnection, whole: bool) -> Outcome<f64> {
    let mut workers = JoinSet::new();
    let each = TRANSACTIONS / CLIENTS as u128;
    let start = Instant::now();
    for worker in 0..CLIENTS as u128 {
        let conn = conn.clone();
        workers.spawn(async move {
            for number in 0..each {
                // The runs that the second kind reads were put there by the first.
                let id = Uuid::from_u128(worker * each + number + 1);
                let transaction = conn.begin().await?;
                let statements = if whole { same(id) } else { least(id) };
                for (text, values) in statements {
                    transaction.execute_raw(statement(conn.get_database_backend(), text, values)).await?;
                }
                transaction.commit().await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(part) = workers.join_next().await {
        part??;
    }
    Ok(crate::number(usize::try_from(each)? * CLIENTS) / start.elapsed().as_secs_f64())
}

fn statement(backend: DbBackend, text: &str, values: Vec<Value>) -> Statement {
    let text = if backend == DbBackend::Sqlite { text.replace('$', "?").replace(" FOR UPDATE", "") } else { text.to_owned() };
    Statement::from_sql_and_values(backend, text, values)
}

fn least(id: Uuid) -> Vec<(&'static str, Vec<Value>)> {
    vec![("INSERT INTO base_run (run, state) VALUES ($1, $2)", vec![id.into(), STATE.into()])]
}

fn same(id: Uuid) -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("SELECT state FROM base_run WHERE run = $1 FOR UPDATE", vec![id.into()]),
        ("UPDATE base_run SET state = $2 WHERE run = $1", vec![id.into(), STATE.into()]),
        ("UPDATE base_task SET state = 'done' WHERE run = $1 AND token = $2", vec![id.into(), "2".into()]),
        ("INSERT INTO base_task (run, token, element, state) VALUES ($1, $2, 'step2', 'open')", vec![id.into(), "3".into()]),
        (FACT, vec![id.into(), serde_json::json!({ "task": 2 }).into()]),
    ]
}
