//! What one step costs when very much is open, and after a very long run: the cost must not follow either.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use banhao_bpmn::{Command, Conditions, Instance, Model, TaskRef, act};
use serde_json::{Value, json};

use crate::Outcome;

/// Steps measured at each size.
const STEPS: usize = 1_000;
/// How often they are measured; the median counts.
const REPEATS: usize = 9;
/// How many are open.
const OPEN: [usize; 4] = [10, 100, 1_000, 10_000];
/// Branches of one split at most: a drawing has 2,000 nodes at most.
const WAYS: usize = 1_000;
/// Rounds of the long run.
const ROUNDS: usize = 100_000;

/// The number asked for, and conditions that always hold: what FEEL takes is no question here.
struct Plain;

impl Conditions for Plain {
    fn holds(&self, _: &str, _: &Value) -> Result<bool, String> {
        Ok(true)
    }

    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        variables.get(expression).cloned().ok_or_else(|| format!("no {expression}"))
    }
}

const MANY: &str = "<multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics>";

fn process(middle: &str) -> Outcome<Model> {
    let text = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"><startEvent id="s"/>{middle}<endEvent id="e"/>
        <sequenceFlow id="into" sourceRef="s" targetRef="t"/><sequenceFlow id="out" sourceRef="z" targetRef="e"/></process></definitions>"#
    );
    Model::parse(&text).map_err(|problems| format!("{problems:?}").into())
}

