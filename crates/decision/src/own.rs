//! Our own functions in the place of loops, filters, quantifiers, subtraction and some calls.

use dsntk_feel::{Evaluator, FeelNumber, FeelScope, IntervalType, Name, context::FeelContext, values::Value};
use dsntk_feel_parser::AstNode;

use crate::{
    meter::{self, charge, measured, size},
    rewrite::OURS,
    time_of_day,
};

/// Most that one call of `string join` or `replace` may make, in bytes.
const LARGEST_PRODUCT: u64 = 1 << 22;

/// One variable of a loop.
pub(crate) struct Iteration {
    /// The variable.
    pub name: Name,
    /// What it goes through.
    pub over: Over,
}

/// What a variable goes through.
pub(crate) enum Over {
    /// The items of a list, the numbers or dates of a range.
    Values(Evaluator),
    /// `a..b`, upwards or downwards.
    Between(Evaluator, Evaluator),
}

/// The values of one loop variable. Nothing is made before it is asked for, except the list itself.
fn turns(over: &Over, scope: &FeelScope) -> Option<Box<dyn Iterator<Item = Value>>> {
    match over {
        Over::Between(start, end) => between(start(scope), end(scope)),
        Over::Values(values) => match values(scope) {
            Value::List(items) => Some(Box::new(items.into_iter())),
            Value::Range(start, IntervalType::Closed, end, IntervalType::Closed) => between(*start, *end),
            Value::Null(_) | Value::Range(..) => None,
            single => Some(Box::new(std::iter::once(single))),
        },
    }
}

fn between(start: Value, end: Value) -> Option<Box<dyn Iterator<Item = Value>>> {
    match (start, end) {
        (Value::Number(start), Value::Number(end)) => {
            let one = FeelNumber::one();
            let up = start <= end;
            Some(Box::new(
                std::iter::successors(Some(start), move |at| {
                    let next = if up { *at + one } else { *at - one };
                    (if up { next <= end } else { next >= end }).then_some(next)
                })
                .map(Value::Number),
            ))
        }
        (Value::Date(start), Value::Date(end)) => {
            let up = start <= end;
            Some(Box::new(
                std::iter::successors(Some(start), move |at| {
                    let next = if up { at.add_days(1) } else { at.sub_days(1) }?;
                    (if up { next <= end } else { next >= end }).then_some(next)
                })
                .map(Value::Date),
            ))
        }
        _ => None,
    }
}

/// Goes through all combinations; a later variable's list may use an earlier variable. `None` when a list is not one.
fn walk(iterations: &[Iteration], scope: &FeelScope, turn: &mut dyn FnMut() -> bool) -> Option<bool> {
    let Some((first, rest)) = iterations.split_first() else {
        charge(1);
        return Some(turn());
    };
    for value in turns(&first.over, scope)? {
        charge(1);
        let mut context = FeelContext::new();
        context.set_entry(&first.name, value);
        scope.push(context);
        let on = walk(rest, scope, turn);
        scope.pop();
        if !on? {
            return Some(false);
        }
    }
    Some(true)
}

/// `for … return`.
pub(crate) fn for_loop(iterations: Vec<Iteration>, body: Evaluator, partial: bool) -> impl Fn(&FeelScope) -> Value + Send + Sync {
    move |scope| {
        let mut results = Vec::new();
        let done = walk(&iterations, scope, &mut || {
            if partial {
                let mut context = FeelContext::new();
                context.set_entry(&Name::from("partial"), measured(Value::List(results.clone())));
                scope.push(context);
            }
            let value = measured(body(scope));
            if partial {
                scope.pop();
            }
            charge(1);
            results.push(value);
            true
        });
        if done.is_some() { Value::List(results) } else { Value::Null(None) }
    }
}

/// `some … satisfies` and `every … satisfies`: a chain of `or`, of `and`, with their three values.
pub(crate) fn quantified(iterations: Vec<Iteration>, test: Evaluator, every: bool) -> impl Fn(&FeelScope) -> Value + Send + Sync {
    move |scope| {
        let mut unknown = false;
        let done = walk(&iterations, scope, &mut || match test(scope) {
            Value::Boolean(holds) => holds == every,
            _ => {
                unknown = true;
                true
            }
        });
        match done {
            None => Value::Null(None),
            Some(false) => Value::Boolean(!every),
            Some(true) if unknown => Value::Null(None),
            Some(true) => Value::Boolean(every),
        }
    }
}

