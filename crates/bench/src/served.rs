//! The program itself under load: submissions, acceptances, pages, memory, start.

use std::{fmt::Write, path::Path};

use crate::{CLIENTS, Outcome, Tools, acceptances, at, raw, server::Server, submissions};

/// Submissions on each database.
const SUBMISSIONS: usize = 1500;
/// Guide pages.
const PAGES: usize = 60_000;
/// Starts on loaded data.
const STARTS: usize = 5;

/// The table of both databases.
pub async fn measure(table: &mut String, tools: &Tools) -> Outcome {
    *table += "| What | Measured | Aim |\n|---|---|---|\n";
    for (name, server) in [("SQLite", None), ("PostgreSQL", Some(tools.postgres.as_str()))] {
        database(table, name, &tools.program, server).await?;
    }
    *table += "\nClients, server and database share the cores. The comparison writes the rows of the same submissions once more, each\n\
        submission in a transaction of its own, into copies of the tables with all their indexes; it reads them from the original tables,\n\
        and writes the draft's row anew where a submission updates it.\n";
    Ok(())
}

async fn database(table: &mut String, name: &str, program: &Path, server: Option<&str>) -> Outcome {
    // On the disk of the build, not in a temporary folder that may be memory.
    let folder = tempfile::tempdir_in(program.parent().ok_or("the program has no folder")?)?;
    let data = folder.path();
    eprintln!("{name}: loading the demonstration");
    Server::start(program, data, server).await?.stop().await?;
    eprintln!("{name}: writing {SUBMISSIONS} drafts");
    let (config, url) = crate::database(data, server);
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
    eprintln!("{name}: acceptances");
    let accepted = acceptances::measure(again, load.cases).await?;
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
    writeln!(table, "| {name}: acceptances as whole commands, {CLIENTS} tasks | {accepted:.0}/s | |")?;
    writeln!(table, "| {name}: guide page, 32 kept connections, client on the same cores | {pages:.0}/s | 5,000/s |")?;
    writeln!(table, "| {name}: resident after the load | {resident:.0} MB | < 200 MB |")?;
    writeln!(table, "| {name}: start to first answer, demo loaded, median of {STARTS} | {:.0} ms | < 1,000 ms |", at(&starts, 50))?;
    Ok(())
}
