//! 转办, 委派 and 反馈: who works on a step.

use banhao_bpmn::Command;
use banhao_identity::{CaseAct, Principal};
use banhao_kernel::ids::{StaffId, TaskId};
use serde_json::json;

use super::{load, mine, needs_reason, state};
use crate::{
    commands::task::act_of,
    context::CaseContext,
    error::CaseError,
    facts::Operation,
    flow::{self, OPEN},
    rules::require_text,
};

/// 转办: somebody else of the same organisation, who may do the step, has it from now on. Its decider may take it out of anybody's hands.
///
/// # Errors
/// Somebody who may not do the step; no reason; the policies.
pub async fn hand_over(ctx: &CaseContext, principal: &Principal, step: TaskId, to: StaffId, reason: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, reason) = (principal.clone(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = load(tx, snapshot, &principal, step).await?;
            there.case.permit(&principal, CaseAct::HandOver)?;
            there.allowed(Operation::HandOver)?;
            let leads = there.case.permit(&principal, CaseAct::Suspend).is_ok() && there.row.organisation == there.staff.organisation;
            if leads {
                there.open()?;
            } else {
                there.case.permit(&principal, act_of(&there.row))?;
                there.in_my_hands()?;
            }
            if there.row.owner.is_some() {
                return Err(CaseError::Delegated);
            }
            there.candidate(tx, to, act_of(&there.row)).await?;
            needs_reason(&reason)?;
            let (mut case, row) = (there.case, there.row);
            state(tx, &mut case, &principal, Operation::HandOver, &row.element, vec![to.to_string()], &reason).await?;
            let order = Command::HandOver { task: flow::token(&row)?, to: to.to_string() };
            flow::command(tx, &mut case, &order, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// 委派: a colleague works on the step and reports; who delegated it completes it.
///
/// # Errors
/// Somebody who may not see the case; no reason; the policies.
pub async fn delegate(ctx: &CaseContext, principal: &Principal, step: TaskId, to: StaffId, reason: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, reason) = (principal.clone(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = mine(tx, snapshot, &principal, step, Operation::Delegate, CaseAct::Delegate).await?;
            there.candidate(tx, to, CaseAct::View).await?;
            needs_reason(&reason)?;
            let (mut case, row, staff) = (there.case, there.row, there.staff);
            state(tx, &mut case, &principal, Operation::Delegate, &row.element, vec![to.to_string()], &reason).await?;
            let order = Command::Delegate { task: flow::token(&row)?, owner: staff.id.to_string(), to: to.to_string() };
            flow::command(tx, &mut case, &order, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// 反馈: the report of the one the step was delegated to; it is the owner's again.
///
/// # Errors
/// The step is not delegated to this person; an empty report; the policies.
pub async fn report(ctx: &CaseContext, principal: &Principal, step: TaskId, text: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, text) = (principal.clone(), text.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = load(tx, snapshot, &principal, step).await?;
            there.case.permit(&principal, CaseAct::View)?;
            let (mut case, row) = (there.case, there.row);
            if row.state != OPEN || row.assignee != Some(there.staff.id.as_uuid()) || row.owner.is_none() {
                return Err(CaseError::Changed);
            }
            require_text("report", &text)?;
            let owner = row.owner.map(StaffId::from_uuid).into_iter().map(|owner| owner.to_string()).collect();
            state(tx, &mut case, &principal, Operation::Report, &row.element, owner, &text).await?;
            let order = Command::Resolve { task: flow::token(&row)?, variables: json!({}) };
            flow::command(tx, &mut case, &order, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}
