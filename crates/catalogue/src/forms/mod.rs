//! Forms at work: answers as they are typed, which questions are shown, what is wrong, which materials are needed, what is
//! printed on the result. Pure: the definitions and the answers go in, values come out.

mod check;
mod materials;
mod normalise;
mod result;

use banhao_decision::{Expression, Truth};
use banhao_kernel::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use check::{FormRules, check, check_page, check_questions};
pub use materials::{NeededMaterial, materials_decided, materials_needed};
pub use normalise::{normalise, read_page};
pub use result::{ResultLine, result_lines};

use crate::model::{Field, FieldKind, Form, Page};

/// What was answered: the form's questions and the scenario questions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// By key of the field.
    #[serde(default)]
    pub form: Map<String, Value>,
    /// By key of the scenario question.
    #[serde(default)]
    pub q: Map<String, Value>,
}

impl Answers {
    /// The answer to a field; none if it is not answered.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.form.get(key).filter(|value| !is_blank(value))
    }

    /// The answer to a field as text; none if it is not answered or no text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }
}

/// Whether a value says nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The variables of expressions: `form.*` with dates as dates, and `q.*`.
#[must_use]
pub fn variables(form: &Form, answers: &Answers) -> Value {
    variables_of(form.fields(), answers)
}

/// The variables of the process: as [`variables`], without personal data.
#[must_use]
pub fn process_variables(form: &Form, answers: &Answers) -> Value {
    let answers = visible_answers(form, answers);
    variables_of(form.fields().filter(|field| !field.personal), &answers)
}

fn variables_of<'f>(fields: impl Iterator<Item = &'f Field>, answers: &Answers) -> Value {
    let values: Map<String, Value> = fields
        .filter_map(|field| {
            let value = answers.get(&field.key)?;
            Some((field.key.clone(), variable(field, value)))
        })
        .collect();
    json!({ "form": values, "q": answers.q })
}

fn variable(field: &Field, value: &Value) -> Value {
    match (field.kind, value) {
        (FieldKind::Date, Value::String(text)) => text.parse::<Date>().map_or_else(|_| value.clone(), banhao_decision::date),
        _ => value.clone(),
    }
}

/// Whether something with this condition is shown. What cannot be said for a fault in the definition is shown.
pub(crate) fn is_shown(when: Option<&Expression>, variables: &Value) -> bool {
    when.is_none_or(|when| match when.truth(variables) {
        Ok(truth) => truth == Truth::True,
        Err(error) => {
            tracing::warn!(expression = when.text(), %error, "a condition in a definition cannot be evaluated");
            true
        }
    })
}

/// The pages that are shown for these answers, in order.
#[must_use]
pub fn visible_pages<'f>(form: &'f Form, answers: &Answers) -> Vec<&'f Page> {
    let variables = variables(form, &visible_answers(form, answers));
    form.pages
        .iter()
        .filter(|page| is_shown(page.when.as_deref(), &variables))
        .filter(|page| page.fields.iter().any(|field| is_shown(field.when.as_deref(), &variables)))
        .collect()
}

/// The fields of a page that are shown for these answers, in order.
#[must_use]
pub fn visible_fields<'f>(form: &Form, page: &'f Page, answers: &Answers) -> Vec<&'f Field> {
    let variables = variables(form, &visible_answers(form, answers));
    page.fields.iter().filter(|field| is_shown(field.when.as_deref(), &variables)).collect()
}

/// The answers without those to questions that are not shown: what was typed before the person chose otherwise does not
/// count, also not in the conditions of later questions.
#[must_use]
pub fn visible_answers(form: &Form, answers: &Answers) -> Answers {
    let mut visible = Answers { form: Map::new(), q: answers.q.clone() };
    let mut variables = json!({ "form": {}, "q": answers.q });
    for page in &form.pages {
        if !is_shown(page.when.as_deref(), &variables) {
            continue;
        }
        for field in &page.fields {
            let Some(value) = answers.get(&field.key) else { continue };
            if is_shown(field.when.as_deref(), &variables) {
                visible.form.insert(field.key.clone(), value.clone());
                variables["form"][field.key.as_str()] = variable(field, value);
            }
        }
    }
    visible
}
