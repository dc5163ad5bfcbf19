//! The steps of a process, one by one: only what cases offer, times that can be counted, departments and steps that are there
//! (docs/process-semantics.md, section 7).

use std::collections::BTreeSet;

use banhao_bpmn::{Model, Node, NodeKind, Repeat, Trigger};
use banhao_decision::Expression;
use serde_json::{Value, json};

use crate::{
    folder::{Draft, reader::Places},
    model::closest,
    timers::{Due, is_plain},
};

/// Office operations that `banhao:allow` may name.
const OPERATIONS: [&str; 8] = ["return", "take-back", "hand-over", "delegate", "add-signers", "remove-signer", "copy", "urge"];

pub(super) fn check(draft: &Draft, matter: &str, process: &Model, places: &Places) {
    for node in process.nodes() {
        if node.kind() == NodeKind::RuleTask {
            decision(draft, matter, node, places);
        }
        if node.kind() == NodeKind::CallActivity {
            called(node, places);
        } else if !is_offered(node) {
            places.error_in_line(
                node.line(),
                node.id(),
                "process-not-offered",
                format!("“{}”用了办件不支持的流程元素（由事件发起、没有人接的错误）。请改用任务、网关、子流程和中间事件。", name(node)),
                format!(
                    "`{}` is of a kind that cases do not offer (starts with a trigger, errors that nobody catches); use tasks, gateways, subprocesses and events on the way.",
                    node.id()
                ),
            );
        }
        timer(node, places);
        if node.kind().is_human() {
            repeated(node, places);
            allowed(node, places);
            return_targets(process, node, places);
            organisations(draft, node, places);
        }
        if node.attribute("banhao:act") == Some("remind") && node.kind() != NodeKind::ServiceTask {
            places.error_in_line(
                node.line(),
                node.id(),
                "remind-not-service",
                format!("提醒由系统自动完成，“{}”要画成服务任务（serviceTask）。", name(node)),
                format!("Reminding is done by the platform; draw `{}` as a service task.", node.id()),
            );
        }
    }
}

fn name(node: &Node) -> &str {
    node.name().unwrap_or(node.id())
}

/// A call that is still one after reading ([`crate::process_model`]) calls what is not in the file.
fn called(node: &Node, places: &Places) {
    let called = node.called().unwrap_or_default();
    places.error_in_line(
        node.line(),
        node.id(),
        "call-unknown",
        format!("“{}”调用的流程“{called}”不在这个文件里。请把它和事项的流程放在同一个文件里。", name(node)),
        format!("`{}` calls the process `{called}`, which is not in this file; put it into the file of the matter's process.", node.id()),
    );
}

/// What the engine runs and cases offer, too.
fn is_offered(node: &Node) -> bool {
    match node.kind() {
        // The start of an event subprocess has a trigger; the process itself begins when an application comes in.
        NodeKind::StartEvent => node.trigger().is_none() || node.is_nested(),
        NodeKind::EndEvent => !matches!(node.trigger(), Some(Trigger::Error { .. })) || node.is_nested(),
        _ => true,
    }
}

/// A rule task asks a decision that the matter has.
fn decision(draft: &Draft, matter: &str, node: &Node, places: &Places) {
    let asked = node.attribute("banhao:decision").unwrap_or_default();
    let known: Vec<&str> = draft.decisions.get(matter).map(|(model, _)| model.decisions().collect()).unwrap_or_default();
    if known.contains(&asked) {
        return;
    }
    let meant = closest(asked, known.iter().copied()).map(|meant| format!("（{meant}？）")).unwrap_or_default();
    places.error_in_line(
        node.line(),
        node.id(),
        "decision-unknown",
        format!("规则环节“{}”要用的决策“{asked}”{meant}不在这个事项的 decisions.dmn 里。", name(node)),
        format!("The rule task `{}` asks `{asked}`, which is no decision in the matter's decisions.dmn.", node.id()),
    );
}

