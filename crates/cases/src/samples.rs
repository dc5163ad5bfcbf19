//! Invented but valid answers and files for any matter: for the demonstration, for scenario tests and benchmarks. Nobody real is in
//! them: citizen numbers are of births before 1910, codes are the fictional ones of the test vectors.

use banhao_catalogue::{
    MatterVersion,
    forms::{self, FormRules},
    model::{Field, FieldKind},
};
use banhao_kernel::Date;
use serde_json::{Value, json};

use crate::sealed::Answers;

/// A valid answer to one question.
fn answer(field: &Field, today: Date) -> Value {
    match field.kind {
        FieldKind::CitizenNumber => json!("421083190001010017"),
        FieldKind::CreditCode => json!("91421083DEMQ00018L"),
        FieldKind::Mobile => json!("13000000000"),
        FieldKind::Date => json!(today.to_string()),
        FieldKind::Number | FieldKind::Money => {
            let low = field.min.unwrap_or(1.0).max(1.0);
            let value = field.max.map_or(low, |high| low.max(1.0).min(high));
            if value.fract() == 0.0 { json!(value.round() as i64) } else { json!(value) }
        }
        FieldKind::Choice => json!(field.options.first().map_or("", |option| option.value.as_str())),
        FieldKind::Choices => json!([field.options.first().map_or("", |option| option.value.as_str())]),
        FieldKind::Region => json!("421083001"),
        FieldKind::ProjectCode => json!("2611-421083-04-01-123456"),
        FieldKind::YesNo => json!(true),
        FieldKind::Address => json!("洪湖市新堤街道示范路1号"),
        FieldKind::Name => json!("洪湖市示范小吃店"),
        FieldKind::Text | FieldKind::Multiline => json!("示范内容"),
    }
}

/// Answers to every question that is asked, valid where the form's own rules allow what is invented here.
#[must_use]
pub fn answers(version: &MatterVersion, today: Date) -> Answers {
    let mut all = Answers::default();
    for question in &version.matter.questions {
        if let Some(option) = question.options.first() {
            all.q.insert(question.key.clone(), json!(option.value));
        }
    }
    for field in version.form.fields() {
        all.form.insert(field.key.clone(), answer(field, today));
    }
    // Rules between answers: what breaks one is mended as a person would, by another number or a fuller name.
    for _ in 0..5 {
        let broken = forms::check(&version.form, &all, FormRules { today, snapshot: None });
        let rules: Vec<_> = broken.into_iter().filter(|problem| matches!(problem.code, "rule" | "date")).collect();
        if rules.is_empty() {
            break;
        }
        for problem in rules {
            let Some(answer) = all.form.get_mut(&problem.field) else { continue };
            *answer = match &*answer {
                Value::String(text) if text.parse::<Date>().is_ok() => {
                    let day = text.parse::<Date>().unwrap_or(today);
                    json!(day.checked_add(jiff::Span::new().days(100)).unwrap_or(day).to_string())
                }
                Value::Number(number) => json!(number.as_i64().unwrap_or(0) + 1),
                Value::String(text) => json!(format!("{text}有限公司")),
                other => other.clone(),
            };
        }
    }
    // Questions that are not asked after these answers are left out.
    all.form = forms::visible_answers(&version.form, &all).form;
    all
}

/// A picture that is a picture: one white pixel.
pub const PNG: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
    0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B, 0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63,
    0xF8, 0x0F, 0x00, 0x01, 0x01, 0x01, 0x00, 0xB1, 0x38, 0xF6, 0x14, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60,
    0x82,
];
