//! Runs a folder laid out like the DMN TCK and prints passed, failed and unsupported per file.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use banhao_decision::tck::{self, Verdict};

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    unsupported: usize,
}

/// Runs it. Exit code 1 when a result is another, 2 when nothing could be run.
pub fn run(folder: &Path, out: &mut dyn Write) -> ExitCode {
    let mut files = Vec::new();
    if let Err(error) = collect(folder, &mut files) {
        // Nothing better can be done when even standard error is gone.
        let _ = writeln!(io::stderr(), "{}: {error}", folder.display());
        return ExitCode::from(2);
    }
    files.sort();
    let mut total = Count::default();
    for file in &files {
        let mut count = Count::default();
        let lines = report(file, &mut count);
        let shown = file.strip_prefix(folder).unwrap_or(file).display();
        let head = format!("{shown}: {} passed, {} failed, {} unsupported\n", count.passed, count.failed, count.unsupported);
        if write!(out, "{head}{lines}").is_err() {
            return ExitCode::FAILURE;
        }
        total.passed += count.passed;
        total.failed += count.failed;
        total.unsupported += count.unsupported;
    }
    let summary = format!("\n{} files: {} passed, {} failed, {} unsupported\n", files.len(), total.passed, total.failed, total.unsupported);
    match write!(out, "{summary}") {
        Ok(()) if files.is_empty() => ExitCode::from(2),
        Ok(()) if total.failed == 0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Every XML file with test cases, in all folders below.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // A link may lead in a circle; the kit has none.
        if entry.file_type()?.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "xml") && fs::read_to_string(&path)?.contains("testCases") {
            files.push(path);
        }
    }
    Ok(())
}

fn report(file: &Path, count: &mut Count) -> String {
    let read = || -> Result<_, String> {
        let tests = fs::read_to_string(file).map_err(|error| error.to_string())?;
        let model = file.with_file_name(tck::model_name(&tests)?);
        let model = fs::read_to_string(&model).map_err(|error| format!("{}: {error}", model.display()))?;
        tck::run(&tests, &model)
    };
    let results = match read() {
        Ok(results) => results,
        Err(problem) => {
            count.unsupported += 1;
            return format!("  unsupported: {problem}\n");
        }
    };
    let mut lines = String::new();
    for result in results {
        match result.verdict {
            Verdict::Passed => count.passed += 1,
            Verdict::Failed { expected, found } => {
                count.failed += 1;
                lines.push_str(&format!("  failed {} {}: expected {expected}, found {found}\n", result.case, result.node));
            }
            Verdict::Unsupported(why) => {
                count.unsupported += 1;
                lines.push_str(&format!("  unsupported {} {}: {why}\n", result.case, result.node));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_folder_is_counted_and_told() {
        let mut out = Vec::new();
        let code = run(Path::new("tests/data"), &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("fees/fees-test.xml: 1 passed, 1 failed, 1 unsupported\n"), "{text}");
        assert!(text.contains("  failed wrong fee: expected 99, found 100\n"), "{text}");
        assert!(text.contains("  unsupported beyond fee: test cases of type bkm\n"), "{text}");
        assert!(text.contains("lost-test.xml: 0 passed, 0 failed, 1 unsupported\n"), "{text}");
        assert!(text.ends_with("\n2 files: 1 passed, 1 failed, 2 unsupported\n"), "{text}");
        assert_eq!(code, ExitCode::FAILURE);
    }

    #[test]
    fn a_folder_without_test_cases_is_told_apart() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(run(empty.path(), &mut Vec::new()), ExitCode::from(2));
        assert_eq!(run(&empty.path().join("missing"), &mut Vec::new()), ExitCode::from(2));
    }
}
