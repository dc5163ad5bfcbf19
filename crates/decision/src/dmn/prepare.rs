//! From data to what can be evaluated: names, types, expressions. Everything that is wrong is collected, with its place.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use dsntk_feel::{FeelScope, FeelType, Name, context::FeelContext, values::Value as Feel};
use dsntk_feel_parser::AstNode;

use super::{
    data::{Declared, ItemDefinition, Logic},
    naming::Naming,
    problem::{Cell, DmnProblem, shortened},
    tests::{TESTED, Tests},
    types::{Base, MAX_TYPE_DEPTH, Type},
};
use crate::{
    FeelError, guarded,
    meter::Account,
    names::{self, Free},
    rewrite::Compiled,
    words,
};

/// What parsing all expressions of one model may cost (see [`words::look`]).
const MAX_COST: u64 = 60_000_000;
/// Most levels of evaluators within evaluators, calls included.
pub(crate) const MAX_LEVELS: usize = 600;
/// Most problems that are collected.
const MOST_PROBLEMS: usize = 200;

/// Where an expression stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub owner: String,
    pub line: u32,
    pub cell: Option<Cell>,
}

impl Place {
    pub(crate) fn cell(&self, line: u32, cell: Cell) -> Self {
        Self { owner: self.owner.clone(), line, cell: Some(cell) }
    }

    pub(crate) fn line(&self, line: u32) -> Self {
        Self { owner: self.owner.clone(), line, cell: None }
    }
}

/// Prepares one model.
#[derive(Default)]
pub(crate) struct Preparer {
    pub naming: Naming,
    pub problems: Vec<DmnProblem>,
    pub remarks: Vec<DmnProblem>,
    types: BTreeMap<String, Type>,
    cost: u64,
    /// The names that are known where the expression stands.
    scope: Vec<BTreeMap<String, FeelType>>,
    /// Names asked for that are not known, of the node at hand.
    pub unknown: BTreeSet<String>,
    /// Levels of the deepest expression of the node at hand.
    pub levels: usize,
    /// Every expression that was read, with its place.
    pub texts: Vec<super::data::ExpressionText>,
    parsed: HashMap<(String, bool), Option<Arc<Parsed>>>,
}

struct Parsed {
    node: AstNode,
    free: Free,
}

