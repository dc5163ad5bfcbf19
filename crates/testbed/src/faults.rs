//! Faults where a test says, under the program as it ships: on PostgreSQL the line to the server is cut at a statement, on SQLite the
//! database refuses a row, gives the transaction up, or refuses the commit.

use std::collections::BTreeMap;

use banhao_store::DatabaseUrl;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use crate::{
    Bed, On,
    line::{Cut, Line},
};

/// What goes wrong at the n-th statement (PostgreSQL) or row (SQLite).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// SQLite: the statement that writes the row fails, and only it is undone.
    RowFails,
    /// SQLite: the database undoes the whole transaction by itself, as when the disk is full.
    GivenUp,
    /// SQLite: all statements succeed, the commit does not.
    CommitFails,
    /// PostgreSQL: the connection is gone before the statement arrives. Reads and COMMIT count; BEGIN does not.
    CutBefore,
    /// PostgreSQL: the statement is carried out, the connection is gone before the answer arrives.
    CutAfter,
}

/// The tables that make SQLite fail; no part of what a test looks at.
const OWN: &str = "fault";

/// A bed whose database fails where told.
pub struct Faults {
    direct: DatabaseConnection,
    line: Option<Line>,
}

impl Faults {
    /// Puts itself between a bed's store and its database. The store is opened anew on PostgreSQL: take what was opened from it after
    /// this.
    ///
    /// # Panics
    /// When the database cannot be had.
    pub async fn under(bed: &mut Bed) -> Self {
        let url = match &bed.config.database {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let mut options = ConnectOptions::new(url.clone());
        options.max_connections(1).sqlx_logging(false);
        let direct = Database::connect(options).await.expect("the bed's database answers");
        let mut faults = Self { direct, line: None };
        match bed.on() {
            On::Sqlite => faults.prepare_sqlite().await,
            On::Postgres => {
                let (before, behind) = url.rsplit_once('@').expect("the address names a user");
                let (server, name) = behind.split_once('/').expect("the address names a database");
                let line = Line::to(server.to_owned()).await;
                bed.config.database = DatabaseUrl::Postgres(format!("{before}@{}/{name}", line.address));
                faults.line = Some(line);
                let through = bed.again().await;
                std::mem::replace(&mut bed.store, through).shutdown().await;
            }
        }
        faults
    }

    /// What can go wrong on this database.
    #[must_use]
    pub fn kinds(&self) -> &'static [Fault] {
        if self.line.is_some() { &[Fault::CutBefore, Fault::CutAfter] } else { &[Fault::RowFails, Fault::GivenUp, Fault::CommitFails] }
    }

    /// Lets it go wrong at the n-th statement or row from now on, counted from 1. A commit on SQLite fails if anything was written.
    ///
    /// # Panics
    /// When a fault is asked for that this database does not have.
    pub async fn arm(&self, fault: Fault, at: u32) {
        match (&self.line, fault) {
            (Some(line), Fault::CutBefore) => line.arm(at, Cut::Before),
            (Some(line), Fault::CutAfter) => line.arm(at, Cut::After),
            (None, Fault::RowFails) => self.tell(&format!("UPDATE {OWN} SET left_rows = {at}, given_up = 0, at_commit = 0")).await,
            (None, Fault::GivenUp) => self.tell(&format!("UPDATE {OWN} SET left_rows = {at}, given_up = 1, at_commit = 0")).await,
            (None, Fault::CommitFails) => self.tell(&format!("UPDATE {OWN} SET left_rows = -1, given_up = 0, at_commit = 1")).await,
            _ => unreachable!("{fault:?} on the other database"),
        }
    }

    /// Nothing goes wrong from now on.
    pub async fn disarm(&self) {
        match &self.line {
            Some(line) => line.disarm(),
            None => self.tell(&format!("UPDATE {OWN} SET left_rows = -1, given_up = 0, at_commit = 0")).await,
        }
    }

