//! In-person contacts (到现场): where they happen. The measured visit count rests on every one of them naming its window.

use banhao_identity::StaffMember;

use crate::{commands::draft::AtWindow, error::CaseError};

/// The window at which a clerk meets the applicant: one of their own.
///
/// # Errors
/// [`CaseError::NoWindow`] when the clerk has none or names somebody else's; an empty choice when there are several.
pub fn own_window(staff: &StaffMember, at: Option<AtWindow>) -> Result<AtWindow, CaseError> {
    let Some(hall) = staff.hall.as_deref().filter(|_| !staff.windows.is_empty()) else { return Err(CaseError::NoWindow) };
    let at = at.ok_or(CaseError::Empty { what: "window" })?;
    if at.hall == hall && staff.windows.contains(&at.window) { Ok(at) } else { Err(CaseError::NoWindow) }
}
