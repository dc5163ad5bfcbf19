//! The measurements of `cargo xtask bench`, which builds this with optimisation and says where everything is. Each part prints its tables;
//! nothing is asserted about time. A wrong answer is an error, never a number.

mod acceptances;
mod approval;
mod baseline;
mod completions;
mod http;
mod papers;
mod raw;
mod served;
mod server;
mod submissions;
mod tokens;

use std::{env, fmt::Write, io::Write as _, path::PathBuf, process::ExitCode};

use banhao_store::{DatabaseUrl, StoreConfig};
use sea_orm::ConnectionTrait;

/// As the product has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Clients that submit at the same time, and tasks of the comparison.
const CLIENTS: usize = 16;

type Fault = Box<dyn std::error::Error + Send + Sync>;
type Outcome<T = ()> = Result<T, Fault>;

/// A count as a number to divide by.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A value at a share of a sorted list.
fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted.get((sorted.len().saturating_sub(1) * percent).div_ceil(100)).copied().unwrap_or(f64::NAN)
}

/// Where everything is; what a part does not need may be missing.
pub(crate) struct Tools {
    /// The product's program.
    program: PathBuf,
    /// The repository.
    root: PathBuf,
    /// A durable PostgreSQL with an empty database.
    postgres: String,
    /// The same through its socket; empty when it has none.
    socket: String,
    /// A Python with SpiffWorkflow.
    python: PathBuf,
    /// Node; bpmn-engine is installed beside the scripts.
    node: PathBuf,
}

impl Tools {
    fn from_environment() -> Self {
        let path = |name: &str| PathBuf::from(env::var_os(name).unwrap_or_default());
        Self {
            program: path("BANHAO_BENCH_PROGRAM"),
            root: path("BANHAO_BENCH_ROOT"),
            postgres: env::var("BANHAO_BENCH_POSTGRES").unwrap_or_default(),
            socket: env::var("BANHAO_BENCH_SOCKET").unwrap_or_default(),
            python: path("BANHAO_BENCH_PYTHON"),
            node: path("BANHAO_BENCH_NODE"),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(part) = env::args().nth(1) else {
        eprintln!("usage: banhao-bench PART (cargo xtask bench knows the rest)");
        return ExitCode::FAILURE;
    };
    let measured = measure(&part, &Tools::from_environment()).await;
    match measured.and_then(|table| Ok(std::io::stdout().write_all(table.as_bytes())?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The measurement failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(part: &str, tools: &Tools) -> Outcome<String> {
    let mut table = String::new();
    match part {
        "engines" => {
            approval::measure(&mut table, tools)?;
            tokens::measure(&mut table)?;
        }
        "durable" => durable(&mut table, tools).await?,
        "http" => served::measure(&mut table, tools).await?,
        "papers" => {
            table += "| What | Median / p95 | Aim |\n|---|---|---|\n";
            for (name, kind) in [("acceptance notice", "acceptance"), ("licence", "licence")] {
                eprintln!("papers: {name}");
                let times = papers::measure(&tools.root, kind)?;
                writeln!(table, "| Typeset and sign one {name} | {:.1} / {:.1} ms | < 15 ms |", at(&times, 50), at(&times, 95))?;
            }
        }
        other => return Err(format!("there is no part “{other}”").into()),
    }
    Ok(table)
}

/// Configuration and address of a database: embedded in the folder, or the PostgreSQL given.
fn database(folder: &std::path::Path, postgres: Option<&str>) -> (StoreConfig, String) {
    let mut config = StoreConfig::embedded(folder);
    let url = match postgres {
        None => format!("sqlite:{}?mode=rwc", folder.join("banhao.db").display()),
        Some(url) => {
            config.database = DatabaseUrl::Postgres(url.to_owned());
            config.connections = 24; // As the product has by itself.
            url.to_owned()
        }
    };
    (config, url)
}

/// A database of its own on the server of this address.
async fn fresh(server: &str, name: &str) -> Outcome<String> {
    let conn = raw::connect(server).await?;
    conn.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    conn.close().await?;
    let (address, _) = server.rsplit_once('/').ok_or("the address has no database")?;
    Ok(format!("{address}/{name}"))
}

async fn durable(table: &mut String, tools: &Tools) -> Outcome {
    let mut places = vec![("SQLite", None), ("PostgreSQL over TCP", Some(fresh(&tools.postgres, "bench_tcp").await?))];
    if !tools.socket.is_empty() {
        places.push(("PostgreSQL over its socket", Some(fresh(&tools.socket, "bench_socket").await?)));
    }
    let (mut rates, mut bases) = (Vec::new(), Vec::new());
    for (name, postgres) in &places {
        // On the disk of the build, not in a temporary folder that may be memory.
        let folder = tempfile::tempdir_in(tools.program.parent().ok_or("the program has no folder")?)?;
        let (config, url) = database(folder.path(), postgres.as_deref());
        eprintln!("durable: {name}, user tasks completed");
        rates.push(completions::measure(config).await?);
        eprintln!("durable: {name}, the plain driver");
        bases.push(baseline::measure(&url).await?);
    }
    let names = places.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | ");
    writeln!(table, "| User tasks of a 7-node flow completed, each in its transaction with its fact, {CLIENTS} tasks | {names} | Aim |")?;
    writeln!(table, "|---|{}---|", "---|".repeat(places.len()))?;
    let rows: [(&str, Vec<String>, &str); 4] = [
        ("completions", rates.iter().map(|rate| format!("{rate:.0}/s")).collect(), "5,000/s on PostgreSQL"),
        (
            "the plain driver: the same reads and writes, statement by statement, without engine",
            bases.iter().map(|base| format!("{:.0}/s", base.same)).collect(),
            "",
        ),
        ("ratio of completions to it", rates.iter().zip(&bases).map(|(rate, base)| format!("{:.2}", rate / base.same)).collect(), ""),
        ("the plain driver: transactions of one insertion", bases.iter().map(|base| format!("{:.0}/s", base.least)).collect(), ""),
    ];
    for (what, cells, aim) in rows {
        writeln!(table, "| {what} | {} | {aim} |", cells.join(" | "))?;
    }
    *table += "\nSQLite commits with WAL and synchronous=FULL, PostgreSQL with fsync and synchronous_commit on; 24 connections, as the product has\n\
        by itself. A completion reads the state under lock, makes the step and writes state, task rows and fact; on PostgreSQL its writes\n\
        travel together. The plain driver commits each transaction on its own; on SQLite ours lets commands that wait share a commit, each\n\
        in its savepoint. Client and server share the cores.\n";
    Ok(())
}
