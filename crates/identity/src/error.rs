//! What can go wrong with identity; codes have texts in `translations/*/identity.ftl`.

use banhao_kernel::problem::{FieldProblem, Problem, ProblemKind};
use banhao_store::StoreError;

/// A refusal or failure of identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Unknown login or wrong password: from outside both look the same.
    #[error("login or password is wrong")]
    WrongCredentials,
    /// Too many wrong passwords; wait.
    #[error("too many attempts, wait {seconds} s")]
    TooManyAttempts {
        /// Seconds to wait.
        seconds: i64,
    },
    /// The citizen number or mobile already has an account.
    #[error("account exists")]
    AccountExists,
    /// Something in the registration is wrong; all of it at once.
    #[error("{} mistakes in the registration", fields.len())]
    Invalid {
        /// Each mistake with its field.
        fields: Vec<FieldProblem>,
    },
    /// No such member of staff.
    #[error("unknown login {login}")]
    UnknownStaff {
        /// The login asked for.
        login: String,
    },
    /// The policies forbid it.
    #[error("denied by {policies}")]
    Denied {
        /// Names of the forbidding policies, or `no-permit`.
        policies: String,
    },
    /// Nobody has signed in.
    #[error("sign in first")]
    Anonymous,
    /// Policies or their entities are wrong: a fault in the installation.
    #[error("policy: {0}")]
    Policy(String),
    /// Hashing failed.
    #[error("password hashing: {0}")]
    Hashing(String),
    /// A stored record cannot be read.
    #[error("stored account is damaged: {0}")]
    Damaged(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IdentityError {
    /// Codes of this crate's errors.
    pub const CODES: &'static [&'static str] = &[
        "identity-wrong-credentials",
        "identity-too-many-attempts",
        "identity-account-exists",
        "identity-invalid",
        "identity-unknown-staff",
        "identity-denied",
        "identity-anonymous",
        "identity-policy",
        "identity-hashing",
        "identity-damaged",
    ];
}

impl From<sea_orm::DbErr> for IdentityError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(StoreError::from(error))
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::WrongCredentials => Self::new("identity-wrong-credentials", ProblemKind::Unauthenticated),
            IdentityError::TooManyAttempts { seconds } => {
                Self::new("identity-too-many-attempts", ProblemKind::TooMany).with_arg("seconds", seconds.to_string())
            }
            IdentityError::AccountExists => Self::new("identity-account-exists", ProblemKind::Conflict),
            IdentityError::Invalid { fields } => Self::new("identity-invalid", ProblemKind::Invalid).with_fields(fields),
            IdentityError::UnknownStaff { login } => Self::new("identity-unknown-staff", ProblemKind::NotFound).with_arg("login", login),
            IdentityError::Denied { policies } => Self::new("identity-denied", ProblemKind::Forbidden).with_arg("policies", policies),
            IdentityError::Anonymous => Self::new("identity-anonymous", ProblemKind::Unauthenticated),
            IdentityError::Policy(detail) => Self::new("identity-policy", ProblemKind::Internal).with_arg("detail", detail),
            IdentityError::Hashing(detail) => Self::new("identity-hashing", ProblemKind::Internal).with_arg("detail", detail),
            IdentityError::Damaged(detail) => Self::new("identity-damaged", ProblemKind::Internal).with_arg("detail", detail),
            IdentityError::Store(error) => error.into(),
        }
    }
}
