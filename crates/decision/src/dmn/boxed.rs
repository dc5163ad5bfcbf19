//! The boxed expressions of DMN, prepared, and their values.

use std::sync::Arc;

use dsntk_feel::{FeelScope, FeelType, Name, context::FeelContext, values::Value as Feel};

use super::{problem::DmnProblem, recorder, table::ReadyTable, types::Type};
use crate::{
    meter::{charge, measured},
    rewrite::{Compiled, function_with},
};

/// An expression, ready to be evaluated.
pub(crate) enum Boxed {
    /// What was wrong with it is told elsewhere.
    Nothing,
    Literal(Compiled),
    Table(Box<ReadyTable>),
    /// The last entry without a name is the value.
    Context(Vec<(Option<Name>, Type, Boxed)>),
    Invocation {
        callee: Compiled,
        bindings: Vec<(Name, Boxed)>,
    },
    List(Vec<Boxed>),
    Relation {
        columns: Vec<Name>,
        rows: Vec<Vec<Boxed>>,
    },
    Function(Arc<Function>),
    Conditional(Box<[Boxed; 3]>),
    /// A list and a body for each of its items: `for`, `some`, `every`, a filter.
    Each {
        kind: Each,
        variable: Name,
        list: Box<Boxed>,
        body: Box<Boxed>,
    },
}

/// What is done with each item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Each {
    Return,
    Some,
    Every,
    Keep,
}

/// A function: of a business knowledge model, or within a context.
pub(crate) struct Function {
    pub owner: String,
    pub line: u32,
    pub parameters: Vec<(Name, Type)>,
    pub body: Boxed,
    pub result: Type,
}

impl Boxed {
    /// The value.
    pub(crate) fn eval(&self, scope: &FeelScope) -> Feel {
        charge(1);
        match self {
            Self::Nothing => Feel::Null(None),
            Self::Literal(compiled) => measured(compiled.eval(scope)),
            Self::Table(table) => table.eval(scope),
            Self::Context(entries) => context(entries, scope),
            Self::Invocation { callee, bindings } => invoke(callee.eval(scope), bindings, scope),
            Self::List(items) => measured(Feel::List(items.iter().map(|item| item.eval(scope)).collect())),
            Self::Relation { columns, rows } => {
                let rows = rows.iter().map(|row| {
                    let mut context = FeelContext::new();
                    for (column, cell) in columns.iter().zip(row) {
                        context.set_entry(column, cell.eval(scope));
                    }
                    Feel::Context(context)
                });
                measured(Feel::List(rows.collect()))
            }
            Self::Function(function) => {
                let around = scope.contexts();
                charge(around.iter().map(|context| crate::meter::size(&Feel::Context(context.clone()))).sum());
                function.value(around)
            }
            Self::Conditional(parts) => {
                let [test, then, otherwise] = &**parts;
                if test.eval(scope).is_true() { then.eval(scope) } else { otherwise.eval(scope) }
            }
            Self::Each { kind, variable, list, body } => each(*kind, variable, list.eval(scope), body, scope),
        }
    }
}

fn with<T>(scope: &FeelScope, context: FeelContext, work: impl FnOnce() -> T) -> T {
    scope.push(context);
    let result = work();
    scope.pop();
    result
}

fn context(entries: &[(Option<Name>, Type, Boxed)], scope: &FeelScope) -> Feel {
    scope.push(FeelContext::new());
    let mut result = None;
    for (name, kind, entry) in entries {
        let value = entry.eval(scope);
        let value = kind.conform(&value, "").unwrap_or(Feel::Null(None));
        match name {
            Some(name) => scope.set_value(name, measured(value)),
            None => result = Some(value),
        }
    }
    let made = scope.pop().unwrap_or_default();
    result.unwrap_or(Feel::Context(made))
}

