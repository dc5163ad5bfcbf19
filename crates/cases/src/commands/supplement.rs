//! The applicant's answer to a supplement notice (补正): files were added before, this says that everything is there.

use banhao_identity::{CaseAct, Principal};
use banhao_kernel::{ids::CaseId, problem::FieldProblem};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{context::CaseContext, entities::material, error::CaseError, loaded::LoadedCase, rules::acceptance as rules};

/// Hands the supplement in. Every material on the list must have a new file since the notice.
///
/// # Errors
/// All materials still missing at once; a wrong state; or somebody else's case.
pub async fn answer_supplement(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::Supplement)?;
                let today = LoadedCase::today(tx);
                let fact = rules::supplemented(&loaded.state, today)?;
                let open = loaded
                    .state
                    .open_supplement()
                    .ok_or(CaseError::WrongState { act: "supplement", status: loaded.state.status.as_str() })?;
                let since = banhao_kernel::clock::start_of_day(open.requested_on);
                let files = material::Entity::find()
                    .filter(material::Column::CaseId.eq(loaded.row.id))
                    .filter(material::Column::AddedAt.gte(banhao_store::Moment::from(since)))
                    .filter(material::Column::Removed.eq(false))
                    .all(tx.conn())
                    .await?;
                let requested_at = loaded.row.received_at;
                let missing: Vec<FieldProblem> = open
                    .items
                    .iter()
                    .filter(|item| {
                        loaded.version.matter.material(&item.material).is_some_and(banhao_catalogue::model::Material::is_uploaded)
                    })
                    .filter(|item| !files.iter().any(|file| file.material == item.material && file.added_at > requested_at))
                    .map(|item| {
                        let name =
                            loaded.version.matter.material(&item.material).map_or_else(String::new, |material| material.name.zh.clone());
                        FieldProblem::new(format!("material.{}", item.material), "material-missing").with_arg("material", name)
                    })
                    .collect();
                if !missing.is_empty() {
                    return Err(CaseError::Incomplete { fields: missing });
                }
                loaded.record(tx, fact, &principal);
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}
