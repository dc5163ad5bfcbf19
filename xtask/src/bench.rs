//! `cargo xtask bench`: builds the program and its measurements with optimisation, starts a durable PostgreSQL, prints the table;
//! with `--write`, docs/benchmarks.md says it with date and machine.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    failure::{Failure, Outcome, ask, run},
    postgres::Server,
    workspace::Workspace,
};

/// Measures; `write` also updates the document, `beside` says what else ran on the machine.
pub fn bench(workspace: &Workspace, write: bool, beside: &str) -> Outcome {
    run(&mut workspace.cargo(["build", "--release", "--package", "banhao", "--package", "banhao-bench"]))?;
    let release = workspace.target().join("release");
    let server = Server::start_durable(workspace)?;
    let output = Command::new(release.join("banhao-bench"))
        .arg(release.join("banhao"))
        .arg(workspace.root())
        .arg(server.url())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(Failure::new(format!("the measurement failed: {}", output.status)));
    }
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = document(&table, beside)?;
    eprintln!("\n{text}");
    if write {
        fs::write(workspace.path("docs/benchmarks.md"), text)?;
    }
    Ok(())
}

fn said(program: &str, arguments: &[&str]) -> String {
    ask(Command::new(program).args(arguments)).unwrap_or_else(|| "unknown".to_owned())
}

fn document(table: &str, beside: &str) -> Outcome<String> {
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default().trim_start_matches("MemTotal:").trim().to_owned();
    let (date, kernel, rust) = (said("date", &["+%Y-%m-%d %H:%M"]), said("uname", &["-sr"]), said("rustc", &["--version"]));
    let disk = said("findmnt", &["-no", "SOURCE,FSTYPE", "-T", "."]);
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!(
        "# Benchmarks\n\nMeasured {date}, Banhao {version}, {rust}. Machine: {cores} cores, memory {memory}, {kernel}, disk {disk}. Beside it ran: {beside}.\n\n\
         {table}\nRepeat with `cargo xtask bench --write`. Clients, server and database share the cores. SQLite commits with WAL and\n\
         synchronous=FULL, PostgreSQL with fsync and synchronous_commit on. The comparison writes the rows of the same submissions once\n\
         more, each submission in a transaction of its own, into copies of the tables with all their indexes; it reads them from the\n\
         original tables, and writes the draft's row anew where a submission updates it.\n"
    ))
}