/// `list[…]`: a position, or a condition on each item.
pub(crate) fn filter(list: Evaluator, test: Evaluator) -> impl Fn(&FeelScope) -> Value + Send + Sync {
    move |scope| {
        let items = match list(scope) {
            Value::Null(_) => return Value::Null(None),
            Value::List(items) => items,
            single => vec![single],
        };
        let mut kept = Vec::new();
        for item in &items {
            charge(1);
            match with_item(scope, item, &test) {
                Value::Boolean(true) => kept.push(item.clone()),
                Value::Number(_) => return at_position(&items, test(scope)),
                _ => {}
            }
        }
        if items.is_empty() && matches!(test(scope), Value::Number(_)) {
            return Value::Null(None);
        }
        measured(Value::List(kept))
    }
}

fn with_item(scope: &FeelScope, item: &Value, test: &Evaluator) -> Value {
    let mut context = FeelContext::new();
    context.set_entry(&Name::from("item"), item.clone());
    scope.push(context);
    let entries = if let Value::Context(entries) = item { Some(entries.clone()) } else { None };
    let pushed = entries.is_some();
    if let Some(entries) = entries {
        scope.push(entries);
    }
    let value = test(scope);
    if pushed {
        scope.pop();
    }
    scope.pop();
    value
}

fn at_position(items: &[Value], position: Value) -> Value {
    let Value::Number(position) = position else { return Value::Null(None) };
    let Ok(position) = i64::try_from(&position) else { return Value::Null(None) };
    let found = match position {
        1.. => usize::try_from(position - 1).ok().and_then(|at| items.get(at)),
        0 => None,
        _ => usize::try_from(position.unsigned_abs()).ok().and_then(|back| items.len().checked_sub(back)).and_then(|at| items.get(at)),
    };
    found.cloned().unwrap_or(Value::Null(None))
}

/// `a - b`. The evaluator's own asks both sides again when they do not fit together, and so twice as often at every level.
pub(crate) fn subtraction(left: Evaluator, right: Evaluator) -> impl Fn(&FeelScope) -> Value + Send + Sync {
    let parameters = [parameter(0), parameter(1)];
    let subtract = {
        let [a, b] = parameters.clone().map(|name| Box::new(AstNode::Name(name)));
        dsntk_feel_evaluator::prepare(&AstNode::Sub(a, b))
    };
    move |scope| {
        let (left, right) = (left(scope), right(scope));
        time_of_day::difference(&left, &right).unwrap_or_else(|| with_arguments(scope, &parameters, vec![left, right], &subtract))
    }
}

/// `a + b`, where it is about times of day; the evaluator's own otherwise.
pub(crate) fn addition(left: Evaluator, right: Evaluator) -> impl Fn(&FeelScope) -> Value + Send + Sync {
    let parameters = [parameter(0), parameter(1)];
    let add = {
        let [a, b] = parameters.clone().map(|name| Box::new(AstNode::Name(name)));
        dsntk_feel_evaluator::prepare(&AstNode::Add(a, b))
    };
    move |scope| {
        let (left, right) = (left(scope), right(scope));
        time_of_day::sum(&left, &right).unwrap_or_else(|| with_arguments(scope, &parameters, vec![left, right], &add))
    }
}

/// `a = b` and `a != b`. What is missing equals only what is missing (DMN 1.5, 10.3.2.15, Table 49); the evaluator's own says so when it
/// stands on the right and does not know when it stands on the left.
pub(crate) fn equality(left: Evaluator, right: Evaluator, equal: bool) -> impl Fn(&FeelScope) -> Value + Send + Sync {
    let parameters = [parameter(0), parameter(1)];
    let compare = {
        let [a, b] = parameters.clone().map(|name| Box::new(AstNode::Name(name)));
        dsntk_feel_evaluator::prepare(&if equal { AstNode::Eq(a, b) } else { AstNode::Nq(a, b) })
    };
    move |scope| match (left(scope), right(scope)) {
        (Value::Null(_), Value::Null(_)) => Value::Boolean(equal),
        (Value::Null(_), _) | (_, Value::Null(_)) => Value::Boolean(!equal),
        (left, right) => with_arguments(scope, &parameters, vec![left, right], &compare),
    }
}

fn parameter(at: usize) -> Name {
    Name::from(format!("{OURS}p{at}"))
}

fn with_arguments(scope: &FeelScope, parameters: &[Name], arguments: Vec<Value>, evaluator: &Evaluator) -> Value {
    let mut context = FeelContext::new();
    for (name, value) in parameters.iter().zip(arguments) {
        context.set_entry(name, value);
    }
    scope.push(context);
    let value = evaluator(scope);
    scope.pop();
    value
}

