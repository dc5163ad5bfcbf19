//! A decision table as data, and the other parts of a model as they stand in the file.

use serde_json::Value;

use super::problem::{Cell, DmnProblem};

/// Which of the rules that hold give the result (DMN 1.5, 10.3.2.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HitPolicy {
    /// At most one rule holds; two are an error.
    #[default]
    Unique,
    /// Several may hold when they give the same.
    Any,
    /// The one whose output stands first among the allowed values.
    Priority,
    /// The first in the order of the table.
    First,
    /// All, in the order of the table.
    RuleOrder,
    /// All, in the order of the allowed values of the output.
    OutputOrder,
    /// All: as a list, or put together.
    Collect(Aggregation),
}

impl HitPolicy {
    /// Every policy.
    pub const ALL: [Self; 11] = [
        Self::Unique,
        Self::Any,
        Self::Priority,
        Self::First,
        Self::RuleOrder,
        Self::OutputOrder,
        Self::Collect(Aggregation::List),
        Self::Collect(Aggregation::Sum),
        Self::Collect(Aggregation::Min),
        Self::Collect(Aggregation::Max),
        Self::Collect(Aggregation::Count),
    ];
}

/// How COLLECT puts the results together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Aggregation {
    /// A list.
    #[default]
    List,
    /// `+`: their sum.
    Sum,
    /// `<`: the smallest.
    Min,
    /// `>`: the largest.
    Max,
    /// `#`: how many rules hold.
    Count,
}

/// A decision table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The input columns.
    pub inputs: Vec<TableInput>,
    /// The output columns.
    pub outputs: Vec<TableOutput>,
    /// The rows.
    pub rules: Vec<Rule>,
    /// Which rules give the result.
    pub hit_policy: HitPolicy,
    /// The heads of the columns for remarks.
    pub annotations: Vec<String>,
}

/// An input column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableInput {
    /// Its head, when it differs from the expression.
    pub label: Option<String>,
    /// What is asked: a FEEL expression, usually a name.
    pub expression: String,
    /// The type of its values.
    pub type_ref: Option<String>,
    /// The values it may have, as unary tests.
    pub allowed: Option<String>,
}

/// An output column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableOutput {
    /// Its name; required when there are several.
    pub name: Option<String>,
    /// Its head, when it differs from the name.
    pub label: Option<String>,
    /// The type of its values.
    pub type_ref: Option<String>,
    /// The values it may have; for PRIORITY and OUTPUT ORDER the highest first.
    pub allowed: Option<String>,
    /// The value when no rule holds, a FEEL expression.
    pub default: Option<String>,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// One cell for each input column: unary tests, `-` or nothing for any value.
    pub inputs: Vec<String>,
    /// One cell for each output column: a FEEL expression.
    pub outputs: Vec<String>,
    /// Remarks.
    pub annotations: Vec<String>,
}

/// An expression or unary tests of a file, with its place: for checks against what is known outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionText {
    /// The decision, business knowledge model or type it belongs to.
    pub decision: String,
    /// Line in the file.
    pub line: u32,
    /// Where in its table.
    pub cell: Option<Cell>,
    /// The text.
    pub text: String,
}

/// A name with a type, as declared in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub name: String,
    pub type_ref: Option<String>,
    pub line: u32,
}

/// Where the parts of a table stand in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableLines {
    pub table: u32,
    pub inputs: Vec<u32>,
    pub outputs: Vec<u32>,
    pub rules: Vec<u32>,
}

/// The logic of a decision, as it stands in the file.
#[derive(Clone, Debug)]
pub(crate) enum Logic {
    Literal { text: String, line: u32 },
    Table { table: Box<Table>, lines: TableLines },
    Context(Vec<(Option<Declared>, Logic)>),
    Invocation { callee: String, bindings: Vec<(Declared, Logic)>, line: u32 },
    List(Vec<Logic>),
    Relation { columns: Vec<String>, rows: Vec<Vec<Logic>> },
    Function { parameters: Vec<Declared>, body: Box<Logic> },
    Conditional { test: Box<Logic>, then: Box<Logic>, otherwise: Box<Logic> },
    Filter { list: Box<Logic>, test: Box<Logic> },
    For { variable: String, list: Box<Logic>, body: Box<Logic> },
    Quantified { every: bool, variable: String, list: Box<Logic>, test: Box<Logic> },
}

/// An item definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct ItemDefinition {
    pub name: String,
    pub type_ref: Option<String>,
    pub allowed: Option<String>,
    pub collection: bool,
    pub components: Vec<ItemDefinition>,
    pub line: u32,
}

/// What a node of the requirement graph is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Input,
    Decision(Option<Logic>),
    Knowledge { parameters: Vec<Declared>, body: Option<Logic> },
    Service { outputs: Vec<String>, encapsulated: Vec<String>, decisions: Vec<String>, data: Vec<String> },
}

/// A node of the requirement graph. Requirements are ids.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub id: String,
    pub name: String,
    pub variable: Declared,
    pub kind: Kind,
    pub requires: Vec<(String, u32)>,
    pub line: u32,
}

/// A file, read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definitions {
    pub name: String,
    pub items: Vec<ItemDefinition>,
    pub nodes: Vec<Node>,
    pub remarks: Vec<DmnProblem>,
}

/// The result of an evaluation, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The decision's value. Dates, times and durations are their texts.
    pub result: Value,
    /// The values of all decisions that were asked on the way, in the order in which they were made; the last is the result.
    pub decisions: Vec<(String, Value)>,
    /// Every decision table that was asked, in order.
    pub tables: Vec<TableSeen>,
    /// More tables were asked than are listed.
    pub shortened: bool,
}

/// One decision table, asked once.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSeen {
    /// The decision or business knowledge model it belongs to.
    pub decision: String,
    /// Which rules give the result.
    pub hit_policy: HitPolicy,
    /// What the input columns saw.
    pub inputs: Vec<InputSeen>,
    /// Every rule, in the order of the table.
    pub rules: Vec<RuleSeen>,
    /// The rows that gave the result, counted from 1; empty: the default outputs, or nothing.
    pub used: Vec<usize>,
    /// The table's value.
    pub result: Value,
}

/// What one input column saw.
#[derive(Clone, Debug, PartialEq)]
pub struct InputSeen {
    /// Its head.
    pub label: String,
    /// The value.
    pub value: Value,
}

/// How one rule fared.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSeen {
    /// The row, counted from 1.
    pub rule: usize,
    /// All its cells hold.
    pub fired: bool,
    /// The input columns whose cells do not hold, counted from 1.
    pub failed: Vec<usize>,
    /// The remarks in the row.
    pub annotations: Vec<String>,
}

impl Evaluation {
    /// The whole as JSON, for pages and programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let tables: Vec<Value> = self.tables.iter().map(TableSeen::to_json).collect();
        let decisions: Vec<Value> = self.decisions.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
        serde_json::json!({"result": self.result, "decisions": decisions, "tables": tables, "shortened": self.shortened})
    }
}

impl TableSeen {
    fn to_json(&self) -> Value {
        let inputs: Vec<Value> = self.inputs.iter().map(|input| serde_json::json!({"label": input.label, "value": input.value})).collect();
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|rule| serde_json::json!({"rule": rule.rule, "fired": rule.fired, "failed": rule.failed, "annotations": rule.annotations}))
            .collect();
        serde_json::json!({
            "decision": self.decision,
            "hitPolicy": super::write::policy_name(self.hit_policy),
            "inputs": inputs,
            "rules": rules,
            "used": self.used,
            "result": self.result,
        })
    }
}
