//! The sequencer: moves facts from the transactions' table into the tree, a batch at a time, at most about a second after they
//! were stated, and signs a checkpoint over each batch. Only one replica at a time does it.

use std::time::Duration;

use banhao_ledger::{Checkpoint, Frontier, range_nodes};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement, sea_query::Query,
};
use tokio::sync::watch;

use super::nodes;
use crate::{
    error::StoreError,
    facts::Fact,
    moment::Moment,
    runner::raised,
    store::Store,
    tables::{checkpoint, fact, leaf, node},
    tx::Tx,
};

/// Facts in one batch: bounds how long commands on SQLite wait for it.
const BATCH: u64 = 2_000;
/// Rows per statement: a few fixed sizes, so that statements are prepared once and not anew for every size of batch.
const SIZES: [usize; 5] = [256, 64, 16, 4, 1];
/// Shortest pause between batches: several commits share one checkpoint.
const PAUSE: Duration = Duration::from_millis(200);
/// Longest pause: other replicas' facts are found without being told.
const POLL: Duration = Duration::from_millis(1_000);
/// PostgreSQL advisory lock: one replica sequences at a time.
const LOCK: i64 = 0x6c65_6467_6572;

/// A running sequencer.
pub struct SequencerHandle {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl SequencerHandle {
    /// Places what is waiting and stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the sequencer broke off");
        }
    }
}

/// Runs the sequencer until stopped.
#[must_use]
pub fn start_sequencer(store: Store) -> SequencerHandle {
    let (stop, mut stopped) = watch::channel(false);
    let mut closing = store.closing();
    let task = tokio::spawn(async move {
        let mut changes = store.changes();
        loop {
            let last = *stopped.borrow() || *closing.borrow();
            changes.mark_unchanged();
            match sequence_once(&store).await {
                Ok(0) if last => return,
                Ok(placed) if placed >= BATCH => continue,
                Ok(_) => {}
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::warn!(%error, "facts could not be placed; they stay and will be placed later");
                    if last {
                        return;
                    }
                }
            }
            if last {
                continue;
            }
            tokio::select! {
                () = raised(&mut stopped) => {}
                () = raised(&mut closing) => {}
                () = async {
                    tokio::time::sleep(PAUSE).await;
                    // Nothing new: wait for a commit or the next look.
                    drop(tokio::time::timeout(POLL.saturating_sub(PAUSE), changes.changed()).await);
                } => {}
            }
        }
    });
    SequencerHandle { stop, task }
}

/// Places one batch and signs a checkpoint; gives the number of facts placed.
///
/// # Errors
/// When the database fails, or the stored tree is incomplete (verify it).
pub async fn sequence_once(store: &Store) -> Result<u64, StoreError> {
    let waiting: Option<i64> = fact::Entity::find()
        .select_only()
        .column(fact::Column::Seq)
        .filter(fact::Column::LeafIndex.is_null())
        .limit(1)
        .into_tuple()
        .one(store.read())
        .await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let signer = store.clone();
    store.write(move |tx| Box::pin(async move { place(tx, &signer).await })).await
}

async fn place(tx: &mut Tx, store: &Store) -> Result<u64, StoreError> {
    let conn = tx.conn();
    if conn.get_database_backend() == DbBackend::Postgres {
        let lock = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_try_advisory_xact_lock($1) AS mine", [LOCK.into()]);
        let mine = conn.query_one_raw(lock).await?.map(|row| row.try_get::<bool>("", "mine")).transpose()?;
        if mine != Some(true) {
            return Ok(0);
        }
    }
    let rows =
        fact::Entity::find().filter(fact::Column::LeafIndex.is_null()).order_by_asc(fact::Column::Seq).limit(BATCH).all(conn).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let last = checkpoint::Entity::find().order_by_desc(checkpoint::Column::Size).limit(1).one(conn).await?;
    let size = last.map_or(0, |row| row.size.unsigned_abs());
    let known = nodes::load(conn, &range_nodes(0, size)).await?;
    let mut frontier = Frontier::load(size, &known).ok_or_else(|| StoreError::Damaged("ledger tree is incomplete".to_owned()))?;
    let (mut leaves, mut made, mut places) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        let (seq, id) = (row.seq, row.id);
        let hash = Fact::from(row).to_leaf().leaf_hash().map_err(|error| StoreError::Damaged(error.to_string()))?;
        let index = i64::try_from(frontier.size()).map_err(|_| StoreError::Damaged("ledger size".to_owned()))?;
        for (node_ref, node_hash) in frontier.append(hash) {
            made.push(node::ActiveModel {
                level: Set(i32::try_from(node_ref.level).unwrap_or(i32::MAX)),
                position: Set(i64::try_from(node_ref.position).unwrap_or(i64::MAX)),
                hash: Set(node_hash.to_vec()),
            });
        }
        leaves.push(leaf::ActiveModel { leaf_index: Set(index), fact: Set(id), hash: Set(hash.to_vec()) });
        places.push((seq, index));
    }
    let placed = places.len() as u64;
    insert_all(conn, leaves).await?;
    insert_all(conn, made).await?;
    number(conn, &places).await?;
    let at = tx.now().as_microsecond();
    let signer = store.ledger_key().signer();
    let root = frontier.root();
    let note = signer.sign(&Checkpoint { origin: signer.name().to_owned(), size: frontier.size(), root, at });
    checkpoint::Entity::insert(checkpoint::ActiveModel {
        size: Set(i64::try_from(frontier.size()).unwrap_or(i64::MAX)),
        root: Set(root.to_vec()),
        at: Set(Moment(at)),
        note: Set(note),
    })
    .exec_without_returning(conn)
    .await?;
    Ok(placed)
}

async fn insert_all<A>(conn: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), StoreError>
where
    A: ActiveModelTrait + Send,
{
    let mut rows = rows.into_iter();
    for size in SIZES {
        while rows.len() >= size {
            A::Entity::insert_many(rows.by_ref().take(size)).exec_without_returning(conn).await?;
        }
    }
    Ok(())
}

/// Writes the places into the facts: contiguous runs of `seq` become one statement each (nearly always one for the batch).
async fn number(conn: &impl ConnectionTrait, places: &[(i64, i64)]) -> Result<(), StoreError> {
    use sea_orm::{ExprTrait, sea_query::Expr};
    let mut start = 0;
    while start < places.len() {
        let (first_seq, first_index) = places[start];
        let shift = first_index - first_seq;
        let mut end = start + 1;
        while end < places.len() && places[end].0 == places[end - 1].0 + 1 {
            end += 1;
        }
        let update = Query::update()
            .table(fact::Entity)
            .value(fact::Column::LeafIndex, Expr::col(fact::Column::Seq).add(shift))
            .and_where(Expr::col(fact::Column::Seq).between(first_seq, places[end - 1].0))
            .to_owned();
        conn.execute(&update).await?;
        start = end;
    }
    Ok(())
}
