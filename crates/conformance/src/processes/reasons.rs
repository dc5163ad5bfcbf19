//! Differences that are known and whose cause is known. Each is recognised by what the process has in it and by what exactly
//! differs, so that none covers another fault. The standard's word on each: docs/differential.md.

use super::{
    block::{Block, Scope},
    compare::{Other, Seen, Trace},
};

/// Tells whether a block is of a kind.
type Kind<'k> = dyn Fn(&Block) -> bool + 'k;

/// A known difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A join goes on although a branch in front of it is still open, because another way of that branch was not taken.
    JoinCountsWaysNotTaken,
    /// Everything is done, and the run is not over.
    NeverOver,
    /// An error goes past the nearest boundary event that catches it to one further out.
    ErrorCaughtFurtherOut,
    /// An inclusive join goes on although a loop in front of it still has a token.
    InclusiveJoinBeforeLoop,
    /// The engine fails itself when an error ends a scope in which something else is open.
    ErrorBesideBranch,
    /// A join that is passed again counts the tokens of the round before.
    JoinRemembersEarlierRounds,
}

impl Reason {
    /// Its name in docs/differential.md.
    pub fn name(self) -> &'static str {
        match self {
            Self::JoinCountsWaysNotTaken => "join-counts-ways-not-taken",
            Self::NeverOver => "never-over",
            Self::ErrorCaughtFurtherOut => "error-caught-further-out",
            Self::InclusiveJoinBeforeLoop => "inclusive-join-before-loop",
            Self::ErrorBesideBranch => "error-beside-branch",
            Self::JoinRemembersEarlierRounds => "join-remembers-earlier-rounds",
        }
    }
}

/// Why the engines differ in this run, when that is known.
pub fn of(other: Other, scope: &Scope, trace: &Trace) -> Option<Reason> {
    let last = trace.lines.last()?;
    if let (Other::SpiffWorkflow, Seen::Stands { ends, .. }, Seen::Failed { error }) = (other, &last.ours, &last.theirs) {
        let known = error.starts_with("WorkflowException: Attempt to add non-predicted child to predicted task");
        return (known && ends.iter().any(|end| end.starts_with("error"))).then_some(Reason::ErrorBesideBranch);
    }
    let differs = Difference::between(&last.ours, &last.theirs)?;
    let repeated =
        trace.lines.iter().any(|line| line.done.is_some() && trace.lines.iter().filter(|other| other.done == line.done).count() > 1);
    let scope_has = |kind: &Kind<'_>| scope.has(kind);
    match other {
        Other::BpmnEngine if differs.only_state && hangs(&scope_has) => Some(Reason::NeverOver),
        // The same in a subprocess: what comes behind it never begins.
        Other::BpmnEngine if differs.only_less && scope.has(&|block| scopes(block) && hangs(&|kind| block.inside(kind))) => {
            Some(Reason::NeverOver)
        }
        Other::BpmnEngine if differs.only_more && scope.has(&|block| joins(block) && block.inside(&decides)) => {
            Some(Reason::JoinCountsWaysNotTaken)
        }
        Other::BpmnEngine if differs.error && scope.has(&|block| catches(block) && block.inside(&catches)) => {
            Some(Reason::ErrorCaughtFurtherOut)
        }
        Other::SpiffWorkflow | Other::BpmnEngine
            if differs.only_more && repeated && scope.has(&|block| repeats(block) && block.inside(&joins)) =>
        {
            Some(Reason::JoinRemembersEarlierRounds)
        }
        Other::SpiffWorkflow if differs.only_more && scope.has(&|block| matches!(block, Block::Inclusive(_)) && block.inside(&repeats)) => {
            Some(Reason::InclusiveJoinBeforeLoop)
        }
        _ => None,
    }
}

fn joins(block: &Block) -> bool {
    matches!(block, Block::Parallel { .. } | Block::Braid(_) | Block::Inclusive(_))
}

fn repeats(block: &Block) -> bool {
    matches!(block, Block::Loop(_) | Block::Break(..))
}

fn catches(block: &Block) -> bool {
    matches!(block, Block::Rescue(..))
}

fn scopes(block: &Block) -> bool {
    matches!(block, Block::Inside(_) | Block::Rescue(..))
}

