//! Making and delivery (制证、出件、送达), which closes the case.

use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::ids::CaseId;
use banhao_records::Issued;
use banhao_store::{Job, Moment};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{
    commands::{draft::AtWindow, visit::write_visit},
    context::CaseContext,
    entities::delivery,
    error::CaseError,
    facts::DeliveryMethod,
    flow,
    loaded::LoadedCase,
    model::CaseStatus,
    papers,
    rules::{delivery as rules, require_text},
    sealed::seal_note,
};

/// How a result is handed over.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// How.
    pub method: DeliveryMethod,
    /// Who received it (at the window), as on their identity card.
    pub receiver: String,
    /// SHA-256 of the signature of receipt in the file store.
    pub signature: Option<String>,
    /// Waybill number, for courier.
    pub waybill: Option<String>,
    /// The window, when handed over in person: it counts as a visit.
    pub at: Option<AtWindow>,
}

/// The result has been made: `records` says so. Other papers need nothing more.
///
/// # Errors
/// When the store fails; the job is tried again.
pub async fn on_issued(ctx: &CaseContext, job: Job) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let issued: Issued = serde_json::from_value(job.payload.clone())?;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&job).await?;
                if !issued.is_result {
                    return Ok(());
                }
                let principal = Principal::System;
                let mut loaded = LoadedCase::load(tx, snapshot, CaseId::from_uuid(job.subject)).await?;
                if loaded.state.status != CaseStatus::Making {
                    return Ok(());
                }
                let fact = rules::made(&loaded.state, issued.licence_number, issued.paper, LoadedCase::today(tx))?;
                loaded.record(tx, fact, &principal);
                flow::complete_service(tx, &mut loaded, &principal).await?;
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}

/// Hands the result over (出件): at the window against a signature, or by courier with a waybill number.
///
/// # Errors
/// When there is nothing to deliver, the signature or waybill is missing, or the policies forbid it.
pub async fn deliver(ctx: &CaseContext, principal: &Principal, case: CaseId, hand_over: HandOver) -> Result<(), CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?;
    let (staff, name) = (staff.id, staff.name.clone());
    match hand_over.method {
        DeliveryMethod::Window => require_text("receiver", &hand_over.receiver)?,
        DeliveryMethod::Courier => require_text("waybill", hand_over.waybill.as_deref().unwrap_or_default())?,
        DeliveryMethod::Electronic => {}
    }
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::Deliver)?;
                if let (DeliveryMethod::Window, Some(at)) = (hand_over.method, &hand_over.at) {
                    let visit = write_visit(tx, case, staff, at, "collect").await?;
                    loaded.record(tx, visit, &principal);
                }
                finish(tx, &mut loaded, &principal, hand_over, &name).await?;
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}

/// The applicant takes the result electronically (电子送达): downloading it is receiving it.
///
/// # Errors
/// When there is nothing to receive or it is not theirs.
pub async fn receive_electronically(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
                loaded.permit(&principal, CaseAct::Rate)?;
                if loaded.state.status != CaseStatus::Delivering {
                    return Ok(());
                }
                let receiver = principal.person().map(|person| person.name.clone()).unwrap_or_default();
                let hand_over = HandOver { method: DeliveryMethod::Electronic, receiver, signature: None, waybill: None, at: None };
                finish(tx, &mut loaded, &principal, hand_over, "电子送达").await?;
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}

async fn finish(
    tx: &mut banhao_store::Tx,
    loaded: &mut LoadedCase,
    principal: &Principal,
    hand_over: HandOver,
    deliverer: &str,
) -> Result<(), CaseError> {
    let task = flow::open_task(tx, loaded, &[flow::DELIVER], None).await?;
    let facts = rules::deliver(&loaded.state, hand_over.method, hand_over.signature.clone(), LoadedCase::today(tx))?;
    let receiver = if hand_over.receiver.is_empty() { None } else { Some(seal_note(tx.vault(), &hand_over.receiver)?) };
    delivery::Entity::insert(delivery::ActiveModel {
        case_id: Set(loaded.row.id),
        method: Set(hand_over.method.as_str().to_owned()),
        receiver: Set(receiver),
        signature: Set(hand_over.signature),
        waybill: Set(hand_over.waybill),
        staff: Set(principal.staff().map(|staff| staff.id.as_uuid())),
        at: Set(Moment::from(tx.now())),
    })
    .exec_without_returning(tx.conn())
    .await?;
    for fact in facts {
        loaded.record(tx, fact, principal);
    }
    papers::delivery(tx, loaded, hand_over.method.as_str(), &hand_over.receiver, deliverer).await?;
    flow::complete(tx, loaded, &task, serde_json::json!({ "delivery": hand_over.method.as_str() }), principal).await
}
