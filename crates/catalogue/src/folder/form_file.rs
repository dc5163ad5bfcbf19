//! Reads `matters/KEY/form.toml`.

use super::reader::Reader;
use crate::model::{Check, Field, FieldKind, FieldOption, Form, Page};

/// The fields every form has: who applies, by name, number and telephone.
pub(crate) const RESERVED: [(&str, &[FieldKind]); 3] = [
    ("applicant_name", &[FieldKind::Name]),
    ("applicant_number", &[FieldKind::CitizenNumber, FieldKind::CreditCode]),
    ("applicant_mobile", &[FieldKind::Mobile]),
];

pub(crate) fn form(reader: Reader<'_>) -> Form {
    let pages: Vec<Page> = reader.tables("pages").into_iter().map(page).collect();
    if pages.is_empty() {
        reader.error("pages", "form-empty", "表格至少要有一页 [[pages]]。", "A form needs at least one page [[pages]].");
    }
    let form = Form { pages };
    for (key, kinds) in RESERVED {
        let words = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" | ");
        match form.field(key) {
            None => reader.error(
                "pages",
                "form-applicant",
                format!("每张表都要有“{key}”（{words}），用来核对申请人。"),
                format!("Every form needs the field `{key}` ({words}), to know the applicant."),
            ),
            Some(field) if !kinds.contains(&field.kind) => reader.error(
                "pages",
                "form-applicant",
                format!("“{key}”的 kind 应当是 {words}。"),
                format!("The kind of `{key}` must be {words}."),
            ),
            Some(_) => {}
        }
    }
    reader.finish();
    form
}

fn page(reader: Reader<'_>) -> Page {
    let page = Page {
        key: reader.key("key", '-'),
        title: reader.bilingual("title", "title_en"),
        intro: reader.opt_bilingual("intro", "intro_en"),
        when: reader.opt_expression("when"),
        fields: reader.tables("fields").into_iter().filter_map(field).collect(),
    };
    if page.fields.is_empty() {
        reader.error("fields", "page-empty", "这一页没有题目。", "This page has no fields.");
    }
    reader.finish();
    page
}

fn field(reader: Reader<'_>) -> Option<Field> {
    let key = reader.key("key", '_');
    let label = reader.bilingual("label", "label_en");
    let kind = reader.word("kind");
    let required = reader.opt_bool("required").unwrap_or(true);
    let hint = reader.opt_bilingual("hint", "hint_en");
    let (min, max) = (reader.opt_number("min"), reader.opt_number("max"));
    let max_length = reader.opt_integer("max_length", (1, 20_000));
    let pattern = pattern(&reader);
    let pattern_hint = reader.opt_bilingual("pattern_hint", "pattern_hint_en");
    let options = options(&reader);
    let when = reader.opt_expression("when");
    let prefill = reader.opt_word("prefill");
    let personal = reader.opt_bool("personal").unwrap_or_default();
    let check = check(&reader);
    check_limits(&reader, kind, min, max, pattern.is_some(), pattern_hint.is_some(), &options);
    reader.finish();
    Some(Field {
        key,
        label,
        kind: kind?,
        required,
        hint,
        min,
        max,
        max_length,
        pattern,
        pattern_hint,
        options,
        when,
        prefill,
        personal,
        check,
    })
}

fn options(reader: &Reader<'_>) -> Vec<FieldOption> {
    let mut options: Vec<FieldOption> = Vec::new();
    for reader in reader.tables("options") {
        let option = FieldOption { value: reader.text("value"), label: reader.bilingual("label", "label_en") };
        if options.iter().any(|other| other.value == option.value) {
            reader.error(
                "value",
                "option-twice",
                format!("选项“{}”写了两次。", option.value),
                format!("The option `{}` is written twice.", option.value),
            );
        }
        options.push(option);
        reader.finish();
    }
    options
}

fn pattern(reader: &Reader<'_>) -> Option<regex::Regex> {
    let text = reader.opt_text("pattern")?;
    match regex::RegexBuilder::new(&format!("^(?:{text})$")).size_limit(1 << 20).build() {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            reader.error(
                "pattern",
                "pattern-wrong",
                format!("不是正确的正则表达式：{error}"),
                format!("Not a valid regular expression: {error}"),
            );
            None
        }
    }
}

fn check(reader: &Reader<'_>) -> Option<Check> {
    let message = reader.opt_bilingual("check_message", "check_message_en");
    let has_check = reader.opt_text("check").is_some();
    let holds = reader.opt_expression("check");
    match (has_check, message) {
        (true, Some(message)) => holds.map(|holds| Check { holds, message }),
        (true, None) => {
            reader.error(
                "check_message",
                "check-message",
                "写了 check，就要用 check_message 告诉群众怎样改。",
                "A check needs a check_message that tells people what to do.",
            );
            None
        }
        (false, Some(_)) => {
            reader.error("check", "check-message", "写了 check_message，却没有 check。", "There is a check_message but no check.");
            None
        }
        (false, None) => None,
    }
}

fn check_limits(
    reader: &Reader<'_>,
    kind: Option<FieldKind>,
    min: Option<f64>,
    max: Option<f64>,
    has_pattern: bool,
    has_pattern_hint: bool,
    options: &[FieldOption],
) {
    let Some(kind) = kind else { return };
    let chooses = matches!(kind, FieldKind::Choice | FieldKind::Choices);
    if chooses && options.len() < 2 {
        reader.error("options", "field-options", "选择题至少要有两个选项。", "A choice needs at least two options.");
    }
    if !chooses && !options.is_empty() {
        reader.error(
            "options",
            "field-options",
            format!("只有 choice 和 choices 有选项，{kind} 没有。"),
            format!("Only choice and choices have options, {kind} has none."),
        );
    }
    let counts = matches!(kind, FieldKind::Number | FieldKind::Money);
    for (key, limit) in [("min", min), ("max", max)] {
        if limit.is_some() && !counts {
            reader.error(
                key,
                "field-limits",
                format!("只有 number 和 money 有 {key}，{kind} 没有。"),
                format!("Only number and money have {key}, {kind} has none."),
            );
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        reader.error("max", "field-limits", "max 比 min 还小。", "max is less than min.");
    }
    if has_pattern && !has_pattern_hint {
        reader.error(
            "pattern_hint",
            "pattern-hint",
            "写了 pattern，就要用 pattern_hint 告诉群众怎样填。",
            "A pattern needs a pattern_hint that tells people what to write.",
        );
    }
}
