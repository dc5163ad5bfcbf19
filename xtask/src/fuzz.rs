//! `cargo xtask fuzz [--minutes 10] [TARGET]`: feeds the readers of files of strangers with mangled files (fuzz/). Built with
//! cargo-fuzz in a target folder of its own; what is found is kept there with the corpus, and told.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::ValueEnum;

use crate::{
    failure::{Failure, Outcome, ask, run},
    workspace::Workspace,
};

/// Version that is installed when there is none.
const CARGO_FUZZ: &str = "0.13.2";
/// More memory than this, in megabytes, is a finding.
const MOST_MEMORY: u32 = 2_048;
/// An input that takes longer than this, in seconds, is a finding.
const MOST_SECONDS: u32 = 10;
/// Longest input made, in bytes.
const MOST_BYTES: u32 = 65_536;

/// What is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Target {
    /// BPMN: read, check, write, draw, lay out, compare, run
    BpmnRead,
    /// DMN: read, evaluate
    DmnRead,
    /// The look over an XML text
    XmlLook,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Self::BpmnRead => "bpmn_read",
            Self::DmnRead => "dmn_read",
            Self::XmlLook => "xml_look",
        }
    }

    /// The endings of the repository's own files of the kind; they are the first inputs, beside fuzz/seeds.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::BpmnRead => &[".bpmn"],
            Self::DmnRead => &[".dmn"],
            Self::XmlLook => &[".bpmn", ".dmn"],
        }
    }

    fn dictionary(self) -> &'static str {
        match self {
            Self::DmnRead => "dmn.dict",
            Self::BpmnRead | Self::XmlLook => "bpmn.dict",
        }
    }
}

/// Runs one target or all, one after the other.
pub fn fuzz(workspace: &Workspace, minutes: u32, target: Option<Target>) -> Outcome {
    let tool = tool(workspace)?;
    let targets = target.map_or_else(|| Target::value_variants().to_vec(), |target| vec![target]);
    let mut found = Vec::new();
    for target in targets {
        eprintln!("\n── {}, {minutes} minutes", target.name());
        if let Err(failure) = feed(workspace, &tool, minutes, target) {
            eprintln!("{failure}");
            found.push(target.name());
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("Something was found by: {}.", found.join(", ")))
        .remedy("look into target/fuzz/found; mend it and add a test"))
}

fn feed(workspace: &Workspace, tool: &Path, minutes: u32, target: Target) -> Outcome {
    let out = workspace.target().join("fuzz");
    let folder = |kind: &str| -> Outcome<PathBuf> {
        let path = out.join(kind).join(target.name());
        fs::create_dir_all(&path).map_err(|error| Failure::new(format!("{} cannot be made: {error}", path.display())))?;
        Ok(path)
    };
    let (corpus, given, found) = (folder("corpus")?, folder("given")?, folder("found")?);
    for (at, file) in workspace.files()?.iter().filter(|file| target.endings().iter().any(|ending| file.ends_with(ending))).enumerate() {
        fs::copy(workspace.path(file), given.join(format!("{at}"))).map_err(|error| Failure::new(format!("{file}: {error}")))?;
    }
    let mut prefix = OsString::from("-artifact_prefix=");
    prefix.push(&found);
    prefix.push("/");
    let mut command = Command::new(tool);
    // Coverage is a matter of flags the stable compiler has under its own name only; nothing else unstable is used.
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", &out).current_dir(workspace.path("fuzz"));
    command.args(["run", "--fuzz-dir", ".", "-s", "none", target.name()]).arg(corpus).arg(given);
    let seeds = workspace.path("fuzz/seeds").join(target.name());
    if seeds.is_dir() {
        command.arg(seeds);
    }
    command.arg("--").args([
        format!("-dict={}", target.dictionary()),
        format!("-max_total_time={}", minutes * 60),
        format!("-rss_limit_mb={MOST_MEMORY}"),
        format!("-timeout={MOST_SECONDS}"),
        format!("-max_len={MOST_BYTES}"),
        "-print_final_stats=1".to_owned(),
    ]);
    run(command.arg(prefix))
}

/// cargo-fuzz, installed beside the build when it is not there.
fn tool(workspace: &Workspace) -> Outcome<PathBuf> {
    let tools = workspace.target().join("tools");
    let tool = tools.join("bin/cargo-fuzz");
    if ask(Command::new(&tool).arg("--version")).is_none() {
        eprintln!("Installing cargo-fuzz {CARGO_FUZZ} into {}.", tools.display());
        run(workspace.cargo(["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ, "--root"]).arg(&tools))?;
    }
    Ok(tool)
}
