//! The one door for developers: `cargo xtask COMMAND`.

mod bench;
mod check;
mod demo;
mod differential;
mod dmn_tck;
mod failure;
mod fuzz;
mod hygiene;
mod needs;
mod postgres;
mod steps;
mod test;
mod vectors;
mod workspace;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{failure::Outcome, workspace::Workspace};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The one door for developers")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what the tests need, then runs everything: hygiene, format, lints, unit and scenario tests, browser tests
    Test {
        /// Only this part
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Hygiene, format and lints: what must be clean at every commit
    Check,
    /// Builds and serves the demonstration
    Run {
        /// With optimisation: slower to build, much faster to run
        #[arg(long)]
        release: bool,
        /// Options of `banhao demo`, for instance --listen 127.0.0.1:9000
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Deletes the data folder after asking, then makes and serves the demonstration anew
    DemoReset {
        /// The data folder
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        /// With optimisation
        #[arg(long)]
        release: bool,
    },
    /// Measures the optimised program on both databases and prints a table
    Bench {
        /// Only this part
        #[arg(long, value_enum)]
        only: Option<bench::Part>,
        /// Update docs/benchmarks.md
        #[arg(long)]
        write: bool,
        /// What else runs on the machine, for the document
        #[arg(long, default_value = "nothing that was told")]
        beside: String,
    },
    /// Checks the kernel against a file of domain vectors and prints passed and failed per group
    Vectors {
        /// A file in the form of crates/kernel/tests/data/domain-vectors.json
        file: PathBuf,
    },
    /// Feeds the readers of BPMN, DMN and XML with mangled files and tells what breaks them
    Fuzz {
        /// How long each
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
        /// Only this one
        #[arg(value_enum)]
        target: Option<fuzz::Target>,
    },
    /// Runs a folder laid out like the DMN TCK and prints passed, failed and unsupported
    DmnTck {
        /// The folder, with all folders below
        folder: PathBuf,
    },
    /// Compares random processes and FEEL expressions with SpiffWorkflow, bpmn-engine and feelin
    Differential {
        /// How much
        #[command(flatten)]
        amount: differential::Amount,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test { only } => here(|workspace| test::test(workspace, only)),
        Command::Check => here(check::check),
        Command::Run { release, arguments } => here(|workspace| demo::serve(workspace, release, &arguments)),
        Command::DemoReset { data, yes, release } => here(|workspace| demo::reset(workspace, &data, yes, release)),
        Command::Bench { only, write, beside } => here(|workspace| bench::bench(workspace, only, write, &beside)),
        Command::Vectors { file } => return vectors::run(&file),
        Command::Fuzz { minutes, target } => here(|workspace| fuzz::fuzz(workspace, minutes, target)),
        Command::DmnTck { folder } => match Workspace::find().and_then(|workspace| dmn_tck::run(&workspace, &folder)) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
        Command::Differential { amount } => here(|workspace| differential::differential(workspace, amount)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn here(command: impl FnOnce(&Workspace) -> Outcome) -> Outcome {
    command(&Workspace::find()?)
}
