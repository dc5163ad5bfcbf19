//! The files of a definition folder: which belong to it, their text, and their digest.

use std::{
    fs,
    path::{Component, Path},
};

use banhao_kernel::digest::sha256_hex;

use super::problem::DefinitionProblem;

/// Largest definition file, in bytes.
const MAX_BYTES: u64 = 2_000_000;
/// Most files in a folder.
const MAX_FILES: usize = 20_000;

/// One file of a definition folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the folder, with `/`.
    pub path: String,
    /// Its text, byte for byte.
    pub text: String,
    /// SHA-256 of the text.
    pub digest: String,
}

impl SourceFile {
    /// A file of this path and text.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { path: path.into(), digest: sha256_hex(text.as_bytes()), text }
    }

    /// What the file defines.
    #[must_use]
    pub fn kind(&self) -> Option<FileKind> {
        FileKind::of(&self.path)
    }
}

/// What a file defines, told by its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `installation.toml`.
    Installation,
    /// `regions.toml`.
    Regions,
    /// `staff.toml`.
    Staff,
    /// `organisations/KEY.toml`.
    Organisation(String),
    /// `halls/KEY.toml`.
    Hall(String),
    /// `matters/KEY/matter.toml`.
    Matter(String),
    /// `matters/KEY/form.toml`.
    Form(String),
    /// `matters/KEY/process.bpmn`.
    Process(String),
    /// `matters/KEY/decisions.dmn`.
    Decisions(String),
    /// `papers/KIND.typ`.
    Paper(String),
    /// `calendars/NAME.toml`.
    Calendar(String),
    /// `README.md` and the like: kept, means nothing.
    Note,
}

impl FileKind {
    /// The kind of this path; none for a file that does not belong.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        Some(match parts.as_slice() {
            ["installation.toml"] => Self::Installation,
            ["regions.toml"] => Self::Regions,
            ["staff.toml"] => Self::Staff,
            ["organisations", name] => Self::Organisation(stem(name, ".toml")?),
            ["halls", name] => Self::Hall(stem(name, ".toml")?),
            ["matters", key, "matter.toml"] => Self::Matter((*key).to_owned()),
            ["matters", key, "form.toml"] => Self::Form((*key).to_owned()),
            ["matters", key, "process.bpmn"] => Self::Process((*key).to_owned()),
            ["matters", key, "decisions.dmn"] => Self::Decisions((*key).to_owned()),
            ["papers", name] if name.ends_with(".typ") => Self::Paper(stem(name, ".typ")?),
            ["calendars", name] => Self::Calendar(stem(name, ".toml")?),
            [.., name] if name.ends_with(".md") => Self::Note,
            _ => return None,
        })
    }

    /// The word for it in the database.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Regions => "regions",
            Self::Staff => "staff",
            Self::Organisation(_) => "organisation",
            Self::Hall(_) => "hall",
            Self::Matter(_) => "matter",
            Self::Form(_) => "form",
            Self::Process(_) => "process",
            Self::Decisions(_) => "decisions",
            Self::Paper(_) => "paper",
            Self::Calendar(_) => "calendar",
            Self::Note => "note",
        }
    }

    /// The key of what it defines; empty where there is only one.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Installation | Self::Regions | Self::Staff | Self::Note => "",
            Self::Organisation(key)
            | Self::Hall(key)
            | Self::Matter(key)
            | Self::Form(key)
            | Self::Process(key)
            | Self::Decisions(key)
            | Self::Paper(key)
            | Self::Calendar(key) => key,
        }
    }
}

fn stem(name: &str, ending: &str) -> Option<String> {
    name.strip_suffix(ending).map(str::to_owned)
}

/// Reads every file of a folder, in order of path. Hidden files are left out.
///
/// # Errors
/// Every file that cannot be read, is not UTF-8, is too large, or does not belong.
pub fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, Vec<DefinitionProblem>> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    walk(folder, folder, &mut files, &mut problems);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if files.is_empty() && problems.is_empty() {
        problems.push(DefinitionProblem::file(
            &folder.display().to_string(),
            "folder-empty",
            "文件夹里没有定义文件。至少要有 installation.toml 和 regions.toml。",
            "There are no definition files in this folder. At least installation.toml and regions.toml are needed.",
        ));
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<SourceFile>, problems: &mut Vec<DefinitionProblem>) {
    let unreadable = |path: &Path, error: &std::io::Error| {
        DefinitionProblem::file(
            &relative(root, path),
            "file-unreadable",
            format!("读不了这个文件：{error}"),
            format!("This file cannot be read: {error}"),
        )
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problems.push(unreadable(folder, &error)),
    };
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || files.len() >= MAX_FILES {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, files, problems);
            continue;
        }
        let relative = relative(root, &path);
        if FileKind::of(&relative).is_none() {
            problems.push(DefinitionProblem::file(
                &relative,
                "file-unknown",
                "这个文件不属于定义文件夹。文件名写错了请改正，不需要的请移走。",
                "This file does not belong in a definition folder. Correct its name or move it away.",
            ));
            continue;
        }
        if fs::metadata(&path).is_ok_and(|data| data.len() > MAX_BYTES) {
            problems.push(DefinitionProblem::file(
                &relative,
                "file-too-large",
                "定义文件不能超过 2 MB。",
                "A definition file cannot be larger than 2 MB.",
            ));
            continue;
        }
        match fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => files.push(SourceFile::new(relative, text)),
                _ => problems.push(DefinitionProblem::file(
                    &relative,
                    "file-not-utf8",
                    "文件不是 UTF-8 编码的文本，请另存为 UTF-8。",
                    "The file is not UTF-8 text; save it as UTF-8.",
                )),
            },
            Err(error) => problems.push(unreadable(&path, &error)),
        }
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .components()
        .filter_map(|component| match component {
            Component::Normal(part) => Some(part.to_string_lossy()),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join("/")
}
