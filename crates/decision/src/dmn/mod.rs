//! DMN: reading a model, looking it over, evaluating a decision with the reasons for its result.

mod boxed;
mod data;
mod error;
mod lines;
mod logic;
mod model;
mod naming;
mod prepare;
mod problem;
mod read;
mod recorder;
mod remarks;
mod table;
pub mod tck;
mod tests;
mod types;
mod write;

pub use data::{Aggregation, Evaluation, ExpressionText, HitPolicy, InputSeen, Rule, RuleSeen, Table, TableInput, TableOutput, TableSeen};
pub use error::DmnError;
pub use model::DecisionModel;
pub use problem::{Cell, Column, DmnProblem, Severity};
pub(crate) use types::Type;
