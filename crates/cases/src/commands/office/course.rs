//! 挂起, 恢复, 终止 and 跳转: the course of the whole case.

use banhao_bpmn::Command;
use banhao_identity::{CaseAct, Principal};
use banhao_kernel::ids::{CaseId, TaskId};

use super::{load, needs_reason, state};
use crate::{
    context::CaseContext,
    error::CaseError,
    facts::{CaseFact, Operation},
    flow,
    loaded::LoadedCase,
    model::Outcome,
    rules::office as rules,
};

/// 挂起: nothing goes on until it is resumed. The legal clock runs on: only special procedures stop it (APL 45).
///
/// # Errors
/// Before acceptance, after the decision, while suspended; no reason; the policies.
pub async fn suspend(ctx: &CaseContext, principal: &Principal, case: CaseId, reason: &str) -> Result<(), CaseError> {
    course(ctx, principal, case, Operation::Suspend, reason).await
}

/// 恢复: it goes on; timers that fell due meanwhile ring now.
///
/// # Errors
/// When it is not suspended; no reason; the policies.
pub async fn resume(ctx: &CaseContext, principal: &Principal, case: CaseId, reason: &str) -> Result<(), CaseError> {
    course(ctx, principal, case, Operation::Resume, reason).await
}

/// 终止: the case ends without a decision, because the applicant died or was dissolved or the matter is gone. Also while suspended.
///
/// # Errors
/// Before acceptance or after the decision; no reason; the policies.
pub async fn terminate(ctx: &CaseContext, principal: &Principal, case: CaseId, reason: &str) -> Result<(), CaseError> {
    course(ctx, principal, case, Operation::Terminate, reason).await
}

async fn course(ctx: &CaseContext, principal: &Principal, case: CaseId, operation: Operation, reason: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, reason) = (principal.clone(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            let act = if operation == Operation::Terminate { CaseAct::Terminate } else { CaseAct::Suspend };
            loaded.permit(&principal, act)?;
            rules::under_review(&loaded.state, operation)?;
            let order = match operation {
                Operation::Suspend if loaded.state.suspended => return Err(CaseError::Suspended),
                Operation::Suspend => Command::Suspend,
                Operation::Resume if !loaded.state.suspended => return Err(CaseError::Changed),
                Operation::Resume => Command::Resume,
                _ => Command::Terminate,
            };
            needs_reason(&reason)?;
            state(tx, &mut loaded, &principal, operation, "", Vec::new(), &reason).await?;
            if operation == Operation::Terminate {
                loaded.record(tx, CaseFact::Closed { outcome: Outcome::Terminated }, &principal);
            }
            flow::command(tx, &mut loaded, &order, &principal).await?;
            if operation == Operation::Resume {
                flow::wake_timers(tx, &loaded).await?;
            }
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// 跳转: an administrator moves a step to another one, because the process does not go on otherwise.
///
/// # Errors
/// A target that the engine or the law does not allow; no reason; the policies.
pub async fn jump(ctx: &CaseContext, principal: &Principal, step: TaskId, to: &str, reason: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, to, reason) = (principal.clone(), to.to_owned(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = load(tx, snapshot, &principal, step).await?;
            there.case.permit(&principal, CaseAct::Jump)?;
            there.open()?;
            let (mut case, row) = (there.case, there.row);
            rules::under_review(&case.state, Operation::Jump)?;
            let task = flow::token(&row)?;
            if to.is_empty() {
                return Err(CaseError::Empty { what: "to" });
            }
            let instance = flow::instance(tx, &case).await?;
            if !rules::jumps(&case.course.process, &instance, task).contains(&to) {
                return Err(CaseError::NotPossible { why: banhao_bpmn::Why::NotATarget });
            }
            needs_reason(&reason)?;
            state(tx, &mut case, &principal, Operation::Jump, &row.element, vec![to.clone()], &reason).await?;
            flow::command(tx, &mut case, &Command::Jump { task, to }, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}
