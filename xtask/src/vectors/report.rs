//! What was evaluated, group by group, and how it is printed.

use std::fmt;

use serde_json::Value;

/// The outcome of one group.
pub struct Group {
    name: String,
    passed: usize,
    failures: Vec<String>,
    notes: Vec<String>,
}

impl Group {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), passed: 0, failures: Vec::new(), notes: Vec::new() }
    }

    /// Counts one case.
    pub fn check(&mut self, case: &str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(reason) => self.fail(case, reason),
        }
    }

    /// Counts one failure.
    pub fn fail(&mut self, case: &str, reason: impl fmt::Display) {
        self.failures.push(format!("{case}: {reason}"));
    }

    /// Says something about the group that is neither passed nor failed.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The cases of a group; names every other field that is not in `known` or prose.
    pub fn cases<'v>(&mut self, group: &'v Value, known: &[&str]) -> &'v [Value] {
        self.only(self.name.clone().as_str(), group, &[known, &["cases"]].concat());
        self.items(group, "cases")
    }

    /// An array of the group; a failure when it is there and is no array.
    pub fn items<'v>(&mut self, group: &'v Value, key: &str) -> &'v [Value] {
        match group.get(key) {
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.fail(key, "is not a list");
                &[]
            }
            None => &[],
        }
    }

    /// Names every field that is neither known nor prose.
    pub fn only(&mut self, case: &str, value: &Value, known: &[&str]) {
        const PROSE: [&str; 9] = ["why", "note", "desc", "origin", "status", "rule", "evidence", "formula", "layout"];
        let Value::Object(fields) = value else {
            self.fail(case, "is not an object");
            return;
        };
        let unknown: Vec<&String> = fields.keys().filter(|key| !known.contains(&key.as_str()) && !PROSE.contains(&key.as_str())).collect();
        for key in unknown {
            self.fail(case, format!("unknown field {key:?}: not evaluated"));
        }
    }
}

/// The outcome of a file.
#[derive(Default)]
pub struct Report(Vec<Group>);

impl Report {
    /// Adds a group; one without anything in it is left out.
    pub fn add(&mut self, group: Group) {
        if group.passed + group.failures.len() + group.notes.len() > 0 {
            self.0.push(group);
        }
    }

    pub fn extend(&mut self, groups: impl IntoIterator<Item = Group>) {
        for group in groups {
            self.add(group);
        }
    }

    /// Whether something was evaluated and nothing failed.
    pub fn passed(&self) -> bool {
        self.0.iter().any(|group| group.passed > 0) && self.0.iter().all(|group| group.failures.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<34} {:>6} {:>6}", "group", "passed", "failed")?;
        for group in &self.0 {
            writeln!(f, "{:<34} {:>6} {:>6}", group.name, group.passed, group.failures.len())?;
            for note in &group.notes {
                writeln!(f, "    {note}")?;
            }
            for failure in &group.failures {
                writeln!(f, "    FAILED {failure}")?;
            }
        }
        let passed: usize = self.0.iter().map(|group| group.passed).sum();
        let failed: usize = self.0.iter().map(|group| group.failures.len()).sum();
        writeln!(f, "{:<34} {passed:>6} {failed:>6}", "total")?;
        if passed + failed == 0 {
            writeln!(f, "the file has no vectors")?;
        }
        Ok(())
    }
}

/// The text of a field.
pub fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, String> {
    value.get(key).and_then(Value::as_str).ok_or_else(|| format!("{key} is missing or no text"))
}

/// The whole number of a field.
pub fn number(value: &Value, key: &str) -> Result<u64, String> {
    value.get(key).and_then(Value::as_u64).ok_or_else(|| format!("{key} is missing or no whole number"))
}

/// Compares what is expected of `what` with what was found.
pub fn same(what: &str, expected: impl fmt::Display, found: impl fmt::Display) -> Result<(), String> {
    let (expected, found) = (expected.to_string(), found.to_string());
    if expected == found { Ok(()) } else { Err(format!("{what} expected {expected}, found {found}")) }
}
