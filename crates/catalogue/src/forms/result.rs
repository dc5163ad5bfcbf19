//! The lines printed on a result.

use banhao_decision::FeelError;
use serde_json::Value;

use super::{Answers, variables, visible_answers};
use crate::{model::Bilingual, snapshot::MatterVersion};

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultLine {
    /// Label.
    pub label: Bilingual,
    /// What is printed; empty when nothing was answered.
    pub value: String,
}

/// The lines printed on the result, from the answers and what is known of the case (`number`, `decided_on`, …).
///
/// # Errors
/// When an expression of the definition cannot be evaluated: nothing may be printed then.
pub fn result_lines(version: &MatterVersion, answers: &Answers, case: &Value) -> Result<Vec<ResultLine>, FeelError> {
    let mut variables = variables(&version.form, &visible_answers(&version.form, answers));
    variables["case"] = case.clone();
    version
        .matter
        .result
        .fields
        .iter()
        .map(|field| Ok(ResultLine { label: field.label.clone(), value: printed(&field.value.eval(&variables)?) }))
        .collect()
}

fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(printed).collect::<Vec<_>>().join("、"),
        Value::Object(_) => value.to_string(),
    }
}
