//! Why a job failed: in words for the administrator, by code, and as it is for experts.

use banhao_kernel::problem::Problem;
use serde_json::{Value, json};

/// Why a job failed.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct JobError {
    code: &'static str,
    args: Vec<(&'static str, String)>,
    detail: String,
}

/// The error with all that caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl JobError {
    /// Codes that have no error of their own.
    pub const CODES: &'static [&'static str] = &["store-job-failed", "store-job-broke-off", "store-job-killed"];

    fn own(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, args: Vec::new(), detail: detail.into() }
    }

    /// A failure that has no words of its own.
    pub fn new(detail: impl Into<String>) -> Self {
        Self::own("store-job-failed", detail)
    }

    /// From any error.
    pub fn from_error(error: impl std::error::Error) -> Self {
        Self::new(chain(&error))
    }

    /// From an error that people can be told of in words.
    pub fn told(error: impl std::error::Error + Into<Problem>) -> Self {
        let detail = chain(&error);
        let Problem { code, args, .. } = error.into();
        Self { code, args, detail }
    }

    /// Not one of its tries came to an end, not even to a bad one.
    pub(crate) fn killed() -> Self {
        Self::own("store-job-killed", "each time the program ended in the middle of it")
    }

    pub(crate) fn broke_off(panic: &str) -> Self {
        Self::own("store-job-broke-off", format!("broke off: {panic}"))
    }

    /// Code and arguments, as they are kept.
    pub(crate) fn words(&self) -> Value {
        let args: serde_json::Map<String, Value> = self.args.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({ "code": self.code, "args": args })
    }
}
