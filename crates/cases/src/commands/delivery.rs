//! Making and delivery (制证、出件、送达), which closes the case.

use banhao_identity::{CaseAct, IdentityError, Principal};
use banhao_kernel::ids::CaseId;
use banhao_records::Issued;
use banhao_store::{Job, Moment};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{
    commands::visit::write_visit,
    context::CaseContext,
    entities::delivery,
    error::CaseError,
    facts::DeliveryMethod,
    flow,
    loaded::{LoadedCase, may_now},
    model::CaseStatus,
    papers,
    rules::{
        delivery::{self as rules, HandOver},
        signature::Signature,
    },
    sealed::seal_note,
};

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

/// Hands the result over (出件): at one of the clerk's windows against a signature of receipt, or by courier with a waybill number.
///
/// # Errors
/// When the policies forbid it, there is nothing to deliver, or the window, receiver, signature or waybill is missing or wrong.
/// Electronic delivery is the applicant's own act ([`receive_electronically`]).
pub async fn deliver(ctx: &CaseContext, principal: &Principal, case: CaseId, given: HandOver) -> Result<(), CaseError> {
    let staff = principal.staff().ok_or(IdentityError::Anonymous)?.clone();
    // Asked before anything is kept: the file store is not part of the transaction, which asks again.
    let state = may_now(ctx, principal, case, CaseAct::Deliver).await?;
    if let Err(refused) = rules::hand_over(&state, &staff, &given) {
        return if ctx.is_repeated().await? { Ok(()) } else { Err(refused) };
    }
    let signed = match &given.signature {
        Some(signature) if given.method == DeliveryMethod::Window => Some(keep(ctx, signature).await?),
        _ => None,
    };
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::Deliver)?;
            if let Some(at) = rules::hand_over(&loaded.state, &staff, &given)? {
                let visit = write_visit(tx, case, staff.id, &at, "collect").await?;
                loaded.record(tx, visit, &principal);
            }
            let handed = Handed { method: given.method, receiver: given.receiver, signed, waybill: given.waybill };
            finish(tx, &mut loaded, &principal, handed, &staff.name).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// Puts a signature into the file store; a typed name is sealed, so that its digest in the ledger tells nobody the name.
async fn keep(ctx: &CaseContext, signature: &Signature) -> Result<Signed, CaseError> {
    let bytes = match signature {
        Signature::Drawn(png) => png.clone(),
        Signature::Typed(name) => seal_note(ctx.store.vault(), name.trim())?,
    };
    let sha256 = ctx.store.blobs().put(bytes).await?.sha256;
    Ok(Signed { sha256, media_type: signature.media_type() })
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
                let handed = Handed { method: DeliveryMethod::Electronic, receiver, signed: None, waybill: None };
                finish(tx, &mut loaded, &principal, handed, "电子送达").await?;
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}

/// A signature in the file store.
struct Signed {
    sha256: String,
    media_type: &'static str,
}

/// A hand-over as it is written down.
struct Handed {
    method: DeliveryMethod,
    receiver: String,
    signed: Option<Signed>,
    waybill: Option<String>,
}

async fn finish(
    tx: &mut banhao_store::Tx,
    loaded: &mut LoadedCase,
    principal: &Principal,
    handed: Handed,
    deliverer: &str,
) -> Result<(), CaseError> {
    let task = flow::my_open_task(tx, loaded, principal, &[flow::DELIVER], None).await?;
    let digest = handed.signed.as_ref().map(|signed| signed.sha256.clone());
    let facts = rules::deliver(&loaded.state, handed.method, digest.clone(), LoadedCase::today(tx))?;
    let receiver = if handed.receiver.is_empty() { None } else { Some(seal_note(tx.vault(), &handed.receiver)?) };
    delivery::Entity::insert(delivery::ActiveModel {
        case_id: Set(loaded.row.id),
        method: Set(handed.method.as_str().to_owned()),
        receiver: Set(receiver),
        signature: Set(digest),
        signature_type: Set(handed.signed.map(|signed| signed.media_type.to_owned())),
        waybill: Set(handed.waybill),
        staff: Set(principal.staff().map(|staff| staff.id.as_uuid())),
        at: Set(Moment::from(tx.now())),
    })
    .exec_without_returning(tx.conn())
    .await?;
    for fact in facts {
        loaded.record(tx, fact, principal);
    }
    papers::delivery(tx, loaded, handed.method.as_str(), &handed.receiver, deliverer).await?;
    flow::complete(tx, loaded, &task, serde_json::json!({ "delivery": handed.method.as_str() }), principal).await
}
