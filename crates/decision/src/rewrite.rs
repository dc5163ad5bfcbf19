//! Between the parser and the evaluator: loops, filters, quantifiers, addition, subtraction, equality and calls are taken out of the tree and put
//! back as calls of our own functions, which are metered (see [`crate::meter`]) and follow the specification where the
//! evaluator does not. Everything else stays as the parser made it.

use std::sync::Arc;

use dsntk_feel::{Evaluator, FeelScope, FeelType, FunctionBody, Name, closure::Closure, context::FeelContext, values::Value};
use dsntk_feel_parser::AstNode;

use crate::{meter, own};

/// Names that no text can contain: the start of the names of our own functions.
pub(crate) const OURS: char = '\u{1}';

/// A tree, prepared.
pub(crate) struct Compiled {
    evaluator: Evaluator,
    functions: FeelContext,
}

impl Compiled {
    /// Prepares a tree.
    pub(crate) fn new(node: &AstNode) -> Self {
        let mut rewriting = Rewriting::default();
        let node = rewriting.node(node);
        Self { evaluator: dsntk_feel_evaluator::prepare(&node), functions: rewriting.functions }
    }

    /// Evaluates on a scope.
    pub(crate) fn eval(&self, scope: &FeelScope) -> Value {
        if self.functions.is_empty() {
            return (self.evaluator)(scope);
        }
        scope.push(self.functions.clone());
        let value = (self.evaluator)(scope);
        scope.pop();
        value
    }
}

/// A function of ours as a value: no parameters; it sees the scope it is called in.
fn function(body: impl Fn(&FeelScope) -> Value + Send + Sync + 'static) -> Value {
    function_with(Vec::new(), body)
}

/// A function of ours with parameters.
pub(crate) fn function_with(parameters: Vec<(Name, FeelType)>, body: impl Fn(&FeelScope) -> Value + Send + Sync + 'static) -> Value {
    let body: Evaluator = Box::new(body);
    let body = FunctionBody::LiteralExpression(Arc::new(body));
    Value::FunctionDefinition(parameters, body, false, Closure::default(), FeelContext::new(), FeelType::Any)
}

#[derive(Default)]
struct Rewriting {
    functions: FeelContext,
    loops: usize,
}

impl Rewriting {
    /// Puts a function of ours in the place of a node.
    fn own(&mut self, body: impl Fn(&FeelScope) -> Value + Send + Sync + 'static) -> AstNode {
        let name = Name::from(format!("{OURS}{}", self.functions.len()));
        self.functions.set_entry(&name, function(body));
        AstNode::FunctionInvocation(Box::new(AstNode::Name(name)), Box::new(AstNode::PositionalParameters(Vec::new())))
    }

    /// The value of the node is charged.
    fn measured(&mut self, node: &AstNode) -> AstNode {
        let evaluator = dsntk_feel_evaluator::prepare(node);
        self.own(move |scope| meter::measured(evaluator(scope)))
    }

    fn evaluator(&mut self, node: &AstNode) -> Evaluator {
        let node = self.node(node);
        dsntk_feel_evaluator::prepare(&node)
    }

    fn within_loop(&mut self, node: &AstNode) -> Evaluator {
        self.loops += 1;
        let evaluator = self.evaluator(node);
        self.loops -= 1;
        evaluator
    }

    fn boxed(&mut self, node: &AstNode) -> Box<AstNode> {
        Box::new(self.node(node))
    }

