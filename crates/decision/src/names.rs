//! Which names an expression's tree asks for, and what in it is refused.

use std::collections::BTreeSet;

use dsntk_feel::bif::Bif;
use dsntk_feel_parser::AstNode;

use crate::FeelError;

/// Calls a function on a node and everything below it.
pub(crate) fn visit<'a>(node: &'a AstNode, see: &mut dyn FnMut(&'a AstNode)) {
    see(node);
    children(node, &mut |child| visit(child, see));
}

/// Calls a function on what is directly below a node.
fn children<'a>(node: &'a AstNode, see: &mut dyn FnMut(&'a AstNode)) {
    use AstNode as N;
    match node {
        N::Add(a, b)
        | N::And(a, b)
        | N::ContextEntry(a, b)
        | N::ContextTypeEntry(a, b)
        | N::Div(a, b)
        | N::Eq(a, b)
        | N::Every(a, b)
        | N::Exp(a, b)
        | N::Filter(a, b)
        | N::For(a, b)
        | N::FormalParameter(a, b)
        | N::FunctionDefinition(a, b)
        | N::FunctionInvocation(a, b)
        | N::FunctionType(a, b)
        | N::Ge(a, b)
        | N::Gt(a, b)
        | N::In(a, b)
        | N::InstanceOf(a, b)
        | N::IterationContextSingle(a, b)
        | N::Le(a, b)
        | N::Lt(a, b)
        | N::Mul(a, b)
        | N::NamedParameter(a, b)
        | N::Nq(a, b)
        | N::Or(a, b)
        | N::Out(a, b)
        | N::Path(a, b)
        | N::QuantifiedContext(a, b)
        | N::Range(a, b)
        | N::Some(a, b)
        | N::Sub(a, b) => {
            see(a);
            see(b);
        }
        N::Between(a, b, c) | N::If(a, b, c) | N::IterationContextInterval(a, b, c) => {
            see(a);
            see(b);
            see(c);
        }
        N::EvaluatedExpression(a)
        | N::FunctionBody(a, _)
        | N::IntervalEnd(a, _)
        | N::IntervalStart(a, _)
        | N::ListType(a)
        | N::Neg(a)
        | N::RangeType(a)
        | N::Satisfies(a)
        | N::UnaryGe(a)
        | N::UnaryGt(a)
        | N::UnaryLe(a)
        | N::UnaryLt(a)
        | N::UnaryEq(a)
        | N::UnaryNe(a) => see(a),
        N::CommaList(items)
        | N::Context(items)
        | N::ContextType(items)
        | N::ExpressionList(items)
        | N::FormalParameters(items)
        | N::IterationContexts(items)
        | N::List(items)
        | N::NamedParameters(items)
        | N::NegatedList(items)
        | N::ParameterTypes(items)
        | N::PositionalParameters(items)
        | N::QualifiedName(items)
        | N::QuantifiedContexts(items) => items.iter().for_each(see),
        N::At(_)
        | N::Boolean(_)
        | N::ContextEntryKey(_)
        | N::ContextTypeEntryKey(_)
        | N::FeelType(_)
        | N::Irrelevant
        | N::Name(_)
        | N::Null
        | N::Numeric(..)
        | N::ParameterName(_)
        | N::QualifiedNameSegment(_)
        | N::String(_) => {}
    }
}

/// How deep a tree is; each level is a call of the evaluator within another.
pub(crate) fn depth(node: &AstNode) -> usize {
    let mut deepest = 0;
    children(node, &mut |child| deepest = deepest.max(depth(child)));
    deepest + 1
}

