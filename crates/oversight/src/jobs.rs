//! Background jobs in trouble, for the system administrator: what failed and about which case, trying again, giving up. Both acts
//! are stated as facts about the job; a reason is sealed beside it and bound by its digest.

use std::collections::{BTreeMap, HashMap};

use banhao_cases::{
    CASE_JOBS, CaseContext, MOVE_JOB, OVERDUE_JOB,
    queries::{counts::lines, moving::move_progress},
};
use banhao_identity::{DeskAct, IdentityError, Principal, permit_desk};
use banhao_kernel::{
    digest::sha256_hex,
    ids::{CaseId, JobId, PaperId, StaffId},
    problem::FieldProblem,
};
use banhao_records::{ISSUE_JOB, cases_of_papers};
use banhao_store::{
    NewFact, Tx, Vault, facts,
    trouble::{self, Queue, Trouble, TroubleCount, TroubledJob},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::OversightError;

pub use banhao_store::trouble::Which;

/// All kinds of jobs there are; the words of one are `job-kind-KIND` with hyphens.
pub const JOB_KINDS: [&str; 10] = {
    let [due, calendar, issued, timer, message, signal, move_one] = CASE_JOBS;
    [timer, message, signal, due, OVERDUE_JOB, calendar, ISSUE_JOB, issued, MOVE_JOB, move_one]
};
/// Letters of the longest reason for giving up.
pub const LONGEST_REASON: usize = 500;
/// Jobs on a page.
const PAGE: u64 = 30;
/// Jobs that one order lets be tried again.
const AT_ONCE: u64 = 500;
const REASON: &str = "oversight.job-reason";

/// What a job is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A case.
    Case {
        /// Id.
        id: CaseId,
        /// 办件编号.
        number: String,
        /// Key of its matter.
        matter: String,
        /// Name of its matter.
        matter_name: String,
    },
    /// An order that moves the running cases of a matter.
    Move {
        /// Id of the order.
        order: Uuid,
        /// Key of the matter.
        matter: String,
    },
    /// Something that is not there any more.
    Gone,
}

/// A job in trouble, and what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct JobInTrouble {
    /// The job.
    pub job: TroubledJob,
    /// What it is about.
    pub about: About,
    /// Who gave it up, and the reason.
    pub given_up: Option<(StaffId, String)>,
}

/// A page of jobs in trouble, and the figures above it.
#[derive(Debug, Clone, PartialEq)]
pub struct TroublePage {
    /// The jobs, the one left first comes first.
    pub jobs: Vec<JobInTrouble>,
    /// Whether more follow.
    pub more: bool,
    /// All of them, counted.
    pub counts: Vec<TroubleCount>,
    /// What there is to do.
    pub queues: Vec<Queue>,
}

/// How an act on a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobAct {
    /// It was done.
    Done,
    /// It had been done before, or is not needed any more; nothing was stated.
    Already,
}

/// Jobs in trouble, page by page.
///
/// # Errors
/// The policies; the store.
pub async fn jobs_in_trouble(ctx: &CaseContext, principal: &Principal, which: &Which) -> Result<TroublePage, OversightError> {
    permit_desk(principal, DeskAct::KeepJobs)?;
    let mut found = trouble::jobs_in_trouble(&ctx.store, which, PAGE + 1).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    Ok(TroublePage {
        jobs: with_what_they_are_about(ctx, found).await?,
        more,
        counts: trouble::trouble_by_kind(&ctx.store).await?,
        queues: trouble::queues(&ctx.store).await?,
    })
}

/// One of them.
///
/// # Errors
/// The policies; [`OversightError::NoJob`].
pub async fn job_in_trouble(ctx: &CaseContext, principal: &Principal, id: JobId) -> Result<JobInTrouble, OversightError> {
    permit_desk(principal, DeskAct::KeepJobs)?;
    let found = trouble::job_in_trouble(&ctx.store, id).await?.ok_or(OversightError::NoJob)?;
    with_what_they_are_about(ctx, vec![found]).await?.pop().ok_or(OversightError::NoJob)
}

async fn with_what_they_are_about(ctx: &CaseContext, jobs: Vec<TroubledJob>) -> Result<Vec<JobInTrouble>, OversightError> {
    let papers: Vec<PaperId> = jobs.iter().filter(|job| job.kind == ISSUE_JOB).map(|job| PaperId::from_uuid(job.subject)).collect();
    let papers = cases_of_papers(&ctx.store, &papers).await?;
    let case_of = |job: &TroubledJob| match job.kind.as_str() {
        ISSUE_JOB => papers.get(&PaperId::from_uuid(job.subject)).copied(),
        kind if kind == OVERDUE_JOB || CASE_JOBS.contains(&kind) => Some(CaseId::from_uuid(job.subject)),
        _ => None,
    };
    let mut ids: Vec<CaseId> = jobs.iter().filter_map(case_of).collect();
    ids.sort_unstable();
    ids.dedup();
    let cases: HashMap<CaseId, _> = lines(ctx, &ids).await?.into_iter().map(|line| (line.id, line)).collect();
    let mut all = Vec::with_capacity(jobs.len());
    for job in jobs {
        let case = case_of(&job).and_then(|id| cases.get(&id));
        let about = match case {
            Some(line) => {
                About::Case { id: line.id, number: line.number.clone(), matter: line.matter.clone(), matter_name: line.matter_name.clone() }
            }
            None if job.kind == MOVE_JOB => About::Move { order: job.subject, matter: move_progress(ctx, job.subject).await?.matter },
            None => About::Gone,
        };
        let given_up = match &job.given_up {
            Some(given_up) => Some((StaffId::from_uuid(given_up.by), open(ctx.store.vault(), &given_up.why)?)),
            None => None,
        };
        all.push(JobInTrouble { job, about, given_up });
    }
    Ok(all)
}

