//! Short ways to write tables.

use banhao_decision::{DecisionModel, HitPolicy, Inputs, Rule, Table, TableInput, TableOutput};

/// A table: input expressions, output names, rows of cells (inputs first).
pub fn table(hit_policy: HitPolicy, inputs: &[&str], outputs: &[&str], rows: &[&[&str]]) -> Table {
    Table {
        inputs: inputs.iter().map(|text| TableInput { expression: (*text).to_owned(), ..TableInput::default() }).collect(),
        outputs: outputs.iter().map(|name| TableOutput { name: Some((*name).to_owned()), ..TableOutput::default() }).collect(),
        rules: rows
            .iter()
            .map(|row| Rule {
                inputs: row[..inputs.len()].iter().map(|cell| (*cell).to_owned()).collect(),
                outputs: row[inputs.len()..].iter().map(|cell| (*cell).to_owned()).collect(),
                annotations: Vec::new(),
            })
            .collect(),
        hit_policy,
        annotations: Vec::new(),
    }
}

/// The table as a model with one decision, `结果`.
pub fn model(table: &Table, inputs: &Inputs) -> DecisionModel {
    let xml = table.to_xml("结果", inputs).unwrap();
    DecisionModel::parse(&xml).unwrap_or_else(|problems| panic!("{problems:?}\n{xml}"))
}
