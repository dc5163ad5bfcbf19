//! The durable side of processes: user tasks completed on the unit of work, each in a transaction of its own – the state read under lock,
//! the engine's step, state, task rows and fact written – and, beside it, a whole command of staff (acceptance).

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use banhao_bpmn::{Command, Event, Instance, Model, act};
use banhao_cases::CaseContext;
use banhao_catalogue::{Catalogue, model::Post};
use banhao_identity::Principal;
use banhao_kernel::{actor::Actor, clock::SystemClock, entropy::OsEntropy, ids::CaseId};
use banhao_store::{NewFact, Store, StoreConfig, StoreError, Tx};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::{sync::Mutex, task::JoinSet};
use uuid::Uuid;

use crate::{CLIENTS, Outcome};

/// Runs of the process; each has [`STEPS`] user tasks.
const RUNS: usize = 600;
/// User tasks of one run.
const STEPS: usize = 5;

/// Start, five tasks of people, end: seven nodes.
static MODEL: LazyLock<Result<Model, String>> = LazyLock::new(|| {
    let mut nodes = String::from(r#"<startEvent id="start"/><endEvent id="end"/>"#);
    let mut before = "start".to_owned();
    for step in 1..=STEPS {
        nodes += &format!(
            r#"<userTask id="step{step}" name="第{step}步"/><sequenceFlow id="f{step}" sourceRef="{before}" targetRef="step{step}"/>"#
        );
        before = format!("step{step}");
    }
    nodes += &format!(r#"<sequenceFlow id="last" sourceRef="{before}" targetRef="end"/>"#);
    let text = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="approval">{nodes}</process></definitions>"#
    );
    Model::parse(&text).map_err(|problems| format!("{problems:?}"))
});

fn model() -> Result<&'static Model, StoreError> {
    MODEL.as_ref().map_err(|error| StoreError::Damaged(error.clone()))
}

fn unasked(_: &str, _: &Value) -> Result<bool, String> {
    Err("no conditions".to_owned())
}

fn sql(tx: &Tx, text: &str, values: Vec<sea_orm::Value>) -> Statement {
    let backend = tx.conn().get_database_backend();
    let text = if backend == sea_orm::DbBackend::Sqlite { text.replace('$', "?").replace(" FOR UPDATE", "") } else { text.to_owned() };
    Statement::from_sql_and_values(backend, text, values)
}

/// Writes the tasks that a step opened and closed.
async fn tasks(tx: &Tx, run: Uuid, events: &[Event]) -> Result<(), StoreError> {
    for event in events {
        let statement = match event {
            Event::Placed { task, token } => sql(
                tx,
                "INSERT INTO bench_task (run, token, element, state) VALUES ($1, $2, $3, 'open')",
                vec![run.into(), task.to_string().into(), token.at.clone().into()],
            ),
            Event::Gone { task, .. } => {
                sql(tx, "UPDATE bench_task SET state = 'done' WHERE run = $1 AND token = $2", vec![run.into(), task.to_string().into()])
            }
            _ => continue,
        };
        tx.conn().execute_raw(statement).await?;
    }
    Ok(())
}

async fn begin(store: &Store, run: Uuid) -> Outcome {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut instance = Instance::blank();
                let start = Command::Start { at: None, variables: json!({}) };
                let events = act(model()?, &mut instance, &start, &unasked).map_err(|error| StoreError::Damaged(error.to_string()))?;
                let state = serde_json::to_string(&instance).map_err(|error| StoreError::Damaged(error.to_string()))?;
                tx.conn()
                    .execute_raw(sql(tx, "INSERT INTO bench_run (run, state) VALUES ($1, $2)", vec![run.into(), state.into()]))
                    .await?;
                tasks(tx, run, &events).await
            })
        })
        .await?;
    Ok(())
}

