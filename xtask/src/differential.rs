//! `cargo xtask differential`: random processes and expressions in our engines and in other people's
//! (docs/differential.md). Installs those, builds and runs the conformance tool.

use crate::{
    failure::{Outcome, run},
    needs,
    workspace::Workspace,
};

/// How much is compared.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Amount {
    /// Random processes
    #[arg(long, default_value_t = 400)]
    pub processes: u64,
    /// Random FEEL expressions
    #[arg(long, default_value_t = 3_000)]
    pub feel: u64,
    /// What they grow from; the same seed gives the same ones
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// For every test run: seconds, not minutes.
pub const SAMPLE: Amount = Amount { processes: 60, feel: 600, seed: 7 };

/// Compares; a difference that is not explained is a failure.
pub fn differential(workspace: &Workspace, amount: Amount) -> Outcome {
    let engines = needs::for_engines(workspace)?;
    let mut cargo = workspace.cargo(["run", "--quiet", "--package", "banhao-conformance", "--", "differential"]);
    cargo.args(["--processes", &amount.processes.to_string(), "--feel", &amount.feel.to_string(), "--seed", &amount.seed.to_string()]);
    cargo.arg("--node").arg(engines.node).arg("--python").arg(engines.python).arg("--engines").arg(engines.folder);
    run(&mut cargo)
}
