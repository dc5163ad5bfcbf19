//! Style sheets, scripts and images, built into the program. Every file is served under an address that holds a hash
//! of its content, so browsers may keep it for ever; the plain name works too but is asked for anew each time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::problem::{self, Failure};

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const MANIFEST: &str = "application/manifest+json";

macro_rules! css {
    ($($part:literal),+ $(,)?) => { concat!($(include_str!(concat!("../assets/css/", $part))),+) };
}

macro_rules! file {
    ($path:literal) => {
        include_str!(concat!("../assets/", $path))
    };
}

/// Name, kind, content. Style sheets are put together from their parts here, one per layout.
const FILES: &[(&str, &str, &str)] = &[
    ("portal.css", CSS, css!["tokens.css", "base.css", "components.css", "forms.css", "data.css", "portal.css", "print.css"]),
    ("desk.css", CSS, css!["tokens.css", "base.css", "components.css", "forms.css", "data.css", "desk.css", "editor.css", "print.css"]),
    ("screen.css", CSS, css!["tokens.css", "base.css", "components.css", "data.css", "screen.css"]),
    ("design.css", CSS, css!["design.css"]),
    ("errors.js", JS, file!("js/errors.js")),
    ("autosave.js", JS, file!("js/autosave.js")),
    ("live.js", JS, file!("js/live.js")),
    ("keys.js", JS, file!("js/keys.js")),
    ("upload.js", JS, file!("js/upload.js")),
    ("signature.js", JS, file!("js/signature.js")),
    ("viewer.js", JS, file!("js/viewer.js")),
    ("once.js", JS, file!("js/once.js")),
    ("editor.js", JS, file!("js/editor.js")),
    ("mark.svg", SVG, file!("img/mark.svg")),
    ("site.webmanifest", MANIFEST, file!("img/site.webmanifest")),
];

struct Asset {
    kind: &'static str,
    content: Cow<'static, str>,
    hash: String,
    href: String,
}

static ASSETS: LazyLock<HashMap<&'static str, Asset>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|&(name, kind, content)| {
            // The process drawings bring their own rules; pages may not hold style elements.
            let content =
                if kind == CSS { Cow::Owned(format!("{content}\n{}\n", banhao_bpmn::STYLESHEET)) } else { Cow::Borrowed(content) };
            let digest = Sha256::digest(content.as_bytes());
            let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            let href = format!("/assets/{stem}.{hash}.{extension}");
            (name, Asset { kind, content, hash, href })
        })
        .collect()
});

/// The address of the file `name`; an unknown name is logged and leads to the 404 page, and a test asks for all names
/// that our templates use.
#[must_use]
pub fn href(name: &str) -> &'static str {
    match ASSETS.get(name) {
        Some(asset) => &asset.href,
        None => {
            tracing::error!(name, "a template asks for an asset that does not exist");
            "/assets/missing"
        }
    }
}

/// The routes `/assets/{file}` and `/favicon.ico`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{file}", get(|Path(file): Path<String>, headers: HeaderMap| async move { serve(&file, &headers) }))
        .route("/favicon.ico", get(|headers: HeaderMap| async move { serve("mark.svg", &headers) }))
}

fn serve(file: &str, headers: &HeaderMap) -> Response {
    let (name, asked_hash) = split(file);
    let Some(asset) = ASSETS.get(name.as_str()) else {
        return Failure::from(problem::not_found()).into_response();
    };
    // A page of an older or newer replica may ask for another hash: give what we have, but let nobody keep it.
    let current = asked_hash.is_some_and(|hash| hash == asset.hash);
    let caching = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{}\"", asset.hash);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value == tag.as_str());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { asset.content.as_ref().into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// `portal.0123456789abcdef.css` → (`portal.css`, hash).
fn split(file: &str) -> (String, Option<&str>) {
    let mut parts = file.rsplitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(extension), Some(hash), Some(stem)) if hash.len() == 16 => (format!("{stem}.{extension}"), Some(hash)),
        _ => (file.to_owned(), None),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn hashed_addresses_may_be_kept_for_ever_and_others_not() {
        let href = href("portal.css");
        let file = href.strip_prefix("/assets/").unwrap();
        let headers = serve(file, &HeaderMap::new()).headers().clone();
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[header::CONTENT_TYPE], CSS);
        for other in ["portal.css", "portal.0000000000000000.css"] {
            let answer = serve(other, &HeaderMap::new());
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-cache");
        }
        assert_eq!(serve("../Cargo.toml", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn style_sheets_hold_no_foreign_addresses() {
        for (name, kind, content) in FILES {
            if *kind == CSS {
                assert!(!content.contains("http://") && !content.contains("https://"), "{name}");
            }
        }
    }
}
