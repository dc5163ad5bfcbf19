//! Notes that explain an act, and taking a step into one's hands (认领).

use std::sync::Arc;

use banhao_bpmn::Command;
use banhao_catalogue::Snapshot;
use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::digest::sha256_hex;
use banhao_kernel::ids::{CaseId, NoteId, StaffId, TaskId};
use banhao_store::{Moment, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    context::CaseContext,
    entities::{note, task},
    error::CaseError,
    flow::{self, OPEN},
    loaded::LoadedCase,
    sealed::seal_note,
};

/// Keeps what somebody wrote, sealed, with the digest that its fact carries.
pub(crate) async fn write_note(
    tx: &mut Tx,
    case: CaseId,
    kind: &str,
    step: Option<&str>,
    verdict: Option<&str>,
    principal: &Principal,
    text: &str,
) -> Result<(), CaseError> {
    let author = principal.staff().map_or_else(Uuid::nil, |staff| staff.id.as_uuid());
    write_note_of(tx, case, kind, step, verdict, author, text).await
}

/// The same for something ordered by somebody who is not here now.
pub(crate) async fn write_note_of(
    tx: &mut Tx,
    case: CaseId,
    kind: &str,
    step: Option<&str>,
    verdict: Option<&str>,
    author: Uuid,
    text: &str,
) -> Result<(), CaseError> {
    let id = NoteId::generate(tx.clock(), tx.entropy()).as_uuid();
    note::Entity::insert(note::ActiveModel {
        id: Set(id),
        case_id: Set(case.as_uuid()),
        kind: Set(kind.to_owned()),
        step: Set(step.map(ToOwned::to_owned)),
        verdict: Set(verdict.map(ToOwned::to_owned)),
        author: Set(author),
        at: Set(Moment::from(tx.now())),
        text: Set(seal_note(tx.vault(), text)?),
        sha256: Set(sha256_hex(text.as_bytes())),
    })
    .exec_without_returning(tx.conn())
    .await?;
    Ok(())
}

/// A step and its case, whose row is locked. The step is read once more behind the lock: every command locks the case first, so that no
/// two of them wait for each other, and what was read before may be over by then.
pub(crate) async fn load_step(tx: &Tx, snapshot: Arc<Snapshot>, step: TaskId) -> Result<(LoadedCase, task::Model), CaseError> {
    let find = || task::Entity::find_by_id(step.as_uuid());
    let missing = || CaseError::NotFound { what: "task" };
    let seen = find().one(tx.conn()).await?.ok_or_else(missing)?;
    let case = LoadedCase::load(tx, snapshot, CaseId::from_uuid(seen.case_id)).await?;
    let row = find().one(tx.conn()).await?.ok_or_else(missing)?;
    Ok((case, row))
}

/// The policy act that a step's act asks for.
pub(crate) fn act_of(task: &task::Model) -> CaseAct {
    match task.act.as_str() {
        flow::ACCEPT => CaseAct::Accept,
        flow::DECIDE => CaseAct::Decide,
        flow::DELIVER => CaseAct::Deliver,
        flow::INSPECT => CaseAct::Inspect,
        _ => CaseAct::Review,
    }
}

/// Takes a step into one's hands (签收), or puts it back into the pool (放回). Doing either twice changes nothing.
///
/// # Errors
/// [`CaseError::InOtherHands`] when somebody else has it; when it is done, or the policies forbid it.
pub async fn claim(ctx: &CaseContext, principal: &Principal, step: TaskId, take: bool) -> Result<(), CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.id.as_uuid();
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let (mut loaded, row) = load_step(tx, snapshot, step).await?;
                loaded.permit(&principal, act_of(&row))?;
                if row.state != OPEN {
                    return Err(CaseError::Changed);
                }
                if let Some(other) = row.assignee.filter(|other| *other != staff) {
                    return Err(CaseError::InOtherHands { staff: StaffId::from_uuid(other) });
                }
                if row.owner.is_some() {
                    // A delegated step is in hand already, and is not put back into the pool.
                    return if take { Ok(()) } else { Err(CaseError::ReportFirst) };
                }
                let token = flow::token(&row)?;
                let mut changed = row.into_active_model();
                changed.assignee = Set(take.then_some(staff));
                changed.update(tx.conn()).await?;
                if take && !loaded.state.suspended {
                    // From now on the step before cannot be taken back.
                    flow::command(tx, &mut loaded, &Command::Touch { task: token }, &principal).await?;
                }
                Ok(())
            })
        })
        .await
}
