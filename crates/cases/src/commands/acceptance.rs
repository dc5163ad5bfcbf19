//! Acceptance at the window or by the organisation (受理): accept, ask once for a supplement, refuse, deem accepted.

use banhao_catalogue::decisions::Made;
use banhao_identity::{CaseAct, Principal};
use banhao_kernel::{digest::sha256_hex, ids::CaseId};
use banhao_store::{Job, NewJob, Tx};

use crate::{
    clock::Period,
    commands::task::write_note,
    context::CaseContext,
    error::CaseError,
    facts::{CaseFact, RefusalGround, SupplementItem},
    flow,
    loaded::{LoadedCase, OVERDUE_JOB, Overdue},
    papers,
    rules::acceptance as rules,
};

async fn accepted(tx: &mut Tx, loaded: &mut LoadedCase, fact: CaseFact, principal: &Principal) -> Result<(), CaseError> {
    let due = if let CaseFact::Accepted { promised_due, .. } = &fact { *promised_due } else { None };
    loaded.record(tx, fact, principal);
    papers::acceptance(tx, loaded, due).await?;
    let task = flow::my_open_task(tx, loaded, principal, &[flow::ACCEPT], None).await?;
    flow::complete(tx, loaded, &task, serde_json::json!({ "acceptance": "accepted" }), principal).await
}

/// 自动受理: the rules of the matter say that the platform accepts at once; who wrote the rules answers for it, which rows said so is a
/// fact.
pub(super) async fn accept_by_rules(tx: &mut Tx, mut loaded: LoadedCase, made: &Made) -> Result<(), CaseError> {
    let fact = rules::accept(&loaded.state, LoadedCase::today(tx), &loaded.terms(), &loaded.snapshot.calendar)?;
    let decided = CaseFact::by_rules(&loaded.row.answers, loaded.version.version, &made.decision, &made.rules, &made.result);
    loaded.record(tx, decided, &Principal::System);
    accepted(tx, &mut loaded, fact, &Principal::System).await?;
    loaded.save(tx).await?;
    Ok(())
}

/// Accepts the application (受理).
///
/// # Errors
/// When the case is not waiting for it or the policies forbid it.
pub async fn accept(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::Accept)?;
            let fact = rules::accept(&loaded.state, LoadedCase::today(tx), &loaded.terms(), &loaded.snapshot.calendar)?;
            accepted(tx, &mut loaded, fact, &principal).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// Asks for everything that is missing, once (一次性告知补正).
///
/// # Errors
/// A second request, an empty list, an unclear line, a wrong state, or the policies.
pub async fn request_supplement(
    ctx: &CaseContext,
    principal: &Principal,
    case: CaseId,
    items: Vec<SupplementItem>,
) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::RequestSupplement)?;
            let fact = rules::request_supplement(&loaded.state, items, LoadedCase::today(tx), &loaded.terms(), &loaded.snapshot.calendar)?;
            let CaseFact::SupplementRequested { items, due, .. } = &fact else {
                return Err(CaseError::Damaged("supplement".to_owned()));
            };
            let (items, due) = (items.clone(), *due);
            loaded.record(tx, fact, &principal);
            papers::supplement(tx, &loaded, &items, due).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// Refuses to accept (不予受理), with the statutory ground, the reason and – if another body is competent – where to go.
///
/// # Errors
/// An empty reason, no body named, a wrong state, or the policies.
pub async fn refuse_acceptance(
    ctx: &CaseContext,
    principal: &Principal,
    case: CaseId,
    ground: RefusalGround,
    go_to: Option<String>,
    reason: String,
) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut loaded = LoadedCase::load(tx, snapshot, case).await?;
            loaded.permit(&principal, CaseAct::RefuseAcceptance)?;
            let reason = reason.trim().to_owned();
            let facts = rules::refuse(&loaded.state, ground, go_to.clone(), &reason, sha256_hex(reason.as_bytes()))?;
            let task = flow::my_open_task(tx, &loaded, &principal, &[flow::ACCEPT], None).await?;
            for fact in facts {
                loaded.record(tx, fact, &principal);
            }
            write_note(tx, case, "refusal", Some(&task.element), None, &principal, &reason).await?;
            papers::non_acceptance(tx, &loaded, ground, go_to.as_deref(), &reason).await?;
            flow::complete(tx, &mut loaded, &task, serde_json::json!({ "acceptance": "refused" }), &principal).await?;
            flow::terminate(tx, &mut loaded, &principal).await?;
            loaded.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// The timer of the last day to accept or to supplement: deems accepted, or lets the application lapse. Nothing happens when
/// somebody acted in time.
///
/// # Errors
/// When the store fails; the job is tried again.
pub async fn on_due(ctx: &CaseContext, job: Job) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let principal = Principal::System;
                let mut loaded = LoadedCase::load(tx, snapshot, CaseId::from_uuid(job.subject)).await?;
                let today = LoadedCase::today(tx);
                // The job ends first: saving the case sets its timers anew and takes the old ones back.
                tx.finish(&job).await?;
                let lapsed = rules::lapse(&loaded.state, today);
                let mut silence = None;
                if !lapsed.is_empty() {
                    for fact in lapsed {
                        loaded.record(tx, fact, &principal);
                    }
                    flow::terminate(tx, &mut loaded, &principal).await?;
                } else if let Some(fact) = rules::deem(&loaded.state, today, &loaded.terms(), &loaded.snapshot.calendar)? {
                    silence = loaded.was_due(Period::Acceptance);
                    accepted(tx, &mut loaded, fact, &principal).await?;
                }
                let case = loaded.id();
                loaded.save(tx).await?;
                // Saving took back the watch over the acceptance day, but a day that passed in silence is still told.
                if let Some(due) = silence {
                    let payload = serde_json::json!(Overdue { case, period: Period::Acceptance, due });
                    tx.enqueue(NewJob { kind: OVERDUE_JOB, subject: case.as_uuid(), run_at: None, payload });
                }
                Ok(())
            })
        })
        .await
}

/// A deadline could not be counted because its year's working calendar was not loaded: tried again every day until it is.
///
/// # Errors
/// When the store fails; the job is tried again.
pub async fn on_calendar(ctx: &CaseContext, job: Job) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let mut loaded = LoadedCase::load(tx, snapshot, CaseId::from_uuid(job.subject)).await?;
                tx.finish(&job).await?;
                loaded.count_anew();
                loaded.save(tx).await?;
                Ok(())
            })
        })
        .await
}
