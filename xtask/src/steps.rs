//! Runs named steps one after the other, each with its time, and sums up at the end. A failed step does not keep the later ones
//! from running: one run says everything.

use std::time::Instant;

use crate::failure::{Failure, Outcome};

/// Steps done so far.
#[derive(Default)]
pub struct Steps {
    failed: Vec<&'static str>,
}

impl Steps {
    /// Runs a step; says how it went and how long it took.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Outcome) {
        eprintln!("\n── {name}");
        let start = Instant::now();
        let outcome = step();
        let seconds = start.elapsed().as_secs_f32();
        match outcome {
            Ok(()) => eprintln!("── {name}: passed ({seconds:.1} s)"),
            Err(failure) => {
                eprintln!("{failure}\n── {name}: FAILED ({seconds:.1} s)");
                self.failed.push(name);
            }
        }
    }

    /// Whether a step failed.
    pub fn failed(&self, name: &str) -> bool {
        self.failed.contains(&name)
    }

    /// The result of all.
    pub fn finish(self) -> Outcome {
        if self.failed.is_empty() {
            eprintln!("\nEverything passed.");
            return Ok(());
        }
        Err(Failure::new(format!("\nFailed: {}.", self.failed.join(", "))))
    }
}
