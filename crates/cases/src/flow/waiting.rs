//! What the process waits for: timers as jobs that run later, messages and signals by name. The engine's armed events are the truth;
//! the rows are a mirror, and a job that finds its event gone does nothing.

use std::collections::BTreeMap;

use banhao_bpmn::{Armed, Command, Instance, Timer, Trigger};
use banhao_catalogue::timers::{Due, is_plain};
use banhao_identity::Principal;
use banhao_kernel::{Timestamp, clock::end_of_day, ids::CaseId};
use banhao_store::{Job, Moment, NewJob, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{CONDITIONS, command};
use crate::{context::CaseContext, entities::waiting, error::CaseError, facts::CaseFact, loaded::LoadedCase};

/// Timer of a process. Payload: `{"armed": …}`.
pub const TIMER_JOB: &str = "case.timer";
/// A message goes from a case to those that wait for it. Payload: [`Told`].
pub const MESSAGE_JOB: &str = "case.message";
/// A signal goes from a case to those that wait for it. Payload: [`Told`].
pub const SIGNAL_JOB: &str = "case.signal";

/// A suspended case is told later.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(3_600);

const TIMER: &str = "timer";
const MESSAGE: &str = "message";
const SIGNAL: &str = "signal";

/// A message or signal under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Its name.
    pub(crate) name: String,
    /// Number of the case that sent it.
    pub(crate) from: String,
    /// The case it goes to; none before those that wait have been looked for.
    pub(crate) to: Option<Uuid>,
}

pub(super) fn send(tx: &mut Tx, case: &LoadedCase, kind: &'static str, name: &str) {
    let told = Told { name: name.to_owned(), from: case.row.number.clone(), to: None };
    tx.enqueue(NewJob { kind, subject: case.row.id, run_at: None, payload: json!(told) });
}

