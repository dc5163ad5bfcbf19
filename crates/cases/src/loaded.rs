//! A case loaded for a command: its row (locked), its folded state, its matter version. Commands state facts through it and
//! save once; saving brings the row, the clock's columns and the timers in line with the facts.

use std::{str::FromStr, sync::Arc};

use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_identity::{CaseAct, CaseTarget, Principal, permit_case};
use banhao_kernel::{
    Date,
    clock::{civil_date, end_of_day},
    ids::{CaseId, PersonId},
};
use banhao_store::{Moment, NewJob, Tx, facts};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};

use crate::{
    clock::{ClockState, ClockTerms, LegalClock, Period, legal_clock},
    context::CaseContext,
    entities::case_record,
    error::CaseError,
    facts::CaseFact,
    model::{CaseState, CaseStatus},
};

/// Timer: the last day to accept or to supplement is over. Payload: `{"period": …}`.
pub const DUE_JOB: &str = "case.due";
/// Timer: a last day of the authority is over; supervision looks whether it is an alarm. Payload: [`Overdue`].
pub const OVERDUE_JOB: &str = "alarm.overdue";

/// Timer: a deadline waits for the working calendar of its year.
pub const CALENDAR_JOB: &str = "case.calendar";

/// What supervision is told when a last day is over.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Overdue {
    /// The case.
    pub case: CaseId,
    /// The period whose last day is over.
    pub period: Period,
    /// That day.
    pub due: Date,
}

/// A case in the hands of a command.
pub(crate) struct LoadedCase {
    pub(crate) row: case_record::Model,
    pub(crate) state: CaseState,
    /// What the case was submitted under: guide, form, materials, periods, result. It keeps them for life.
    pub(crate) version: Arc<MatterVersion>,
    /// Whose process, with its decisions, it goes by: the same, until it is moved to a later one.
    pub(crate) course: Arc<MatterVersion>,
    pub(crate) snapshot: Arc<Snapshot>,
    before: (Vec<(Period, Date)>, Option<i16>),
    /// Last days are counted anew, with another calendar: what was late before may not be.
    anew: bool,
}

pub(crate) fn day(text: &str) -> Result<Date, CaseError> {
    Date::from_str(text).map_err(|error| CaseError::Damaged(error.to_string()))
}

/// The folded state of a case from its facts.
pub(crate) fn fold(facts: &[facts::Fact]) -> Result<CaseState, CaseError> {
    let mut own = Vec::with_capacity(facts.len());
    for fact in facts {
        if let Some(fact) = CaseFact::from_ledger(&fact.kind, &fact.body)? {
            own.push(fact);
        }
    }
    CaseState::fold(&own).ok_or_else(|| CaseError::Damaged("a case without receipt".to_owned()))
}

/// The clock's periods of a matter version.
pub(crate) fn terms(version: &MatterVersion) -> ClockTerms {
    let clock = &version.matter.clock;
    ClockTerms {
        accept_days: clock.accept_days,
        supplement_days: clock.supplement_days,
        promised_days: clock.promised_days,
        statutory_days: clock.statutory_days,
        deliver_days: clock.deliver_days,
    }
}

pub(crate) fn target_of(row: &case_record::Model, state: &CaseState) -> CaseTarget {
    CaseTarget {
        id: CaseId::from_uuid(row.id),
        organisation: row.organisation.clone(),
        hall: row.hall.clone(),
        case_kind: row.case_kind.clone(),
        applicant: PersonId::from_uuid(row.applicant),
        received_by: state.received_by,
        reviewers: state.reviewers.clone(),
        joint: state.joint.clone(),
        copied: state.copied.clone(),
    }
}

/// The last days that timers are set for, and the year whose calendar is waited for.
fn timed(clock: &LegalClock) -> (Vec<(Period, Date)>, Option<i16>) {
    (clock.deadlines.iter().map(|deadline| (deadline.period, deadline.due)).collect(), clock.pending_year)
}

