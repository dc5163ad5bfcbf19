//! In-person contacts (到场登记): each is a fact, and the share of cases with at most one is measured, not declared.

use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::ids::{CaseId, StaffId, VisitId};
use banhao_store::{Moment, Tx};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{
    commands::draft::AtWindow, context::CaseContext, entities::visit, error::CaseError, facts::CaseFact, loaded::LoadedCase,
    rules::visit::own_window,
};

/// What somebody came for.
pub const PURPOSES: [&str; 4] = ["apply", "supplement", "collect", "other"];

/// Writes the visit's row and gives its fact.
pub(crate) async fn write_visit(tx: &mut Tx, case: CaseId, staff: StaffId, at: &AtWindow, purpose: &str) -> Result<CaseFact, CaseError> {
    let id = VisitId::generate(tx.clock(), tx.entropy());
    visit::Entity::insert(visit::ActiveModel {
        id: Set(id.as_uuid()),
        case_id: Set(case.as_uuid()),
        hall: Set(at.hall.clone()),
        window_code: Set(at.window.clone()),
        purpose: Set(purpose.to_owned()),
        staff: Set(staff.as_uuid()),
        at: Set(Moment::from(tx.now())),
    })
    .exec_without_returning(tx.conn())
    .await?;
    Ok(CaseFact::Visited { visit: id, hall: at.hall.clone(), window: at.window.clone(), purpose: purpose.to_owned() })
}

/// Records that the applicant or their agent stood at a window of the clerk.
///
/// # Errors
/// When the policies forbid it, the window is not the clerk's, or the purpose is unknown.
pub async fn record_visit(
    ctx: &CaseContext,
    principal: &Principal,
    case: CaseId,
    at: impl Into<Option<AtWindow>>,
    purpose: &str,
) -> Result<(), CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.clone();
    let (at, purpose) = (at.into(), purpose.to_owned());
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::RecordVisit)?;
            let at = own_window(&staff, at)?;
            let purpose = PURPOSES.into_iter().find(|known| *known == purpose).ok_or(CaseError::Empty { what: "purpose" })?;
            let fact = write_visit(tx, case, staff.id, &at, purpose).await?;
            loaded.record(tx, fact, &principal);
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}
