//! The sound fixture folder, and edits that spoil it.

use std::path::{Path, PathBuf};

use banhao_catalogue::folder::{SourceFile, read_folder};

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The files of the sound folder.
pub fn sound() -> Vec<SourceFile> {
    read_folder(&fixtures().join("sound")).unwrap()
}

/// Replaces one text in one file; it must be there exactly once.
pub fn edit(files: &mut [SourceFile], path: &str, old: &str, new: &str) {
    let file = files.iter_mut().find(|file| file.path == path).unwrap_or_else(|| unreachable!("no file {path}"));
    assert_eq!(file.text.matches(old).count(), 1, "{path}: {old}");
    *file = SourceFile::new(path, file.text.replacen(old, new, 1));
}

/// Applies a script of edits. `== PATH` chooses a file, `== - PATH` removes it, `== + PATH` makes one of the lines that
/// follow. Then each `- old line` (empty: the end of the file) is replaced by the `+ new lines` after it. `#` starts a remark.
pub fn apply(files: &mut Vec<SourceFile>, script: &str) {
    let mut path = String::new();
    let mut adding: Option<String> = None;
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("== ") {
            if let Some(text) = adding.take() {
                files.push(SourceFile::new(path.clone(), text));
            }
            if let Some(gone) = rest.strip_prefix("- ") {
                assert!(files.iter().any(|file| file.path == gone), "no file {gone}");
                files.retain(|file| file.path != gone);
            } else if let Some(new) = rest.strip_prefix("+ ") {
                path = new.to_owned();
                adding = Some(String::new());
            } else {
                path = rest.to_owned();
            }
        } else if let Some(text) = &mut adding {
            text.push_str(line);
            text.push('\n');
        } else if let Some(old) = line.strip_prefix('-') {
            let mut new = Vec::new();
            while let Some(line) = lines.next_if(|line| line.starts_with('+')) {
                new.push(line[1..].strip_prefix(' ').unwrap_or(&line[1..]));
            }
            let old = old.strip_prefix(' ').unwrap_or(old);
            if old.is_empty() {
                let file = files.iter_mut().find(|file| file.path == path).unwrap();
                *file = SourceFile::new(path.clone(), format!("{}{}\n", file.text, new.join("\n")));
            } else {
                let mut text = new.join("\n");
                if !text.is_empty() {
                    text.push('\n');
                }
                edit(files, &path, &format!("{old}\n"), &text);
            }
        }
    }
    if let Some(text) = adding {
        files.push(SourceFile::new(path, text));
    }
}
