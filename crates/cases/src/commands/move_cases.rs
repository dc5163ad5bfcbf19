//! 在办件迁移: the running cases of one version of a matter go on by the process of the version in force. One order, and for each case a
//! job of its own: one transaction each, so that whatever breaks off leaves a case moved or as it was, and the rest goes on afterwards.

use std::{collections::BTreeMap, sync::Arc};

use banhao_catalogue::{MatterVersion, Snapshot, editor::editors_of_version};
use banhao_identity::{DraftAct, DraftTarget, IdentityError, Principal, permit_draft};
use banhao_kernel::{
    actor::Actor,
    digest::sha256_hex,
    ids::{CaseId, FactId, StaffId},
};
use banhao_store::{Job, Moment, NewJob, StoreError, Tx};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    commands::task::write_note_of,
    context::CaseContext,
    entities::{case_record, move_order, move_result},
    error::CaseError,
    facts::CaseFact,
    flow,
    loaded::LoadedCase,
    model::CaseStatus,
    rules::{
        moving::{Hindrance, Reason, Way},
        require_text,
    },
    sealed::{open_note, seal_note},
};

/// Looks for the cases of an order. Payload: `{"after": …}`.
pub const MOVE_JOB: &str = "case.move";
/// Moves one case. Payload: `{"order": …}`.
pub(crate) const MOVE_ONE_JOB: &str = "case.move-one";

/// Cases found in one transaction.
const AT_ONCE: u64 = 500;
/// A reason is at most so long, in characters.
pub const MAX_REASON: usize = 500;

/// What is to be moved where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveOrder {
    /// Id of the order, from [`new_move_id`]: who sends it twice orders it once.
    pub id: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// The version whose process the cases go by now.
    pub from: u32,
    /// The version in force, as the one who orders it saw it.
    pub to: u32,
    /// Where steps go that the new version does not have: old id → new id.
    pub plan: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}

/// An id for an order to come.
#[must_use]
pub fn new_move_id(ctx: &CaseContext) -> Uuid {
    FactId::generate(ctx.store.clock().as_ref(), ctx.store.entropy().as_ref()).as_uuid()
}

/// The two versions, when cases can be moved from the one to the other: the newer is in force, the older is not newer.
///
/// # Errors
/// [`CaseError::NotFound`] for a matter or version that is not there, [`CaseError::MoveVersions`] otherwise.
pub(crate) fn versions(
    snapshot: &Snapshot,
    matter: &str,
    from: u32,
    to: u32,
) -> Result<(Arc<MatterVersion>, Arc<MatterVersion>), CaseError> {
    let old = snapshot.matter_version(matter, from).ok_or(CaseError::NotFound { what: "version" })?;
    let new = snapshot.matter(matter).filter(|new| new.version == to && from < to).ok_or(CaseError::MoveVersions)?;
    Ok((old, new))
}

/// Whether somebody may move cases to this version: who may publish, and did not write it.
///
/// # Errors
/// The policies; the store fails.
pub async fn may_move(ctx: &CaseContext, principal: &Principal, version: &MatterVersion) -> Result<(), CaseError> {
    let editors = editors_of_version(&ctx.store, &version.key, version.version).await.map_err(|error| match error {
        banhao_catalogue::editor::DraftError::Store(error) => CaseError::Store(error),
        other => CaseError::Damaged(other.to_string()),
    })?;
    let target = DraftTarget { organisation: version.matter.organisation.clone(), editors };
    permit_draft(principal, DraftAct::MoveCases, &target).map_err(CaseError::from)
}

/// Orders the move. Gives the order, by which its progress is asked for; the cases follow one by one.
///
/// # Errors
/// No reason; a version that is not in force any more; the policies.
pub async fn order_move(ctx: &CaseContext, principal: &Principal, order: MoveOrder) -> Result<Uuid, CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let snapshot = ctx.snapshot().await?;
    let (old, new) = versions(&snapshot, &order.matter, order.from, order.to)?;
    may_move(ctx, principal, &new).await?;
    require_text("reason", &order.reason)?;
    let reason: String = order.reason.trim().chars().take(MAX_REASON).collect();
    let way = Way::new(old, new, &order.plan);
    let plan = serde_json::to_value(way.renamed())?;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let id = order.id;
                if move_order::Entity::find_by_id(id).one(tx.conn()).await?.is_some() {
                    return Ok(id);
                }
                let number = |version: u32| i32::try_from(version).unwrap_or(i32::MAX);
                move_order::Entity::insert(move_order::ActiveModel {
                    id: Set(id),
                    matter: Set(order.matter),
                    from_version: Set(number(order.from)),
                    to_version: Set(number(order.to)),
                    plan: Set(plan),
                    reason: Set(seal_note(tx.vault(), &reason)?),
                    reason_sha256: Set(sha256_hex(reason.as_bytes())),
                    ordered_by: Set(staff.as_uuid()),
                    ordered_at: Set(Moment::from(tx.now())),
                    cases: Set(0),
                    looked_for: Set(false),
                    row_version: Set(0),
                })
                .exec_without_returning(tx.conn())
                .await?;
                tx.enqueue(NewJob { kind: MOVE_JOB, subject: id, run_at: None, payload: json!({}) });
                Ok(id)
            })
        })
        .await
}

