//! The store on both databases: what is acknowledged is kept, what fails leaves nothing, jobs are done once, tampering is named.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use banhao_kernel::{actor::Actor, ids::CaseId};
use banhao_ledger::Finding;
use banhao_store::{
    NewFact, NewJob, Runner, Store, StoreError, facts,
    ledger_log::{Verdict, consistency, latest_checkpoint, receipt, sequence_once, verify_database},
};
use banhao_testbed::{Bed, both_databases};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

fn fact(subject: Uuid, n: i64) -> NewFact {
    NewFact { subject_kind: "case", subject, kind: "case.tested".into(), actor: Actor::System, body: serde_json::json!({ "n": n, "文": "字" }) }
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

fn subject(bed: &Bed) -> Uuid {
    CaseId::generate(bed.clock.as_ref(), bed.store.entropy().as_ref()).as_uuid()
}

both_databases!(&[], a_failing_command_takes_nobody_with_it, |bed: Bed| async move {
    let subject = subject(&bed);
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..60_i64 {
        let store = bed.store.clone();
        waiting.spawn(async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.state(fact(subject, n));
                        let serial = tx.next_serial("series").await?;
                        match n % 3 {
                            0 => Ok::<_, StoreError>(serial),
                            1 => Err(StoreError::EmptyFile),
                            _ => serial.checked_div(0).ok_or(StoreError::Closed),
                        }
                    })
                })
                .await
        });
    }
    let mut serials = Vec::new();
    while let Some(done) = waiting.join_next().await {
        if let Ok(serial) = done.unwrap() {
            serials.push(serial);
        }
    }
    serials.sort_unstable();
    // The series has no gap although two thirds of the commands failed.
    assert_eq!(serials, (1..=20).collect::<Vec<i64>>());
    assert_eq!(facts::of(bed.store.read(), subject).await.unwrap().len(), 20);
});


both_databases!(&[], a_panic_is_an_error_and_leaves_nothing, |bed: Bed| async move {
    let subject = subject(&bed);
    let outcome = bed
        .store
        .write::<(), StoreError, _>(move |tx| {
            Box::pin(async move {
                tx.state(fact(subject, 1));
                let empty: Vec<i64> = Vec::new();
                let index = usize::try_from(tx.now().as_second()).unwrap();
                assert!(empty.get(index).is_some(), "on purpose");
                Ok(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::BrokeOff(_))), "{outcome:?}");
    assert!(facts::of(bed.store.read(), subject).await.unwrap().is_empty());
    state(&bed.store, subject, 2).await.unwrap();
});

both_databases!(&[], a_receipt_proves_and_the_log_only_grows, |bed: Bed| async move {
    let subject = subject(&bed);
    for n in 0..5 {
        state(&bed.store, subject, n).await.unwrap();
    }
    sequence_once(&bed.store).await.unwrap();
    let first = latest_checkpoint(&bed.store).await.unwrap().unwrap();
    for n in 5..13 {
        state(&bed.store, subject, n).await.unwrap();
    }
    sequence_once(&bed.store).await.unwrap();
    let second = latest_checkpoint(&bed.store).await.unwrap().unwrap();
    assert_eq!((first.size, second.size), (5, 13));
    let key = bed.store.ledger_key().verifier();
    let all = facts::of(bed.store.read(), subject).await.unwrap();
    for (n, fact) in all.iter().enumerate() {
        assert_eq!(fact.body["n"], n, "facts come back in the order they were stated");
        let receipt = receipt(&bed.store, fact.id).await.unwrap().unwrap();
        assert_eq!(receipt.verify(&key).unwrap().size, 13);
    }
    let proof = consistency(&bed.store, 5, 13).await.unwrap().unwrap();
    assert!(!proof.is_empty());
    assert_eq!(
        verify_database(&bed.store, &key, |_| {}).await.unwrap(),
        Verdict::Sound { size: 13, checkpoints: 2, unplaced: 0 }
    );
});

both_databases!(&[], tampering_names_the_first_record, |bed: Bed| async move {
    let subject = subject(&bed);
    for n in 0..9 {
        state(&bed.store, subject, n).await.unwrap();
        if n % 4 == 3 {
            sequence_once(&bed.store).await.unwrap();
        }
    }
    sequence_once(&bed.store).await.unwrap();
    let key = bed.store.ledger_key().verifier();
    let all = facts::of(bed.store.read(), subject).await.unwrap();
    let sql = |text: String| {
        let store = bed.store.clone();
        async move { store.write(move |tx| Box::pin(async move { tx.conn().execute_unprepared(&text).await.map(|_| ()).map_err(StoreError::from) })).await.unwrap() }
    };
    let tampered = |finding: Finding, index: usize| (finding, Some(all[index].id.as_uuid()));
    let verdict = || async {
        match verify_database(&bed.store, &key, |_| {}).await.unwrap() {
            Verdict::Tampered { finding, fact, .. } => (finding, fact),
            other => panic!("{other:?}"),
        }
    };
    // Changed: one letter in the actor of place 6.
    sql("UPDATE fact SET actor = 'staff:x' WHERE leaf_index = 6".into()).await;
    assert_eq!(verdict().await, tampered(Finding::Changed { index: 6 }, 6));
    sql("UPDATE fact SET actor = 'system' WHERE leaf_index = 6".into()).await;
    assert!(matches!(verify_database(&bed.store, &key, |_| {}).await.unwrap(), Verdict::Sound { .. }));
    // Moved: places 1 and 2 exchanged.
    sql("UPDATE fact SET leaf_index = -1 WHERE leaf_index = 1".into()).await;
    sql("UPDATE fact SET leaf_index = 1 WHERE leaf_index = 2".into()).await;
    sql("UPDATE fact SET leaf_index = 2 WHERE leaf_index = -1".into()).await;
    assert_eq!(verdict().await, tampered(Finding::Moved { index: 1, belongs_at: 2 }, 1));
    // Dropped: place 0, which comes first.
    sql("DELETE FROM fact WHERE leaf_index = 0".into()).await;
    assert_eq!(verdict().await, tampered(Finding::Dropped { index: 0 }, 0));
    // The checkpoints dropped too: facts stand there without one.
    sql("DELETE FROM ledger_checkpoint".into()).await;
    assert_eq!(verify_database(&bed.store, &key, |_| {}).await.unwrap(), Verdict::MissingCheckpoint { from: 0 });
});

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
                    .map_err(banhao_store::JobError::from_error)
            }
        })
    };
    let runners = [runner(bed.store.clone()), runner(bed.store.clone()), runner(other.clone()), runner(other)];
    let [a, b, c, d] = &runners;
    let (a, b, c, d) = tokio::join!(a.run_due(), b.run_due(), c.run_due(), d.run_due());
    for done in [a, b, c, d] {
        done.unwrap();
    }
    let mut done: Vec<i64> = facts::of(bed.store.read(), subject).await.unwrap().iter().map(|fact| fact.body["n"].as_i64().unwrap()).collect();
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
    let runner = Runner::new(again).on("ring", |store, job| async move {
        state(&store, job.subject, 7).await.map(|_| ()).map_err(banhao_store::JobError::from_error)
    });
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
    let runner = Runner::new(bed.store.clone()).on("fail", |_, _| async { Err(banhao_store::JobError("no paper in the printer".into())) });
    let mut tries = 0;
    while banhao_store::jobs::failed(&bed.store, 10).await.unwrap().is_empty() {
        assert!(runner.run_due().await.unwrap());
        bed.clock.advance(Duration::from_secs(10_000));
        tries += 1;
        assert!(tries < 50);
    }
    let failed = banhao_store::jobs::failed(&bed.store, 10).await.unwrap();
    assert_eq!((failed[0].error.as_str(), failed[0].attempts), ("no paper in the printer", 8));
});

