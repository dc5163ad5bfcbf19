//! Reading drafts: for going on with an application.

use banhao_identity::{IdentityError, Principal};
use banhao_kernel::{
    Timestamp,
    ids::{CaseId, DraftId, MaterialId, PersonId, StaffId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    commands::draft::may_edit,
    context::CaseContext,
    entities::{draft, material},
    error::CaseError,
    sealed::{Answers, open_answers, open_file_name},
};

/// A file as its owner and the desk see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Id.
    pub id: MaterialId,
    /// Key of the material.
    pub material: String,
    /// Name as the applicant called it.
    pub name: String,
    /// Media type by content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content.
    pub sha256: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// `in-order`, `not-in-order`, or nothing yet.
    pub check_state: Option<String>,
}

/// A draft, opened.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// Id.
    pub id: DraftId,
    /// Whose.
    pub person: PersonId,
    /// Key of the matter.
    pub matter: String,
    /// Version of the matter.
    pub matter_version: u32,
    /// Hall and window, when taken in person.
    pub hall: Option<String>,
    /// When it was last saved.
    pub updated_at: Timestamp,
    /// Answers so far.
    pub answers: Answers,
    /// Files so far.
    pub files: Vec<FileView>,
    /// The case it became.
    pub case: Option<CaseId>,
}

/// One line in the list of a person's drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Id.
    pub id: DraftId,
    /// Key of the matter.
    pub matter: String,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

pub(crate) fn file_view(vault: &banhao_store::Vault, row: material::Model) -> Result<FileView, CaseError> {
    Ok(FileView {
        id: MaterialId::from_uuid(row.id),
        material: row.material,
        name: open_file_name(vault, &row.file_name)?,
        media_type: row.media_type,
        size: row.size,
        sha256: row.sha256,
        added_at: row.added_at.into(),
        check_state: row.check_state,
    })
}

pub(crate) async fn files_of(ctx: &CaseContext, draft: uuid::Uuid) -> Result<Vec<FileView>, CaseError> {
    material::Entity::find()
        .filter(material::Column::Draft.eq(draft))
        .filter(material::Column::Removed.eq(false))
        .order_by_asc(material::Column::AddedAt)
        .limit(500)
        .all(ctx.store.read())
        .await?
        .into_iter()
        .map(|row| file_view(ctx.store.vault(), row))
        .collect()
}

/// A draft that the principal may work on.
///
/// # Errors
/// Not found when it is somebody else's.
pub async fn draft(ctx: &CaseContext, principal: &Principal, id: DraftId) -> Result<DraftView, CaseError> {
    if matches!(principal, Principal::Anonymous) {
        return Err(IdentityError::Anonymous.into());
    }
    let row = draft::Entity::find_by_id(id.as_uuid())
        .one(ctx.store.read())
        .await?
        .filter(|row| may_edit(principal, row))
        .ok_or(CaseError::NotFound { what: "draft" })?;
    Ok(DraftView {
        id,
        person: PersonId::from_uuid(row.person),
        answers: open_answers(ctx.store.vault(), &row.answers)?,
        files: files_of(ctx, row.id).await?,
        matter: row.matter,
        matter_version: u32::try_from(row.matter_version).unwrap_or(0),
        hall: row.hall,
        updated_at: row.updated_at.into(),
        case: row.case_id.map(CaseId::from_uuid),
    })
}

/// A person's unfinished applications, newest first.
///
/// # Errors
/// When the store fails.
pub async fn drafts_of(ctx: &CaseContext, person: PersonId) -> Result<Vec<DraftLine>, CaseError> {
    open_drafts(ctx, Condition::all().add(draft::Column::Person.eq(person.as_uuid())).add(draft::Column::TakenBy.is_null())).await
}

/// Applications that a clerk has begun to take and not yet submitted, newest first.
///
/// # Errors
/// When the store fails.
pub async fn drafts_taken_by(ctx: &CaseContext, clerk: StaffId) -> Result<Vec<DraftLine>, CaseError> {
    open_drafts(ctx, Condition::all().add(draft::Column::TakenBy.eq(clerk.as_uuid()))).await
}

/// The newest of those that are not yet submitted.
async fn open_drafts(ctx: &CaseContext, whose: Condition) -> Result<Vec<DraftLine>, CaseError> {
    let rows = draft::Entity::find()
        .filter(whose)
        .filter(draft::Column::CaseId.is_null())
        .order_by_desc(draft::Column::UpdatedAt)
        .limit(20)
        .all(ctx.store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| DraftLine { id: DraftId::from_uuid(row.id), matter: row.matter, updated_at: row.updated_at.into() })
        .collect())
}

/// A file of a draft that the principal may work on: media type, name and content address.
///
/// # Errors
/// Not found when it is somebody else's.
pub async fn draft_file(ctx: &CaseContext, principal: &Principal, id: DraftId, file: MaterialId) -> Result<FileView, CaseError> {
    let view = draft(ctx, principal, id).await?;
    view.files.into_iter().find(|there| there.id == file).ok_or(CaseError::NotFound { what: "file" })
}
