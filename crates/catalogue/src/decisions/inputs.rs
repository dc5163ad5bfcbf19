//! What the inputs of decisions stand for: answers of the form and of the scenario questions.

use banhao_decision::InputKind;
use serde_json::{Map, Value};

use crate::model::{Field, FieldKind, Form, Matter, Question};

/// What an input of a decision is filled with.
#[derive(Debug, Clone, Copy)]
pub enum Source<'m> {
    /// All answers of the form, or of the questions: `form`, `q`.
    Group,
    /// An answer of the form.
    Field(&'m Field),
    /// An answer to a scenario question.
    Question(&'m Question),
}

impl<'m> Source<'m> {
    /// The type of its values.
    #[must_use]
    pub fn kind(&self) -> InputKind {
        match self {
            Self::Group => InputKind::Any,
            Self::Question(_) => InputKind::Text,
            Self::Field(field) => match field.kind {
                FieldKind::Number | FieldKind::Money => InputKind::Number,
                FieldKind::YesNo => InputKind::Boolean,
                FieldKind::Date => InputKind::Date,
                FieldKind::Choices => InputKind::List(Box::new(InputKind::Text)),
                _ => InputKind::Text,
            },
        }
    }

    /// The values that can be chosen; empty when any can be given.
    #[must_use]
    pub fn values(&self) -> Vec<&'m str> {
        match self {
            Self::Field(field) if matches!(field.kind, FieldKind::Choice | FieldKind::Choices) => {
                field.options.iter().map(|option| option.value.as_str()).collect()
            }
            Self::Question(question) => question.options.iter().map(|option| option.value.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The answer, out of the variables of expressions.
    fn value(&self, name: &str, variables: &Value) -> Value {
        match self {
            Self::Group => variables.get(name).cloned().unwrap_or(Value::Null),
            Self::Field(field) => variables["form"][field.key.as_str()].clone(),
            Self::Question(question) => variables["q"][question.key.as_str()].clone(),
        }
    }
}

/// What an input is filled with: `form` and `q` with all answers; a name with the answer that `[[decisions.inputs]]` names for it,
/// else with that of the only field or question whose Chinese label it is.
#[must_use]
pub fn source<'m>(matter: &'m Matter, form: &'m Form, name: &str) -> Option<Source<'m>> {
    if matches!(name, "form" | "q") {
        return Some(Source::Group);
    }
    if let Some((_, answer)) = matter.decisions.inputs.iter().find(|(known, _)| known == name) {
        return answered(matter, form, answer);
    }
    let fields = form.fields().filter(|field| field.label.zh == name).map(Source::Field);
    let questions = matter.questions.iter().filter(|question| question.text.zh == name).map(Source::Question);
    let mut found = fields.chain(questions);
    let first = found.next();
    if found.next().is_some() { None } else { first }
}

/// The field or question of `form.KEY` or `q.KEY`.
#[must_use]
pub fn answered<'m>(matter: &'m Matter, form: &'m Form, answer: &str) -> Option<Source<'m>> {
    if let Some(key) = answer.strip_prefix("form.") {
        return form.field(key).map(Source::Field);
    }
    let key = answer.strip_prefix("q.")?;
    matter.questions.iter().find(|question| question.key == key).map(Source::Question)
}

/// The variables of expressions with the inputs of these names beside them.
pub(super) fn with_inputs(matter: &Matter, form: &Form, names: &[&str], variables: &Value) -> Value {
    let mut data = variables.as_object().cloned().unwrap_or_else(Map::new);
    for name in names {
        if !data.contains_key(*name)
            && let Some(source) = source(matter, form, name)
        {
            data.insert((*name).to_owned(), source.value(name, variables));
        }
    }
    Value::Object(data)
}

/// The keys asked of a group in a text: of `form.a > form.b` and `form`, `a` and `b`. What stands in quotation marks counts, too:
/// rather one key too many than one too few.
pub(crate) fn keys_in<'t>(text: &'t str, group: &str) -> Vec<&'t str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut keys = Vec::new();
    for (at, found) in text.match_indices(group) {
        let Some(rest) = text[at + found.len()..].strip_prefix('.') else { continue };
        if text[..at].ends_with(|c: char| is_part(c) || c == '.') {
            continue;
        }
        let key = rest.split(|c| !is_part(c)).next().unwrap_or_default();
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The texts in quotation marks.
pub(crate) fn literals(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}