both_databases!(&[], files_are_what_they_say_and_limits_hold, |bed: Bed| async move {
    let blobs = bed.store.blobs();
    let png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR rest of a picture".to_vec();
    let mut incoming = blobs.begin(1_000).await.unwrap();
    incoming.write(&png).await.unwrap();
    let stored = incoming.finish("户口簿.png", &["image/png"]).await.unwrap();
    assert_eq!((stored.media_type.as_str(), stored.size), ("image/png", png.len() as u64));
    assert_eq!(blobs.get(&stored.sha256).await.unwrap(), png);
    let mut lie = blobs.begin(1_000).await.unwrap();
    lie.write(&png).await.unwrap();
    let refusal = lie.finish("licence.pdf", &["application/pdf", "image/png"]).await;
    assert!(matches!(&refusal, Err(StoreError::WrongType { claimed, found }) if claimed == "pdf" && found == "image/png"), "{refusal:?}");
    let mut large = blobs.begin(10).await.unwrap();
    assert!(matches!(large.write(&png).await, Err(StoreError::TooLarge { limit: 10 })));
    large.abort().await;
    assert!(matches!(blobs.get("../../etc/passwd").await, Err(StoreError::NoFile)));
    let empty = blobs.begin(10).await.unwrap().finish("a.png", &["image/png"]).await;
    assert!(matches!(empty, Err(StoreError::EmptyFile)));
});

#[tokio::test]
async fn sealed_data_cannot_be_changed_or_used_for_something_else() {
    let bed = Bed::new(banhao_testbed::On::Sqlite, &[]).await;
    let vault = bed.store.vault();
    let sealed = vault.seal("cases.name", "测试甲".as_bytes()).unwrap();
    assert_eq!(vault.open("cases.name", &sealed).unwrap(), "测试甲".as_bytes());
    assert!(vault.open("cases.note", &sealed).is_err());
    for position in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[position] ^= 1;
        assert!(vault.open("cases.name", &changed).is_err(), "byte {position}");
    }
    assert_eq!(vault.blind_index("a", "x"), bed.again().await.vault().blind_index("a", "x"));
    assert_ne!(vault.blind_index("a", "x"), vault.blind_index("b", "x"));
}
