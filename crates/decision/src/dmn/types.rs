//! The types of item definitions: what a value must be, and how a JSON value becomes one.

use std::{collections::BTreeMap, sync::Arc};

use dsntk_feel::{FeelType, Name, context::FeelContext, values::Value as Feel};
use serde_json::Value;

use super::tests::Tests;
use crate::{InputKind, convert};

/// Deepest nesting of item definitions.
pub(crate) const MAX_TYPE_DEPTH: usize = 16;

/// A type, with the values it allows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Type {
    pub base: Base,
    pub allowed: Option<Arc<Tests>>,
}

/// What a value is.
#[derive(Clone, Debug, Default)]
pub(crate) enum Base {
    #[default]
    Any,
    Number,
    Text,
    Boolean,
    Date,
    Time,
    DateTime,
    DaysAndTime,
    YearsAndMonths,
    Function,
    Range,
    List(Box<Type>),
    /// Name inside, name in the file, type.
    Context(Vec<(String, String, Type)>),
}

/// A value is not of the type it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The entry within the value, as a path; empty for the value itself.
    pub path: String,
    pub expected_zh: String,
    pub expected_en: String,
    /// The value is of the type, but not among the allowed ones.
    pub not_allowed: bool,
}

impl From<Base> for Type {
    fn from(base: Base) -> Self {
        Self { base, allowed: None }
    }
}

impl Type {
    /// The type of an input.
    pub(crate) fn of(kind: &InputKind) -> Self {
        Self::from(match kind {
            InputKind::Text => Base::Text,
            InputKind::Number => Base::Number,
            InputKind::Boolean => Base::Boolean,
            InputKind::Date => Base::Date,
            InputKind::List(item) => Base::List(Box::new(Self::of(item))),
            InputKind::Any => Base::Any,
        })
    }

    /// What an input of this type is to a form.
    pub(crate) fn input_kind(&self) -> InputKind {
        match &self.base {
            Base::Text => InputKind::Text,
            Base::Number => InputKind::Number,
            Base::Boolean => InputKind::Boolean,
            Base::Date => InputKind::Date,
            Base::List(item) => InputKind::List(Box::new(item.input_kind())),
            _ => InputKind::Any,
        }
    }

    /// A type of FEEL by its name.
    pub(crate) fn built_in(name: &str) -> Option<Self> {
        let name = name.strip_prefix("feel:").unwrap_or(name);
        Some(Self::from(match name {
            "Any" | "any" | "context" => Base::Any,
            "number" | "integer" | "long" | "double" | "decimal" => Base::Number,
            "string" => Base::Text,
            "boolean" => Base::Boolean,
            "date" => Base::Date,
            "time" => Base::Time,
            "date and time" | "dateTime" => Base::DateTime,
            "days and time duration" | "dayTimeDuration" => Base::DaysAndTime,
            "years and months duration" | "yearMonthDuration" => Base::YearsAndMonths,
            "list" => Base::List(Box::default()),
            "function" => Base::Function,
            "range" => Base::Range,
            _ => return None,
        }))
    }

    /// The type as the parser wants it, to know the names of entries.
    pub(crate) fn feel(&self) -> FeelType {
        match &self.base {
            Base::Any | Base::Function | Base::Range => FeelType::Any,
            Base::Number => FeelType::Number,
            Base::Text => FeelType::String,
            Base::Boolean => FeelType::Boolean,
            Base::Date => FeelType::Date,
            Base::Time => FeelType::Time,
            Base::DateTime => FeelType::DateTime,
            Base::DaysAndTime => FeelType::DaysAndTimeDuration,
            Base::YearsAndMonths => FeelType::YearsAndMonthsDuration,
            Base::List(item) => FeelType::List(Box::new(item.feel())),
            Base::Context(entries) => FeelType::Context(
                entries.iter().map(|(key, _, entry)| (Name::from(key.as_str()), entry.feel())).collect::<BTreeMap<_, _>>(),
            ),
        }
    }

    pub(crate) fn zh(&self) -> String {
        match &self.base {
            Base::Any => "任何值".to_owned(),
            Base::Number => "数字".to_owned(),
            Base::Text => "文字".to_owned(),
            Base::Boolean => "“是”或“否”".to_owned(),
            Base::Date => "日期（如 2026-01-31）".to_owned(),
            Base::Time => "时间（如 08:30:00）".to_owned(),
            Base::DateTime => "日期和时间（如 2026-01-31T08:30:00）".to_owned(),
            Base::DaysAndTime => "天时分秒的时长（如 P2DT3H）".to_owned(),
            Base::YearsAndMonths => "年月的时长（如 P1Y6M）".to_owned(),
            Base::Function => "函数".to_owned(),
            Base::Range => "区间".to_owned(),
            Base::List(item) => format!("列表，每一项是{}", item.zh()),
            Base::Context(_) => "有名称的一组值".to_owned(),
        }
    }

