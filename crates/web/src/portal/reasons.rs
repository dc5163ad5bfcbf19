//! Why the rules of a matter say what they say: each decision table that was asked, with the rows that hold and the row that was used.
//! Said by sign and word, not by colour.

use banhao_catalogue::decisions::{
    ChargedFee, Decided, Purpose, Reason, Row as Rule, RowState, Seen, Source, TableReason, answered, source, total,
};
use banhao_catalogue::model::Bilingual;
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_texts::Lang;
use serde_json::Value;

use crate::prelude::*;

/// One table with its heading.
pub(crate) struct ReasonView {
    /// What it decides.
    pub(crate) title: String,
    /// The rules.
    pub(crate) table: Table,
}

/// For whom the reasons are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eyes {
    /// The applicant, or everybody while there are no answers.
    Applicant,
    /// Staff: what a row asks of a personal answer would tell the answer.
    Staff,
}

/// What is charged, and why.
pub(crate) struct FeesView {
    /// The fees.
    pub(crate) table: Table,
    /// Their sum, when there are several.
    pub(crate) total: Option<String>,
    /// The rows that say so, in words.
    pub(crate) why: Vec<String>,
    /// Answers that are still to come decide about it.
    pub(crate) open: bool,
    /// The rules do not say it: the office will.
    pub(crate) failed: bool,
}

/// All tables that were asked, in order, for the applicant or for everybody.
pub(crate) fn reasons(page: &Page, version: &MatterVersion, decided: &Decided) -> Vec<ReasonView> {
    let tables = decided.reasons.iter().flat_map(|reason| reason.tables.iter().map(move |table| (reason, table)));
    tables.map(|(reason, table)| view(page, version, reason, table, Eyes::Applicant)).collect()
}

/// What the reader is told when the matter is the wrong one for them.
pub(crate) fn not_applicable(page: &Page, decided: &Decided) -> Option<String> {
    let applies = decided.never_applies()?;
    Some(applies.text.as_ref().map_or_else(|| page.t("reasons-not-applicable").into_owned(), |text| text.get(page.lang()).to_owned()))
}

/// What the rules say is charged; none when no rules do.
pub(crate) fn fees(page: &Page, version: &MatterVersion, decided: &Decided, eyes: Eyes) -> Option<FeesView> {
    Purpose::Fees.decision(&version.matter)?;
    let charged = decided.fees.as_deref().unwrap_or_default();
    let yuan = |amount: banhao_kernel::Money| page.t_args("common-yuan", &[("amount", &amount.to_string())]);
    let row = |fee: &ChargedFee| {
        let note = fee.note.as_ref().map_or("", |note| note.get(page.lang()));
        let basis = fee.basis.as_deref().unwrap_or_default();
        Row::new(vec![Cell::text(fee.name.get(page.lang())), Cell::text(yuan(fee.amount)), Cell::text(note), Cell::text(basis)])
    };
    let mut columns = ["portal-fee", "reasons-remark", "portal-fee-basis"].map(|key| Column::text(page.t(key))).to_vec();
    columns.insert(1, Column::number(page.t("reasons-amount")));
    let reason = decided.reason(Purpose::Fees);
    let own = reason.and_then(|reason| reason.tables.iter().find(|table| table.decision == reason.decision));
    Some(FeesView {
        table: Table {
            caption: page.t("portal-guide-fees").into_owned(),
            caption_hidden: true,
            columns,
            rows: charged.iter().map(row).collect(),
            empty: Empty::new(page.t("portal-free-text"), ""),
            keys: false,
        }
        .without_empty_columns(),
        total: (charged.len() > 1)
            .then(|| total(charged))
            .flatten()
            .map(|sum| page.t_args("reasons-total", &[("amount", &sum.to_string())])),
        why: own.map_or_else(Vec::new, |table| why(page, version, table, eyes)),
        open: reason.is_some_and(|reason| reason.open),
        failed: decided.failed.contains(&Purpose::Fees),
    })
}

/// The rows that gave the result, each as a sentence.
pub(crate) fn why(page: &Page, version: &MatterVersion, table: &TableReason, eyes: Eyes) -> Vec<String> {
    let and = page.t("reasons-and");
    let sentence = |row: &Rule| {
        let asked = row.conditions.iter().enumerate().filter(|(_, condition)| !matches!(condition.trim(), "" | "-"));
        let parts: Vec<String> = asked
            .map(|(column, condition)| {
                let label = table.inputs.get(column).map_or("", |input| input.label.as_str());
                page.t_args("reasons-if", &[("what", label), ("value", &cell(page, version, table.inputs.get(column), condition, eyes))])
            })
            .collect();
        let parts = if parts.is_empty() { page.t("reasons-always").into_owned() } else { parts.join(and.as_ref()) };
        let told = page.t_args("reasons-why", &[("n", &row.number.to_string()), ("conditions", &parts)]);
        let remark = row.remarks.iter().filter(|remark| !remark.is_empty()).cloned().collect::<Vec<_>>().join(and.as_ref());
        if remark.is_empty() { told } else { page.t_args("reasons-why-remark", &[("why", &told), ("remark", &remark)]) }
    };
    table.rows.iter().filter(|row| row.used).map(sentence).collect()
}

/// What an input column saw, in words; personal answers as `personal` says.
pub(crate) fn seen(page: &Page, snapshot: &Snapshot, version: &MatterVersion, input: &Seen) -> String {
    if let Some(field) = &input.field {
        return super::apply::words(page, snapshot, field, &input.value);
    }
    match (&input.value, input_source(version, &input.asked)) {
        (Value::Null, _) => String::new(),
        (Value::Bool(flag), _) => page.t(if *flag { "common-yes" } else { "common-no" }).into_owned(),
        (Value::String(value), Some(Source::Question(question))) => {
            let option = question.options.iter().find(|option| option.value == *value);
            option.map_or_else(|| value.clone(), |option| option.label.get(page.lang()).to_owned())
        }
        (Value::String(text), _) => text.clone(),
        (other, _) => other.to_string(),
    }
}

