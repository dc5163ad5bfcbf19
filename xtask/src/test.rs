//! `cargo xtask test`: everything that must hold, on both databases and in a browser.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    check, differential,
    failure::{Failure, Outcome, ask, run},
    hygiene, needs,
    postgres::Server,
    steps::Steps,
    workspace::Workspace,
};

/// One part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// House rules a compiler does not know.
    Hygiene,
    /// The format.
    Fmt,
    /// The lints.
    Clippy,
    /// Unit and scenario tests on SQLite and PostgreSQL, examples in the documentation.
    Unit,
    /// A sample of processes and expressions beside other people's engines.
    Differential,
    /// The pages in a browser.
    Browser,
}

/// Runs all parts, or one.
pub fn test(workspace: &Workspace, only: Option<Part>) -> Outcome {
    let wants = |part| only.is_none_or(|only| only == part);
    let browser = workspace.path("tests/browser/run.mjs");
    let mut steps = Steps::default();
    if wants(Part::Hygiene) {
        steps.run("hygiene", || hygiene::check(workspace));
    }
    if wants(Part::Fmt) {
        steps.run("fmt", || check::fmt(workspace));
    }
    if wants(Part::Clippy) {
        steps.run("clippy", || check::clippy(workspace));
    }
    let mut ground = Ground::default();
    if wants(Part::Unit) || wants(Part::Browser) {
        steps.run("needs", || ground.prepare(workspace, wants(Part::Browser) && browser.is_file()));
    }
    if steps.failed("needs") {
        return steps.finish();
    }
    if wants(Part::Unit) {
        steps.run("unit", || run(ground.on(&mut unit(workspace))));
        if uses_nextest(workspace) {
            steps.run("doc", || doc(workspace, &ground));
        }
    }
    if wants(Part::Differential) {
        steps.run("differential", || differential::differential(workspace, differential::SAMPLE));
    }
    if wants(Part::Browser) {
        steps.run("browser", || {
            if !browser.is_file() {
                return Err(Failure::new("tests/browser/run.mjs is missing"));
            }
            run(&mut workspace.cargo(["build", "--workspace", "--bins"]))?;
            run(ground.on(Command::new("node").arg(&browser).env("BANHAO_BIN", workspace.target().join("debug/banhao"))))
        });
    }
    steps.finish()
}

/// What the tests stand on.
#[derive(Default)]
struct Ground {
    server: Option<Server>,
    python: Option<PathBuf>,
    browser: Option<PathBuf>,
}

impl Ground {
    fn prepare(&mut self, workspace: &Workspace, browser: bool) -> Outcome {
        self.python = Some(needs::for_scenarios(workspace)?);
        if browser {
            self.browser = needs::for_browser(workspace)?;
        }
        if std::env::var_os("BANHAO_TEST_POSTGRES").is_some() {
            eprintln!("Using the PostgreSQL server that BANHAO_TEST_POSTGRES names.");
        } else {
            let server = Server::start(workspace)?;
            eprintln!("A private PostgreSQL listens on {}.", server.url());
            self.server = Some(server);
        }
        Ok(())
    }

    /// Tells a command what it stands on.
    fn on<'command>(&self, command: &'command mut Command) -> &'command mut Command {
        if let Some(server) = &self.server {
            command.env("BANHAO_TEST_POSTGRES", server.url());
        }
        if let Some(python) = &self.python {
            command.env("BANHAO_TEST_PYTHON", python);
        }
        if let Some(browser) = &self.browser {
            command.env("BANHAO_CHROMIUM", browser);
        }
        command
    }
}

fn uses_nextest(workspace: &Workspace) -> bool {
    ask(&mut workspace.cargo(["nextest", "--version"])).is_some()
}

fn unit(workspace: &Workspace) -> Command {
    if uses_nextest(workspace) {
        workspace.cargo(["nextest", "run", "--workspace", "--no-fail-fast", "--status-level=fail", "--show-progress=none"])
    } else {
        workspace.cargo(["test", "--workspace", "--no-fail-fast", "--quiet"])
    }
}

/// The examples in documentation comments, which nextest does not run. Where there are none, nothing is built.
fn doc(workspace: &Workspace, ground: &Ground) -> Outcome {
    let sources = workspace.files()?.into_iter().filter(|file| file.starts_with("crates/") && file.ends_with(".rs"));
    let mut texts = sources.filter_map(|file| fs::read_to_string(workspace.path(&file)).ok());
    let is_example = |line: &str| matches!(line.trim_start().get(..3), Some("///" | "//!")) && line.contains("```");
    if !texts.any(|text| text.lines().any(is_example)) {
        eprintln!("No examples in the documentation.");
        return Ok(());
    }
    run(ground.on(&mut workspace.cargo(["test", "--workspace", "--doc", "--quiet"])))
}
