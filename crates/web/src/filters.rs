//! Filters that every template can use (`use crate::prelude::*;` brings this module into scope). They find the language
//! in askama's runtime values, so templates and components never pass it around.

#![expect(missing_docs, reason = "`filter_fn` makes items that cannot carry documentation")]

use std::borrow::Cow;
use std::fmt::Display;

use askama::{Result, Values, get_value};
use banhao_kernel::{Date, Timestamp, clock};
use banhao_texts::{self as texts, Lang};

use crate::components::Markup;
use crate::{assets, icons};

/// The language a template is rendered in; Chinese when it is rendered outside a page (in a test).
#[must_use]
pub fn lang_of(values: &dyn Values) -> Lang {
    get_value::<Lang>(values, "lang").copied().unwrap_or(Lang::ZhCn)
}

/// `{{ "portal-home-title"|t }}`: the text of a key.
#[askama::filter_fn]
pub fn t(key: &str, values: &dyn Values) -> Result<Cow<'static, str>> {
    Ok(texts::t(lang_of(values), key))
}

/// `{{ "cases-count"|t_with("n", count) }}`: a text with one argument.
#[askama::filter_fn]
pub fn t_with<V: Display>(key: &str, values: &dyn Values, name: &str, value: V) -> Result<String> {
    let value = value.to_string();
    Ok(texts::t_args(lang_of(values), key, &[(name, &value)]).into_owned())
}

/// `{{ "step-of"|t_with2("step", 2, "steps", 5) }}`: a text with two arguments.
#[askama::filter_fn]
pub fn t_with2<A: Display, B: Display>(key: &str, values: &dyn Values, first: &str, a: A, second: &str, b: B) -> Result<String> {
    let (a, b) = (a.to_string(), b.to_string());
    Ok(texts::t_args(lang_of(values), key, &[(first, &a), (second, &b)]).into_owned())
}

/// `{{ day|date }}`: 2026年11月23日 or 23 November 2026, in a `<time>`.
#[askama::filter_fn]
pub fn date(day: &Date, values: &dyn Values) -> Result<Markup> {
    let text = date_text(lang_of(values), *day);
    Ok(Markup::trusted(format!(r#"<time datetime="{day}">{text}</time>"#)))
}

/// `{{ "due-on"|t_with("date", day|date_words) }}`: the date as plain text, to go into another text.
#[askama::filter_fn]
pub fn date_words(day: &Date, values: &dyn Values) -> Result<String> {
    Ok(date_text(lang_of(values), *day))
}

/// `{{ at|moment }}`: date and time of day in Asia/Shanghai, in a `<time>`.
#[askama::filter_fn]
pub fn moment(at: &Timestamp, values: &dyn Values) -> Result<Markup> {
    let text = moment_text(lang_of(values), *at);
    Ok(Markup::trusted(format!(r#"<time datetime="{at}">{text}</time>"#)))
}

/// `{{ "portal.css"|asset }}`: the address of an embedded file, with its content hash.
#[askama::filter_fn]
pub fn asset(name: &str, _values: &dyn Values) -> Result<&'static str> {
    Ok(assets::href(name))
}

/// `{{ "search"|icon }}`: an icon that screen readers skip; always put words beside it.
#[askama::filter_fn]
pub fn icon(name: &str, _values: &dyn Values) -> Result<Markup> {
    Ok(icons::icon(name))
}

/// A civil date as people write it.
#[must_use]
pub fn date_text(lang: Lang, day: Date) -> String {
    match lang {
        Lang::ZhCn => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => format!("{} {} {}", day.day(), MONTHS[usize::from(day.month().unsigned_abs()) - 1], day.year()),
    }
}

/// A moment as people write it, in Asia/Shanghai.
#[must_use]
pub fn moment_text(lang: Lang, at: Timestamp) -> String {
    let civil = clock::civil_datetime(at);
    let day = date_text(lang, civil.date());
    let separator = match lang {
        Lang::ZhCn => " ",
        Lang::En => ", ",
    };
    format!("{day}{separator}{:02}:{:02}", civil.hour(), civil.minute())
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
