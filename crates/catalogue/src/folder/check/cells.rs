//! The cells of a matter's decision tables: values that can be chosen at all, and amounts that can be charged.

use banhao_decision::{Column, DecisionModel, ExpressionText};
use banhao_kernel::Money;

use super::expressions::not_among;
use crate::{
    decisions::{keys_in, literals, source},
    folder::reader::Places,
    model::{Form, Matter},
};

/// Notes cells and expressions that compare an answer with something that cannot be chosen: such a row never holds, or always.
pub(super) fn values(matter: &Matter, form: &Form, model: &DecisionModel, there: &Places) {
    for text in model.texts() {
        let mut wrong: Vec<(String, String, Vec<&str>)> = Vec::new();
        if let Some((name, values)) = column_values(matter, form, model, text)
            && is_plain(&text.text)
        {
            let unknown = literals(&text.text).into_iter().filter(|literal| !values.contains(literal));
            wrong.extend(unknown.map(|literal| (name.clone(), literal.to_owned(), values.clone())));
        }
        for group in ["form", "q"] {
            for key in keys_in(&text.text, group) {
                let name = format!("{group}.{key}");
                let values = crate::decisions::answered(matter, form, &name).map(|source| source.values()).unwrap_or_default();
                let unknown = not_among(&text.text, &name, &values);
                wrong.extend(unknown.into_iter().map(|value| (name.clone(), value.to_owned(), values.clone())));
            }
        }
        for (name, value, values) in wrong {
            let choices = values.join(" | ");
            note(
                there,
                text,
                "value-unknown",
                &format!("“{name}”没有“{value}”这个选项。可以选：{choices}"),
                &format!("`{name}` cannot be `{value}`; it is one of: {choices}"),
            );
        }
    }
}

/// What can be chosen for the input column that a cell stands in, when the column is nothing but an answer.
fn column_values<'m>(matter: &'m Matter, form: &'m Form, model: &DecisionModel, text: &ExpressionText) -> Option<(String, Vec<&'m str>)> {
    let cell = text.cell?;
    let (Some(_), Some(Column::Input(column))) = (cell.rule, cell.column) else { return None };
    let asked = model.table(&text.decision)?.inputs.get(column.checked_sub(1)?)?.expression.trim();
    let source = crate::decisions::answered(matter, form, asked).or_else(|| source(matter, form, asked))?;
    let values = source.values();
    (!values.is_empty()).then(|| (asked.to_owned(), values))
}

/// Whether a cell only compares with texts: `"a", "b"`, `not("a")`, `? = "a"`, `list contains(?, "a")`. What else a cell says is its own.
fn is_plain(cell: &str) -> bool {
    let outside: String = cell.split('"').step_by(2).collect();
    let words = outside.split(|c: char| c.is_whitespace() || "(),?=!".contains(c)).filter(|word| !word.is_empty());
    words.into_iter().all(|word| matches!(word, "not" | "or" | "and" | "in" | "list" | "contains"))
}

/// Notes fees without basis and amounts that are none. Licences cost nothing unless a law says so (APL 58).
pub(super) fn fees(matter: &Matter, model: &DecisionModel, places: &Places, there: Option<&Places>) {
    let Some(decision) = matter.decisions.fees.as_deref() else { return };
    if matter.fees.is_empty() {
        places.error(
            "decisions.fees",
            "fee-basis-missing",
            format!("“{decision}”要收费，但没有写收费项目和依据。请补上 [[fees]]：项目、标准、依据。"),
            format!("`{decision}` charges something, but no fee and basis is written; add [[fees]] with name, standard and basis."),
        );
    }
    let (Some(table), Some(there)) = (model.table(decision), there) else { return };
    let heads: Vec<&str> = table.outputs.iter().map(|output| output.name.as_deref().unwrap_or_default()).collect();
    let several = heads.len() > 1;
    let line = super::decisions::line_of(model, decision);
    if several && !heads.contains(&"金额") {
        there.error_in_line(
            line,
            decision,
            "fee-amount-missing",
            "收费的决策要有叫“金额”的输出列（元，最多两位小数）。".to_owned(),
            "A decision about fees needs an output column called `金额`: yuan, with at most two decimals.".to_owned(),
        );
    }
    if matter.fees.len() > 1 && !heads.contains(&"项目") {
        there.error_in_line(
            line,
            decision,
            "fee-name-missing",
            "这件事有几个收费项目，决策要有叫“项目”的输出列，写明收的是哪一项。".to_owned(),
            "This matter has several fees; the decision needs an output column called `项目` that says which one is charged.".to_owned(),
        );
    }
    for text in model.texts().iter().filter(|text| text.decision == decision) {
        let Some(Column::Output(column)) = text.cell.filter(|cell| cell.rule.is_some()).and_then(|cell| cell.column) else { continue };
        match heads.get(column.saturating_sub(1)).copied() {
            Some("项目") => fee_name(matter, text, there),
            Some("金额") => amount(text, there),
            Some(_) if !several => amount(text, there),
            _ => {}
        }
    }
}

fn fee_name(matter: &Matter, text: &ExpressionText, there: &Places) {
    let names: Vec<&str> = matter.fees.iter().map(|fee| fee.name.zh.as_str()).collect();
    for name in literals(&text.text).into_iter().filter(|name| !names.contains(name)) {
        let known = names.join(" | ");
        note(
            there,
            text,
            "fee-unknown",
            &format!("收费项目“{name}”没有写在 [[fees]] 里，没有依据不能收。已写的有：{known}"),
            &format!("The fee `{name}` is not in [[fees]]; without basis it cannot be charged. There are: {known}"),
        );
    }
}

/// A number that stands there as such must be an amount; what a formula gives is known only when it is asked.
fn amount(text: &ExpressionText, there: &Places) {
    let written = text.text.trim();
    let is_number = written.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && written.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    let is_amount = Money::parse(written).is_ok_and(|amount| amount >= Money::ZERO);
    if (is_number && !is_amount) || written.starts_with('"') {
        note(
            there,
            text,
            "fee-amount",
            &format!("“{written}”不是金额：写元，不小于 0，最多两位小数，例如 80 或 19.50。"),
            &format!("`{written}` is no amount: yuan, not below 0, with at most two decimals, such as 80 or 19.50."),
        );
    }
}

fn note(there: &Places, text: &ExpressionText, code: &'static str, zh: &str, en: &str) {
    let (place_zh, place_en) = text.cell.map(|cell| (format!("{}：", cell.zh()), format!("{}: ", cell.en()))).unwrap_or_default();
    there.error_in_line(text.line.max(1), &text.decision, code, format!("{place_zh}{zh}"), format!("{place_en}{en}"));
}
