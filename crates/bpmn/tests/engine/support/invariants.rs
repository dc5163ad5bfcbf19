//! What must hold in every state of a run, and what of a state counts as its marking.

use std::collections::{BTreeMap, BTreeSet};

use banhao_bpmn::{Instance, Model, Node, NodeKind, Stand, TaskRef, TimerKind, Trigger};
use serde_json::Value;

/// The parts of a state as they are stored.
struct Parts {
    tokens: BTreeMap<u64, Value>,
    frames: BTreeMap<u64, Value>,
    armed: BTreeMap<u64, Value>,
    forks: BTreeMap<u64, Value>,
}

fn numbered(stored: &Value) -> BTreeMap<u64, Value> {
    stored.as_object().into_iter().flatten().map(|(id, value)| (id.parse().unwrap(), value.clone())).collect()
}

fn parts(instance: &Instance) -> Parts {
    let stored = serde_json::to_value(instance).unwrap();
    let of = |name: &str| numbered(&stored[name]);
    Parts { tokens: of("tokens"), frames: of("frames"), armed: of("armed"), forks: of("forks") }
}

fn frame_of(part: &Value) -> u64 {
    part["frame"].as_u64().unwrap_or(0)
}

fn text<'v>(part: &'v Value, name: &str) -> &'v str {
    part[name].as_str().unwrap_or_default()
}

/// Asserts what must hold in every state:
/// - a fork counts exactly the tokens that come from it, and is forgotten when fewer than two do;
/// - every frame but the root belongs to one token, and that token to it; no number belongs to two things;
/// - what is armed for a token or a frame is what the model says, each once; only a reminder that is due once may be missing;
/// - nothing but a join waits by a flow, and it is a flow into it;
/// - what is over has nothing left.
pub fn hold(model: &Model, instance: &Instance) {
    let Parts { tokens, frames, armed, forks } = parts(instance);
    let say = || format!("{}", serde_json::to_value(instance).unwrap());
    if !instance.is_running() {
        assert!(tokens.is_empty() && frames.is_empty() && armed.is_empty() && forks.is_empty(), "something is left: {}", say());
        return;
    }
    let mut alive: BTreeMap<u64, u64> = BTreeMap::new();
    for token in tokens.values() {
        for fork in token["forks"].as_array().into_iter().flatten() {
            *alive.entry(fork.as_u64().unwrap()).or_default() += 1;
        }
    }
    for (fork, there) in &forks {
        let counted = there["alive"].as_u64().unwrap();
        assert_eq!(alive.get(fork).copied().unwrap_or(0), counted, "fork {fork}: {}", say());
        assert!(counted > 1, "fork {fork} has one branch left: {}", say());
    }
    for (id, frame) in frames.iter().filter(|(id, _)| **id != 0) {
        let owner = tokens.get(&frame["owner"].as_u64().unwrap()).unwrap_or_else(|| panic!("frame {id} is nobody's: {}", say()));
        assert_eq!(owner["inner"].as_u64(), Some(*id), "{}", say());
        assert!(tokens.values().any(|token| frame_of(token) == *id), "frame {id} is empty: {}", say());
    }
    for (id, token) in &tokens {
        assert!(frames.contains_key(&frame_of(token)), "token {id} is in no frame: {}", say());
        if let Some(inner) = token["inner"].as_u64() {
            assert!(frames.contains_key(&inner), "token {id} has no inside: {}", say());
        }
        let node = model.node(text(token, "at")).unwrap();
        let by = token["by"].as_str();
        assert_eq!(by.is_some(), token["stand"] == "join", "{}", say());
        if let Some(by) = by {
            assert_eq!(model.target(model.flow(by).unwrap()).id(), node.id(), "{}", say());
        }
        let in_round = frames[&frame_of(token)]["round"].is_object();
        let own: Vec<&str> = armed.values().filter(|armed| armed["token"].as_u64() == Some(*id)).map(|armed| text(armed, "at")).collect();
        for (place, at) in own.iter().enumerate() {
            assert!(!own[..place].contains(at), "{at} is armed twice: {}", say());
        }
        let boundaries = model.nodes().iter().filter(|other| !in_round && host(model, other) == Some(node.id()));
        let waits = (token["stand"] == "event").then_some(node);
        let catches = waits.into_iter().flat_map(|node| match node.kind() {
            NodeKind::EventGateway => model.outgoing(node).map(|flow| model.target(flow)).collect(),
            _ => vec![node],
        });
        just_these(&own, boundaries.chain(catches), &say);
    }
    for (id, frame) in frames.iter().filter(|(_, frame)| !frame["round"].is_object()) {
        let for_frame = |armed: &&Value| armed["token"].is_null() && frame_of(armed) == *id;
        let own: Vec<&str> = armed.values().filter(for_frame).map(|armed| text(armed, "at")).collect();
        let scope = (*id != 0).then(|| text(frame, "at"));
        let starts: Vec<&Node> = model.nodes().iter().filter(|start| is_handler_of(model, start, scope)).collect();
        let runs = |start: &&Node| {
            let handler = model.parent(start).unwrap().id();
            tokens.values().any(|token| frame_of(token) == *id && text(token, "at") == handler)
        };
        if own.is_empty() && starts.iter().filter(|start| start.is_interrupting()).any(runs) {
            continue; // It has taken the scope over.
        }
        just_these(&own, starts.into_iter(), &say);
    }
    for (id, event) in &armed {
        match event["token"].as_u64() {
            Some(token) => assert!(tokens.contains_key(&token), "event {id} waits for nobody: {}", say()),
            None => assert!(frames.contains_key(&frame_of(event)), "event {id} waits for no frame: {}", say()),
        }
        assert!(!tokens.contains_key(id) && !frames.contains_key(id), "{}", say());
    }
}

