//! What people type, brought into one form: full-width digits, blanks in numbers, a lower-case x, dates in several ways.

use banhao_kernel::{Date, Mobile};
use serde_json::{Map, Number, Value};

use super::Answers;
use crate::model::{Field, FieldKind, Page};

/// Takes over the answers of one page as a browser posts them: names with texts, several for several choices. What the
/// page asks and was not posted is no longer answered. Other names are left alone.
pub fn read_page(page: &Page, posted: &[(String, String)], answers: &mut Answers) {
    for field in &page.fields {
        let mut texts = posted.iter().filter(|(name, _)| *name == field.key).map(|(_, text)| text.as_str());
        let value = if field.kind == FieldKind::Choices {
            normalise(field, &Value::Array(texts.map(|text| Value::String(text.to_owned())).collect()))
        } else {
            texts.next().map_or(Value::Null, |text| normalise(field, &Value::String(text.to_owned())))
        };
        set(&mut answers.form, &field.key, value);
    }
}

fn set(form: &mut Map<String, Value>, key: &str, value: Value) {
    if super::is_blank(&value) {
        form.remove(key);
    } else {
        form.insert(key.to_owned(), value);
    }
}

/// Brings one answer into its form; what cannot be is left as it is, for the check to say so.
#[must_use]
pub fn normalise(field: &Field, value: &Value) -> Value {
    match value {
        Value::String(text) => of_text(field, text),
        Value::Array(items) if field.kind == FieldKind::Choices => choices(field, items),
        other => other.clone(),
    }
}

fn of_text(field: &Field, text: &str) -> Value {
    let tidy = without_controls(text, field.kind == FieldKind::Multiline);
    if tidy.is_empty() {
        return Value::Null;
    }
    match field.kind {
        FieldKind::Text | FieldKind::Multiline | FieldKind::Name | FieldKind::Address | FieldKind::Region => Value::String(tidy),
        FieldKind::Choice => Value::String(tidy),
        FieldKind::Choices => choices(field, &[Value::String(tidy)]),
        FieldKind::CitizenNumber | FieldKind::CreditCode => Value::String(compact(&tidy).to_ascii_uppercase()),
        FieldKind::ProjectCode => Value::String(compact(&tidy)),
        FieldKind::Mobile => {
            let compact = compact(&tidy);
            Value::String(Mobile::parse_typed(&compact).map_or(compact, |mobile| mobile.as_str().to_owned()))
        }
        FieldKind::Date => Value::String(date(&tidy).map_or(tidy, |date| date.to_string())),
        FieldKind::Number | FieldKind::Money => number(&tidy).map_or(Value::String(tidy), Value::Number),
        FieldKind::YesNo => match half_width(&tidy).to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "是" => Value::Bool(true),
            "false" | "no" | "off" | "否" => Value::Bool(false),
            _ => Value::String(tidy),
        },
    }
}

fn choices(field: &Field, items: &[Value]) -> Value {
    let chosen: Vec<&str> = items.iter().filter_map(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).collect();
    let known = field.options.iter().map(|option| option.value.as_str()).filter(|value| chosen.contains(value));
    let unknown = chosen.iter().copied().filter(|text| field.options.iter().all(|option| option.value != *text));
    Value::Array(known.chain(unknown).map(|text| Value::String(text.to_owned())).collect())
}

/// Without control characters, without blanks at the ends; lines end in LF.
fn without_controls(text: &str, lines: bool) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .map(|c| if c == '\u{3000}' || c == '\t' || (c == '\n' && !lines) { ' ' } else { c })
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    kept.trim().to_owned()
}

/// Full-width ASCII as half-width.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
            '\u{3000}' => ' ',
            '。' => '.',
            _ => c,
        })
        .collect()
}

/// Half-width and without blanks.
fn compact(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')).collect()
}

/// A number with or without separators of thousands.
fn number(text: &str) -> Option<Number> {
    let digits: String = compact(text).chars().filter(|c| *c != ',').collect();
    if digits.is_empty() || digits.bytes().any(|byte| !matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+')) {
        return None;
    }
    if let Ok(whole) = digits.parse::<i64>() {
        return Some(whole.into());
    }
    digits.parse::<f64>().ok().and_then(Number::from_f64)
}

/// `2026-1-5`, `2026/01/05`, `2026.1.5`, `2026年1月5日`, `20260105`.
fn date(text: &str) -> Option<Date> {
    let text = compact(text);
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else {
        text.trim_end_matches(['日', '号']).split(['-', '/', '.', '年', '月']).collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
