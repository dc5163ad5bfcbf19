//! The words of a problem: title, what happened, what to do next, and one sentence per field.

use banhao_kernel::problem::{FieldProblem, Problem, ProblemKind};

use crate::{Lang, has, t_args};

/// A problem in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemText {
    /// What is the matter, `problem-CODE`.
    pub title: String,
    /// A sentence about it, `problem-CODE.text`; may be empty.
    pub text: String,
    /// What the person can do next, `problem-CODE.remedy`; may be empty.
    pub remedy: String,
    /// The fields that are wrong.
    pub fields: Vec<FieldText>,
}

/// A mistake in a field, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldText {
    /// Key of the field.
    pub field: String,
    /// What is wrong and what to write instead, `field-CODE`.
    pub text: String,
}

/// The words of a problem. A code without words of its own is described by its kind, so that nobody sees a raw key.
#[must_use]
pub fn problem(lang: Lang, problem: &Problem) -> ProblemText {
    let own = format!("problem-{}", problem.code);
    let key = if has(lang, &own) { own } else { format!("problem-kind-{}", kind(problem.kind)) };
    let part = |name: &str| {
        let key = format!("{key}.{name}");
        if has(lang, &key) { with_args(lang, &key, &problem.args) } else { String::new() }
    };
    ProblemText {
        title: with_args(lang, &key, &problem.args),
        text: part("text"),
        remedy: part("remedy"),
        fields: problem.fields.iter().map(|field| FieldText { field: field.field.clone(), text: field_text(lang, field) }).collect(),
    }
}

/// The words of a mistake in a field.
#[must_use]
pub fn field_text(lang: Lang, field: &FieldProblem) -> String {
    with_args(lang, &format!("field-{}", field.code), &field.args)
}

fn with_args(lang: Lang, key: &str, args: &[(&'static str, String)]) -> String {
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    t_args(lang, key, &args).into_owned()
}

const fn kind(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Invalid => "invalid",
        ProblemKind::Unauthenticated => "unauthenticated",
        ProblemKind::Forbidden => "forbidden",
        ProblemKind::NotFound => "not-found",
        ProblemKind::Conflict => "conflict",
        ProblemKind::Gone => "gone",
        ProblemKind::TooLarge => "too-large",
        ProblemKind::UnsupportedType => "unsupported-type",
        ProblemKind::TooMany => "too-many",
        ProblemKind::Unavailable => "unavailable",
        ProblemKind::Internal => "internal",
    }
}

#[cfg(test)]
mod tests {
    use banhao_kernel::{CitizenNumberError, calendar::CalendarError, codes};

    use super::*;
    use crate::missing;

    const KINDS: [ProblemKind; 11] = [
        ProblemKind::Invalid,
        ProblemKind::Unauthenticated,
        ProblemKind::Forbidden,
        ProblemKind::NotFound,
        ProblemKind::Conflict,
        ProblemKind::Gone,
        ProblemKind::TooLarge,
        ProblemKind::UnsupportedType,
        ProblemKind::TooMany,
        ProblemKind::Unavailable,
        ProblemKind::Internal,
    ];

    #[test]
    fn every_code_of_the_kernel_has_words() {
        let fields = codes::reason_codes().into_iter().map(|code| format!("field-{code}"));
        let problems = CalendarError::CODES
            .into_iter()
            .chain(["code-invalid"])
            .flat_map(|code| ["", ".text", ".remedy"].map(|part| format!("problem-{code}{part}")));
        let kinds = KINDS.into_iter().map(|of| format!("problem-kind-{}", kind(of)));
        let keys: Vec<String> = fields.chain(problems).chain(kinds).collect();
        assert_eq!(missing(keys.iter().map(String::as_str)), Vec::<String>::new());
    }

    #[test]
    fn a_year_that_is_not_loaded_says_how_to_load_it() {
        let words = problem(Lang::ZhCn, &CalendarError::YearNotLoaded { year: 2027 }.into());
        assert!(words.title.contains("2027"), "{words:?}");
        assert!(words.remedy.contains("calendars/2027.toml") && words.remedy.contains("banhao import"), "{words:?}");
    }

    #[test]
    fn a_mistake_in_a_field_is_told_in_both_languages() {
        let told: Problem = CitizenNumberError::Check.into();
        for lang in Lang::ALL {
            let words = problem(lang, &told);
            assert_eq!(words.fields[0].field, "citizen-number");
            assert!(!words.fields[0].text.contains('⟦') && !words.remedy.is_empty(), "{words:?}");
        }
    }

    #[test]
    fn a_code_without_words_is_described_by_its_kind() {
        let words = problem(Lang::En, &Problem::new("no-such-code", ProblemKind::Conflict));
        assert_eq!(words.title, crate::t(Lang::En, "problem-kind-conflict"));
    }
}
