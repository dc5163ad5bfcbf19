//! What can go wrong with papers and licences; codes have texts in `translations/*/records.ftl`.

use banhao_kernel::problem::{Problem, ProblemKind};
use banhao_store::StoreError;

/// A failure of records.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// No such paper.
    #[error("no such paper")]
    NotFound,
    /// Ordered but not signed yet; try again in a moment.
    #[error("the paper is being made")]
    NotReady,
    /// The template is missing in the definitions.
    #[error("no template for {kind}")]
    NoTemplate {
        /// Kind of paper.
        kind: &'static str,
    },
    /// The definition named by the order is gone.
    #[error("unknown organisation {organisation}")]
    NoOrganisation {
        /// Key.
        organisation: String,
    },
    /// A licence number could not be formed from type and issuer.
    #[error("licence number: {0}")]
    LicenceNumber(String),
    /// Typesetting or signing failed.
    #[error("paper: {0}")]
    Paper(String),
    /// A stored record cannot be read.
    #[error("stored record is damaged: {0}")]
    Damaged(String),
    /// The catalogue failed.
    #[error(transparent)]
    Catalogue(#[from] banhao_catalogue::CatalogueError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RecordsError {
    /// Codes of this crate's own errors.
    pub const CODES: &'static [&'static str] = &[
        "records-not-found",
        "records-not-ready",
        "records-no-template",
        "records-no-organisation",
        "records-licence-number",
        "records-paper",
        "records-damaged",
    ];
}

impl From<sea_orm::DbErr> for RecordsError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(StoreError::from(error))
    }
}

impl From<serde_json::Error> for RecordsError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::NotFound => Self::new("records-not-found", ProblemKind::NotFound),
            RecordsError::NotReady => Self::new("records-not-ready", ProblemKind::Unavailable),
            RecordsError::NoTemplate { kind } => Self::new("records-no-template", ProblemKind::Internal).with_arg("kind", kind),
            RecordsError::NoOrganisation { organisation } => {
                Self::new("records-no-organisation", ProblemKind::Internal).with_arg("organisation", organisation)
            }
            RecordsError::LicenceNumber(detail) => Self::new("records-licence-number", ProblemKind::Internal).with_arg("detail", detail),
            RecordsError::Paper(detail) => Self::new("records-paper", ProblemKind::Internal).with_arg("detail", detail),
            RecordsError::Damaged(detail) => Self::new("records-damaged", ProblemKind::Internal).with_arg("detail", detail),
            RecordsError::Catalogue(error) => error.into(),
            RecordsError::Store(error) => error.into(),
        }
    }
}
