//! Reads TOML tables field by field, collecting every mistake with its line instead of stopping at the first: unknown
//! and missing fields, wrong types, unknown words, codes that do not check.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use banhao_decision::{DmnProblem, Expression};
use banhao_kernel::{Date, problem::FieldProblem};
use banhao_texts::{Lang, field_text};
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::problem::{DefinitionProblem, Severity};
use crate::model::{Bilingual, Word, closest};

/// Where the fields of one file are, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Places {
    file: String,
    line_starts: Vec<usize>,
    lines: RefCell<BTreeMap<String, u32>>,
    problems: RefCell<Vec<DefinitionProblem>>,
}

impl Places {
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file: file.to_owned(), line_starts, lines: RefCell::default(), problems: RefCell::default() }
    }

    fn line_of(&self, offset: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX).max(1)
    }

    fn remember(&self, path: &str, span: &Range<usize>) {
        self.lines.borrow_mut().insert(path.to_owned(), self.line_of(span.start));
    }

    /// Remembers a line that another parser has counted.
    pub(crate) fn at_line(&self, path: &str, line: u32) {
        self.lines.borrow_mut().insert(path.to_owned(), line);
    }

    /// The line of a field, or of the nearest table around it.
    pub(crate) fn line(&self, path: &str) -> u32 {
        let lines = self.lines.borrow();
        let mut path = path;
        loop {
            if let Some(line) = lines.get(path) {
                return *line;
            }
            match path.rfind(['.', '[']) {
                Some(at) => path = &path[..at],
                None => return 1,
            }
        }
    }

    /// Notes an error in a field.
    pub(crate) fn error(&self, field: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.note(Severity::Error, field, self.line(field), code, zh.into(), en.into());
    }

    /// Notes something to be looked at.
    pub(crate) fn warning(&self, field: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.note(Severity::Warning, field, self.line(field), code, zh.into(), en.into());
    }

    fn error_at(&self, span: &Range<usize>, field: &str, code: &'static str, zh: String, en: String) {
        self.note(Severity::Error, field, self.line_of(span.start), code, zh, en);
    }

    /// Notes an error at a line that another parser has counted.
    pub(crate) fn error_in_line(&self, line: u32, field: &str, code: &'static str, zh: String, en: String) {
        self.note(Severity::Error, field, line, code, zh, en);
    }

    /// Notes what was found in a file of decisions: the field is the decision, the cell stands in the text.
    pub(crate) fn decision(&self, found: &DmnProblem) {
        let severity = match found.severity {
            banhao_decision::Severity::Error => Severity::Error,
            banhao_decision::Severity::Warning => Severity::Warning,
        };
        let (zh, en) = match found.cell {
            Some(cell) => (format!("{}：{}", cell.zh(), found.zh), format!("{}: {}", cell.en(), found.en)),
            None => (found.zh.clone(), found.en.clone()),
        };
        self.note(severity, found.decision.as_deref().unwrap_or_default(), found.line.max(1), found.code, zh, en);
    }

    fn note(&self, severity: Severity, field: &str, line: u32, code: &'static str, zh: String, en: String) {
        self.problems.borrow_mut().push(DefinitionProblem {
            file: self.file.clone(),
            line,
            field: field.to_owned(),
            code,
            severity,
            zh,
            en,
        });
    }

    /// Whether a mistake with a code that begins so was noted.
    pub(crate) fn has_code(&self, beginning: &str) -> bool {
        self.problems.borrow().iter().any(|problem| problem.code.starts_with(beginning))
    }

    /// Whether a mistake was noted in this field.
    pub(crate) fn has_problem_in(&self, field: &str) -> bool {
        self.problems.borrow().iter().any(|problem| problem.field == field)
    }

    pub(crate) fn into_problems(self) -> Vec<DefinitionProblem> {
        self.problems.into_inner()
    }
}

/// Parses a file and gives its root table, noting what is not TOML.
pub(crate) fn parse<'t>(places: &Places, text: &'t str) -> Option<Spanned<DeTable<'t>>> {
    if text.starts_with('\u{feff}') {
        places.error_at(
            &(0..0),
            "",
            "toml-syntax",
            "文件开头有字节顺序标记（BOM），请另存为不带 BOM 的 UTF-8。".to_owned(),
            "The file starts with a byte order mark; save it as UTF-8 without one.".to_owned(),
        );
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        places.error_at(
            &span,
            "",
            "toml-syntax",
            format!("不是正确的 TOML：{}", error.message()),
            format!("Not valid TOML: {}", error.message()),
        );
    }
    errors.is_empty().then_some(table)
}

