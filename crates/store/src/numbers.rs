//! Numbers of busy series on PostgreSQL, on connections of their own. Whoever asks while an answer is on its way is served by the
//! next statement, together with everybody else who has asked in between.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, ExprTrait,
    sea_query::{Expr, OnConflict, Query},
};
use tokio::sync::oneshot;

use crate::{StoreError, tables::counter};

/// Somebody who waits for a number.
type Waiting = oneshot::Sender<Result<i64, StoreError>>;

/// The series, and who waits for a number of each. A series that is being asked for has an entry, if an empty one.
#[derive(Clone)]
pub(crate) struct Numbers {
    conn: DatabaseConnection,
    queues: Arc<Mutex<HashMap<String, Vec<Waiting>>>>,
}

impl Numbers {
    pub(crate) fn new(conn: DatabaseConnection) -> Self {
        Self { conn, queues: Arc::default() }
    }

    /// The next number of a series.
    pub(crate) async fn next(&self, scope: &str) -> Result<i64, StoreError> {
        let (give, number) = oneshot::channel();
        let first = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = queues.get_mut(scope);
            match queue {
                Some(queue) => {
                    queue.push(give);
                    false
                }
                None => {
                    queues.insert(scope.to_owned(), vec![give]);
                    true
                }
            }
        };
        if first {
            // A task of its own: whoever asked first may break off, the others get their numbers.
            tokio::spawn(self.clone().serve(scope.to_owned()));
        }
        number.await.map_err(|_| StoreError::Closed)?
    }

    /// Who waits for this series; without anybody its queue is closed.
    fn waiting(&self, scope: &str) -> Vec<Waiting> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = queues.get_mut(scope).map(std::mem::take).unwrap_or_default();
        if waiting.is_empty() {
            queues.remove(scope);
        }
        waiting
    }

    async fn serve(self, scope: String) {
        let _guard = Serving { numbers: &self, scope: &scope };
        loop {
            let waiting = self.waiting(&scope);
            match i64::try_from(waiting.len()) {
                Ok(0) => return,
                Ok(many) => match take(&self.conn, &scope, many).await {
                    Ok(last) => {
                        for (number, waiting) in (last - many + 1..=last).zip(waiting) {
                            // Whoever broke off leaves a number out.
                            let _ = waiting.send(Ok(number));
                        }
                    }
                    Err(error) => refuse(waiting, &error),
                },
                Err(error) => refuse(waiting, &StoreError::Damaged(error.to_string())),
            }
        }
    }

    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        self.conn.close_by_ref().await
    }
}

/// Should the task of a series panic, whoever waits is told, and the next one who asks begins anew.
struct Serving<'n> {
    numbers: &'n Numbers,
    scope: &'n str,
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.numbers.queues.lock().unwrap_or_else(PoisonError::into_inner).remove(self.scope);
        }
    }
}

/// Tells everybody why there is no number.
fn refuse(waiting: Vec<Waiting>, error: &StoreError) {
    for waiting in waiting {
        let _ = waiting.send(Err(StoreError::Database(DbErr::Custom(error.to_string()))));
    }
}

/// Takes so many numbers of a series at once; gives the last of them.
pub(crate) async fn take(conn: &impl ConnectionTrait, scope: &str, many: i64) -> Result<i64, StoreError> {
    let mut insert = Query::insert();
    insert
        .into_table(counter::Entity)
        .columns([counter::Column::Scope, counter::Column::Value])
        .values([scope.into(), many.into()])
        .map_err(|error| StoreError::Damaged(error.to_string()))?
        .on_conflict(
            OnConflict::column(counter::Column::Scope)
                .value(counter::Column::Value, Expr::col((counter::Entity, counter::Column::Value)).add(many))
                .to_owned(),
        )
        .returning(Query::returning().columns([counter::Column::Value]));
    let row = conn.query_one(&insert).await?.ok_or_else(|| StoreError::Damaged("counter".to_owned()))?;
    Ok(row.try_get("", "value")?)
}
