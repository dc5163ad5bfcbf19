//! A small language for conditions, and random well-structured processes with an independent account of what they should do.

pub mod structure;

use serde_json::Value;

/// Answers `name = "text"`, `name = 1`, `name = true` and `form.name = …`; everything else is an error.
pub fn equals(expression: &str, variables: &Value) -> Result<bool, String> {
    let (name, wanted) = expression.split_once('=').ok_or_else(|| format!("not an equation: {expression}"))?;
    let wanted: Value = serde_json::from_str(wanted.trim()).map_err(|error| error.to_string())?;
    let mut value = variables;
    for part in name.trim().split('.') {
        value = value.get(part).unwrap_or(&Value::Null);
    }
    Ok(*value == wanted)
}
