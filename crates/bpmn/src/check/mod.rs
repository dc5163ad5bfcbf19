//! Does the process make sense as a whole? Findings in words, for the person who drew it.

mod events;
mod sound;
mod ways;

use crate::{
    model::{Model, Node, NodeKind},
    problem::{BpmnProblem, Severity, shortened},
};

/// Attributes of well-known modelers that say who does a task.
const CANDIDATES: [&str; 8] = [
    "banhao:post",
    "banhao:signers",
    "camunda:assignee",
    "camunda:candidateGroups",
    "camunda:candidateUsers",
    "flowable:assignee",
    "flowable:candidateGroups",
    "flowable:candidateUsers",
];

/// With `whole` false, parts of the process could not be read: what leads where is not judged then.
pub(crate) fn look_through(model: &Model, whole: bool) -> Vec<BpmnProblem> {
    let mut findings = Findings { model, problems: Vec::new() };
    for scope in 0..model.scopes.len() {
        findings.starts(scope);
    }
    findings.ends();
    if whole {
        findings.dead_ends();
        findings.unreachable();
        findings.links();
    }
    for node in &model.nodes {
        findings.choices(node);
        findings.event(node);
        findings.repetition(node);
        findings.performer(node);
    }
    if whole && !findings.problems.iter().any(|problem| problem.severity == Severity::Error) {
        findings.soundness();
    }
    findings.problems
}

/// What was found so far.
struct Findings<'m> {
    model: &'m Model,
    problems: Vec<BpmnProblem>,
}

impl Findings<'_> {
    fn error(&mut self, code: &'static str, node: &Node, zh: String, en: String) {
        self.problems.push(BpmnProblem::error(code, node.line, Some(&node.id), zh, en));
    }

    fn warning(&mut self, code: &'static str, node: &Node, zh: String, en: String) {
        self.problems.push(BpmnProblem::warning(code, node.line, Some(&node.id), zh, en));
    }

    fn performer(&mut self, node: &Node) {
        let named = CANDIDATES.iter().any(|name| node.attribute(name).is_some_and(|value| !value.trim().is_empty()));
        if node.kind.is_human() && !node.has_performer && !named {
            self.warning(
                "no-candidates",
                node,
                format!("环节{}没有说明由哪个岗位办理，请加上 banhao:post。", called_zh(node)),
                format!("The step {} does not say which post does it; add banhao:post.", called(node)),
            );
        }
    }

    /// How the process and its subprocesses begin.
    fn starts(&mut self, scope: usize) {
        let model = self.model;
        let inside = &model.scopes[scope];
        let owner = inside.owner.map(|owner| &model.nodes[owner]);
        let starts: Vec<&Node> = inside.nodes.iter().map(|at| &model.nodes[*at]).filter(|node| node.kind == NodeKind::StartEvent).collect();
        let handler = owner.filter(|owner| owner.kind == NodeKind::EventSubProcess);
        match (owner, handler) {
            (None, _) if starts.is_empty() => self.problems.push(BpmnProblem::error(
                "no-start",
                0,
                Some(&model.id),
                "流程没有开始事件（startEvent），不知道从哪里开始。".to_owned(),
                "The process has no start event; nobody knows where to begin.".to_owned(),
            )),
            (_, Some(handler)) if starts.len() != 1 || starts[0].trigger.is_none() => self.error(
                "handler-start",
                handler,
                format!("事件子流程{}要有一个、也只能有一个带触发条件的开始事件。", called_zh(handler)),
                format!("The event subprocess {} needs exactly one start event, with a trigger.", called(handler)),
            ),
            (Some(owner), None) if !inside.nodes.iter().any(|at| begins(model, *at)) => self.error(
                "empty-subprocess",
                owner,
                format!("子流程{}里没有可以开始的环节。", called_zh(owner)),
                format!("Nothing in the subprocess {} can begin.", called(owner)),
            ),
            _ => {}
        }
        for further in starts.iter().filter(|start| start.trigger.is_none()).skip(1) {
            self.error(
                "several-starts",
                further,
                format!("一层里只能有一个普通的开始事件，{}是多出来的。", called_zh(further)),
                format!("A process or subprocess has one plain start event; {} is one too many.", called(further)),
            );
        }
        if owner.is_some() && handler.is_none() {
            for start in starts.iter().filter(|start| start.trigger.is_some()) {
                self.error(
                    "subprocess-start",
                    start,
                    format!("普通子流程里的开始事件{}不能带触发条件。要等待事件，请用事件子流程或边界事件。", called_zh(start)),
                    format!(
                        "The start event {} of a plain subprocess cannot have a trigger. Use an event subprocess or a boundary event.",
                        called(start)
                    ),
                );
            }
        }
    }

    fn repetition(&mut self, node: &Node) {
        let Some(crate::repeat::Repeat::Many(many)) = &node.repeat else { return };
        if many.sign.is_none() && many.cardinality.is_none() && many.collection.is_none() {
            self.error(
                "repeat-without-number",
                node,
                format!("{}要办多次，却没有写次数（loopCardinality）或清单（banhao:collection）。", called_zh(node)),
                format!(
                    "{} is to be done several times, but neither a number (loopCardinality) nor a list (banhao:collection) is given.",
                    called(node)
                ),
            );
        }
    }
}

/// Whether a scope can begin at this node when it is entered.
fn begins(model: &Model, at: usize) -> bool {
    let node = &model.nodes[at];
    match node.kind {
        NodeKind::StartEvent => true,
        NodeKind::BoundaryEvent | NodeKind::EventSubProcess => false,
        _ => node.incoming.is_empty() && !node.for_compensation && !is_link_end(node),
    }
}

/// The catching end of a link.
fn is_link_end(node: &Node) -> bool {
    node.kind == NodeKind::CatchEvent && matches!(node.trigger, Some(crate::trigger::Trigger::Link { .. }))
}

/// The node's name with its id, as it is spoken of in findings.
fn called(node: &Node) -> String {
    match &node.name {
        Some(name) => format!("“{}” ({})", shortened(name), node.id),
        None => format!("“{}”", node.id),
    }
}

fn called_zh(node: &Node) -> String {
    match &node.name {
        Some(name) => format!("“{}”（{}）", shortened(name), node.id),
        None => format!("“{}”", node.id),
    }
}
