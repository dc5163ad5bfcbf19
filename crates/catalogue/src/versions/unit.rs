//! What is versioned together: the files of a matter, every other file alone.

use std::collections::BTreeMap;

use banhao_kernel::{Date, digest::sha256_hex};
use uuid::Uuid;

use crate::{
    folder::{Definitions, FileKind, SourceFile},
    model::Matter,
};

/// A definition as it stands in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// `matter`, `organisation`, `hall` …
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// Its files, in order of path.
    pub files: Vec<SourceFile>,
    /// Digest of all of them.
    pub digest: String,
}

impl Unit {
    /// The path that problems with it are told at.
    #[must_use]
    pub fn main_path(&self) -> &str {
        self.files
            .iter()
            .find(|file| matches!(file.kind(), Some(FileKind::Matter(_))))
            .or(self.files.first())
            .map_or("", |file| file.path.as_str())
    }

    /// The matter it defines, if it is one.
    #[must_use]
    pub fn matter<'d>(&self, definitions: &'d Definitions) -> Option<&'d Matter> {
        (self.kind == "matter").then(|| definitions.matters.get(&self.key)).flatten().map(|definition| &definition.matter)
    }
}

/// The unit a path belongs to, as kind and key.
pub(crate) fn unit_of(path: &str) -> Option<(&'static str, String)> {
    Some(match FileKind::of(path)? {
        FileKind::Matter(key) | FileKind::Form(key) | FileKind::Process(key) | FileKind::Decisions(key) => ("matter", key),
        // Notes have no key of their own.
        FileKind::Note => ("note", path.to_owned()),
        kind => (kind.word(), kind.key().to_owned()),
    })
}

/// The files of a folder as units, in order of kind and key.
pub(crate) fn units(files: &[SourceFile]) -> Vec<Unit> {
    let mut by_unit: BTreeMap<(&'static str, String), Vec<SourceFile>> = BTreeMap::new();
    for file in files {
        if let Some(unit) = unit_of(&file.path) {
            by_unit.entry(unit).or_default().push(file.clone());
        }
    }
    by_unit
        .into_iter()
        .map(|((kind, key), mut files)| {
            files.sort_by(|a, b| a.path.cmp(&b.path));
            let digest = unit_digest(files.iter().map(|file| (file.path.as_str(), file.digest.as_str())));
            Unit { kind, key, files, digest }
        })
        .collect()
}

/// Digest of a unit: of the paths and digests of its files.
fn unit_digest<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let mut text = String::new();
    for (path, file_digest) in files {
        text.push_str(file_digest);
        text.push(' ');
        text.push_str(path);
        text.push('\n');
    }
    sha256_hex(text.as_bytes())
}

/// Id of a version: the same for the same kind, key and version everywhere.
#[must_use]
pub fn definition_id(kind: &str, key: &str, version: u32) -> Uuid {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(format!("banhao definition\n{kind}\n{key}\n{version}"));
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A day in the database.
pub(crate) fn day_text(day: Date) -> String {
    day.to_string()
}
