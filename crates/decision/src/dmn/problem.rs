//! What is wrong with a model, or worth knowing about it: with line, decision, cell, a stable code and a text in both languages.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Can be evaluated, but is probably not what was meant.
    Warning,
    /// Cannot be evaluated.
    Error,
}

/// A column of a decision table, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// An input column.
    Input(usize),
    /// An output column.
    Output(usize),
}

/// A place in a decision table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The row, counted from 1; none: the head of the column.
    pub rule: Option<usize>,
    /// The column; none: the whole row.
    pub column: Option<Column>,
}

impl Cell {
    /// The place in Chinese, such as `第 3 行第 2 个输入列`.
    #[must_use]
    pub fn zh(&self) -> String {
        let rule = self.rule.map_or_else(|| "表头".to_owned(), |rule| format!("第 {rule} 行"));
        match self.column {
            Some(Column::Input(column)) => format!("{rule}第 {column} 个输入列"),
            Some(Column::Output(column)) => format!("{rule}第 {column} 个输出列"),
            None => rule,
        }
    }

    /// The place in English, such as `rule 3, input column 2`.
    #[must_use]
    pub fn en(&self) -> String {
        let rule = self.rule.map_or_else(|| "head".to_owned(), |rule| format!("rule {rule}"));
        match self.column {
            Some(Column::Input(column)) => format!("{rule}, input column {column}"),
            Some(Column::Output(column)) => format!("{rule}, output column {column}"),
            None => rule,
        }
    }
}

/// One finding in a model, or one thing that went wrong when it was evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DmnProblem {
    /// How bad it is.
    pub severity: Severity,
    /// Stable name of this kind of finding, such as `rules-overlap`.
    pub code: &'static str,
    /// Line in the file, from 1; 0 when it concerns the file as a whole.
    pub line: u32,
    /// Name of the decision (or business knowledge model, or input) concerned.
    pub decision: Option<String>,
    /// Where in its table.
    pub cell: Option<Cell>,
    /// What is wrong and what to do, in Chinese, without the place.
    pub zh: String,
    /// What is wrong and what to do, in English, without the place.
    pub en: String,
}

impl DmnProblem {
    pub(crate) fn error(code: &'static str, line: u32, zh: String, en: String) -> Self {
        Self { severity: Severity::Error, code, line, decision: None, cell: None, zh, en }
    }

    pub(crate) fn warning(code: &'static str, line: u32, zh: String, en: String) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, line, zh, en) }
    }

    pub(crate) fn of(mut self, decision: &str) -> Self {
        self.decision = Some(shortened(decision).to_owned());
        self
    }

    pub(crate) fn at(mut self, cell: Option<Cell>) -> Self {
        self.cell = cell;
        self
    }

    /// The whole message in Chinese: place, then text.
    #[must_use]
    pub fn in_chinese(&self) -> String {
        let mut text = String::new();
        if self.line > 0 {
            text.push_str(&format!("文件第 {} 行：", self.line));
        }
        if let Some(decision) = &self.decision {
            text.push_str(&format!("“{decision}”"));
        }
        if let Some(cell) = &self.cell {
            text.push_str(&cell.zh());
        }
        if self.decision.is_some() || self.cell.is_some() {
            text.push('：');
        }
        text.push_str(&self.zh);
        text
    }
}

impl fmt::Display for DmnProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        if let Some(decision) = &self.decision {
            write!(f, "“{decision}”")?;
        }
        if let Some(cell) = &self.cell {
            write!(f, " {}", cell.en())?;
        }
        if self.decision.is_some() || self.cell.is_some() {
            f.write_str(": ")?;
        }
        write!(f, "{} [{}]", self.en, self.code)
    }
}

impl std::error::Error for DmnProblem {}

/// The beginning of a text from the file, short enough to be quoted in a message.
pub(crate) fn shortened(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end])
}
