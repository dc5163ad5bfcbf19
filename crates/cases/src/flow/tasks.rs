//! Steps of people as rows: which one somebody may do, and who did it.

use banhao_identity::Principal;
use banhao_kernel::ids::StaffId;
use banhao_store::{Moment, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use super::{OPEN, WAITING};
use crate::{entities::task, error::CaseError, loaded::LoadedCase};

async fn open_tasks(tx: &Tx, case: &LoadedCase, acts: &[&str], element: Option<&str>) -> Result<Vec<task::Model>, CaseError> {
    let mut find = task::Entity::find()
        .filter(task::Column::CaseId.eq(case.row.id))
        .filter(task::Column::State.is_in([OPEN, WAITING]))
        .filter(task::Column::Act.is_in(acts.iter().copied()));
    if let Some(element) = element {
        find = find.filter(task::Column::Element.eq(element));
    }
    Ok(find.order_by_asc(task::Column::OpenedAt).order_by_asc(task::Column::Id).all(tx.conn()).await?)
}

fn none(case: &LoadedCase) -> CaseError {
    CaseError::WrongState { act: "act-on-step", status: case.state.status.as_str() }
}

/// The open step where an act is to be done, whoever has it: for what the platform does by itself, and the applicant.
async fn any_open_task(tx: &Tx, case: &LoadedCase, acts: &[&str]) -> Result<task::Model, CaseError> {
    let rows = open_tasks(tx, case, acts, None).await?;
    rows.into_iter().find(|row| row.state == OPEN).ok_or_else(|| none(case))
}

/// The open step where this member of staff may do the act: what they have in hand, else what their organisation or hall has in its
/// pool; `element` picks one of several. What somebody else has in hand is theirs.
///
/// # Errors
/// [`CaseError::InOtherHands`], [`CaseError::Delegated`], a step that waits for signers, another organisation's step, or none.
pub(crate) async fn my_open_task(
    tx: &Tx,
    case: &LoadedCase,
    principal: &Principal,
    acts: &[&str],
    element: Option<&str>,
) -> Result<task::Model, CaseError> {
    let Some(staff) = principal.staff() else { return any_open_task(tx, case, acts).await };
    let rows = open_tasks(tx, case, acts, element).await?;
    if rows.is_empty() {
        return Err(none(case));
    }
    let me = staff.id.as_uuid();
    let ours = |row: &&task::Model| row.organisation == staff.organisation || (row.hall.is_some() && row.hall == staff.hall);
    if let Some(mine) = rows.iter().find(|row| row.state == OPEN && row.assignee == Some(me)) {
        return if mine.owner.is_some() { Err(CaseError::ReportFirst) } else { Ok(mine.clone()) };
    }
    if let Some(free) = rows.iter().filter(|row| row.state == OPEN && row.assignee.is_none()).find(ours) {
        return Ok(free.clone());
    }
    if let Some(lent) = rows.iter().find(|row| row.owner == Some(me)) {
        return Err(if lent.state == OPEN { CaseError::Delegated } else { CaseError::AwaitsSigners });
    }
    if rows.iter().filter(ours).any(|row| row.state == WAITING) {
        return Err(CaseError::AwaitsSigners);
    }
    match rows.iter().filter(ours).find_map(|row| row.assignee) {
        Some(other) => Err(CaseError::InOtherHands { staff: StaffId::from_uuid(other) }),
        None => Err(CaseError::Denied { policies: "other-organisation".to_owned() }),
    }
}

/// Notes who did a step. Whether it is over is the engine's word: signers may still come.
pub(super) async fn note_done_by(tx: &Tx, row: &task::Model, principal: &Principal) -> Result<(), CaseError> {
    let changed = task::Entity::update_many()
        .col_expr(task::Column::DoneAt, Expr::value(Moment::from(tx.now())))
        .col_expr(task::Column::DoneBy, Expr::value(principal.staff().map(|staff| staff.id.as_uuid())))
        .filter(task::Column::Id.eq(row.id))
        .filter(task::Column::State.eq(OPEN))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(CaseError::Changed) }
}
