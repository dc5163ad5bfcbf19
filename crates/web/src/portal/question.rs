//! A question of a definition as a control: the same for citizens and at the window.

use banhao_catalogue::Snapshot;
use banhao_catalogue::forms::Answers;
use banhao_catalogue::model::{self, FieldKind as Kind};
use serde_json::Value;

use super::words::named;
use crate::prelude::*;

/// More choices than this are a list to open.
const ALL_VISIBLE: usize = 7;

/// An answer as a control shows it.
fn shown(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Object(_) => Vec::new(),
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(shown).collect(),
    }
}

/// A question of the definition as a control.
pub(crate) fn control(page: &Page, snapshot: &Snapshot, answers: &Answers, field: &model::Field) -> Field {
    let options =
        || -> Vec<Choice> { field.options.iter().map(|option| Choice::new(option.value.clone(), named(page, &option.label))).collect() };
    let kind = match field.kind {
        Kind::Multiline => FieldKind::Multiline { rows: 4 },
        Kind::CitizenNumber | Kind::CreditCode | Kind::ProjectCode => FieldKind::Code,
        Kind::Mobile => FieldKind::Tel,
        Kind::Date => FieldKind::Date,
        Kind::Number => FieldKind::Number,
        Kind::Money => FieldKind::Money,
        Kind::Choice if field.options.len() <= ALL_VISIBLE => FieldKind::Radio(options()),
        Kind::Choice => FieldKind::Select(options()),
        Kind::Choices => FieldKind::Checkboxes(options()),
        Kind::Region => {
            FieldKind::Select(snapshot.own_regions().map(|region| Choice::new(region.code.as_str(), named(page, &region.name))).collect())
        }
        Kind::YesNo => FieldKind::Radio(vec![Choice::new("true", page.t("common-yes")), Choice::new("false", page.t("common-no"))]),
        Kind::Text | Kind::Name | Kind::Address => FieldKind::Text,
    };
    let mut control = Field::new(kind, field.key.clone(), named(page, &field.label));
    if let Some(hint) = &field.hint {
        control = control.hint(named(page, hint));
    }
    if field.required {
        control = control.required();
    }
    if let Some(most) = field.max_length {
        control = control.max_length(most);
    }
    control = match (field.kind, field.key.as_str()) {
        (Kind::Name, "applicant_name") => control.autocomplete("name"),
        (Kind::Mobile, _) => control.autocomplete("tel"),
        _ => control,
    };
    match answers.get(&field.key) {
        Some(value) => control.values(shown(value)),
        None => control,
    }
}
