//! Cookies: reading what the browser sent and writing ours with the right attributes.
//! What is *in* a cookie is decided by the module that owns it (flash, csrf, locale, the session layer).

use axum::http::{HeaderMap, HeaderValue, header};

/// Name of the session cookie; its value is made and understood by the sign-in layer only. The CSRF token is bound to it.
pub const SESSION_COOKIE: &str = "banhao_session";

/// The cookies one request came with. Lookups ignore the `__Host-` prefix that [`Cookie`] adds behind https.
#[derive(Debug, Clone, Default)]
pub struct Cookies {
    pairs: Vec<(String, String)>,
    secure: bool,
}

impl Cookies {
    /// Reads every `Cookie` header; malformed pieces are skipped, as browsers and proxies do add odd ones.
    /// With `secure`, only cookies that carry the `__Host-` prefix count as ours.
    #[must_use]
    pub fn read(headers: &HeaderMap, secure: bool) -> Self {
        let pairs = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
            .collect();
        Self { pairs, secure }
    }

    /// The value of our cookie `name`, given without prefix.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let wanted = if self.secure { format!("__Host-{name}") } else { name.to_owned() };
        self.pairs.iter().find(|(have, _)| *have == wanted).map(|(_, value)| value.as_str())
    }
}

/// A cookie to set: always `HttpOnly`, `SameSite=Lax`, `Path=/`; behind https also `Secure` and prefixed `__Host-`.
#[derive(Debug, Clone)]
pub struct Cookie {
    name: &'static str,
    value: String,
    max_age: Option<i64>,
}

impl Cookie {
    /// A cookie that ends with the browser session. The value must be made of cookie-safe characters
    /// (letters, digits, `-_.~`), e.g. base64url; anything else is refused when the header is written.
    #[must_use]
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), max_age: None }
    }

    /// Keeps the cookie for this many seconds.
    #[must_use]
    pub fn max_age(mut self, seconds: i64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// A cookie that removes `name`.
    #[must_use]
    pub fn removal(name: &'static str) -> Self {
        Self::new(name, "").max_age(0)
    }

    /// The `Set-Cookie` header, or nothing when the value holds characters a cookie may not.
    #[must_use]
    pub fn header(&self, secure: bool) -> Option<HeaderValue> {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if !self.value.bytes().all(safe) {
            return None;
        }
        let (prefix, suffix) = if secure { ("__Host-", "; Secure") } else { ("", "") };
        let age = self.max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let line = format!("{prefix}{}={}; Path=/; HttpOnly; SameSite=Lax{age}{suffix}", self.name, self.value);
        HeaderValue::try_from(line).ok()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_carries_its_protection() {
        let cookie = Cookie::new("banhao_flash", "abc-_.~9").max_age(60);
        assert_eq!(cookie.header(false).unwrap(), "banhao_flash=abc-_.~9; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(cookie.header(true).unwrap(), "__Host-banhao_flash=abc-_.~9; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    }

    #[test]
    fn a_value_cannot_smuggle_attributes() {
        assert!(Cookie::new("x", "a; Domain=evil").header(false).is_none());
        assert!(Cookie::new("x", "a\r\nSet-Cookie: b").header(false).is_none());
    }

    #[test]
    fn behind_https_only_host_bound_cookies_count() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; __Host-a=2; broken".parse().unwrap());
        assert_eq!(Cookies::read(&headers, false).get("a"), Some("1"));
        assert_eq!(Cookies::read(&headers, true).get("a"), Some("2"));
        assert_eq!(Cookies::read(&headers, true).get("b"), None);
    }
}
