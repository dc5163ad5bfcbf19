//! The case on its process: the engine decides what comes next, this file writes it down as tasks and orders. One step of the
//! process is part of the command's transaction.

use std::sync::LazyLock;

use banhao_bpmn::{Instance, RunError, Step, TaskRef};
use banhao_catalogue::{FlowConditions, forms};
use banhao_identity::Principal;
use banhao_kernel::ids::TaskId;
use banhao_store::{Moment, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value};

use crate::{
    clock::{Period, legal_clock},
    entities::{process, task},
    error::CaseError,
    facts::CaseFact,
    loaded::LoadedCase,
    model::CaseStatus,
    papers,
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
/// 出件、送达.
pub const DELIVER: &str = "deliver";

pub(crate) const OPEN: &str = "open";
pub(crate) const DONE: &str = "done";
const CANCELLED: &str = "cancelled";

fn fault(error: &RunError) -> CaseError {
    CaseError::Process(format!("{}: {error}", error.code()))
}

/// Conditions of all processes; each text is prepared once.
static CONDITIONS: LazyLock<FlowConditions> = LazyLock::new(FlowConditions::new);

/// Puts a freshly received case on its process.
pub(crate) async fn begin(tx: &mut Tx, case: &mut LoadedCase, principal: &Principal) -> Result<(), CaseError> {
    let answers = open_answers(tx.vault(), &case.row.answers)?;
    let step = banhao_bpmn::start(&case.version.process, &forms::process_variables(&case.version.form, &answers), &*CONDITIONS)
        .map_err(|error| fault(&error))?;
    process::Entity::insert(process::ActiveModel { case_id: Set(case.row.id), state: Set(serde_json::to_value(&step.instance)?) })
        .exec_without_returning(tx.conn())
        .await?;
    write_step(tx, case, &step, principal).await
}

async fn instance(tx: &Tx, case: &LoadedCase) -> Result<Instance, CaseError> {
    let row = process::Entity::find_by_id(case.row.id).one(tx.conn()).await?;
    let row = row.ok_or_else(|| CaseError::Damaged("a case without process".to_owned()))?;
    Ok(serde_json::from_value(row.state)?)
}

async fn keep(tx: &Tx, case: &LoadedCase, instance: &Instance) -> Result<(), CaseError> {
    process::Entity::update_many()
        .col_expr(process::Column::State, sea_orm::sea_query::Expr::value(serde_json::to_value(instance)?))
        .filter(process::Column::CaseId.eq(case.row.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The open step of a case where an act is to be done; `element` picks one of several.
pub(crate) async fn open_task(tx: &Tx, case: &LoadedCase, acts: &[&str], element: Option<&str>) -> Result<task::Model, CaseError> {
    let mut find = task::Entity::find()
        .filter(task::Column::CaseId.eq(case.row.id))
        .filter(task::Column::State.eq(OPEN))
        .filter(task::Column::Act.is_in(acts.iter().copied()));
    if let Some(element) = element {
        find = find.filter(task::Column::Element.eq(element));
    }
    find.order_by_asc(task::Column::OpenedAt)
        .one(tx.conn())
        .await?
        .ok_or(CaseError::WrongState { act: "act-on-step", status: case.state.status.as_str() })
}

/// Ends a step with what it decided, and writes down what comes next.
pub(crate) async fn complete(
    tx: &mut Tx,
    case: &mut LoadedCase,
    done: &task::Model,
    decided: Value,
    principal: &Principal,
) -> Result<(), CaseError> {
    let before = instance(tx, case).await?;
    let token: TaskRef = done.token.parse().map_err(|_| CaseError::Damaged("task token".to_owned()))?;
    let step = banhao_bpmn::complete(&case.version.process, &before, token, &decided, &*CONDITIONS).map_err(|error| fault(&error))?;
    keep(tx, case, &step.instance).await?;
    let changed = task::Entity::update_many()
        .col_expr(task::Column::State, sea_orm::sea_query::Expr::value(DONE))
        .col_expr(task::Column::DoneAt, sea_orm::sea_query::Expr::value(Moment::from(tx.now())))
        .col_expr(task::Column::DoneBy, sea_orm::sea_query::Expr::value(principal.staff().map(|staff| staff.id.as_uuid())))
        .filter(task::Column::Id.eq(done.id))
        .filter(task::Column::State.eq(OPEN))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(CaseError::Changed);
    }
    write_step(tx, case, &step, principal).await
}

/// Reports the platform's own step (制证) done.
pub(crate) async fn complete_service(tx: &mut Tx, case: &mut LoadedCase, principal: &Principal) -> Result<(), CaseError> {
    let before = instance(tx, case).await?;
    let service = before
        .open_tasks()
        .find(|(_, element)| case.version.process.node(element).and_then(|node| node.attribute("banhao:act")) == Some(MAKE))
        .map(|(token, _)| token);
    let Some(token) = service else { return Ok(()) };
    let step = banhao_bpmn::complete(&case.version.process, &before, token, &Value::Object(Map::new()), &*CONDITIONS)
        .map_err(|error| fault(&error))?;
    keep(tx, case, &step.instance).await?;
    write_step(tx, case, &step, principal).await
}

/// Ends the process from outside: withdrawn, lapsed.
pub(crate) async fn terminate(tx: &mut Tx, case: &mut LoadedCase, principal: &Principal) -> Result<(), CaseError> {
    let before = instance(tx, case).await?;
    if before.is_running() {
        let step = banhao_bpmn::terminate(&case.version.process, &before).map_err(|error| fault(&error))?;
        keep(tx, case, &step.instance).await?;
        write_step(tx, case, &step, principal).await?;
    }
    Ok(())
}

async fn write_step(tx: &mut Tx, case: &mut LoadedCase, step: &Step, principal: &Principal) -> Result<(), CaseError> {
    let withdrawn: Vec<String> = step.withdrawn().map(|token| token.to_string()).collect();
    if !withdrawn.is_empty() {
        task::Entity::update_many()
            .col_expr(task::Column::State, sea_orm::sea_query::Expr::value(CANCELLED))
            .filter(task::Column::CaseId.eq(case.row.id))
            .filter(task::Column::Token.is_in(withdrawn))
            .exec(tx.conn())
            .await?;
    }
    let version = std::sync::Arc::clone(&case.version);
    let (mut rows, mut decision_awaited, mut others) = (Vec::new(), false, false);
    for opened in step.opened(&version.process) {
        let act = opened.node.attribute("banhao:act").unwrap_or(REVIEW);
        match act {
            MAKE => {
                papers::order_result(tx, case).await?;
                continue;
            }
            DECIDE => decision_awaited = true,
            REVIEW | INSPECT => others = true,
            _ => {}
        }
        rows.push((
            opened.task.to_string(),
            opened.node.id().to_owned(),
            opened.node.name().unwrap_or_default().to_owned(),
            act.to_owned(),
            opened.node.attribute("banhao:post").unwrap_or_default().to_owned(),
        ));
    }
    if decision_awaited && !others && case.state.status == CaseStatus::Reviewing {
        case.record(tx, CaseFact::DecisionAwaited, principal);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let clock = legal_clock(&case.terms(), &case.state, &case.snapshot.calendar)?;
    let due = [Period::Acceptance, Period::Promised, Period::Statutory, Period::Delivery].into_iter().find_map(|period| clock.due(period));
    let due_on = due.map_or_else(|| LoadedCase::today(tx).to_string(), |day| day.to_string());
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(token, element, name, act, post)| task::ActiveModel {
            id: Set(TaskId::generate(tx.clock(), tx.entropy()).as_uuid()),
            case_id: Set(case.row.id),
            element: Set(element),
            token: Set(token),
            name: Set(name),
            act: Set(act),
            post: Set(post),
            organisation: Set(case.row.organisation.clone()),
            hall: Set(case.row.hall.clone()),
            opened_at: Set(Moment::from(tx.now())),
            due_on: Set(due_on.clone()),
            assignee: Set(None),
            done_at: Set(None),
            done_by: Set(None),
            state: Set(OPEN.to_owned()),
        })
        .collect();
    task::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}
