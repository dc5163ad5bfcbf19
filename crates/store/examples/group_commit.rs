//! How fast commands are: 16 clients, each command four inserts, through the store and in plain transactions of the same driver on
//! the same database in the same run; then a whole submission (four inserts, a number, two facts, a job) both ways. The kinds take
//! turns second by second and the median of the rounds' ratios is printed, so that what else the machine does concerns all alike.
//! `BANHAO_TEST_POSTGRES` names the server (its fsync must be on); without it only SQLite is measured.
//!
//! `cargo run --release -p banhao-store --example group_commit [ROUNDS]`
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at the first failure and prints")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use banhao_kernel::{actor::Actor, clock::SystemClock, entropy::OsEntropy};
use banhao_store::{
    DatabaseUrl, Migration, MigrationSet, NewFact, NewJob, Store, StoreConfig, StoreError,
    ledger_log::{Verdict, sequence_once, start_sequencer, verify_database},
};
use banhao_testbed::{Bed, On};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait, Value};
use uuid::Uuid;

const CLIENTS: u64 = 16;
const TABLES: MigrationSet = MigrationSet {
    owner: "bench",
    steps: &[Migration {
        number: 1,
        name: "bench",
        sql: "CREATE TABLE bench_row (id {uuid} PRIMARY KEY, at {moment} NOT NULL, name {text} NOT NULL, amount {bigint} NOT NULL)",
    }],
};
const ROW: &str = "INSERT INTO bench_row (id, at, name, amount) VALUES ($1, $2, $3, $4)";
const NUMBER: &str =
    "INSERT INTO counter (scope, value) VALUES ($1, 1) ON CONFLICT (scope) DO UPDATE SET value = counter.value + 1 RETURNING value";
const FACT: &str = "INSERT INTO fact (id, at, subject_kind, subject, kind, actor, body) VALUES ($1, $2, 'case', $3, $4, 'system', $5)";
const JOB: &str = "INSERT INTO job (id, kind, subject, payload, run_at, created_at, attempts, state) \
                   VALUES ($1, 'bench', $2, $3, $4, $5, 0, 'waiting')";
const KINDS: [&str; 2] = ["case.submitted", "case.numbered"];

/// What one client does once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Rows,
    /// With a number of one of so many series.
    Submission(u64),
}

#[derive(Clone)]
enum How {
    Plain(DatabaseConnection),
    Through(Store),
}

async fn run(conn: &impl ConnectionTrait, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
    conn.execute_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?;
    Ok(())
}

async fn rows(conn: &impl ConnectionTrait) -> Result<(), StoreError> {
    for amount in 0..4_i64 {
        run(conn, ROW, [Uuid::now_v7().into(), 1_i64.into(), "洪湖市新堤街道".into(), amount.into()]).await?;
    }
    Ok(())
}

