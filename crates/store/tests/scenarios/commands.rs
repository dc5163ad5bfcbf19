//! Commands: all or nothing, each for itself, whatever the others do.

use std::sync::Arc;

use banhao_store::{StoreError, facts};
use banhao_testbed::{Bed, both_databases};

use crate::{fact, state, subject};

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

both_databases!(&[], clients_that_go_away_leave_the_store_whole, |bed: Bed| async move {
    let (subject, store) = (subject(&bed), Arc::new(bed.store.clone()));
    let clients: Vec<_> = (0..40)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { state(&store, subject, n).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for client in &clients {
        client.abort();
    }
    for client in clients {
        let _gone = client.await;
    }
    let serial = state(&bed.store, subject, 100).await.unwrap();
    // Whatever was kept was kept whole: as many facts as numbers.
    assert_eq!(facts::of(bed.store.read(), subject).await.unwrap().len(), usize::try_from(serial).unwrap());
});