/// What is armed for a token or a frame is what the model says, each once. Only a reminder that is due once may have been due.
fn just_these<'m>(own: &[&str], wanted: impl Iterator<Item = &'m Node>, say: &dyn Fn() -> String) {
    let mut left = own.to_vec();
    for node in wanted.filter(|node| is_armed(node.trigger())) {
        let place = left.iter().position(|at| *at == node.id());
        let once = node.timer().is_some_and(|timer| timer.kind != TimerKind::Cycle) && !node.is_interrupting();
        assert!(place.is_some() || once, "{} is not armed: {}", node.id(), say());
        place.map(|place| left.remove(place));
    }
    assert!(left.is_empty(), "{left:?} should not be armed: {}", say());
}

/// Whether this is the start of an event subprocess that stands in the scope.
fn is_handler_of(model: &Model, start: &Node, scope: Option<&str>) -> bool {
    let handler = model.parent(start).filter(|parent| parent.kind() == NodeKind::EventSubProcess);
    start.kind() == NodeKind::StartEvent && handler.is_some_and(|handler| model.parent(handler).map(Node::id) == scope)
}

/// What can only be come to by an event on a border or an event subprocess that does not interrupt: it runs beside the rest, as often
/// as it is triggered.
pub fn beside(model: &Model) -> BTreeSet<String> {
    let next = |node: &Node| {
        let borders = model.nodes().iter().filter(|other| host(model, other) == Some(node.id())).map(Node::id);
        model.outgoing(node).map(|flow| model.target(flow).id()).chain(borders).collect::<Vec<_>>()
    };
    let reached = |from: Vec<&'_ str>, never: Option<&str>| {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = from.into_iter().map(|id| model.node(id).unwrap().id()).collect();
        while let Some(id) = open.pop() {
            if Some(id) != never && seen.insert(id) {
                open.extend(next(model.node(id).unwrap()));
            }
        }
        seen
    };
    let entries = || model.nodes().iter().filter(|node| model.incoming(node).count() == 0 && model.host(node).is_none()).map(Node::id);
    let borders = model.nodes().iter().filter(|node| node.kind() == NodeKind::BoundaryEvent && !node.is_interrupting());
    let mut beside = BTreeSet::new();
    for border in borders {
        let otherwise = reached(entries().collect(), Some(border.id()));
        beside.extend(reached(vec![border.id()], None).difference(&otherwise).map(|id| (*id).to_owned()));
    }
    for start in model.nodes().iter().filter(|node| node.kind() == NodeKind::StartEvent && !node.is_interrupting()) {
        let handler = model.parent(start).unwrap();
        let inside = |node: &&Node| std::iter::successors(Some(*node), |node| model.parent(node)).any(|node| node.id() == handler.id());
        beside.extend(model.nodes().iter().filter(inside).map(|node| node.id().to_owned()));
    }
    beside
}

fn host<'m>(model: &'m Model, boundary: &'m Node) -> Option<&'m str> {
    model.host(boundary).map(Node::id)
}

