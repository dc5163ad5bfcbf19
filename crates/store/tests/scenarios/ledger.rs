//! The ledger in the database: receipts prove, the log only grows, whatever is changed behind our back is named.

use banhao_ledger::Finding;
use banhao_store::{
    Fact, StoreError, facts,
    ledger_log::{Verdict, consistency, latest_checkpoint, receipt, sequence_once, start_sequencer, verify_database},
};
use banhao_testbed::{Bed, both_databases};
use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;

use crate::{fact, sql, state, subject};

/// Thirteen facts in the ledger, in four checkpoints.
async fn thirteen(bed: &Bed) -> Vec<Fact> {
    let subject = subject(bed);
    for n in 0..13 {
        state(&bed.store, subject, n).await.unwrap();
        if matches!(n, 3 | 4 | 9 | 12) {
            sequence_once(&bed.store).await.unwrap();
        }
    }
    facts::of(bed.store.read(), subject).await.unwrap()
}

async fn verdict(bed: &Bed) -> Verdict {
    verify_database(&bed.store, &bed.store.ledger_key().verifier(), |_| {}).await.unwrap()
}

#[expect(clippy::panic, reason = "a test that finds something else than tampering has failed")]
fn tampered(verdict: Verdict) -> (Finding, Option<Uuid>) {
    match verdict {
        Verdict::Tampered { finding, fact, .. } => (finding, fact),
        other => panic!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash as a literal of the database.
fn literal(bed: &Bed, bytes: &[u8]) -> String {
    match bed.store.backend() {
        sea_orm::DbBackend::Postgres => format!("'\\x{}'", hex(bytes)),
        _ => format!("x'{}'", hex(bytes)),
    }
}

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
    assert_eq!(verify_database(&bed.store, &key, |_| {}).await.unwrap(), Verdict::Sound { size: 13, checkpoints: 2, unplaced: 0 });
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
        async move { sql(&store, text).await.unwrap() }
    };
    let expected = |finding: Finding, index: usize| (finding, Some(all[index].id.as_uuid()));
    let verdict = || async { tampered(verdict(&bed).await) };
    // Changed: one letter in the actor of place 6.
    sql("UPDATE fact SET actor = 'staff:x' WHERE leaf_index = 6".into()).await;
    assert_eq!(verdict().await, expected(Finding::Changed { index: 6 }, 6));
    sql("UPDATE fact SET actor = 'system' WHERE leaf_index = 6".into()).await;
    assert!(matches!(verify_database(&bed.store, &key, |_| {}).await.unwrap(), Verdict::Sound { .. }));
    // Moved: places 1 and 2 exchanged.
    sql("UPDATE fact SET leaf_index = -1 WHERE leaf_index = 1".into()).await;
    sql("UPDATE fact SET leaf_index = 1 WHERE leaf_index = 2".into()).await;
    sql("UPDATE fact SET leaf_index = 2 WHERE leaf_index = -1".into()).await;
    assert_eq!(verdict().await, expected(Finding::Moved { index: 1, belongs_at: 2 }, 1));
    // Dropped: place 0, which comes first.
    sql("DELETE FROM fact WHERE leaf_index = 0".into()).await;
    assert_eq!(verdict().await, expected(Finding::Dropped { index: 0 }, 0));
    // The checkpoints dropped too: facts stand there without one.
    sql("DELETE FROM ledger_checkpoint".into()).await;
    assert_eq!(verify_database(&bed.store, &key, |_| {}).await.unwrap(), Verdict::MissingCheckpoint { from: 0 });
});

both_databases!(&[], every_single_record_is_named_when_it_is_changed_or_dropped, |bed: Bed| async move {
    let all = thirteen(&bed).await;
    for (place, fact) in all.iter().enumerate() {
        let (index, id) = (place as u64, Some(fact.id.as_uuid()));
        let at = fact.at.as_microsecond();
        sql(&bed.store, format!("UPDATE fact SET at = at + 1 WHERE leaf_index = {index}")).await.unwrap();
        assert_eq!(tampered(verdict(&bed).await), (Finding::Changed { index }, id));
        sql(&bed.store, format!("UPDATE fact SET at = {at}, leaf_index = NULL WHERE leaf_index = {index}")).await.unwrap();
        assert_eq!(tampered(verdict(&bed).await), (Finding::Dropped { index }, id));
        sql(&bed.store, format!("UPDATE fact SET leaf_index = {index} WHERE leaf_index IS NULL")).await.unwrap();
    }
    assert_eq!(verdict(&bed).await, Verdict::Sound { size: 13, checkpoints: 4, unplaced: 0 });
});

