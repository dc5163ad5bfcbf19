//! Decision expressions in FEEL (DMN 1.5, OMG): parsed and prepared once, evaluated many times, without input, output,
//! clock or randomness; and DMN models (1.1 to 1.5): tables with all hit policies, boxed expressions, business knowledge,
//! decision services, with the reasons for every result. What is not here: processes, forms.
//!
//! ```
//! use banhao_decision::Expression;
//! use serde_json::json;
//!
//! let rule = Expression::parse(r#"q.kind = "new" and form.area > 50"#)?;
//! assert!(rule.holds(&json!({"q": {"kind": "new"}, "form": {"area": 60}}))?);
//! assert!(!rule.holds(&json!({"q": {"kind": "new"}}))?); // an answer that is missing is null
//! # Ok::<(), banhao_decision::FeelError>(())
//! ```
//!
//! Refused when parsed, because a rule must be deterministic, must end, and must not leave the process: functions of
//! one's own and external (Java, PMML) functions, `now()` and `today()`, loops over numeric ranges, very long texts.

mod cache;
mod convert;
mod dmn;
mod error;
mod expression;
mod guarded;
mod inputs;
mod meter;
mod names;
mod own;
mod rewrite;
mod time_of_day;
mod words;

pub use cache::Cache;
pub use convert::date;
pub use dmn::tck;
pub use dmn::{
    Aggregation, Cell, Column, DecisionModel, DmnError, DmnProblem, Evaluation, ExpressionText, HitPolicy, InputSeen, Rule, RuleSeen,
    Severity, Table, TableInput, TableOutput, TableSeen,
};
pub use error::FeelError;
pub use expression::{Expression, Truth};
pub use inputs::{Input, InputKind, InputProblem, Inputs};
