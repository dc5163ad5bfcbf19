//! What is wrong with the answers: every mistake at once, each with a code and what its text needs.

use banhao_decision::Truth;
use banhao_kernel::{CitizenNumber, CreditCode, Date, Mobile, Money, ProjectCode, problem::FieldProblem};
use serde_json::Value;

use super::{Answers, is_shown, variables, visible_answers};
use crate::{
    model::{Field, FieldKind, Form, Matter, Page, Question},
    snapshot::Snapshot,
};

/// Most characters of an answer whose field sets no limit.
const MAX_TEXT: usize = 500;
/// The same for several lines.
const MAX_LINES: usize = 5_000;

/// What the check needs to know besides the form.
#[derive(Debug, Clone, Copy)]
pub struct FormRules<'s> {
    /// Today: nobody is born later.
    pub today: Date,
    /// The definitions, for the regions; without them any region is taken.
    pub snapshot: Option<&'s Snapshot>,
}

impl<'s> From<&'s Snapshot> for FormRules<'s> {
    fn from(snapshot: &'s Snapshot) -> Self {
        Self { today: snapshot.today, snapshot: Some(snapshot) }
    }
}

/// Every mistake in the answers, in order of the form. The codes are texts `field-CODE`.
#[must_use]
pub fn check(form: &Form, answers: &Answers, rules: FormRules<'_>) -> Vec<FieldProblem> {
    let mut problems = check_pages(form, form.pages.iter(), answers, rules);
    for key in answers.form.keys() {
        if form.field(key).is_none() {
            problems.push(FieldProblem::new(key, "unknown"));
        }
    }
    problems
}

/// Every mistake in the answers of one page.
#[must_use]
pub fn check_page(form: &Form, page: &Page, answers: &Answers, rules: FormRules<'_>) -> Vec<FieldProblem> {
    check_pages(form, std::iter::once(page), answers, rules)
}

/// Every scenario question that is not answered, or with something that cannot be chosen; the field is `q.KEY`.
#[must_use]
pub fn check_questions(matter: &Matter, answers: &Answers) -> Vec<FieldProblem> {
    let is_chosen = |question: &Question, text: &str| question.options.iter().any(|option| option.value == text);
    matter
        .questions
        .iter()
        .filter_map(|question| {
            let code = match answers.q.get(&question.key) {
                None | Some(Value::Null) => "choose",
                Some(Value::String(text)) if is_chosen(question, text) => return None,
                Some(_) => "choice",
            };
            Some(FieldProblem::new(format!("q.{}", question.key), code))
        })
        .collect()
}

fn check_pages<'f>(form: &Form, pages: impl Iterator<Item = &'f Page>, answers: &Answers, rules: FormRules<'_>) -> Vec<FieldProblem> {
    let visible = visible_answers(form, answers);
    let variables = variables(form, &visible);
    let mut problems = Vec::new();
    for page in pages.filter(|page| is_shown(page.when.as_deref(), &variables)) {
        for field in page.fields.iter().filter(|field| is_shown(field.when.as_deref(), &variables)) {
            let Some(value) = answers.get(&field.key) else {
                if field.required {
                    let code = if matches!(field.kind, FieldKind::Choice | FieldKind::Choices | FieldKind::YesNo | FieldKind::Region) {
                        "choose"
                    } else {
                        "required"
                    };
                    problems.push(FieldProblem::new(&field.key, code));
                }
                continue;
            };
            if let Err(problem) = check_value(field, value, rules) {
                problems.push(problem);
            } else if let Some(problem) = check_rule(field, &variables) {
                problems.push(problem);
            }
        }
    }
    problems
}

fn check_rule(field: &Field, variables: &Value) -> Option<FieldProblem> {
    let check = field.check.as_ref()?;
    match check.holds.truth(variables) {
        Ok(Truth::False) => Some(
            FieldProblem::new(&field.key, "rule").with_arg("message", check.message.zh.clone()).with_arg("message_en", check.message.en()),
        ),
        // What is not answered yet is asked for by itself.
        Ok(Truth::True | Truth::Unknown) => None,
        Err(error) => {
            tracing::warn!(field = field.key, %error, "the check of a field cannot be evaluated");
            None
        }
    }
}

fn check_value(field: &Field, value: &Value, rules: FormRules<'_>) -> Result<(), FieldProblem> {
    let problem = |code| FieldProblem::new(&field.key, code);
    match field.kind {
        FieldKind::YesNo => value.as_bool().map(|_| ()).ok_or_else(|| problem("choose")),
        FieldKind::Number | FieldKind::Money => check_number(field, value),
        FieldKind::Choices => {
            let items = value.as_array().ok_or_else(|| problem("choice"))?;
            let is_known = |item: &Value| item.as_str().is_some_and(|text| is_option(field, text));
            if items.iter().all(is_known) { Ok(()) } else { Err(problem("choice")) }
        }
        _ => check_text(field, value.as_str().ok_or_else(|| problem("format"))?, rules),
    }
}

fn is_option(field: &Field, text: &str) -> bool {
    field.options.iter().any(|option| option.value == text)
}

fn check_text(field: &Field, text: &str, rules: FormRules<'_>) -> Result<(), FieldProblem> {
    let problem = |code| FieldProblem::new(&field.key, code);
    match field.kind {
        FieldKind::CitizenNumber => {
            CitizenNumber::parse_on(text, rules.today).map_err(|error| problem(error.code()))?;
        }
        FieldKind::CreditCode => {
            CreditCode::parse(text).map_err(|error| problem(error.code()))?;
        }
        FieldKind::Mobile => {
            Mobile::parse(text).map_err(|error| problem(error.code()))?;
        }
        FieldKind::ProjectCode => {
            ProjectCode::parse(text).map_err(|error| problem(error.code()))?;
        }
        FieldKind::Date => {
            text.parse::<Date>().ok().filter(|_| text.len() == 10).ok_or_else(|| problem("date"))?;
        }
        FieldKind::Choice if !is_option(field, text) => return Err(problem("choice")),
        FieldKind::Region => {
            let is_known = rules.snapshot.is_none_or(|snapshot| snapshot.own_regions().any(|region| region.code.as_str() == text));
            if !is_known {
                return Err(problem("region"));
            }
        }
        FieldKind::Name if !text.chars().any(char::is_alphabetic) => return Err(problem("name")),
        _ => {}
    }
    let default = if field.kind == FieldKind::Multiline { MAX_LINES } else { MAX_TEXT };
    let limit = field.max_length.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(default);
    let length = text.chars().count();
    if length > limit {
        return Err(problem("too-long").with_arg("limit", limit.to_string()).with_arg("length", length.to_string()));
    }
    if let Some(pattern) = &field.pattern
        && !pattern.is_match(text)
    {
        let hint = field.pattern_hint.clone().unwrap_or_default();
        return Err(problem("rule").with_arg("message_en", hint.en().to_owned()).with_arg("message", hint.zh));
    }
    Ok(())
}

fn check_number(field: &Field, value: &Value) -> Result<(), FieldProblem> {
    let problem = |code| FieldProblem::new(&field.key, code);
    let number = value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| problem("number"))?;
    if field.kind == FieldKind::Money {
        Money::parse(&value.to_string()).map_err(|error| problem(error.code()))?;
    }
    if let Some(min) = field.min
        && number < min
    {
        return Err(problem("min").with_arg("limit", min.to_string()));
    }
    if let Some(max) = field.max
        && number > max
    {
        return Err(problem("max").with_arg("limit", max.to_string()));
    }
    Ok(())
}
