//! Random FEEL expressions in `banhao-decision` beside feelin: every difference must be one that is known and explained in
//! docs/differential.md.

mod generate;
mod reasons;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
};

use banhao_decision::Expression;
use serde_json::{Value, json};

use self::reasons::Reason;
use crate::{dice::Dice, runner::Runner};

/// Binary floating point and decimals differ in the last digits.
const TOLERANCE: f64 = 1e-9;
/// Most unexplained differences that are shown.
const MOST_SHOWN: usize = 20;

/// What an engine said: a value, or that there is none.
type Said = Result<Value, String>;

/// Compares so many different expressions; true when every difference is explained.
///
/// # Errors
/// The other engine cannot be started or is gone, or nothing can be written.
pub fn run(count: u64, seed: u64, node: &Path, folder: &Path, out: &mut dyn Write) -> Result<bool, String> {
    let mut feelin = Runner::start(node, &folder.join("feelin.mjs"))?;
    let context = generate::context();
    let mut dice = Dice::of(&[seed, 2]);
    let mut seen = BTreeSet::new();
    let mut explained: BTreeMap<Reason, (usize, String)> = BTreeMap::new();
    let mut unexplained = 0;
    let mut write = |text: String| writeln!(out, "{text}").map_err(|error| error.to_string());
    while (seen.len() as u64) < count {
        let expression = generate::expression(&mut dice);
        // Refused by us, because a rule must end: a loop and a range in one expression.
        let refused = expression.contains("..") && ["some ", "every ", "for "].iter().any(|word| expression.contains(word));
        if refused || !seen.insert(expression.clone()) {
            continue;
        }
        let mut both = |expression: &str| -> Result<(Said, Said), String> {
            let ours = Expression::parse(expression).and_then(|parsed| parsed.eval(&context)).map_err(|error| error.to_string());
            Ok((ours, theirs(feelin.ask(&json!({ "expression": expression, "context": context }))?)))
        };
        let (ours, theirs) = both(&expression)?;
        if same(&ours, &theirs) {
            continue;
        }
        if let Some(reason) = reasons::of(&expression, &mut both)? {
            let (number, example) = explained.entry(reason).or_insert_with(|| (0, expression.clone()));
            *number += 1;
            if expression.len() < example.len() {
                *example = expression;
            }
            continue;
        }
        unexplained += 1;
        if unexplained <= MOST_SHOWN {
            write(format!(
                "A difference to feelin that is not explained:\n  {expression}\n    ours:   {}\n    theirs: {}",
                shown(&ours),
                shown(&theirs)
            ))?;
        }
    }
    let different: usize = explained.values().map(|(number, _)| number).sum();
    write(format!("feel: {count} different expressions, {} the same in feelin", seen.len() - different - unexplained))?;
    for (reason, (number, example)) in explained {
        write(format!("  {number} × {} (docs/differential.md), for instance {example}", reason.name()))?;
    }
    write(format!("  not explained: {unexplained}"))?;
    Ok(unexplained == 0)
}

fn shown(said: &Said) -> String {
    said.as_ref().map_or_else(|problem| format!("failed: {problem}"), ToString::to_string)
}

/// What feelin's runner answered; what JSON has no type for as its text, as ours gives it.
fn theirs(answer: Value) -> Said {
    fn plain(value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(plain).collect(),
            Value::Object(mut entries) => match (entries.contains_key("@kind"), entries.remove("@text")) {
                (true, Some(text)) => text,
                (_, text) => {
                    entries.extend(text.map(|text| ("@text".to_owned(), text)));
                    entries.into_iter().map(|(name, value)| (name, plain(value))).collect()
                }
            },
            other => other,
        }
    }
    match answer {
        Value::Object(mut answer) => match answer.remove("value") {
            Some(value) => Ok(plain(value)),
            None => Err(answer.remove("error").map_or_else(String::new, |error| error.to_string())),
        },
        other => Err(other.to_string()),
    }
}

/// Whether both have the same value, numbers up to the tolerance; two failures are the same.
fn same(ours: &Said, theirs: &Said) -> bool {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => same_value(ours, theirs),
        (Err(_), Err(_)) => true,
        _ => false,
    }
}

fn same_value(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) => {
            let (Some(ours), Some(theirs)) = (ours.as_f64(), theirs.as_f64()) else { return false };
            (ours - theirs).abs() <= TOLERANCE * ours.abs().max(theirs.abs()).max(1.0)
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same_value(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len() && ours.iter().all(|(name, ours)| theirs.get(name).is_some_and(|theirs| same_value(ours, theirs)))
        }
        _ => ours == theirs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_up_to_the_last_digits() {
        assert!(same_value(&json!([0.3, "a"]), &json!([0.300_000_000_000_000_04, "a"])));
        assert!(same_value(&json!(3), &json!(3.0)));
        assert!(!same_value(&json!(0.3), &json!(0.301)));
        assert!(!same_value(&json!([1]), &json!([1, 2])));
        assert!(!same_value(&json!("1"), &json!(1)));
        assert!(!same(&Ok(Value::Null), &Err(String::new())));
    }

    #[test]
    fn dates_are_compared_as_texts() {
        assert_eq!(theirs(json!({ "value": [{ "@kind": "FeelDate", "@text": "2026-01-01" }] })), Ok(json!(["2026-01-01"])));
        assert_eq!(theirs(json!({ "value": { "a": null } })), Ok(json!({ "a": null })));
        assert!(theirs(json!({ "error": "no" })).is_err());
    }

    #[test]
    fn most_expressions_have_a_value_in_our_engine() {
        let context = generate::context();
        let mut dice = Dice::new(3);
        for _ in 0..300 {
            let expression = generate::expression(&mut dice);
            if expression.contains("..") {
                continue;
            }
            let value = Expression::parse(&expression).and_then(|parsed| parsed.eval(&context));
            assert!(value.is_ok(), "{expression}: {value:?}");
        }
    }
}