/// Brings the rows in line with the engine's armed events, and sets timers for new ones.
pub(super) async fn mirror(tx: &mut Tx, case: &LoadedCase, instance: &Instance) -> Result<(), CaseError> {
    let there = waiting::Entity::find().filter(waiting::Column::CaseId.eq(case.row.id)).all(tx.conn()).await?;
    let armed: BTreeMap<String, &Armed> = instance.armed().map(|(armed, state)| (armed.to_string(), state)).collect();
    let running = instance.is_running();
    let gone: Vec<String> = there.iter().filter(|row| !running || !armed.contains_key(&row.armed)).map(|row| row.armed.clone()).collect();
    if !gone.is_empty() {
        waiting::Entity::delete_many()
            .filter(waiting::Column::CaseId.eq(case.row.id))
            .filter(waiting::Column::Armed.is_in(gone))
            .exec(tx.conn())
            .await?;
    }
    if !running {
        tx.cancel_jobs(case.row.id, TIMER_JOB).await?;
        return Ok(());
    }
    let mut rows = Vec::new();
    for (armed, state) in armed {
        if there.iter().any(|row| row.armed == armed) {
            continue;
        }
        let Some(row) = row_of(tx, case, instance, armed, state)? else { continue };
        rows.push(waiting::ActiveModel {
            case_id: Set(row.case_id),
            armed: Set(row.armed),
            element: Set(row.element),
            kind: Set(row.kind),
            name: Set(row.name),
            match_key: Set(row.match_key),
            due_at: Set(row.due_at),
            rounds: Set(row.rounds),
        });
    }
    if !rows.is_empty() {
        waiting::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// The row of an armed event, and its timer set; none for what the engine looks at by itself.
fn row_of(tx: &mut Tx, case: &LoadedCase, instance: &Instance, armed: String, state: &Armed) -> Result<Option<waiting::Model>, CaseError> {
    let Some(node) = case.course.process.node(&state.at) else { return Ok(None) };
    let mut row = waiting::Model {
        case_id: case.row.id,
        armed,
        element: state.at.clone(),
        kind: TIMER.to_owned(),
        name: None,
        match_key: state.key.as_ref().map(ToString::to_string),
        due_at: None,
        rounds: None,
    };
    match node.trigger() {
        Some(Trigger::Timer(timer)) => {
            let due = read(instance, timer, node.attribute("banhao:working") == Some("true"))?;
            row.rounds = due.times();
            set(tx, case, &mut row, &due);
        }
        Some(Trigger::Message { name, .. }) => {
            MESSAGE.clone_into(&mut row.kind);
            row.name = Some(name.clone());
        }
        Some(Trigger::Signal { name }) => {
            SIGNAL.clone_into(&mut row.kind);
            row.name = Some(name.clone());
        }
        _ => return Ok(None),
    }
    Ok(Some(row))
}

/// After a move: what is still waited for stands under the names of the new version, and new timers are set. One that runs keeps its
/// time. What became something else waits as that.
pub(super) async fn rename(tx: &mut Tx, case: &LoadedCase, instance: &Instance) -> Result<(), CaseError> {
    let there = waiting::Entity::find().filter(waiting::Column::CaseId.eq(case.row.id)).all(tx.conn()).await?;
    for row in there {
        let state = instance.armed().find(|(armed, _)| armed.to_string() == row.armed).map(|(_, state)| state);
        let node = state.and_then(|state| case.course.process.node(&state.at));
        let Some((state, node)) = state.zip(node) else { continue };
        let (kind, name) = match node.trigger() {
            Some(Trigger::Timer(_)) => (TIMER, None),
            Some(Trigger::Message { name, .. }) => (MESSAGE, Some(name.clone())),
            Some(Trigger::Signal { name }) => (SIGNAL, Some(name.clone())),
            _ => ("", None),
        };
        let find = waiting::Column::CaseId.eq(row.case_id).and(waiting::Column::Armed.eq(row.armed.clone()));
        if kind != row.kind {
            // The mirror puts it there anew.
            waiting::Entity::delete_many().filter(find).exec(tx.conn()).await?;
        } else if state.at != row.element || name != row.name {
            waiting::Entity::update_many()
                .col_expr(waiting::Column::Element, Expr::value(state.at.clone()))
                .col_expr(waiting::Column::Name, Expr::value(name))
                .filter(find)
                .exec(tx.conn())
                .await?;
        }
    }
    mirror(tx, case, instance).await
}

/// What the timer says for this case: a plain text, or what its expression gives.
fn read(instance: &Instance, timer: &Timer, working: bool) -> Result<Due, CaseError> {
    let wrong = |why: String| CaseError::Process(format!("timer `{}`: {why}", timer.expression));
    let text = if is_plain(&timer.expression) {
        timer.expression.clone()
    } else {
        let value = banhao_bpmn::Conditions::value(&*CONDITIONS, &timer.expression, instance.variables()).map_err(wrong)?;
        value.as_str().map(ToOwned::to_owned).ok_or_else(|| wrong("no time".to_owned()))?
    };
    Due::parse(timer.kind, &text, working).map_err(|mistake| wrong(mistake.to_string()))
}

/// Sets the timer of a row. In a year without calendar it is looked at again the next day.
fn set(tx: &mut Tx, case: &LoadedCase, row: &mut waiting::Model, due: &Due) {
    let at = due.from(tx.now(), &case.snapshot.calendar).ok();
    row.due_at = at.map(Moment::from);
    ring(tx, case.row.id, &row.armed, at.unwrap_or_else(|| end_of_day(LoadedCase::today(tx))));
}

fn ring(tx: &mut Tx, case: Uuid, armed: &str, at: Timestamp) {
    tx.enqueue(NewJob { kind: TIMER_JOB, subject: case, run_at: Some(at), payload: json!({ "armed": armed }) });
}

/// Timers that fell due while the case was suspended ring now.
pub(crate) async fn wake_timers(tx: &mut Tx, case: &LoadedCase) -> Result<(), CaseError> {
    let late = waiting::Entity::find()
        .filter(waiting::Column::CaseId.eq(case.row.id))
        .filter(waiting::Column::Kind.eq(TIMER))
        .filter(waiting::Column::DueAt.lte(Moment::from(tx.now())))
        .all(tx.conn())
        .await?;
    let now = tx.now();
    for row in late {
        ring(tx, row.case_id, &row.armed, now);
    }
    Ok(())
}

/// A timer of a process is due.
///
/// # Errors
/// When the store fails or the process cannot go on; the job is tried again.
pub async fn on_timer(ctx: &CaseContext, job: Job) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let armed = job.payload["armed"].as_str().unwrap_or_default().to_owned();
                // The case first, like every command: one that ends it takes its timers back.
                let mut case = LoadedCase::load(tx, snapshot, CaseId::from_uuid(job.subject)).await?;
                tx.finish(&job).await?;
                let row = waiting::Entity::find_by_id((job.subject, armed.clone())).one(tx.conn()).await?;
                let Some(mut row) = row else { return Ok(()) };
                if case.state.suspended {
                    return Ok(()); // Rings again when it is resumed.
                }
                let instance = super::instance(tx, &case).await?;
                let node = case.course.process.node(&row.element);
                let Some((timer, working)) = node.and_then(|node| Some((node.timer()?, node.attribute("banhao:working") == Some("true"))))
                else {
                    return Ok(());
                };
                let due = read(&instance, timer, working)?;
                let Some(at) = row.due_at else {
                    // The calendar of its year was missing.
                    set(tx, &case, &mut row, &due);
                    return update(tx, &row).await;
                };
                if Timestamp::from(at) > tx.now() {
                    return Ok(()); // Set anew since; that one rings.
                }
                row.rounds = row.rounds.map(|rounds| rounds - 1);
                if row.rounds.is_none_or(|rounds| rounds > 0) {
                    set(tx, &case, &mut row, &due);
                    update(tx, &row).await?;
                } else if matches!(due, Due::Every(..)) {
                    // A cycle that has rung its last time stays armed in the engine; nothing rings it any more.
                    row.due_at = Some(Moment::from(Timestamp::MAX));
                    update(tx, &row).await?;
                }
                case.record(tx, CaseFact::TimerFired { event: row.element.clone() }, &Principal::System);
                let event = armed.parse().map_err(|_| CaseError::Damaged("armed event".to_owned()))?;
                command(tx, &mut case, &Command::Fire { event }, &Principal::System).await?;
                case.save(tx).await?;
                Ok(())
            })
        })
        .await
}