both_databases!(&[], a_forger_who_also_writes_the_leaf_is_found_by_the_nodes_above, |bed: Bed| async move {
    let all = thirteen(&bed).await;
    // Place 7: the record and its leaf are rewritten to fit each other; the node above is not.
    let mut forged = all[7].to_leaf();
    forged.body["n"] = 700.into();
    let body = serde_json::to_string(&forged.body).unwrap();
    let leaf = literal(&bed, &forged.leaf_hash().unwrap());
    sql(&bed.store, format!("UPDATE fact SET body = '{body}' WHERE leaf_index = 7")).await.unwrap();
    sql(&bed.store, format!("UPDATE ledger_leaf SET hash = {leaf} WHERE leaf_index = 7")).await.unwrap();
    // The pair under that node is as near as anybody can say.
    assert_eq!(tampered(verdict(&bed).await), (Finding::Rewritten { from: 6, to: 8 }, None));
    // No more can be said when the leaf is gone altogether.
    sql(&bed.store, "DELETE FROM ledger_leaf WHERE leaf_index = 7").await.unwrap();
    assert_eq!(tampered(verdict(&bed).await), (Finding::Rewritten { from: 6, to: 8 }, None));
});

both_databases!(&[], a_changed_record_is_named_although_another_leaf_is_gone, |bed: Bed| async move {
    let all = thirteen(&bed).await;
    sql(&bed.store, "UPDATE fact SET kind = 'case.granted' WHERE leaf_index = 8").await.unwrap();
    sql(&bed.store, "DELETE FROM ledger_leaf WHERE leaf_index = 6").await.unwrap();
    assert_eq!(tampered(verdict(&bed).await), (Finding::Changed { index: 8 }, Some(all[8].id.as_uuid())));
});

both_databases!(&[], damage_to_the_stored_tree_is_named, |bed: Bed| async move {
    let all = thirteen(&bed).await;
    let saved = literal(&bed, &all[2].to_leaf().leaf_hash().unwrap());
    let id = literal(&bed, all[2].id.as_uuid().as_bytes());
    let id = if bed.store.backend() == sea_orm::DbBackend::Postgres { format!("'{}'", all[2].id) } else { id };
    let of_two = Verdict::TreeDamaged { level: 0, position: 2, fact: Some(all[2].id.as_uuid()) };
    sql(&bed.store, "DELETE FROM ledger_leaf WHERE leaf_index = 2").await.unwrap();
    assert_eq!(verdict(&bed).await, of_two);
    // The right hash, but said to be another fact's.
    let other = if bed.store.backend() == sea_orm::DbBackend::Postgres {
        format!("'{}'", all[3].id)
    } else {
        literal(&bed, all[3].id.as_uuid().as_bytes())
    };
    sql(&bed.store, format!("INSERT INTO ledger_leaf VALUES (2, {other}, {saved})")).await.unwrap();
    assert_eq!(verdict(&bed).await, of_two);
    sql(&bed.store, format!("UPDATE ledger_leaf SET fact = {id} WHERE leaf_index = 2")).await.unwrap();
    assert!(matches!(verdict(&bed).await, Verdict::Sound { .. }));
    sql(&bed.store, "DELETE FROM ledger_node WHERE level = 2 AND position = 1").await.unwrap();
    assert_eq!(verdict(&bed).await, Verdict::TreeDamaged { level: 2, position: 1, fact: None });
});

both_databases!(&[], checkpoints_cannot_be_forged_and_fewer_of_them_prove_the_same, |bed: Bed| async move {
    thirteen(&bed).await;
    sql(&bed.store, "DELETE FROM ledger_checkpoint WHERE size = 5").await.unwrap();
    assert_eq!(verdict(&bed).await, Verdict::Sound { size: 13, checkpoints: 3, unplaced: 0 });
    let zero = literal(&bed, &[0; 32]);
    sql(&bed.store, format!("UPDATE ledger_checkpoint SET root = {zero} WHERE size = 10")).await.unwrap();
    assert!(matches!(verdict(&bed).await, Verdict::ForgedCheckpoint { size: 10, .. }));
    sql(&bed.store, "DELETE FROM ledger_checkpoint WHERE size >= 10").await.unwrap();
    assert_eq!(verdict(&bed).await, Verdict::MissingCheckpoint { from: 4 });
});

