//! 退回 and 撤回.

use banhao_bpmn::{Command, Returning, Target};
use banhao_identity::{CaseAct, Principal};
use banhao_kernel::ids::TaskId;

use super::{load, mine, needs_reason, state};
use crate::{
    context::CaseContext,
    error::CaseError,
    facts::Operation,
    flow::{self, DONE},
    rules::office as rules,
};

/// 退回: returns a step to one that was done before. `straight` lets it come straight back when that one is done again.
///
/// # Errors
/// A target that the engine, the law or the definition does not allow; no reason; the policies.
pub async fn return_step(
    ctx: &CaseContext,
    principal: &Principal,
    step: TaskId,
    to: &str,
    straight: bool,
    reason: &str,
) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, to, reason) = (principal.clone(), to.to_owned(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = mine(tx, snapshot, &principal, step, Operation::Return, CaseAct::ReturnStep).await?;
            let (mut case, row) = (there.case, there.row);
            rules::under_review(&case.state, Operation::Return)?;
            needs_reason(&reason)?;
            let task = flow::token(&row)?;
            let instance = flow::instance(tx, &case).await?;
            let straight = case.course.process.node(&row.element).and_then(rules::return_then).unwrap_or(straight);
            let targets = rules::returns(&case.course.process, &instance, task);
            match targets.iter().find(|(id, _)| *id == to) {
                None if to.is_empty() => return Err(CaseError::Empty { what: "to" }),
                None => return Err(CaseError::NotPossible { why: banhao_bpmn::Why::NotATarget }),
                Some((_, false)) if straight => return Err(CaseError::NotPossible { why: banhao_bpmn::Why::NotStraight }),
                Some(_) => {}
            }
            state(tx, &mut case, &principal, Operation::Return, &row.element, vec![to.clone()], &reason).await?;
            let then = if straight { Returning::Straight } else { Returning::StepByStep };
            flow::command(tx, &mut case, &Command::Return { task, to: Target::Step(to), then }, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// 撤回: who did a step takes it back, as long as nobody has begun with what came after.
///
/// # Errors
/// Somebody else's step, one with a legal effect, one that is followed by work already; no reason; the policies.
pub async fn take_back(ctx: &CaseContext, principal: &Principal, step: TaskId, reason: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, reason) = (principal.clone(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = load(tx, snapshot, &principal, step).await?;
            there.case.permit(&principal, CaseAct::TakeBack)?;
            there.allowed(Operation::TakeBack)?;
            let (mut case, row) = (there.case, there.row);
            rules::under_review(&case.state, Operation::TakeBack)?;
            if row.state != DONE || row.done_by != Some(there.staff.id.as_uuid()) {
                return Err(CaseError::NotPossible { why: banhao_bpmn::Why::None });
            }
            if !rules::is_movable(&row.act) || row.act == flow::DECIDE {
                return Err(CaseError::NotAllowed { operation: Operation::TakeBack.as_str() });
            }
            needs_reason(&reason)?;
            state(tx, &mut case, &principal, Operation::TakeBack, &row.element, Vec::new(), &reason).await?;
            flow::command(tx, &mut case, &Command::TakeBack { task: flow::token(&row)? }, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}
