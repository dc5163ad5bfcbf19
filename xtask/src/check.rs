//! `cargo xtask check`: what must be clean at every commit, without running tests.

use crate::{
    failure::{Failure, Outcome, ask, run},
    hygiene,
    steps::Steps,
    workspace::Workspace,
};

/// Hygiene, format and lints.
pub fn check(workspace: &Workspace) -> Outcome {
    let mut steps = Steps::default();
    steps.run("hygiene", || hygiene::check(workspace));
    steps.run("fmt", || fmt(workspace));
    steps.run("clippy", || clippy(workspace));
    steps.finish()
}

/// The format.
pub fn fmt(workspace: &Workspace) -> Outcome {
    component(workspace, "fmt", "rustfmt")?;
    run(&mut workspace.cargo(["fmt", "--all", "--", "--check", "-l"])).map_err(|failure| failure.remedy("cargo fmt --all"))
}

/// The lints; a warning is an error.
pub fn clippy(workspace: &Workspace) -> Outcome {
    component(workspace, "clippy", "clippy")?;
    run(&mut workspace.cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// A part of the toolchain that a minimal installation lacks.
fn component(workspace: &Workspace, subcommand: &str, name: &str) -> Outcome {
    if ask(&mut workspace.cargo([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    eprintln!("The toolchain lacks {name}; adding it with rustup.");
    run(std::process::Command::new("rustup").args(["component", "add", name]).current_dir(workspace.root()))
        .map_err(|failure| Failure::new(failure.to_string()).remedy(format!("install {name} for this toolchain")))
}
