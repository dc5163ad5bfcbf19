//! `cargo xtask vectors FILE`: evaluates every group of a file of domain vectors against the kernel. What is not understood
//! is named and counts as a failure; nothing is passed over in silence.

mod calendar;
mod codes;
mod formats;
mod rates;
mod report;

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use serde_json::{Map, Value};

use report::{Group, Report};

/// Evaluates the file and prints the report. Exit code 1 on a failure, 2 when the file cannot be read.
pub fn run(file: &Path) -> ExitCode {
    let vectors = match read(file) {
        Ok(vectors) => vectors,
        Err(reason) => {
            // Nothing better can be done when even standard error is gone.
            let _ = writeln!(io::stderr(), "{}: {reason}", file.display());
            return ExitCode::from(2);
        }
    };
    let report = evaluate(&vectors);
    match write!(io::stdout().lock(), "{report}") {
        Ok(()) if report.passed() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn read(file: &Path) -> Result<Map<String, Value>, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    match serde_json::from_str(&text).map_err(|error| error.to_string())? {
        Value::Object(groups) => Ok(groups),
        _ => Err("a file of vectors is an object of groups".to_owned()),
    }
}

/// Evaluates every group.
fn evaluate(vectors: &Map<String, Value>) -> Report {
    let mut report = Report::default();
    let mut calendar_group = Group::new("calendar");
    let calendar = calendar::build(vectors.get("calendar"), &mut calendar_group);
    report.add(calendar_group);
    for (name, value) in vectors {
        match name.as_str() {
            metadata if metadata.starts_with('_') => {}
            "citizen_id_GB11643" => report.add(codes::citizen_numbers(name, value)),
            "masking" => report.add(codes::masks(name, value)),
            "uscc_GB32100" => report.extend(codes::credit_codes(name, value)),
            "task_code" => report.add(codes::task_codes(name, value)),
            "case_no" => report.add(codes::case_numbers(name, value)),
            "elicence_id_GBT36904" => report.add(codes::licence_numbers(name, value)),
            "calendar" => report.extend(calendar::days(value, &calendar)),
            "clock_scenarios" => report.add(calendar::clock_scenarios(name, value, &calendar)),
            "natural_day_periods" => report.add(calendar::natural_days(name, value, &calendar)),
            "formats" => report.extend(formats::all(value)),
            "evaluation_metrics" => report.add(rates::metrics(name, value)),
            _ => {
                let mut group = Group::new(name);
                group.fail("group", "unknown group: not evaluated");
                report.add(group);
            }
        }
    }
    report
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn vectors() -> Map<String, Value> {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/kernel/tests/data/domain-vectors.json")).unwrap()
    }

    #[test]
    fn all_domain_vectors_pass() {
        let report = evaluate(&vectors());
        assert!(report.passed(), "{report}");
        let text = report.to_string();
        for group in vectors().keys().filter(|name| !name.starts_with('_')) {
            assert!(text.contains(group.as_str()), "{group} is missing in the report:\n{text}");
        }
    }

    /// Every leaf of the file is changed in turn: a runner that does not notice has not looked.
    #[test]
    fn every_expectation_is_looked_at() {
        let original = Value::Object(vectors());
        // Prose, and facts that only the file's readers need.
        let prose = [
            "_meta",
            "why",
            "note",
            "desc",
            "origin",
            "status",
            "rule",
            "evidence",
            "formula",
            "layout",
            "source",
            "name",
            "observed",
            "regex",
            "supplement_notice_sent",
            "negative_named",
        ];
        let mut unnoticed = Vec::new();
        for pointer in leaves(&original) {
            let prose_leaf = pointer.split('/').any(|part| prose.contains(&part)) && !pointer.contains("ok_shape");
            // A text that must be refused for its form stays refused when something is added to it.
            let sibling =
                pointer.rsplit_once('/').and_then(|(case, _)| original.pointer(&format!("{case}/expect"))).and_then(Value::as_str);
            let refused_input = pointer.contains("/bad") || sibling == Some("format") && !pointer.ends_with("/expect");
            if prose_leaf || refused_input || pointer == "/elicence_id_GBT36904/check" {
                continue;
            }
            let mut changed = original.clone();
            let leaf = changed.pointer_mut(&pointer).unwrap();
            *leaf = match leaf.clone() {
                Value::Bool(value) => Value::Bool(!value),
                Value::Number(value) => serde_json::json!(value.as_f64().unwrap() + 1.0),
                Value::String(value) => Value::String(format!("{value}?")),
                other => other,
            };
            let Value::Object(changed) = changed else { unreachable!("an object stays an object") };
            if evaluate(&changed).passed() {
                unnoticed.push(pointer);
            }
        }
        assert_eq!(unnoticed, Vec::<String>::new());
    }

    fn leaves(value: &Value) -> Vec<String> {
        match value {
            Value::Object(fields) => {
                fields.iter().flat_map(|(key, value)| leaves(value).into_iter().map(move |rest| format!("/{key}{rest}"))).collect()
            }
            Value::Array(items) => {
                items.iter().enumerate().flat_map(|(at, value)| leaves(value).into_iter().map(move |rest| format!("/{at}{rest}"))).collect()
            }
            _ => vec![String::new()],
        }
    }

    #[test]
    fn unknown_groups_fields_and_expectations_are_named() {
        let file = r#"{"_meta": 1, "tea": {}, "masking": {"cases": [{"kind": "shoe size", "in": "42", "out": "**"}]},
            "case_no": {"cases": [{"task_code": "11421083GMKD0001354420117002011", "received": "2026-11-23", "serial": 1, "colour": "red",
            "case_no": "11421083GMKD0001354420117002011202611230001"}]}, "citizen_id_GB11643": {"cases": [{"id": "421083190001010017", "expect": "perhaps"}]}}"#;
        let Value::Object(vectors) = serde_json::from_str(file).unwrap() else { unreachable!("it is an object") };
        let report = evaluate(&vectors);
        let text = report.to_string();
        assert!(!report.passed());
        for words in ["tea", "unknown group: not evaluated", "shoe size", "colour", "perhaps"] {
            assert!(text.contains(words), "{words}:\n{text}");
        }
    }

    #[test]
    fn a_year_that_only_the_file_has_is_loaded_from_it() {
        let file = r#"{"calendar": {"holidays": {"2027": ["2027-01-01"]}, "makeup_workdays": {"2027": ["2027-01-02"]},
            "add_working_days": [{"from": "2026-12-31", "working_days": 1, "deadline": "2027-01-02"},
            {"from": "2027-12-31", "working_days": 1, "deadline": "ERROR: calendar 2028 not loaded"}]}}"#;
        let Value::Object(vectors) = serde_json::from_str(file).unwrap() else { unreachable!("it is an object") };
        let report = evaluate(&vectors);
        assert!(report.passed(), "{report}");
    }

    #[test]
    fn an_empty_file_does_not_pass() {
        assert!(!evaluate(&Map::new()).passed());
    }
}
