//! Limits on request bodies that hold at any size: nothing is buffered beyond the limit, and a browser that is still
//! sending a too large file is listened to for a while so that it gets to read the friendly 413 page.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use futures_util::{StreamExt, stream};

use crate::problem::{self, Failure};

/// How long and how much a refused upload may go on sending.
const DRAIN_TIME: Duration = Duration::from_secs(120);
const DRAIN_BYTES: u64 = 8 * 1024 * 1024 * 1024;

/// Why [`collect`] gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLarge {
    /// More bytes than allowed.
    Yes,
    /// The connection broke.
    Broken,
}

/// Reads a whole body of at most `most` bytes.
///
/// # Errors
/// [`TooLarge::Yes`] when it is longer (the rest is drained), [`TooLarge::Broken`] when it cannot be read.
pub async fn collect(headers: &HeaderMap, body: Body, most: u64) -> Result<Bytes, TooLarge> {
    if declared(headers).is_some_and(|length| length > most) {
        drain(body);
        return Err(TooLarge::Yes);
    }
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| TooLarge::Broken)?;
        if (bytes.len() + chunk.len()) as u64 > most {
            drain(Body::new(stream));
            return Err(TooLarge::Yes);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// Gives an upload route its own limit: `.route("/upload", body::limit(post(upload), 20 * MIB))`.
///
/// The whole body may have at most `most` bytes (files and fields together); more is answered with the 413 page that
/// names the limit, whatever the handler made of the broken stream.
pub fn limit<S>(route: MethodRouter<S>, most: u64) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    route
        .layer(DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn(move |request: Request, next: Next| limited(most, request, next)))
}

async fn limited(most: u64, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if declared(&parts.headers).is_some_and(|length| length > most) {
        drain(body);
        return Failure::from(problem::too_large(most)).into_response();
    }
    let exceeded = Arc::new(AtomicBool::new(false));
    let body = counted(body, most, Arc::clone(&exceeded));
    let response = next.run(Request::from_parts(parts, body)).await;
    if exceeded.load(Ordering::Acquire) {
        return Failure::from(problem::too_large(most)).into_response();
    }
    response
}

/// The body, ended with an error once more than `most` bytes came.
fn counted(body: Body, most: u64, exceeded: Arc<AtomicBool>) -> Body {
    let start = (Some(body.into_data_stream()), 0_u64);
    let guarded = stream::unfold(start, move |(stream, seen)| {
        let exceeded = Arc::clone(&exceeded);
        async move {
            let mut stream = stream?;
            match stream.next().await? {
                Ok(chunk) => {
                    let seen = seen + chunk.len() as u64;
                    if seen <= most {
                        return Some((Ok(chunk), (Some(stream), seen)));
                    }
                    exceeded.store(true, Ordering::Release);
                    drain(Body::new(stream));
                    let error = axum::Error::new(std::io::Error::other("request body over the limit"));
                    Some((Err(error), (None, seen)))
                }
                Err(error) => Some((Err(error), (None, seen))),
            }
        }
    });
    Body::from_stream(guarded)
}

fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads and forgets what is still coming, in the background and within bounds. A browser only shows an early answer
/// once it has finished sending; closing the connection at once would show it a network error instead of our page.
pub fn drain(body: Body) {
    tokio::spawn(async move {
        let mut stream = body.into_data_stream();
        let mut seen = 0_u64;
        let reading = async {
            while let Some(Ok(chunk)) = stream.next().await {
                seen += chunk.len() as u64;
                if seen > DRAIN_BYTES {
                    break;
                }
            }
        };
        if tokio::time::timeout(DRAIN_TIME, reading).await.is_err() {
            tracing::debug!("gave up draining a refused request body");
        }
    });
}
