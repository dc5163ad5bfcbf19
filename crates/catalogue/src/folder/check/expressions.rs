//! Expressions name only answers that are asked for, compare choices only with values that can be chosen, and conditions
//! of fields look only backwards.

use std::collections::BTreeSet;

use banhao_decision::Expression;

use crate::{
    folder::{Draft, reader::Places},
    model::{Field, FieldKind, Form, Matter, closest},
};

/// What `case.*` gives to the lines printed on a result.
const CASE: [&str; 6] = ["number", "decided_on", "licence_number", "valid_from", "valid_until", "organisation"];

pub(super) fn matter(draft: &Draft, matter: &Matter, places: &Places) {
    let Some(form) = draft.forms.get(&matter.key) else { return };
    let mut used = BTreeSet::new();
    for (index, material) in matter.materials.iter().enumerate() {
        if let Some(when) = &material.when {
            let field = format!("materials[{index}].when");
            roots(places, &field, when, &["form", "q"]);
            answers(places, &field, when, form);
            questions(places, &field, when, matter);
            used.extend(when.paths("q"));
        }
    }
    for (index, line) in matter.result.fields.iter().enumerate() {
        let field = format!("result.fields[{index}].value");
        roots(places, &field, &line.value, &["form", "q", "case"]);
        answers(places, &field, &line.value, form);
        questions(places, &field, &line.value, matter);
        used.extend(line.value.paths("q"));
        for key in line.value.paths("case") {
            if !CASE.contains(&key.as_str()) {
                unknown(places, &field, &format!("case.{key}"), CASE.iter().copied(), "case.");
            }
        }
    }
    for expression in form_expressions(form) {
        used.extend(expression.paths("q"));
    }
    if let Some((process, _)) = draft.processes.get(&matter.key) {
        for (_, text) in process.expressions() {
            if let Ok(expression) = Expression::parse(text) {
                used.extend(expression.paths("q"));
            }
        }
    }
    if let Some((model, _)) = draft.decisions.get(&matter.key) {
        used.extend(super::decisions::questions_asked(matter, form, model));
    }
    let decisions_unread =
        !draft.decisions.contains_key(&matter.key) && draft.places_of(&format!("matters/{}/decisions.dmn", matter.key)).is_some();
    // An expression that could not be read may use it.
    let everything_is_read = !places.has_code("feel-") && !decisions_unread;
    for (index, question) in matter.questions.iter().enumerate() {
        if !used.contains(&question.key) && everything_is_read {
            places.warning(
                &format!("questions[{index}].key"),
                "question-unused",
                format!("没有哪条 when 用到 q.{}，这个问题白问了。", question.key),
                format!("No `when` uses q.{}; the question is asked for nothing.", question.key),
            );
        }
    }
}

fn form_expressions(form: &Form) -> impl Iterator<Item = &Expression> {
    form.pages.iter().flat_map(|page| {
        page.when.as_deref().into_iter().chain(
            page.fields.iter().flat_map(|field| field.when.as_deref().into_iter().chain(field.check.as_ref().map(|check| &*check.holds))),
        )
    })
}

pub(super) fn form(form: &Form, matter: Option<&Matter>, places: &Places) {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for (page_index, page) in form.pages.iter().enumerate() {
        let one = |field: &str, expression: &Expression, asked: &BTreeSet<&str>| {
            roots(places, field, expression, &["form", "q"]);
            answers(places, field, expression, form);
            if let Some(matter) = matter {
                questions(places, field, expression, matter);
            }
            for key in expression.paths("form") {
                if form.field(&key).is_some() && !asked.contains(key.as_str()) {
                    places.error(
                        field,
                        "asked-later",
                        format!("form.{key} 是后面才问的，这里还不知道。"),
                        format!("form.{key} is asked later and not known here."),
                    );
                }
            }
        };
        if let Some(when) = &page.when {
            one(&format!("pages[{page_index}].when"), when, &asked);
        }
        for (index, field) in page.fields.iter().enumerate() {
            let path = |name: &str| format!("pages[{page_index}].fields[{index}].{name}");
            if let Some(when) = &field.when {
                one(&path("when"), when, &asked);
            }
            asked.insert(&field.key);
            if let Some(check) = &field.check {
                one(&path("check"), &check.holds, &asked);
            }
        }
    }
}

