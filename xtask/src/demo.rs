//! `cargo xtask run` and `cargo xtask demo-reset`: the demonstration city on the developer's machine.

use std::{
    fs,
    io::{self, BufRead, Write},
    path::Path,
};

use crate::{
    failure::{Failure, Outcome, run},
    workspace::Workspace,
};

/// Builds and serves the demonstration.
pub fn serve(workspace: &Workspace, release: bool, arguments: &[String]) -> Outcome {
    let mut command = workspace.cargo(["run", "--package", "banhao"]);
    if release {
        command.arg("--release");
    }
    run(command.arg("--").arg("demo").args(arguments))
}

/// Deletes an installation's data after asking, then makes and serves the demonstration anew.
pub fn reset(workspace: &Workspace, data: &Path, yes: bool, release: bool) -> Outcome {
    let folder = workspace.root().join(data);
    if folder.exists() {
        if !is_installation(&folder)? {
            return Err(Failure::new(format!(
                "{} does not look like the data of an installation: it has no folder keys",
                folder.display()
            ))
            .remedy("delete it by hand if it is to go"));
        }
        if !yes && !confirmed(&folder)? {
            return Err(Failure::new("Nothing was deleted."));
        }
        fs::remove_dir_all(&folder)?;
        eprintln!("{} is deleted.", folder.display());
    }
    serve(workspace, release, &["--data".to_owned(), folder.display().to_string()])
}

fn is_installation(folder: &Path) -> Outcome<bool> {
    Ok(folder.join("keys").is_dir() || fs::read_dir(folder)?.next().is_none())
}

fn confirmed(folder: &Path) -> Outcome<bool> {
    eprint!("Delete {} with its database, files and keys? [y/N] ", folder.display());
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
