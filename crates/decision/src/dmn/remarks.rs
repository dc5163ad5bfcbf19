//! What can be seen in a table without evaluating it: rules that overlap, rules that can never give the result, gaps. Cells are
//! looked at where they are simple: values, comparisons and intervals of numbers, texts, dates, true and false. Of other cells
//! nothing is claimed.

use std::collections::BTreeSet;

use dsntk_feel::{FeelScope, values::Value as Feel};
use dsntk_feel_parser::AstNode;

use super::{
    data::{Aggregation, HitPolicy},
    prepare::{Place, Preparer},
    problem::{Cell, Column},
    table::ReadyTable,
    tests::Tests,
    types::Base,
};
use crate::rewrite::Compiled;

/// Most rules that are compared with each other.
const MOST_RULES: usize = 400;
/// Most combinations of values that are looked at for gaps.
const MOST_COMBINATIONS: usize = 20_000;
/// Most remarks of one kind about one table.
const MOST_REMARKS: usize = 5;
/// Most different values in one column.
const MOST_POINTS: usize = 300;

/// One column: samples that stand for all values that the cells can tell apart, and which cells each satisfies.
struct Sampled {
    samples: Vec<Sample>,
    /// By rule, by sample; nothing where the cell is not simple.
    holds: Vec<Option<Vec<bool>>>,
}

struct Sample {
    value: Feel,
    zh: String,
    en: String,
}

/// Looks a table over.
pub(crate) fn look(table: &ReadyTable, preparer: &mut Preparer, place: &Place) {
    if table.rules.len() > MOST_RULES || table.inputs.is_empty() {
        return;
    }
    let width = table.inputs.len();
    let Some(columns) = Preparer::alone(|| (0..width).map(|column| sample(table, column)).collect::<Vec<_>>()) else {
        return;
    };
    let never = never(table, &columns, preparer, place);
    overlaps(table, &columns, &never, preparer, place);
    gaps(table, &columns, preparer, place);
}

fn rule_place(table: &ReadyTable, place: &Place, rule: usize, column: Option<Column>) -> Place {
    place.cell(table.rules[rule].line, Cell { rule: Some(rule + 1), column })
}

/// Rules with a cell that no value satisfies, and rules behind another that holds whenever they do.
fn never(table: &ReadyTable, columns: &[Sampled], preparer: &mut Preparer, place: &Place) -> BTreeSet<usize> {
    let mut never = BTreeSet::new();
    for rule in 0..table.rules.len() {
        let empty = columns.iter().position(|column| column.holds[rule].as_ref().is_some_and(|holds| !holds.contains(&true)));
        if let Some(column) = empty {
            never.insert(rule);
            let place = rule_place(table, place, rule, Some(Column::Input(column + 1)));
            preparer.remark(
                "cell-never",
                &place,
                "没有任何值能满足这一格，这一行永远不会成立。".to_owned(),
                "No value satisfies this cell; the rule can never hold.".to_owned(),
            );
        }
    }
    if table.hit_policy != HitPolicy::First {
        return never;
    }
    for later in 0..table.rules.len() {
        let hidden = (0..later).find(|earlier| {
            columns.iter().enumerate().all(|(at, column)| {
                let (before, behind) = (&column.holds[*earlier], &column.holds[later]);
                let texts = [*earlier, later].map(|rule| table.rules[rule].cells[at].text.as_str());
                table.rules[*earlier].cells[at].is_any()
                    || texts[0] == texts[1]
                    || matches!((before, behind), (Some(before), Some(behind)) if behind.iter().zip(before).all(|(behind, before)| !behind || *before))
            })
        });
        if let Some(earlier) = hidden
            && never.insert(later)
        {
            let place = rule_place(table, place, later, None);
            preparer.remark(
                "rule-unreachable",
                &place,
                format!("第 {} 行已经包含这一行的所有情况，这一行永远轮不到。", earlier + 1),
                format!("Rule {} holds whenever this one does and stands before it; this rule is never used.", earlier + 1),
            );
        }
    }
    never
}

