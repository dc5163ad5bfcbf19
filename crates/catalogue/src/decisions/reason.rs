//! Why a decision came out as it did: its tables with the rows that fired, those that did not, and those that cannot be said yet.

use banhao_decision::{Evaluation, HitPolicy, TableSeen};
use serde_json::Value;

use super::{Purpose, known::Known};
use crate::model::Field;

/// How a row of a table fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// All its cells hold.
    Fired,
    /// A cell does not hold.
    Not,
    /// Depends on an answer that is still to come.
    Open,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1.
    pub number: usize,
    /// How it fared.
    pub state: RowState,
    /// Whether it gave the result: with FIRST and PRIORITY not every row that fired does.
    pub used: bool,
    /// Its conditions, as they stand in the file.
    pub conditions: Vec<String>,
    /// Its outputs, as they stand in the file.
    pub outputs: Vec<String>,
    /// Remarks: usually the legal basis.
    pub remarks: Vec<String>,
}

/// What an input column saw.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Head of the column.
    pub label: String,
    /// The expression that is asked, usually the name of an input.
    pub asked: String,
    /// Value.
    pub value: Value,
    /// The field, when the column is just an answer of the form: for showing the value in words.
    pub field: Option<Field>,
    /// Whether it shows personal data.
    pub personal: bool,
    /// Whether an answer that it asks for is still to come.
    pub open: bool,
}

/// A table that was asked.
#[derive(Debug, Clone)]
pub struct TableReason {
    /// The decision it belongs to.
    pub decision: String,
    /// Which rows give the result.
    pub hit_policy: HitPolicy,
    /// Input columns.
    pub inputs: Vec<Seen>,
    /// Heads of the output columns.
    pub outputs: Vec<String>,
    /// Rows.
    pub rows: Vec<Row>,
}

impl TableReason {
    /// Whether answers that are still to come can change what the table says.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let open = |row: &Row| row.state == RowState::Open;
        let fired = self.rows.iter().position(|row| row.state == RowState::Fired);
        match (self.hit_policy, fired) {
            (HitPolicy::First, Some(first)) => self.rows[..first].iter().any(open),
            (HitPolicy::Unique | HitPolicy::Any, Some(_)) => false,
            _ => self.rows.iter().any(open),
        }
    }
}

/// A decision that was asked, and why it came out so.
#[derive(Debug, Clone)]
pub struct Reason {
    /// What for.
    pub purpose: Purpose,
    /// Name of the decision.
    pub decision: String,
    /// Tables on the way, in order; the last is usually the decision's own.
    pub tables: Vec<TableReason>,
    /// Whether answers that are still to come can change it.
    pub open: bool,
    /// The result.
    pub result: Value,
}

pub(super) fn reason(
    known: &Known<'_>,
    model: &banhao_decision::DecisionModel,
    purpose: Purpose,
    decision: &str,
    made: &Evaluation,
) -> Reason {
    let tables: Vec<TableReason> = made.tables.iter().map(|seen| table(known, model, seen)).collect();
    let own = tables.iter().find(|table| table.decision == decision);
    let open = own.map_or_else(|| known.decision_is_open(decision), TableReason::is_open);
    Reason { purpose, decision: decision.to_owned(), tables, open, result: made.result.clone() }
}

fn table(known: &Known<'_>, model: &banhao_decision::DecisionModel, seen: &TableSeen) -> TableReason {
    let written = model.table(&seen.decision);
    let expression = |column: usize| written.and_then(|table| table.inputs.get(column)).map_or("", |input| input.expression.as_str());
    let inputs: Vec<Seen> = seen
        .inputs
        .iter()
        .enumerate()
        .map(|(column, input)| Seen {
            label: input.label.clone(),
            asked: expression(column).to_owned(),
            value: input.value.clone(),
            field: match known.source(expression(column)) {
                Some(super::Source::Field(field)) => Some(field.clone()),
                _ => None,
            },
            personal: known.is_personal(expression(column)),
            open: known.is_open(expression(column)),
        })
        .collect();
    let rows = seen.rules.iter().map(|rule| {
        let row = written.and_then(|table| table.rules.get(rule.rule.saturating_sub(1)));
        let conditions: Vec<String> = row.map(|row| row.inputs.clone()).unwrap_or_default();
        let is_open = |column: usize| {
            let cell = conditions.get(column).map_or("", |cell| cell.trim());
            !matches!(cell, "" | "-") && (inputs.get(column).is_some_and(|input| input.open) || known.is_open(cell))
        };
        let state = if rule.failed.iter().any(|column| !is_open(column.saturating_sub(1))) {
            RowState::Not
        } else if (0..inputs.len()).any(is_open) {
            RowState::Open
        } else if rule.fired {
            RowState::Fired
        } else {
            RowState::Not
        };
        Row {
            number: rule.rule,
            state,
            used: seen.used.contains(&rule.rule),
            outputs: row.map(|row| row.outputs.clone()).unwrap_or_default(),
            remarks: rule.annotations.clone(),
            conditions,
        }
    });
    TableReason {
        decision: seen.decision.clone(),
        hit_policy: seen.hit_policy,
        outputs: written
            .map(|table| {
                let head = |output: &banhao_decision::TableOutput| output.label.clone().or_else(|| output.name.clone());
                table.outputs.iter().map(|output| head(output).unwrap_or_else(|| seen.decision.clone())).collect()
            })
            .unwrap_or_default(),
        rows: rows.collect(),
        inputs,
    }
}
