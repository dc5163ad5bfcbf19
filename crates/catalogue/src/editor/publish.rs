//! A draft checked as an import would check it, and published as a new version of its matter: the files in force with this matter's
//! process and decisions replaced, through the same checks and the same writing as an import.

use banhao_kernel::{Date, actor::Actor, ids::StaffId};
use banhao_store::Store;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    drafts::{Content, DraftState, WRITING, changed, locked},
    error::DraftError,
    guide::with_release,
};
use crate::{
    entities::{draft_edit, import},
    folder::{self, DefinitionProblem, Definitions, SourceFile},
    versions::{self, stored, units},
};

/// What a new version says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// First day.
    pub effective_from: Date,
    /// Document that orders the change 依据文号.
    pub change_document: String,
}

/// The files in force with those of one matter replaced.
fn replaced(mut files: Vec<SourceFile>, matter: &str, content: &Content) -> Vec<SourceFile> {
    let of = |name: &str| format!("matters/{matter}/{name}");
    let (process, decisions) = (of("process.bpmn"), of("decisions.dmn"));
    files.retain(|file| file.path != process && file.path != decisions);
    files.push(SourceFile::new(process, content.process.clone()));
    if let Some(text) = &content.decisions {
        files.push(SourceFile::new(decisions, text.clone()));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What checking found in the process and the decisions of a matter; errors and warnings.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Of the process: the field is the id of the element.
    pub process: Vec<DefinitionProblem>,
    /// Of the decisions: the field is the decision.
    pub decisions: Vec<DefinitionProblem>,
    /// Of any other file: only with errors.
    pub others: Vec<DefinitionProblem>,
}

impl Checked {
    fn of(problems: Vec<DefinitionProblem>, matter: &str) -> Self {
        let mut checked = Self::default();
        for problem in problems {
            match problem.file.strip_prefix("matters/").and_then(|path| path.strip_prefix(matter)) {
                Some("/process.bpmn") => checked.process.push(problem),
                Some("/decisions.dmn") => checked.decisions.push(problem),
                _ if problem.severity == folder::Severity::Error => checked.others.push(problem),
                _ => {}
            }
        }
        checked
    }

    /// Everything.
    pub fn all(&self) -> impl Iterator<Item = &DefinitionProblem> {
        self.process.iter().chain(&self.decisions).chain(&self.others)
    }

    /// Whether it could be published.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.all().all(|problem| problem.severity == folder::Severity::Warning)
    }
}

/// Checks what a draft holds together with everything else that is in force, as an import does.
///
/// # Errors
/// The store fails.
pub async fn check_content(store: &Store, matter: &str, content: &Content) -> Result<Checked, DraftError> {
    let files = replaced(versions::latest_files(store).await?, matter, content);
    let key = matter.to_owned();
    let problems = parsed(files).await?.map_or_else(|problems| problems, |(_, definitions)| definitions.warnings);
    Ok(Checked::of(problems, &key))
}

type Parsed = Result<(Vec<SourceFile>, Definitions), Vec<DefinitionProblem>>;

/// Reading everything takes a while: not on the threads that answer requests.
async fn parsed(files: Vec<SourceFile>) -> Result<Parsed, DraftError> {
    tokio::task::spawn_blocking(move || folder::parse(&files).map(|definitions| (files, definitions)))
        .await
        .map_err(|error| DraftError::Damaged(error.to_string()))
}

/// How often publishing begins anew because something else was published between reading and writing.
const ATTEMPTS: usize = 5;

/// Publishes a submitted draft. Gives the new version.
///
/// # Errors
/// [`DraftError::Problems`] with every mistake, [`DraftError::FourEyes`], [`DraftError::Outdated`]; it was changed or is not submitted.
/// Nothing is changed then.
pub async fn publish_draft(store: &Store, id: Uuid, seen: i32, release: Release, staff: StaffId) -> Result<u32, DraftError> {
    for _ in 0..ATTEMPTS {
        let version = published(store, id, seen, &release, staff).await;
        versions::imported();
        if let Some(version) = version? {
            return Ok(version);
        }
    }
    Err(DraftError::Busy)
}

