//! What happens to every request before and after its handler: request id and log line, the [`Page`], the CSRF guard,
//! time limit, panics, problem pages, security headers, cookies, compression.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::page::Page;
use crate::problem::{self, Failure, Unwritten};
use crate::shell::Shell;
use crate::{assets, csrf};

/// The policy of every page: nothing but our own files, no inline scripts or styles, no framing by others. A handler may
/// set its own header (as [`crate::file`] does to let our desk frame a PDF); then this one is not added.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Finishes the program's router: adds assets, the 404 page and all layers. Call it once, last.
pub fn wrap<S>(router: Router<S>, shell: Arc<Shell>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router
        .merge(assets::routes())
        .fallback(|| async { Failure::from(problem::not_found()) })
        .layer(middleware::from_fn(move |request: Request, next: Next| handle(Arc::clone(&shell), request, next)))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

async fn handle(shell: Arc<Shell>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id(&shell, request.headers());
    let page = Page::read(Arc::clone(&shell), &request, request_id.clone());
    request.extensions_mut().insert(page.clone());
    // The query may hold what somebody searched for; it stays out of the log.
    let span = tracing::info_span!("request", id = %request_id, method = %request.method(), path = %request.uri().path());
    let response = async {
        let response = guarded(&shell, &page, request, next).await;
        let mut response = written(&page, response);
        finish(&shell, &page, &mut response);
        let (status, micros) = (response.status().as_u16(), started.elapsed().as_micros());
        if response.status().is_server_error() {
            tracing::error!(status, micros, "answered");
        } else {
            tracing::debug!(status, micros, "answered");
        }
        response
    };
    response.instrument(span).await
}

/// CSRF, time limit and panics around the handler.
async fn guarded(shell: &Shell, page: &Page, request: Request, next: Next) -> Response {
    let is_upload = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("multipart/"));
    let longest = if is_upload { shell.config.upload_timeout } else { shell.config.request_timeout };
    // The API takes no cookies, so there is nothing a foreign page could borrow.
    let is_api = request.uri().path().starts_with("/api/");
    let handled = async {
        let request = if is_api {
            request
        } else {
            match csrf::guard(shell, page.cookies(), request).await {
                Ok(request) => request,
                Err(why) => return problem::refused(&why, shell.config.form_limit).into_response(),
            }
        };
        next.run(request).await
    };
    match tokio::time::timeout(longest, AssertUnwindSafe(handled).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            let said = panic
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("(no message)");
            tracing::error!(panic = said, "a handler panicked");
            Failure::from(problem::internal()).into_response()
        }
        Err(_) => {
            tracing::error!(?longest, "a handler took too long");
            problem::too_slow().into_response()
        }
    }
}

/// Writes problem pages: those that handlers returned and the bare errors of router and extractors.
fn written(page: &Page, mut response: Response) -> Response {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Unwritten>() {
        Some(Unwritten(problem)) => problem,
        None if is_bare_error(&response) => Arc::new(problem::of_status(status)),
        None => return response,
    };
    let mut answer = problem::answer(page, status, &problem);
    // Allow (405) and Retry-After (429, 503) belong to the status and must survive.
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = response.headers_mut().remove(&name) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

fn is_bare_error(response: &Response) -> bool {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return false;
    }
    response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_none_or(|kind| kind.starts_with("text/plain"))
}

/// Cookies and headers that every answer carries.
fn finish(shell: &Shell, page: &Page, response: &mut Response) {
    let config = &shell.config;
    let is_page = response.status() != StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    let framed = headers.contains_key(header::CONTENT_SECURITY_POLICY);
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    add(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    if !framed {
        add(header::X_FRAME_OPTIONS, "DENY");
    }
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "same-origin");
    add(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if is_page {
        add(header::CACHE_CONTROL, "no-store");
    }
    if config.https
        && config.hsts_seconds > 0
        && let Ok(value) = HeaderValue::try_from(format!("max-age={}; includeSubDomains", config.hsts_seconds))
    {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Ok(value) = HeaderValue::try_from(page.request_id()) {
        headers.insert(REQUEST_ID, value);
    }
    let mut sets_cookies = false;
    for cookie in page.take_set_cookies() {
        match cookie.header(config.https) {
            Some(value) => {
                headers.append(header::SET_COOKIE, value);
                sets_cookies = true;
            }
            None => tracing::error!(?cookie, "a cookie holds characters it may not hold and was left out"),
        }
    }
    // An answer that sets a cookie is one browser's own.
    if sets_cookies {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The id a proxy gave when it looks like one, else a new one.
fn request_id(shell: &Shell, headers: &HeaderMap) -> String {
    let given = headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    match given {
        Some(id) => id.to_owned(),
        None => shell.random::<8>().iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
