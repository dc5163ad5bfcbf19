//! `cargo xtask dmn-tck DIR`: builds and runs the conformance tool on a folder laid out like the DMN TCK.

use std::{path::Path, process::ExitCode};

use crate::{failure::Outcome, workspace::Workspace};

/// Runs it. Exit code 1 when a result is another, 2 when nothing could be run.
pub fn run(workspace: &Workspace, folder: &Path) -> Outcome<ExitCode> {
    let mut cargo = workspace.cargo(["run", "--quiet", "--package", "banhao-conformance", "--", "dmn-tck"]);
    // The tool runs at the top of the repository, the folder is meant from where we are.
    let status = cargo.arg(std::path::absolute(folder)?).status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