async fn plain(pool: &DatabaseConnection, what: What, turn: u64) -> Result<(), StoreError> {
    let transaction = pool.begin().await?;
    rows(&transaction).await?;
    if let What::Submission(series) = what {
        let (subject, now) = (Uuid::now_v7(), 1_i64);
        run(&transaction, NUMBER, [format!("plain/{}", turn % series).into()]).await?;
        for kind in KINDS {
            let body = serde_json::json!({ "matter": "bench" });
            run(&transaction, FACT, [Uuid::now_v7().into(), now.into(), subject.into(), kind.into(), body.into()]).await?;
        }
        let job = [Uuid::now_v7().into(), subject.into(), serde_json::json!({}).into(), now.into(), now.into()];
        run(&transaction, JOB, job).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn through(store: &Store, what: What, turn: u64) -> Result<(), StoreError> {
    let command = store.write(move |tx| {
        Box::pin(async move {
            rows(tx.conn()).await?;
            if let What::Submission(series) = what {
                let subject = Uuid::now_v7();
                // The number last: on PostgreSQL the next command of the series waits from here to the end of the commit.
                tx.next_serial(&format!("store/{}", turn % series)).await?;
                for kind in KINDS {
                    let body = serde_json::json!({ "matter": "bench" });
                    tx.state(NewFact { subject_kind: "case", subject, kind: kind.into(), actor: Actor::System, body });
                }
                tx.enqueue(NewJob { kind: "bench", subject, run_at: None, payload: serde_json::json!({}) });
            }
            Ok::<_, StoreError>(())
        })
    });
    command.await
}

/// Commands per second, and how long the slowest twentieth took at least (ms).
async fn measure(how: &How, what: What) -> (f64, f64) {
    let begun = Instant::now();
    let until = begun + Duration::from_secs(1);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let how = how.clone();
        clients.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < until {
                let (start, turn) = (Instant::now(), client + CLIENTS * took.len() as u64);
                match &how {
                    How::Plain(pool) => plain(pool, what, turn).await.unwrap(),
                    How::Through(store) => through(store, what, turn).await.unwrap(),
                }
                took.push(start.elapsed().as_secs_f64() * 1e3);
            }
            took
        });
    }
    let mut took: Vec<f64> = clients.join_all().await.into_iter().flatten().collect();
    took.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = took.len() as f64 / begun.elapsed().as_secs_f64();
    (rate, took[took.len() * 95 / 100])
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Lets the kinds take turns; the first is the measure of the others.
async fn compare(rounds: usize, what: What, kinds: &[(&str, &How)]) {
    let mut results = vec![Vec::new(); kinds.len()];
    // The first round warms up and does not count.
    for round in 0..=rounds {
        for (result, (_, how)) in results.iter_mut().zip(kinds) {
            let measured = measure(how, what).await;
            if round > 0 {
                result.push(measured);
            }
        }
    }
    for (result, (name, _)) in results.iter().zip(kinds) {
        let rate = median(result.iter().map(|(rate, _)| *rate).collect());
        let p95 = median(result.iter().map(|(_, p95)| *p95).collect());
        let ratio = median(result.iter().zip(&results[0]).map(|((rate, _), (plain, _))| rate / plain).collect());
        println!("  {name:<40} {rate:>7.0} /s   p95 {p95:>6.1} ms   {ratio:>5.2} × plain");
    }
}

async fn plain_pool(config: &StoreConfig) -> DatabaseConnection {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = match &config.database {
        DatabaseUrl::Sqlite(path) => ConnectOptions::new(format!("sqlite:{}", path.display())),
        DatabaseUrl::Postgres(url) => ConnectOptions::new(url.clone()),
    };
    let connections = if matches!(config.database, DatabaseUrl::Sqlite(_)) { 1 } else { config.connections };
    options.max_connections(connections).sqlx_logging(false).test_before_acquire(false).map_sqlx_sqlite_opts(|options| {
        let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        options.busy_timeout(Duration::from_secs(10))
    });
    Database::connect(options).await.unwrap()
}

async fn database(on: On, rounds: usize) {
    let bed = Bed::new(on, &[TABLES]).await;
    let config = StoreConfig { connections: 16, ..bed.config.clone() };
    let store = Store::open(config.clone(), Arc::new(SystemClock), Arc::new(OsEntropy)).await.unwrap();
    let (plain, through) = (How::Plain(plain_pool(&config).await), How::Through(store.clone()));
    println!("{on:?}, {CLIENTS} clients, median of {rounds} rounds");
    compare(rounds, What::Rows, &[("four inserts, plain", &plain), ("four inserts, store", &through)]).await;
    for series in [1, 12] {
        let names = [format!("submission, {series} series, plain"), format!("submission, {series} series, store")];
        compare(rounds, What::Submission(series), &[(&names[0], &plain), (&names[1], &through)]).await;
    }
    while sequence_once(&store).await.unwrap() > 0 {}
    let sequencer = start_sequencer(store.clone());
    let names = ["submission, 12 series, sequencer, plain", "submission, 12 series, sequencer, store"];
    compare(rounds, What::Submission(12), &[(names[0], &plain), (names[1], &through)]).await;
    sequencer.stop().await;
    let start = Instant::now();
    let verdict = verify_database(&store, &store.ledger_key().verifier(), |_| {}).await.unwrap();
    let Verdict::Sound { size, checkpoints, .. } = verdict else { unreachable!("{verdict:?}") };
    println!("  verified {size} facts under {checkpoints} checkpoints in {:.2} s", start.elapsed().as_secs_f64());
}

#[tokio::main]
async fn main() {
    let rounds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(7);
    database(On::Sqlite, rounds).await;
    if std::env::var_os("BANHAO_TEST_POSTGRES").is_some() {
        database(On::Postgres, rounds).await;
    }
}
