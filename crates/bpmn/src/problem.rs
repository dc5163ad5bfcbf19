//! What is wrong with a file, or worth knowing about it: with line, element, a stable code and a text in both languages.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Kept as it is, has no effect on the run. Nothing to do.
    Note,
    /// Can run, but is probably not what was meant.
    Warning,
    /// Cannot run.
    Error,
}

/// One finding in a BPMN file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BpmnProblem {
    /// How bad it is.
    pub severity: Severity,
    /// Stable name of this kind of finding, such as `dangling-flow`.
    pub code: &'static str,
    /// Line in the file, from 1; 0 when it concerns the file as a whole.
    pub line: u32,
    /// Id of the element concerned, when it has one.
    pub element: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// What is wrong and what to do, in English.
    pub en: String,
}

impl BpmnProblem {
    pub(crate) fn error(code: &'static str, line: u32, element: Option<&str>, zh: String, en: String) -> Self {
        Self::new(Severity::Error, code, line, element, zh, en)
    }

    pub(crate) fn warning(code: &'static str, line: u32, element: Option<&str>, zh: String, en: String) -> Self {
        Self::new(Severity::Warning, code, line, element, zh, en)
    }

    pub(crate) fn note(code: &'static str, line: u32, element: Option<&str>, zh: String, en: String) -> Self {
        Self::new(Severity::Note, code, line, element, zh, en)
    }

    fn new(severity: Severity, code: &'static str, line: u32, element: Option<&str>, zh: String, en: String) -> Self {
        Self { severity, code, line, element: element.map(|id| shortened(id).to_owned()), zh, en }
    }
}

impl fmt::Display for BpmnProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "{} [{}]", self.en, self.code)
    }
}

impl std::error::Error for BpmnProblem {}

/// The beginning of a text from the file, short enough to be quoted in a message.
pub(crate) fn shortened(text: &str) -> &str {
    text.char_indices().nth(80).map_or(text, |(end, _)| &text[..end])
}
