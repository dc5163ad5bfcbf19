//! The measurements of `cargo xtask bench`, which builds this with optimisation and starts a durable PostgreSQL for it. Prints one
//! table; asserts nothing about time. A wrong answer is an error, never a number.

mod completions;
mod http;
mod papers;
mod raw;
mod server;
mod submissions;

use std::{fmt::Write, path::Path, process::ExitCode};

use banhao_store::{DatabaseUrl, StoreConfig};

use crate::server::Server;

/// Clients that submit at the same time, and tasks of the comparison.
const CLIENTS: usize = 16;
/// Submissions on each database.
const SUBMISSIONS: usize = 1500;
/// Guide pages.
const PAGES: usize = 60_000;
/// Starts on loaded data.
const STARTS: usize = 5;

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

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(program), Some(root), Some(postgres)) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: banhao-bench PROGRAM REPOSITORY POSTGRES_URL (cargo xtask bench knows them)");
        return ExitCode::FAILURE;
    };
    let postgres = postgres.to_string_lossy().into_owned();
    let measured = measure(Path::new(&program), Path::new(&root), &postgres).await;
    match measured.and_then(|table| Ok(std::io::Write::write_all(&mut std::io::stdout(), table.as_bytes())?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The measurement failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(program: &Path, root: &Path, postgres: &str) -> Outcome<String> {
    let mut table = String::from("| What | Measured | Aim |\n|---|---|---|\n");
    for (name, server) in [("SQLite", None), ("PostgreSQL", Some(postgres))] {
        database(&mut table, name, program, server).await?;
    }
    for (name, kind) in [("acceptance notice", "acceptance"), ("licence", "licence")] {
        eprintln!("papers: {name}");
        let times = papers::measure(root, kind)?;
        writeln!(table, "| Typeset and sign one {name}: median / p95 | {:.1} / {:.1} ms | < 15 ms |", at(&times, 50), at(&times, 95))?;
    }
    Ok(table)
}

async fn database(table: &mut String, name: &str, program: &Path, server: Option<&str>) -> Outcome {
    // On the disk of the build, not in a temporary folder that may be memory.
    let folder = tempfile::tempdir_in(program.parent().ok_or("the program has no folder")?)?;
    let data = folder.path();
    eprintln!("{name}: loading the demonstration");
    Server::start(program, data, server).await?.stop().await?;
    eprintln!("{name}: writing {SUBMISSIONS} drafts");
    let mut config = StoreConfig::embedded(data);
    let url = match server {
        None => format!("sqlite:{}?mode=rwc", data.join("banhao.db").display()),
        Some(url) => {
            config.database = DatabaseUrl::Postgres(url.to_owned());
            url.to_owned()
        }
    };
    let again = config.clone();
    let prepared = submissions::prepare(config, data, SUBMISSIONS).await?;

    eprintln!("{name}: submissions");
    let running = Server::start(program, data, server).await?;
    let load = submissions::submit(running.port, prepared).await?;
    eprintln!("{name}: guide pages");
    let pages = submissions::guide(running.port, PAGES).await?;
    let resident = running.resident()?;
    running.stop().await?;
    eprintln!("{name}: the same rows in plain transactions");
    let (rate, rows) = raw::measure(&url, load.cases.clone()).await?;
    eprintln!("{name}: user tasks completed");
    let (completed, accepted) = completions::measure(again, load.cases).await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let started = Server::start(program, data, server).await?;
        starts.push(started.first_answer.as_secs_f64() * 1e3);
        started.stop().await?;
    }
    starts.sort_unstable_by(f64::total_cmp);

    let of = &load.latencies;
    writeln!(table, "| {name}: durable submissions through HTTP, {CLIENTS} clients | {:.0}/s | |", load.rate)?;
    writeln!(table, "| {name}: latency p50 / p95 / p99 | {:.1} / {:.1} / {:.1} ms | p95 < 50 ms |", at(of, 50), at(of, 95), at(of, 99))?;
    writeln!(table, "| {name}: the same {rows:.1} rows in plain transactions, {CLIENTS} tasks | {rate:.0}/s | |")?;
    writeln!(table, "| {name}: ratio | {:.2} | ≥ 0.5 |", load.rate / rate)?;
    writeln!(
        table,
        "| {name}: user tasks of a 7-node flow completed, each in its transaction with its fact, {CLIENTS} tasks | {completed:.0}/s | 5,000/s on PostgreSQL |"
    )?;
    writeln!(table, "| {name}: acceptances as whole commands, {CLIENTS} tasks | {accepted:.0}/s | |")?;
    writeln!(table, "| {name}: guide page, 32 kept connections, client on the same cores | {pages:.0}/s | 5,000/s |")?;
    writeln!(table, "| {name}: resident after the load | {resident:.0} MB | < 200 MB |")?;
    writeln!(table, "| {name}: start to first answer, demo loaded, median of {STARTS} | {:.0} ms | < 1,000 ms |", at(&starts, 50))?;
    Ok(())
}
