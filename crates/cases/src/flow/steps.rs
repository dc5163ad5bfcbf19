//! What a step of the process led to, written down: tasks opened, done, withdrawn; papers ordered; timers set; facts stated.

use std::collections::BTreeSet;

use banhao_bpmn::{Command, Event, Gone, Instance, Node, NodeKind, Stand, TaskRef};
use banhao_identity::Principal;
use banhao_kernel::{
    Date,
    ids::{StaffId, TaskId},
};
use banhao_store::{Moment, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use super::{CANCELLED, DECIDE, DONE, INSPECT, MAKE, OPEN, REMIND, REVIEW, WAITING, act, waiting};
use crate::{
    clock::{Period, legal_clock},
    entities::task,
    error::CaseError,
    facts::CaseFact,
    loaded::LoadedCase,
    model::CaseStatus,
    papers,
};

/// Writes down what happened, and goes on through the steps that the platform does at once.
pub(super) async fn write(
    tx: &mut Tx,
    case: &mut LoadedCase,
    instance: &mut Instance,
    mut events: Vec<Event>,
    principal: &Principal,
) -> Result<(), CaseError> {
    loop {
        once(tx, case, instance, &events, principal).await?;
        let Some((task, element)) = next_own(case, instance) else { return Ok(()) };
        remind(tx, case).await?;
        case.record(tx, CaseFact::Reminded { step: element }, &Principal::System);
        events = act(tx, case, instance, &Command::Complete { task, variables: json!({}) })?;
    }
}

/// A step that the platform does at once.
fn next_own(case: &LoadedCase, instance: &Instance) -> Option<(TaskRef, String)> {
    let is_own = |element: &str| {
        let node = case.course.process.node(element);
        node.is_some_and(|node| node.kind() == NodeKind::ServiceTask && node.attribute("banhao:act") == Some(REMIND))
    };
    instance.open_tasks().find(|(_, element)| is_own(element)).map(|(task, element)| (task, element.to_owned()))
}

/// 提醒: everybody who has an open step of the case sees that it is urgent.
pub(crate) async fn remind(tx: &Tx, case: &LoadedCase) -> Result<(), CaseError> {
    task::Entity::update_many()
        .col_expr(task::Column::Urged, Expr::col(task::Column::Urged).add(1))
        .filter(task::Column::CaseId.eq(case.row.id))
        .filter(task::Column::State.is_in([OPEN, WAITING]))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn set_state(tx: &Tx, case: &LoadedCase, tokens: &BTreeSet<String>, state: &str) -> Result<(), CaseError> {
    if tokens.is_empty() {
        return Ok(());
    }
    task::Entity::update_many()
        .col_expr(task::Column::State, Expr::value(state))
        .filter(task::Column::CaseId.eq(case.row.id))
        .filter(task::Column::State.is_in([OPEN, WAITING]))
        .filter(task::Column::Token.is_in(tokens.iter().cloned()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn once(tx: &mut Tx, case: &mut LoadedCase, instance: &Instance, events: &[Event], principal: &Principal) -> Result<(), CaseError> {
    let (mut gone, mut over, mut paused, mut back) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut placed = Vec::new();
    for event in events {
        match event {
            Event::Placed { task, .. } => placed.push(*task),
            Event::Gone { task, how: Gone::Done, .. } => {
                over.insert(task.to_string());
            }
            Event::Gone { task, .. } => {
                gone.insert(task.to_string());
            }
            Event::Merged { tokens, joined: false, .. } => gone.extend(tokens.iter().map(ToString::to_string)),
            Event::Turned { task, stand } if *stand == Stand::Task => {
                paused.remove(&task.to_string());
                back.insert(task.to_string());
            }
            Event::Turned { task, .. } => {
                back.remove(&task.to_string());
                paused.insert(task.to_string());
            }
            // Signers come first: the step itself waits.
            Event::FrameOpened { frame, .. } => {
                let mut pausing = instance.tokens().filter(|(_, token)| token.stand == Stand::Paused && token.inner == Some(*frame));
                paused.extend(pausing.next().map(|(task, _)| task.to_string()));
            }
            Event::Held { task, holders } => held(tx, case, *task, holders).await?,
            Event::MessageSent { message, .. } => {
                case.record(tx, CaseFact::MessageSent { message: message.clone() }, principal);
                waiting::send(tx, case, waiting::MESSAGE_JOB, message);
            }
            Event::Signalled { signal } => waiting::send(tx, case, waiting::SIGNAL_JOB, signal),
            Event::Failed { code } => {
                let code = code.as_deref().unwrap_or("-");
                return Err(CaseError::Process(format!("process-error-uncaught: {code}")));
            }
            _ => {}
        }
    }
    set_state(tx, case, &gone, CANCELLED).await?;
    set_state(tx, case, &over, DONE).await?;
    set_state(tx, case, &paused, WAITING).await?;
    set_state(tx, case, &back, OPEN).await?;
    let armed = |event: &Event| {
        matches!(event, Event::Armed { .. } | Event::Disarmed { .. } | Event::Happened { .. } | Event::Finished | Event::Terminated)
    };
    if events.iter().any(armed) {
        waiting::mirror(tx, case, instance).await?;
    }
    open(tx, case, instance, &placed, principal).await
}

/// Who holds a step now: the owner, and those it was delegated to; the last has it.
async fn held(tx: &Tx, case: &LoadedCase, task: TaskRef, holders: &[String]) -> Result<(), CaseError> {
    let staff = |holder: Option<&String>| holder.and_then(|id| id.parse::<StaffId>().ok()).map(StaffId::as_uuid);
    let owner = if holders.len() > 1 { staff(holders.get(holders.len() - 2)) } else { None };
    task::Entity::update_many()
        .col_expr(task::Column::Assignee, Expr::value(staff(holders.last())))
        .col_expr(task::Column::Owner, Expr::value(owner))
        .filter(task::Column::CaseId.eq(case.row.id))
        .filter(task::Column::Token.eq(task.to_string()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Whose signature an instance of a signing step is: of a member of staff, or of an organisation.
fn signer(item: &Value) -> Option<String> {
    item.as_str().map(ToOwned::to_owned)
}

/// What a step's act is called.
pub(super) fn act_of(node: &Node) -> &str {
    node.attribute("banhao:act").unwrap_or(REVIEW)
}

/// The organisation whose step it is, and the hall whose clerks may do it too.
pub(super) fn whose(case: &LoadedCase, node: &Node, signer: Option<&str>) -> (String, Option<String>) {
    let person = signer.and_then(|id| id.parse::<StaffId>().ok());
    let organisation = match (signer, person, node.attribute("banhao:organisation")) {
        (Some(organisation), None, _) | (_, _, Some(organisation)) => organisation.to_owned(),
        _ => case.row.organisation.clone(),
    };
    // A hall's clerks act for the competent organisation only.
    let hall = if organisation == case.row.organisation && signer.is_none() { case.row.hall.clone() } else { None };
    (organisation, hall)
}

fn new_row(tx: &Tx, case: &LoadedCase, node: &Node, task: TaskRef, item: &Value, due: Date) -> task::ActiveModel {
    let signer = signer(item);
    let person = signer.as_deref().and_then(|id| id.parse::<StaffId>().ok());
    let (organisation, hall) = whose(case, node, signer.as_deref());
    task::ActiveModel {
        id: Set(TaskId::generate(tx.clock(), tx.entropy()).as_uuid()),
        case_id: Set(case.row.id),
        element: Set(node.id().to_owned()),
        token: Set(task.to_string()),
        name: Set(node.name().unwrap_or_default().to_owned()),
        act: Set(act_of(node).to_owned()),
        post: Set(node.attribute("banhao:post").unwrap_or_default().to_owned()),
        organisation: Set(organisation),
        hall: Set(hall),
        opened_at: Set(Moment::from(tx.now())),
        due_on: Set(due.to_string()),
        assignee: Set(person.map(StaffId::as_uuid)),
        done_at: Set(None),
        done_by: Set(None),
        state: Set(OPEN.to_owned()),
        urged: Set(0),
        owner: Set(None),
        signer: Set(signer),
    }
}

async fn open(tx: &mut Tx, case: &mut LoadedCase, instance: &Instance, placed: &[TaskRef], principal: &Principal) -> Result<(), CaseError> {
    let course = std::sync::Arc::clone(&case.course);
    let mut opened = Vec::new();
    for task in placed {
        let Some(token) = instance.token(*task) else { continue };
        let Some(node) = course.process.node(&token.at) else { continue };
        if !matches!(token.stand, Stand::Task | Stand::Paused) || !node.kind().is_task() {
            continue;
        }
        match act_of(node) {
            MAKE => {
                papers::order_result(tx, case).await?;
            }
            REMIND => {}
            _ => opened.push((*task, node, token.item.clone())),
        }
    }
    decision_awaited(tx, case, instance, principal);
    if opened.is_empty() {
        return Ok(());
    }
    let due = due(tx, case)?;
    let mut rows = Vec::with_capacity(opened.len());
    let mut organisations = Vec::with_capacity(opened.len());
    for (task, node, item) in opened {
        let row = new_row(tx, case, node, task, &item, step_due(tx, case, node, due));
        if let Set(organisation) = &row.organisation {
            organisations.push(organisation.clone());
        }
        rows.push(row);
    }
    ask_joint(tx, case, organisations.into_iter(), principal);
    task::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Other organisations that have a step now and had none before take part from now on (联办).
pub(super) fn ask_joint(tx: &mut Tx, case: &mut LoadedCase, organisations: impl Iterator<Item = String>, principal: &Principal) {
    let is_new = |key: &String| *key != case.row.organisation && !case.state.joint.contains(key);
    let joint: BTreeSet<String> = organisations.filter(is_new).collect();
    if !joint.is_empty() {
        case.record(tx, CaseFact::JointAsked { organisations: joint.into_iter().collect() }, principal);
    }
}

/// All reviews are done and only the decision is open.
fn decision_awaited(tx: &mut Tx, case: &mut LoadedCase, instance: &Instance, principal: &Principal) {
    if case.state.status != CaseStatus::Reviewing {
        return;
    }
    let course = std::sync::Arc::clone(&case.course);
    let acts = instance.open_tasks().filter_map(|(_, element)| course.process.node(element)?.attribute("banhao:act"));
    let (mut decide, mut others) = (false, false);
    for act in acts {
        match act {
            DECIDE => decide = true,
            REVIEW | INSPECT => others = true,
            _ => {}
        }
    }
    if decide && !others {
        case.record(tx, CaseFact::DecisionAwaited, principal);
    }
}

/// The legal last day that is next.
fn due(tx: &Tx, case: &LoadedCase) -> Result<Date, CaseError> {
    let clock = legal_clock(&case.terms(), &case.state, &case.snapshot.calendar)?;
    let due = [Period::Acceptance, Period::Promised, Period::Statutory, Period::Delivery].into_iter().find_map(|period| clock.due(period));
    Ok(due.unwrap_or_else(|| LoadedCase::today(tx)))
}

/// A step's own last day (`banhao:days`), when it is before the legal one. In a year without calendar the legal one stands.
fn step_due(tx: &Tx, case: &LoadedCase, node: &Node, legal: Date) -> Date {
    let days = node.attribute("banhao:days").and_then(|days| days.parse::<u32>().ok());
    let own = days.and_then(|days| case.snapshot.calendar.add_working_days(LoadedCase::today(tx), days).ok());
    own.map_or(legal, |own| own.min(legal))
}
