//! PostgreSQL: connections that carry one command after the other keep nobody waiting and are replaced when they are gone.

use banhao_store::{DatabaseUrl, StoreError, facts};
use banhao_testbed::{Bed, On};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::sync::oneshot;

use crate::{fact, state, subject};

/// A connection of its own.
async fn beside(bed: &Bed) -> DatabaseConnection {
    let DatabaseUrl::Postgres(url) = &bed.config.database else { unreachable!("a bed on PostgreSQL") };
    let mut options = ConnectOptions::new(url.clone());
    Database::connect(options.max_connections(1).sqlx_logging(false).to_owned()).await.unwrap()
}

/// Connections of this database, apart from the one that asks, for which something holds.
async fn connections(conn: &DatabaseConnection, condition: &str, what: &str) -> i64 {
    let text = format!(
        "SELECT count({what}) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
    );
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_begun_for_nobody_is_ended() {
    let bed = Bed::new(On::Postgres, &[]).await;
    let (subject, server) = (subject(&bed), beside(&bed).await);
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..30 {
        let store = bed.store.clone();
        waiting.spawn(async move { state(&store, subject, n).await });
    }
    while let Some(done) = waiting.join_next().await {
        done.unwrap().unwrap();
    }
    // One that has seen something would keep the server from cleaning up, one that has written would keep others waiting.
    assert_eq!(connections(&server, "(backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)", "*").await, 0);
    while connections(&server, "state = 'idle in transaction'", "*").await > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(facts::of(bed.store.read(), subject).await.unwrap().len(), 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_gone_is_replaced() {
    let bed = Bed::new(On::Postgres, &[]).await;
    let (subject, server) = (subject(&bed), beside(&bed).await);
    let ours = "application_name = 'banhao' AND state IS NOT NULL";
    // At rest, as when the server was started again in the night: nobody notices.
    state(&bed.store, subject, 1).await.unwrap();
    while connections(&server, "state = 'idle in transaction'", "*").await > 0 {
        tokio::task::yield_now().await;
    }
    connections(&server, ours, "pg_terminate_backend(pid)").await;
    state(&bed.store, subject, 2).await.unwrap();
    // In the middle of work: what fails is told, kept by half is nothing, and then all is well.
    let mut told = 2;
    for n in 3..20 {
        if n % 4 == 0 {
            connections(&server, ours, "pg_terminate_backend(pid)").await;
        }
        told += usize::from(state(&bed.store, subject, n).await.is_ok());
    }
    assert!(told >= 15, "each broken connection costs one command at most: {told}");
    let again = bed.again().await;
    assert_eq!(facts::of(again.read(), subject).await.unwrap().len(), told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_whose_caller_went_away_is_done_whole() {
    let bed = Bed::new(On::Postgres, &[]).await;
    let subject = subject(&bed);
    let (begun, has_begun) = oneshot::channel();
    let (go, going) = oneshot::channel::<()>();
    let store = bed.store.clone();
    let caller = tokio::spawn(async move {
        store
            .write(move |tx| {
                Box::pin(async move {
                    tx.next_serial("series").await?;
                    begun.send(()).map_err(|()| StoreError::Closed)?;
                    going.await.map_err(|_| StoreError::Closed)?;
                    tx.state(fact(subject, 1));
                    Ok::<(), StoreError>(())
                })
            })
            .await
    });
    has_begun.await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    // The store waits for it, too.
    bed.store.shutdown().await;
    let again = bed.again().await;
    assert_eq!(facts::of(again.read(), subject).await.unwrap().len(), 1);
    assert_eq!(state(&again, subject, 2).await.unwrap(), 2);
}