fn timer(node: &Node, places: &Places) {
    let Some(timer) = node.timer() else { return };
    if !is_plain(&timer.expression) {
        return; // An expression: checked with the conditions.
    }
    if let Err(mistake) = Due::parse(timer.kind, &timer.expression, node.attribute("banhao:working") == Some("true")) {
        places.error_in_line(
            node.line(),
            node.id(),
            "timer-format",
            format!("“{}”的时间“{}”不能用：{}。", name(node), timer.expression, mistake.zh()),
            format!("The time `{}` of `{}` cannot be used: {mistake}.", timer.expression, node.id()),
        );
    }
}

/// Acceptance, decision and delivery happen once: each makes a paper.
fn repeated(node: &Node, places: &Places) {
    let act = node.attribute("banhao:act").unwrap_or_default();
    if node.repeat().is_some() && ["accept", "decide", "deliver"].contains(&act) {
        places.error_in_line(
            node.line(),
            node.id(),
            "repeat-not-here",
            format!("“{}”（{act}）会出具文书，不能由几方签署或者重复办理。请把会签放在决定前面的审查环节。", name(node)),
            format!(
                "`{}` ({act}) makes a paper and cannot be signed by several or repeated; put the signing into a review step before it.",
                node.id()
            ),
        );
    }
}

fn allowed(node: &Node, places: &Places) {
    for word in node.attribute("banhao:allow").unwrap_or_default().split_whitespace() {
        if !OPERATIONS.contains(&word) {
            places.error_in_line(
                node.line(),
                node.id(),
                "operation-unknown",
                format!("“{}”的 banhao:allow 里没有“{word}”这种操作。可以写：{}", name(node), OPERATIONS.join("、")),
                format!("`{word}` in banhao:allow of `{}` is no operation; there are: {}", node.id(), OPERATIONS.join(", ")),
            );
        }
    }
    if let Some(then) = node.attribute("banhao:return-then").filter(|then| !["again", "straight"].contains(then)) {
        places.error_in_line(
            node.line(),
            node.id(),
            "return-then-unknown",
            format!("banhao:return-then 只能写 again（逐步重办）或 straight（直接返回），现在是“{then}”。"),
            format!("banhao:return-then is `again` or `straight`, not `{then}`."),
        );
    }
}

fn return_targets(process: &Model, node: &Node, places: &Places) {
    let words = node.attribute("banhao:return-to").unwrap_or_default().split_whitespace();
    for word in words.filter(|word| !["start", "previous"].contains(word)) {
        if !process.node(word).is_some_and(|target| target.kind().is_human()) {
            let steps = process.nodes().iter().filter(|node| node.kind().is_human()).map(Node::id);
            let meant = closest(word, steps).map(|meant| format!("（{meant}？）")).unwrap_or_default();
            places.error_in_line(
                node.line(),
                node.id(),
                "return-to-unknown",
                format!("“{}”不能退回到“{word}”{meant}：流程里没有这个人工环节。", name(node)),
                format!("`{}` cannot be returned to `{word}`: the process has no such step of people.", node.id()),
            );
        }
    }
}

/// Departments that take part: those that can be known before a case is there.
fn organisations(draft: &Draft, node: &Node, places: &Places) {
    let mut named: BTreeSet<String> = node.attribute("banhao:organisation").map(ToOwned::to_owned).into_iter().collect();
    if let Some(Repeat::Many(many)) = node.repeat()
        && many.sign.is_some()
        && let Some(expression) = many.collection.as_deref().and_then(|text| Expression::parse(text).ok())
        && let Ok(Value::Array(items)) = expression.eval(&json!({}))
    {
        named.extend(items.iter().filter_map(Value::as_str).map(ToOwned::to_owned));
    }
    for key in named.iter().filter(|key| !draft.organisations.contains_key(*key)) {
        let meant = closest(key, draft.organisations.keys().map(String::as_str)).map(|meant| format!("（{meant}？）")).unwrap_or_default();
        places.error_in_line(
            node.line(),
            node.id(),
            "organisation-unknown",
            format!("“{}”要由“{key}”{meant}办理，但没有这个机关。", name(node)),
            format!("`{}` is for `{key}`, but there is no such organisation.", node.id()),
        );
    }
}
