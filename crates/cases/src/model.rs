//! The words of a case: status, outcome, the folded state that rules decide on. No storage, no HTTP.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use banhao_kernel::{Date, Timestamp, ids::StaffId};
use serde::{Deserialize, Serialize};

use crate::facts::{AcceptedHow, CaseFact, Decision, Operation, RefusalGround, SupplementItem};

/// Where a case stands (办件状态). The clock's state is separate: see [`crate::clock`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// 已收件: received, not yet accepted; the five-day acceptance clock runs.
    Received,
    /// 待补正: one complete list has been sent; waiting for the applicant.
    Supplement,
    /// 已受理/审查中: accepted, under review.
    Reviewing,
    /// 待决定: reviewed, waiting for the decision.
    Deciding,
    /// 制证: granted, the result is being made.
    Making,
    /// 待送达: the result is ready to be handed over.
    Delivering,
    /// 办结: closed; the outcome says how.
    Closed,
}

impl CaseStatus {
    /// All states, in the order a case walks through them.
    pub const ALL: [Self; 7] =
        [Self::Received, Self::Supplement, Self::Reviewing, Self::Deciding, Self::Making, Self::Delivering, Self::Closed];

    /// Stable name in the database, in addresses and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Supplement => "supplement",
            Self::Reviewing => "reviewing",
            Self::Deciding => "deciding",
            Self::Making => "making",
            Self::Delivering => "delivering",
            Self::Closed => "closed",
        }
    }

    /// The state with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// How a closed case ended (办结结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 准予: granted and delivered.
    Granted,
    /// 不予: refused with reasons and remedies (APL 38), delivered.
    Refused,
    /// 不予受理: not accepted (APL 32).
    NotAccepted,
    /// 撤回: withdrawn by the applicant before the decision.
    Withdrawn,
    /// 视为撤回: the supplement did not come in time (local rule).
    Lapsed,
    /// 终止: ended without a decision, because the applicant died or was dissolved or the matter is gone (local rule).
    Terminated,
}

impl Outcome {
    /// Stable name in the database and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::NotAccepted => "not-accepted",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::Terminated => "terminated",
        }
    }

    /// The outcome with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Granted, Self::Refused, Self::NotAccepted, Self::Withdrawn, Self::Lapsed, Self::Terminated]
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }
}

/// A one-time supplement request (一次性告知补正) and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    /// The complete list; frozen when the notice is issued (APL 32(4)).
    pub items: Vec<SupplementItem>,
    /// The day of the notice.
    pub requested_on: Date,
    /// The last day for the applicant (local rule).
    pub due: Date,
    /// The day everything came in, if it did.
    pub answered_on: Option<Date>,
}

/// A stretch during which the decision clock stands still (APL 45).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// What for: `expert-review`, `inspection` …
    pub kind: String,
    /// First day that does not count.
    pub from: Date,
    /// The end announced in the written notice.
    pub planned_end: Date,
    /// The last day that did not count, when it is over.
    pub ended: Option<Date>,
}

/// Everything the rules need to know about a case: the fold of its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseState {
    /// Where the case stands.
    pub status: CaseStatus,
    /// The instant of receipt: a legal fact, never changed.
    pub received_at: Timestamp,
    /// The day that counts as the day of receipt (after-hours rule applied).
    pub received_on: Date,
    /// The staff member who took the papers at a window, if any.
    pub received_by: Option<StaffId>,
    /// Supplement requests, oldest first.
    pub supplements: Vec<Supplement>,
    /// Day of acceptance and how it came about.
    pub accepted: Option<(Date, AcceptedHow)>,
    /// Clock stops, oldest first (Art. 45).
    pub suspensions: Vec<Suspension>,
    /// Additional working days from lawful extensions (Art. 42).
    pub extension_days: u16,
    /// Everybody who reviewed; none of them may decide.
    pub reviewers: BTreeSet<StaffId>,
    /// The decision and its day.
    pub decision: Option<(Date, Decision)>,
    /// The day the result was made.
    pub made_on: Option<Date>,
    /// The day the result was delivered.
    pub delivered_on: Option<Date>,
    /// How it ended, when closed.
    pub outcome: Option<Outcome>,
    /// In-person contacts so far (到现场次数).
    pub visits: u32,
    /// Keys of other organisations that were asked to sign (联办).
    pub joint: BTreeSet<String>,
    /// Who was given a copy (抄送).
    pub copied: BTreeSet<StaffId>,
    /// The last day on which each member of staff urged (none: the applicant).
    pub urged: BTreeMap<Option<StaffId>, Date>,
    /// 挂起: nothing goes on until it is resumed.
    pub suspended: bool,
    /// The version of the matter whose process it goes by, once it was moved (在办件迁移); until then the one it was submitted under.
    pub course: Option<u32>,
}

impl CaseState {
    /// The supplement request that waits for the applicant, if one is open.
    #[must_use]
    pub fn open_supplement(&self) -> Option<&Supplement> {
        self.supplements.iter().find(|supplement| supplement.answered_on.is_none())
    }