fn input_source<'v>(version: &'v MatterVersion, asked: &str) -> Option<Source<'v>> {
    answered(&version.matter, &version.form, asked.trim()).or_else(|| source(&version.matter, &version.form, asked.trim()))
}

/// An expression over answers, with the answers called what the form calls them.
pub(crate) fn expression(page: &Page, version: &MatterVersion, text: &str) -> String {
    super::condition::expression(page.lang(), text, |name| match input_source(version, name)? {
        Source::Field(field) => Some(field.label.get(page.lang()).to_owned()),
        Source::Question(question) => Some(question.text.get(page.lang()).to_owned()),
        Source::Group => None,
    })
}

/// A condition in the reader's words.
fn cell(page: &Page, version: &MatterVersion, input: Option<&Seen>, condition: &str, eyes: Eyes) -> String {
    match input {
        Some(input) if eyes == Eyes::Staff && input.personal => page.t("reasons-personal").into_owned(),
        input => words(page, version, Some(input.map_or("", |input| input.asked.as_str())), condition),
    }
}

/// A cell in the reader's words: values that can be chosen by their labels, materials by their names, true and false by yes and no.
pub(crate) fn words(page: &Page, version: &MatterVersion, asked: Option<&str>, text: &str) -> String {
    let mut text = match text.trim() {
        "" | "-" => return page.t("reasons-any").into_owned(),
        "true" => return page.t("common-yes").into_owned(),
        "false" => return page.t("common-no").into_owned(),
        text => text.to_owned(),
    };
    let mut name = |key: &str, label: &Bilingual| text = text.replace(&format!("\"{key}\""), label.get(page.lang()));
    match asked.map(|asked| input_source(version, asked)) {
        Some(Some(Source::Field(field))) => field.options.iter().for_each(|option| name(&option.value, &option.label)),
        Some(Some(Source::Question(question))) => question.options.iter().for_each(|option| name(&option.value, &option.label)),
        Some(_) => {}
        None => version.matter.materials.iter().for_each(|material| name(&material.key, &material.name)),
    }
    if asked.is_some() { super::condition::in_words(page.lang(), &text) } else { text.replace('"', "") }
}

/// Outputs of a table that this reader is shown, by place: in their language where the table has both, and only where something stands.
fn shown_outputs(page: &Page, table: &TableReason) -> Vec<usize> {
    let said = |column: &usize| table.rows.iter().any(|row| row.outputs.get(*column).is_some_and(|text| !is_nothing(text)));
    let names: Vec<&str> = table.outputs.iter().map(|name| name.trim()).collect();
    let wanted = |column: &usize| match names[*column].strip_suffix("_en") {
        Some(twin) if names.contains(&twin) => page.is_english(),
        _ => !page.is_english() || !names.iter().any(|other| other.strip_suffix("_en") == Some(names[*column])),
    };
    (0..names.len()).filter(wanted).filter(said).collect()
}

/// Whether an output says nothing.
pub(crate) fn is_nothing(output: &str) -> bool {
    matches!(output.trim(), "" | "\"\"")
}

/// Heading of an output.
fn output_head(name: &str) -> &str {
    name.trim().strip_suffix("_en").unwrap_or(name)
}

/// What a decision is about, and how it is called when it is called otherwise.
pub(crate) fn title(page: &Page, purpose: Purpose, name: &str) -> String {
    let key = format!("reasons-{}", purpose.as_str());
    let about = page.t(&key).into_owned();
    // Named by whoever wrote the rules, in Chinese as a rule, whatever the page's language is.
    if [Lang::ZhCn, page.lang()].iter().any(|lang| banhao_texts::t(*lang, &key) == name.trim()) {
        return about;
    }
    page.t_args("reasons-named", &[("about", &about), ("name", name)])
}

/// A table, with the rows that hold and those that were used.
pub(crate) fn view(page: &Page, version: &MatterVersion, reason: &Reason, table: &TableReason, eyes: Eyes) -> ReasonView {
    let title = title(page, reason.purpose, &table.decision);
    let mut columns = vec![Column::text(page.t("reasons-row")), Column::text(page.t("reasons-state"))];
    columns.extend(table.inputs.iter().map(|input| Column::text(input.label.clone())));
    let outputs = shown_outputs(page, table);
    match outputs.as_slice() {
        [] | [_] => columns.push(Column::text(page.t("reasons-result"))),
        several => columns.extend(several.iter().map(|column| Column::text(output_head(&table.outputs[*column])))),
    }
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
        let conditions = row.conditions.iter().enumerate();
        cells.extend(conditions.map(|(column, condition)| Cell::text(cell(page, version, table.inputs.get(column), condition, eyes))));
        let said = |column: &usize| match row.outputs.get(*column) {
            Some(output) if !is_nothing(output) => words(page, version, None, output),
            _ => String::new(),
        };
        if outputs.is_empty() {
            cells.push(Cell::text(""));
        }
        cells.extend(outputs.iter().map(|column| Cell::text(said(column))));
        if has_remarks {
            cells.push(Cell::text(
                row.remarks.iter().filter(|remark| !remark.is_empty()).cloned().collect::<Vec<_>>().join(page.t("reasons-and").as_ref()),
            ));
        }
        Row::new(cells).used(row.used)
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
