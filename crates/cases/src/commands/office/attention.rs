//! 抄送 and 催办: nothing changes but that somebody knows.

use banhao_identity::{CaseAct, IdentityError, Principal, active_staff};
use banhao_kernel::ids::{CaseId, StaffId};
use banhao_store::Moment;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::state;
use crate::{
    context::CaseContext, entities::copy as table, error::CaseError, facts::Operation, flow, loaded::LoadedCase, rules::office as rules,
};

/// 抄送: these members of staff, of any organisation, may see the case from now on and find it in their worklist.
///
/// # Errors
/// Nobody, or somebody who is not there; the policies.
pub async fn copy(ctx: &CaseContext, principal: &Principal, case: CaseId, to: Vec<StaffId>, note: &str) -> Result<(), CaseError> {
    let me = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let snapshot = ctx.snapshot().await?;
    let (principal, note) = (principal.clone(), note.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::Copy)?;
            if to.is_empty() {
                return Err(CaseError::Empty { what: "who" });
            }
            for staff in &to {
                if *staff == me || active_staff(tx, *staff).await?.is_none() {
                    return Err(CaseError::NotACandidate { who: staff.to_string() });
                }
            }
            let ids = to.iter().map(ToString::to_string).collect();
            state(tx, &mut loaded, &principal, Operation::Copy, "", ids, &note).await?;
            let rows = to.iter().map(|staff| table::ActiveModel {
                case_id: Set(case.as_uuid()),
                staff: Set(staff.as_uuid()),
                copied_by: Set(me.as_uuid()),
                copied_at: Set(Moment::from(tx.now())),
                seen_at: Set(None),
            });
            let again = OnConflict::columns([table::Column::CaseId, table::Column::Staff])
                .update_columns([table::Column::CopiedBy, table::Column::CopiedAt, table::Column::SeenAt])
                .to_owned();
            table::Entity::insert_many(rows).on_conflict(again).exec_without_returning(tx.conn()).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// 催办: by staff, supervision or the applicant, once a day each.
///
/// # Errors
/// A closed case, a second time on one day, or the policies.
pub async fn urge(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::Urge)?;
            rules::urge(&loaded.state, principal.staff().map(|staff| staff.id), LoadedCase::today(tx))?;
            state(tx, &mut loaded, &principal, Operation::Urge, "", Vec::new(), "").await?;
            flow::remind(tx, &loaded).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}
