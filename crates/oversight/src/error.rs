//! What can go wrong with oversight, as one enum; each code has its texts in `translations/*/oversight.ftl`.

use banhao_cases::CaseError;
use banhao_identity::IdentityError;
use banhao_kernel::{
    calendar::CalendarError,
    problem::{FieldProblem, Problem, ProblemKind},
};
use banhao_records::RecordsError;
use banhao_store::StoreError;

/// A refusal or failure of oversight.
#[derive(Debug, thiserror::Error)]
pub enum OversightError {
    /// The case is not finished; there is nothing to rate yet.
    #[error("a case that is {status} cannot be rated yet")]
    NotFinished {
        /// Where the case stands.
        status: &'static str,
    },
    /// The case has another rating already; there is one per case.
    #[error("the case has been rated")]
    AlreadyRated,
    /// Something in the rating is wrong; all of it at once.
    #[error("{} mistakes in the rating", fields.len())]
    Invalid {
        /// Each mistake with its field.
        fields: Vec<FieldProblem>,
    },
    /// No job in trouble has this id: it is done, or never was.
    #[error("no such job in trouble")]
    NoJob,
    /// Somebody works on the job at this moment.
    #[error("the job is being worked on")]
    JobInHand,
    /// A stored record cannot be read.
    #[error("stored record is damaged: {0}")]
    Damaged(String),
    /// A case could not be asked.
    #[error(transparent)]
    Cases(#[from] CaseError),
    /// A paper could not be asked.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The policies forbid it.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The working calendar of a year is missing.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OversightError {
    /// Codes of this crate's own errors.
    pub const CODES: &'static [&'static str] = &[
        "oversight-not-finished",
        "oversight-already-rated",
        "oversight-invalid",
        "oversight-no-job",
        "oversight-job-in-hand",
        "oversight-damaged",
    ];
    /// Codes of mistakes in a field; their texts are `field-CODE`.
    pub const FIELD_CODES: &'static [&'static str] = &["rating-level", "rating-tag", "rating-text-long"];
    /// Codes of mistakes in an act on a job, likewise.
    pub const JOB_FIELD_CODES: &'static [&'static str] = &["job-reason-missing", "job-reason-long"];
}

impl From<sea_orm::DbErr> for OversightError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(StoreError::from(error))
    }
}

impl From<OversightError> for Problem {
    fn from(error: OversightError) -> Self {
        match error {
            OversightError::NotFinished { status } => Self::new("oversight-not-finished", ProblemKind::Conflict).with_arg("status", status),
            OversightError::AlreadyRated => Self::new("oversight-already-rated", ProblemKind::Conflict),
            OversightError::Invalid { fields } => Self::new("oversight-invalid", ProblemKind::Invalid).with_fields(fields),
            OversightError::NoJob => Self::new("oversight-no-job", ProblemKind::NotFound),
            OversightError::JobInHand => Self::new("oversight-job-in-hand", ProblemKind::Conflict),
            OversightError::Damaged(detail) => Self::new("oversight-damaged", ProblemKind::Internal).with_arg("detail", detail),
            OversightError::Cases(error) => error.into(),
            OversightError::Records(error) => error.into(),
            OversightError::Identity(error) => error.into(),
            OversightError::Calendar(error) => error.into(),
            OversightError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use banhao_store::{JobError, trouble::Trouble};

    use crate::{AlarmLevel, JOB_KINDS, RULES, RatingChannel, Satisfaction};

    #[test]
    fn everything_has_words_in_both_languages() {
        let problems = OversightError::CODES.iter().flat_map(|code| ["", ".text", ".remedy"].map(|part| format!("problem-{code}{part}")));
        let fields = OversightError::FIELD_CODES.iter().chain(OversightError::JOB_FIELD_CODES).map(|code| format!("field-{code}"));
        let levels = Satisfaction::ALL.into_iter().map(|level| format!("rating-level-{}", level.star()));
        let channels = RatingChannel::ALL.into_iter().map(|channel| format!("rating-channel-{}", channel.as_str()));
        let rules = RULES.iter().flat_map(|rule| ["", ".text"].map(|part| format!("alarm-rule-{}{part}", rule.key)));
        let alarms = AlarmLevel::ALL.into_iter().map(|level| format!("alarm-level-{}", level.as_str()));
        let facts = ["rating-given", "rating-negative-assigned", "alarm-raised", "job-let-try-again", "job-given-up"];
        let facts = facts.into_iter().map(|fact| format!("fact-{fact}"));
        let jobs = JOB_KINDS.into_iter().map(|kind| format!("job-kind-{}", kind.replace('.', "-")));
        let troubles = Trouble::ALL.into_iter().map(|trouble| format!("job-trouble-{}", trouble.as_str()));
        let own = JobError::CODES.iter().flat_map(|code| ["", ".text", ".remedy"].map(|part| format!("problem-{code}{part}")));
        let keys: Vec<String> = problems
            .chain(fields)
            .chain(levels)
            .chain(channels)
            .chain(rules)
            .chain(alarms)
            .chain(facts)
            .chain(jobs)
            .chain(troubles)
            .chain(own)
            .collect();
        assert_eq!(banhao_texts::missing(keys.iter().map(String::as_str)), Vec::<String>::new());
    }
}
