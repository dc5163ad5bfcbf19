//! Live pages: the same parts the page was rendered with, sent again over server-sent events whenever they look
//! different. Without scripts the page is simply as old as its last loading.
//!
//! In the template: `<div id="figures" data-live-part>…</div>` inside `<… data-live="/cockpit/live">`, and somewhere
//! `<p data-live-state role="status" data-connected="…" data-disconnected="…"></p>`, because old figures must not look new.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use banhao_kernel::problem::ProblemKind;
use futures_util::stream;
use serde_json::json;
use tokio::sync::watch;

use crate::problem::Failure;
use crate::shell::Shell;

/// A part of a live page: the id of its element and the markup inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivePart {
    /// Id of the element.
    pub id: &'static str,
    /// Its content.
    pub html: String,
}

/// Answers with an endless stream. `render` is called at once, then after each tick of `changes` but not more often than
/// `at_most_every`, and at least every `at_least_every` (so that clocks move on). Only changed parts are sent. When `render` says
/// that its reader is no longer signed in or allowed, the stream ends.
pub fn live<F, Fut>(shell: &Shell, changes: watch::Receiver<u64>, at_most_every: Duration, at_least_every: Duration, render: F) -> Response
where
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Result<Vec<LivePart>, Failure>> + Send + 'static,
{
    let start = State { changes, closing: shell.closing(), sent: HashMap::new(), first: true, render };
    let events = stream::unfold(start, move |mut state| async move {
        loop {
            if !state.first && !state.wait(at_most_every, at_least_every).await {
                return None;
            }
            state.first = false;
            let parts = match (state.render)().await {
                Ok(parts) => parts,
                // Signed out, or no longer allowed: the stream ends, and the page asks again like any other.
                Err(failure) if matches!(failure.problem().kind, ProblemKind::Unauthenticated | ProblemKind::Forbidden) => return None,
                Err(failure) => {
                    tracing::error!(problem = ?failure.problem(), "a live page could not be rendered");
                    continue;
                }
            };
            let changed: Vec<_> = parts.into_iter().filter(|part| state.sent.get(part.id) != Some(&part.html)).collect();
            if changed.is_empty() {
                continue;
            }
            let data: Vec<_> = changed.iter().map(|part| json!({ "id": part.id, "html": part.html })).collect();
            state.sent.extend(changed.into_iter().map(|part| (part.id, part.html)));
            let event = Event::default().event("parts").data(json!(data).to_string());
            return Some((Ok::<_, Infallible>(event), state));
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

struct State<F> {
    changes: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    sent: HashMap<&'static str, String>,
    first: bool,
    render: F,
}

impl<F> State<F> {
    /// `false` when the server stops or nothing will ever change again.
    async fn wait(&mut self, at_most_every: Duration, at_least_every: Duration) -> bool {
        tokio::select! {
            _ = self.closing.wait_for(|closing| *closing) => return false,
            () = tokio::time::sleep(at_most_every) => {}
        }
        tokio::select! {
            _ = self.closing.wait_for(|closing| *closing) => false,
            changed = self.changes.changed() => changed.is_ok(),
            () = tokio::time::sleep(at_least_every.saturating_sub(at_most_every)) => true,
        }
    }
}
