//! Files: added to a draft or, while a supplement is open, to a case; taken out again; checked by staff.

use banhao_identity::{CaseAct, Principal};
use banhao_kernel::ids::{CaseId, DraftId, MaterialId};
use banhao_store::{Moment, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    commands::draft::editable,
    context::CaseContext,
    entities::material,
    error::CaseError,
    facts::{CaseFact, MaterialDigest},
    loaded::LoadedCase,
    model::CaseStatus,
    sealed::seal_file_name,
};

/// Files of one material; more than a handful is a mistake or an attack.
const PER_MATERIAL: u64 = 20;

/// A file that is already in the file store.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// Key of the material it is for.
    pub material: String,
    /// Name as the applicant called it.
    pub name: String,
    /// Media type found by looking at the content.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

async fn insert(
    tx: &mut Tx,
    file: &StoredFile,
    draft: Uuid,
    case_id: Option<Uuid>,
    principal: &Principal,
) -> Result<MaterialId, CaseError> {
    let there = material::Entity::find()
        .filter(material::Column::Draft.eq(draft))
        .filter(material::Column::Material.eq(file.material.clone()))
        .filter(material::Column::Removed.eq(false))
        .count(tx.conn())
        .await?;
    if there >= PER_MATERIAL {
        return Err(CaseError::FileRefused { why: "too-many" });
    }
    let id = MaterialId::generate(tx.clock(), tx.entropy());
    let row = material::ActiveModel {
        id: Set(id.as_uuid()),
        draft: Set(draft),
        case_id: Set(case_id),
        material: Set(file.material.clone()),
        file_name: Set(seal_file_name(tx.vault(), &file.name)?),
        media_type: Set(file.media_type.clone()),
        size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
        sha256: Set(file.sha256.clone()),
        added_at: Set(Moment::from(tx.now())),
        added_by: Set(principal.actor().as_text()),
        check_state: Set(None),
        removed: Set(false),
    };
    material::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Adds a file to a draft.
///
/// # Errors
/// When the draft is not the principal's or is submitted, or the matter knows no such material.
pub async fn add_material(ctx: &CaseContext, principal: &Principal, draft: DraftId, file: StoredFile) -> Result<MaterialId, CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let row = editable(tx, &principal, draft).await?;
                if row.case_id.is_some() {
                    return Err(CaseError::WrongState { act: "edit", status: "submitted" });
                }
                let known = snapshot
                    .matter_version(&row.matter, u32::try_from(row.matter_version).unwrap_or(0))
                    .is_some_and(|version| version.matter.materials.iter().any(|material| material.key == file.material));
                if !known {
                    return Err(CaseError::FileRefused { why: "unknown-material" });
                }
                insert(tx, &file, row.id, None, &principal).await
            })
        })
        .await
}

/// Takes a file out of a draft. The content stays until nobody refers to it; the record says it was removed.
///
/// # Errors
/// When the draft is not the principal's or is submitted, or has no such file.
pub async fn remove_material(ctx: &CaseContext, principal: &Principal, draft: DraftId, file: MaterialId) -> Result<(), CaseError> {
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let row = editable(tx, &principal, draft).await?;
                if row.case_id.is_some() {
                    return Err(CaseError::WrongState { act: "edit", status: "submitted" });
                }
                let file = material::Entity::find_by_id(file.as_uuid())
                    .one(tx.conn())
                    .await?
                    .filter(|file| file.draft == row.id)
                    .ok_or(CaseError::NotFound { what: "file" })?;
                let mut changed = file.into_active_model();
                changed.removed = Set(true);
                changed.update(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}

/// Adds a file to a case: by the applicant while a supplement is open, or by the clerk before acceptance.
///
/// # Errors
/// When the case does not wait for files, or the policies forbid it.
pub async fn add_case_material(ctx: &CaseContext, principal: &Principal, case: CaseId, file: StoredFile) -> Result<MaterialId, CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::Supplement)?;
                let waits = loaded.state.status == CaseStatus::Supplement
                    || (loaded.state.status == CaseStatus::Received && principal.staff().is_some());
                if !waits {
                    return Err(CaseError::WrongState { act: "add-file", status: loaded.state.status.as_str() });
                }
                if !loaded.version.matter.materials.iter().any(|material| material.key == file.material) {
                    return Err(CaseError::FileRefused { why: "unknown-material" });
                }
                let id = insert(tx, &file, loaded.row.draft, Some(loaded.row.id), &principal).await?;
                let digest = MaterialDigest { key: file.material, sha256: file.sha256 };
                loaded.record(tx, CaseFact::MaterialAdded { material: id, digest }, &principal);
                loaded.save(tx).await?;
                Ok(id)
            })
        })
        .await
}

/// A clerk looked at a material and found it in order, or not.
///
/// # Errors
/// When the policies forbid it or the case has no such material.
pub async fn check_material(ctx: &CaseContext, principal: &Principal, case: CaseId, key: &str, in_order: bool) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, key) = (principal.clone(), key.to_owned());
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::CheckMaterial)?;
                let changed = material::Entity::update_many()
                    .col_expr(
                        material::Column::CheckState,
                        sea_orm::sea_query::Expr::value(if in_order { "in-order" } else { "not-in-order" }),
                    )
                    .filter(material::Column::Draft.eq(loaded.row.draft))
                    .filter(material::Column::Material.eq(key.clone()))
                    .filter(material::Column::Removed.eq(false))
                    .exec(tx.conn())
                    .await?;
                if changed.rows_affected == 0 {
                    return Err(CaseError::NotFound { what: "material" });
                }
                loaded.record(tx, CaseFact::MaterialChecked { material: key, in_order }, &principal);
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}
