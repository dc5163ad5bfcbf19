//! `cargo xtask bench`: builds the program and its measurements with optimisation, starts a durable PostgreSQL where one is needed, prints
//! the tables; with `--write`, docs/benchmarks.md says them with date and machine. Parts can be measured alone; the document keeps the others.

use std::{
    fs,
    process::{Command, Stdio},
};

use clap::ValueEnum;

use crate::{
    failure::{Failure, Outcome, ask, run},
    needs,
    postgres::Server,
    workspace::Workspace,
};

/// What can be measured alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The process engine in memory, beside SpiffWorkflow and bpmn-engine; cost of a step with 10,000 open tasks
    Engines,
    /// User tasks completed on the unit of work, on both databases
    Durable,
    /// The program under load: submissions, pages, memory, start
    Http,
    /// Papers typeset and signed
    Papers,
}

const PARTS: [Part; 4] = [Part::Engines, Part::Durable, Part::Http, Part::Papers];

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Engines => "engines",
            Self::Durable => "durable",
            Self::Http => "http",
            Self::Papers => "papers",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Engines => "Processes in memory",
            Self::Durable => "Processes on the database",
            Self::Http => "The program under load",
            Self::Papers => "Papers",
        }
    }
}

const DOCUMENT: &str = "docs/benchmarks.md";

/// Measures one part or all; `write` also updates the document, `beside` says what else ran on the machine.
pub fn bench(workspace: &Workspace, only: Option<Part>, write: bool, beside: &str) -> Outcome {
    let parts: Vec<Part> = PARTS.into_iter().filter(|part| only.is_none_or(|only| only == *part)).collect();
    let mut build = workspace.cargo(["build", "--release", "--package", "banhao-bench"]);
    if parts.contains(&Part::Http) {
        build.args(["--package", "banhao"]);
    }
    run(&mut build)?;
    let mut measured = Vec::new();
    for part in parts {
        let section = format!("## {}\n\n{}\n\n{}", part.title(), machine(beside)?, tables(workspace, part)?.trim_end());
        eprintln!("\n{section}\n");
        measured.push((part, section));
    }
    if write {
        let before = fs::read_to_string(workspace.path(DOCUMENT)).unwrap_or_default();
        fs::write(workspace.path(DOCUMENT), document(&before, &measured))?;
    }
    Ok(())
}

fn tables(workspace: &Workspace, part: Part) -> Outcome<String> {
    let release = workspace.target().join("release");
    let mut command = Command::new(release.join("banhao-bench"));
    command.arg(part.name()).env("BANHAO_BENCH_PROGRAM", release.join("banhao")).env("BANHAO_BENCH_ROOT", workspace.root());
    if part == Part::Engines {
        let engines = needs::for_engines(workspace)?;
        command.env("BANHAO_BENCH_PYTHON", engines.python).env("BANHAO_BENCH_NODE", engines.node);
    }
    let server = match part {
        Part::Durable | Part::Http => Some(Server::start_durable(workspace)?),
        Part::Engines | Part::Papers => None,
    };
    if let Some(server) = &server {
        command.env("BANHAO_BENCH_POSTGRES", server.url()).env("BANHAO_BENCH_SOCKET", server.socket().unwrap_or_default());
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(Failure::new(format!("the measurement failed: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    ask(Command::new(program).args(arguments)).unwrap_or_else(|| "unknown".to_owned())
}

/// When and where it was measured.
fn machine(beside: &str) -> Outcome<String> {
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default().trim_start_matches("MemTotal:").trim().to_owned();
    let (date, kernel, rust) = (said("date", &["+%Y-%m-%d %H:%M"]), said("uname", &["-sr"]), said("rustc", &["--version"]));
    let disk = said("findmnt", &["-no", "SOURCE,FSTYPE", "-T", "."]);
    let (version, commit) = (env!("CARGO_PKG_VERSION"), said("git", &["rev-parse", "--short", "HEAD"]));
    Ok(format!(
        "Measured {date}, Banhao {version} ({commit}), {rust}. Machine: {cores} cores, memory {memory}, {kernel}, disk {disk}.\n\
         Beside it ran: {beside}."
    ))
}

/// The document with the sections that were measured; the others as they are.
fn document(before: &str, measured: &[(Part, String)]) -> String {
    let mut text = "# Benchmarks\n\nRepeat with `cargo xtask bench --write`, or one part with `--only engines`, `durable`, `http` or `papers`; `--beside` says what\n\
                    else runs. Speed is compared with something measured in the same run; nothing in the tests asserts on it.\n"
        .to_owned();
    for part in PARTS {
        let new = measured.iter().find(|(of, _)| *of == part).map(|(_, section)| section.as_str());
        if let Some(section) = new.or_else(|| section(before, part)) {
            text += &format!("\n{}\n", section.trim_end());
        }
    }
    text
}

fn section(document: &str, part: Part) -> Option<&str> {
    let from = document.find(&format!("## {}\n", part.title()))?;
    let rest = &document[from..];
    let to = rest[3..].find("\n## ").map_or(rest.len(), |at| at + 3);
    Some(&rest[..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_that_were_not_measured_stay() {
        let all: Vec<(Part, String)> = PARTS.into_iter().map(|part| (part, format!("## {}\n\nold", part.title()))).collect();
        let before = document("", &all);
        let after = document(&before, &[(Part::Durable, format!("## {}\n\nnew", Part::Durable.title()))]);
        assert_eq!(after, before.replacen("## Processes on the database\n\nold", "## Processes on the database\n\nnew", 1));
        assert_ne!(after, before);
    }
}