/// Notes variables that are not given to this expression. Names bound inside it (`for x in …`) are lower in the text and
/// follow `for`, `some` or `every`.
pub(super) fn roots(places: &Places, field: &str, expression: &Expression, given: &[&str]) {
    for root in expression.roots() {
        if given.contains(&root) || is_bound(expression.text(), root) {
            continue;
        }
        let given_text = given.join("、");
        places.error(
            field,
            "variable-unknown",
            format!("表达式里的“{root}”不知道是什么；这里能用的有 {given_text}（例如 form.xxx）。"),
            format!("`{root}` is not known in this expression; there are: {}.", given.join(", ")),
        );
    }
}

fn is_bound(text: &str, name: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| pair[0] == name && pair[1] == "in")
}

/// Notes `form.X` without such a field, and choices compared with a value that cannot be chosen.
pub(super) fn answers(places: &Places, field: &str, expression: &Expression, form: &Form) {
    for key in expression.paths("form") {
        match form.field(&key) {
            None => unknown(places, field, &format!("form.{key}"), form.fields().map(|field| field.key.as_str()), "form."),
            Some(asked) => compared(places, field, expression.text(), &format!("form.{key}"), &values(asked)),
        }
    }
}

fn values(field: &Field) -> Vec<&str> {
    if matches!(field.kind, FieldKind::Choice | FieldKind::Choices) {
        field.options.iter().map(|option| option.value.as_str()).collect()
    } else {
        Vec::new()
    }
}

/// Notes `q.X` without such a question.
pub(super) fn questions(places: &Places, field: &str, expression: &Expression, matter: &Matter) {
    for key in expression.paths("q") {
        match matter.questions.iter().find(|question| question.key == key) {
            None => {
                unknown(places, field, &format!("q.{key}"), matter.questions.iter().map(|question| question.key.as_str()), "q.");
            }
            Some(question) => {
                let values: Vec<&str> = question.options.iter().map(|option| option.value.as_str()).collect();
                compared(places, field, expression.text(), &format!("q.{key}"), &values);
            }
        }
    }
}

fn unknown<'k>(places: &Places, field: &str, name: &str, known: impl Iterator<Item = &'k str>, prefix: &str) {
    let meant = closest(name.trim_start_matches(prefix), known);
    let (zh, en) = meant.map_or_else(
        || ("请核对。".to_owned(), "please check.".to_owned()),
        |meant| (format!("是不是 {prefix}{meant}？"), format!("did you mean {prefix}{meant}?")),
    );
    places.error(field, "answer-unknown", format!("没有 {name} 这个答案。{zh}"), format!("Nothing asks for {name}; {en}"));
}

/// Notes `name = "value"` where the value cannot be chosen.
fn compared(places: &Places, field: &str, text: &str, name: &str, values: &[&str]) {
    for value in not_among(text, name, values) {
        let choices = values.join(" | ");
        places.error(
            field,
            "value-unknown",
            format!("{name} 没有“{value}”这个选项。可以选：{choices}"),
            format!("{name} cannot be `{value}`; it is one of: {choices}"),
        );
    }
}

/// What `name` is compared with in a text (`name = "value"`) and cannot be; nothing when any value can be given.
pub(super) fn not_among<'t>(text: &'t str, name: &str, values: &[&str]) -> Vec<&'t str> {
    if values.is_empty() {
        return Vec::new();
    }
    let compared = text.match_indices(name).filter_map(|(at, _)| {
        let rest = text[at + name.len()..].trim_start();
        let rest = rest.strip_prefix("!=").or_else(|| rest.strip_prefix('='))?;
        let (value, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(value)
    });
    compared.filter(|value| !values.contains(value)).collect()
}
