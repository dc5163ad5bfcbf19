//! Why the rules of a matter say what they say: each decision table that was asked, with the rows that hold and the row that was used.
//! Said by sign and word, not by colour.

use banhao_catalogue::MatterVersion;
use banhao_catalogue::decisions::{Decided, Reason, RowState, Source, TableReason, source};
use banhao_catalogue::model::Bilingual;

use crate::prelude::*;

/// One table with its heading.
pub(crate) struct ReasonView {
    /// What it decides.
    pub(crate) title: String,
    /// The rules.
    pub(crate) table: Table,
}

/// All tables that were asked, in order, for the applicant or for everybody.
pub(crate) fn reasons(page: &Page, version: &MatterVersion, decided: &Decided) -> Vec<ReasonView> {
    views(page, version, &decided.reasons, false)
}

/// The same for staff: what a row asks of a personal answer would tell the answer.
pub(crate) fn masked(page: &Page, version: &MatterVersion, reasons: &[Reason]) -> Vec<ReasonView> {
    views(page, version, reasons, true)
}

fn views(page: &Page, version: &MatterVersion, reasons: &[Reason], mask: bool) -> Vec<ReasonView> {
    reasons.iter().flat_map(|reason| reason.tables.iter().map(move |table| view(page, version, reason, table, mask))).collect()
}

/// What the reader is told when the matter is the wrong one for them.
pub(crate) fn not_applicable(page: &Page, decided: &Decided) -> Option<String> {
    let applies = decided.never_applies()?;
    Some(applies.text.as_ref().map_or_else(|| page.t("reasons-not-applicable").into_owned(), |text| text.get(page.lang()).to_owned()))
}

/// A cell in the reader's words: values that can be chosen by their labels, materials by their names, true and false by yes and no.
fn words(page: &Page, version: &MatterVersion, input: Option<&str>, text: &str) -> String {
    let mut text = match text.trim() {
        "" | "-" => return page.t("reasons-any").into_owned(),
        "true" => return page.t("common-yes").into_owned(),
        "false" => return page.t("common-no").into_owned(),
        text => text.to_owned(),
    };
    let mut name = |key: &str, label: &Bilingual| text = text.replace(&format!("\"{key}\""), label.get(page.lang()));
    match input.map(|input| source(&version.matter, &version.form, input)) {
        Some(Some(Source::Field(field))) => field.options.iter().for_each(|option| name(&option.value, &option.label)),
        Some(Some(Source::Question(question))) => question.options.iter().for_each(|option| name(&option.value, &option.label)),
        Some(_) => {}
        None => version.matter.materials.iter().for_each(|material| name(&material.key, &material.name)),
    }
    text.replace('"', "")
}

fn view(page: &Page, version: &MatterVersion, reason: &Reason, table: &TableReason, mask: bool) -> ReasonView {
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
        cells.extend(row.conditions.iter().enumerate().map(|(column, condition)| {
            let hidden = mask && table.inputs.get(column).is_some_and(|input| input.personal);
            let input = table.inputs.get(column).map_or("", |input| input.label.as_str());
            if hidden { Cell::text(page.t("reasons-personal")) } else { Cell::text(words(page, version, Some(input), condition)) }
        }));
        let outputs = row.outputs.iter().filter(|output| !matches!(output.trim(), "" | "\"\""));
        cells.push(Cell::text(outputs.map(|output| words(page, version, None, output)).collect::<Vec<_>>().join("; ")));
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