impl Preparer {
    pub(crate) fn error(&mut self, code: &'static str, place: &Place, zh: String, en: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(DmnProblem::error(code, place.line, zh, en).of(&place.owner).at(place.cell));
        }
    }

    pub(crate) fn remark(&mut self, code: &'static str, place: &Place, zh: String, en: String) {
        if self.remarks.len() < MOST_PROBLEMS {
            self.remarks.push(DmnProblem::warning(code, place.line, zh, en).of(&place.owner).at(place.cell));
        }
    }

    fn feel_error(&mut self, error: &FeelError, place: &Place) {
        self.error(error.code(), place, error.zh(), error.to_string());
    }

    /// Learns every name that the file declares, so that expressions can be read with them.
    pub(crate) fn learn(&mut self, logic: &Logic) {
        match logic {
            Logic::Literal { .. } => {}
            Logic::Table { table, .. } => table.outputs.iter().filter_map(|output| output.name.as_deref()).for_each(|name| {
                self.naming.learn(name);
            }),
            Logic::Context(entries) => {
                for (name, logic) in entries {
                    name.iter().for_each(|name| drop(self.naming.learn(&name.name)));
                    self.learn(logic);
                }
            }
            Logic::Invocation { bindings, .. } => {
                for (name, logic) in bindings {
                    self.naming.learn(&name.name);
                    self.learn(logic);
                }
            }
            Logic::List(items) => items.iter().for_each(|item| self.learn(item)),
            Logic::Relation { columns, rows } => {
                columns.iter().for_each(|name| drop(self.naming.learn(name)));
                rows.iter().flatten().for_each(|cell| self.learn(cell));
            }
            Logic::Function { parameters, body } => {
                parameters.iter().for_each(|parameter| drop(self.naming.learn(&parameter.name)));
                self.learn(body);
            }
            Logic::Conditional { test, then, otherwise } => [test, then, otherwise].into_iter().for_each(|part| self.learn(part)),
            Logic::Filter { list, test } => [list, test].into_iter().for_each(|part| self.learn(part)),
            Logic::For { variable, list, body } | Logic::Quantified { variable, list, test: body, .. } => {
                self.naming.learn(variable);
                self.learn(list);
                self.learn(body);
            }
        }
    }

    /// Reads the item definitions.
    pub(crate) fn items(&mut self, items: &[ItemDefinition]) {
        fn learn(naming: &mut Naming, items: &[ItemDefinition], depth: usize) {
            for item in items.iter().filter(|_| depth < MAX_TYPE_DEPTH) {
                naming.learn(&item.name);
                learn(naming, &item.components, depth + 1);
            }
        }
        learn(&mut self.naming, items, 0);
        for item in items {
            let place = Place { owner: item.name.clone(), line: item.line, cell: None };
            if let Some(kind) = self.item(item, items, &mut Vec::new(), &place) {
                self.types.insert(item.name.clone(), kind);
            }
        }
    }

    fn item(&mut self, item: &ItemDefinition, all: &[ItemDefinition], within: &mut Vec<String>, place: &Place) -> Option<Type> {
        if within.len() >= MAX_TYPE_DEPTH || within.contains(&item.name) && item.components.is_empty() {
            self.error(
                "recursive-type",
                place,
                format!("类型“{}”用到了它自己，或者嵌套太深。", shortened(&item.name)),
                format!("The type “{}” refers to itself, or is nested too deeply.", shortened(&item.name)),
            );
            return None;
        }
        within.push(item.name.clone());
        let mut kind = if item.components.is_empty() {
            match &item.type_ref {
                None => Some(Type::default()),
                Some(name) => self.named_type(name, all, within, &place.line(item.line)),
            }
        } else {
            let entries = item
                .components
                .iter()
                .filter_map(|component| {
                    let kind = self.item(component, all, within, &place.line(component.line))?;
                    Some((super::naming::key(&component.name), super::naming::tidy(&component.name), kind))
                })
                .collect();
            Some(Type::from(Base::Context(entries)))
        };
        within.pop();
        if let (Some(kind), Some(text)) = (&mut kind, &item.allowed)
            && let Some(tests) = self.tests(text, &place.line(item.line))
        {
            kind.allowed = Some(tests);
        }
        if item.collection { kind.map(|kind| Type::from(Base::List(Box::new(kind)))) } else { kind }
    }

    fn named_type(&mut self, name: &str, all: &[ItemDefinition], within: &mut Vec<String>, place: &Place) -> Option<Type> {
        if let Some(found) = self.types.get(name).cloned() {
            return Some(found);
        }
        if let Some(item) = all.iter().find(|item| item.name == name) {
            return self.item(item, all, within, place);
        }
        let found = Type::built_in(name);
        if found.is_none() {
            self.unknown_type(name, place);
        }
        found
    }

    fn unknown_type(&mut self, name: &str, place: &Place) {
        let name = shortened(name);
        self.error(
            "unknown-type",
            place,
            format!("没有名为“{name}”的类型。可以用 string、number、boolean、date 等，或者文件里定义的类型。"),
            format!("There is no type “{name}”. Use string, number, boolean, date …, or a type defined in the file."),
        );
    }

    /// A type by its name; no name is any type.
    pub(crate) fn kind(&mut self, name: Option<&str>, place: &Place) -> Type {
        let Some(name) = name else { return Type::default() };
        if let Some(found) = self.types.get(name) {
            return found.clone();
        }
        Type::built_in(name).unwrap_or_else(|| {
            self.unknown_type(name, place);
            Type::default()
        })
    }

    pub(crate) fn declared(&mut self, declared: &Declared, place: &Place) -> (String, Type) {
        let kind = self.kind(declared.type_ref.as_deref(), &place.line(declared.line));
        (self.naming.learn(&declared.name), kind)
    }

    /// Makes names known during one piece of work.
    pub(crate) fn within<T>(&mut self, names: BTreeMap<String, FeelType>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.scope.push(names);
        self.parsed.clear();
        let result = work(self);
        self.scope.pop();
        self.parsed.clear();
        result
    }

    /// Makes one more name known in the innermost scope.
    pub(crate) fn know(&mut self, key: String, kind: FeelType) {
        self.parsed.clear();
        if let Some(scope) = self.scope.last_mut() {
            scope.insert(key, kind);
        }
    }

    /// Prepares an expression.
    pub(crate) fn expression(&mut self, text: &str, place: &Place) -> Option<Compiled> {
        let parsed = self.parse(text, place, false)?;
        Some(Compiled::new(&parsed.node))
    }

    /// Prepares unary tests; nothing is `-`.
    pub(crate) fn tests(&mut self, text: &str, place: &Place) -> Option<Arc<Tests>> {
        let text = if text.trim().is_empty() { "-" } else { text.trim() };
        let parsed = self.parse(text, place, true)?;
        Some(Arc::new(Tests::new(text, parsed.node.clone())))
    }

    fn parse(&mut self, text: &str, place: &Place, tests: bool) -> Option<Arc<Parsed>> {
        self.texts.push(super::data::ExpressionText {
            decision: place.owner.clone(),
            line: place.line,
            cell: place.cell,
            text: text.to_owned(),
        });
        let known = (text.to_owned(), tests);
        let parsed = match self.parsed.get(&known) {
            Some(Some(parsed)) => Arc::clone(parsed),
            Some(None) | None => {
                let parsed = match self.parse_anew(text, tests) {
                    Ok(parsed) => Arc::new(parsed),
                    Err(error) => {
                        self.feel_error(&error, place);
                        return None;
                    }
                };
                self.parsed.insert(known, Some(Arc::clone(&parsed)));
                parsed
            }
        };
        let unknown: Vec<String> = parsed.free.certain.iter().filter(|name| !self.knows(name)).cloned().collect();
        for name in unknown {
            self.unknown.insert(name.clone());
            let name = self.naming.original(&name).to_owned();
            self.remark(
                "unknown-name",
                place,
                format!("没有声明名为“{name}”的输入或决策，取不到值时按空值计算。请检查名称，或者补上信息需求。"),
                format!(
                    "No input or decision “{name}” is declared here; without a value it is null. Check the name, or add the requirement."
                ),
            );
        }
        let possible: Vec<String> = parsed.free.possible.iter().filter(|name| !self.knows(name)).cloned().collect();
        self.unknown.extend(possible);
        self.levels = self.levels.max(names::depth(&parsed.node));
        Some(parsed)
    }

    fn knows(&self, name: &str) -> bool {
        name == TESTED || self.scope.iter().any(|scope| scope.contains_key(name))
    }

    fn parse_anew(&mut self, text: &str, tests: bool) -> Result<Parsed, FeelError> {
        let text = self.naming.inside(text.trim());
        let words = words::look(&text)?;
        let names: usize = self.scope.iter().map(BTreeMap::len).sum();
        self.cost = self.cost.saturating_add(words.cost).saturating_add((words.names.len() * names) as u64);
        if self.cost > MAX_COST {
            return Err(FeelError::TooComplex("all expressions of the model together"));
        }
        let scope = FeelScope::new();
        let mut loose = FeelContext::new();
        words.names.iter().for_each(|name| loose.set_null(Name::from(name.as_str())));
        loose.set_null(Name::from(TESTED));
        scope.push(loose);
        for names in &self.scope {
            let mut context = FeelContext::new();
            for (name, kind) in names {
                context.set_entry(&Name::from(name.as_str()), Feel::FeelType(kind.clone()));
            }
            scope.push(context);
        }
        let node = guarded::parse(|| {
            let parsed = if tests {
                dsntk_feel_parser::parse_unary_tests(&scope, &text, false)
            } else {
                dsntk_feel_parser::parse_expression(&scope, &text, false)
            };
            parsed.map_err(|error| FeelError::syntax(&error.to_string()))
        })?;
        names::refuse(&node, &|name| self.knows(name))?;
        let free = names::free(&node);
        Ok(Parsed { node, free })
    }

    /// Evaluates something that needs no variables, such as an allowed value.
    pub(crate) fn alone<T>(work: impl FnOnce() -> T) -> Option<T> {
        let _account = Account::open();
        guarded::evaluate(|| Ok(work())).ok()
    }
}