fn overlaps(table: &ReadyTable, columns: &[Sampled], never: &BTreeSet<usize>, preparer: &mut Preparer, place: &Place) {
    if table.hit_policy != HitPolicy::Unique {
        return;
    }
    let mut told = 0;
    for later in 0..table.rules.len() {
        for earlier in (0..later).filter(|earlier| !never.contains(earlier)) {
            let mut where_zh = Vec::new();
            let mut where_en = Vec::new();
            let overlap = columns.iter().enumerate().all(|(at, column)| {
                if [earlier, later].iter().any(|rule| table.rules[*rule].cells[at].is_any())
                    && column.holds[later].is_none() | column.holds[earlier].is_none()
                    || table.rules[earlier].cells[at].text == table.rules[later].cells[at].text && column.holds[later].is_none()
                {
                    return true;
                }
                let (Some(a), Some(b)) = (&column.holds[earlier], &column.holds[later]) else { return false };
                let Some(shared) = (0..a.len()).find(|sample| a[*sample] && b[*sample]) else { return false };
                let label = &table.inputs[at].label;
                where_zh.push(format!("{label} 为 {}", column.samples[shared].zh));
                where_en.push(format!("{label} {}", column.samples[shared].en));
                true
            });
            if overlap && told < MOST_REMARKS && !never.contains(&later) {
                told += 1;
                let place = rule_place(table, place, later, None);
                let (zh, en) = (where_zh.join("、"), where_en.join(", "));
                preparer.remark(
                    "rules-overlap",
                    &place,
                    format!("与第 {} 行重叠（例如 {zh}），而命中策略是“唯一”（UNIQUE）。", earlier + 1),
                    format!("It overlaps with rule {} (for instance {en}), but the hit policy is UNIQUE.", earlier + 1),
                );
            }
        }
    }
}

fn gaps(table: &ReadyTable, columns: &[Sampled], preparer: &mut Preparer, place: &Place) {
    let collects = matches!(table.hit_policy, HitPolicy::Collect(_) | HitPolicy::RuleOrder | HitPolicy::OutputOrder);
    let adds_up = matches!(table.hit_policy, HitPolicy::Collect(Aggregation::List));
    if collects || adds_up || table.outputs.iter().any(|output| output.default.is_some()) {
        return;
    }
    let combinations = columns.iter().try_fold(1_usize, |product, column| product.checked_mul(column.samples.len()));
    let simple = columns.iter().all(|column| column.holds.iter().all(Option::is_some));
    let Some(combinations) = combinations.filter(|count| simple && *count <= MOST_COMBINATIONS) else { return };
    let mut told = 0;
    let mut at = vec![0_usize; columns.len()];
    for _ in 0..combinations {
        let covered = (0..table.rules.len())
            .any(|rule| columns.iter().zip(&at).all(|(column, sample)| column.holds[rule].as_ref().is_some_and(|holds| holds[*sample])));
        if !covered && told < MOST_REMARKS {
            told += 1;
            let (mut zh, mut en) = (Vec::new(), Vec::new());
            for ((column, sample), input) in columns.iter().zip(&at).zip(&table.inputs) {
                zh.push(format!("{} 为 {}", input.label, column.samples[*sample].zh));
                en.push(format!("{} {}", input.label, column.samples[*sample].en));
            }
            preparer.remark(
                "rules-gap",
                &place.line(table.line),
                format!("没有一行管这种情况：{}。也没有默认输出。", zh.join("、")),
                format!("No rule covers this case: {}. Nor is there a default output.", en.join(", ")),
            );
        }
        for (position, column) in at.iter_mut().zip(columns) {
            *position += 1;
            if *position < column.samples.len() {
                break;
            }
            *position = 0;
        }
    }
}

fn sample(table: &ReadyTable, column: usize) -> Sampled {
    let scope = FeelScope::default();
    let simple: Vec<bool> = table.rules.iter().map(|rule| is_simple(&rule.cells[column].node)).collect();
    let mut points = Vec::new();
    for (rule, _) in table.rules.iter().zip(&simple).filter(|(_, simple)| **simple) {
        literals(&rule.cells[column].node, &scope, &mut points);
    }
    let input = &table.inputs[column];
    let allowed: Vec<&Tests> = [input.allowed.as_deref(), input.kind.allowed.as_deref()].into_iter().flatten().collect();
    allowed.iter().filter(|tests| is_simple(&tests.node)).for_each(|tests| literals(&tests.node, &scope, &mut points));
    let boolean = matches!(input.kind.base, Base::Boolean) || points.iter().any(|point| matches!(point, Feel::Boolean(_)));
    let mut samples = if boolean { booleans() } else { around(points) };
    samples.retain(|sample| allowed.iter().all(|tests| tests.hold(&scope, &sample.value)));
    let holds = table
        .rules
        .iter()
        .zip(&simple)
        .map(|(rule, simple)| {
            let cell = &rule.cells[column];
            (*simple && samples.len() <= 2 * MOST_POINTS).then(|| samples.iter().map(|sample| cell.hold(&scope, &sample.value)).collect())
        })
        .collect();
    Sampled { samples, holds }
}

fn booleans() -> Vec<Sample> {
    [(true, "是", "= true"), (false, "否", "= false")]
        .map(|(value, zh, en)| Sample { value: Feel::Boolean(value), zh: zh.to_owned(), en: en.to_owned() })
        .into()
}

