//! Another engine in a process of its own: a line of JSON goes in, a line of JSON comes out.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::{Serialize, de::DeserializeOwned};

/// A running engine; it is ended when this is dropped.
pub struct Runner {
    name: String,
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Runner {
    /// Starts `program script`.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(program: &Path, script: &Path) -> Result<Self, String> {
        let name = format!("{} {}", program.display(), script.display());
        let mut command = Command::new(program);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{name}: {error}"))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{name}: no pipes"));
        };
        Ok(Self { name, child, to, from: BufReader::new(from).lines() })
    }

    /// Asks something.
    ///
    /// # Errors
    /// The engine is gone or answers something else than JSON of this form.
    pub fn ask<T: DeserializeOwned>(&mut self, request: &impl Serialize) -> Result<T, String> {
        let problem = |what: String| format!("{}: {what}", self.name);
        let line = serde_json::to_string(request).map_err(|error| problem(error.to_string()))?;
        writeln!(self.to, "{line}").and_then(|()| self.to.flush()).map_err(|error| problem(error.to_string()))?;
        match self.from.next() {
            Some(Ok(answer)) => serde_json::from_str(&answer).map_err(|error| problem(format!("{error}: {answer}"))),
            Some(Err(error)) => Err(problem(error.to_string())),
            None => Err(problem("it has ended".to_owned())),
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // It ends by itself when its input ends; whoever does not must not outlive us.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
