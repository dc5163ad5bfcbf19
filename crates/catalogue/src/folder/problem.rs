//! What is wrong with a definition: file, line, field, and what to write instead, in both languages. The reader of these
//! is the official who keeps the folder; they say what to do, not what failed.

use std::fmt;

use banhao_texts::Lang;
use serde::Serialize;

/// Whether a definition can be loaded in spite of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not loaded until mended.
    Error,
    /// Loaded; should be looked at.
    Warning,
}

/// Something wrong in a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DefinitionProblem {
    /// File, relative to the folder.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Path of the field, such as `materials[2].name`; empty for the file as a whole.
    pub field: String,
    /// Stable code.
    pub code: &'static str,
    /// Whether it prevents loading.
    pub severity: Severity,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl DefinitionProblem {
    /// An error about a whole file.
    #[must_use]
    pub fn file(file: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, field: String::new(), code, severity: Severity::Error, zh: zh.into(), en: en.into() }
    }

    /// What is wrong, in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhCn => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Where it is, as `file:line field`.
    #[must_use]
    pub fn place(&self) -> String {
        if self.field.is_empty() { format!("{}:{}", self.file, self.line) } else { format!("{}:{} {}", self.file, self.line, self.field) }
    }
}

impl fmt::Display for DefinitionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (zh, en) = match self.severity {
            Severity::Error => ("", ""),
            Severity::Warning => ("提醒：", "Warning: "),
        };
        write!(f, "{}\n  {zh}{}\n  {en}{} [{}]", self.place(), self.zh, self.en, self.code)
    }
}
