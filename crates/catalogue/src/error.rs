//! What can go wrong with the catalogue; codes have texts in `translations/*/catalogue.ftl`.

use banhao_kernel::problem::{Problem, ProblemKind};
use banhao_store::StoreError;

use crate::folder::DefinitionProblem;

/// A failure of the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Definitions have mistakes; nothing was changed.
    #[error("{} problem(s) in the definitions", .0.len())]
    Definitions(Vec<DefinitionProblem>),
    /// Nothing has been imported yet.
    #[error("no definitions have been imported")]
    NothingImported,
    /// The folder to export to has something in it.
    #[error("{0} is not empty")]
    FolderNotEmpty(String),
    /// A file could not be written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// What is stored cannot be read.
    #[error("stored definitions are damaged: {0}")]
    Damaged(String),
    /// The search failed.
    #[error("search: {0}")]
    Search(String),
}

impl CatalogueError {
    /// Codes of this crate's errors.
    pub const CODES: &'static [&'static str] =
        &["definitions-wrong", "nothing-imported", "folder-not-empty", "definition-file", "definitions-damaged", "search-failed"];
}

impl From<sea_orm::DbErr> for CatalogueError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Store(error) => error.into(),
            CatalogueError::Definitions(problems) => {
                Self::new("definitions-wrong", ProblemKind::Invalid).with_arg("count", problems.len().to_string())
            }
            CatalogueError::NothingImported => Self::new("nothing-imported", ProblemKind::Unavailable),
            CatalogueError::FolderNotEmpty(path) => Self::new("folder-not-empty", ProblemKind::Conflict).with_arg("path", path),
            CatalogueError::File { path, reason } => {
                Self::new("definition-file", ProblemKind::Internal).with_arg("path", path).with_arg("reason", reason)
            }
            CatalogueError::Damaged(detail) => Self::new("definitions-damaged", ProblemKind::Internal).with_arg("detail", detail),
            CatalogueError::Search(detail) => Self::new("search-failed", ProblemKind::Internal).with_arg("detail", detail),
        }
    }
}
