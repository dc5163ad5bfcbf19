//! Random processes in our engine beside SpiffWorkflow and bpmn-engine: every difference must be one that is known and
//! explained in docs/differential.md.

mod block;
mod compare;
mod drawing;
mod ours;
mod reasons;

use std::{collections::BTreeMap, io::Write, path::Path};

use self::{
    block::{Block, Kinds, Scope},
    compare::{Other, Trace, compare},
    drawing::{Dialect, Drawing},
    reasons::Reason,
};
use crate::{dice::Dice, runner::Runner};

/// Most smaller processes that are tried for one difference.
const MOST_TRIALS: usize = 2_000;
/// Most unexplained differences that are shown.
const MOST_SHOWN: usize = 5;

/// The other engines.
struct Engines {
    spiff: Runner,
    bpmn_engine: Runner,
}

impl Engines {
    fn run(&mut self, drawing: &Drawing, other: Other, seed: u64) -> Result<Trace, String> {
        let runner = match other {
            Other::SpiffWorkflow => &mut self.spiff,
            Other::BpmnEngine => &mut self.bpmn_engine,
        };
        compare(drawing, other, runner, seed)
    }
}

/// What was found.
#[derive(Default)]
struct Tally {
    runs: BTreeMap<Other, usize>,
    steps: usize,
    explained: BTreeMap<(Other, Reason), usize>,
    unexplained: usize,
}

/// Compares so many processes; true when every difference is explained.
///
/// # Errors
/// An engine cannot be started or is gone, or nothing can be written.
pub fn run(count: u64, seed: u64, node: &Path, python: &Path, folder: &Path, out: &mut dyn Write) -> Result<bool, String> {
    let mut engines = Engines {
        spiff: Runner::start(python, &folder.join("spiff.py"))?,
        bpmn_engine: Runner::start(node, &folder.join("bpmn_engine.mjs"))?,
    };
    let mut tally = Tally::default();
    for number in 0..count {
        let seed = Dice::of(&[seed, number]).throw();
        let scope = block::process(&mut Dice::new(seed), Kinds { inclusive: number % 3 == 0 });
        let drawing = Drawing::of(&scope);
        let mut traces = Vec::new();
        for other in [Other::SpiffWorkflow, Other::BpmnEngine] {
            if is_common(&scope, other) {
                traces.push((other, engines.run(&drawing, other, seed)?));
                *tally.runs.entry(other).or_default() += 1;
            }
        }
        let outvoted = agree_against_us(&traces);
        for (other, trace) in traces {
            tally.steps += trace.lines.len();
            if !trace.differs {
                continue;
            }
            if let (Some(reason), false) = (reasons::of(other, &scope, &trace), outvoted) {
                *tally.explained.entry((other, reason)).or_default() += 1;
                continue;
            }
            tally.unexplained += 1;
            if tally.unexplained <= MOST_SHOWN {
                let (scope, seed, trace) = shrink(&mut engines, other, scope.clone(), seed, trace)?;
                show(other, &scope, seed, &trace, out).map_err(|error| error.to_string())?;
            }
        }
    }
    summary(count, &tally, out).map_err(|error| error.to_string())?;
    Ok(tally.unexplained == 0)
}

/// Whether both others say the same at the same step, and we something else: then no explanation counts.
fn agree_against_us(traces: &[(Other, Trace)]) -> bool {
    match traces {
        [(_, one), (_, two)] if one.differs && two.differs && one.lines.len() == two.lines.len() => {
            one.lines.last().map(|line| &line.theirs) == two.lines.last().map(|line| &line.theirs)
        }
        _ => false,
    }
}

/// What an engine does not offer is not asked of it.
fn is_common(scope: &Scope, other: Other) -> bool {
    match other {
        // Its parser refuses tasks with several flows out: they are to be drawn with a gateway.
        Other::SpiffWorkflow => !scope.has(&|block| matches!(block, Block::Parallel { implicit: true, .. })),
        // It has no inclusive join: each token is passed on.
        Other::BpmnEngine => !scope.has(&|block| matches!(block, Block::Inclusive(_))),
    }
}

/// Greedy: as long as a smaller process also shows an unexplained difference, that one is taken.
fn shrink(engines: &mut Engines, other: Other, scope: Scope, seed: u64, trace: Trace) -> Result<(Scope, u64, Trace), String> {
    let mut smallest = (scope, seed, trace);
    let mut trials = 0;
    'smaller: loop {
        for scope in smallest.0.smaller() {
            let drawing = Drawing::of(&scope);
            // Another process is walked through in another way: a few are tried.
            for seed in [smallest.1].into_iter().chain((0..6).map(|number| Dice::of(&[seed, number, 9]).throw())) {
                trials += 1;
                if trials > MOST_TRIALS {
                    return Ok(smallest);
                }
                let trace = engines.run(&drawing, other, seed)?;
                if trace.differs && is_common(&scope, other) && reasons::of(other, &scope, &trace).is_none() {
                    smallest = (scope, seed, trace);
                    continue 'smaller;
                }
            }
        }
        return Ok(smallest);
    }
}

fn show(other: Other, scope: &Scope, seed: u64, trace: &Trace, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "\nA difference to {} that is not explained (seed {seed}):\n{scope:?}", other.name())?;
    writeln!(out, "{}", Drawing::of(scope).xml(Dialect::Feel))?;
    for line in &trace.lines {
        let done = line.done.as_deref().unwrap_or("start");
        if line.ours == line.theirs {
            writeln!(out, "  {done}: {}", line.ours)?;
        } else {
            writeln!(out, "  {done}:\n    ours:   {}\n    theirs: {}", line.ours, line.theirs)?;
        }
    }
    Ok(())
}

fn summary(count: u64, tally: &Tally, out: &mut dyn Write) -> std::io::Result<()> {
    let runs: Vec<String> = tally.runs.iter().map(|(other, runs)| format!("{runs} in {}", other.name())).collect();
    writeln!(out, "processes: {count} random processes, runs: {}, {} states compared", runs.join(", "), tally.steps)?;
    for ((other, reason), count) in &tally.explained {
        writeln!(out, "  {}: {count} × {} (docs/differential.md)", other.name(), reason.name())?;
    }
    writeln!(out, "  not explained: {}", tally.unexplained)
}