/// Errors, escalations and compensations are not waited for: they are looked up when they are thrown.
fn is_armed(trigger: Option<&Trigger>) -> bool {
    matches!(trigger, Some(Trigger::Message { .. } | Trigger::Timer(_) | Trigger::Signal { .. } | Trigger::Condition { .. }))
}

/// Where tokens stand, with the scopes around them. What runs [`beside`] the rest counts once, however often it was begun. Signers who were added to a plain task count as that task, however many they
/// are; the instances of a round count as one: how many they are is the office's word.
pub fn marking(beside: &BTreeSet<String>, instance: &Instance) -> String {
    let Parts { tokens, frames, .. } = parts(instance);
    let round = |frame: u64| frames[&frame]["round"]["kind"].as_str().or_else(|| frames[&frame]["round"].is_object().then_some("many"));
    let is_added = |frame: u64| matches!(round(frame), Some("before" | "after" | "beside"));
    let mut lines = Vec::new();
    for token in tokens.values() {
        let mut frame = frame_of(token);
        if is_added(frame) {
            continue;
        }
        let around = token["inner"].as_u64().is_some_and(is_added);
        let stand = if around { "task" } else { token["stand"].as_str().unwrap_or("task") };
        let mut line = format!("{} {stand} {}", text(token, "at"), text(token, "by"));
        let mut in_round = false;
        while frame != 0 {
            in_round |= round(frame) == Some("many");
            line = format!("{} > {line}", text(&frames[&frame], "at"));
            frame = frame_of(&tokens[&frames[&frame]["owner"].as_u64().unwrap()]);
        }
        if !(in_round || beside.contains(text(token, "at"))) || !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.sort();
    lines.join("; ")
}

/// A state without the numbers that only count steps: what stands where, how it hangs together, what can be returned to.
pub fn shape(instance: &Instance) -> String {
    let stored = serde_json::to_value(instance).unwrap();
    let Parts { tokens, frames, armed, forks } = parts(instance);
    let mut names: BTreeMap<u64, usize> = BTreeMap::new();
    let mut name = |id: u64| {
        let next = names.len();
        *names.entry(id).or_insert(next)
    };
    let mut said = Vec::new();
    for (id, token) in &tokens {
        let mut token = token.clone();
        for field in ["frame", "inner", "from"] {
            if let Some(number) = token[field].as_u64() {
                token[field] = name(number).into();
            }
        }
        // Forks that are forgotten mean nothing any more.
        let open = token["forks"].as_array().into_iter().flatten().filter_map(Value::as_u64).filter(|fork| forks.contains_key(fork));
        token["forks"] = open.map(&mut name).collect::<Vec<_>>().into();
        said.push(format!("{} {token}", name(*id)));
    }
    for (id, frame) in &frames {
        said.push(format!("{} {} {} {} {}", name(*id), text(frame, "at"), frame["round"], frame["items"], frame["done"]));
    }
    for event in armed.values() {
        let token = event["token"].as_u64().map(&mut name);
        said.push(format!("{} {token:?} {} {}", text(event, "at"), name(frame_of(event)), event["holds"]));
    }
    let done: Vec<&str> = instance.done().filter(|(_, times)| *times > 0).map(|(id, _)| id).collect();
    format!("{} {} {} {}", said.join("\n"), stored["phase"], stored["variables"], done.join(","))
}

/// Tasks that were completed and whose completion something still stands for: the candidates for taking back.
pub fn completions(instance: &Instance) -> Vec<TaskRef> {
    let mut found: Vec<TaskRef> =
        parts(instance).tokens.values().filter_map(|token| token["from"].as_u64()).map(|id| id.to_string().parse().unwrap()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Everybody whose signature is open or to come where a task stands.
pub fn signers(instance: &Instance, task: TaskRef) -> Vec<Value> {
    let token = instance.token(task).unwrap();
    let frame = if token.item.is_null() { token.inner } else { Some(token.frame) };
    let mut all = token.after.clone();
    if let Some(frame) = frame {
        all.extend(
            instance.tokens().filter(|(_, there)| there.frame == frame && !there.item.is_null()).map(|(_, there)| there.item.clone()),
        );
        all.extend(instance.to_come(frame).cloned());
    }
    all.dedup();
    all
}

/// Whether a token is one that people have open.
pub fn is_task(instance: &Instance, task: TaskRef) -> bool {
    instance.token(task).is_some_and(|token| token.stand == Stand::Task)
}