    pub(crate) fn en(&self) -> String {
        match &self.base {
            Base::Any => "any value".to_owned(),
            Base::Number => "a number".to_owned(),
            Base::Text => "a text".to_owned(),
            Base::Boolean => "true or false".to_owned(),
            Base::Date => "a date (such as 2026-01-31)".to_owned(),
            Base::Time => "a time (such as 08:30:00)".to_owned(),
            Base::DateTime => "a date and time (such as 2026-01-31T08:30:00)".to_owned(),
            Base::DaysAndTime => "a duration in days and time (such as P2DT3H)".to_owned(),
            Base::YearsAndMonths => "a duration in years and months (such as P1Y6M)".to_owned(),
            Base::Function => "a function".to_owned(),
            Base::Range => "a range".to_owned(),
            Base::List(item) => format!("a list, each item {}", item.en()),
            Base::Context(_) => "a set of named values".to_owned(),
        }
    }

    fn mismatch(&self, path: &str) -> Mismatch {
        Mismatch { path: path.to_owned(), expected_zh: self.zh(), expected_en: self.en(), not_allowed: false }
    }

    /// A JSON value as a value of this type. Null is a value of every type; entries and answers may be missing.
    pub(crate) fn read(&self, value: &Value, path: &str) -> Result<Feel, Mismatch> {
        let wrong = || self.mismatch(path);
        let text = || match value {
            Value::String(text) => Ok(text.as_str()),
            Value::Object(entries) if entries.len() == 1 => entries.get("@date").and_then(Value::as_str).ok_or_else(wrong),
            _ => Err(wrong()),
        };
        let read = match (&self.base, value) {
            (_, Value::Null) => return Ok(Feel::Null(None)),
            (Base::Any, _) => convert::to_feel(value),
            (Base::Number, Value::Number(_)) | (Base::Text, Value::String(_)) | (Base::Boolean, Value::Bool(_)) => convert::to_feel(value),
            (Base::Date, _) => Feel::try_from_xsd_date(text()?).map_err(|_| wrong())?,
            (Base::Time, _) => Feel::try_from_xsd_time(text()?).map_err(|_| wrong())?,
            (Base::DateTime, _) => Feel::try_from_xsd_date_time(text()?).map_err(|_| wrong())?,
            (Base::DaysAndTime | Base::YearsAndMonths, _) => {
                let duration = Feel::try_from_xsd_duration(text()?).map_err(|_| wrong())?;
                self.conform(&duration, path)?
            }
            (Base::List(item), Value::Array(values)) => {
                let items = values.iter().enumerate().map(|(at, value)| item.read(value, &format!("{path}[{}]", at + 1)));
                Feel::List(items.collect::<Result<_, _>>()?)
            }
            (Base::Context(entries), Value::Object(values)) => {
                let mut context = FeelContext::new();
                for (name, value) in values {
                    if !entries.iter().any(|(_, entry, _)| entry == name) {
                        context.set_entry(&Name::from(super::naming::key(name)), convert::to_feel(value));
                    }
                }
                for (key, name, entry) in entries {
                    let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    let value = values.get(name).map_or(Ok(Feel::Null(None)), |value| entry.read(value, &inner))?;
                    context.set_entry(&Name::from(key.as_str()), value);
                }
                Feel::Context(context)
            }
            _ => return Err(wrong()),
        };
        self.allow(&read, path)?;
        Ok(read)
    }

    /// A value as a value of this type: a list of one is its item and the other way round (DMN 1.5, 10.3.2.9.4).
    pub(crate) fn conform(&self, value: &Feel, path: &str) -> Result<Feel, Mismatch> {
        let fits = match (&self.base, value) {
            (_, Feel::Null(_)) => return Ok(Feel::Null(None)),
            (Base::Any, _)
            | (Base::Number, Feel::Number(_))
            | (Base::Text, Feel::String(_))
            | (Base::Boolean, Feel::Boolean(_))
            | (Base::Date, Feel::Date(_))
            | (Base::Time, Feel::Time(_))
            | (Base::DateTime, Feel::DateTime(_))
            | (Base::DaysAndTime, Feel::DaysAndTimeDuration(_))
            | (Base::YearsAndMonths, Feel::YearsAndMonthsDuration(_))
            | (Base::Function, Feel::FunctionDefinition(..) | Feel::BuiltInFunction(_))
            | (Base::Range, Feel::Range(..)) => value.clone(),
            (Base::List(item), Feel::List(values)) => {
                let items = values.iter().enumerate().map(|(at, value)| item.conform(value, &format!("{path}[{}]", at + 1)));
                Feel::List(items.collect::<Result<_, _>>()?)
            }
            (Base::List(item), single) => Feel::List(vec![item.conform(single, path).map_err(|_| self.mismatch(path))?]),
            (Base::Context(entries), Feel::Context(values)) => {
                let mut context = values.clone();
                for (key, name, entry) in entries {
                    let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    let key = Name::from(key.as_str());
                    let value = values.get_entry(&key).map_or(Ok(Feel::Null(None)), |value| entry.conform(value, &inner))?;
                    context.set_entry(&key, value);
                }
                Feel::Context(context)
            }
            (_, Feel::List(values)) if values.len() == 1 => return self.conform(&values[0], path),
            _ => return Err(self.mismatch(path)),
        };
        self.allow(&fits, path)?;
        Ok(fits)
    }

    fn allow(&self, value: &Feel, path: &str) -> Result<(), Mismatch> {
        match &self.allowed {
            Some(tests) if !tests.allow(value) => Err(Mismatch {
                path: path.to_owned(),
                expected_zh: format!("下列之一：{}", tests.text),
                expected_en: format!("one of: {}", tests.text),
                not_allowed: true,
            }),
            _ => Ok(()),
        }
    }
}
