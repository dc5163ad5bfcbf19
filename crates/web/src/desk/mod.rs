//! The desk: pages of staff. Dense, keyboard first, one screen per job; everything works without scripts.

mod acts;
mod file;
mod files;
mod forms;
mod office;
mod policies;
mod process;
mod reasons;
mod sent;
mod sign_in;
mod take;
mod worklist;

use axum::middleware::{from_fn, from_fn_with_state};

use crate::prelude::*;
use crate::session;

pub(crate) use worklist::bar;

/// All routes of the desk.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(sign_in::routes())
        .merge(worklist::routes())
        .merge(file::routes())
        .merge(files::routes())
        .merge(acts::routes())
        .merge(office::routes())
        .merge(policies::routes())
        .merge(process::routes())
        .merge(reasons::routes())
        .merge(take::routes())
        .merge(crate::admin::routes())
        .layer(from_fn(session::staff_door))
        .layer(from_fn_with_state(state.clone(), session::layer))
}