fn open(vault: &Vault, sealed: &[u8]) -> Result<String, OversightError> {
    String::from_utf8(vault.open(REASON, sealed)?).map_err(|error| OversightError::Damaged(error.to_string()))
}

/// States what somebody ordered about a job.
fn state(tx: &mut Tx, principal: &Principal, job: &TroubledJob, kind: &str, more: impl IntoIterator<Item = (&'static str, Value)>) {
    let mut body = BTreeMap::from([
        ("kind", json!(job.kind)),
        ("about", json!(job.subject.to_string())),
        ("attempts", json!(job.attempts)),
        ("trouble", json!(job.trouble.as_str())),
    ]);
    body.extend(more);
    tx.state(NewFact {
        subject_kind: "job",
        subject: job.id.as_uuid(),
        kind: kind.to_owned(),
        actor: principal.actor(),
        body: json!(body),
    });
}

/// Whether somebody acted on the job before: then it is done, and what is asked for again is answered as before.
async fn gone(tx: &Tx, id: JobId) -> Result<JobAct, OversightError> {
    if facts::of(tx.conn(), id.as_uuid()).await?.is_empty() { Err(OversightError::NoJob) } else { Ok(JobAct::Already) }
}

/// Lets a job be tried now, and as often as a new one. One that is worked on or waits for its turn is left as it is.
///
/// # Errors
/// The policies; [`OversightError::NoJob`].
pub async fn job_again(ctx: &CaseContext, principal: &Principal, id: JobId) -> Result<JobAct, OversightError> {
    permit_desk(principal, DeskAct::KeepJobs)?;
    let principal = principal.clone();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let Some(job) = tx.job_in_trouble(id).await? else { return gone(tx, id).await };
                if job.in_hand || job.next_at.is_some_and(|at| at <= tx.now()) {
                    return Ok(JobAct::Already);
                }
                tx.let_try_again(&[id]).await?;
                state(tx, &principal, &job, "job.let-try-again", None);
                Ok(JobAct::Done)
            })
        })
        .await
}

/// Lets all jobs of a kind that failed or are failing be tried now, at most 500. Gives how many these were.
///
/// # Errors
/// The policies; the store.
pub async fn all_jobs_again(ctx: &CaseContext, principal: &Principal, kind: &str) -> Result<u64, OversightError> {
    permit_desk(principal, DeskAct::KeepJobs)?;
    let (principal, kind) = (principal.clone(), kind.to_owned());
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let jobs = tx.jobs_in_trouble(&kind, AT_ONCE).await?;
                let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
                if !ids.is_empty() {
                    tx.let_try_again(&ids).await?;
                }
                for job in &jobs {
                    state(tx, &principal, job, "job.let-try-again", None);
                }
                Ok(jobs.len() as u64)
            })
        })
        .await
}

/// The reason as it is kept.
fn checked(reason: &str) -> Result<String, OversightError> {
    let wrong = |code| Err(OversightError::Invalid { fields: vec![FieldProblem::new("reason", code)] });
    let reason = reason.trim();
    match reason.chars().count() {
        0 => wrong("job-reason-missing"),
        letters if letters > LONGEST_REASON => wrong("job-reason-long"),
        _ => Ok(reason.to_owned()),
    }
}

/// Gives a job up with a reason. It is kept, and can still be tried again.
///
/// # Errors
/// The policies; no reason or one that is too long; [`OversightError::NoJob`], [`OversightError::JobInHand`].
pub async fn give_job_up(ctx: &CaseContext, principal: &Principal, id: JobId, reason: &str) -> Result<JobAct, OversightError> {
    permit_desk(principal, DeskAct::KeepJobs)?;
    let by = principal.staff().ok_or(IdentityError::Anonymous)?.id;
    let (principal, reason) = (principal.clone(), checked(reason)?);
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let Some(job) = tx.job_in_trouble(id).await? else { return gone(tx, id).await };
                if job.trouble == Trouble::GivenUp {
                    return Ok(JobAct::Already);
                }
                if job.in_hand {
                    return Err(OversightError::JobInHand);
                }
                let sealed = tx.vault().seal(REASON, reason.as_bytes())?;
                tx.give_up_job(id, by.as_uuid(), sealed).await?;
                state(tx, &principal, &job, "job.given-up", [("reason_sha256", json!(sha256_hex(reason.as_bytes())))]);
                Ok(JobAct::Done)
            })
        })
        .await
}
