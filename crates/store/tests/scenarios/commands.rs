//! Commands: all or nothing, each for itself, whatever the others do.

use std::{collections::BTreeSet, sync::Arc};

use banhao_store::{NewJob, Store, StoreError, facts, jobs};
use banhao_testbed::{Bed, both_databases};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, Order, Query},
};

use crate::{fact, sql, state, subject};

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

both_databases!(&[], a_command_in_a_command_is_refused_and_not_waited_for, |bed: Bed| async move {
    let (store, subject) = (bed.store.clone(), subject(&bed));
    let outcome = bed.store.write(move |_| Box::pin(async move { state(&store, subject, 1).await })).await;
    assert!(matches!(outcome, Err(StoreError::BrokeOff(_))), "{outcome:?}");
    state(&bed.store, subject, 2).await.unwrap();
});

both_databases!(&[], a_command_that_goes_on_after_a_failed_statement_is_not_told_all_is_well, |bed: Bed| async move {
    sql(&bed.store, "CREATE TABLE thing (name TEXT PRIMARY KEY)").await.unwrap();
    let outcome = bed
        .store
        .write(|tx| {
            Box::pin(async move {
                let conn = tx.conn();
                conn.execute_unprepared("INSERT INTO thing VALUES ('kept')").await?;
                let ignored = conn.execute_unprepared("INSERT INTO nothing VALUES (1)").await;
                assert!(ignored.is_err());
                Ok::<_, StoreError>(())
            })
        })
        .await;
    let rows =
        bed.store.read().query_all_raw(sea_orm::Statement::from_string(bed.store.backend(), "SELECT name FROM thing")).await.unwrap();
    // The databases differ in what becomes of the first statement; what the caller is told must be true on both.
    assert_eq!(outcome.is_ok(), rows.len() == 1, "{outcome:?}");
});

both_databases!(&[], a_fact_that_cannot_be_hashed_is_refused_with_its_command, |bed: Bed| async move {
    let subject = subject(&bed);
    let outcome = bed
        .store
        .write(move |tx| {
            Box::pin(async move {
                let mut fraction = fact(subject, 1);
                fraction.body = serde_json::json!({ "fee": 1.5 });
                tx.state(fraction);
                Ok::<_, StoreError>(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::BrokeOff(_))), "{outcome:?}");
    assert!(facts::of(bed.store.read(), subject).await.unwrap().is_empty());
});

/// SQLite undoes a whole transaction by itself when the disk is full or fails; the command here does it in its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_database_gives_a_group_up_nobody_is_told_it_was_kept() {
    let bed = Bed::new(banhao_testbed::On::Sqlite, &[]).await;
    let subject = subject(&bed);
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..30_i64 {
        let store = bed.store.clone();
        waiting.spawn(async move {
            let outcome: Result<(), StoreError> = store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.state(fact(subject, n));
                        if n == 7 {
                            tx.conn().execute_unprepared("ROLLBACK").await?;
                            return Err(StoreError::EmptyFile);
                        }
                        Ok(())
                    })
                })
                .await;
            (n, outcome.is_ok())
        });
    }
    let mut told: Vec<i64> = Vec::new();
    while let Some(done) = waiting.join_next().await {
        let (n, kept) = done.unwrap();
        told.extend(kept.then_some(n));
    }
    told.sort_unstable();
    let mut kept: Vec<i64> =
        facts::of(bed.store.read(), subject).await.unwrap().iter().map(|fact| fact.body["n"].as_i64().unwrap()).collect();
    kept.sort_unstable();
    assert_eq!(told, kept);
    assert!(!told.contains(&7));
    state(&bed.store, subject, 100).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_writes_past_the_writer() {
    let bed = Bed::new(banhao_testbed::On::Sqlite, &[]).await;
    assert!(bed.store.read().execute_unprepared("INSERT INTO setting VALUES ('a', 'b')").await.is_err());
}

