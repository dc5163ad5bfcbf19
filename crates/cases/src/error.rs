//! What can go wrong with a case, as one enum; each value has a stable code whose texts (title, explanation, what to do
//! next, in both languages) live in `translations/*/cases.ftl`.

use banhao_kernel::{
    calendar::CalendarError,
    ids::StaffId,
    problem::{FieldProblem, Problem, ProblemKind},
};
use banhao_store::StoreError;

/// A refusal or failure of a case command or query.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// No such case, draft, task or file – or not yours: both look the same from outside.
    #[error("not found: {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// The policy forbids it.
    #[error("denied by policy {policies}")]
    Denied {
        /// Names of the policies that forbid it, or `no-permit`.
        policies: String,
    },
    /// The case is not in a state in which this act is possible.
    #[error("{act} is not possible while the case is {status}")]
    WrongState {
        /// The act.
        act: &'static str,
        /// The state.
        status: &'static str,
    },
    /// The matter is not in force, or takes no applications by this channel.
    #[error("matter {matter} cannot be applied for: {why}")]
    MatterClosed {
        /// Key of the matter.
        matter: String,
        /// `unknown`, `not-in-force` or `channel`.
        why: &'static str,
    },
    /// Answers or materials are missing or wrong; all of them at once.
    #[error("{} mistakes in the application", fields.len())]
    Incomplete {
        /// Each mistake with its field.
        fields: Vec<FieldProblem>,
    },
    /// A supplement may be asked for once, with one complete list (APL 32(4)).
    #[error("a supplement has already been asked for")]
    SupplementTwice,
    /// A list, reason or opinion that the law requires is empty.
    #[error("{what} must not be empty")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// Somebody else changed the case in between.
    #[error("the case was changed by somebody else")]
    Changed,
    /// Somebody else has the step in hand.
    #[error("somebody else has the step in hand")]
    InOtherHands {
        /// Who.
        staff: StaffId,
    },
    /// The step was delegated: it has to be reported back first.
    #[error("the step is delegated")]
    Delegated,
    /// The step was delegated to this person: they report, its owner completes it.
    #[error("a delegated step is reported, not completed")]
    ReportFirst,
    /// The step waits for people who sign before it.
    #[error("the step waits for signers")]
    AwaitsSigners,
    /// Nothing goes on while the case is suspended.
    #[error("the case is suspended")]
    Suspended,
    /// The engine says that an office operation is not possible here.
    #[error("not possible: {why}")]
    NotPossible {
        /// Why.
        why: banhao_bpmn::Why,
    },
    /// The definition does not allow this operation on this step.
    #[error("the definition does not allow {operation} here")]
    NotAllowed {
        /// The operation.
        operation: &'static str,
    },
    /// This member of staff or organisation cannot be chosen for it.
    #[error("{who} cannot be chosen for this")]
    NotACandidate {
        /// Who was named.
        who: String,
    },
    /// Cases are moved to the version in force, from an older one; these are not.
    #[error("cases cannot be moved between these versions")]
    MoveVersions,
    /// One urging a day is enough.
    #[error("urged today already")]
    UrgedToday,
    /// The process does not wait for this message.
    #[error("nobody waits for this message")]
    NobodyWaits,
    /// Somebody is met in person at a window, and the member of staff has none or named somebody else's.
    #[error("not a window of this member of staff")]
    NoWindow,
    /// Electronic delivery is the applicant's own act; staff cannot do it for them.
    #[error("staff cannot deliver electronically")]
    ElectronicByStaff,
    /// The signature of receipt is not one.
    #[error("the signature cannot be taken: {why}")]
    Signature {
        /// `not-png`, `too-large`, `pixels` or `too-long`.
        why: &'static str,
    },
    /// Not one of the materials of the matter, or too many files.
    #[error("the file cannot be added: {why}")]
    FileRefused {
        /// `unknown-material`, `too-many` or `type`.
        why: &'static str,
    },
    /// The working calendar of a year is missing.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The process engine refused a step: a fault in the definition.
    #[error("process: {0}")]
    Process(String),
    /// A stored record cannot be read.
    #[error("stored record is damaged: {0}")]
    Damaged(String),
    /// The catalogue failed.
    #[error(transparent)]
    Catalogue(#[from] banhao_catalogue::CatalogueError),
    /// Issuing a paper or licence failed.
    #[error(transparent)]
    Records(#[from] banhao_records::RecordsError),
    /// An account or its data failed.
    #[error(transparent)]
    Identity(#[from] banhao_identity::IdentityError),
}

impl From<sea_orm::DbErr> for CaseError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(StoreError::from(error))
    }
}