/// As many instances of one task.
fn many() -> Outcome<Model> {
    process(&format!(r#"<userTask id="t">{MANY}</userTask><task id="z"/><sequenceFlow id="f" sourceRef="t" targetRef="z"/>"#))
}

/// One split into as many tasks.
fn fan(ways: usize) -> Outcome<Model> {
    let mut text = r#"<parallelGateway id="t"/><parallelGateway id="z"/>"#.to_owned();
    for way in 0..ways {
        write!(
            text,
            r#"<userTask id="t{way}"/><sequenceFlow id="i{way}" sourceRef="t" targetRef="t{way}"/><sequenceFlow id="o{way}" sourceRef="t{way}" targetRef="z"/>"#
        )?;
    }
    process(&text)
}

/// As many subprocesses; in each a split inside a split, and in the innermost branches tasks in a loop.
fn nested() -> Outcome<Model> {
    process(&format!(
        r#"<subProcess id="t">{MANY}<startEvent id="s1"/><parallelGateway id="p1"/><parallelGateway id="p2"/>
        <userTask id="a"><standardLoopCharacteristics loopMaximum="3"/></userTask><userTask id="b"/><userTask id="c"/>
        <parallelGateway id="j2"/><parallelGateway id="j1"/><endEvent id="e1"/>
        <sequenceFlow id="f1" sourceRef="s1" targetRef="p1"/><sequenceFlow id="f2" sourceRef="p1" targetRef="p2"/>
        <sequenceFlow id="f3" sourceRef="p1" targetRef="c"/><sequenceFlow id="f4" sourceRef="p2" targetRef="a"/>
        <sequenceFlow id="f5" sourceRef="p2" targetRef="b"/><sequenceFlow id="f6" sourceRef="a" targetRef="j2"/>
        <sequenceFlow id="f7" sourceRef="b" targetRef="j2"/><sequenceFlow id="f8" sourceRef="j2" targetRef="j1"/>
        <sequenceFlow id="f9" sourceRef="c" targetRef="j1"/><sequenceFlow id="f10" sourceRef="j1" targetRef="e1"/></subProcess>
        <task id="z"/><sequenceFlow id="f" sourceRef="t" targetRef="z"/>"#
    ))
}

fn begun(model: &Model, n: usize) -> Outcome<Instance> {
    let mut instance = Instance::blank();
    act(model, &mut instance, &Command::Start { at: None, variables: json!({ "n": n }) }, &Plain)?;
    Ok(instance)
}

/// What a step takes at one size, and what writing and reading the state takes then.
struct Cost {
    open: usize,
    step: f64,
    json: f64,
    bytes: usize,
}

/// Completes open tasks one by one, oldest first, in runs begun anew whenever half of the tasks are done.
fn cost(model: &Model, n: usize) -> Outcome<Cost> {
    let whole = begun(model, n)?;
    let open = whole.open_tasks().count();
    let start = Instant::now();
    let text = serde_json::to_string(&whole)?;
    let again: Instance = serde_json::from_str(&text)?;
    let json = start.elapsed();
    if again != whole {
        return Err("a state that was read again is another".into());
    }
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let (mut took, mut steps) = (Duration::ZERO, 0);
        while steps < STEPS {
            let mut instance = whole.clone();
            let tasks: Vec<TaskRef> = instance.open_tasks().map(|(task, _)| task).take((open / 2).min(STEPS - steps)).collect();
            let start = Instant::now();
            for task in &tasks {
                act(model, &mut instance, &Command::Complete { task: *task, variables: Value::Null }, &Plain)?;
            }
            took += start.elapsed();
            steps += tasks.len();
        }
        times.push(took.as_secs_f64() * 1e6 / crate::number(steps));
    }
    times.sort_unstable_by(f64::total_cmp);
    Ok(Cost { open, step: crate::at(&times, 50), json: json.as_secs_f64() * 1e6, bytes: text.len() })
}

/// What a step takes in rounds of a loop: the first thousand and the last thousand, and the bytes of the state then.
fn long() -> Outcome<[(f64, usize); 2]> {
    let model = process(
        r#"<exclusiveGateway id="t"/><userTask id="u"/><exclusiveGateway id="more" default="back"/><task id="z"/>
        <sequenceFlow id="f1" sourceRef="t" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="more"/>
        <sequenceFlow id="back" sourceRef="more" targetRef="t"/><sequenceFlow id="f3" sourceRef="more" targetRef="z">
        <conditionExpression>enough</conditionExpression></sequenceFlow>"#,
    )?;
    let never = |_: &str, _: &Value| Ok(false);
    let mut instance = Instance::blank();
    act(&model, &mut instance, &Command::Start { at: None, variables: Value::Null }, &never)?;
    let mut seen = Vec::new();
    let mut start = Instant::now();
    for round in 1..=ROUNDS {
        let task = instance.task_at("u").ok_or("nothing is open")?;
        act(&model, &mut instance, &Command::Complete { task, variables: Value::Null }, &never)?;
        if round % STEPS == 0 {
            seen.push((start.elapsed().as_secs_f64() * 1e6 / crate::number(STEPS), serde_json::to_string(&instance)?.len()));
            start = Instant::now();
        }
    }
    seen.first().copied().zip(seen.last().copied()).map(|(first, last)| [first, last]).ok_or_else(|| "nothing was measured".into())
}

/// The table of costs.
pub fn measure(table: &mut String) -> Outcome {
    writeln!(table, "| One step (a task is completed), µs | {} |", OPEN.map(|open| format!("{open} open")).join(" | "))?;
    writeln!(table, "|---|---|---|---|---|")?;
    let mut serialised = String::new();
    for (name, shape) in [
        ("parallel multi-instance", 0),
        ("one parallel gateway, all branches wait at one join", 1),
        ("nested gateways and loops in subprocesses", 2),
    ] {
        let mut row = Vec::new();
        for open in OPEN {
            eprintln!("tokens: {name}, {open} open");
            let cost = match shape {
                0 => cost(&many()?, open)?,
                1 if open > WAYS => {
                    row.push("–".to_owned());
                    continue;
                }
                1 => cost(&fan(open)?, open)?,
                _ => cost(&nested()?, open.div_ceil(3))?,
            };
            if shape == 0 {
                write!(serialised, " {:.0} µs, {} bytes |", cost.json, cost.bytes)?;
            }
            row.push(if cost.open == open { format!("{:.1}", cost.step) } else { format!("{:.1} ({})", cost.step, cost.open) });
        }
        writeln!(table, "| {name} | {} |", row.join(" | "))?;
    }
    writeln!(table, "| writing and reading the whole state as JSON (multi-instance) |{serialised}\n")?;
    let [(first, small), (last, large)] = long()?;
    writeln!(
        table,
        "A run of {ROUNDS} rounds: {first:.1} µs a step in the first thousand rounds ({small} bytes of state), {last:.1} µs in the last\n\
         thousand ({large} bytes). Steps are completions of the oldest tasks, {STEPS} of them at each size, from all open to half open; a\n\
         drawing has at most 2,000 nodes, hence no 10,000 branches of one gateway. Writing the state as JSON is linear in what is open, by\n\
         its nature. That a step looks at no more tokens when more are open is also counted in the tests (`crates/bpmn/src/cost.rs`).\n"
    )?;
    Ok(())
}
