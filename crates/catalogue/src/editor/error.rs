//! What can go wrong with a draft; codes have texts in `translations/*/editor.ftl`.

use banhao_kernel::{
    ids::StaffId,
    problem::{Problem, ProblemKind},
};
use banhao_store::StoreError;

use super::DraftState;
use crate::{error::CatalogueError, folder::DefinitionProblem};

/// A failure of the editor's commands.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalogue failed.
    #[error(transparent)]
    Catalogue(CatalogueError),
    /// There is no such draft.
    #[error("no such draft")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("the draft was changed by {by} meanwhile")]
    Changed {
        /// Who.
        by: StaffId,
    },
    /// Not possible in this state.
    #[error("the draft is {}", .state.as_str())]
    WrongState {
        /// The state it is in.
        state: DraftState,
    },
    /// Whoever changed a draft does not publish it.
    #[error("who changed a draft does not publish it")]
    FourEyes,
    /// A newer version was published since it was begun.
    #[error("version {latest} was published since the draft was begun from version {based_on}")]
    Outdated {
        /// Version it began as.
        based_on: u32,
        /// Latest version.
        latest: u32,
    },
    /// The matter is no longer offered.
    #[error("the matter was withdrawn")]
    Withdrawn,
    /// Others published again and again at the same moment.
    #[error("too much was published at the same moment")]
    Busy,
    /// Mistakes; nothing was published.
    #[error("{} problem(s)", .0.len())]
    Problems(Vec<DefinitionProblem>),
    /// What is stored cannot be read.
    #[error("stored drafts are damaged: {0}")]
    Damaged(String),
}

impl DraftError {
    /// Codes of these errors.
    pub const CODES: &'static [&'static str] = &[
        "draft-not-found",
        "draft-changed",
        "draft-state",
        "draft-four-eyes",
        "draft-outdated",
        "draft-withdrawn",
        "draft-busy",
        "draft-problems",
        "draft-damaged",
    ];
}

impl From<sea_orm::DbErr> for DraftError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<CatalogueError> for DraftError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Definitions(problems) => Self::Problems(problems),
            CatalogueError::Store(error) => Self::Store(error),
            other => Self::Catalogue(other),
        }
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Store(error) => error.into(),
            DraftError::Catalogue(error) => error.into(),
            DraftError::NotFound => Self::new("draft-not-found", ProblemKind::NotFound),
            DraftError::Changed { .. } => Self::new("draft-changed", ProblemKind::Conflict),
            DraftError::WrongState { .. } => Self::new("draft-state", ProblemKind::Conflict),
            DraftError::FourEyes => Self::new("draft-four-eyes", ProblemKind::Forbidden),
            DraftError::Outdated { based_on, latest } => Self::new("draft-outdated", ProblemKind::Conflict)
                .with_arg("based", based_on.to_string())
                .with_arg("latest", latest.to_string()),
            DraftError::Withdrawn => Self::new("draft-withdrawn", ProblemKind::Conflict),
            DraftError::Busy => Self::new("draft-busy", ProblemKind::Unavailable),
            DraftError::Problems(problems) => {
                Self::new("draft-problems", ProblemKind::Invalid).with_arg("count", problems.len().to_string())
            }
            DraftError::Damaged(detail) => Self::new("draft-damaged", ProblemKind::Internal).with_arg("detail", detail),
        }
    }
}