impl From<serde_json::Error> for CaseError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl CaseError {
    /// Codes of this crate's own errors; the texts of each exist in both languages (tested in `web`).
    pub const CODES: &'static [&'static str] = &[
        "case-not-found",
        "case-denied",
        "case-wrong-state",
        "case-matter-closed",
        "case-incomplete",
        "case-supplement-twice",
        "case-empty",
        "case-changed",
        "case-in-other-hands",
        "case-delegated",
        "case-report-first",
        "case-awaits-signers",
        "case-suspended",
        "case-not-possible",
        "case-not-allowed",
        "case-not-a-candidate",
        "case-move-versions",
        "case-urged-today",
        "case-nobody-waits",
        "case-no-window",
        "case-electronic-by-staff",
        "case-signature",
        "case-file-refused",
        "case-process",
        "case-damaged",
    ];
}

impl From<CaseError> for Problem {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::NotFound { .. } => Self::new("case-not-found", ProblemKind::NotFound),
            CaseError::Denied { policies } => Self::new("case-denied", ProblemKind::Forbidden).with_arg("policies", policies),
            CaseError::WrongState { act, status } => {
                Self::new("case-wrong-state", ProblemKind::Conflict).with_arg("act", act).with_arg("status", status)
            }
            CaseError::MatterClosed { matter, why } => {
                Self::new("case-matter-closed", ProblemKind::Conflict).with_arg("matter", matter).with_arg("why", why)
            }
            CaseError::Incomplete { fields } => Self::new("case-incomplete", ProblemKind::Invalid).with_fields(fields),
            CaseError::SupplementTwice => Self::new("case-supplement-twice", ProblemKind::Conflict),
            CaseError::Empty { what } => Self::new("case-empty", ProblemKind::Invalid).with_arg("what", what),
            CaseError::Changed => Self::new("case-changed", ProblemKind::Conflict),
            CaseError::InOtherHands { .. } => Self::new("case-in-other-hands", ProblemKind::Conflict),
            CaseError::Delegated => Self::new("case-delegated", ProblemKind::Conflict),
            CaseError::ReportFirst => Self::new("case-report-first", ProblemKind::Conflict),
            CaseError::AwaitsSigners => Self::new("case-awaits-signers", ProblemKind::Conflict),
            CaseError::Suspended => Self::new("case-suspended", ProblemKind::Conflict),
            CaseError::NotPossible { why } => Self::new("case-not-possible", ProblemKind::Conflict).with_arg("why", why.as_str()),
            CaseError::NotAllowed { operation } => Self::new("case-not-allowed", ProblemKind::Conflict).with_arg("operation", operation),
            CaseError::NotACandidate { who } => Self::new("case-not-a-candidate", ProblemKind::Invalid).with_arg("who", who),
            CaseError::MoveVersions => Self::new("case-move-versions", ProblemKind::Conflict),
            CaseError::UrgedToday => Self::new("case-urged-today", ProblemKind::Conflict),
            CaseError::NobodyWaits => Self::new("case-nobody-waits", ProblemKind::Conflict),
            CaseError::NoWindow => Self::new("case-no-window", ProblemKind::Conflict),
            CaseError::ElectronicByStaff => Self::new("case-electronic-by-staff", ProblemKind::Invalid),
            CaseError::Signature { why } => Self::new("case-signature", ProblemKind::Invalid).with_arg("why", why),
            CaseError::FileRefused { why } => Self::new("case-file-refused", ProblemKind::Invalid).with_arg("why", why),
            CaseError::Calendar(error) => error.into(),
            CaseError::Store(error) => error.into(),
            CaseError::Process(detail) => Self::new("case-process", ProblemKind::Internal).with_arg("detail", detail),
            CaseError::Damaged(detail) => Self::new("case-damaged", ProblemKind::Internal).with_arg("detail", detail),
            CaseError::Catalogue(error) => error.into(),
            CaseError::Records(error) => error.into(),
            CaseError::Identity(error) => error.into(),
        }
    }
}
