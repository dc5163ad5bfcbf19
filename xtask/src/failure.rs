//! What a developer is told when something did not work: what happened, and what to do next.

use std::{fmt, io, process::Command};

/// Something did not work.
#[derive(Debug)]
pub struct Failure {
    what: String,
    remedy: Option<String>,
}

/// The result of anything here.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// What happened.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// What to do next.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.remedy.as_ref().map_or(Ok(()), |remedy| write!(f, "\n  What to do: {remedy}"))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Runs a command with its output shown; a status other than 0 is a failure.
pub fn run(command: &mut Command) -> Outcome {
    let name = shown(command);
    let status = command.status().map_err(|error| Failure::new(format!("{name}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name}: {status}"))) }
}

/// Runs a command quietly; gives what it printed, or nothing when it cannot be started or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as one would type it.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
