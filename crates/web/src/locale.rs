//! Which language and type size a request wants: `?lang=en`, then the cookie, then `Accept-Language`, then Chinese.
//! The texts themselves live in `banhao-texts`.

use axum::http::{HeaderMap, header};
use banhao_texts::Lang;

use crate::cookies::{Cookie, Cookies};

const LANG_COOKIE: &str = "banhao_lang";
const LARGE_COOKIE: &str = "banhao_large";
const ONE_YEAR: i64 = 365 * 24 * 3600;

/// The reader's choice for this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    /// Language of the page.
    pub lang: Lang,
    /// Large type (长辈版).
    pub large: bool,
}

/// The short name used in `?lang=`, the cookie and the `lang` switch.
#[must_use]
pub fn short(lang: Lang) -> &'static str {
    match lang {
        Lang::ZhCn => "zh",
        Lang::En => "en",
    }
}

/// The BCP 47 tag for `<html lang>` and `Content-Language`.
#[must_use]
pub fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::ZhCn => "zh-CN",
        Lang::En => "en",
    }
}

fn from_short(text: &str) -> Option<Lang> {
    match text {
        "zh" | "zh-CN" => Some(Lang::ZhCn),
        "en" => Some(Lang::En),
        _ => None,
    }
}

impl Locale {
    /// Decides the locale and returns the cookies that remember a choice made in the query.
    #[must_use]
    pub fn decide(query: Option<&str>, cookies: &Cookies, headers: &HeaderMap) -> (Self, Vec<Cookie>) {
        let mut remember = Vec::new();
        let asked_lang = parameter(query, "lang").and_then(from_short);
        if let Some(lang) = asked_lang {
            remember.push(Cookie::new(LANG_COOKIE, short(lang)).max_age(ONE_YEAR));
        }
        let asked_large = parameter(query, "large").map(|value| value == "1");
        if let Some(large) = asked_large {
            remember.push(if large { Cookie::new(LARGE_COOKIE, "1").max_age(ONE_YEAR) } else { Cookie::removal(LARGE_COOKIE) });
        }
        let lang =
            asked_lang.or_else(|| cookies.get(LANG_COOKIE).and_then(from_short)).or_else(|| preferred(headers)).unwrap_or(Lang::ZhCn);
        let large = asked_large.unwrap_or_else(|| cookies.get(LARGE_COOKIE) == Some("1"));
        (Self { lang, large }, remember)
    }
}

/// `path?query` with `name` set to `value` and everything else kept, for the language and type-size links.
#[must_use]
pub fn with_parameter(path: &str, query: Option<&str>, name: &str, value: &str) -> String {
    let mut kept: Vec<&str> =
        query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name)).collect();
    let own = format!("{name}={value}");
    kept.push(&own);
    format!("{path}?{}", kept.join("&"))
}

fn parameter<'q>(query: Option<&'q str>, name: &str) -> Option<&'q str> {
    query?.split('&').filter_map(|pair| pair.split_once('=')).find(|(have, _)| *have == name).map(|(_, value)| value)
}

/// The best of zh and en in `Accept-Language` (RFC 9110 §12.5.4); earlier wins on equal weight.
fn preferred(headers: &HeaderMap) -> Option<Lang> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Lang, f32)> = None;
    for item in line.split(',') {
        let mut parts = item.split(';');
        let range = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=").map(|q| q.parse::<f32>())).and_then(Result::ok).unwrap_or(1.0);
        let lang = match range.split('-').next() {
            Some("zh") => Lang::ZhCn,
            Some("en") => Lang::En,
            _ => continue,
        };
        if weight > 0.0 && best.is_none_or(|(_, have)| weight > have) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    fn decide(query: Option<&str>, headers: &HeaderMap) -> Locale {
        Locale::decide(query, &Cookies::read(headers, false), headers).0
    }

    #[test]
    fn chinese_unless_something_else_is_wanted() {
        assert_eq!(decide(None, &HeaderMap::new()).lang, Lang::ZhCn);
        let accept = |value| decide(None, &headers(header::ACCEPT_LANGUAGE, value)).lang;
        assert_eq!(accept("en-GB,en;q=0.9"), Lang::En);
        assert_eq!(accept("zh-CN,zh;q=0.9,en;q=0.8"), Lang::ZhCn);
        assert_eq!(accept("fr, en;q=0.4, zh;q=0.5"), Lang::ZhCn);
        assert_eq!(accept("de, en;q=0"), Lang::ZhCn);
        assert_eq!(accept(";;;,,q=,"), Lang::ZhCn);
    }

    #[test]
    fn the_query_beats_the_cookie_and_is_remembered() {
        let sent = headers(header::COOKIE, "banhao_lang=en; banhao_large=1");
        assert_eq!(decide(None, &sent), Locale { lang: Lang::En, large: true });
        let cookies = Cookies::read(&sent, false);
        let (locale, remember) = Locale::decide(Some("q=a&lang=zh&large=0"), &cookies, &sent);
        assert_eq!(locale, Locale { lang: Lang::ZhCn, large: false });
        assert_eq!(remember.len(), 2);
        assert_eq!(decide(Some("lang=xx"), &sent).lang, Lang::En);
    }

    #[test]
    fn the_switch_keeps_the_rest_of_the_query() {
        assert_eq!(with_parameter("/search", Some("q=%E8%AF%81&lang=zh&page=2"), "lang", "en"), "/search?q=%E8%AF%81&page=2&lang=en");
        assert_eq!(with_parameter("/", None, "large", "1"), "/?large=1");
    }
}
