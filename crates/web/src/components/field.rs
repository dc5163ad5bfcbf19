//! One question of a form: label, hint, mistake, control. The id of the control is `f-NAME` – `f-SCOPE-NAME` where several forms
//! of a page ask for the same – which is what the error summary links to.

use askama::{Template, filters::HtmlSafe};

use crate::filters;

/// A possible answer of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line that explains it, or empty.
    pub hint: String,
}

impl Choice {
    /// A choice without explanation.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// Adds an explanation.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A file that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileItem {
    /// Its name as uploaded.
    pub name: String,
    /// Size as people read it, e.g. `1.2 MB`.
    pub size: String,
    /// Where it can be looked at.
    pub href: Option<String>,
    /// The button that removes it sends this value under the name `remove`.
    pub remove: Option<String>,
}

/// The kinds of control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Multiline {
        /// How many lines are visible.
        rows: u8,
    },
    /// A date, one field, `YYYY-MM-DD`, with the browser's own calendar.
    Date,
    /// A whole number.
    Number,
    /// An amount of money in yuan.
    Money,
    /// A telephone number.
    Tel,
    /// A citizen number or credit code: letters in capitals, no spell check.
    Code,
    /// A password.
    Password,
    /// One of a few, all visible.
    Radio(Vec<Choice>),
    /// One of many, in a list.
    Select(Vec<Choice>),
    /// Any of a few.
    Checkboxes(Vec<Choice>),
    /// One thing to tick, e.g. a declaration.
    Tick,
    /// Files to upload.
    File {
        /// Accepted kinds for the browser's dialogue, e.g. `.pdf,.jpg`.
        accept: String,
        /// Several at once.
        multiple: bool,
        /// Largest size in bytes; checked in the browser before sending where scripts run.
        most: u64,
        /// What is there already.
        have: Vec<FileItem>,
    },
    /// A signature drawn with finger or pen; without scripts, the name typed. Sends `NAME` (typed name) and
    /// `NAME-drawing` (a PNG data URL or empty). A second value is the drawing that was sent before.
    Signature,
    /// Not shown.
    Hidden,
}

/// A question. `Field::new(FieldKind::Text, "applicant_name", "姓名").hint("…").required()`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/field.html")]
pub struct Field {
    /// What is sent as its name.
    pub name: String,
    /// Part of the ids of a page with several forms, or empty.
    pub scope: String,
    /// The question.
    pub label: String,
    /// How to answer, or empty.
    pub hint: String,
    /// What is wrong with the answer, or empty.
    pub error: String,
    /// Which control.
    pub kind: FieldKind,
    /// Whether it must be answered; questions that need not be are marked so.
    pub required: bool,
    /// Whether it must be answered depends on another answer; then it is marked neither way, and the hint says when.
    pub conditional: bool,
    /// The answer so far (several for checkboxes).
    pub values: Vec<String>,
    /// The `autocomplete` word of the HTML standard, or empty.
    pub autocomplete: &'static str,
    /// Longest text, if limited.
    pub max_length: Option<u32>,
    /// Smallest number or earliest date, or empty.
    pub min: String,
    /// Largest number or latest date, or empty.
    pub max: String,
    /// The label is the page's heading (one question per page).
    pub heading: bool,
    /// Cannot be changed here.
    pub read_only: bool,
}

impl HtmlSafe for Field {}

impl Field {
    /// A question that need not be answered; see the builder functions.
    #[must_use]
    pub fn new(kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            scope: String::new(),
            label: label.into(),
            hint: String::new(),
            error: String::new(),
            kind,
            required: false,
            conditional: false,
            values: Vec::new(),
            autocomplete: "",
            max_length: None,
            min: String::new(),
            max: String::new(),
            heading: false,
            read_only: false,
        }
    }

    /// One line of text.
    #[must_use]
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Text, name, label)
    }

    /// One of a few.
    #[must_use]
    pub fn radio(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(FieldKind::Radio(choices), name, label)
    }

    /// Tells its ids apart from those of another form on the page that asks for the same.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// How to answer.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What is wrong; an empty text means nothing is.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }

    /// The answer so far.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// The answers so far.
    #[must_use]
    pub fn values(mut self, values: Vec<String>) -> Self {
        self.values = values;
        self
    }

    /// It must be answered.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Whether it must be answered depends on another answer.
    #[must_use]
    pub fn conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// The `autocomplete` word of the HTML standard.
    #[must_use]
    pub fn autocomplete(mut self, word: &'static str) -> Self {
        self.autocomplete = word;
        self
    }

    /// Longest text.
    #[must_use]
    pub fn max_length(mut self, letters: u32) -> Self {
        self.max_length = Some(letters);
        self
    }

    /// Smallest and largest number, or earliest and latest date.
    #[must_use]
    pub fn between(mut self, min: impl Into<String>, max: impl Into<String>) -> Self {
        self.min = min.into();
        self.max = max.into();
        self
    }

    /// The label is the page's heading.
    #[must_use]
    pub fn as_heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// Shown but not changeable.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// What its ids are made of, after `f-`.
    #[must_use]
    pub fn key(&self) -> String {
        if self.scope.is_empty() { self.name.clone() } else { format!("{}-{}", self.scope, self.name) }
    }

    /// The drawing of a signature that came back with a mistake: its second value.
    fn drawing(&self) -> &str {
        self.values.get(1).map(String::as_str).unwrap_or_default()
    }

    fn first(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|have| have == value)
    }

    fn is_date(&self) -> bool {
        matches!(self.kind, FieldKind::Date)
    }

    fn is_money(&self) -> bool {
        matches!(self.kind, FieldKind::Money)
    }

    fn is_code(&self) -> bool {
        matches!(self.kind, FieldKind::Code)
    }

    /// A secret is never written back into the page.
    fn is_secret(&self) -> bool {
        matches!(self.kind, FieldKind::Password)
    }

    /// `f-NAME` for the first control of the field and `f-NAME-2` … for the others of a group.
    fn control_id(&self, index: usize) -> String {
        if index == 0 { format!("f-{}", self.key()) } else { format!("f-{}-{}", self.key(), index + 1) }
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() || self.is_date() {
            ids.push(format!("f-{}-hint", self.key()));
        }
        if !self.error.is_empty() {
            ids.push(format!("f-{}-error", self.key()));
        }
        ids.join(" ")
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            FieldKind::Date => "date",
            FieldKind::Tel => "tel",
            FieldKind::Password => "password",
            _ => "text",
        }
    }

    fn input_mode(&self) -> &'static str {
        match self.kind {
            FieldKind::Number => "numeric",
            FieldKind::Money => "decimal",
            FieldKind::Tel => "tel",
            _ => "",
        }
    }
}
