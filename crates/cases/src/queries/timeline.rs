//! What happened in a case, in order, from its facts; and whether each is already in the ledger.

use banhao_kernel::{
    Timestamp,
    actor::Actor,
    ids::{CaseId, FactId, StaffId},
};
use banhao_store::{Store, facts};

use crate::{error::CaseError, facts::CaseFact};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// The fact.
    pub fact: FactId,
    /// When.
    pub at: Timestamp,
    /// Name of the fact; its words are `fact-KIND` with dots as hyphens.
    pub kind: String,
    /// Who, when it was a member of staff.
    pub staff: Option<StaffId>,
    /// Whether the applicant did it.
    pub by_applicant: bool,
    /// The fact itself, when it is one of ours.
    pub what: Option<CaseFact>,
    /// Whether it has its place in the ledger.
    pub placed: bool,
}

/// The timeline of a case, oldest first.
///
/// # Errors
/// When the store fails or a fact is damaged.
pub async fn timeline(store: &Store, case: CaseId) -> Result<Vec<TimelineEntry>, CaseError> {
    entries(facts::of(store.read(), case.as_uuid()).await?)
}

pub(crate) fn entries(all: Vec<facts::Fact>) -> Result<Vec<TimelineEntry>, CaseError> {
    all.into_iter()
        .map(|fact| {
            let actor = Actor::from_text(&fact.actor);
            Ok(TimelineEntry {
                fact: fact.id,
                at: fact.at,
                what: CaseFact::from_ledger(&fact.kind, &fact.body)?,
                kind: fact.kind,
                staff: if let Some(Actor::Staff(id)) = actor { Some(id) } else { None },
                by_applicant: matches!(actor, Some(Actor::Person(_))),
                placed: fact.leaf_index.is_some(),
            })
        })
        .collect()
}
