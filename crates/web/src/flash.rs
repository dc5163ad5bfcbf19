//! A one-time message shown on the page after a redirect ("saved", "submitted"). It travels in a signed cookie that
//! names a text key and its arguments, never free text or markup.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::cookies::{Cookie, Cookies};
use crate::shell::Shell;

const FLASH_COOKIE: &str = "banhao_flash";
const PURPOSE: &str = "flash";
/// Browsers keep cookies up to 4096 bytes with name and attributes.
const MOST_BYTES: usize = 3000;

/// What kind of message it is; decides icon and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Neutral information.
    Info,
    /// Something worked.
    Good,
    /// Something needs attention.
    Warn,
    /// Something failed or is overdue.
    Bad,
}

impl Tone {
    /// The CSS class.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The icon of a notice.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "tick-circle",
            Self::Warn => "warning",
            Self::Bad => "error",
        }
    }
}

/// A message for the next page: `Flash::good("desk-accepted").with("number", case_number)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Kind of message.
    pub tone: Tone,
    /// Key of the text.
    pub key: String,
    /// Arguments of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
}

impl Flash {
    /// A message of this tone with the text of `key`.
    #[must_use]
    pub fn new(tone: Tone, key: &str) -> Self {
        Self { tone, key: key.to_owned(), args: Vec::new() }
    }

    /// Something worked.
    #[must_use]
    pub fn good(key: &str) -> Self {
        Self::new(Tone::Good, key)
    }

    /// Something needs attention.
    #[must_use]
    pub fn warn(key: &str) -> Self {
        Self::new(Tone::Warn, key)
    }

    /// Adds an argument of the text. No personal data: cookies stay in the browser.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// The cookie that carries it, or nothing when it is too long to fit.
    pub(crate) fn cookie(&self, shell: &Shell) -> Option<Cookie> {
        let body = serde_json::to_vec(self).ok()?;
        let signature = shell.sign(PURPOSE, &[&body]);
        let value = format!("{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(&signature[..16]));
        (value.len() <= MOST_BYTES).then(|| Cookie::new(FLASH_COOKIE, value).max_age(300))
    }

    /// The message a request brought, if it is really ours, and the cookie that takes it away.
    pub(crate) fn take(cookies: &Cookies, shell: &Shell) -> Option<(Option<Self>, Cookie)> {
        let value = cookies.get(FLASH_COOKIE)?;
        Some((Self::parse(value, shell), Cookie::removal(FLASH_COOKIE)))
    }

    fn parse(value: &str, shell: &Shell) -> Option<Self> {
        let (body, signature) = value.split_once('.')?;
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let expected = shell.sign(PURPOSE, &[&body]);
        use subtle::ConstantTimeEq;
        if !bool::from(expected[..16].ct_eq(&signature)) {
            return None;
        }
        serde_json::from_slice(&body).ok()
    }
}
