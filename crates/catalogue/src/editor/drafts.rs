//! Drafts of new versions: begun from the latest version, changed by editors, handed to somebody else to be published. Every change is a
//! command with its fact; who comes second is told so. Who may do what the policies say (`policies/desk.cedar`); that whoever changed a
//! draft does not publish it is looked at here once more, under the lock.

use std::collections::BTreeSet;

use banhao_kernel::{Timestamp, actor::Actor, digest::sha256_hex, ids::StaffId};
use banhao_store::{Moment, NewFact, Store, Tx};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;

use super::error::DraftError;
use crate::entities::{draft, draft_edit};

/// How far a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftState {
    /// Being changed.
    Editing,
    /// Waits for somebody else to check and publish it.
    Submitted,
    /// A version.
    Published,
    /// Given up.
    Discarded,
}

impl DraftState {
    /// Stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Editing => "editing",
            Self::Submitted => "submitted",
            Self::Published => "published",
            Self::Discarded => "discarded",
        }
    }

    fn parse(word: &str) -> Result<Self, DraftError> {
        [Self::Editing, Self::Submitted, Self::Published, Self::Discarded]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| DraftError::Damaged(format!("draft state {word}")))
    }

    /// Whether it can still become a version.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Editing | Self::Submitted)
    }
}

/// What a draft holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Process, as text.
    pub process: String,
    /// Decisions, as text.
    pub decisions: Option<String>,
}

impl Content {
    pub(super) fn digest(&self) -> String {
        sha256_hex(
            format!("{}\n{}", sha256_hex(self.process.as_bytes()), sha256_hex(self.decisions.as_deref().unwrap_or_default().as_bytes()))
                .as_bytes(),
        )
    }
}

/// Acts of those who write what a draft holds.
pub(super) const WRITING: [&str; 3] = ["begun", "saved", "rebased"];

/// A change of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftEdit {
    /// `begun`, `saved`, `rebased`, `submitted`, `returned`, `published`, `discarded`.
    pub act: String,
    /// Who.
    pub staff: StaffId,
    /// When.
    pub at: Timestamp,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Id.
    pub id: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// Version it began as.
    pub based_on: u32,
    /// How far it is.
    pub state: DraftState,
    /// What it holds.
    pub content: Content,
    /// What the one who checked it says.
    pub note: String,
    /// Version it was published as.
    pub published_as: Option<u32>,
    /// Counts its changes; a command names the one it saw.
    pub row_version: i32,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: StaffId,
    /// Its changes, first to last; empty in lists.
    pub edits: Vec<DraftEdit>,
}

impl Draft {
    /// Who changed what it holds: they do not publish it.
    #[must_use]
    pub fn editors(&self) -> BTreeSet<StaffId> {
        self.edits.iter().filter(|edit| WRITING.contains(&edit.act.as_str())).map(|edit| edit.staff).collect()
    }

    /// Whether the last thing that happened to it is this act of this person: the same button pressed once more changes nothing.
    #[must_use]
    pub fn was_just(&self, act: &str, staff: StaffId) -> bool {
        self.edits.last().is_some_and(|edit| edit.act == act && edit.staff == staff)
    }

    fn of(row: draft::Model) -> Result<Self, DraftError> {
        let number = |version: i32| u32::try_from(version).unwrap_or_default();
        Ok(Self {
            id: row.id,
            matter: row.matter,
            based_on: number(row.based_on),
            state: DraftState::parse(&row.state)?,
            content: Content { process: row.process, decisions: row.decisions },
            note: row.note,
            published_as: row.published_as.map(number),
            row_version: row.row_version,
            changed_at: row.changed_at.into(),
            changed_by: StaffId::from_uuid(row.changed_by),
            edits: Vec::new(),
        })
    }
}

/// A draft with its changes.
///
/// # Errors
/// There is none; the store fails.
pub async fn draft(store: &Store, id: Uuid) -> Result<Draft, DraftError> {
    let row = draft::Entity::find_by_id(id).one(store.read()).await?.ok_or(DraftError::NotFound)?;
    let mut found = Draft::of(row)?;
    let edits = draft_edit::Entity::find()
        .filter(draft_edit::Column::Draft.eq(id))
        .order_by_asc(draft_edit::Column::RowVersion)
        .all(store.read())
        .await?;
    found.edits =
        edits.into_iter().map(|edit| DraftEdit { act: edit.act, staff: StaffId::from_uuid(edit.staff), at: edit.at.into() }).collect();
    Ok(found)
}

/// Drafts in work, the last changed first; of one matter or of all.
///
/// # Errors
/// The store fails.
pub async fn open_drafts(store: &Store, matter: Option<&str>) -> Result<Vec<Draft>, DraftError> {
    let mut query = draft::Entity::find()
        .filter(draft::Column::State.is_in([DraftState::Editing.as_str(), DraftState::Submitted.as_str()]))
        .order_by_desc(draft::Column::ChangedAt)
        .limit(500);
    if let Some(matter) = matter {
        query = query.filter(draft::Column::Matter.eq(matter));
    }
    query.all(store.read()).await?.into_iter().map(Draft::of).collect()
}

/// Who wrote a version that was published from drafts; nobody when it came with an import.
///
/// # Errors
/// The store fails.
pub async fn editors_of_version(store: &Store, matter: &str, version: u32) -> Result<BTreeSet<StaffId>, DraftError> {
    let drafts: Vec<Uuid> = draft::Entity::find()
        .select_only()
        .column(draft::Column::Id)
        .filter(draft::Column::Matter.eq(matter))
        .filter(draft::Column::PublishedAs.eq(i32::try_from(version).unwrap_or(i32::MAX)))
        .into_tuple()
        .all(store.read())
        .await?;
    let mut editors = BTreeSet::new();
    for id in drafts {
        editors.extend(draft(store, id).await?.editors());
    }
    Ok(editors)
}

