//! Facts (事实): append-only, written with the rows they explain, later placed in the ledger.

use banhao_kernel::{Timestamp, actor::Actor, ids::FactId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{InsertStatement, NullOrdering, Query},
};
use uuid::Uuid;

use crate::{error::StoreError, moment::Moment, tables::fact};

/// A fact about to be stated. The body holds no personal data: strings, integers, lists and objects only.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFact {
    /// What kind of thing it is about: `case`, `licence`, `definition` …
    pub subject_kind: &'static str,
    /// What it is about.
    pub subject: Uuid,
    /// What happened: `case.accepted` …
    pub kind: String,
    /// Who did it.
    pub actor: Actor,
    /// The rest.
    pub body: serde_json::Value,
}

/// A fact as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Order of writing.
    pub seq: i64,
    /// Id.
    pub id: FactId,
    /// When.
    pub at: Timestamp,
    /// What kind of thing it is about.
    pub subject_kind: String,
    /// What it is about.
    pub subject: Uuid,
    /// What happened.
    pub kind: String,
    /// Who did it, as text.
    pub actor: String,
    /// The rest.
    pub body: serde_json::Value,
    /// Place in the ledger, once it has one (at most about a second after the commit).
    pub leaf_index: Option<i64>,
}

impl Fact {
    /// The fact as the ledger hashes it.
    #[must_use]
    pub fn to_leaf(&self) -> banhao_ledger::Fact {
        banhao_ledger::Fact {
            id: self.id.to_string(),
            at: self.at.as_microsecond(),
            subject_kind: self.subject_kind.clone(),
            subject: self.subject.to_string(),
            kind: self.kind.clone(),
            actor: self.actor.clone(),
            body: self.body.clone(),
        }
    }
}

impl From<fact::Model> for Fact {
    fn from(row: fact::Model) -> Self {
        Self {
            seq: row.seq,
            id: FactId::from_uuid(row.id),
            at: row.at.into(),
            subject_kind: row.subject_kind,
            subject: row.subject,
            kind: row.kind,
            actor: row.actor,
            body: row.body,
            leaf_index: row.leaf_index,
        }
    }
}

/// Most facts of one thing that are read at once; a case has dozens.
const LIMIT: u64 = 10_000;

/// The statement that writes them, of which there is at least one.
pub(crate) fn insertion(now: Moment, facts: Vec<(FactId, NewFact)>) -> Result<InsertStatement, StoreError> {
    let mut insert = Query::insert();
    insert.into_table(fact::Entity).columns([
        fact::Column::Id,
        fact::Column::At,
        fact::Column::SubjectKind,
        fact::Column::Subject,
        fact::Column::Kind,
        fact::Column::Actor,
        fact::Column::Body,
    ]);
    for (id, fact) in facts {
        // A body without canonical form could never be placed and would hold up every fact after it.
        banhao_ledger::canonical(&fact.body).map_err(|error| StoreError::BrokeOff(format!("fact {}: {error}", fact.kind)))?;
        insert
            .values([
                id.as_uuid().into(),
                now.0.into(),
                fact.subject_kind.into(),
                fact.subject.into(),
                fact.kind.into(),
                fact.actor.as_text().into(),
                fact.body.into(),
            ])
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
    }
    Ok(insert)
}

/// The facts about one thing, in the order they were stated. Those with a place in the ledger come in its order, which is
/// signed; `seq` is not.
///
/// # Errors
/// When the database fails.
pub async fn of(conn: &impl ConnectionTrait, subject: Uuid) -> Result<Vec<Fact>, StoreError> {
    let rows = fact::Entity::find()
        .filter(fact::Column::Subject.eq(subject))
        .order_by_with_nulls(fact::Column::LeafIndex, Order::Asc, NullOrdering::Last)
        .order_by_asc(fact::Column::Seq)
        .limit(LIMIT)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Fact::from).collect())
}

/// One fact.
///
/// # Errors
/// When the database fails.
pub async fn one(conn: &impl ConnectionTrait, id: FactId) -> Result<Option<Fact>, StoreError> {
    Ok(fact::Entity::find().filter(fact::Column::Id.eq(id.as_uuid())).one(conn).await?.map(Fact::from))
}

/// The newest facts of some kinds, newest first.
///
/// # Errors
/// When the database fails.
pub async fn latest(conn: &impl ConnectionTrait, kinds: &[&str], limit: u64) -> Result<Vec<Fact>, StoreError> {
    let rows = fact::Entity::find()
        .filter(fact::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_desc(fact::Column::At)
        .limit(limit.min(LIMIT))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Fact::from).collect())
}
