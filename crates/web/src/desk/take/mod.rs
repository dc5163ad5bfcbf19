//! Taking an application in person (窗口收件): who stands there and what for; then one dense page with the whole form and all
//! materials; then the receipt, and the next one. The visit is recorded with the submission.

mod begin;
mod form;
mod receipt;

use banhao_identity::StaffMember;

use super::forms::window_field;
use crate::prelude::*;

/// All routes of taking an application.
pub(super) fn routes() -> Router<AppState> {
    Router::new().merge(begin::routes()).merge(form::routes()).merge(receipt::routes())
}

/// Whether this person sits at a window.
fn has_window(staff: &StaffMember) -> bool {
    staff.hall.is_some() && !staff.windows.is_empty()
}
