//! Why the rules of a matter say what they say: each decision table that was asked, with the rows that hold and the row that was used.
//! Said by sign and word, not by colour.

use banhao_catalogue::decisions::{Decided, Reason, RowState, TableReason};

use crate::prelude::*;

/// One table with its heading.
pub(crate) struct ReasonView {
    /// What it decides.
    pub(crate) title: String,
    /// The rules.
    pub(crate) table: Table,
}

/// All tables that were asked, in order, for the applicant or for everybody.
pub(crate) fn reasons(page: &Page, decided: &Decided) -> Vec<ReasonView> {
    views(page, &decided.reasons, false)
}

/// The same for staff: what a row asks of a personal answer would tell the answer.
pub(crate) fn masked(page: &Page, reasons: &[Reason]) -> Vec<ReasonView> {
    views(page, reasons, true)
}

fn views(page: &Page, reasons: &[Reason], mask: bool) -> Vec<ReasonView> {
    reasons.iter().flat_map(|reason| reason.tables.iter().map(move |table| view(page, reason, table, mask))).collect()
}

/// What the reader is told when the matter is the wrong one for them.
pub(crate) fn not_applicable(page: &Page, decided: &Decided) -> Option<String> {
    let applies = decided.never_applies()?;
    Some(applies.text.as_ref().map_or_else(|| page.t("reasons-not-applicable").into_owned(), |text| text.get(page.lang()).to_owned()))
}

fn view(page: &Page, reason: &Reason, table: &TableReason, mask: bool) -> ReasonView {
    let title = page.t_args(&format!("reasons-{}", reason.purpose.as_str()), &[("name", &table.decision)]);
    let mut columns = vec![Column::text(page.t("reasons-row")), Column::text(page.t("reasons-state"))];
    columns.extend(table.inputs.iter().map(|input| Column::text(input.label.clone())));
    columns.push(Column::text(page.t("reasons-result")));
    let has_remarks = table.rows.iter().any(|row| row.remarks.iter().any(|remark| !remark.is_empty()));
    if has_remarks {
        columns.push(Column::text(page.t("reasons-remark")));
    }
    let rows = table.rows.iter().map(|row| {
        let state = match (row.used, row.state) {
            (true, _) => "reasons-used",
            (false, RowState::Fired) => "reasons-fired",
            (false, RowState::Open) => "reasons-open",
            (false, RowState::Not) => "reasons-not",
        };
        let mut cells = vec![Cell::text(row.number), Cell::text(page.t(state))];
        let shown = |text: &String| if text.trim().is_empty() { "-".to_owned() } else { text.replace('"', "") };
        cells.extend(row.conditions.iter().enumerate().map(|(column, condition)| {
            let hidden = mask && table.inputs.get(column).is_some_and(|input| input.personal);
            if hidden { Cell::text(page.t("reasons-personal")) } else { Cell::text(shown(condition)) }
        }));
        cells.push(Cell::text(row.outputs.iter().map(shown).collect::<Vec<_>>().join("; ")));
        if has_remarks {
            cells.push(Cell::text(row.remarks.join("; ")));
        }
        Row::new(cells).marked(row.used)
    });
    ReasonView {
        table: Table {
            caption: title.clone(),
            caption_hidden: true,
            columns,
            rows: rows.collect(),
            empty: Empty::new(page.t("reasons-empty"), ""),
            keys: false,
        },
        title,
    }
}
