//! The store on both databases: what is acknowledged is kept, what fails leaves nothing, jobs are done once, tampering is named.
#![expect(clippy::unwrap_used, reason = "tests")]

mod commands;
mod files;
mod jobs;
mod ledger;
mod lines;
mod migrations;
mod runners;
mod trouble;
mod vault;

use banhao_kernel::{actor::Actor, ids::CaseId};
use banhao_store::{NewFact, Store, StoreError};
use banhao_testbed::Bed;
use uuid::Uuid;

fn fact(subject: Uuid, n: i64) -> NewFact {
    NewFact {
        subject_kind: "case",
        subject,
        kind: "case.tested".into(),
        actor: Actor::System,
        body: serde_json::json!({ "n": n, "文": "字" }),
    }
}

async fn state(store: &Store, subject: Uuid, n: i64) -> Result<i64, StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.state(fact(subject, n));
                tx.next_serial("series").await
            })
        })
        .await
}

async fn sql(store: &Store, text: impl Into<String>) -> Result<(), StoreError> {
    use sea_orm::ConnectionTrait;
    let text = text.into();
    store.write(move |tx| Box::pin(async move { tx.conn().execute_unprepared(&text).await.map(|_| ()).map_err(StoreError::from) })).await
}

fn subject(bed: &Bed) -> Uuid {
    CaseId::generate(bed.clock.as_ref(), bed.store.entropy().as_ref()).as_uuid()
}
