//! The case on its process: the engine decides what comes next, this module writes it down as tasks, timers and orders. One step of the
//! process is part of the command's transaction.

pub(crate) mod moving;
mod steps;
mod tasks;
mod waiting;

use std::sync::{Arc, LazyLock};

use banhao_bpmn::{Command, Event, Instance, RunError, TaskRef};
use banhao_catalogue::{FlowConditions, MatterVersion, forms};
use banhao_decision::Evaluation;
use banhao_identity::Principal;
use banhao_store::Tx;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

pub(crate) use self::{
    steps::remind,
    tasks::my_open_task,
    waiting::{MESSAGE_JOB, SIGNAL_JOB, TIMER_JOB, on_message, on_timer, wake_timers},
};
use crate::{
    entities::{process, task},
    error::CaseError,
    facts::CaseFact,
    loaded::LoadedCase,
    sealed::open_answers,
};

/// Acts of staff on a step.
pub const ACCEPT: &str = "accept";
/// 审查.
pub const REVIEW: &str = "review";
/// 现场核查 and the like: reviewed like any other step.
pub const INSPECT: &str = "inspect";
/// 决定.
pub const DECIDE: &str = "decide";
/// 制证, done by the platform.
pub const MAKE: &str = "make";
/// 提醒, done by the platform.
pub const REMIND: &str = "remind";
/// 出件、送达.
pub const DELIVER: &str = "deliver";

/// A step waits for somebody.
pub(crate) const OPEN: &str = "open";
/// A step waits for added signers.
pub(crate) const WAITING: &str = "waiting";
pub(crate) const DONE: &str = "done";
pub(crate) const CANCELLED: &str = "cancelled";

/// What the engine says, as one of our errors: what somebody can do something about, and faults of the definition.
fn fault(error: &RunError) -> CaseError {
    match error {
        RunError::TaskNotOpen { .. } | RunError::NotArmed { .. } | RunError::Over => CaseError::Changed,
        RunError::Suspended => CaseError::Suspended,
        RunError::Delegated { .. } => CaseError::Delegated,
        RunError::NotPossible { reason, .. } => CaseError::NotPossible { why: *reason },
        RunError::NobodyWaits { .. } => CaseError::NobodyWaits,
        _ => CaseError::Process(format!("{}: {error}", error.code())),
    }
}

/// Conditions of all processes; each text is prepared once.
pub(crate) static CONDITIONS: LazyLock<FlowConditions> = LazyLock::new(FlowConditions::new);

/// Puts a freshly received case on its process.
pub(crate) async fn begin(tx: &mut Tx, case: &mut LoadedCase, principal: &Principal) -> Result<(), CaseError> {
    let answers = open_answers(tx.vault(), &case.row.answers)?;
    let start = Command::Start { at: None, variables: forms::process_variables(&case.version.form, &answers) };
    let mut instance = Instance::blank();
    let events = act(tx, case, &mut instance, &start)?;
    steps::write(tx, case, &mut instance, events, principal).await?;
    process::Entity::insert(process::ActiveModel { case_id: Set(case.row.id), state: Set(serde_json::to_value(&instance)?) })
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Takes a step. Decisions that rule tasks ask on the way are facts: which one, by which rows, what came out; not what they were asked
/// about, which may be personal.
fn act(tx: &mut Tx, case: &mut LoadedCase, instance: &mut Instance, command: &Command) -> Result<Vec<Event>, CaseError> {
    let course = Arc::clone(&case.course);
    let conditions = CONDITIONS.of(&course);
    let events = banhao_bpmn::act(&course.process, instance, command, &conditions).map_err(|error| fault(&error))?;
    record_decisions(tx, case, &course, conditions.into_asked());
    Ok(events)
}

fn record_decisions(tx: &mut Tx, case: &mut LoadedCase, course: &MatterVersion, asked: Vec<(String, Evaluation)>) {
    for (decision, made) in asked {
        let rules = made.tables.iter().find(|table| table.decision == decision).map(|table| table.used.as_slice()).unwrap_or_default();
        let fact = CaseFact::by_rules(&case.row.answers, course.version, &decision, rules, &made.result);
        case.record(tx, fact, &Principal::System);
    }
}

/// Where the process of a case stands.
pub(crate) async fn instance(tx: &Tx, case: &LoadedCase) -> Result<Instance, CaseError> {
    let row = process::Entity::find_by_id(case.row.id).one(tx.conn()).await?;
    let row = row.ok_or_else(|| CaseError::Damaged("a case without process".to_owned()))?;
    Ok(serde_json::from_value(row.state)?)
}

/// Does one thing with the process and writes down what comes of it.
pub(crate) async fn command(tx: &mut Tx, case: &mut LoadedCase, command: &Command, principal: &Principal) -> Result<(), CaseError> {
    let mut instance = instance(tx, case).await?;
    let events = act(tx, case, &mut instance, command)?;
    steps::write(tx, case, &mut instance, events, principal).await?;
    save(tx, case, &instance).await
}

async fn save(tx: &Tx, case: &LoadedCase, instance: &Instance) -> Result<(), CaseError> {
    process::Entity::update_many()
        .col_expr(process::Column::State, sea_orm::sea_query::Expr::value(serde_json::to_value(instance)?))
        .filter(process::Column::CaseId.eq(case.row.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The engine's reference of a step.
pub(crate) fn token(row: &task::Model) -> Result<TaskRef, CaseError> {
    row.token.parse().map_err(|_| CaseError::Damaged("task token".to_owned()))
}

/// Ends a step with what it decided, and writes down what comes next.
pub(crate) async fn complete(
    tx: &mut Tx,
    case: &mut LoadedCase,
    done: &task::Model,
    decided: Value,
    principal: &Principal,
) -> Result<(), CaseError> {
    let complete = Command::Complete { task: token(done)?, variables: decided };
    tasks::note_done_by(tx, done, principal).await?;
    command(tx, case, &complete, principal).await
}

/// Reports the platform's own step (制证) done.
pub(crate) async fn complete_service(tx: &mut Tx, case: &mut LoadedCase, principal: &Principal) -> Result<(), CaseError> {
    let before = instance(tx, case).await?;
    let service = before
        .open_tasks()
        .find(|(_, element)| case.course.process.node(element).and_then(|node| node.attribute("banhao:act")) == Some(MAKE))
        .map(|(token, _)| token);
    let Some(task) = service else { return Ok(()) };
    command(tx, case, &Command::Complete { task, variables: json!({}) }, principal).await
}

/// Ends the process from outside: withdrawn, lapsed, terminated.
pub(crate) async fn terminate(tx: &mut Tx, case: &mut LoadedCase, principal: &Principal) -> Result<(), CaseError> {
    if instance(tx, case).await?.is_running() {
        command(tx, case, &Command::Terminate, principal).await?;
    }
    Ok(())
}
