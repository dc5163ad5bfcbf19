//! Every word a person reads, in both languages, from `translations/LANG/*.ftl` (Fluent), embedded. A file dropped into both
//! folders is found by the next build. Which key is shown where is decided by the crates that show it.
//!
//! Keys are `portal-home-title`; attributes of a message are `portal-home-title.hint`.

mod catalogue;
mod lang;
mod problem;

use std::borrow::Cow;

pub use lang::Lang;
pub use problem::{FieldText, ProblemText, field_text, problem};

/// The text of a key. A key that does not exist is shown as `⟦key⟧`; a text with variables shows their names.
#[must_use]
pub fn t(lang: Lang, key: &str) -> Cow<'static, str> {
    catalogue::of(lang).text(key, &[])
}

/// The text of a key with arguments. Whole numbers may select plural forms; everything else is text.
#[must_use]
pub fn t_args(lang: Lang, key: &str, args: &[(&str, &str)]) -> Cow<'static, str> {
    catalogue::of(lang).text(key, args)
}

/// Whether the key exists in this language.
#[must_use]
pub fn has(lang: Lang, key: &str) -> bool {
    catalogue::of(lang).has(key)
}

/// Every key of a language in order, so that crates can test that the keys they use exist.
pub fn keys(lang: Lang) -> impl Iterator<Item = &'static str> {
    catalogue::of(lang).keys()
}

/// The variables of a key's text, in order; `None` when the key does not exist.
#[must_use]
pub fn variables(lang: Lang, key: &str) -> Option<&'static [String]> {
    catalogue::of(lang).variables(key)
}

/// Those of `keys` that one of the languages lacks, as `LANG: key`: for the tests of other crates.
#[must_use]
pub fn missing<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<String> {
    let lacks = |key: &'k str| Lang::ALL.into_iter().filter(move |lang| !has(*lang, key)).map(move |lang| format!("{lang}: {key}"));
    keys.into_iter().flat_map(lacks).collect()
}
