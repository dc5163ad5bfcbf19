//! A case goes on by the process of another version: the rows of its steps and of what it waits for follow the engine's state.

use std::sync::Arc;

use banhao_bpmn::{Instance, Node, Stand};
use banhao_catalogue::forms;
use banhao_identity::Principal;
use banhao_store::Tx;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{CONDITIONS, OPEN, WAITING, record_decisions, save, steps, waiting};
use crate::{
    entities::task,
    error::CaseError,
    loaded::LoadedCase,
    rules::moving::{Hindrance, Moved, Standing, Way},
    sealed::open_answers,
};

/// What becomes of the case, looked at as it stands now.
///
/// # Errors
/// When its records cannot be read; what stands in its way is no error.
pub(crate) async fn look(tx: &mut Tx, case: &mut LoadedCase, way: &Way) -> Result<Result<Moved, Vec<Hindrance>>, CaseError> {
    let instance = super::instance(tx, case).await?;
    let answers = forms::process_variables(&case.version.form, &open_answers(tx.vault(), &case.row.answers)?);
    let new = Arc::clone(way.new_version());
    let conditions = CONDITIONS.of(&new);
    let looked = way.look(Standing { instance: &instance, answers: &answers }, &conditions);
    if looked.is_ok() {
        record_decisions(tx, case, &new, conditions.into_asked());
    }
    Ok(looked)
}

/// Writes a move down: the steps that are open are the new version's now, with its names, posts and departments; what is waited for is
/// found under its new names. Timers that run keep their time: it was counted when they were set.
pub(crate) async fn follow(tx: &mut Tx, case: &mut LoadedCase, way: &Way, moved: Moved) -> Result<(), CaseError> {
    case.course = Arc::clone(way.new_version());
    let (mut instance, events) = (moved.step.instance, moved.step.events);
    rename_steps(tx, case, way, &instance).await?;
    waiting::rename(tx, case, &instance).await?;
    steps::write(tx, case, &mut instance, events, &Principal::System).await?;
    save(tx, case, &instance).await
}

async fn rename_steps(tx: &mut Tx, case: &mut LoadedCase, way: &Way, instance: &Instance) -> Result<(), CaseError> {
    let course = Arc::clone(&case.course);
    let rows = task::Entity::find().filter(task::Column::CaseId.eq(case.row.id)).all(tx.conn()).await?;
    let mut here = Vec::new();
    for row in rows {
        let mut now = row.clone();
        if let Some(to) = way.renamed().get(&row.element) {
            now.element.clone_from(to);
        }
        let is_open = [OPEN, WAITING].contains(&row.state.as_str());
        let token = super::token(&row)?;
        if is_open
            && let Some(token) = instance.token(token).filter(|token| matches!(token.stand, Stand::Task | Stand::Paused))
            && let Some(node) = course.process.node(&token.at)
        {
            as_in(case, node, &mut now);
        }
        if now == row {
            continue;
        }
        if now.organisation != row.organisation {
            here.push(now.organisation.clone());
        }
        let id = now.id;
        let mut active = now.into_active_model().reset_all();
        active.id = sea_orm::ActiveValue::Unchanged(id);
        active.update(tx.conn()).await?;
    }
    steps::ask_joint(tx, case, here.into_iter(), &Principal::System);
    Ok(())
}

/// An open step as the new version has it. Who has it in hand keeps it, unless it is another organisation's now: then it lies in their pool.
fn as_in(case: &LoadedCase, node: &Node, row: &mut task::Model) {
    node.id().clone_into(&mut row.element);
    node.name().unwrap_or_default().clone_into(&mut row.name);
    steps::act_of(node).clone_into(&mut row.act);
    node.attribute("banhao:post").unwrap_or_default().clone_into(&mut row.post);
    let (organisation, hall) = steps::whose(case, node, row.signer.as_deref());
    if organisation != row.organisation {
        row.organisation = organisation;
        if row.signer.is_none() {
            row.assignee = None;
        }
    }
    row.hall = hall;
}