async fn update(tx: &Tx, row: &waiting::Model) -> Result<(), CaseError> {
    waiting::Entity::update_many()
        .col_expr(waiting::Column::DueAt, Expr::value(row.due_at))
        .col_expr(waiting::Column::Rounds, Expr::value(row.rounds))
        .filter(waiting::Column::CaseId.eq(row.case_id))
        .filter(waiting::Column::Armed.eq(row.armed.clone()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Cases that wait for this now, except the one that sends it.
pub(crate) async fn waiting_cases(tx: &Tx, signal: bool, told: &Told, sender: Uuid) -> Result<Vec<Uuid>, CaseError> {
    let key = serde_json::Value::String(told.from.clone()).to_string();
    let rows = waiting::Entity::find()
        .filter(waiting::Column::Kind.eq(if signal { SIGNAL } else { MESSAGE }))
        .filter(waiting::Column::Name.eq(told.name.clone()))
        .filter(waiting::Column::CaseId.ne(sender))
        .all(tx.conn())
        .await?;
    let mut cases: Vec<Uuid> =
        rows.into_iter().filter(|row| row.match_key.as_ref().is_none_or(|wanted| *wanted == key)).map(|row| row.case_id).collect();
    cases.sort_unstable();
    cases.dedup();
    Ok(cases)
}

/// A message or signal: first those that wait are looked for, then each is told in a transaction of its own.
///
/// # Errors
/// When the store fails or a process cannot go on; the job is tried again.
pub async fn on_message(ctx: &CaseContext, job: Job, signal: bool) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&job).await?;
                let told: Told = serde_json::from_value(job.payload.clone())?;
                let kind = if signal { SIGNAL_JOB } else { MESSAGE_JOB };
                let Some(to) = told.to else {
                    for to in waiting_cases(tx, signal, &told, job.subject).await? {
                        let payload = json!(Told { to: Some(to), ..told.clone() });
                        tx.enqueue(NewJob { kind, subject: job.subject, run_at: None, payload });
                    }
                    return Ok(());
                };
                let mut case = LoadedCase::load(tx, snapshot, CaseId::from_uuid(to)).await?;
                if case.state.suspended {
                    let again = tx.now().checked_add(AGAIN).ok();
                    tx.enqueue(NewJob { kind, subject: job.subject, run_at: again, payload: json!(told) });
                    return Ok(());
                }
                let principal = Principal::System;
                let order = if signal {
                    Command::Signal { signal: told.name.clone(), variables: json!({}) }
                } else {
                    Command::Message { message: told.name.clone(), key: Some(json!(told.from)), variables: json!({}) }
                };
                match command(tx, &mut case, &order, &principal).await {
                    Ok(()) => {}
                    // It stopped waiting in between.
                    Err(CaseError::NobodyWaits | CaseError::Changed) => return Ok(()),
                    Err(error) => return Err(error),
                }
                case.record(tx, CaseFact::MessageReceived { message: told.name, from: Some(told.from), note_sha256: None }, &principal);
                case.save(tx).await?;
                Ok(())
            })
        })
        .await
}
