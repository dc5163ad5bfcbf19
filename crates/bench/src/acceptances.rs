//! Whole commands of staff: acceptances of the cases that were submitted before.

use std::{sync::Arc, time::Instant};

use banhao_cases::CaseContext;
use banhao_catalogue::{Catalogue, model::Post};
use banhao_identity::Principal;
use banhao_kernel::{clock::SystemClock, entropy::OsEntropy, ids::CaseId};
use banhao_store::{Store, StoreConfig};
use tokio::{sync::Mutex, task::JoinSet};
use uuid::Uuid;

use crate::{CLIENTS, Outcome};

/// Acceptances per second of received cases.
pub async fn measure(config: StoreConfig, cases: Vec<Uuid>) -> Outcome<f64> {
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(OsEntropy)).await?;
    let rate = accept_all(&store, cases).await?;
    store.shutdown().await;
    Ok(rate)
}

/// Whole commands of staff: policies, facts, paper ordered, process step, timers.
async fn accept_all(store: &Store, cases: Vec<Uuid>) -> Outcome<f64> {
    let ctx = CaseContext::new(store.clone(), Arc::new(Catalogue::new()));
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
