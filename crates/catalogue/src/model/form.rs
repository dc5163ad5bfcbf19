//! The form of a matter: pages of questions.

use std::sync::Arc;

use banhao_decision::Expression;

use super::{Bilingual, FieldKind, Prefill};

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Pages, in order.
    pub pages: Vec<Page>,
}

impl Form {
    /// All fields with their pages.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.pages.iter().flat_map(|page| &page.fields)
    }

    /// The field of this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().find(|field| field.key == key)
    }

    /// The page of this key.
    #[must_use]
    pub fn page(&self, key: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.key == key)
    }
}

/// A page of a form.
#[derive(Debug, Clone)]
pub struct Page {
    /// Key.
    pub key: String,
    /// Title.
    pub title: Bilingual,
    /// Words before the questions.
    pub intro: Option<Bilingual>,
    /// When it is shown; always if none.
    pub when: Option<Arc<Expression>>,
    /// Its questions.
    pub fields: Vec<Field>,
}

/// A question of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Key, asked for in expressions as `form.KEY`.
    pub key: String,
    /// The question.
    pub label: Bilingual,
    /// Kind of the answer.
    pub kind: FieldKind,
    /// Whether it must be answered when it is shown.
    pub required: bool,
    /// What helps to answer.
    pub hint: Option<Bilingual>,
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// Regular expression the whole answer must match.
    pub pattern: Option<regex::Regex>,
    /// What the pattern means, in words.
    pub pattern_hint: Option<Bilingual>,
    /// What can be chosen.
    pub options: Vec<FieldOption>,
    /// When it is shown; always if none.
    pub when: Option<Arc<Expression>>,
    /// What it is filled with beforehand.
    pub prefill: Option<Prefill>,
    /// Whether the answer is personal data: sealed at rest, never in facts or process variables.
    pub personal: bool,
    /// A rule between answers.
    pub check: Option<Check>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOption {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub label: Bilingual,
}

/// A rule between answers.
#[derive(Debug, Clone)]
pub struct Check {
    /// Must hold when everything it asks for is answered.
    pub holds: Arc<Expression>,
    /// What to do when it does not.
    pub message: Bilingual,
}
