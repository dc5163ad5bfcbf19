//! The citizen's pages (群众端): find a matter, read its guide, apply, follow, collect, rate, verify. Everything works without
//! scripts; what needs somebody signed in asks with [`citizen::Citizen`]. Decisions about cases are made in other crates.

mod about;
mod account;
mod apply;
mod case;
mod citizen;
mod condition;
mod files;
pub(crate) mod guide;
mod home;
mod ledger;
mod memory;
mod mine;
pub(crate) mod question;
mod rating;
pub(crate) mod reasons;
pub(crate) mod receipt;
mod supplement;
mod track;
pub(crate) mod upload;
mod verify;
pub mod words;

use axum::middleware::from_fn_with_state;

pub use memory::Memory;

use crate::prelude::*;
use crate::session;

/// All routes of the portal.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(home::routes())
        .merge(guide::routes())
        .merge(account::routes())
        .merge(apply::routes())
        .merge(mine::routes())
        .merge(case::routes())
        .merge(supplement::routes())
        .merge(receipt::routes())
        .merge(rating::routes())
        .merge(files::routes())
        .merge(track::routes())
        .merge(verify::routes())
        .merge(ledger::routes())
        .merge(about::routes())
        .layer(from_fn_with_state(state.clone(), session::layer))
}

/// An answer in words, for the desk.
pub(crate) fn answer_words(
    page: &Page,
    snapshot: &banhao_catalogue::Snapshot,
    field: &banhao_catalogue::model::Field,
    value: &serde_json::Value,
) -> String {
    apply::words(page, snapshot, field, value)
}

/// Encodes a text for a query.
pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
