//! Files as answers: papers, licences and materials, to look at in a frame of our own pages or to keep.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// The policy of a file: nothing runs in it, only our own pages may frame it.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

/// What the browser should do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Show it; only for kinds a browser shows safely (PDF, JPEG, PNG). Anything else is offered for keeping.
    Look,
    /// Keep it.
    Keep,
}

/// Whether browsers show files of this media type safely.
#[must_use]
pub fn is_shown(kind: &str) -> bool {
    matches!(kind, "application/pdf" | "image/jpeg" | "image/png" | "image/svg+xml")
}

/// A file of this media type under this name, which may be Chinese (RFC 6266). `no-store`, because files are personal.
#[must_use]
pub fn file(kind: &str, name: &str, purpose: Use, content: impl Into<Body>) -> Response {
    let disposition = if purpose == Use::Look && is_shown(kind) { "inline" } else { "attachment" };
    let mut response = content.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    if let Ok(value) = HeaderValue::try_from(format!("{disposition}; filename=\"{}\"; filename*=UTF-8''{}", plain(name), encoded(name))) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// For programs that do not know `filename*`.
fn plain(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() || ".-_ ".contains(letter) { letter } else { '_' }).collect()
}

/// RFC 8187 `ext-value`.
fn encoded(name: &str) -> String {
    name.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_chinese_and_cannot_smuggle_headers() {
        let answer = file("application/pdf", "受理\"通知\r\n书.pdf", Use::Look, "x");
        assert_eq!(
            answer.headers()[header::CONTENT_DISPOSITION],
            "inline; filename=\"_________.pdf\"; filename*=UTF-8''%E5%8F%97%E7%90%86%22%E9%80%9A%E7%9F%A5%0D%0A%E4%B9%A6.pdf"
                .replace("_________", &"_".repeat(8))
        );
    }

    #[test]
    fn what_could_run_is_never_shown() {
        for kind in ["text/html", "text/plain", "application/xhtml+xml"] {
            let answer = file(kind, "a", Use::Look, "x");
            assert!(answer.headers()[header::CONTENT_DISPOSITION].to_str().is_ok_and(|value| value.starts_with("attachment")));
        }
    }
}