fn invoke(callee: Feel, bindings: &[(Name, Boxed)], scope: &FeelScope) -> Feel {
    let Feel::FunctionDefinition(parameters, body, false, _, closed, _) = callee else {
        return Feel::Null(None);
    };
    let mut arguments = FeelContext::new();
    for (name, value) in bindings {
        arguments.set_entry(name, value.eval(scope));
    }
    for (name, _) in &parameters {
        if !arguments.contains_entry(name) {
            arguments.set_null(name.clone());
        }
    }
    with(scope, closed, || with(scope, arguments, || measured(body.evaluate(scope))))
}

fn each(kind: Each, variable: &Name, list: Feel, body: &Boxed, scope: &FeelScope) -> Feel {
    let items = match list {
        Feel::List(items) => items,
        Feel::Null(_) => return Feel::Null(None),
        single => vec![single],
    };
    let mut kept = Vec::new();
    let mut unknown = false;
    for item in items {
        charge(1);
        let mut context = FeelContext::new();
        context.set_entry(variable, item.clone());
        let entries = match &item {
            Feel::Context(entries) if kind == Each::Keep => entries.clone(),
            _ => FeelContext::new(),
        };
        let value = with(scope, context, || with(scope, entries, || body.eval(scope)));
        match (kind, value) {
            (Each::Return, value) => kept.push(value),
            (Each::Keep, Feel::Boolean(true)) => kept.push(item),
            (Each::Keep, _) | (Each::Some, Feel::Boolean(false)) | (Each::Every, Feel::Boolean(true)) => {}
            (Each::Some, Feel::Boolean(true)) => return Feel::Boolean(true),
            (Each::Every, Feel::Boolean(false)) => return Feel::Boolean(false),
            (Each::Some | Each::Every, _) => unknown = true,
        }
    }
    match kind {
        Each::Return | Each::Keep => measured(Feel::List(kept)),
        _ if unknown => Feel::Null(None),
        _ => Feel::Boolean(kind == Each::Every),
    }
}

impl Function {
    /// The function as a value that FEEL can call. Its body sees what is around its definition and its parameters, nothing of
    /// the caller. Functions cannot be handed to it, so it cannot come to call itself.
    pub(crate) fn value(self: &Arc<Self>, around: Vec<FeelContext>) -> Feel {
        let function = Arc::clone(self);
        let parameters: Vec<(Name, FeelType)> = self.parameters.iter().map(|(name, _)| (name.clone(), FeelType::Any)).collect();
        function_with(parameters, move |caller| {
            let mut arguments = FeelContext::new();
            for (name, kind) in &function.parameters {
                let value = caller.get_value(name).unwrap_or(Feel::Null(None));
                if holds_function(&value) {
                    recorder::fault(function.fault(
                        "function-argument",
                        format!("参数“{name}”不能是函数。"),
                        format!("The parameter “{name}” cannot be a function."),
                    ));
                    return Feel::Null(None);
                }
                match kind.conform(&value, "") {
                    Ok(value) => arguments.set_entry(name, value),
                    Err(mismatch) => {
                        let found = recorder::shown(&value);
                        recorder::fault(function.fault(
                            "parameter-type",
                            format!("参数“{name}”应当是{}，得到的是 {found}。", mismatch.expected_zh),
                            format!("The parameter “{name}” must be {}; it is {found}.", mismatch.expected_en),
                        ));
                        return Feel::Null(None);
                    }
                }
            }
            let scope = FeelScope::new();
            around.iter().for_each(|context| scope.push(context.clone()));
            scope.push(arguments);
            let value = function.body.eval(&scope);
            function.result.conform(&value, "").unwrap_or(Feel::Null(None))
        })
    }

    fn fault(&self, code: &'static str, zh: String, en: String) -> DmnProblem {
        DmnProblem::error(code, self.line, zh, en).of(&self.owner)
    }
}

fn holds_function(value: &Feel) -> bool {
    match value {
        Feel::FunctionDefinition(..) => true,
        Feel::List(items) => items.iter().any(holds_function),
        Feel::Context(context) => context.iter().any(|(_, value)| holds_function(value)),
        _ => false,
    }
}
