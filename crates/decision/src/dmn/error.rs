//! Why a decision could not be made.

use super::problem::DmnProblem;
use crate::{FeelError, InputProblem};

/// A decision that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DmnError {
    /// The model has no decision of this name.
    #[error("there is no decision “{name}”; there are: {}", known.join(", "))]
    UnknownDecision {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Inputs are not of the types they must be.
    #[error("{}", .0.iter().map(|problem| problem.en.as_str()).collect::<Vec<_>>().join(" "))]
    Inputs(Vec<InputProblem>),
    /// A rule was broken on the way: rules that contradict each other, a value that is not allowed.
    #[error("{0}")]
    Fault(Box<DmnProblem>),
    /// The evaluator gave up.
    #[error("{0}")]
    Feel(#[from] FeelError),
}

impl DmnError {
    /// Stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownDecision { .. } => "unknown-decision",
            Self::Inputs(_) => "inputs",
            Self::Fault(problem) => problem.code,
            Self::Feel(error) => error.code(),
        }
    }

    /// In Chinese, with what to do.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::UnknownDecision { name, known } => format!("没有名为“{name}”的决策。现有：{}。", known.join("、")),
            Self::Inputs(problems) => problems.iter().map(|problem| problem.zh.as_str()).collect(),
            Self::Fault(problem) => problem.in_chinese(),
            Self::Feel(error) => error.zh(),
        }
    }
}
