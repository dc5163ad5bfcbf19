//! A decision table, prepared, and how its rules become a value (DMN 1.5, 10.3.2.10).

use std::{cmp::Ordering, sync::Arc};

use dsntk_feel::{FeelScope, Name, context::FeelContext, values::Value as Feel};

use super::{
    data::{Aggregation, HitPolicy, InputSeen, RuleSeen, TableSeen},
    problem::{Cell, Column, DmnProblem},
    recorder,
    tests::Tests,
    types::Type,
};
use crate::{meter::measured, rewrite::Compiled};

/// A table, ready to be asked.
pub(crate) struct ReadyTable {
    pub owner: String,
    pub hit_policy: HitPolicy,
    pub inputs: Vec<ReadyInput>,
    pub outputs: Vec<ReadyOutput>,
    pub rules: Vec<ReadyRule>,
    pub line: u32,
}

/// An input column.
pub(crate) struct ReadyInput {
    pub label: String,
    pub asked: Compiled,
    pub kind: Type,
    pub allowed: Option<Arc<Tests>>,
    pub line: u32,
}

/// An output column.
pub(crate) struct ReadyOutput {
    pub key: Option<Name>,
    pub kind: Type,
    pub allowed: Option<Arc<Tests>>,
    pub default: Option<Compiled>,
    pub line: u32,
}

/// A row. An empty output cell is null.
pub(crate) struct ReadyRule {
    pub cells: Vec<Arc<Tests>>,
    pub outputs: Vec<Option<Arc<Compiled>>>,
    pub annotations: Vec<String>,
    pub line: u32,
}

impl ReadyTable {
    /// Asks the table.
    pub(crate) fn eval(&self, scope: &FeelScope) -> Feel {
        let faults = &mut Vec::new();
        let values: Vec<Feel> = self.inputs.iter().enumerate().map(|(at, input)| self.input(at, input, scope, faults)).collect();
        let rules: Vec<RuleSeen> = self.rules.iter().enumerate().map(|(at, rule)| rule.seen(at, &values, scope)).collect();
        let fired: Vec<usize> = rules.iter().filter(|rule| rule.fired).map(|rule| rule.rule - 1).collect();
        let (value, used) = if faults.is_empty() { self.decide(&fired, scope, faults) } else { (Feel::Null(None), Vec::new()) };
        let value = if faults.is_empty() { measured(value) } else { Feel::Null(None) };
        recorder::table(self.rules.len(), || TableSeen {
            decision: self.owner.clone(),
            hit_policy: self.hit_policy,
            inputs: self
                .inputs
                .iter()
                .zip(&values)
                .map(|(input, value)| InputSeen { label: input.label.clone(), value: recorder::shown(value) })
                .collect(),
            rules,
            used: used.iter().map(|rule| rule + 1).collect(),
            result: recorder::shown(&value),
        });
        faults.drain(..).for_each(recorder::fault);
        value
    }

    fn fault(&self, code: &'static str, line: u32, cell: Option<Cell>, zh: String, en: String) -> DmnProblem {
        DmnProblem::error(code, line, zh, en).of(&self.owner).at(cell)
    }