impl LoadedCase {
    /// Loads a case and, on PostgreSQL, locks its row until the transaction ends.
    pub(crate) async fn load(tx: &Tx, snapshot: Arc<Snapshot>, id: CaseId) -> Result<Self, CaseError> {
        let row = case_record::Entity::find_by_id(id.as_uuid())
            .lock_exclusive()
            .one(tx.conn())
            .await?
            .ok_or(CaseError::NotFound { what: "case" })?;
        let state = fold(&facts::of(tx.conn(), row.id).await?)?;
        let (version, course) = (version_of(&snapshot, &row)?, course_of(&snapshot, &row)?);
        let before = timed(&legal_clock(&terms(&version), &state, &snapshot.calendar)?);
        Ok(Self { row, state, version, course, snapshot, before, anew: false })
    }

    /// A case that has just been received in this transaction; nothing is due yet.
    pub(crate) fn fresh(row: case_record::Model, state: CaseState, version: Arc<MatterVersion>, snapshot: Arc<Snapshot>) -> Self {
        Self { row, state, course: Arc::clone(&version), version, snapshot, before: (Vec::new(), None), anew: false }
    }

    pub(crate) fn id(&self) -> CaseId {
        CaseId::from_uuid(self.row.id)
    }

    pub(crate) fn terms(&self) -> ClockTerms {
        terms(&self.version)
    }

    /// Asks the policies. Somebody without the right to see the case at all is told that there is none.
    pub(crate) fn permit(&self, principal: &Principal, act: CaseAct) -> Result<(), CaseError> {
        permit(principal, act, &self.row, &self.state)
    }

    /// States a fact: into the ledger and into the folded state.
    pub(crate) fn record(&mut self, tx: &mut Tx, fact: CaseFact, principal: &Principal) {
        self.state.apply(&fact);
        tx.state(fact.into_new(self.row.id, principal.actor()));
    }

    /// The last day of a period as it was when the case was loaded.
    pub(crate) fn was_due(&self, period: Period) -> Option<Date> {
        self.before.0.iter().find(|(there, _)| *there == period).map(|(_, due)| *due)
    }

    /// Today in Asia/Shanghai.
    pub(crate) fn today(tx: &Tx) -> Date {
        civil_date(tx.now())
    }

    /// Writes the row as the facts now have it and sets the timers anew where a last day moved.
    pub(crate) async fn save(mut self, tx: &mut Tx) -> Result<case_record::Model, CaseError> {
        let clock = legal_clock(&self.terms(), &self.state, &self.snapshot.calendar)?;
        let after = timed(&clock);
        if after != self.before {
            for kind in [DUE_JOB, CALENDAR_JOB] {
                tx.cancel_jobs(self.row.id, kind).await?;
            }
            if self.anew {
                tx.cancel_jobs(self.row.id, OVERDUE_JOB).await?;
            } else {
                // A last day that is over was missed, also when somebody acts before the alarm has been raised.
                tx.cancel_coming_jobs(self.row.id, OVERDUE_JOB).await?;
            }
            self.set_timers(tx, &after.0, after.1);
        }
        let previous = self.row.clone();
        mirror(&mut self.row, &self.state, &clock, tx);
        if self.row == previous {
            return Ok(self.row);
        }
        self.row.row_version += 1;
        let saved = self.row.clone();
        let mut active = self.row.into_active_model().reset_all();
        active.id = Set(saved.id);
        active.update(tx.conn()).await?;
        Ok(saved)
    }

    /// Writes the row of a fresh case and sets its first timers.
    pub(crate) async fn insert(&mut self, tx: &mut Tx) -> Result<(), CaseError> {
        let clock = legal_clock(&self.terms(), &self.state, &self.snapshot.calendar)?;
        self.before = timed(&clock);
        let (deadlines, pending) = self.before.clone();
        self.set_timers(tx, &deadlines, pending);
        mirror(&mut self.row, &self.state, &clock, tx);
        case_record::Entity::insert(self.row.clone().into_active_model().reset_all()).exec_without_returning(tx.conn()).await?;
        Ok(())
    }

    /// Makes the next [`LoadedCase::save`] set all timers anew, whatever they were.
    pub(crate) fn count_anew(&mut self) {
        self.before = (Vec::new(), Some(0));
        self.anew = true;
    }

