//! Small models explored through all interleavings: whatever is done in whatever order, nothing is lost, nothing doubled, and
//! every state can still come to its end.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use banhao_bpmn::{Command, Instance, Model, Phase, Returning, RunError, Signers, Target, act, return_targets};
use serde_json::{Value, json};

use crate::support::{Host, model};

/// A state without the numbers that only count steps: what stands where, and how it hangs together.
fn shape(instance: &Instance) -> String {
    let stored = serde_json::to_value(instance).unwrap();
    let mut names: BTreeMap<u64, u64> = BTreeMap::new();
    let mut name = |id: u64| {
        let next = names.len() as u64;
        *names.entry(id).or_insert(next)
    };
    // Numbers are renamed in the order in which they are met, so that equal states look equal.
    let tokens: Vec<Value> = stored["tokens"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(id, token)| (id.parse::<u64>().unwrap(), token))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(id, token)| {
            let forks: Vec<u64> = token["forks"].as_array().into_iter().flatten().filter_map(Value::as_u64).map(&mut name).collect();
            let frame = token["frame"].as_u64().map(&mut name);
            json!([token["at"], token["stand"], token["by"], token["number"], token["item"], token["previous"], frame, forks, name(id)])
        })
        .collect();
    let frames: Vec<Value> =
        stored["frames"].as_object().into_iter().flatten().map(|(_, frame)| json!([frame["at"], frame["round"], frame["items"]])).collect();
    json!([tokens, frames, stored["phase"], stored["variables"]]).to_string()
}

struct Explorer {
    model: Model,
    /// Times one step may be returned, so that the exploration ends.
    returns: u32,
    seen: BTreeSet<(String, u32)>,
    open: VecDeque<(Instance, u32)>,
    ends: usize,
}

impl Explorer {
    fn explore(inside: &str, variables: Value, returns: u32) -> Self {
        let model = model(inside);
        let mut begun = Instance::blank();
        act(&model, &mut begun, &Command::Start { at: None, variables }, &Host).unwrap();
        let mut explorer = Self { model, returns, seen: BTreeSet::new(), open: VecDeque::from([(begun, 0)]), ends: 0 };
        while let Some((instance, returned)) = explorer.open.pop_front() {
            explorer.state(&instance, returned);
        }
        explorer
    }

    fn state(&mut self, instance: &Instance, returned: u32) {
        if !self.seen.insert((shape(instance), returned)) {
            return;
        }
        assert!(self.seen.len() < 40_000, "the model is too large to be explored");
        if !instance.is_running() {
            assert_eq!(instance.phase(), Phase::Finished);
            assert_eq!(instance.size(), 0);
            self.ends += 1;
            return;
        }
        for (flow, branches) in instance.waiting() {
            assert_eq!(branches, 1, "two branches wait on {flow}: {}", shape(instance));
        }
        let mut moved = false;
        for (task, element) in instance.open_tasks() {
            let repeated = self.model.node(element).is_some_and(|node| node.repeat().is_some());
            let here = instance.open_tasks().filter(|(_, other)| *other == element).count();
            assert!(repeated || here == 1, "{element} is open twice: {}", shape(instance));
            let mut commands: Vec<(Command, u32)> = vec![
                (Command::Complete { task, variables: json!({ "verdict": "agree" }) }, returned),
                (Command::Complete { task, variables: json!({ "verdict": "disagree" }) }, returned),
            ];
            if returned < self.returns {
                for target in return_targets(&self.model, instance, task) {
                    commands.push((Command::Return { task, to: Target::Step(target), then: Returning::StepByStep }, returned + 1));
                }
                if repeated && here < 3 {
                    commands.push((Command::AddSigners { task, who: vec![json!("庚")], how: Signers::Beside }, returned + 1));
                    commands.push((Command::RemoveSigner { task, who: instance.token(task).unwrap().item.clone() }, returned + 1));
                }
            }
            for (command, returned) in commands {
                let mut next = instance.clone();
                match act(&self.model, &mut next, &command, &Host) {
                    Ok(_) => {
                        moved = true;
                        self.open.push_back((next, returned));
                    }
                    Err(RunError::NotPossible { .. }) if matches!(command, Command::RemoveSigner { .. }) => {}
                    Err(error) => panic!("{command:?} fails: {error}\n{}", shape(instance)),
                }
            }
            // Taken back at once, the state is as it was.
            let mut next = instance.clone();
            act(&self.model, &mut next, &Command::Complete { task, variables: json!({ "verdict": "agree" }) }, &Host).unwrap();
            if next.is_running() && act(&self.model, &mut next, &Command::TakeBack { task }, &Host).is_ok() {
                let open = |instance: &Instance| {
                    let mut open: Vec<String> = instance.open_tasks().map(|(_, element)| element.to_owned()).collect();
                    open.sort();
                    open
                };
                assert_eq!(open(instance), open(&next));
                assert_eq!(instance.size(), next.size());
            }
        }
        assert!(moved, "nothing can be done any more: {}", shape(instance));
    }
}

