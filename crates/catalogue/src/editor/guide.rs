//! The three lines of `matter.toml` that say which version a matter is: changed where they stand, everything else byte for byte.

use banhao_kernel::Date;
use toml::{Table, Value};

/// The guide with another version, first day and document. None when it is not a guide that can be changed so.
pub(super) fn with_release(text: &str, version: u32, effective_from: Date, change_document: &str) -> Option<String> {
    let wanted: [(&str, Value); 3] = [
        ("version", Value::Integer(version.into())),
        ("effective_from", Value::String(effective_from.to_string())),
        ("change_document", Value::String(change_document.to_owned())),
    ];
    let before: Table = text.parse().ok()?;
    let mut lines: Vec<String> = Vec::new();
    let mut at_top = true;
    let mut written = 0;
    for line in text.split_inclusive('\n') {
        at_top &= !line.trim_start().starts_with('[');
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        match wanted.iter().find(|(name, _)| at_top && *name == key) {
            Some((name, value)) => {
                lines.push(changed(line, name, value)?);
                written += 1;
            }
            None => lines.push(line.to_owned()),
        }
    }
    let text = lines.concat();
    // Nothing else may have changed, whatever the file looks like.
    let mut expected = before;
    for (name, value) in wanted {
        expected.insert(name.to_owned(), value);
    }
    (written == 3 && text.parse::<Table>().ok()? == expected).then_some(text)
}

/// A line with another value; what stands behind the value (a comment, the end of the line) stays.
fn changed(line: &str, name: &str, value: &Value) -> Option<String> {
    let (before, rest) = line.split_once('=')?;
    // The shortest beginning of the line that is a whole assignment.
    let old = (1..=rest.len()).filter(|end| rest.is_char_boundary(*end)).find(|end| {
        let piece = &rest[..*end];
        let closed = rest[*end..].trim_start();
        (closed.is_empty() || closed.starts_with('#')) && format!("{name} ={piece}").parse::<Table>().is_ok()
    })?;
    let piece = &rest[..old];
    let space: String = piece.chars().take_while(|letter| *letter == ' ').collect();
    Some(format!("{before}={space}{value}{}", &rest[piece.trim_end().len()..]))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_three_lines_stays() {
        let text = "# 指南\nkey = \"a\"\nversion = 1   # 第一版\neffective_from = \"2026-01-01\"\nchange_document = \"洪政办发〔2017〕37号 # 不是注释\" # 注释\n\n[result]\nversion = 7\n";
        let day: Date = "2026-12-01".parse().unwrap();
        let new = with_release(text, 2, day, "洪政办发〔2026〕9号").unwrap();
        assert_eq!(
            new,
            "# 指南\nkey = \"a\"\nversion = 2   # 第一版\neffective_from = \"2026-12-01\"\nchange_document = \"洪政办发〔2026〕9号\" # 注释\n\n[result]\nversion = 7\n"
        );
        let quoted = with_release(text, 2, day, "引号\"和\\反斜杠").unwrap();
        assert_eq!(quoted.parse::<Table>().unwrap()["change_document"].as_str(), Some("引号\"和\\反斜杠"));
        assert_eq!(with_release("version = 1\n", 2, day, "x"), None);
        assert_eq!(with_release("not toml", 2, day, "x"), None);
    }
}
