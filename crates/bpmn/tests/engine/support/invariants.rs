//! What must hold in every state of a run, and what of a state counts as its marking.

use std::collections::BTreeMap;

use banhao_bpmn::{Instance, Model, NodeKind, Stand, TaskRef, Trigger};
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
/// - an event is armed for a token that stands there and has it, once; whatever interrupts is armed as long as its host stands;
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
        let boundaries =
            model.nodes().iter().filter(|other| other.kind() == NodeKind::BoundaryEvent && host(model, other) == Some(node.id()));
        for boundary in boundaries.filter(|boundary| !in_round && boundary.is_interrupting() && is_armed(boundary.trigger())) {
            assert!(own.contains(&boundary.id()), "{} is not armed: {}", boundary.id(), say());
        }
        if token["stand"] == "event" {
            assert!(!own.is_empty(), "token {id} waits for nothing: {}", say());
        }
    }
    for (id, event) in &armed {
        match event["token"].as_u64() {
            Some(token) => assert!(tokens.contains_key(&token), "event {id} waits for nobody: {}", say()),
            None => assert!(frames.contains_key(&frame_of(event)), "event {id} waits for no frame: {}", say()),
        }
        assert!(!tokens.contains_key(id) && !frames.contains_key(id), "{}", say());
    }
}

fn host<'m>(model: &'m Model, boundary: &'m banhao_bpmn::Node) -> Option<&'m str> {
    model.host(boundary).map(banhao_bpmn::Node::id)
}

/// Errors, escalations and compensations are not waited for: they are looked up when they are thrown.
fn is_armed(trigger: Option<&Trigger>) -> bool {
    matches!(trigger, Some(Trigger::Message { .. } | Trigger::Timer(_) | Trigger::Signal { .. } | Trigger::Condition { .. }))
}

/// Where tokens stand, with the scopes around them. Signers who were added to a plain task count as that task, however many they
/// are; the instances of a round count as one: how many they are is the office's word.
pub fn marking(instance: &Instance) -> String {
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
        if !in_round || !lines.contains(&line) {
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
