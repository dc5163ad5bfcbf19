//! The public ledger: the newest signed checkpoint, the key to check it with, and proofs that the log only ever grew.

use axum::http::{HeaderValue, header};
use banhao_store::ledger_log::{LatestCheckpoint, consistency, latest_checkpoint};
use serde::Deserialize;

use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/ledger", get(show))
        .route("/ledger/checkpoint", get(checkpoint))
        .route("/ledger/key", get(key))
        .route("/ledger/consistency", get(proof))
}

#[derive(Debug, Deserialize)]
struct Between {
    old: Option<String>,
    new: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/ledger.html")]
struct LedgerPage {
    page: Page,
    errors: ErrorSummary,
    latest: Option<LatestCheckpoint>,
    key: String,
    old: Field,
    new: Field,
    proof: Option<(u64, u64, Vec<String>)>,
}

async fn show(State(state): State<AppState>, page: Page, Asked(between): Asked<Between>) -> Answer {
    let store = &state.cases.store;
    let latest = latest_checkpoint(store).await?;
    let size = latest.as_ref().map_or(0, |latest| latest.size);
    let number =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(|text| text.parse::<u64>().ok());
    let (old, new) = (number(&between.old), number(&between.new));
    let mut wrong = false;
    let mut found = None;
    if let Some(old) = old {
        match (old, new.unwrap_or(Some(size))) {
            (Some(old), Some(new)) => {
                found = consistency(store, old, new).await?.map(|proof| (old, new, proof));
                wrong = found.is_none();
            }
            _ => wrong = true,
        }
    }
    let mistake = if wrong { page.t_args("portal-ledger-wrong", &[("size", &size.to_string())]) } else { String::new() };
    let old_field =
        Field::new(FieldKind::Number, "old", page.t("portal-ledger-old")).value(between.old.unwrap_or_default()).required().error(mistake);
    let view = LedgerPage {
        errors: ErrorSummary::of([&old_field]),
        key: store.ledger_key().verifier().to_string(),
        old: old_field,
        new: Field::new(FieldKind::Number, "new", page.t("portal-ledger-new")).value(between.new.unwrap_or_else(|| size.to_string())),
        latest,
        proof: found,
        page: page.clone(),
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page.html_with_status(status, &view))
}

fn text(body: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], body).into_response()
}

/// The newest checkpoint as a signed note.
async fn checkpoint(State(state): State<AppState>) -> Answer {
    let latest = latest_checkpoint(&state.cases.store).await?.ok_or_else(problem::not_found)?;
    Ok(text(latest.note))
}

/// The public key, to be kept by whoever wants to check later.
async fn key(State(state): State<AppState>) -> Answer {
    Ok(text(format!("{}\n", state.cases.store.ledger_key().verifier())))
}

/// A consistency proof for programs.
async fn proof(State(state): State<AppState>, Asked(between): Asked<Between>) -> Answer {
    let number = |text: Option<String>| text.and_then(|text| text.trim().parse::<u64>().ok()).ok_or_else(problem::bad_form);
    let (old, new) = (number(between.old)?, number(between.new)?);
    let proof = consistency(&state.cases.store, old, new).await?.ok_or_else(problem::not_found)?;
    let body = serde_json::json!({ "old": old, "new": new, "proof": proof }).to_string();
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}
