//! What every page needs from the running program: the site's name, the address it is served under, the signing key
//! for tokens, limits. One `Shell` is made at start and shared; domain state does not belong here.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use banhao_kernel::{clock::Clock, entropy::Entropy};
use banhao_texts::Lang;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::watch;

/// The signs on the door: names and contacts shown in header and footer.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Name of the service, e.g. 洪湖市政务服务网.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Who runs it, for the footer.
    pub operator: String,
    /// The same in English.
    pub operator_en: String,
    /// Telephone for questions.
    pub phone: String,
    /// Telephone for complaints about staff; another number than `phone` (domain rule: the two differ).
    pub supervise_phone: String,
    /// Where the main hall is.
    pub address: String,
    /// A demonstration installation says so on every page.
    pub demo: bool,
}

impl Site {
    /// The name in the reader's language.
    #[must_use]
    pub fn name_in(&self, lang: Lang) -> &str {
        pick(lang, &self.name, &self.name_en)
    }

    /// The operator in the reader's language.
    #[must_use]
    pub fn operator_in(&self, lang: Lang) -> &str {
        pick(lang, &self.operator, &self.operator_en)
    }
}

/// Chooses between a text and its English twin; an empty twin falls back to Chinese.
#[must_use]
pub fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::En if !en.is_empty() => en,
        _ => zh,
    }
}

/// How the server is reached and what it puts up with.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// `https://host[:port]` the public sees, when known. Used for the origin check and for absolute links (QR codes).
    pub public_url: Option<String>,
    /// Served behind https: cookies become `Secure` and `__Host-`.
    pub https: bool,
    /// `Strict-Transport-Security` lifetime; 0 leaves the header out. Only sent when `https`.
    pub hsts_seconds: u32,
    /// Longest time a request may take until its answer starts.
    pub request_timeout: Duration,
    /// The same for file uploads (`multipart/form-data`), which slow links make long.
    pub upload_timeout: Duration,
    /// Largest ordinary form in bytes. Upload routes set their own limit with [`crate::body::limit`].
    pub form_limit: u64,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            public_url: None,
            https: false,
            hsts_seconds: 31_536_000,
            request_timeout: Duration::from_secs(30),
            upload_timeout: Duration::from_secs(30 * 60),
            form_limit: 1024 * 1024,
        }
    }
}

/// Shared by all requests; see the module text.
pub struct Shell {
    /// Names and contacts.
    pub site: Site,
    /// Address, limits, cookies.
    pub config: WebConfig,
    /// The time, injected.
    pub clock: Arc<dyn Clock>,
    /// Randomness, injected.
    pub entropy: Arc<dyn Entropy>,
    key: [u8; 32],
    closing: watch::Sender<bool>,
}

impl fmt::Debug for Shell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shell").field("site", &self.site).field("config", &self.config).finish_non_exhaustive()
    }
}

impl Shell {
    /// Puts the parts together. `key` signs CSRF tokens and flash cookies and must be the same on all replicas
    /// and secret (derive it from the vault's key).
    #[must_use]
    pub fn new(site: Site, config: WebConfig, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, key: [u8; 32]) -> Self {
        Self { site, config, clock, entropy, key, closing: watch::Sender::new(false) }
    }

    /// HMAC-SHA256 of `parts` under the shell's key, separated per `purpose`. Lengths are mixed in so that
    /// moving a boundary between parts changes the result.
    #[must_use]
    pub fn sign(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Whether `signature` is what [`Shell::sign`] gives; compared in constant time.
    #[must_use]
    pub fn verify(&self, purpose: &str, parts: &[&[u8]], signature: &[u8]) -> bool {
        use subtle::ConstantTimeEq;
        self.sign(purpose, parts).ct_eq(signature).into()
    }

    /// Random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// Tells live pages that the server stops; [`crate::serve`] calls it.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Becomes `true` when the server stops; endless answers (live pages) end themselves then.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}