/// Publishes with everything as it stands now; none when it stood differently by the time of writing.
async fn published(store: &Store, id: Uuid, seen: i32, release: &Release, staff: StaffId) -> Result<Option<u32>, DraftError> {
    let draft = super::draft(store, id).await?;
    if draft.editors().contains(&staff) {
        return Err(DraftError::FourEyes);
    }
    if draft.row_version != seen {
        return Err(DraftError::Changed { by: draft.changed_by });
    }
    if draft.state != DraftState::Submitted {
        return Err(DraftError::WrongState { state: draft.state });
    }
    let before = stored::revision(store.read()).await?.unwrap_or_default();
    let files = versions::latest_files(store).await?;
    let path = format!("matters/{}/matter.toml", draft.matter);
    let latest = latest_version(store, &draft.matter).await?;
    if latest != draft.based_on {
        return Err(DraftError::Outdated { based_on: draft.based_on, latest });
    }
    let version = latest + 1;
    let mut files = replaced(files, &draft.matter, &draft.content);
    let guide = files.iter_mut().find(|file| file.path == path).ok_or(DraftError::Withdrawn)?;
    let text = with_release(&guide.text, version, release.effective_from, &release.change_document).ok_or_else(|| {
        DraftError::Damaged(format!("{path}: version, effective_from and change_document must stand on lines of their own"))
    })?;
    *guide = SourceFile::new(path, text);
    let (files, definitions) = parsed(files).await?.map_err(DraftError::Problems)?;
    let units = units(&files);
    let written = store
        .write(move |tx| {
            Box::pin(async move {
                let mut row = locked(tx, id, seen, &[DraftState::Submitted]).await?;
                let own = draft_edit::Entity::find()
                    .filter(draft_edit::Column::Draft.eq(id))
                    .filter(draft_edit::Column::Staff.eq(staff.as_uuid()))
                    .filter(draft_edit::Column::Act.is_in(WRITING))
                    .count(tx.conn())
                    .await?;
                if own > 0 {
                    return Err(Unwritten::Draft(DraftError::FourEyes));
                }
                let report = versions::write(tx, &units, &definitions, Actor::Staff(staff)).await;
                // Imports take turns from here on. One between our reading and now would be undone by ours, or keeps ours from fitting.
                let since = import::Entity::find().filter(import::Column::Revision.gt(before)).count(tx.conn()).await?;
                if since != u64::from(report.is_ok()) {
                    return Err(Unwritten::Overtaken);
                }
                report.map_err(DraftError::from)?;
                DraftState::Published.as_str().clone_into(&mut row.state);
                row.published_as = i32::try_from(version).ok();
                changed(tx, row, "published", staff).await?;
                Ok(version)
            })
        })
        .await;
    match written {
        Ok(version) => Ok(Some(version)),
        Err(Unwritten::Overtaken) => Ok(None),
        Err(Unwritten::Draft(error)) => Err(error),
    }
}

/// Why nothing was written.
enum Unwritten {
    /// Something else was published meanwhile.
    Overtaken,
    Draft(DraftError),
}

impl From<DraftError> for Unwritten {
    fn from(error: DraftError) -> Self {
        Self::Draft(error)
    }
}

impl From<banhao_store::StoreError> for Unwritten {
    fn from(error: banhao_store::StoreError) -> Self {
        Self::Draft(error.into())
    }
}

impl From<sea_orm::DbErr> for Unwritten {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Draft(error.into())
    }
}

/// The latest version of a matter, also one that is not in force yet.
///
/// # Errors
/// There is none; the store fails.
pub async fn latest_version(store: &Store, matter: &str) -> Result<u32, DraftError> {
    let rows = stored::Rows::load(store.read()).await?;
    let row = rows.latest().get(&("matter", matter)).map(|row| row.version);
    row.and_then(|version| u32::try_from(version).ok()).ok_or(DraftError::NotFound)
}
