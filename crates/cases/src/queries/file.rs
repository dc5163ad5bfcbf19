//! The file of a case: for the desk with everything beside the form, for the applicant without what staff wrote for each other.

use std::sync::Arc;

use banhao_bpmn::{Instance, TaskRef};
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_identity::{CaseAct, CaseTarget, Principal, permit_case};
use banhao_kernel::{
    Date, Timestamp,
    ids::{CaseId, DraftId, MaterialId, PersonId, StaffId, TaskId},
};
use banhao_store::facts;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    drafts::{FileView, files_of},
    mine::{CaseLine, line},
    timeline::{TimelineEntry, entries},
};
use crate::{
    clock::{LegalClock, legal_clock},
    context::CaseContext,
    entities::{case_record, delivery, note, process, task, waiting},
    error::CaseError,
    flow::{OPEN, WAITING},
    loaded::{course_of, day, fold, permit, target_of, terms, version_of},
    model::CaseState,
    repeat::happened,
    rules::signature::{DRAWN, TYPED},
    sealed::{Answers, digest_over, open_answers, open_name, open_note},
};

/// A step of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// The step's task.
    pub id: TaskId,
    /// Element of the process.
    pub element: String,
    /// Name.
    pub name: String,
    /// What is to be done.
    pub act: String,
    /// Post that does it.
    pub post: String,
    /// Last day.
    pub due_on: Date,
    /// Who has it in hand.
    pub assignee: Option<StaffId>,
    /// Whether it is open.
    pub open: bool,
    /// Whether it waits for people who sign before it is done.
    pub awaits_signers: bool,
    /// Organisation whose step it is.
    pub organisation: String,
    /// Whose signature it is: key of an organisation or id of a member of staff.
    pub signer: Option<String>,
    /// Who delegated it, while it is delegated.
    pub owner: Option<StaffId>,
    /// How often it was urged.
    pub urged: i32,
    /// The engine's reference.
    pub token: TaskRef,
    /// Who did it and when.
    pub done: Option<(Option<StaffId>, Timestamp)>,
}

/// What somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteView {
    /// opinion, decision, refusal.
    pub kind: String,
    /// Element of the process.
    pub step: Option<String>,
    /// pass, fail, grant, refuse.
    pub verdict: Option<String>,
    /// Who.
    pub author: StaffId,
    /// When.
    pub at: Timestamp,
    /// The text.
    pub text: String,
}

/// The signature of receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureView {
    /// A drawing, to be looked at with [`crate::look_at_signature`].
    Drawn,
    /// A typed name.
    Typed(String),
}

/// How a result was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// window, courier, electronic.
    pub method: String,
    /// Who received it.
    pub receiver: Option<String>,
    /// How they signed for it.
    pub signature: Option<SignatureView>,
    /// Waybill number.
    pub waybill: Option<String>,
    /// Who handed it over.
    pub staff: Option<StaffId>,
    /// When.
    pub at: Timestamp,
}

/// Something the process waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingView {
    /// Element of the event.
    pub element: String,
    /// `timer`, `message` or `signal`.
    pub kind: String,
    /// Name of the message or signal.
    pub name: Option<String>,
    /// When a timer is due.
    pub due_at: Option<Timestamp>,
}

/// Everything about a case that a page may show.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The case's line.
    pub line: CaseLine,
    /// The applicant's account.
    pub applicant: PersonId,
    /// The applicant's name: pages mask it unless it is the applicant's own page.
    pub applicant_name: String,
    /// Submission it came from.
    pub draft: DraftId,
    /// Where it came in.
    pub channel: String,
    /// `promised` or `immediate`.
    pub case_kind: String,
    /// Hall that takes part.
    pub hall: Option<String>,
    /// How the applicant wants the result.
    pub delivery_wish: String,
    /// The folded state.
    pub state: CaseState,
    /// The clock now.
    pub clock: LegalClock,
    /// The definition the case keeps.
    pub version: Arc<MatterVersion>,
    /// The definition whose process it goes by.
    pub course: Arc<MatterVersion>,
    /// Answers; pages mask personal ones.
    pub answers: Answers,
    /// Files.
    pub files: Vec<FileView>,
    /// Steps, oldest first.
    pub steps: Vec<StepView>,
    /// What staff wrote, oldest first.
    pub notes: Vec<NoteView>,
    /// What happened.
    pub timeline: Vec<TimelineEntry>,
    /// How much has happened, looks aside: what makes the same words in a form another request ([`crate::Request`]).
    pub happened: usize,
    /// How it was handed over.
    pub delivery: Option<DeliveryView>,
    /// The process instance, for drawing.
    pub process: Instance,
    /// What the process waits for.
    pub waiting: Vec<WaitingView>,
    /// For asking the policies which buttons to show.
    pub target: CaseTarget,
    /// The answers as they lie in the database.
    sealed: Vec<u8>,
}

