//! Office operations (办理操作): 退回、撤回、转办、委派、加签、减签、抄送、催办、挂起、恢复、终止、跳转, and messages that staff
//! register. Each asks the policies, says why, and is a fact of the case.

mod attention;
mod course;
mod holding;
mod message;
mod returning;
mod signers;

use std::sync::Arc;

use banhao_catalogue::Snapshot;
use banhao_identity::{CaseAct, IdentityError, Principal, StaffMember, active_staff, permit_case};
use banhao_kernel::digest::sha256_hex;
use banhao_kernel::ids::{StaffId, TaskId};
use banhao_store::Tx;

pub use self::{
    attention::{copy, urge},
    course::{jump, resume, suspend, terminate},
    holding::{delegate, hand_over, report},
    message::register_message,
    returning::{return_step, take_back},
    signers::{AddedWhen, add_signers, remove_signer},
};
use crate::{
    commands::task::{act_of, load_step, write_note},
    entities::task,
    error::CaseError,
    facts::{CaseFact, Operation},
    flow::{DONE, OPEN},
    loaded::{LoadedCase, target_of},
    rules::{office as rules, require_text},
};

/// A step in the hands of an operation.
struct OnStep {
    case: LoadedCase,
    row: task::Model,
    staff: StaffMember,
}

async fn load(tx: &Tx, snapshot: Arc<Snapshot>, principal: &Principal, step: TaskId) -> Result<OnStep, CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.clone();
    let (case, row) = load_step(tx, snapshot, step).await?;
    Ok(OnStep { case, row, staff })
}

/// The open step of an operation that its holder does: the policies allow the operation and the step's own act, the definition allows it,
/// the step is this organisation's and in nobody else's hands.
async fn mine(
    tx: &Tx,
    snapshot: Arc<Snapshot>,
    principal: &Principal,
    step: TaskId,
    operation: Operation,
    act: CaseAct,
) -> Result<OnStep, CaseError> {
    let there = load(tx, snapshot, principal, step).await?;
    there.case.permit(principal, act)?;
    there.case.permit(principal, act_of(&there.row))?;
    there.allowed(operation)?;
    there.in_my_hands()?;
    Ok(there)
}

impl OnStep {
    fn allowed(&self, operation: Operation) -> Result<(), CaseError> {
        let node = self.case.course.process.node(&self.row.element);
        match node {
            Some(node) if rules::is_allowed(node, operation) => Ok(()),
            _ => Err(CaseError::NotAllowed { operation: operation.as_str() }),
        }
    }

    fn open(&self) -> Result<(), CaseError> {
        match self.row.state.as_str() {
            OPEN => Ok(()),
            DONE => Err(CaseError::Changed),
            crate::flow::WAITING => Err(CaseError::AwaitsSigners),
            _ => Err(CaseError::Changed),
        }
    }

    fn in_my_hands(&self) -> Result<(), CaseError> {
        self.open()?;
        let ours = self.row.organisation == self.staff.organisation || (self.row.hall.is_some() && self.row.hall == self.staff.hall);
        if !ours {
            return Err(CaseError::Denied { policies: "other-organisation".to_owned() });
        }
        match self.row.assignee {
            Some(other) if other != self.staff.id.as_uuid() => Err(if self.row.owner == Some(self.staff.id.as_uuid()) {
                CaseError::Delegated
            } else {
                CaseError::InOtherHands { staff: StaffId::from_uuid(other) }
            }),
            _ => Ok(()),
        }
    }

    /// Somebody who can be given the step: active, of its organisation, and permitted to do `act`.
    async fn candidate(&self, tx: &Tx, who: StaffId, act: CaseAct) -> Result<StaffMember, CaseError> {
        let refused = || CaseError::NotACandidate { who: who.to_string() };
        let member = active_staff(tx, who).await?.ok_or_else(refused)?;
        let target = target_of(&self.case.row, &self.case.state);
        let fits = member.organisation == self.row.organisation
            && member.id != self.staff.id
            && permit_case(&Principal::Staff(Box::new(member.clone())), act, &target).is_ok();
        if fits { Ok(member) } else { Err(refused()) }
    }
}

/// States the operation and keeps its reason.
async fn state(
    tx: &mut Tx,
    case: &mut LoadedCase,
    principal: &Principal,
    operation: Operation,
    step: &str,
    to: Vec<String>,
    reason: &str,
) -> Result<(), CaseError> {
    let reason = reason.trim();
    let reason_sha256 = if reason.is_empty() { None } else { Some(sha256_hex(reason.as_bytes())) };
    let by = principal.staff().map(|staff| staff.id);
    let fact = CaseFact::Operated { operation, on: LoadedCase::today(tx), step: step.to_owned(), to, by, reason_sha256 };
    case.record(tx, fact, principal);
    if !reason.is_empty() {
        let step = Some(step).filter(|step| !step.is_empty());
        write_note(tx, case.id(), operation.as_str(), step, None, principal, reason).await?;
    }
    Ok(())
}

fn needs_reason(reason: &str) -> Result<(), CaseError> {
    require_text("reason", reason)
}