    fn all(&mut self, nodes: &[AstNode]) -> Vec<AstNode> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn node(&mut self, node: &AstNode) -> AstNode {
        use AstNode as N;
        match node {
            N::Name(_) if self.loops > 0 => self.measured(node),
            N::Sub(l, r) => {
                let (left, right) = (self.evaluator(l), self.evaluator(r));
                self.own(own::subtraction(left, right))
            }
            N::Add(l, r) => {
                let (left, right) = (self.evaluator(l), self.evaluator(r));
                self.own(own::addition(left, right))
            }
            N::Filter(l, r) => {
                let (list, test) = (self.evaluator(l), self.within_loop(r));
                self.own(own::filter(list, test))
            }
            N::For(contexts, body) => match self.iterations(contexts) {
                Some(iterations) => {
                    let partial = mentions(body, "partial");
                    let body = self.within_loop(body);
                    self.own(own::for_loop(iterations, body, partial))
                }
                None => node.clone(),
            },
            N::Some(contexts, satisfies) | N::Every(contexts, satisfies) => match (self.iterations(contexts), &**satisfies) {
                (Some(iterations), N::Satisfies(test)) => {
                    let test = self.within_loop(test);
                    self.own(own::quantified(iterations, test, matches!(node, N::Every(..))))
                }
                _ => node.clone(),
            },
            N::FunctionInvocation(callee, arguments) => self.call(callee, arguments),
            N::ContextEntry(key, value) => {
                let value = self.node(value);
                N::ContextEntry(key.clone(), Box::new(self.measured(&value)))
            }
            N::Eq(l, r) | N::Nq(l, r) => {
                let (left, right) = (self.evaluator(l), self.evaluator(r));
                self.own(own::equality(left, right, matches!(node, N::Eq(..))))
            }
            N::And(l, r) => N::And(self.boxed(l), self.boxed(r)),
            N::Between(a, b, c) => N::Between(self.boxed(a), self.boxed(b), self.boxed(c)),
            N::Context(entries) => N::Context(self.all(entries)),
            N::Div(l, r) => N::Div(self.boxed(l), self.boxed(r)),
            N::EvaluatedExpression(inner) => N::EvaluatedExpression(self.boxed(inner)),
            N::Exp(l, r) => N::Exp(self.boxed(l), self.boxed(r)),
            N::ExpressionList(items) => N::ExpressionList(self.all(items)),
            N::Ge(l, r) => N::Ge(self.boxed(l), self.boxed(r)),
            N::Gt(l, r) => N::Gt(self.boxed(l), self.boxed(r)),
            N::If(a, b, c) => N::If(self.boxed(a), self.boxed(b), self.boxed(c)),
            N::In(l, r) => N::In(self.boxed(l), self.boxed(r)),
            N::InstanceOf(l, r) => N::InstanceOf(self.boxed(l), r.clone()),
            N::IntervalEnd(inner, kind) => N::IntervalEnd(self.boxed(inner), *kind),
            N::IntervalStart(inner, kind) => N::IntervalStart(self.boxed(inner), *kind),
            N::Le(l, r) => N::Le(self.boxed(l), self.boxed(r)),
            N::List(items) => N::List(self.all(items)),
            N::Lt(l, r) => N::Lt(self.boxed(l), self.boxed(r)),
            N::Mul(l, r) => N::Mul(self.boxed(l), self.boxed(r)),
            N::NamedParameter(name, value) => N::NamedParameter(name.clone(), self.boxed(value)),
            N::NamedParameters(items) => N::NamedParameters(self.all(items)),
            N::NegatedList(items) => N::NegatedList(self.all(items)),
            N::Neg(inner) => N::Neg(self.boxed(inner)),
            N::Or(l, r) => N::Or(self.boxed(l), self.boxed(r)),
            N::Path(l, r) => N::Path(self.boxed(l), r.clone()),
            N::PositionalParameters(items) => N::PositionalParameters(self.all(items)),
            N::Range(l, r) => N::Range(self.boxed(l), self.boxed(r)),
            N::UnaryGe(inner) => N::UnaryGe(self.boxed(inner)),
            N::UnaryGt(inner) => N::UnaryGt(self.boxed(inner)),
            N::UnaryLe(inner) => N::UnaryLe(self.boxed(inner)),
            N::UnaryLt(inner) => N::UnaryLt(self.boxed(inner)),
            N::UnaryEq(inner) => N::UnaryEq(self.boxed(inner)),
            N::UnaryNe(inner) => N::UnaryNe(self.boxed(inner)),
            other => other.clone(),
        }
    }

    /// A call. Its value is charged; calls that could make a long text of two short ones, or prepare a pattern, are looked at
    /// before they run.
    fn call(&mut self, callee: &AstNode, arguments: &AstNode) -> AstNode {
        let arguments = own::positional(callee, arguments);
        if let (AstNode::Name(name), AstNode::PositionalParameters(items)) = (callee, &arguments)
            && own::is_looked_at(name.as_str())
        {
            let items: Vec<Evaluator> = items.iter().map(|item| self.evaluator(item)).collect();
            return self.own(own::built_in(name, items));
        }
        let arguments = self.node(&arguments);
        // A name stays a name: it may be a built-in function. Anything else is an expression.
        let callee = if matches!(callee, AstNode::Name(_)) { callee.clone() } else { self.node(callee) };
        self.measured(&AstNode::FunctionInvocation(Box::new(callee), Box::new(arguments)))
    }

    fn iterations(&mut self, contexts: &AstNode) -> Option<Vec<own::Iteration>> {
        let (AstNode::IterationContexts(items) | AstNode::QuantifiedContexts(items)) = contexts else {
            return None;
        };
        items
            .iter()
            .map(|item| match item {
                AstNode::IterationContextSingle(name, over) | AstNode::QuantifiedContext(name, over) => {
                    let AstNode::Name(name) = &**name else { return None };
                    Some(own::Iteration { name: name.clone(), over: own::Over::Values(self.evaluator(over)) })
                }
                AstNode::IterationContextInterval(name, start, end) => {
                    let AstNode::Name(name) = &**name else { return None };
                    Some(own::Iteration { name: name.clone(), over: own::Over::Between(self.evaluator(start), self.evaluator(end)) })
                }
                _ => None,
            })
            .collect()
    }
}

fn mentions(node: &AstNode, name: &str) -> bool {
    let mut found = false;
    crate::names::visit(node, &mut |node| found |= matches!(node, AstNode::Name(n) if n.as_str() == name));
    found
}