/// What a new draft begins as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// Its id: whoever asks twice with the same gets the same draft.
    pub id: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// Version it begins as.
    pub based_on: u32,
    /// What it holds.
    pub content: Content,
}

/// Begins a draft. Asked once more for a draft that is there already, nothing is written.
///
/// # Errors
/// There is a draft of another matter with this id; the store fails.
pub async fn begin_draft(store: &Store, new: NewDraft, staff: StaffId) -> Result<Uuid, DraftError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let now = Moment::from(tx.now());
                let row = draft::Model {
                    id: new.id,
                    matter: new.matter,
                    based_on: i32::try_from(new.based_on).unwrap_or(i32::MAX),
                    state: DraftState::Editing.as_str().to_owned(),
                    process: new.content.process,
                    decisions: new.content.decisions,
                    note: String::new(),
                    published_as: None,
                    row_version: 1,
                    begun_at: now,
                    changed_at: now,
                    changed_by: staff.as_uuid(),
                };
                let once = OnConflict::column(draft::Column::Id).do_nothing().to_owned();
                let insert = draft::Entity::insert(row.clone().into_active_model()).on_conflict(once);
                if insert.exec_without_returning(tx.conn()).await? == 0 {
                    let there = draft::Entity::find_by_id(row.id).one(tx.conn()).await?;
                    return if there.is_some_and(|there| there.matter == row.matter) { Ok(row.id) } else { Err(DraftError::NotFound) };
                }
                note(tx, &row, "begun", staff).await?;
                Ok(row.id)
            })
        })
        .await
}

/// A draft under lock, when it is as the command saw it.
pub(super) async fn locked(tx: &Tx, id: Uuid, seen: i32, states: &[DraftState]) -> Result<draft::Model, DraftError> {
    let query = draft::Entity::find_by_id(id).lock_exclusive();
    let row = query.one(tx.conn()).await?.ok_or(DraftError::NotFound)?;
    if row.row_version != seen {
        return Err(DraftError::Changed { by: StaffId::from_uuid(row.changed_by) });
    }
    let state = DraftState::parse(&row.state)?;
    if states.contains(&state) { Ok(row) } else { Err(DraftError::WrongState { state }) }
}

/// Writes a changed draft, who changed it and the fact.
pub(super) async fn changed(tx: &mut Tx, mut row: draft::Model, act: &str, staff: StaffId) -> Result<i32, DraftError> {
    row.row_version += 1;
    row.changed_at = Moment::from(tx.now());
    row.changed_by = staff.as_uuid();
    row.clone().into_active_model().reset_all().update(tx.conn()).await?;
    note(tx, &row, act, staff).await?;
    Ok(row.row_version)
}

async fn note(tx: &mut Tx, row: &draft::Model, act: &str, staff: StaffId) -> Result<(), DraftError> {
    let sha256 = Content { process: row.process.clone(), decisions: row.decisions.clone() }.digest();
    draft_edit::ActiveModel {
        draft: Set(row.id),
        row_version: Set(row.row_version),
        act: Set(act.to_owned()),
        staff: Set(staff.as_uuid()),
        at: Set(Moment::from(tx.now())),
        digest: Set(sha256.clone()),
    }
    .insert(tx.conn())
    .await?;
    let mut body = json!({ "key": row.matter, "based_on": row.based_on, "row_version": row.row_version, "sha256": sha256 });
    if let (Some(version), Some(body)) = (row.published_as, body.as_object_mut()) {
        body.insert("version".to_owned(), json!(version));
    }
    tx.state(NewFact {
        subject_kind: "definition-draft",
        subject: row.id,
        kind: format!("definition.draft-{act}"),
        actor: Actor::Staff(staff),
        body,
    });
    Ok(())
}

/// Saves what an editor wrote. Gives the count of changes to name next time.
///
/// # Errors
/// [`DraftError::Changed`] when somebody else was first; the draft is not being edited; the store fails.
pub async fn save_draft(store: &Store, id: Uuid, seen: i32, content: Content, staff: StaffId) -> Result<i32, DraftError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut row = locked(tx, id, seen, &[DraftState::Editing]).await?;
                row.process = content.process;
                row.decisions = content.decisions;
                changed(tx, row, "saved", staff).await
            })
        })
        .await
}

/// Takes a draft a step further: `submitted`, `returned` with what has to be changed, `discarded`.
///
/// # Errors
/// As [`save_draft`].
pub async fn move_draft(store: &Store, id: Uuid, seen: i32, step: DraftStep, staff: StaffId) -> Result<i32, DraftError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut row = locked(tx, id, seen, step.from()).await?;
                let (state, act) = match &step {
                    DraftStep::Submit => (DraftState::Submitted, "submitted"),
                    DraftStep::SendBack(_) => (DraftState::Editing, "returned"),
                    DraftStep::Discard => (DraftState::Discarded, "discarded"),
                };
                state.as_str().clone_into(&mut row.state);
                if let DraftStep::SendBack(why) = step {
                    row.note = why;
                }
                changed(tx, row, act, staff).await
            })
        })
        .await
}

/// A step of a draft that changes nothing of what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftStep {
    /// Handed over to be checked and published.
    Submit,
    /// Given back with what has to be changed.
    SendBack(String),
    /// Given up.
    Discard,
}

impl DraftStep {
    const fn from(&self) -> &'static [DraftState] {
        match self {
            Self::Submit => &[DraftState::Editing],
            Self::SendBack(_) => &[DraftState::Submitted],
            Self::Discard => &[DraftState::Editing, DraftState::Submitted],
        }
    }
}
