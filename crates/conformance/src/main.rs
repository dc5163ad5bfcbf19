//! Compares our engines with what others say they should do: the DMN compatibility kit, SpiffWorkflow, bpmn-engine. A tool for
//! developers, built and run by `cargo xtask dmn-tck` and `cargo xtask differential`; not part of the product.

mod dice;
mod dmn_tck;
mod feel;
mod processes;
mod runner;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "banhao-conformance", about = "Compares our engines with the standards' tests and with other engines")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a folder laid out like the DMN TCK
    DmnTck {
        /// The folder, with all folders below
        folder: PathBuf,
    },
    /// Compares random processes and expressions with other engines
    Differential {
        /// Number of random processes
        #[arg(long)]
        processes: u64,
        /// Number of random FEEL expressions
        #[arg(long)]
        feel: u64,
        /// What the random things grow from
        #[arg(long)]
        seed: u64,
        /// Node
        #[arg(long)]
        node: PathBuf,
        /// A Python with SpiffWorkflow
        #[arg(long)]
        python: PathBuf,
        /// The folder with the runners
        #[arg(long)]
        engines: PathBuf,
    },
}

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let outcome = match Arguments::parse().command {
        Command::DmnTck { folder } => return dmn_tck::run(&folder, &mut out),
        Command::Differential { processes, feel, seed, node, python, engines } => {
            processes::run(processes, seed, &node, &python, &engines, &mut out)
                .and_then(|explained| Ok(feel::run(feel, seed, &node, &engines, &mut out)? && explained))
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            // Nothing better can be done when even standard error is gone.
            let _ = writeln!(io::stderr(), "{problem}");
            ExitCode::from(2)
        }
    }
}