/// Completes the open task of a run; gives whether one was open.
async fn complete(store: &Store, run: Uuid) -> Outcome<bool> {
    let done = store
        .write(move |tx| {
            Box::pin(async move {
                let damaged = |error: String| StoreError::Damaged(error);
                let found =
                    tx.conn().query_one_raw(sql(tx, "SELECT state FROM bench_run WHERE run = $1 FOR UPDATE", vec![run.into()])).await?;
                let state: String = found.ok_or_else(|| damaged("no run".to_owned()))?.try_get("", "state")?;
                let mut instance: Instance = serde_json::from_str(&state).map_err(|error| damaged(error.to_string()))?;
                let Some(task) = instance.open_tasks().next().map(|(task, _)| task) else { return Ok(false) };
                let order = Command::Complete { task, variables: json!({}) };
                let events = act(model()?, &mut instance, &order, &unasked).map_err(|error| damaged(error.to_string()))?;
                let state = serde_json::to_string(&instance).map_err(|error| damaged(error.to_string()))?;
                tx.conn().execute_raw(sql(tx, "UPDATE bench_run SET state = $2 WHERE run = $1", vec![run.into(), state.into()])).await?;
                tasks(tx, run, &events).await?;
                let body = json!({ "task": task });
                tx.state(NewFact { subject_kind: "bench", subject: run, kind: "bench.completed".to_owned(), actor: Actor::System, body });
                Ok::<bool, StoreError>(true)
            })
        })
        .await?;
    Ok(done)
}

/// Completions per second of user tasks, and acceptances per second of received cases.
pub async fn measure(config: StoreConfig, cases: Vec<Uuid>) -> Outcome<(f64, f64)> {
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(OsEntropy)).await?;
    store
        .write(|tx| {
            Box::pin(async move {
                for text in [
                    "CREATE TABLE bench_run (run UUID PRIMARY KEY, state TEXT NOT NULL)",
                    "CREATE TABLE bench_task (run UUID NOT NULL, token TEXT NOT NULL, element TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (run, token))",
                ] {
                    tx.conn().execute_unprepared(text).await?;
                }
                Ok::<(), StoreError>(())
            })
        })
        .await?;
    let runs: Vec<Uuid> = (0..RUNS).map(|number| Uuid::from_u128(number as u128 + 1)).collect();
    for run in &runs {
        begin(&store, *run).await?;
    }
    let (queue, mut workers) = (Arc::new(Mutex::new(runs)), JoinSet::new());
    let start = Instant::now();
    for _ in 0..CLIENTS {
        let (store, queue) = (store.clone(), Arc::clone(&queue));
        workers.spawn(async move {
            let mut done = 0;
            loop {
                let Some(run) = queue.lock().await.pop() else { return Outcome::Ok(done) };
                while complete(&store, run).await? {
                    done += 1;
                }
            }
        });
    }
    let mut done = 0;
    while let Some(part) = workers.join_next().await {
        done += part??;
    }
    let steps = crate::number(done) / start.elapsed().as_secs_f64();
    if done != RUNS * STEPS {
        return Err(format!("{done} tasks were completed instead of {}", RUNS * STEPS).into());
    }
    let accepted = accept_all(&store, cases).await?;
    store.shutdown().await;
    Ok((steps, accepted))
}

/// Whole commands of staff: policies, facts, paper ordered, process step, timers.
async fn accept_all(store: &Store, cases: Vec<Uuid>) -> Outcome<f64> {
    let ctx = CaseContext { store: store.clone(), catalogue: Arc::new(Catalogue::new()) };
    let snapshot = ctx.snapshot().await?;
    let mut work = Vec::with_capacity(cases.len());
    for case in cases {
        let file = banhao_cases::queries::file::case_file(&ctx, &Principal::System, CaseId::from_uuid(case)).await?;
        let acceptor = snapshot
            .staff
            .iter()
            .find(|staff| staff.organisation == file.target.organisation && staff.posts.contains(&Post::Acceptor))
            .ok_or("nobody accepts")?;
        let member = banhao_identity::staff_member(store, &acceptor.login).await?.ok_or("no such member of staff")?;
        work.push((Principal::Staff(Box::new(member)), CaseId::from_uuid(case)));
    }
    let (number, queue, mut workers) = (work.len(), Arc::new(Mutex::new(work)), JoinSet::new());
    let start = Instant::now();
    for _ in 0..CLIENTS {
        let (ctx, queue) = (ctx.clone(), Arc::clone(&queue));
        workers.spawn(async move {
            loop {
                let Some((who, case)) = queue.lock().await.pop() else { return Outcome::Ok(()) };
                banhao_cases::accept(&ctx, &who, case).await?;
            }
        });
    }
    while let Some(part) = workers.join_next().await {
        part??;
    }
    Ok(crate::number(number) / start.elapsed().as_secs_f64())
}
