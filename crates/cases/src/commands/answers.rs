//! Saving answers page by page (暂存). Half-finished and wrong answers are kept: nothing a person typed is lost.

use banhao_identity::Principal;
use banhao_kernel::ids::DraftId;
use banhao_store::Moment;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Map, Value};

use crate::{
    commands::draft::editable,
    context::CaseContext,
    error::CaseError,
    sealed::{Answers, open_answers, seal_answers},
};

fn merge(all: &mut Map<String, Value>, new: Map<String, Value>) {
    for (key, value) in new {
        let empty = value.is_null() || value.as_str().is_some_and(str::is_empty);
        if empty {
            all.remove(&key);
        } else {
            all.insert(key, value);
        }
    }
}

/// Merges answers into a draft; an empty text takes an answer away.
///
/// # Errors
/// When the draft is not the principal's, or has been submitted already.
pub async fn save_answers(ctx: &CaseContext, principal: &Principal, draft: DraftId, answers: Answers) -> Result<(), CaseError> {
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let row = editable(tx, &principal, draft).await?;
                if row.case_id.is_some() {
                    return Err(CaseError::WrongState { act: "edit", status: "submitted" });
                }
                let mut all = open_answers(tx.vault(), &row.answers)?;
                merge(&mut all.form, answers.form);
                merge(&mut all.q, answers.q);
                let mut changed = row.into_active_model();
                changed.answers = Set(seal_answers(tx.vault(), &all)?);
                changed.updated_at = Set(Moment::from(tx.now()));
                changed.update(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}