    fn set_timers(&self, tx: &mut Tx, deadlines: &[(Period, Date)], pending: Option<i16>) {
        if let Some(year) = pending {
            let run_at = Some(end_of_day(Self::today(tx)));
            tx.enqueue(NewJob { kind: CALENDAR_JOB, subject: self.row.id, run_at, payload: serde_json::json!({ "year": year }) });
        }
        for (period, due) in deadlines {
            let run_at = Some(end_of_day(*due));
            if matches!(period, Period::Acceptance | Period::Supplement) {
                tx.enqueue(NewJob { kind: DUE_JOB, subject: self.row.id, run_at, payload: serde_json::json!({ "period": period }) });
            }
            if *period != Period::Supplement {
                let payload = serde_json::json!(Overdue { case: self.id(), period: *period, due: *due });
                tx.enqueue(NewJob { kind: OVERDUE_JOB, subject: self.row.id, run_at, payload });
            }
        }
    }
}

/// The matter version a case keeps.
pub(crate) fn version_of(snapshot: &Snapshot, row: &case_record::Model) -> Result<Arc<MatterVersion>, CaseError> {
    numbered(snapshot, &row.matter, row.matter_version)
}

/// The matter version whose process a case goes by.
pub(crate) fn course_of(snapshot: &Snapshot, row: &case_record::Model) -> Result<Arc<MatterVersion>, CaseError> {
    numbered(snapshot, &row.matter, row.process_version)
}

fn numbered(snapshot: &Snapshot, matter: &str, number: i32) -> Result<Arc<MatterVersion>, CaseError> {
    u32::try_from(number)
        .ok()
        .and_then(|number| snapshot.matter_version(matter, number))
        .ok_or_else(|| CaseError::Damaged(format!("matter {matter} version {number} is not in the catalogue")))
}

pub(crate) fn permit(principal: &Principal, act: CaseAct, row: &case_record::Model, state: &CaseState) -> Result<(), CaseError> {
    let target = target_of(row, state);
    match permit_case(principal, act, &target) {
        Ok(()) => Ok(()),
        Err(banhao_identity::IdentityError::Denied { policies }) => {
            if act != CaseAct::View && permit_case(principal, CaseAct::View, &target).is_ok() {
                Err(CaseError::Denied { policies })
            } else {
                Err(CaseError::NotFound { what: "case" })
            }
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks the policies outside of a transaction, for work that has to be done before one; gives the state as it is now.
pub(crate) async fn may_now(ctx: &CaseContext, principal: &Principal, case: CaseId, act: CaseAct) -> Result<CaseState, CaseError> {
    let conn = ctx.store.read();
    let row = case_record::Entity::find_by_id(case.as_uuid()).one(conn).await?.ok_or(CaseError::NotFound { what: "case" })?;
    let state = fold(&facts::of(conn, row.id).await?)?;
    permit(principal, act, &row, &state)?;
    Ok(state)
}

/// Brings the row's columns in line with state and clock.
pub(crate) fn mirror(row: &mut case_record::Model, state: &CaseState, clock: &LegalClock, tx: &Tx) {
    let text = |date: Date| date.to_string();
    state.status.as_str().clone_into(&mut row.status);
    row.outcome = state.outcome.map(|outcome| outcome.as_str().to_owned());
    row.received_on = text(state.received_on);
    row.accepted_on = state.accepted.map(|(on, _)| text(on));
    row.decided_on = state.decision.map(|(on, _)| text(on));
    if state.status == CaseStatus::Closed && row.closed_at.is_none() {
        row.closed_at = Some(Moment::from(tx.now()));
        row.closed_on = Some(text(civil_date(tx.now())));
    }
    let next = clock.deadlines.first();
    row.due_on = next.map(|deadline| text(deadline.due));
    row.due_period = next.map(|deadline| deadline.period.as_str().to_owned());
    if state.accepted.is_some() && state.decision.is_none() {
        row.promised_due = clock.due(Period::Promised).map(text);
        row.statutory_due = clock.due(Period::Statutory).map(text);
    }
    match clock.state {
        ClockState::Running => "running",
        ClockState::Paused => "paused",
        ClockState::Stopped => "stopped",
    }
    .clone_into(&mut row.clock_state);
    row.visits = i32::try_from(state.visits).unwrap_or(i32::MAX);
    if let Some(course) = state.course {
        row.process_version = i32::try_from(course).unwrap_or(i32::MAX);
    }
}