/// A literal, a comparison with one, an interval between two, a list of such.
fn is_simple(node: &AstNode) -> bool {
    match node {
        AstNode::ExpressionList(items) | AstNode::NegatedList(items) => items.iter().all(is_simple),
        AstNode::UnaryEq(inner)
        | AstNode::UnaryNe(inner)
        | AstNode::UnaryGe(inner)
        | AstNode::UnaryGt(inner)
        | AstNode::UnaryLe(inner)
        | AstNode::UnaryLt(inner) => is_literal(inner),
        AstNode::Range(start, end) => {
            matches!((&**start, &**end), (AstNode::IntervalStart(start, _), AstNode::IntervalEnd(end, _)) if is_literal(start) && is_literal(end))
        }
        AstNode::Irrelevant => true,
        other => is_literal(other),
    }
}

fn is_literal(node: &AstNode) -> bool {
    match node {
        AstNode::Numeric(..) | AstNode::String(_) | AstNode::Boolean(_) | AstNode::At(_) => true,
        AstNode::Neg(inner) => matches!(**inner, AstNode::Numeric(..)),
        AstNode::FunctionInvocation(callee, arguments) => {
            let AstNode::PositionalParameters(items) = &**arguments else { return false };
            matches!(&**callee, AstNode::Name(name) if name.as_str() == "date") && matches!(items.as_slice(), [AstNode::String(_)])
        }
        _ => false,
    }
}

fn literals(node: &AstNode, scope: &FeelScope, points: &mut Vec<Feel>) {
    if is_literal(node) {
        let value = Compiled::new(node).eval(scope);
        if points.len() < MOST_POINTS && !points.contains(&value) {
            points.push(value);
        }
        return;
    }
    match node {
        AstNode::ExpressionList(items) | AstNode::NegatedList(items) => items.iter().for_each(|item| literals(item, scope, points)),
        AstNode::UnaryEq(inner)
        | AstNode::UnaryNe(inner)
        | AstNode::UnaryGe(inner)
        | AstNode::UnaryGt(inner)
        | AstNode::UnaryLe(inner)
        | AstNode::UnaryLt(inner)
        | AstNode::IntervalStart(inner, _)
        | AstNode::IntervalEnd(inner, _) => literals(inner, scope, points),
        AstNode::Range(start, end) => {
            literals(start, scope, points);
            literals(end, scope, points);
        }
        _ => {}
    }
}

/// Samples at the points, between them and beyond them; for texts, one more that is none of them.
fn around(points: Vec<Feel>) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut numbers: Vec<_> =
        points.iter().filter_map(|point| if let Feel::Number(number) = point { Some(*number) } else { None }).collect();
    let mut dates: Vec<_> =
        points.iter().filter_map(|point| if let Feel::Date(date) = point { Some(date.clone()) } else { None }).collect();
    let texts: Vec<_> = points.iter().filter_map(|point| if let Feel::String(text) = point { Some(text.clone()) } else { None }).collect();
    numbers.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    dates.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let mut push = |value: Feel, zh: String, en: String| samples.push(Sample { value, zh, en });
    let one = dsntk_feel::FeelNumber::one();
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
        push(Feel::Number(*first - one), format!("小于 {first} 的数"), format!("< {first}"));
        for (at, number) in numbers.iter().enumerate() {
            push(Feel::Number(*number), number.to_string(), format!("= {number}"));
            if let Some(next) = numbers.get(at + 1) {
                let middle = (*number + *next) / (one + one);
                push(Feel::Number(middle), format!("{number} 与 {next} 之间的数"), format!("between {number} and {next}"));
            }
        }
        push(Feel::Number(*last + one), format!("大于 {last} 的数"), format!("> {last}"));
    }
    if let (Some(first), Some(last)) = (dates.first(), dates.last()) {
        if let Some(before) = first.sub_days(1) {
            push(Feel::Date(before), format!("早于 {first} 的日期"), format!("before {first}"));
        }
        for (at, date) in dates.iter().enumerate() {
            push(Feel::Date(date.clone()), date.to_string(), format!("= {date}"));
            if let (Some(next), Some(between)) = (dates.get(at + 1), date.add_days(1))
                && between < *next
            {
                push(Feel::Date(between), format!("{date} 与 {next} 之间的日期"), format!("between {date} and {next}"));
            }
        }
        if let Some(after) = last.add_days(1) {
            push(Feel::Date(after), format!("晚于 {last} 的日期"), format!("after {last}"));
        }
    }
    let none_of_them = std::iter::successors(Some("其他".to_owned()), |text| Some(format!("{text}他"))).find(|text| !texts.contains(text));
    for text in &texts {
        push(Feel::String(text.clone()), format!("“{text}”"), format!("= \"{text}\""));
    }
    if points.is_empty() || !texts.is_empty() {
        push(Feel::String(none_of_them.unwrap_or_default()), "其他值".to_owned(), "any other value".to_owned());
    }
    samples
}