/// Finds the next cases of an order and leaves a job for each.
///
/// # Errors
/// When the store fails; the job is tried again.
pub(crate) async fn on_move(ctx: &CaseContext, job: Job) -> Result<(), CaseError> {
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&job).await?;
                let order = order_of(tx, job.subject).await?;
                let mut find = case_record::Entity::find()
                    .select_only()
                    .column(case_record::Column::Id)
                    .filter(case_record::Column::Matter.eq(order.matter.clone()))
                    .filter(case_record::Column::ProcessVersion.eq(order.from_version))
                    .filter(case_record::Column::Status.ne(CaseStatus::Closed.as_str()));
                if let Some(after) = job.payload["after"].as_str().and_then(|id| id.parse::<Uuid>().ok()) {
                    find = find.filter(case_record::Column::Id.gt(after));
                }
                let found: Vec<Uuid> = find.order_by_asc(case_record::Column::Id).limit(AT_ONCE).into_tuple().all(tx.conn()).await?;
                for case in &found {
                    tx.enqueue(NewJob { kind: MOVE_ONE_JOB, subject: *case, run_at: None, payload: json!({ "order": order.id }) });
                }
                let more = if found.len() as u64 == AT_ONCE { found.last() } else { None };
                if let Some(last) = more {
                    tx.enqueue(NewJob { kind: MOVE_JOB, subject: order.id, run_at: None, payload: json!({ "after": last }) });
                }
                move_order::Entity::update_many()
                    .col_expr(
                        move_order::Column::Cases,
                        Expr::col(move_order::Column::Cases).add(i32::try_from(found.len()).unwrap_or(i32::MAX)),
                    )
                    .col_expr(move_order::Column::LookedFor, Expr::value(more.is_none()))
                    .col_expr(move_order::Column::RowVersion, Expr::col(move_order::Column::RowVersion).add(1))
                    .filter(move_order::Column::Id.eq(order.id))
                    .exec(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
}

async fn order_of(tx: &Tx, id: Uuid) -> Result<move_order::Model, CaseError> {
    move_order::Entity::find_by_id(id)
        .one(tx.conn())
        .await?
        .ok_or_else(|| CaseError::Damaged("an order to move that is not there".to_owned()))
}

/// Moves one case, or notes why it stays. What goes wrong with the process itself is such a reason, not something to be tried again.
///
/// # Errors
/// When the store fails; the job is tried again.
pub(crate) async fn on_move_one(ctx: &CaseContext, job: Job) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let again = job.clone();
    let tried = ctx
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&job).await?;
                let order = order_of(tx, ordered(&job)?).await?;
                let stays = move_case(tx, snapshot, &order, CaseId::from_uuid(job.subject)).await?;
                note(tx, order.id, job.subject, &stays).await
            })
        })
        .await;
    let fault = match tried {
        Ok(()) => return Ok(()),
        Err(error @ (CaseError::Store(_) | CaseError::Catalogue(_))) => return Err(error),
        Err(fault) => fault.to_string(),
    };
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&again).await?;
                note(tx, ordered(&again)?, again.subject, &[Hindrance::whole(Reason::Fault, fault)]).await
            })
        })
        .await
}

fn ordered(job: &Job) -> Result<Uuid, CaseError> {
    job.payload["order"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| CaseError::Damaged("a job without its order".to_owned()))
}

/// Gives why the case stays; nothing when it was moved.
async fn move_case(tx: &mut Tx, snapshot: Arc<Snapshot>, order: &move_order::Model, id: CaseId) -> Result<Vec<Hindrance>, CaseError> {
    let number = |version: i32| u32::try_from(version).unwrap_or_default();
    let (from_version, to_version) = (number(order.from_version), number(order.to_version));
    let mut case = LoadedCase::load(tx, Arc::clone(&snapshot), id).await?;
    if case.state.status == CaseStatus::Closed {
        return Ok(vec![Hindrance::whole(Reason::Over, "")]);
    }
    if case.course.version != from_version {
        return Ok(vec![Hindrance::whole(Reason::OtherVersion, case.course.version.to_string())]);
    }
    let missing = || CaseError::Damaged(format!("matter {} version {to_version} is not in the catalogue", order.matter));
    let new = snapshot.matter_version(&order.matter, to_version).ok_or_else(missing)?;
    let plan: BTreeMap<String, String> = serde_json::from_value(order.plan.clone())?;
    let way = Way::confirmed(Arc::clone(&case.course), new, plan);
    let moved = match flow::moving::look(tx, &mut case, &way).await? {
        Ok(moved) => moved,
        Err(why) => return Ok(why),
    };
    let by = StaffId::from_uuid(order.ordered_by);
    let fact = CaseFact::Moved {
        from_version,
        to_version,
        on: LoadedCase::today(tx),
        renamed: way.renamed().clone(),
        by,
        reason_sha256: order.reason_sha256.clone(),
    };
    case.state.apply(&fact);
    tx.state(fact.into_new(case.row.id, Actor::Staff(by)));
    let reason = open_note(tx.vault(), &order.reason)?;
    write_note_of(tx, id, "move", None, None, order.ordered_by, &reason).await?;
    flow::moving::follow(tx, &mut case, &way, moved).await?;
    case.save(tx).await?;
    Ok(Vec::new())
}

/// Notes what became of a case; once for each order.
async fn note(tx: &Tx, order: Uuid, case: Uuid, stays: &[Hindrance]) -> Result<(), CaseError> {
    let row = move_result::ActiveModel {
        move_id: Set(order),
        case_id: Set(case),
        moved: Set(stays.is_empty()),
        why: Set(serde_json::to_value(stays)?),
        at: Set(Moment::from(tx.now())),
    };
    let once = OnConflict::columns([move_result::Column::MoveId, move_result::Column::CaseId]).do_nothing().to_owned();
    move_result::Entity::insert(row).on_conflict(once).exec_without_returning(tx.conn()).await.map(drop).map_err(StoreError::from)?;
    Ok(())
}