impl CaseFile {
    /// Whether this is what the rules decided when they did: the digest of a [`crate::facts::CaseFact::DecidedByRules`].
    #[must_use]
    pub fn bears_out(&self, result_sha256: &str, result: &serde_json::Value) -> bool {
        digest_over(&self.sealed, result) == result_sha256
    }

    /// The open steps.
    pub fn open_steps(&self) -> impl Iterator<Item = &StepView> {
        self.steps.iter().filter(|step| step.open)
    }
}

/// The file of a case, when the principal may see it.
///
/// # Errors
/// Not found when there is none or the principal may not know of it.
pub async fn case_file(ctx: &CaseContext, principal: &Principal, id: CaseId) -> Result<CaseFile, CaseError> {
    let conn = ctx.store.read();
    let row = case_record::Entity::find_by_id(id.as_uuid()).one(conn).await?.ok_or(CaseError::NotFound { what: "case" })?;
    let all = facts::of(conn, row.id).await?;
    let state = fold(&all)?;
    permit(principal, CaseAct::View, &row, &state)?;
    let snapshot: Arc<Snapshot> = ctx.snapshot().await?;
    let version = version_of(&snapshot, &row)?;
    let clock = legal_clock(&terms(&version), &state, &snapshot.calendar)?;
    let vault = ctx.store.vault();
    let steps = steps(conn, row.id).await?;
    let notes = note::Entity::find()
        .filter(note::Column::CaseId.eq(row.id))
        .order_by_asc(note::Column::At)
        .limit(500)
        .all(conn)
        .await?
        .into_iter()
        .map(|note| {
            Ok(NoteView {
                kind: note.kind,
                step: note.step,
                verdict: note.verdict,
                author: StaffId::from_uuid(note.author),
                at: note.at.into(),
                text: open_note(vault, &note.text)?,
            })
        })
        .collect::<Result<Vec<_>, CaseError>>()?;
    let waiting = waiting::Entity::find()
        .filter(waiting::Column::CaseId.eq(row.id))
        .order_by_asc(waiting::Column::Element)
        .limit(500)
        .all(conn)
        .await?
        .into_iter()
        .map(|row| WaitingView { element: row.element, kind: row.kind, name: row.name, due_at: row.due_at.map(Into::into) })
        .collect();
    let delivery = match delivery::Entity::find_by_id(row.id).one(conn).await? {
        Some(there) => Some(delivery_view(ctx, there).await?),
        None => None,
    };
    let process = instance(conn, row.id).await?;
    Ok(CaseFile {
        applicant: PersonId::from_uuid(row.applicant),
        applicant_name: open_name(vault, &row.applicant_name)?,
        draft: DraftId::from_uuid(row.draft),
        channel: row.channel.clone(),
        case_kind: row.case_kind.clone(),
        hall: row.hall.clone(),
        delivery_wish: row.delivery_wish.clone(),
        answers: open_answers(vault, &row.answers)?,
        sealed: row.answers.clone(),
        files: files_of(ctx, row.draft).await?,
        target: target_of(&row, &state),
        course: course_of(&snapshot, &row)?,
        line: line(row)?,
        clock,
        version,
        steps,
        notes,
        happened: happened(&all)?,
        timeline: entries(all)?,
        delivery,
        waiting,
        process,
        state,
    })
}

