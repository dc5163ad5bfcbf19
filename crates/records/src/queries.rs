//! Reading papers and licences: for the case's pages, for their holder, for the public by code.

use std::{collections::HashMap, str::FromStr};

use banhao_kernel::{
    Date,
    ids::{CaseId, LicenceId, PaperId, PersonId},
};
use banhao_store::Store;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    entities::{licence, paper},
    error::RecordsError,
    model::{LicenceView, PaperKind, PaperState, PaperView, PublicLicence, PublicPaper},
};

fn day(text: &str) -> Result<Date, RecordsError> {
    Date::from_str(text).map_err(|error| RecordsError::Damaged(error.to_string()))
}

fn kind(name: &str) -> Result<PaperKind, RecordsError> {
    PaperKind::from_name(name).ok_or_else(|| RecordsError::Damaged(format!("paper kind {name}")))
}

fn view(row: paper::Model) -> Result<PaperView, RecordsError> {
    Ok(PaperView {
        id: PaperId::from_uuid(row.id),
        kind: kind(&row.kind)?,
        case_id: CaseId::from_uuid(row.case_id),
        recipient: PersonId::from_uuid(row.recipient),
        number: row.number,
        state: if row.state == "issued" { PaperState::Issued } else { PaperState::Ordered },
        issued_at: row.issued_at.map(Into::into),
        sha256: row.sha256,
        size: row.size.unwrap_or(0),
        verify_code: row.verify_code,
        missing_glyphs: row.missing_glyphs.unwrap_or_default(),
    })
}

/// The papers of a case, oldest first; a case has at most a few dozen.
///
/// # Errors
/// When the store fails.
pub async fn papers_of_case(store: &Store, case: CaseId) -> Result<Vec<PaperView>, RecordsError> {
    paper::Entity::find()
        .filter(paper::Column::CaseId.eq(case.as_uuid()))
        .order_by_asc(paper::Column::OrderedAt)
        .limit(200)
        .all(store.read())
        .await?
        .into_iter()
        .map(view)
        .collect()
}

/// One paper.
///
/// # Errors
/// When the store fails.
pub async fn paper(store: &Store, id: PaperId) -> Result<Option<PaperView>, RecordsError> {
    paper::Entity::find_by_id(id.as_uuid()).one(store.read()).await?.map(view).transpose()
}

/// The cases that these papers belong to.
///
/// # Errors
/// When the store fails.
pub async fn cases_of_papers(store: &Store, papers: &[PaperId]) -> Result<HashMap<PaperId, CaseId>, RecordsError> {
    if papers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = paper::Entity::find()
        .select_only()
        .columns([paper::Column::Id, paper::Column::CaseId])
        .filter(paper::Column::Id.is_in(papers.iter().map(|id| id.as_uuid())))
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows.into_iter().map(|(paper, case)| (PaperId::from_uuid(paper), CaseId::from_uuid(case))).collect())
}

/// The signed file of a paper.
///
/// # Errors
/// [`RecordsError::NotReady`] while it is being made.
pub async fn paper_bytes(store: &Store, paper: &PaperView) -> Result<Vec<u8>, RecordsError> {
    let digest = paper.sha256.as_deref().ok_or(RecordsError::NotReady)?;
    Ok(store.blobs().get(digest).await?.to_vec())
}

async fn public(store: &Store, row: paper::Model) -> Result<PublicPaper, RecordsError> {
    let licence = licence::Entity::find()
        .filter(licence::Column::Paper.eq(row.id))
        .one(store.read())
        .await?
        .map(|licence| {
            Ok::<_, RecordsError>(PublicLicence {
                number: licence.number,
                name: licence.name,
                status: licence.status,
                valid_from: day(&licence.valid_from)?,
                valid_to: licence.valid_to.as_deref().map(day).transpose()?,
            })
        })
        .transpose()?;
    Ok(PublicPaper {
        kind: kind(&row.kind)?,
        organisation: row.organisation,
        number: row.number,
        holder_masked: row.holder_masked,
        issued_at: row.issued_at.map(Into::into),
        sha256: row.sha256,
        licence,
    })
}

/// What anybody may learn of a paper by its verification code (spaces, hyphens and lower case are forgiven).
///
/// # Errors
/// When the store fails.
pub async fn check_code(store: &Store, code: &str) -> Result<Option<PublicPaper>, RecordsError> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    match paper::Entity::find().filter(paper::Column::VerifyCode.eq(code)).one(store.read()).await? {
        Some(row) => public(store, row).await.map(Some),
        None => Ok(None),
    }
}

/// The paper whose genuine file has this SHA-256.
///
/// # Errors
/// When the store fails.
pub async fn paper_with_digest(store: &Store, sha256: &str) -> Result<Option<PublicPaper>, RecordsError> {
    match paper::Entity::find().filter(paper::Column::Sha256.eq(sha256)).one(store.read()).await? {
        Some(row) => public(store, row).await.map(Some),
        None => Ok(None),
    }
}

/// A person's licences, newest first, with the verification codes of their papers.
///
/// # Errors
/// When the store fails.
pub async fn licences_of(store: &Store, person: PersonId) -> Result<Vec<LicenceView>, RecordsError> {
    let licences = licence::Entity::find()
        .filter(licence::Column::Holder.eq(person.as_uuid()))
        .order_by_desc(licence::Column::IssuedOn)
        .limit(200)
        .all(store.read())
        .await?;
    let papers =
        paper::Entity::find().filter(paper::Column::Id.is_in(licences.iter().map(|licence| licence.paper))).all(store.read()).await?;
    let codes: HashMap<_, _> = papers.into_iter().map(|paper| (paper.id, paper.verify_code)).collect();
    licences
        .into_iter()
        .map(|row| {
            Ok(LicenceView {
                id: LicenceId::from_uuid(row.id),
                verify_code: codes.get(&row.paper).cloned().unwrap_or_default(),
                number: row.number,
                paper: PaperId::from_uuid(row.paper),
                case_id: CaseId::from_uuid(row.case_id),
                name: row.name,
                organisation: row.organisation,
                issued_on: day(&row.issued_on)?,
                valid_from: day(&row.valid_from)?,
                valid_to: row.valid_to.as_deref().map(day).transpose()?,
                status: row.status,
            })
        })
        .collect()
}