fn flow(pairs: &[(&str, &str)]) -> String {
    pairs.iter().enumerate().map(|(at, (from, to))| format!(r#"<sequenceFlow id="f{at}" sourceRef="{from}" targetRef="{to}"/>"#)).collect()
}

fn nodes(kind: &str, ids: &[&str]) -> String {
    ids.iter().map(|id| format!(r#"<{kind} id="{id}"/>"#)).collect()
}

#[test]
fn two_branches_with_two_steps_each() {
    let inside = format!(
        "{}{}{}{}{}",
        r#"<startEvent id="s"/><endEvent id="e"/>"#,
        nodes("userTask", &["a", "b", "c", "d", "f", "z"]),
        nodes("parallelGateway", &["p", "j"]),
        "",
        flow(&[("s", "a"), ("a", "p"), ("p", "b"), ("b", "c"), ("c", "j"), ("p", "d"), ("d", "f"), ("f", "j"), ("j", "z"), ("z", "e")])
    );
    let explorer = Explorer::explore(&inside, json!({}), 3);
    assert!(explorer.ends > 0 && explorer.seen.len() > 50, "{}", explorer.seen.len());
}

#[test]
fn branches_inside_branches() {
    let inside = format!(
        "{}{}{}{}",
        r#"<startEvent id="s"/><endEvent id="e"/>"#,
        nodes("userTask", &["a", "b", "c", "d", "f"]),
        nodes("parallelGateway", &["p", "q", "k", "j"]),
        flow(&[
            ("s", "a"),
            ("a", "p"),
            ("p", "b"),
            ("b", "q"),
            ("q", "c"),
            ("q", "d"),
            ("c", "k"),
            ("d", "k"),
            ("k", "j"),
            ("p", "f"),
            ("f", "j"),
            ("j", "e")
        ])
    );
    assert!(Explorer::explore(&inside, json!({}), 2).ends > 0);
}

#[test]
fn three_branches_that_meet_two_by_two() {
    // Not well nested: the first two meet, then the third comes.
    let inside = format!(
        "{}{}{}{}",
        r#"<startEvent id="s"/><endEvent id="e"/>"#,
        nodes("userTask", &["a", "b", "c", "d", "m", "z"]),
        nodes("parallelGateway", &["p", "j", "k"]),
        flow(&[
            ("s", "a"),
            ("a", "p"),
            ("p", "b"),
            ("p", "c"),
            ("p", "d"),
            ("b", "j"),
            ("c", "j"),
            ("j", "m"),
            ("m", "k"),
            ("d", "k"),
            ("k", "z"),
            ("z", "e")
        ])
    );
    assert!(Explorer::explore(&inside, json!({}), 2).ends > 0);
}

#[test]
fn a_branch_that_ends_early() {
    let inside = format!(
        "{}{}{}{}",
        r#"<startEvent id="s"/><endEvent id="e"/><endEvent id="early"/>"#,
        nodes("userTask", &["a", "b", "c", "d"]),
        nodes("parallelGateway", &["p"]),
        flow(&[("s", "a"), ("a", "p"), ("p", "b"), ("b", "early"), ("p", "c"), ("c", "d"), ("d", "e")])
    );
    assert!(Explorer::explore(&inside, json!({}), 3).ends > 0);
}

#[test]
fn some_ways_of_several() {
    let inside = format!(
        r#"<startEvent id="s"/><endEvent id="e"/>{}{}<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="o"/>
        <sequenceFlow id="f3" sourceRef="o" targetRef="b"><conditionExpression>fire = true</conditionExpression></sequenceFlow>
        <sequenceFlow id="f4" sourceRef="o" targetRef="c"><conditionExpression>water = true</conditionExpression></sequenceFlow>
        <sequenceFlow id="f5" sourceRef="o" targetRef="d"><conditionExpression>never = true</conditionExpression></sequenceFlow>
        <sequenceFlow id="f6" sourceRef="b" targetRef="g"/><sequenceFlow id="f7" sourceRef="c" targetRef="g"/><sequenceFlow id="f8" sourceRef="d" targetRef="g"/>
        <sequenceFlow id="f9" sourceRef="g" targetRef="z"/><sequenceFlow id="f10" sourceRef="z" targetRef="e"/>"#,
        nodes("userTask", &["a", "b", "c", "d", "z"]),
        nodes("inclusiveGateway", &["o", "g"])
    );
    assert!(Explorer::explore(&inside, json!({ "fire": true, "water": true }), 3).ends > 0);
}

#[test]
fn signing_in_a_branch() {
    for sign in ["all", "any", "turn"] {
        let inside = format!(
            r#"<startEvent id="s"/><endEvent id="e"/><userTask id="sign" banhao:sign="{sign}" banhao:signers="signers"/>{}{}{}"#,
            nodes("userTask", &["a", "b"]),
            nodes("parallelGateway", &["p", "j"]),
            flow(&[("s", "a"), ("a", "p"), ("p", "sign"), ("sign", "j"), ("p", "b"), ("b", "j"), ("j", "e")])
        );
        assert!(Explorer::explore(&inside, json!({ "signers": ["甲", "乙"] }), 1).ends > 0, "{sign}");
    }
}

#[test]
fn a_subprocess_with_branches() {
    let inside = format!(
        r#"<startEvent id="s"/><endEvent id="e"/><userTask id="a"/><subProcess id="sub"><startEvent id="is"/><endEvent id="ie"/>{}{}
        <sequenceFlow id="i1" sourceRef="is" targetRef="p"/><sequenceFlow id="i2" sourceRef="p" targetRef="b"/><sequenceFlow id="i3" sourceRef="p" targetRef="c"/>
        <sequenceFlow id="i4" sourceRef="b" targetRef="j"/><sequenceFlow id="i5" sourceRef="c" targetRef="j"/><sequenceFlow id="i6" sourceRef="j" targetRef="d"/><sequenceFlow id="i7" sourceRef="d" targetRef="ie"/></subProcess>{}"#,
        nodes("userTask", &["b", "c", "d"]),
        nodes("parallelGateway", &["p", "j"]),
        flow(&[("s", "a"), ("a", "sub"), ("sub", "e")])
    );
    assert!(Explorer::explore(&inside, json!({}), 3).ends > 0);
}
