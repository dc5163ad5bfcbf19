//! The approval of seven nodes in memory, by our engine and, in the same run, by SpiffWorkflow and bpmn-engine: one thread each, one after
//! the other, the same file, conditions in each engine's words.

use std::{
    fmt::Write,
    path::Path,
    process::{Command as Program, Stdio},
    time::{Duration, Instant},
};

use banhao_bpmn::{Command, Instance, Model, act};
use banhao_catalogue::FlowConditions;
use serde_json::{Value, json};

use crate::{Outcome, Tools};

/// How long each engine runs in each way.
const SPAN: Duration = Duration::from_secs(5);
/// How often everything is measured; the median counts.
const ROUNDS: usize = 3;

/// What happens to the state after every step.
const WAYS: [(&str, &str); 3] = [
    ("memory", "in memory"),
    ("written", "state written as JSON after every step"),
    ("reread", "state written and read again after every step"),
];

fn keep(way: &str, instance: Instance) -> Outcome<Instance> {
    Ok(match way {
        "memory" => instance,
        "written" => {
            std::hint::black_box(serde_json::to_string(&instance)?);
            instance
        }
        _ => serde_json::from_str(&serde_json::to_string(&instance)?)?,
    })
}

fn run(model: &Model, conditions: &FlowConditions, way: &str) -> Outcome {
    let mut instance = Instance::blank();
    act(model, &mut instance, &Command::Start { at: None, variables: json!({}) }, conditions)?;
    let mut instance = keep(way, instance)?;
    for (element, variables) in [("accept", json!({ "accepted": true })), ("review", json!({ "passed": true })), ("decide", json!({}))] {
        let task = instance.task_at(element).ok_or_else(|| format!("{element} is not open"))?;
        act(model, &mut instance, &Command::Complete { task, variables }, conditions)?;
        instance = keep(way, instance)?;
    }
    if instance.is_running() || instance.times_done("closed") != 1 { Err("the run went wrong".into()) } else { Ok(()) }
}

fn ours(file: &Path, way: &str) -> Outcome<f64> {
    let model = Model::parse(&std::fs::read_to_string(file)?).map_err(|problems| format!("{problems:?}"))?;
    let conditions = FlowConditions::new();
    for (span, counts) in [(SPAN / 5, false), (SPAN, true)] {
        let (start, mut done) = (Instant::now(), 0);
        while start.elapsed() < span {
            run(&model, &conditions, way)?;
            done += 1;
        }
        if counts {
            return Ok(crate::number(done) / start.elapsed().as_secs_f64());
        }
    }
    Err("nothing was measured".into())
}

/// Instances per second of another engine, and its version.
fn theirs(program: &Path, script: &Path, file: &Path, way: &str) -> Outcome<(f64, String)> {
    let mut command = Program::new(program);
    let output = command.arg(script).arg(file).arg(way).arg(SPAN.as_secs().to_string()).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{} failed: {}", script.display(), output.status).into());
    }
    let said: Value = serde_json::from_slice(&output.stdout)?;
    let (instances, seconds) = (said["instances"].as_f64(), said["seconds"].as_f64());
    let rate = instances.zip(seconds).map(|(instances, seconds)| instances / seconds).ok_or("a runner did not say how many")?;
    Ok((rate, said["version"].as_str().unwrap_or_default().to_owned()))
}

/// The table of the three engines.
pub fn measure(table: &mut String, tools: &Tools) -> Outcome {
    let folder = tools.root.join("tests/engines");
    let file = folder.join("bench_approval.bpmn");
    let mut rows = String::new();
    let mut versions = (String::new(), String::new());
    for (way, said) in WAYS {
        let (mut own, mut spiff, mut node) = (Vec::new(), Vec::new(), Vec::new());
        for round in 1..=ROUNDS {
            eprintln!("engines, {said}: round {round} of {ROUNDS}");
            own.push(ours(&file, way)?);
            let (rate, version) = theirs(&tools.python, &folder.join("bench_spiff.py"), &file, way)?;
            (versions.0, _) = (version, spiff.push(rate));
            let (rate, version) = theirs(&tools.node, &folder.join("bench_bpmn_engine.mjs"), &file, way)?;
            (versions.1, _) = (version, node.push(rate));
        }
        let [own, spiff, node] = [own, spiff, node].map(|mut rates| {
            rates.sort_unstable_by(f64::total_cmp);
            crate::at(&rates, 50)
        });
        let aim = if way == "memory" { "≥ 100 × SpiffWorkflow" } else { "" };
        writeln!(
            rows,
            "| {said} | {own:.0}/s | {spiff:.0}/s | {node:.0}/s | {:.0} × SpiffWorkflow, {:.0} × bpmn-engine | {aim} |",
            own / spiff,
            own / node
        )?;
    }
    let (spiff, node) = versions;
    writeln!(
        table,
        "| Approval of 7 nodes, 3 tasks of people, 2 conditions | banhao-bpmn | SpiffWorkflow {spiff} | bpmn-engine {node} | Ratio | Aim |"
    )?;
    writeln!(table, "|---|---|---|---|---|---|\n{rows}")?;
    writeln!(
        table,
        "Whole instances per second; median of {ROUNDS} rounds of {} seconds, one thread each, the engines taking turns. The file is\n\
         `tests/engines/bench_approval.bpmn`; the model is read once. Ours asks FEEL (the product's own evaluator), SpiffWorkflow Python,\n\
         bpmn-engine its own expressions. The other two write the model into each state; ours writes the state alone.\n",
        SPAN.as_secs()
    )?;
    Ok(())
}
