//! Protection against forged requests from other sites (CSRF). Every POST must (1) not come from another site by the
//! browser's own `Sec-Fetch-Site` and `Origin` headers and (2) carry a token signed by us and bound to the session
//! cookie or, before signing in, to an anonymous cookie. Pages write the token with `{{ page.csrf_field() }}` as the
//! *first* thing in each form; nothing has to be checked in a handler.
//!
//! Tokens are `nonce ‖ HMAC(key, nonce, binding)`: a fresh nonce per rendering keeps compression from leaking them (BREACH).

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{StreamExt, stream};

use crate::body::{self, TooLarge};
use crate::cookies::{Cookie, Cookies, SESSION_COOKIE};
use crate::shell::Shell;

/// Name of the hidden form field.
pub const FIELD: &str = "csrf";
/// Header that scripts send instead of the field.
pub const HEADER: &str = "x-csrf-token";

const ANONYMOUS_COOKIE: &str = "banhao_visitor";
const PURPOSE: &str = "csrf";
const NONCE: usize = 12;
/// The token is the first part of a multipart form; boundary, its headers and the token fit well within this.
const MULTIPART_PEEK: usize = 4096;

/// What the tokens of one browser are tied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding(String);

impl Binding {
    /// The binding the request's cookies give, if any.
    #[must_use]
    pub fn of(cookies: &Cookies) -> Option<Self> {
        if let Some(session) = cookies.get(SESSION_COOKIE).filter(|value| !value.is_empty()) {
            return Some(Self(format!("session:{session}")));
        }
        cookies.get(ANONYMOUS_COOKIE).filter(|value| value.len() >= 16).map(|value| Self(format!("visitor:{value}")))
    }

    /// A new anonymous binding and the cookie that remembers it.
    #[must_use]
    pub fn anonymous(shell: &Shell) -> (Self, Cookie) {
        let value = URL_SAFE_NO_PAD.encode(shell.random::<16>());
        let cookie = Cookie::new(ANONYMOUS_COOKIE, value.clone());
        (Self(format!("visitor:{value}")), cookie)
    }

    /// A fresh token.
    #[must_use]
    pub fn token(&self, shell: &Shell) -> String {
        let nonce = shell.random::<NONCE>();
        let mut token = nonce.to_vec();
        token.extend_from_slice(&shell.sign(PURPOSE, &[&nonce, self.0.as_bytes()]));
        URL_SAFE_NO_PAD.encode(token)
    }

    fn accepts(&self, shell: &Shell, token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((nonce, signature)) = bytes.split_at_checked(NONCE) else {
            return false;
        };
        shell.verify(PURPOSE, &[nonce, self.0.as_bytes()], signature)
    }
}

/// Put into a multipart request whose first part was the token, so that [`crate::extract::Uploads`] can skip it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenInBody;

/// Why a request was stopped here.
#[derive(Debug)]
pub enum Refused {
    /// The browser says that another site sent it.
    OtherSite,
    /// The token is missing, foreign or from another session.
    Token,
    /// The form is larger than an ordinary form may be; the rest is being drained.
    TooLarge,
    /// The connection broke or the body is not what its headers say.
    Unreadable,
}

/// Lets a request through with its body intact, or says why not.
///
/// # Errors
/// [`Refused`] when the request changes something and cannot be shown to come from our own pages.
pub async fn guard(shell: &Shell, cookies: &Cookies, request: Request) -> Result<Request, Refused> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    if !same_site(shell, &parts.headers, &parts.uri) {
        body::drain(body);
        return Err(Refused::OtherSite);
    }
    let Some(binding) = Binding::of(cookies) else {
        body::drain(body);
        return Err(Refused::Token);
    };
    if let Some(token) = parts.headers.get(HEADER).and_then(|value| value.to_str().ok()) {
        if binding.accepts(shell, token) {
            return Ok(Request::from_parts(parts, body));
        }
        body::drain(body);
        return Err(Refused::Token);
    }
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if content_type.starts_with("multipart/form-data") {
        let (token, body) = multipart_token(&content_type, body).await?;
        if token.is_some_and(|token| binding.accepts(shell, &token)) {
            parts.extensions.insert(TokenInBody);
            return Ok(Request::from_parts(parts, body));
        }
        body::drain(body);
        return Err(Refused::Token);
    }
    let bytes = body::collect(&parts.headers, body, shell.config.form_limit).await.map_err(|error| match error {
        TooLarge::Yes => Refused::TooLarge,
        TooLarge::Broken => Refused::Unreadable,
    })?;
    let found = form_urlencoded::parse(&bytes).find(|(name, _)| name == FIELD).is_some_and(|(_, token)| binding.accepts(shell, &token));
    if found { Ok(Request::from_parts(parts, Body::from(bytes))) } else { Err(Refused::Token) }
}

/// `Sec-Fetch-Site` is sent by all current browsers and cannot be forged by a page; `Origin` covers older ones.
fn same_site(shell: &Shell, headers: &HeaderMap, uri: &Uri) -> bool {
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return true;
    };
    if shell.config.public_url.as_ref().is_some_and(|public| origin == public.trim_end_matches('/')) {
        return true;
    }
    let host =
        headers.get(header::HOST).and_then(|value| value.to_str().ok()).or_else(|| uri.authority().map(|authority| authority.as_str()));
    let sender = origin.split_once("://").map(|(_, sender)| sender);
    sender.is_some() && sender == host
}

/// Reads just enough of a multipart body to see its first part and gives the body back whole.
async fn multipart_token(content_type: &str, body: Body) -> Result<(Option<String>, Body), Refused> {
    let mut stream = body.into_data_stream();
    let mut head: Vec<u8> = Vec::new();
    let mut chunks: Vec<Bytes> = Vec::new();
    let boundary = content_type
        .split(';')
        .filter_map(|part| part.trim().strip_prefix("boundary="))
        .map(|text| text.trim_matches('"'))
        .next()
        .unwrap_or_default();
    let delimiter = format!("\r\n--{boundary}");
    let mut token = None;
    while head.len() < MULTIPART_PEEK {
        let Some(chunk) = stream.next().await else { break };
        let chunk = chunk.map_err(|_| Refused::Unreadable)?;
        head.extend_from_slice(&chunk[..chunk.len().min(MULTIPART_PEEK)]);
        chunks.push(chunk);
        token = first_part(&head, &delimiter);
        if token.is_some() {
            break;
        }
    }
    let whole = stream::iter(chunks.into_iter().map(Ok)).chain(stream);
    Ok((token, Body::from_stream(whole)))
}

/// The value of the first part when it is our field and complete in `head`.
fn first_part(head: &[u8], delimiter: &str) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let after = text.strip_prefix(&delimiter[2..])?;
    let (headers, rest) = after.split_once("\r\n\r\n")?;
    if !headers.contains(&format!("name=\"{FIELD}\"")) {
        return None;
    }
    let (value, _) = rest.split_once(delimiter)?;
    Some(value.to_owned())
}
