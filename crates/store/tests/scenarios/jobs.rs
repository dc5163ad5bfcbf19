//! Jobs and timers: done once, by whoever comes first; they survive, wait, can be taken back and fail visibly.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use banhao_store::{
    JobError, NewJob, Runner, Store, StoreError, facts, jobs,
    trouble::{self, Trouble, TroubledJob, Which},
};
use banhao_testbed::{Bed, both_databases};
use serde_json::json;
use uuid::Uuid;

use crate::{fact, state, subject};

pub(crate) async fn failed(store: &Store) -> Vec<TroubledJob> {
    let which = Which { trouble: Some(Trouble::Failed), ..Which::default() };
    trouble::jobs_in_trouble(store, &which, 10).await.unwrap()
}

pub(crate) async fn leave(store: &Store, kind: &'static str, subject: Uuid, count: i64) {
    store
        .write(move |tx| {
            Box::pin(async move {
                for n in 0..count {
                    tx.enqueue(NewJob { kind, subject, run_at: None, payload: json!(n) });
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
}

both_databases!(&[], a_job_is_done_once_by_many_runners, |bed: Bed| async move {
    let (subject, other) = (subject(&bed), bed.again().await);
    bed.store
        .write(move |tx| {
            Box::pin(async move {
                for n in 0..40 {
                    tx.enqueue(NewJob { kind: "count", subject, run_at: None, payload: serde_json::json!(n) });
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let tries = Arc::new(AtomicUsize::new(0));
    let runner = |store: Store| {
        let tries = Arc::clone(&tries);
        Runner::new(store).on("count", move |store, job| {
            let tries = Arc::clone(&tries);
            async move {
                tries.fetch_add(1, Ordering::Relaxed);
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            let n = job.payload.as_i64().unwrap();
                            tx.state(fact(job.subject, n));
                            tx.finish(&job).await
                        })
                    })
                    .await
                    .map_err(JobError::from_error)
            }
        })
    };
    let runners = [runner(bed.store.clone()), runner(bed.store.clone()), runner(other.clone()), runner(other)];
    let [a, b, c, d] = &runners;
    let (a, b, c, d) = tokio::join!(a.run_due(), b.run_due(), c.run_due(), d.run_due());
    for done in [a, b, c, d] {
        done.unwrap();
    }
    let mut done: Vec<i64> =
        facts::of(bed.store.read(), subject).await.unwrap().iter().map(|fact| fact.body["n"].as_i64().unwrap()).collect();
    done.sort_unstable();
    assert_eq!(done, (0..40).collect::<Vec<i64>>());
    assert_eq!(tries.load(Ordering::Relaxed), 40);
});

both_databases!(&[], timers_wait_survive_and_can_be_taken_back, |bed: Bed| async move {
    let (subject, noon) = (subject(&bed), bed.store.now() + Duration::from_secs(3 * 3600));
    bed.store
        .write(move |tx| {
            Box::pin(async move {
                tx.enqueue(NewJob { kind: "ring", subject, run_at: Some(noon), payload: serde_json::json!(1) });
                tx.enqueue(NewJob { kind: "never", subject, run_at: Some(noon), payload: serde_json::json!(2) });
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let again = bed.again().await;
    let taken_back = again.write(move |tx| Box::pin(async move { tx.cancel_jobs(subject, "never").await })).await.unwrap();
    assert_eq!(taken_back, 1);
    let runner = Runner::new(again)
        .on("ring", |store, job| async move { state(&store, job.subject, 7).await.map(|_| ()).map_err(JobError::from_error) });
    assert!(!runner.run_due().await.unwrap());
    bed.clock.advance(Duration::from_secs(3 * 3600));
    assert!(runner.run_due().await.unwrap());
    assert!(!runner.run_due().await.unwrap());
    assert_eq!(facts::of(bed.store.read(), subject).await.unwrap().len(), 1);
});

both_databases!(&[], a_failing_job_is_tried_again_and_then_put_aside, |bed: Bed| async move {
    let subject = subject(&bed);
    bed.store
        .write(move |tx| {
            Box::pin(async move {
                tx.enqueue(NewJob { kind: "fail", subject, run_at: None, payload: serde_json::Value::Null });
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let runner = Runner::new(bed.store.clone()).on("fail", |_, _| async { Err(JobError::new("no paper in the printer")) });
    let mut tries = 0;
    while failed(&bed.store).await.is_empty() {
        assert!(runner.run_due().await.unwrap());
        bed.clock.advance(Duration::from_secs(10_000));
        tries += 1;
        assert!(tries < 50);
    }
    let failed = failed(&bed.store).await;
    assert_eq!((failed[0].detail.as_str(), failed[0].attempts), ("no paper in the printer", 12));
    assert!(!runner.run_due().await.unwrap());
    // Somebody puts paper in and says so.
    let id = failed[0].id;
    bed.store.write(move |tx| Box::pin(async move { tx.let_try_again(&[id]).await })).await.unwrap();
    let mended = Runner::new(bed.store.clone()).on("fail", |_, _| async { Ok(()) });
    assert!(mended.run_due().await.unwrap());
    assert_eq!(jobs::waiting(&bed.store).await.unwrap(), 0);
});

both_databases!(&[], a_job_that_panics_fails_like_any_other, |bed: Bed| async move {
    leave(&bed.store, "panic", subject(&bed), 1).await;
    let runner = Runner::new(bed.store.clone()).on("panic", |_, job| async move {
        assert!(job.payload.is_string(), "on purpose");
        Ok(())
    });
    for _ in 0..12 {
        assert!(runner.run_due().await.unwrap());
        bed.clock.advance(Duration::from_secs(10_000));
    }
    let failed = failed(&bed.store).await;
    assert_eq!((failed[0].detail.as_str(), failed[0].code.as_str()), ("broke off: on purpose", "store-job-broke-off"));
});

both_databases!(&[], a_long_job_holds_nobody_up, |bed: Bed| async move {
    let (subject, other) = (subject(&bed), bed.again().await);
    leave(&bed.store, "long", subject, 1).await;
    bed.clock.advance(Duration::from_secs(1));
    leave(&bed.store, "short", subject, 6).await;
    let (open, gate) = tokio::sync::watch::channel(false);
    let done = Arc::new(AtomicUsize::new(0));
    let runner = |store: Store| {
        let (gate, done) = (gate.clone(), Arc::clone(&done));
        Runner::new(store)
            .on("long", move |_, _| {
                let mut gate = gate.clone();
                async move {
                    gate.wait_for(|open| *open).await.map_err(JobError::from_error)?;
                    Ok(())
                }
            })
            .on("short", move |_, _| {
                let done = Arc::clone(&done);
                async move {
                    done.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                }
            })
            .at_once(2)
    };
    let (first, second) = (runner(bed.store.clone()).start(), runner(other).start());
    while jobs::waiting(&bed.store).await.unwrap() > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(done.load(Ordering::Relaxed), 6);
    open.send_replace(true);
    first.stop().await;
    second.stop().await;
    assert_eq!(jobs::waiting(&bed.store).await.unwrap(), 0);
});

both_databases!(&[], shutting_down_lets_a_job_in_hand_end, |bed: Bed| async move {
    let subject = subject(&bed);
    leave(&bed.store, "slow", subject, 1).await;
    let (begun, mut begins) = tokio::sync::watch::channel(false);
    let running = Runner::new(bed.store.clone())
        .on("slow", move |store, job| {
            let begun = begun.clone();
            async move {
                begun.send_replace(true);
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                state(&store, job.subject, 1).await.map(|_| ()).map_err(JobError::from_error)
            }
        })
        .start();
    begins.wait_for(|begun| *begun).await.unwrap();
    bed.store.shutdown().await;
    let again = bed.again().await;
    assert_eq!(facts::of(again.read(), subject).await.unwrap().len(), 1);
    assert_eq!(jobs::waiting(&again).await.unwrap(), 0);
    running.stop().await;
});
