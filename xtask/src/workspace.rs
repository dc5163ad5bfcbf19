//! Where things are: the top of the repository, cargo and its target folder, the files under version control.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::failure::{Failure, Outcome};

/// The repository this was built from.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and configuration files are honoured. Where this runs counts, not where it was
    /// built: a target folder may be shared by several clones.
    pub fn find() -> Outcome<Self> {
        let output = cargo()
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .current_dir(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| ".".into()))
            .output()
            .map_err(|error| Failure::new(format!("cargo cannot be started: {error}")))?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| Failure::new(format!("cargo metadata failed: {error}\n{}", String::from_utf8_lossy(&output.stderr))))?;
        let path =
            |key: &str| metadata[key].as_str().map(PathBuf::from).ok_or_else(|| Failure::new(format!("cargo metadata does not say {key}")));
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// Top of the repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the repository.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Cargo's target folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A cargo command at the top of the repository.
    pub fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = cargo();
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// The files under version control, and new ones that are not ignored, relative to the top.
    pub fn files(&self) -> Outcome<Vec<String>> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output()
            .map_err(|error| Failure::new(format!("git cannot be started: {error}")).remedy("install git"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::new(format!("git cannot list the files: {}", said.trim())).remedy("run it in a clone of your own"));
        }
        let mut files: Vec<_> = String::from_utf8_lossy(&output.stdout)
            .split_terminator('\0')
            .map(str::to_owned)
            .filter(|file| self.path(file).is_file())
            .collect();
        files.dedup();
        Ok(files)
    }
}

/// The cargo that runs us.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
