//! Unary tests: what stands in an input cell, or which values are allowed (DMN 1.5, 10.3.2.10 and 10.3.2.15, Table 55).

use dsntk_feel::{FeelScope, Name, context::FeelContext, values::Value as Feel};
use dsntk_feel_parser::AstNode;

use crate::{meter::charge, names, rewrite::Compiled};

/// The name of the value that is tested.
pub(crate) const TESTED: &str = "?";

/// The tests of one cell, prepared.
pub(crate) struct Tests {
    /// As they are written.
    pub text: String,
    negated: bool,
    any: bool,
    tests: Vec<Test>,
    /// The tree, for looking at what it covers.
    pub node: AstNode,
}

impl std::fmt::Debug for Tests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tests").field(&self.text).finish()
    }
}

struct Test {
    /// The value is in what the test says; not for tests that use `?`.
    within: Option<Compiled>,
    /// What the test says by itself, where that can be true or false.
    says: Option<Compiled>,
    /// `true` or `false` itself: the value that is looked for, never an answer.
    literal: bool,
}

impl Tests {
    /// Prepares parsed tests.
    pub(crate) fn new(text: &str, node: AstNode) -> Self {
        let (negated, items) = match &node {
            AstNode::NegatedList(items) => (true, items.as_slice()),
            AstNode::ExpressionList(items) => (false, items.as_slice()),
            single => (false, std::slice::from_ref(single)),
        };
        let any = matches!(items, [AstNode::Irrelevant]);
        let tests = items.iter().map(Test::new).collect();
        Self { text: text.to_owned(), negated, any, tests, node }
    }

    /// `-` or an empty cell.
    pub(crate) fn is_any(&self) -> bool {
        self.any && !self.negated
    }

    /// Whether the value is as the tests say. The value's name is `?`.
    pub(crate) fn hold(&self, scope: &FeelScope, value: &Feel) -> bool {
        charge(1);
        if self.any {
            return !self.negated;
        }
        let mut context = FeelContext::new();
        context.set_entry(&Name::from(TESTED), value.clone());
        scope.push(context);
        let found = self.tests.iter().any(|test| test.holds(scope, value));
        scope.pop();
        found != self.negated
    }

    /// Whether the value is among those allowed, which say nothing of other variables.
    pub(crate) fn allow(&self, value: &Feel) -> bool {
        self.hold(&FeelScope::default(), value)
    }

    /// The allowed values in their order, where they are single values.
    pub(crate) fn values(&self, scope: &FeelScope) -> Vec<Feel> {
        self.tests.iter().filter_map(|test| test.says.as_ref()).map(|says| says.eval(scope)).collect()
    }
}

impl Test {
    fn new(node: &AstNode) -> Self {
        let mut asks = false;
        names::visit(node, &mut |part| asks |= matches!(part, AstNode::Name(name) if name.as_str() == TESTED));
        let unary = matches!(
            node,
            AstNode::UnaryEq(_)
                | AstNode::UnaryNe(_)
                | AstNode::UnaryGe(_)
                | AstNode::UnaryGt(_)
                | AstNode::UnaryLe(_)
                | AstNode::UnaryLt(_)
                | AstNode::Range(..)
                | AstNode::Irrelevant
        );
        let within = (!asks).then(|| {
            let tested = AstNode::Name(Name::from(TESTED));
            Compiled::new(&AstNode::In(Box::new(tested), Box::new(node.clone())))
        });
        Self { within, says: (!unary).then(|| Compiled::new(node)), literal: matches!(node, AstNode::Boolean(_)) }
    }

    fn holds(&self, scope: &FeelScope, value: &Feel) -> bool {
        if let Some(within) = &self.within
            && within.eval(scope).is_true()
        {
            return true;
        }
        // A test that is itself true holds, unless true is merely the value looked for: `true` does not hold for what is missing.
        match &self.says {
            Some(_) if self.literal => false,
            Some(says) if self.within.is_none() || !matches!(value, Feel::Boolean(_)) => says.eval(scope).is_true(),
            _ => false,
        }
    }
}