    /// A trigger before each row that is written counts down and fails; one row that keeps a promise only the commit looks at
    /// (a deferred foreign key) lets that fail.
    async fn prepare_sqlite(&self) {
        self.tell(&format!(
            "CREATE TABLE {OWN} (left_rows INTEGER, given_up INTEGER, at_commit INTEGER);
             INSERT INTO {OWN} VALUES (-1, 0, 0);
             CREATE TABLE {OWN}_kept (id INTEGER PRIMARY KEY);
             CREATE TABLE {OWN}_promised (id INTEGER REFERENCES {OWN}_kept (id) DEFERRABLE INITIALLY DEFERRED);"
        ))
        .await;
        for table in self.tables().await {
            for (name, act) in [("i", "INSERT"), ("u", "UPDATE"), ("d", "DELETE")] {
                self.tell(&format!(
                    "CREATE TRIGGER {OWN}_{name}_{table} BEFORE {act} ON \"{table}\" BEGIN
                       UPDATE {OWN} SET left_rows = left_rows - 1 WHERE left_rows > 0;
                       SELECT RAISE(ROLLBACK, 'fault') FROM {OWN} WHERE left_rows = 0 AND given_up = 1;
                       SELECT RAISE(ABORT, 'fault') FROM {OWN} WHERE left_rows = 0;
                       INSERT INTO {OWN}_promised SELECT 1 FROM {OWN} WHERE at_commit = 1;
                     END;"
                ))
                .await;
            }
        }
    }

    async fn tell(&self, sql: &str) {
        self.direct.execute_unprepared(sql).await.expect("the database is free");
    }

    /// Lets jobs that failed, or whose runner did not end, be taken again at once and as if for the first time.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn let_jobs_be_tried_again(&self) {
        self.tell("UPDATE job SET run_at = created_at WHERE attempts > 0").await;
        self.tell("UPDATE job SET attempts = 0, lease = NULL, runner = NULL, state = 'waiting', last_error = NULL WHERE attempts > 0")
            .await;
    }

    async fn texts(&self, sql: String) -> Vec<String> {
        let rows = self.direct.query_all_raw(Statement::from_string(self.direct.get_database_backend(), sql)).await;
        let rows = rows.expect("the database answers");
        rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect()
    }

    async fn tables(&self) -> Vec<String> {
        let all = if self.direct.get_database_backend() == DbBackend::Sqlite {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        } else {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        };
        self.texts(all.to_owned()).await.into_iter().filter(|table| !table.starts_with(OWN)).collect()
    }

    /// All rows of all tables, as texts, whatever the store's own connections see. Of jobs only what is to be done: how often it was tried
    /// is no part of what a command does.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let mut all = BTreeMap::new();
        for table in self.tables().await {
            let line = match (table.as_str(), self.direct.get_database_backend()) {
                ("job", DbBackend::Sqlite) => "quote(id) || kind || quote(subject) || payload".to_owned(),
                ("job", _) => "concat(id, kind, subject, payload)".to_owned(),
                (_, DbBackend::Sqlite) => {
                    let columns = self.texts(format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')")).await;
                    columns.join(" || ' ' || ")
                }
                _ => "t::text".to_owned(),
            };
            let rows = self.texts(format!("SELECT {line} FROM \"{table}\" AS t ORDER BY 1")).await;
            all.insert(table, rows);
        }
        all
    }
}

/// The first difference of two contents, in words.
#[must_use]
pub fn difference(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let (table, rows) = before.iter().find(|(table, rows)| after.get(*table) != Some(*rows))?;
    let none = Vec::new();
    let there = after.get(table).unwrap_or(&none);
    let gone = rows.iter().find(|row| !there.contains(row));
    let new = there.iter().find(|row| !rows.contains(row));
    Some(format!("{table}: {} rows, then {}; no longer {gone:?}; new {new:?}", rows.len(), there.len()))
}