/// Whether a join may be left half waiting: it is passed again, or a way to it begins at a boundary event.
fn hangs(has: &dyn Fn(&Kind<'_>) -> bool) -> bool {
    has(&joins) && (has(&repeats) || has(&catches))
}

/// Blocks with a way that may not be taken.
fn decides(block: &Block) -> bool {
    repeats(block) || catches(block) || matches!(block, Block::Choice { .. } | Block::Leave(_))
}

/// How two states differ.
struct Difference {
    /// Nothing is open, the same ends were reached; for us it is over and for the other it is not.
    only_state: bool,
    /// All that we have the other has too, and something more.
    only_more: bool,
    /// All that the other has we have too, and something more; the other is not over.
    only_less: bool,
    /// The same ends were reached, an error end event among them, and what is open behind it is not the same.
    error: bool,
}

impl Difference {
    fn between(ours: &Seen, theirs: &Seen) -> Option<Self> {
        let (Seen::Stands { open, ends, state }, Seen::Stands { open: their_open, ends: their_ends, state: their_state }) = (ours, theirs)
        else {
            return None;
        };
        let same = open == their_open && ends == their_ends;
        Some(Self {
            error: ends == their_ends && open != their_open && ends.iter().any(|end| end.starts_with("error")),
            only_state: same && open.is_empty() && state == "over" && their_state == "running",
            only_more: !same && contains(their_open, open) && contains(their_ends, ends),
            only_less: !same && their_state == "running" && contains(open, their_open) && contains(ends, their_ends),
        })
    }
}

/// Whether one sorted list has everything of another, as often.
fn contains(all: &[String], some: &[String]) -> bool {
    let mut rest = all.iter();
    some.iter().all(|wanted| rest.any(|found| found == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processes::compare::Line;

    fn seen(open: &[&str], ends: &[&str], over: bool) -> Seen {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Seen::of(owned(open), owned(ends), over)
    }

    fn trace(done: &[&str], ours: Seen, theirs: Seen) -> Trace {
        let mut lines: Vec<Line> = done
            .iter()
            .map(|task| Line { done: Some((*task).to_owned()), ours: seen(&[], &[], false), theirs: seen(&[], &[], false) })
            .collect();
        lines.push(Line { done: None, ours, theirs });
        Trace { lines, differs: true }
    }

    fn parallel(branch: Block) -> Block {
        Block::Parallel { branches: vec![branch, Block::Task], implicit: false }
    }

    fn scope(body: Block) -> Scope {
        Scope { body, tails: Vec::new() }
    }

    #[test]
    fn a_known_difference_is_known_only_where_its_cause_is() {
        let choice = Block::Choice { ways: vec![Block::Task, Block::Task], loose: false };
        let more = || trace(&["a", "b"], seen(&["x"], &[], false), seen(&["x", "y"], &[], false));
        let less = || trace(&["a", "b"], seen(&["x", "y"], &[], false), seen(&["x"], &[], false));
        let with_cause = scope(parallel(choice.clone()));
        assert_eq!(of(Other::BpmnEngine, &with_cause, &more()), Some(Reason::JoinCountsWaysNotTaken));
        assert_eq!(of(Other::BpmnEngine, &with_cause, &less()), None, "tokens that are lost have another cause");
        assert_eq!(of(Other::BpmnEngine, &scope(parallel(Block::Task)), &more()), None, "all ways are taken");
        assert_eq!(of(Other::SpiffWorkflow, &with_cause, &more()), None, "that is the other engine");

        let round = scope(Block::Loop(Box::new(parallel(Block::Task))));
        let again = trace(&["a", "b", "a"], seen(&[], &[], false), seen(&["y"], &[], false));
        assert_eq!(of(Other::SpiffWorkflow, &round, &again), Some(Reason::JoinRemembersEarlierRounds));
        assert_eq!(of(Other::SpiffWorkflow, &round, &more()), None, "nothing was done twice yet");

        let failed = |error: &str| Seen::Failed { error: error.to_owned() };
        let known = "WorkflowException: Attempt to add non-predicted child to predicted task. ";
        let error = |theirs| trace(&["a"], seen(&["x"], &["error7"], false), theirs);
        assert_eq!(of(Other::SpiffWorkflow, &with_cause, &error(failed(known))), Some(Reason::ErrorBesideBranch));
        assert_eq!(of(Other::SpiffWorkflow, &with_cause, &error(failed("KeyError: d1"))), None, "another failure");
    }
}
