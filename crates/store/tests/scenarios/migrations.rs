//! Migrations: once, in turn, never changed afterwards; and the keys are those of the database.

use std::sync::Arc;

use banhao_store::{Migration, MigrationSet, Store, StoreConfig, StoreError, settings};
use banhao_testbed::{Bed, both_databases};

const ONE: MigrationSet = MigrationSet {
    owner: "test",
    steps: &[Migration {
        number: 1,
        name: "things",
        sql: "-- a semicolon; in a comment\nCREATE TABLE thing (id {uuid} PRIMARY KEY, at {moment} NOT NULL, note {text} DEFAULT ';', open {bool}, size {bigint});\n\
              CREATE INDEX thing_at ON thing (at);",
    }],
};

const TWO: MigrationSet = MigrationSet {
    owner: "test",
    steps: &[ONE.steps[0], Migration { number: 2, name: "more", sql: "ALTER TABLE thing ADD COLUMN more {int}" }],
};

const CHANGED: MigrationSet =
    MigrationSet { owner: "test", steps: &[Migration { number: 1, name: "things", sql: "CREATE TABLE thing (id {uuid} PRIMARY KEY)" }] };

both_databases!(&[], replicas_that_start_at_once_take_turns, |bed: Bed| async move {
    let stores = [bed.store.clone(), bed.again().await, bed.again().await, bed.again().await];
    let mut starting = tokio::task::JoinSet::new();
    for store in stores {
        starting.spawn(async move { store.migrate(&[TWO]).await });
    }
    let mut applied = Vec::new();
    while let Some(done) = starting.join_next().await {
        applied.extend(done.unwrap().unwrap().applied);
    }
    assert_eq!(applied, ["test/1 things", "test/2 more"]);
});

both_databases!(&[ONE], steps_follow_and_never_change, |bed: Bed| async move {
    assert_eq!(bed.store.migrate(&[TWO]).await.unwrap().applied, ["test/2 more"]);
    assert!(matches!(bed.store.migrate(&[CHANGED]).await, Err(StoreError::MigrationChanged { owner: "test", number: 1 })));
    // An older program on a newer database would not know what it does there.
    assert!(matches!(bed.store.migrate(&[ONE]).await, Err(StoreError::NewerDatabase { owner: "test", number: 2 })));
});

both_databases!(&[], a_step_that_fails_leaves_nothing, |bed: Bed| async move {
    const BAD: MigrationSet = MigrationSet {
        owner: "test",
        steps: &[ONE.steps[0], Migration { number: 2, name: "bad", sql: "CREATE TABLE x (id {uuid}); CREATE NONSENSE" }],
    };
    assert!(matches!(bed.store.migrate(&[BAD]).await, Err(StoreError::Database(_))));
    assert_eq!(bed.store.migrate(&[ONE]).await.unwrap().applied, ["test/1 things"]);
});

both_databases!(&[], a_replica_with_keys_of_its_own_must_not_go_on, |bed: Bed| async move {
    let elsewhere = StoreConfig { data_dir: bed.folder().join("elsewhere"), ..bed.config.clone() };
    let stranger = Store::open(elsewhere, Arc::clone(bed.store.clock()), Arc::clone(bed.store.entropy())).await.unwrap();
    assert!(matches!(stranger.migrate(&[]).await, Err(StoreError::KeyFile { .. })));
    bed.again().await.migrate(&[]).await.unwrap();
    let published = std::fs::read_to_string(bed.folder().join("keys").join("ledger.pub")).unwrap();
    assert_eq!(published.trim(), bed.store.ledger_key().verifier().to_string());
    assert_eq!(settings::get(bed.store.read(), "key.ledger").await.unwrap().as_deref(), Some(published.trim()));
});

both_databases!(&[], a_setting_is_written_once_or_over, |bed: Bed| async move {
    let store = &bed.store;
    for (value, holds) in [("a", "a"), ("b", "a")] {
        let kept = store.write(move |tx| Box::pin(async move { settings::get_or_set(tx, "x", value).await })).await.unwrap();
        assert_eq!(kept, holds);
    }
    store.write(|tx| Box::pin(async move { settings::set(tx, "x", "c").await })).await.unwrap();
    assert_eq!(settings::get(store.read(), "x").await.unwrap().as_deref(), Some("c"));
});