/// Calls that are looked at before they run.
pub(crate) fn is_looked_at(name: &str) -> bool {
    matches!(name, "string join" | "replace" | "matches" | "split" | "all" | "any" | "years and months duration")
}

/// The names of the parameters of the functions that are looked at.
fn parameters_of(name: &str) -> &'static [&'static str] {
    match name {
        "string join" => &["list", "delimiter"],
        "replace" => &["input", "pattern", "replacement", "flags"],
        "matches" => &["input", "pattern", "flags"],
        "split" => &["string", "delimiter"],
        "all" | "any" => &["list"],
        "years and months duration" => &["from", "to"],
        _ => &[],
    }
}

/// Arguments by name of a function that is looked at, as arguments by position.
pub(crate) fn positional(callee: &AstNode, arguments: &AstNode) -> AstNode {
    if let (AstNode::Name(name), AstNode::NamedParameters(items)) = (callee, arguments) {
        let order = parameters_of(name.as_str());
        let given = |wanted: &str| {
            items.iter().find_map(|item| match item {
                AstNode::NamedParameter(name, value) => match &**name {
                    AstNode::ParameterName(name) if name.as_str() == wanted => Some((**value).clone()),
                    _ => None,
                },
                _ => None,
            })
        };
        let found: Vec<AstNode> = order.iter().map_while(|wanted| given(wanted)).collect();
        if !found.is_empty() && found.len() == items.len() {
            return AstNode::PositionalParameters(found);
        }
    }
    arguments.clone()
}

/// A built-in function that is looked at before it runs.
pub(crate) fn built_in(name: &Name, arguments: Vec<Evaluator>) -> impl Fn(&FeelScope) -> Value + Send + Sync + use<> {
    let parameters: Vec<Name> = (0..arguments.len()).map(parameter).collect();
    let call = AstNode::FunctionInvocation(
        Box::new(AstNode::Name(name.clone())),
        Box::new(AstNode::PositionalParameters(parameters.iter().cloned().map(AstNode::Name).collect())),
    );
    let call = dsntk_feel_evaluator::prepare(&call);
    let name = name.to_string();
    move |scope| {
        let values: Vec<Value> = arguments.iter().map(|argument| argument(scope)).collect();
        match name.as_str() {
            "all" => return one_settles_it(&values, false),
            "any" => return one_settles_it(&values, true),
            "years and months duration" => return months_between(scope, &parameters, values, &call),
            _ => {}
        }
        if name == "string join" {
            let items = if let Some(Value::List(items)) = values.first() { items.len() as u64 } else { 1 };
            let between = if let Some(Value::String(text)) = values.get(1) { text.len() as u64 } else { 0 };
            look(items.saturating_mul(between));
        } else {
            charge(meter::PATTERN);
            let input = values.first().map_or(0, size);
            let replacement = values.get(2).map_or(0, size);
            look(input.saturating_mul(replacement).saturating_mul(16));
            if let Some(Value::String(pattern)) = values.get(1)
                && pattern.len() > 1_000
            {
                meter::exhausted();
            }
        }
        measured(with_arguments(scope, &parameters, values, &call))
    }
}

/// `any` (one true item settles it) and `all` (one false one does). Without such an item, one that is missing leaves it open
/// (DMN 1.5, 10.3.4.4); the evaluator's own gives up at the first missing one.
fn one_settles_it(values: &[Value], settled_by: bool) -> Value {
    let items = match values {
        [Value::List(items)] => items.as_slice(),
        [Value::Null(_)] => return Value::Null(None),
        several => several,
    };
    charge(items.len() as u64);
    if items.iter().any(|item| matches!(item, Value::Boolean(holds) if *holds == settled_by)) {
        return Value::Boolean(settled_by);
    }
    if items.iter().all(|item| matches!(item, Value::Boolean(_))) { Value::Boolean(!settled_by) } else { Value::Null(None) }
}

/// Whole months between two dates: backwards as many as forwards. The evaluator's own counts one too many when the later date is
/// the first one.
fn months_between(scope: &FeelScope, parameters: &[Name], values: Vec<Value>, call: &Evaluator) -> Value {
    let months = |values: Vec<Value>| with_arguments(scope, parameters, values, call);
    match (months(values.clone()), values.as_slice()) {
        (Value::YearsAndMonthsDuration(forwards), [from, to]) if forwards.as_months() < 0 => match months(vec![to.clone(), from.clone()]) {
            Value::YearsAndMonthsDuration(backwards) => Value::YearsAndMonthsDuration(-backwards),
            other => other,
        },
        (result, _) => result,
    }
}

fn look(product: u64) {
    if product > LARGEST_PRODUCT {
        meter::exhausted();
    }
}