/// Refuses what rules may not use, in the tree itself.
pub(crate) fn refuse(node: &AstNode, declared: &dyn Fn(&str) -> bool) -> Result<(), FeelError> {
    let (mut refused, mut doubled) = (None, false);
    visit(node, &mut |node| match node {
        AstNode::FunctionDefinition(..) => refused = Some(FeelError::FUNCTION),
        AstNode::Name(name) if matches!(name.as_str(), "now" | "today") && !declared(name.as_str()) => refused = Some(FeelError::CLOCK),
        AstNode::IterationContextInterval(..) => refused = Some(FeelError::LOOP),
        AstNode::IterationContextSingle(_, over) | AstNode::QuantifiedContext(_, over) if matches!(**over, AstNode::Range(..)) => {
            refused = Some(FeelError::LOOP);
        }
        // `>> 5` is read as a comparison of a comparison, which nothing ever satisfies.
        AstNode::UnaryGt(inner)
        | AstNode::UnaryGe(inner)
        | AstNode::UnaryLt(inner)
        | AstNode::UnaryLe(inner)
        | AstNode::UnaryEq(inner)
        | AstNode::UnaryNe(inner)
            if is_comparison(inner) =>
        {
            doubled = true;
        }
        _ => {}
    });
    if doubled {
        return Err(FeelError::syntax("one comparison follows another"));
    }
    refused.map_or(Ok(()), |what| Err(FeelError::Forbidden(what)))
}

/// `< 5` and the like, in a cell.
fn is_comparison(node: &AstNode) -> bool {
    use AstNode as N;
    matches!(node, N::UnaryGt(_) | N::UnaryGe(_) | N::UnaryLt(_) | N::UnaryLe(_) | N::UnaryEq(_) | N::UnaryNe(_))
}

/// The variables a tree asks for and does not bind itself.
#[derive(Debug, Default)]
pub(crate) struct Free {
    /// Surely variables.
    pub certain: BTreeSet<String>,
    /// Variables, or entries of the items that a filter goes through.
    pub possible: BTreeSet<String>,
}

/// The variables a tree asks for and does not bind itself.
pub(crate) fn free(node: &AstNode) -> Free {
    let mut free = Free::default();
    collect(node, &mut Vec::new(), false, &mut free);
    free
}

fn collect(node: &AstNode, bound: &mut Vec<String>, filtered: bool, free: &mut Free) {
    use AstNode as N;
    let before = bound.len();
    match node {
        N::Name(name) => {
            let name = name.as_str();
            if !bound.iter().any(|other| other == name) && name.parse::<Bif>().is_err() {
                let names = if filtered { &mut free.possible } else { &mut free.certain };
                names.insert(name.to_owned());
            }
        }
        N::Path(left, _) | N::InstanceOf(left, _) => collect(left, bound, filtered, free),
        N::NamedParameter(_, value) => collect(value, bound, filtered, free),
        N::Filter(list, test) => {
            collect(list, bound, filtered, free);
            bound.push("item".to_owned());
            collect(test, bound, true, free);
        }
        N::For(contexts, body) | N::Some(contexts, body) | N::Every(contexts, body) => {
            if let N::IterationContexts(items) | N::QuantifiedContexts(items) = &**contexts {
                for item in items {
                    let name = match item {
                        N::IterationContextSingle(name, over) | N::QuantifiedContext(name, over) => {
                            collect(over, bound, filtered, free);
                            name
                        }
                        N::IterationContextInterval(name, start, end) => {
                            collect(start, bound, filtered, free);
                            collect(end, bound, filtered, free);
                            name
                        }
                        _ => continue,
                    };
                    if let N::Name(name) = &**name {
                        bound.push(name.to_string());
                    }
                }
            }
            bound.push("partial".to_owned());
            collect(body, bound, filtered, free);
        }
        N::Context(entries) => {
            for entry in entries {
                if let N::ContextEntry(key, value) = entry {
                    collect(value, bound, filtered, free);
                    if let N::ContextEntryKey(key) = &**key {
                        bound.push(key.to_string());
                    }
                }
            }
        }
        other => children(other, &mut |child| collect(child, bound, filtered, free)),
    }
    bound.truncate(before);
}
