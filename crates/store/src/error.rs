//! What can go wrong with the store; codes have texts in `translations/*/store.ftl`.

use banhao_kernel::problem::{Problem, ProblemKind};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is unreachable.
    #[error("database: {0}")]
    Database(sea_orm::DbErr),
    /// Somebody else changed the same thing at the same time; try again.
    #[error("changed by somebody else at the same time")]
    Contention,
    /// The address of the database is not understood.
    #[error("not a database address: {0}")]
    BadAddress(String),
    /// A migration that was already applied reads differently now.
    #[error("migration {owner}/{number} was changed after it had been applied")]
    MigrationChanged {
        /// Crate.
        owner: &'static str,
        /// Number.
        number: u32,
    },
    /// The database has steps this program does not know: it was last used by a newer release.
    #[error("the database is of a newer release: it knows {owner}/{number}")]
    NewerDatabase {
        /// Crate.
        owner: &'static str,
        /// The unknown step.
        number: u32,
    },
    /// The store is shutting down.
    #[error("the store is shutting down")]
    Closed,
    /// A command failed in a way it must not (a fault in the program); nothing of it was kept.
    #[error("a command broke off: {0}")]
    BrokeOff(String),
    /// Another runner has taken the job over; the work was not kept.
    #[error("the job was taken over by another runner")]
    LostClaim,
    /// The file store failed.
    #[error("file store: {0}")]
    Files(String),
    /// No such file.
    #[error("no such file")]
    NoFile,
    /// A file is larger than allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A file is of a type that is not taken, or lies about its type.
    #[error("called {claimed}, is {found}")]
    WrongType {
        /// What its name says.
        claimed: String,
        /// What its content says.
        found: String,
    },
    /// A file without content.
    #[error("the file is empty")]
    EmptyFile,
    /// Something sealed cannot be opened: changed, or sealed with another key.
    #[error("sealed data cannot be opened")]
    Unsealable,
    /// A key file is missing, unreadable or damaged.
    #[error("key file {path}: {reason}")]
    KeyFile {
        /// Path.
        path: String,
        /// Reason.
        reason: String,
    },
    /// A stored record cannot be read.
    #[error("stored record is damaged: {0}")]
    Damaged(String),
}

impl StoreError {
    /// Codes of this crate's errors.
    pub const CODES: &'static [&'static str] = &[
        "store-database",
        "store-contention",
        "store-bad-address",
        "store-migration-changed",
        "store-newer-database",
        "store-closed",
        "store-broke-off",
        "store-lost-claim",
        "store-files",
        "store-no-file",
        "store-too-large",
        "store-wrong-type",
        "store-empty-file",
        "store-unsealable",
        "store-key-file",
        "store-damaged",
    ];
}

/// The database's own code of an error: SQLSTATE (five characters) on PostgreSQL, a decimal result code on SQLite.
fn database_code(error: &sea_orm::DbErr) -> Option<String> {
    use sea_orm::{DbErr, RuntimeErr};
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => {
            error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned))
        }
        _ => None,
    }
}

/// Whether trying again is the remedy. PostgreSQL: serialisation failure, deadlock, lock not available. SQLite: BUSY and LOCKED
/// with all their extended codes (the low byte counts). By code: the words of the message depend on the server's language.
fn is_contention(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "55P03") || (code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)))
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        if matches!(error, sea_orm::DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::ConnectionClosed)) {
            return Self::Closed;
        }
        if database_code(&error).as_deref().is_some_and(is_contention) {
            return Self::Contention;
        }
        Self::Database(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        match error {
            StoreError::Database(_) => Self::new("store-database", ProblemKind::Unavailable),
            StoreError::Contention => Self::new("store-contention", ProblemKind::Conflict),
            StoreError::BadAddress(address) => Self::new("store-bad-address", ProblemKind::Internal).with_arg("address", address),
            StoreError::MigrationChanged { .. } => Self::new("store-migration-changed", ProblemKind::Internal).with_arg("detail", detail),
            StoreError::NewerDatabase { .. } => Self::new("store-newer-database", ProblemKind::Internal).with_arg("detail", detail),
            StoreError::Closed => Self::new("store-closed", ProblemKind::Unavailable),
            StoreError::BrokeOff(_) => Self::new("store-broke-off", ProblemKind::Internal).with_arg("detail", detail),
            StoreError::LostClaim => Self::new("store-lost-claim", ProblemKind::Conflict),
            StoreError::Files(_) => Self::new("store-files", ProblemKind::Unavailable).with_arg("detail", detail),
            StoreError::NoFile => Self::new("store-no-file", ProblemKind::NotFound),
            StoreError::TooLarge { limit } => {
                Self::new("store-too-large", ProblemKind::TooLarge).with_arg("megabytes", (limit / 1_048_576).to_string())
            }
            StoreError::WrongType { claimed, found } => {
                Self::new("store-wrong-type", ProblemKind::UnsupportedType).with_arg("claimed", claimed).with_arg("found", found)
            }
            StoreError::EmptyFile => Self::new("store-empty-file", ProblemKind::Invalid),
            StoreError::Unsealable => Self::new("store-unsealable", ProblemKind::Internal),
            StoreError::KeyFile { path, reason } => {
                Self::new("store-key-file", ProblemKind::Internal).with_arg("path", path).with_arg("reason", reason)
            }
            StoreError::Damaged(_) => Self::new("store-damaged", ProblemKind::Internal).with_arg("detail", detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_is_worth_another_try() {
        for code in ["40001", "40P01", "55P03", "5", "6", "261", "517"] {
            assert!(is_contention(code), "{code}");
        }
        // Unique violations, a full disk, a broken file.
        for code in ["23505", "2067", "1555", "13", "11", "42601", ""] {
            assert!(!is_contention(code), "{code}");
        }
    }
}