both_databases!(&[], a_record_that_slipped_in_is_seen, |bed: Bed| async move {
    let all = thirteen(&bed).await;
    sql(&bed.store, "DROP INDEX fact_leaf").await.unwrap();
    let copy = |index: i64, kind: &str| {
        let mut id = all[4].id.as_uuid().into_bytes();
        id[15] ^= 1;
        let id =
            if bed.store.backend() == sea_orm::DbBackend::Postgres { format!("'{}'", Uuid::from_bytes(id)) } else { literal(&bed, &id) };
        format!(
            "INSERT INTO fact (id, at, subject_kind, subject, kind, actor, body, leaf_index) \
             SELECT {id}, at, subject_kind, subject, '{kind}', actor, body, {index} FROM fact WHERE leaf_index = 4"
        )
    };
    sql(&bed.store, copy(4, "case.granted")).await.unwrap();
    assert!(matches!(tampered(verdict(&bed).await), (Finding::Changed { index: 4 }, Some(_))));
    sql(&bed.store, "DELETE FROM fact WHERE kind = 'case.granted'").await.unwrap();
    sql(&bed.store, copy(-1, "case.granted")).await.unwrap();
    assert_eq!(verdict(&bed).await, Verdict::MissingCheckpoint { from: 13 });
});

both_databases!(&[], facts_are_shown_in_the_signed_order, |bed: Bed| async move {
    let all = thirteen(&bed).await;
    let (first, second) = (all[1].seq, all[2].seq);
    for (from, to) in [(first, -1), (second, first), (-1, second)] {
        sql(&bed.store, format!("UPDATE fact SET seq = {to} WHERE seq = {from}")).await.unwrap();
    }
    let shown = facts::of(bed.store.read(), all[0].subject).await.unwrap();
    assert_eq!(shown.iter().map(|fact| fact.id).collect::<Vec<_>>(), all.iter().map(|fact| fact.id).collect::<Vec<_>>());
});

both_databases!(&[], any_two_checkpoints_are_consistent, |bed: Bed| async move {
    thirteen(&bed).await;
    let key = bed.store.ledger_key().verifier();
    let mut roots = Vec::new();
    for fact in facts::latest(bed.store.read(), &["case.tested"], 1).await.unwrap() {
        let receipt = receipt(&bed.store, fact.id).await.unwrap().unwrap();
        roots.push(receipt.verify(&key).unwrap());
    }
    let latest = roots.pop().unwrap();
    for size in [4_u64, 5, 10, 13] {
        let text = consistency(&bed.store, size, 13).await.unwrap().unwrap();
        let proof: Vec<banhao_ledger::Hash> = text.iter().map(|hash| STANDARD.decode(hash).unwrap().try_into().unwrap()).collect();
        let rows = bed.store.read();
        let root = {
            use sea_orm::ConnectionTrait;
            let statement =
                sea_orm::Statement::from_string(bed.store.backend(), format!("SELECT root FROM ledger_checkpoint WHERE size = {size}"));
            rows.query_one_raw(statement).await.unwrap().unwrap().try_get::<Vec<u8>>("", "root").unwrap()
        };
        banhao_ledger::verify_consistency(size, 13, &root.try_into().unwrap(), &latest.root, &proof).unwrap();
    }
    assert_eq!(consistency(&bed.store, 5, 14).await.unwrap(), None);
});

both_databases!(&[], several_sequencers_make_one_ledger_of_what_many_clients_state, |bed: Bed| async move {
    let (subject, other) = (subject(&bed), bed.again().await);
    let sequencers = [start_sequencer(bed.store.clone()), start_sequencer(other.clone())];
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..8_i64 {
        let store = if client % 2 == 0 { bed.store.clone() } else { other.clone() };
        clients.spawn(async move {
            for n in 0..40 {
                // Some commands fail, so that the order of writing has gaps.
                let outcome: Result<(), StoreError> = store
                    .write(move |tx| {
                        Box::pin(async move {
                            tx.state(fact(subject, n));
                            if n % 5 == 4 {
                                sql_fails(tx).await?;
                            }
                            Ok(())
                        })
                    })
                    .await;
                assert_eq!(outcome.is_ok(), n % 5 != 4);
            }
        });
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    for sequencer in sequencers {
        sequencer.stop().await;
    }
    assert!(matches!(verdict(&bed).await, Verdict::Sound { size: 256, unplaced: 0, .. }));
    assert_eq!(latest_checkpoint(&bed.store).await.unwrap().unwrap().size, 256);
});

async fn sql_fails(tx: &banhao_store::Tx) -> Result<(), StoreError> {
    use sea_orm::ConnectionTrait;
    tx.conn().execute_unprepared("INSERT INTO nothing VALUES (1)").await?;
    Ok(())
}