both_databases!(&[], shutting_down_keeps_what_was_begun, |bed: Bed| async move {
    let subject = subject(&bed);
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..50 {
        let store: Store = bed.store.clone();
        waiting.spawn(async move { state(&store, subject, n).await.is_ok() });
    }
    tokio::task::yield_now().await;
    bed.store.shutdown().await;
    let mut told = 0;
    while let Some(done) = waiting.join_next().await {
        told += usize::from(done.unwrap());
    }
    assert!(matches!(state(&bed.store, subject, 99).await, Err(StoreError::Closed)));
    let again = bed.again().await;
    assert_eq!(facts::of(again.read(), subject).await.unwrap().len(), told);
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
    state(&bed.store, subject, 100).await.unwrap();
    // What was begun may still be under way; the store waits for it.
    bed.store.shutdown().await;
    let again = bed.again().await;
    let serial = state(&again, subject, 101).await.unwrap();
    // Whatever was kept was kept whole: as many facts as numbers.
    assert_eq!(facts::of(again.read(), subject).await.unwrap().len(), usize::try_from(serial).unwrap());
});

both_databases!(&[], a_busy_series_gives_every_number_once, |bed: Bed| async move {
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..60_i64 {
        let store = bed.store.clone();
        waiting.spawn(async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let number = tx.next_number("busy").await?;
                        if n % 3 == 0 { Ok::<_, StoreError>(number) } else { Err(StoreError::EmptyFile) }
                    })
                })
                .await
        });
    }
    let mut numbers = Vec::new();
    while let Some(done) = waiting.join_next().await {
        numbers.extend(done.unwrap().ok());
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 20, "a number was given twice");
    assert!(numbers.iter().all(|number| (1..=60).contains(number)));
});

both_databases!(&[], whoever_breaks_off_leaves_the_others_their_numbers, |bed: Bed| async move {
    let mut waiting = Vec::new();
    for _ in 0..40 {
        let store = bed.store.clone();
        waiting.push(tokio::spawn(async move {
            store
                .write(|tx| Box::pin(async move { Ok::<_, StoreError>((tx.next_number("busy").await?, tx.next_number("other").await?)) }))
                .await
        }));
    }
    tokio::task::yield_now().await;
    for gone in waiting.iter().step_by(4) {
        gone.abort();
    }
    let (mut busy, mut other) = (BTreeSet::new(), BTreeSet::new());
    let mut kept = 0;
    for client in waiting {
        if let Ok(done) = client.await {
            let numbers = done.unwrap();
            kept += 1;
            busy.insert(numbers.0);
            other.insert(numbers.1);
        }
    }
    assert!(kept >= 30, "only {kept} of those who stayed have numbers");
    assert_eq!((busy.len(), other.len()), (kept, kept), "a number was given twice");
    assert!(busy.iter().chain(&other).all(|number| (1..=40).contains(number)));
});

both_databases!(&[], changes_left_for_the_end_come_with_facts_and_jobs, |bed: Bed| async move {
    let subject = subject(&bed);
    bed.store
        .write(|tx| {
            Box::pin(async move {
                tx.conn().execute_unprepared("CREATE TABLE word (id BIGINT PRIMARY KEY, said TEXT NOT NULL)").await?;
                tx.conn().execute_unprepared("INSERT INTO word VALUES (1, 'old'), (2, 'gone')").await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    // The same three changes; the second time the insertion meets the row of the first.
    for again in [false, true] {
        let done = bed
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let mut update = Query::update();
                    let said = if again { "twice" } else { "new" };
                    tx.later(update.table("word").value("said", said).and_where(Expr::col("id").eq(1)).to_owned());
                    tx.later(Query::delete().from_table("word").and_where(Expr::col("id").eq(2)).to_owned());
                    tx.later(Query::insert().into_table("word").columns(["id", "said"]).values_panic([3.into(), "more".into()]).to_owned());
                    tx.state(fact(subject, 1));
                    tx.enqueue(NewJob { kind: "word", subject, run_at: None, payload: serde_json::json!({}) });
                    Ok::<_, StoreError>(())
                })
            })
            .await;
        assert_eq!(done.is_err(), again);
        let mut words = Vec::new();
        let all = Query::select().columns(["id", "said"]).from("word").order_by("id", Order::Asc).to_owned();
        for row in bed.store.read().query_all(&all).await.unwrap() {
            words.push((row.try_get::<i64>("", "id").unwrap(), row.try_get::<String>("", "said").unwrap()));
        }
        assert_eq!(words, [(1, "new".to_owned()), (3, "more".to_owned())], "all of it or nothing");
        assert_eq!(facts::of(bed.store.read(), subject).await.unwrap().len(), 1);
        assert_eq!(jobs::waiting(&bed.store).await.unwrap(), 1);
    }
});
