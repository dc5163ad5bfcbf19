//! What an import of a folder would change, file by file.

use std::{collections::BTreeMap, fmt, path::Path};

use banhao_store::Store;
use similar::TextDiff;

use super::export::latest_files;
use crate::{
    error::CatalogueError,
    folder::{SourceFile, read_folder},
};

/// Lines of context around a change.
const CONTEXT: usize = 2;

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// New.
    Added,
    /// Changed.
    Changed,
    /// No longer there.
    Removed,
}

/// A file that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Path in the folder.
    pub path: String,
    /// What happens to it.
    pub change: Change,
    /// Lines that come.
    pub lines_added: usize,
    /// Lines that go.
    pub lines_removed: usize,
    /// The change as a unified diff; empty for new and removed files.
    pub unified: String,
}

/// The files that are not the same, in order of path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Them.
    pub files: Vec<FileChange>,
}

impl Diff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files with this change.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &FileChange> {
        self.files.iter().filter(move |file| file.change == change)
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            let sign = match file.change {
                Change::Added => '+',
                Change::Changed => '~',
                Change::Removed => '-',
            };
            writeln!(f, "{sign} {} (+{} -{})", file.path, file.lines_added, file.lines_removed)?;
            f.write_str(&file.unified)?;
        }
        Ok(())
    }
}

/// Compares a folder with what is stored. The folder need not be free of mistakes.
///
/// # Errors
/// When the folder cannot be read or the store fails.
pub async fn diff(store: &Store, folder: &Path) -> Result<Diff, CatalogueError> {
    let files = read_folder(folder).map_err(CatalogueError::Definitions)?;
    Ok(diff_files(&latest_files(store).await?, &files))
}

/// Compares two states.
#[must_use]
pub fn diff_files(old: &[SourceFile], new: &[SourceFile]) -> Diff {
    let by_path =
        |files: &'_ [SourceFile]| -> BTreeMap<String, SourceFile> { files.iter().map(|file| (file.path.clone(), file.clone())).collect() };
    let (mut before, after) = (by_path(old), by_path(new));
    let mut files = Vec::new();
    for (path, file) in after {
        match before.remove(&path) {
            None => files.push(whole(path, Change::Added, &file.text)),
            Some(old) if old.digest != file.digest => files.push(changed(path, &old.text, &file.text)),
            Some(_) => {}
        }
    }
    files.extend(before.into_iter().map(|(path, file)| whole(path, Change::Removed, &file.text)));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Diff { files }
}

fn whole(path: String, change: Change, text: &str) -> FileChange {
    let lines = text.lines().count();
    let (lines_added, lines_removed) = if change == Change::Added { (lines, 0) } else { (0, lines) };
    FileChange { path, change, lines_added, lines_removed, unified: String::new() }
}

fn changed(path: String, old: &str, new: &str) -> FileChange {
    let diff = TextDiff::from_lines(old, new);
    let unified = diff.unified_diff().context_radius(CONTEXT).header(&path, &path).to_string();
    let count =
        |sign: char| unified.lines().filter(|line| line.starts_with(sign) && !line.starts_with(&sign.to_string().repeat(3))).count();
    let (lines_added, lines_removed) = (count('+'), count('-'));
    FileChange { path, change: Change::Changed, lines_added, lines_removed, unified }
}