/// One table being read.
pub(crate) struct Reader<'a> {
    places: &'a Places,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    path: String,
    seen: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn root(places: &'a Places, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { places, table: table.get_ref(), span: 0..0, path: String::new(), seen: RefCell::default() }
    }

    /// Path of a field of this table.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Notes an error in a field of this table.
    pub(crate) fn error(&self, key: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        let path = self.path(key);
        self.places.error(&path, code, zh, en);
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.seen.borrow_mut().insert(key);
        let (name, value) = self.table.get_key_value(key)?;
        self.places.remember(&self.path(key), &name.span());
        Some(value)
    }

    fn require(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let value = self.get(key);
        if value.is_none() {
            self.places.error_at(
                &self.span,
                &self.path(key),
                "field-missing",
                format!("缺少“{key}”，请补上。"),
                format!("`{key}` is missing; add it."),
            );
        }
        value
    }

    fn wrong_type(&self, path: &str, value: &Spanned<DeValue<'_>>, zh: &str, en: &str) {
        let found = value.get_ref().type_str();
        self.places.error_at(
            &value.span(),
            path,
            "field-type",
            format!("这里应当写{zh}，现在写的是 {found}。"),
            format!("This should be {en}, but it is {found}."),
        );
    }

    fn as_text(&self, path: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(path, value, "文字（用引号括起来）", "a text in quotation marks");
            return None;
        };
        if text.trim().is_empty() {
            self.places.error_at(
                &value.span(),
                path,
                "text-empty",
                "这里不能空着；没有就删掉这一行。".to_owned(),
                "This cannot be empty; remove the line if there is nothing to say.".to_owned(),
            );
            return None;
        }
        if text.trim() != text {
            self.places.error_at(
                &value.span(),
                path,
                "text-blanks",
                "前后有空格，请去掉。".to_owned(),
                "Remove the blanks at the beginning or end.".to_owned(),
            );
        }
        Some(text.to_owned())
    }

    /// A text that must be there; empty if it is not, which is noted.
    pub(crate) fn text(&self, key: &'static str) -> String {
        self.require(key).and_then(|value| self.as_text(&self.path(key), value)).unwrap_or_default()
    }

    pub(crate) fn opt_text(&self, key: &'static str) -> Option<String> {
        self.get(key).and_then(|value| self.as_text(&self.path(key), value))
    }

    /// A text in Chinese that must be there and its English twin.
    pub(crate) fn bilingual(&self, key: &'static str, key_en: &'static str) -> Bilingual {
        Bilingual { zh: self.text(key), en: self.opt_text(key_en) }
    }

    pub(crate) fn opt_bilingual(&self, key: &'static str, key_en: &'static str) -> Option<Bilingual> {
        let (zh, en) = (self.opt_text(key), self.opt_text(key_en));
        match (zh, en) {
            (Some(zh), en) => Some(Bilingual { zh, en }),
            (None, Some(_)) => {
                self.error(
                    key_en,
                    "english-alone",
                    format!("写了“{key_en}”，就要有中文的“{key}”。"),
                    format!("`{key_en}` needs its Chinese twin `{key}`."),
                );
                None
            }
            (None, None) => None,
        }
    }

    /// Texts in a list.
    pub(crate) fn opt_texts(&self, key: &'static str) -> Vec<String> {
        let path = self.path(key);
        self.get(key).map(|value| self.as_texts(&path, value)).unwrap_or_default()
    }

    pub(crate) fn texts(&self, key: &'static str) -> Vec<String> {
        let path = self.path(key);
        let Some(value) = self.require(key) else { return Vec::new() };
        let texts = self.as_texts(&path, value);
        if value.get_ref().as_array().is_some_and(|items| items.is_empty()) {
            self.error(key, "list-empty", "这里至少要写一项。", "At least one is needed here.");
        }
        texts
    }

    fn as_texts(&self, path: &str, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(path, value, "列表，例如 [\"a\", \"b\"]", "a list such as [\"a\", \"b\"]");
            return Vec::new();
        };
        items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| {
                let path = format!("{path}[{index}]");
                self.places.remember(&path, &item.span());
                self.as_text(&path, item)
            })
            .collect()
    }

    /// Texts in a list with a list of English twins of the same length.
    pub(crate) fn bilingual_list(&self, key: &'static str, key_en: &'static str) -> Vec<Bilingual> {
        let (zh, en) = (self.texts(key), self.opt_texts(key_en));
        if !en.is_empty() && en.len() != zh.len() {
            self.error(
                key_en,
                "list-lengths-differ",
                format!("“{key}”有 {} 项，“{key_en}”有 {} 项，应当一样多。", zh.len(), en.len()),
                format!("`{key}` has {} entries and `{key_en}` {}; they must be as many.", zh.len(), en.len()),
            );
        }
        let mut en = en.into_iter();
        zh.into_iter().map(|zh| Bilingual { zh, en: en.next() }).collect()
    }

    fn as_integer(&self, key: &str, value: &Spanned<DeValue<'_>>, range: (i64, i64)) -> Option<i64> {
        let path = self.path(key);
        let parsed =
            value.get_ref().as_integer().and_then(|integer| i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok());
        let Some(number) = parsed else {
            self.wrong_type(&path, value, "整数（不加引号）", "a whole number without quotation marks");
            return None;
        };
        if number < range.0 || number > range.1 {
            self.places.error_at(
                &value.span(),
                &path,
                "number-range",
                format!("应当在 {} 到 {} 之间，现在是 {number}。", range.0, range.1),
                format!("This should be between {} and {}, but it is {number}.", range.0, range.1),
            );
            return None;
        }
        Some(number)
    }

    pub(crate) fn opt_integer<T: TryFrom<i64>>(&self, key: &'static str, range: (i64, i64)) -> Option<T> {
        let value = self.get(key)?;
        self.as_integer(key, value, range).and_then(|number| T::try_from(number).ok())
    }

    pub(crate) fn integer<T: TryFrom<i64>>(&self, key: &'static str, range: (i64, i64)) -> Option<T> {
        self.require(key)?;
        self.opt_integer(key, range)
    }

    pub(crate) fn opt_number(&self, key: &'static str) -> Option<f64> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(integer) => integer.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Float(float) => float.as_str().replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite()),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(&self.path(key), value, "数字", "a number");
        }
        number
    }

    pub(crate) fn opt_bool(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(&self.path(key), value, " true 或者 false", "true or false");
        }
        flag
    }

    pub(crate) fn bool(&self, key: &'static str) -> bool {
        self.require(key).and_then(|_| self.opt_bool(key)).unwrap_or_default()
    }

    pub(crate) fn as_date(&self, key: &str, text: &str) -> Option<Date> {
        let date = text.parse::<Date>().ok().filter(|_| text.len() == 10);
        if date.is_none() {
            self.error(
                key,
                "date-format",
                format!("“{text}”不是日期，应当写成 \"2026-01-01\" 的样子。"),
                format!("`{text}` is not a date; write it as \"2026-01-01\"."),
            );
        }
        date
    }

    pub(crate) fn opt_date(&self, key: &'static str) -> Option<Date> {
        let value = self.get(key)?;
        if let Some(datetime) = value.get_ref().as_datetime() {
            return self.as_date(key, &datetime.to_string());
        }
        let text = self.as_text(&self.path(key), value)?;
        self.as_date(key, &text)
    }

    pub(crate) fn date(&self, key: &'static str) -> Option<Date> {
        self.require(key)?;
        self.opt_date(key)
    }

    fn as_word<W: Word>(&self, path: &str, text: &str) -> Option<W> {
        let word = W::parse(text);
        if word.is_none() {
            let meant = closest(text, W::ALL.iter().map(|word| word.as_str()));
            let (zh, en) = meant.map_or_else(
                || (format!("可以写：{}", W::spellings()), format!("write one of: {}", W::spellings())),
                |meant| {
                    (
                        format!("是不是“{meant}”？可以写：{}", W::spellings()),
                        format!("did you mean `{meant}`? Write one of: {}", W::spellings()),
                    )
                },
            );
            self.places.error(path, "word-unknown", format!("不认识“{text}”。{zh}"), format!("`{text}` is not known; {en}"));
        }
        word
    }

    pub(crate) fn opt_word<W: Word>(&self, key: &'static str) -> Option<W> {
        let text = self.opt_text(key)?;
        self.as_word(&self.path(key), &text)
    }

    pub(crate) fn word<W: Word>(&self, key: &'static str) -> Option<W> {
        self.require(key)?;
        self.opt_word(key)
    }

    /// Words in a list; none twice.
    pub(crate) fn words<W: Word + PartialEq>(&self, key: &'static str) -> Vec<W> {
        let mut words = Vec::new();
        for (index, text) in self.texts(key).iter().enumerate() {
            let path = format!("{}[{index}]", self.path(key));
            if let Some(word) = self.as_word::<W>(&path, text) {
                if words.contains(&word) {
                    self.places.error(&path, "word-twice", format!("“{text}”写了两次。"), format!("`{text}` is written twice."));
                } else {
                    words.push(word);
                }
            }
        }
        words
    }

    /// A text parsed by one of the kernel's codes; `what` names it in both languages. The reason is given by its code.
    pub(crate) fn parsed<T>(
        &self,
        key: &'static str,
        what: (&str, &str),
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let text = self.require(key).and_then(|value| self.as_text(&self.path(key), value))?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(code) => {
                let reason = FieldProblem::new(key, code);
                self.error(
                    key,
                    "code-wrong",
                    format!("“{text}”不是正确的{}：{}", what.0, field_text(Lang::ZhCn, &reason)),
                    format!("`{text}` is not a valid {}: {}", what.1, field_text(Lang::En, &reason)),
                );
                None
            }
        }
    }

    /// A FEEL expression.
    pub(crate) fn opt_expression(&self, key: &'static str) -> Option<Arc<Expression>> {
        let text = self.opt_text(key)?;
        match Expression::parse(&text) {
            Ok(expression) => Some(Arc::new(expression)),
            Err(error) => {
                self.error(key, error.code(), error.zh(), error.to_string());
                None
            }
        }
    }

    fn nested(&self, path: String, span: Range<usize>, table: &'a DeTable<'a>) -> Self {
        Reader { places: self.places, table, span, path, seen: RefCell::default() }
    }

    pub(crate) fn opt_table(&self, key: &'static str) -> Option<Self> {
        let value = self.get(key)?;
        let path = self.path(key);
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(&path, value, &format!("表，例如 [{key}]"), &format!("a table such as [{key}]"));
            return None;
        };
        let span = self.table.get_key_value(key).map_or_else(|| value.span(), |(name, _)| name.span());
        Some(self.nested(path, span, table))
    }

    pub(crate) fn table(&self, key: &'static str) -> Option<Self> {
        self.require(key)?;
        self.opt_table(key)
    }

    /// An array of tables; empty if it is not there.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Self> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let path = self.path(key);
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(&path, value, &format!("表的列表 [[{key}]]"), &format!("a list of tables [[{key}]]"));
            return Vec::new();
        };
        let mut readers = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.places.remember(&path, &item.span());
            if let DeValue::Table(table) = item.get_ref() {
                readers.push(self.nested(path, item.span(), table));
            } else {
                self.wrong_type(&path, item, &format!("表 [[{key}]]"), &format!("a table [[{key}]]"));
            }
        }
        readers
    }

    /// Notes every field that was not asked for.
    pub(crate) fn finish(self) {
        let seen = self.seen.borrow();
        for (name, _) in self.table.iter() {
            let name: &Spanned<DeString<'_>> = name;
            let key: &str = name.get_ref();
            if seen.contains(key) {
                continue;
            }
            let meant = closest(key, seen.iter().copied());
            let (zh, en) = meant.map_or_else(
                || ("请删掉；要加说明请用 # 开头。".to_owned(), "remove it; start a remark with #.".to_owned()),
                |meant| (format!("是不是“{meant}”？"), format!("did you mean `{meant}`?")),
            );
            self.places.error_at(
                &name.span(),
                &self.path(key),
                "field-unknown",
                format!("不认识“{key}”。{zh}"),
                format!("`{key}` is not known; {en}"),
            );
        }
    }
}

impl Reader<'_> {
    /// A key: lower-case letters, digits and the given joints.
    pub(crate) fn key(&self, name: &'static str, joint: char) -> String {
        let key = self.text(name);
        if !key.is_empty() && !is_key(&key, joint) {
            self.error(
                name,
                "key-format",
                format!("“{key}”不能用作标识：只能用小写字母、数字和“{joint}”，以字母开头。"),
                format!("`{key}` cannot be a key: use lower-case letters, digits and `{joint}`, starting with a letter."),
            );
        }
        key
    }
}

/// Whether a text can be a key.
pub(crate) fn is_key(key: &str, joint: char) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}