/// The steps of a case, oldest first.
async fn steps(conn: &DatabaseConnection, case: Uuid) -> Result<Vec<StepView>, CaseError> {
    let tasks =
        task::Entity::find().filter(task::Column::CaseId.eq(case)).order_by_asc(task::Column::OpenedAt).limit(500).all(conn).await?;
    tasks
        .into_iter()
        .map(|task| {
            Ok(StepView {
                id: TaskId::from_uuid(task.id),
                open: task.state == OPEN,
                awaits_signers: task.state == WAITING,
                token: task.token.parse().map_err(|_| CaseError::Damaged("task token".to_owned()))?,
                organisation: task.organisation,
                signer: task.signer,
                owner: task.owner.map(StaffId::from_uuid),
                urged: task.urged,
                due_on: day(&task.due_on)?,
                element: task.element,
                name: task.name,
                act: task.act,
                post: task.post,
                assignee: task.assignee.map(StaffId::from_uuid),
                done: task.done_at.map(|at| (task.done_by.map(StaffId::from_uuid), at.into())),
            })
        })
        .collect()
}

async fn instance(conn: &DatabaseConnection, case: Uuid) -> Result<Instance, CaseError> {
    let row = process::Entity::find_by_id(case).one(conn).await?.ok_or_else(|| CaseError::Damaged("a case without process".to_owned()))?;
    Ok(serde_json::from_value(row.state)?)
}

/// The process of a case without anything of the application: for administrators.
#[derive(Debug, Clone)]
pub struct ProcessView {
    /// The case.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// The folded state.
    pub state: CaseState,
    /// The definition the case keeps.
    pub version: Arc<MatterVersion>,
    /// The definition whose process it goes by.
    pub course: Arc<MatterVersion>,
    /// Steps, oldest first.
    pub steps: Vec<StepView>,
    /// The process instance.
    pub process: Instance,
    /// How much has happened, looks aside.
    pub happened: usize,
    /// For asking the policies what to offer.
    pub target: CaseTarget,
}

/// The process of a case, when the principal may look at it.
///
/// # Errors
/// Not found when there is none or the principal may not know of it.
pub async fn case_process(ctx: &CaseContext, principal: &Principal, id: CaseId) -> Result<ProcessView, CaseError> {
    let conn = ctx.store.read();
    let missing = || CaseError::NotFound { what: "case" };
    let row = case_record::Entity::find_by_id(id.as_uuid()).one(conn).await?.ok_or_else(missing)?;
    let all = facts::of(conn, row.id).await?;
    let state = fold(&all)?;
    let target = target_of(&row, &state);
    if permit_case(principal, CaseAct::ViewProcess, &target).is_err() {
        return Err(missing());
    }
    let snapshot = ctx.snapshot().await?;
    Ok(ProcessView {
        id,
        version: version_of(&snapshot, &row)?,
        course: course_of(&snapshot, &row)?,
        steps: steps(conn, row.id).await?,
        process: instance(conn, row.id).await?,
        happened: happened(&all)?,
        number: row.number,
        state,
        target,
    })
}

async fn delivery_view(ctx: &CaseContext, row: delivery::Model) -> Result<DeliveryView, CaseError> {
    let vault = ctx.store.vault();
    let signature = match (row.signature_type.as_deref(), &row.signature) {
        (Some(DRAWN), Some(_)) => Some(SignatureView::Drawn),
        (Some(TYPED), Some(sha256)) => Some(SignatureView::Typed(open_note(vault, &ctx.store.blobs().get(sha256).await?)?)),
        _ => None,
    };
    Ok(DeliveryView {
        method: row.method,
        receiver: row.receiver.map(|sealed| open_note(vault, &sealed)).transpose()?,
        signature,
        waybill: row.waybill,
        staff: row.staff.map(StaffId::from_uuid),
        at: row.at.into(),
    })
}

/// A file of a case, when the principal may look at files of the case.
///
/// # Errors
/// Not found when there is none or the principal may not know of it.
pub async fn case_material(ctx: &CaseContext, principal: &Principal, case: CaseId, file: MaterialId) -> Result<FileView, CaseError> {
    let view = case_file(ctx, principal, case).await?;
    permit_case(principal, CaseAct::ViewFile, &view.target)?;
    view.files.into_iter().find(|there| there.id == file).ok_or(CaseError::NotFound { what: "file" })
}
