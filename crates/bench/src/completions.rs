//! The durable side of processes: user tasks completed on the unit of work, each in a transaction of its own: the state read under lock,
//! the engine's step, state, task rows and fact written. Beside it, what the machine gives without us: see `baseline`.

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use banhao_bpmn::{Command, Event, Instance, Model, act};
use banhao_kernel::{actor::Actor, clock::SystemClock, entropy::OsEntropy};
use banhao_store::{NewFact, Store, StoreConfig, StoreError, Tx};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, LockType, Query},
};
use serde_json::{Value, json};
use tokio::{sync::Mutex, task::JoinSet};
use uuid::Uuid;

use crate::{CLIENTS, Outcome};

/// Runs of the process; each has [`STEPS`] user tasks.
const RUNS: usize = 4_000;
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

const TABLES: [&str; 2] = [
    "CREATE TABLE bench_run (run UUID PRIMARY KEY, state TEXT NOT NULL)",
    "CREATE TABLE bench_task (run UUID NOT NULL, token TEXT NOT NULL, element TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (run, token))",
];

fn model() -> Result<&'static Model, StoreError> {
    MODEL.as_ref().map_err(|error| StoreError::Damaged(error.clone()))
}

fn unasked(_: &str, _: &Value) -> Result<bool, String> {
    Err("no conditions".to_owned())
}

/// Writes the tasks that a step opened and closed.
fn tasks(tx: &mut Tx, run: Uuid, events: &[Event]) {
    for event in events {
        match event {
            Event::Placed { task, token } => {
                let columns = ["run", "token", "element", "state"];
                let values = [run.into(), task.to_string().into(), token.at.clone().into(), "open".into()];
                tx.later(Query::insert().into_table("bench_task").columns(columns).values_panic(values).to_owned());
            }
            Event::Gone { task, .. } => {
                let of = Expr::col("run").eq(run).and(Expr::col("token").eq(task.to_string()));
                tx.later(Query::update().table("bench_task").value("state", "done").and_where(of).to_owned());
            }
            _ => {}
        }
    }
}

async fn begin(store: &Store, run: Uuid) -> Outcome {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut instance = Instance::blank();
                let start = Command::Start { at: None, variables: json!({}) };
                let events = act(model()?, &mut instance, &start, &unasked).map_err(|error| StoreError::Damaged(error.to_string()))?;
                let state = serde_json::to_string(&instance).map_err(|error| StoreError::Damaged(error.to_string()))?;
                let values = [run.into(), state.into()];
                tx.later(Query::insert().into_table("bench_run").columns(["run", "state"]).values_panic(values).to_owned());
                tasks(tx, run, &events);
                Ok::<(), StoreError>(())
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
                let mut select = Query::select().column("state").from("bench_run").and_where(Expr::col("run").eq(run)).to_owned();
                let found = tx.conn().query_one(select.lock(LockType::Update)).await?;
                let state: String = found.ok_or_else(|| damaged("no run".to_owned()))?.try_get("", "state")?;
                let mut instance: Instance = serde_json::from_str(&state).map_err(|error| damaged(error.to_string()))?;
                let Some(task) = instance.open_tasks().next().map(|(task, _)| task) else { return Ok(false) };
                let order = Command::Complete { task, variables: json!({}) };
                let events = act(model()?, &mut instance, &order, &unasked).map_err(|error| damaged(error.to_string()))?;
                let state = serde_json::to_string(&instance).map_err(|error| damaged(error.to_string()))?;
                let update = Query::update().table("bench_run").value("state", state).and_where(Expr::col("run").eq(run)).to_owned();
                tx.later(update);
                tasks(tx, run, &events);
                let body = json!({ "task": task });
                tx.state(NewFact { subject_kind: "bench", subject: run, kind: "bench.completed".to_owned(), actor: Actor::System, body });
                Ok::<bool, StoreError>(true)
            })
        })
        .await?;
    Ok(done)
}

/// Completions per second of user tasks.
pub async fn measure(config: StoreConfig) -> Outcome<f64> {
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(OsEntropy)).await?;
    store.migrate(&[]).await?;
    store
        .write(|tx| {
            Box::pin(async move {
                for text in TABLES {
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
    let rate = crate::number(done) / start.elapsed().as_secs_f64();
    if done != RUNS * STEPS {
        return Err(format!("{done} tasks were completed instead of {}", RUNS * STEPS).into());
    }
    store.shutdown().await;
    Ok(rate)
}
