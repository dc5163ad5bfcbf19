//! Between JSON values and FEEL values. A date has no JSON type of its own: `{"@date": "2026-01-01"}` stands for one.

use banhao_kernel::Date;
use dsntk_feel::{FeelNumber, Name, context::FeelContext, values::Value as Feel};
use serde_json::{Map, Number, Value, json};

use crate::{FeelError, rewrite::OURS};

const DATE: &str = "@date";

/// A civil date as a variable's value.
#[must_use]
pub fn date(date: Date) -> Value {
    json!({ DATE: date.to_string() })
}

/// A JSON value as FEEL sees it.
pub(crate) fn to_feel(value: &Value) -> Feel {
    match value {
        Value::Null => Feel::Null(None),
        Value::Bool(flag) => Feel::Boolean(*flag),
        Value::Number(number) => number.to_string().parse::<FeelNumber>().map_or(Feel::Null(None), Feel::Number),
        Value::String(text) => Feel::String(text.clone()),
        Value::Array(items) => Feel::List(items.iter().map(to_feel).collect()),
        Value::Object(entries) => {
            if let (1, Some(Value::String(text))) = (entries.len(), entries.get(DATE)) {
                return text.parse().map_or(Feel::Null(None), Feel::Date);
            }
            let mut context = FeelContext::new();
            // Names of our own functions cannot come from outside.
            for (name, value) in entries.iter().filter(|(name, _)| !name.starts_with(OURS)) {
                context.set_entry(&Name::from(name.as_str()), to_feel(value));
            }
            Feel::Context(context)
        }
    }
}

/// A FEEL value as JSON; dates, times and durations become their text.
pub(crate) fn to_json(value: &Feel) -> Result<Value, FeelError> {
    to_json_named(value, &|name| name)
}

/// A FEEL value as JSON, its entries called as they are to be called outside.
pub(crate) fn to_json_named<'n>(value: &'n Feel, outside: &dyn Fn(&'n str) -> &'n str) -> Result<Value, FeelError> {
    Ok(match value {
        Feel::Null(_) => Value::Null,
        Feel::Boolean(flag) => Value::Bool(*flag),
        Feel::Number(number) => number_to_json(number)?,
        Feel::String(text) => Value::String(text.clone()),
        Feel::Date(date) => Value::String(date.to_string()),
        Feel::Time(time) => Value::String(time.to_string()),
        Feel::DateTime(at) => Value::String(at.to_string()),
        Feel::DaysAndTimeDuration(duration) => Value::String(duration.to_string()),
        Feel::YearsAndMonthsDuration(duration) => Value::String(duration.to_string()),
        Feel::List(items) => Value::Array(items.iter().map(|item| to_json_named(item, outside)).collect::<Result<_, _>>()?),
        Feel::Context(context) => {
            let mut entries = Map::new();
            for (name, value) in context.iter() {
                entries.insert(outside(name.as_str()).to_owned(), to_json_named(value, outside)?);
            }
            Value::Object(entries)
        }
        other => {
            return Err(FeelError::Type { expected: "a value", found: other.type_of().to_string() });
        }
    })
}

fn number_to_json(number: &FeelNumber) -> Result<Value, FeelError> {
    if number.is_integer()
        && let Ok(whole) = i64::try_from(number)
    {
        return Ok(Value::Number(whole.into()));
    }
    number
        .to_string()
        .parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
        .ok_or_else(|| FeelError::Evaluation("a number too large".to_owned()))
}
