//! Office operations (办理操作): what the definition and the law let them do. What they do to the process is the engine's business
//! (docs/process-semantics.md, sections 4 and 7).

use banhao_bpmn::{Command, Instance, Model, Node, TaskRef, jump_targets, return_targets, steps_inside, straight_targets};
use banhao_kernel::{Date, ids::StaffId};
use serde_json::Value;

use super::require;
use crate::{
    error::CaseError,
    facts::Operation,
    flow::{DECIDE, INSPECT, REVIEW},
    model::{CaseState, CaseStatus},
};

/// Acts between acceptance and decision. The others have a paper and a legal effect of their own: no operation undoes them.
const MOVABLE: [&str; 3] = [REVIEW, INSPECT, DECIDE];

/// Whether the definition allows an operation on a step (`banhao:allow`; without it, all).
#[must_use]
pub fn is_allowed(node: &Node, operation: Operation) -> bool {
    let word = match operation {
        Operation::Report => Operation::Delegate.as_str(),
        other => other.as_str(),
    };
    node.attribute("banhao:allow").is_none_or(|allowed| allowed.split_whitespace().any(|there| there == word))
}

/// Whether a step may be moved from and to by 退回, 撤回 and 跳转: it lies between acceptance and decision.
#[must_use]
pub fn is_movable(act: &str) -> bool {
    MOVABLE.contains(&act)
}

fn act(node: &Node) -> &str {
    node.attribute("banhao:act").unwrap_or(REVIEW)
}

/// Moving is possible between acceptance and decision.
///
/// # Errors
/// When the case is not there.
pub fn under_review(state: &CaseState, operation: Operation) -> Result<(), CaseError> {
    require(state, operation.as_str(), &[CaseStatus::Reviewing, CaseStatus::Deciding])
}

/// Steps that a step can be returned to, and whether it can come straight back from each; in the order of the file.
#[must_use]
pub fn returns(model: &Model, instance: &Instance, task: TaskRef) -> Vec<(String, bool)> {
    let Some(from) = instance.token(task).and_then(|token| model.node(&token.at)) else { return Vec::new() };
    if !is_movable(act(from)) {
        return Vec::new();
    }
    let straight = straight_targets(model, instance, task);
    let targets: Vec<String> = return_targets(model, instance, task).into_iter().filter(|id| all_movable(model, instance, id)).collect();
    let previous = banhao_bpmn::previous_step(model, instance, task);
    let named = from.attribute("banhao:return-to").map(|words| words.split_whitespace().collect::<Vec<_>>());
    let is_named = |id: &String| {
        let Some(named) = &named else { return true };
        named.contains(&id.as_str())
            || (named.contains(&"start") && targets.first() == Some(id))
            || (named.contains(&"previous") && previous.as_ref() == Some(id))
    };
    targets.iter().filter(|id| is_named(id)).map(|id| (id.clone(), straight.contains(id))).collect()
}

/// A step between acceptance and decision, or a split with none but such steps in its branches, one of which has been done.
fn all_movable(model: &Model, instance: &Instance, id: &str) -> bool {
    let movable = |id: &str| model.node(id).is_some_and(|node| is_movable(act(node)));
    let is_step = model.node(id).is_some_and(|node| node.kind().is_human());
    let inside = steps_inside(model, id);
    if is_step { movable(id) } else { inside.iter().all(|id| movable(id)) && inside.iter().any(|id| instance.times_done(id) > 0) }
}

/// Whether a returned step is done again step by step or comes straight back, when the definition says so.
#[must_use]
pub fn return_then(node: &Node) -> Option<bool> {
    node.attribute("banhao:return-then").map(|then| then == "straight")
}

/// Steps that an administrator can move a step to, in the order of the file.
#[must_use]
pub fn jumps(model: &Model, instance: &Instance, task: TaskRef) -> Vec<String> {
    let Some(from) = instance.token(task).and_then(|token| model.node(&token.at)) else { return Vec::new() };
    if !is_movable(act(from)) {
        return Vec::new();
    }
    let targets = jump_targets(model, instance, task).into_iter();
    targets.filter(|id| model.node(id).is_some_and(|node| node.kind().is_human() && is_movable(act(node)))).collect()
}

/// Whether the step that was completed as this task can still be taken back.
#[must_use]
pub fn can_take_back(model: &Model, instance: &Instance, task: TaskRef, act: &str) -> bool {
    let unasked = |_: &str, _: &Value| Err(String::new());
    is_movable(act) && act != DECIDE && banhao_bpmn::step(model, instance, &Command::TakeBack { task }, &unasked).is_ok()
}

/// Everybody whose signature is still open or to come in the round of a step.
#[must_use]
pub fn signers_to_come(instance: &Instance, task: TaskRef) -> Vec<String> {
    let Some(token) = instance.token(task) else { return Vec::new() };
    let mut items: Vec<Value> = token.after.clone();
    let inside = |frame: u64| instance.tokens().filter(move |(_, there)| there.frame == frame && !there.item.is_null());
    if token.item.is_null() {
        if let Some(inner) = token.inner {
            items.extend(inside(inner).map(|(_, there)| there.item.clone()));
        }
    } else {
        items.extend(inside(token.frame).map(|(_, there)| there.item.clone()));
        items.extend(instance.to_come(token.frame).cloned());
    }
    items.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

/// Urging once a day is enough for each person.
///
/// # Errors
/// When the case is closed or this person has urged today.
pub fn urge(state: &CaseState, by: Option<StaffId>, today: Date) -> Result<(), CaseError> {
    if state.status == CaseStatus::Closed {
        return Err(CaseError::WrongState { act: Operation::Urge.as_str(), status: state.status.as_str() });
    }
    if state.urged.get(&by) == Some(&today) { Err(CaseError::UrgedToday) } else { Ok(()) }
}