    /// Folds facts in order. `None` until the case has been received.
    #[must_use]
    pub fn fold<'f>(facts: impl IntoIterator<Item = &'f CaseFact>) -> Option<Self> {
        let mut facts = facts.into_iter();
        let mut visits_before = 0;
        let mut state = loop {
            match facts.next()? {
                CaseFact::Received { received_at, received_on, by, .. } => {
                    break Self::received(*received_at, *received_on, *by, visits_before);
                }
                CaseFact::Visited { .. } => visits_before += 1,
                _ => {}
            }
        };
        for fact in facts {
            state.apply(fact);
        }
        Some(state)
    }

    fn received(received_at: Timestamp, received_on: Date, by: Option<StaffId>, visits: u32) -> Self {
        Self {
            status: CaseStatus::Received,
            received_at,
            received_on,
            received_by: by,
            supplements: Vec::new(),
            accepted: None,
            suspensions: Vec::new(),
            extension_days: 0,
            reviewers: BTreeSet::new(),
            decision: None,
            made_on: None,
            delivered_on: None,
            outcome: None,
            visits,
            joint: BTreeSet::new(),
            copied: BTreeSet::new(),
            urged: BTreeMap::new(),
            suspended: false,
            course: None,
        }
    }

    /// Applies one more fact.
    pub fn apply(&mut self, fact: &CaseFact) {
        match fact {
            CaseFact::Received { .. }
            | CaseFact::MaterialChecked { .. }
            | CaseFact::MaterialAdded { .. }
            | CaseFact::TimerFired { .. }
            | CaseFact::DecidedByRules { .. }
            | CaseFact::Reminded { .. }
            | CaseFact::MessageSent { .. }
            | CaseFact::MessageReceived { .. }
            | CaseFact::FileViewed { .. }
            | CaseFact::Unmasked { .. } => {}
            CaseFact::JointAsked { organisations } => self.joint.extend(organisations.iter().cloned()),
            CaseFact::Moved { to_version, .. } => self.course = Some(*to_version),
            CaseFact::Operated { operation, on, to, by, .. } => self.operated(*operation, *on, to, *by),
            CaseFact::Visited { .. } => self.visits += 1,
            CaseFact::SupplementRequested { items, requested_on, due } => {
                self.status = CaseStatus::Supplement;
                self.supplements.push(Supplement { items: items.clone(), requested_on: *requested_on, due: *due, answered_on: None });
            }
            CaseFact::Supplemented { on, .. } => {
                self.status = CaseStatus::Received;
                if let Some(open) = self.supplements.iter_mut().find(|supplement| supplement.answered_on.is_none()) {
                    open.answered_on = Some(*on);
                }
            }
            CaseFact::Accepted { on, how, .. } => {
                self.status = CaseStatus::Reviewing;
                self.accepted = Some((*on, *how));
            }
            CaseFact::NotAccepted { ground, .. } => {
                let _: &RefusalGround = ground;
                self.status = CaseStatus::Closed;
                self.outcome = Some(Outcome::NotAccepted);
            }
            CaseFact::ClockSuspended { procedure, from, planned_end, .. } => {
                self.suspensions.push(Suspension { kind: procedure.clone(), from: *from, planned_end: *planned_end, ended: None })
            }
            CaseFact::ClockResumed { last_day } => {
                if let Some(open) = self.suspensions.iter_mut().find(|suspension| suspension.ended.is_none()) {
                    open.ended = Some(*last_day);
                }
            }
            CaseFact::Extended { working_days, .. } => self.extension_days += working_days,
            CaseFact::Reviewed { by, .. } => {
                self.reviewers.insert(*by);
            }
            CaseFact::DecisionAwaited => self.status = CaseStatus::Deciding,
            CaseFact::Decided { on, decision, .. } => {
                self.status = match decision {
                    Decision::Grant => CaseStatus::Making,
                    Decision::Refuse => CaseStatus::Delivering,
                };
                self.decision = Some((*on, *decision));
            }
            CaseFact::Made { on, .. } => {
                self.status = CaseStatus::Delivering;
                self.made_on = Some(*on);
            }
            CaseFact::Delivered { on, .. } => self.delivered_on = Some(*on),
            CaseFact::Withdrawn { .. } | CaseFact::Lapsed { .. } => {}
            CaseFact::Closed { outcome } => {
                self.status = CaseStatus::Closed;
                self.outcome = Some(*outcome);
            }
        }
    }

    fn operated(&mut self, operation: Operation, on: Date, to: &[String], by: Option<StaffId>) {
        match operation {
            // Something before the decision is open again.
            Operation::Return | Operation::TakeBack | Operation::Jump if self.status == CaseStatus::Deciding => {
                self.status = CaseStatus::Reviewing;
            }
            Operation::Copy => self.copied.extend(to.iter().filter_map(|id| StaffId::from_str(id).ok())),
            Operation::Urge => {
                self.urged.insert(by, on);
            }
            Operation::Suspend => self.suspended = true,
            Operation::Resume => self.suspended = false,
            _ => {}
        }
    }
}
