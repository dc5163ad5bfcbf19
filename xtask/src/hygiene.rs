//! House rules a compiler does not know: how long a file may be, no paths of one machine, no text key without a text.

use std::{collections::BTreeSet, fs};

use crate::{
    failure::{Failure, Outcome},
    workspace::Workspace,
};

/// A longer file has more than one subject.
const MOST_LINES: usize = 700;
/// Larger files are data, not text that somebody wrote.
const MOST_BYTES: u64 = 1 << 20;

/// Checks all rules; names every file and line that breaks one.
pub fn check(workspace: &Workspace) -> Outcome {
    let files = workspace.files()?;
    let machine_paths: Vec<String> = ["work", "farm", "root", "home"].iter().map(|folder| format!("/{folder}/")).collect();
    let keys = text_keys(workspace, &files);
    let mut findings = Vec::new();
    for file in &files {
        let path = workspace.path(file);
        if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > MOST_BYTES) {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let lines = text.lines().count();
        if file.starts_with("crates/") && file.ends_with(".rs") && lines > MOST_LINES {
            findings.push(format!("{file}: {lines} lines; more than {MOST_LINES} means more than one subject: split it"));
        }
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(path) = machine_paths.iter().find(|path| names_machine_path(line, path)) {
                findings.push(format!("{file}:{number}: names {path}, a folder of one machine"));
            }
            if file.ends_with(".html") {
                let unknown = used_keys(line).filter(|key| !keys.contains(*key));
                findings.extend(unknown.map(|key| format!("{file}:{number}: the text {key} is in no file of translations/zh-CN")));
            }
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(Failure::new(findings.join("\n")))
}

/// Whether the line names a path that begins with this folder (and not one that merely has it in the middle).
fn names_machine_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_./-}".contains(before)))
}

/// The keys of all Chinese texts.
fn text_keys(workspace: &Workspace, files: &[String]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for file in files.iter().filter(|file| file.starts_with("translations/zh-CN/")) {
        let text = fs::read_to_string(workspace.path(file)).unwrap_or_default();
        let names = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()));
        keys.extend(names.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim().to_owned()));
    }
    keys
}

/// The keys a line of a template uses: `"key"|t`, `"key"|t_with(…)`.
fn used_keys(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("\"|t").filter_map(|(at, found)| {
        let behind = &line[at + found.len()..];
        let filter_ends = behind.starts_with("_with") || !behind.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        let key = &line[line[..at].rfind('"')? + 1..at];
        // `"a"|t` in the middle of an expression: what stands between the quotation marks must look like a key.
        let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        (filter_ends && is_key).then_some(key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_templates_are_found() {
        let line = r#"{{ "web-skip"|t }} {{ "case-count"|t_with("n", n) }} {{ "portal.css"|asset }} {{ name|t }} {{ "x"|title }}"#;
        assert_eq!(used_keys(line).collect::<Vec<_>>(), ["web-skip", "case-count"]);
    }

    #[test]
    fn machine_paths_are_told_from_other_paths() {
        let folder = concat!("/", "home", "/");
        for line in [format!("cd {folder}me"), format!("\"{folder}me\""), format!("{folder}me")] {
            assert!(names_machine_path(&line, folder), "{line}");
        }
        for line in [format!("https://example.org{folder}"), format!(".{folder}"), format!("{{dir}}{folder}x")] {
            assert!(!names_machine_path(&line, folder), "{line}");
        }
    }
}