    fn input(&self, at: usize, input: &ReadyInput, scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> Feel {
        let value = measured(input.asked.eval(scope));
        let cell = Some(Cell { rule: None, column: Some(Column::Input(at + 1)) });
        let value = match input.kind.conform(&value, "") {
            Ok(value) => value,
            Err(mismatch) => {
                let (found, label) = (recorder::shown(&value), &input.label);
                faults.push(self.fault(
                    "input-type",
                    input.line,
                    cell,
                    format!("“{label}”应当是{}，得到的是 {found}。", mismatch.expected_zh),
                    format!("“{label}” must be {}; it is {found}.", mismatch.expected_en),
                ));
                return value;
            }
        };
        if let Some(allowed) = &input.allowed
            && !matches!(value, Feel::Null(_))
            && !allowed.hold(scope, &value)
        {
            let (found, label, text) = (recorder::shown(&value), &input.label, &allowed.text);
            faults.push(self.fault(
                "input-not-allowed",
                input.line,
                cell,
                format!("“{label}”只能是 {text}，得到的是 {found}。"),
                format!("“{label}” can only be {text}; it is {found}."),
            ));
        }
        value
    }

    /// The value of a table whose input columns saw what they may see.
    fn decide(&self, fired: &[usize], scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> (Feel, Vec<usize>) {
        let Some(first) = fired.first() else {
            return (self.default(scope, faults), Vec::new());
        };
        match self.hit_policy {
            HitPolicy::Unique if fired.len() > 1 => {
                self.conflict("unique-conflict", fired, "策略是“唯一”（UNIQUE），却", "the hit policy is UNIQUE, but ", faults);
                (Feel::Null(None), fired.to_vec())
            }
            HitPolicy::Unique | HitPolicy::First => (self.result(*first, scope, faults), vec![*first]),
            HitPolicy::Any => {
                let results = self.results(fired, scope, faults);
                if results.iter().any(|result| !dsntk_feel_evaluator::evaluate_equals(result, &results[0])) {
                    self.conflict(
                        "any-conflict",
                        fired,
                        "策略是“任一”（ANY），结果不同却",
                        "the hit policy is ANY and the results differ, but ",
                        faults,
                    );
                }
                (results.into_iter().next().unwrap_or(Feel::Null(None)), fired.to_vec())
            }
            HitPolicy::Priority => {
                let (order, mut results) = self.in_priority(fired, scope, faults);
                (results.swap_remove(0), vec![order[0]])
            }
            HitPolicy::OutputOrder => {
                let (order, results) = self.in_priority(fired, scope, faults);
                (Feel::List(results), order)
            }
            HitPolicy::RuleOrder | HitPolicy::Collect(Aggregation::List) => {
                (Feel::List(self.results(fired, scope, faults)), fired.to_vec())
            }
            HitPolicy::Collect(Aggregation::Count) => (Feel::Number(fired.len().into()), fired.to_vec()),
            HitPolicy::Collect(aggregation) => {
                let results = self.results(fired, scope, faults);
                let value = match aggregation {
                    Aggregation::Sum => dsntk_feel_evaluator::evaluate_sum(results),
                    Aggregation::Min => dsntk_feel_evaluator::evaluate_min(results),
                    _ => dsntk_feel_evaluator::evaluate_max(results),
                };
                (value, fired.to_vec())
            }
        }
    }

    fn conflict(&self, code: &'static str, fired: &[usize], zh: &str, en: &str, faults: &mut Vec<DmnProblem>) {
        let rows: Vec<String> = fired.iter().take(10).map(|rule| (rule + 1).to_string()).collect();
        let second = fired.get(1).copied().unwrap_or_default();
        faults.push(self.fault(
            code,
            self.rules[second].line,
            Some(Cell { rule: Some(second + 1), column: None }),
            format!("{zh}有 {} 行同时成立：第 {} 行。请把条件分开，或者换一种命中策略。", fired.len(), rows.join("、")),
            format!("{en}{} rules hold at once: {}. Separate their conditions or use another hit policy.", fired.len(), rows.join(", ")),
        ));
    }

    fn results(&self, fired: &[usize], scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> Vec<Feel> {
        fired.iter().map(|rule| self.result(*rule, scope, faults)).collect()
    }

    fn result(&self, rule: usize, scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> Feel {
        self.compose(self.cells(rule, scope, faults))
    }

    /// The values of the output cells of a row.
    fn cells(&self, rule: usize, scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> Vec<Feel> {
        let row = &self.rules[rule];
        let cells = self.outputs.iter().zip(&row.outputs).enumerate();
        cells
            .map(|(at, (output, cell))| {
                let value = cell.as_ref().map_or(Feel::Null(None), |cell| measured(cell.eval(scope)));
                let place = Some(Cell { rule: Some(rule + 1), column: Some(Column::Output(at + 1)) });
                self.output(output, value, row.line, place, scope, faults)
            })
            .collect()
    }

    fn output(
        &self,
        output: &ReadyOutput,
        value: Feel,
        line: u32,
        cell: Option<Cell>,
        scope: &FeelScope,
        faults: &mut Vec<DmnProblem>,
    ) -> Feel {
        match output.kind.conform(&value, "") {
            Err(mismatch) => {
                let found = recorder::shown(&value);
                faults.push(self.fault(
                    "output-type",
                    line,
                    cell,
                    format!("结果应当是{}，得到的是 {found}。", mismatch.expected_zh),
                    format!("The result must be {}; it is {found}.", mismatch.expected_en),
                ));
                Feel::Null(None)
            }
            Ok(value) => {
                if let Some(allowed) = &output.allowed
                    && !matches!(value, Feel::Null(_))
                    && !allowed.hold(scope, &value)
                {
                    let (found, text) = (recorder::shown(&value), &allowed.text);
                    faults.push(self.fault(
                        "output-not-allowed",
                        line,
                        cell,
                        format!("结果只能是 {text}，得到的是 {found}。"),
                        format!("The result can only be {text}; it is {found}."),
                    ));
                }
                value
            }
        }
    }

    /// One output is its value; several are a context.
    fn compose(&self, mut cells: Vec<Feel>) -> Feel {
        if cells.len() == 1 {
            return cells.remove(0);
        }
        let mut context = FeelContext::new();
        for (output, value) in self.outputs.iter().zip(cells) {
            if let Some(key) = &output.key {
                context.set_entry(key, value);
            }
        }
        Feel::Context(context)
    }

    fn default(&self, scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> Feel {
        if self.outputs.iter().all(|output| output.default.is_none()) {
            return Feel::Null(None);
        }
        let cells = self.outputs.iter().enumerate().map(|(at, output)| {
            let value = output.default.as_ref().map_or(Feel::Null(None), |default| measured(default.eval(scope)));
            let collects = matches!(self.hit_policy, HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(_));
            // Where a list is the result, the default may be a list.
            if collects && matches!(value, Feel::List(_)) {
                return value;
            }
            let cell = Some(Cell { rule: None, column: Some(Column::Output(at + 1)) });
            self.output(output, value, output.line, cell, scope, faults)
        });
        let cells = cells.collect();
        self.compose(cells)
    }

    /// The rules that hold with their results, the highest priority first; equal ones in the order of the table.
    fn in_priority(&self, fired: &[usize], scope: &FeelScope, faults: &mut Vec<DmnProblem>) -> (Vec<usize>, Vec<Feel>) {
        let orders: Vec<Vec<Feel>> =
            self.outputs.iter().map(|output| output.allowed.as_ref().map_or_else(Vec::new, |allowed| allowed.values(scope))).collect();
        let mut rows: Vec<(Vec<usize>, usize, Vec<Feel>)> = fired
            .iter()
            .map(|rule| {
                let cells = self.cells(*rule, scope, faults);
                let ranks = cells.iter().zip(&orders).map(|(cell, order)| rank(cell, order)).collect();
                (ranks, *rule, cells)
            })
            .collect();
        rows.sort_by(|a, b| if a.0 == b.0 { Ordering::Equal } else { a.0.cmp(&b.0) });
        rows.into_iter().map(|(_, rule, cells)| (rule, self.compose(cells))).unzip()
    }
}

fn rank(value: &Feel, order: &[Feel]) -> usize {
    order.iter().position(|allowed| dsntk_feel_evaluator::evaluate_equals(allowed, value)).unwrap_or(order.len())
}

impl ReadyRule {
    fn seen(&self, at: usize, values: &[Feel], scope: &FeelScope) -> RuleSeen {
        let failed: Vec<usize> = self
            .cells
            .iter()
            .zip(values)
            .enumerate()
            .filter(|(_, (cell, value))| !cell.hold(scope, value))
            .map(|(column, _)| column + 1)
            .collect();
        RuleSeen { rule: at + 1, fired: failed.is_empty(), failed, annotations: self.annotations.clone() }
    }
}
