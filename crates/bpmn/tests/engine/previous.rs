//! Going back step by step: which step came before, also after returns, taking back, rounds, joins and jumps.

use banhao_bpmn::{Command, Plan, Returning, RunError, Target, Why, migrate, previous_step};
use serde_json::{Value, json};

use crate::support::{Host, Trial, model};

fn flow(pairs: &[(&str, &str)]) -> String {
    pairs.iter().enumerate().map(|(at, (from, to))| format!(r#"<sequenceFlow id="f{at}" sourceRef="{from}" targetRef="{to}"/>"#)).collect()
}

fn steps(ids: &[&str]) -> String {
    ids.iter().map(|id| format!(r#"<userTask id="{id}"/>"#)).collect()
}

fn when(id: &str, from: &str, to: &str, condition: &str) -> String {
    format!(
        r#"<sequenceFlow id="{id}" sourceRef="{from}" targetRef="{to}"><conditionExpression>{condition}</conditionExpression></sequenceFlow>"#
    )
}

const ENDS: &str = r#"<startEvent id="s"/><endEvent id="e"/>"#;

fn in_turn() -> String {
    [ENDS, &steps(&["a", "b", "c", "d"]), &flow(&[("s", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")])].concat()
}

/// Applied for, checked, supplemented as often as needed, decided.
fn supplemented() -> String {
    [
        ENDS,
        &steps(&["apply", "check", "supplement", "decide", "sign"]),
        r#"<exclusiveGateway id="x" default="fine"/><exclusiveGateway id="y" default="out"/>"#,
        &flow(&[("s", "apply"), ("apply", "check"), ("check", "x"), ("supplement", "check"), ("decide", "y"), ("sign", "e")]),
        r#"<sequenceFlow id="fine" sourceRef="x" targetRef="decide"/><sequenceFlow id="out" sourceRef="y" targetRef="sign"/>"#,
        &when("lacks", "x", "supplement", "lacks = true"),
        &when("again", "y", "decide", "again = true"),
    ]
    .concat()
}

fn before(trial: &Trial, step: &str) -> Option<String> {
    previous_step(&trial.model, &trial.instance, trial.task(step))
}

fn back(trial: &mut Trial, step: &str, to: Target) -> Result<(), RunError> {
    let task = trial.task(step);
    trial.act(Command::Return { task, to, then: Returning::StepByStep })
}

/// Returns to the previous step until there is none; tells the way.
fn all_the_way_back(trial: &mut Trial) -> Vec<String> {
    let mut way = trial.open();
    loop {
        let step = way.last().unwrap().clone();
        let known = before(trial, &step);
        match back(trial, &step, Target::Previous) {
            Ok(()) => {
                assert_eq!(trial.open(), [known.unwrap()]);
                way.extend(trial.open());
            }
            Err(RunError::NotPossible { reason: Why::None, .. }) if known.is_none() => return way,
            other => panic!("{other:?} at {way:?}"),
        }
        assert!(way.len() < 20, "{way:?}");
    }
}

#[test]
fn back_to_the_first_step() {
    let mut trial = Trial::begin(&in_turn(), json!({}));
    ["a", "b", "c"].into_iter().for_each(|step| trial.done(step));
    assert_eq!(all_the_way_back(&mut trial), ["d", "c", "b", "a"]);
    ["a", "b"].into_iter().for_each(|step| trial.done(step));
    back(&mut trial, "c", Target::Step("a".to_owned())).unwrap();
    ["a", "b", "c"].into_iter().for_each(|step| trial.done(step));
    assert_eq!(all_the_way_back(&mut trial), ["d", "c", "b", "a"]);
}

#[test]
fn what_is_taken_back_stands_as_it_stood() {
    let mut trial = Trial::begin(&in_turn(), json!({}));
    ["a", "b"].into_iter().for_each(|step| trial.done(step));
    let task = trial.task("c");
    trial.done("c");
    trial.act(Command::TakeBack { task }).unwrap();
    assert_eq!(all_the_way_back(&mut trial), ["c", "b", "a"]);
    // In its second round, too.
    let mut trial = Trial::begin(&supplemented(), json!({}));
    trial.done("apply");
    trial.done_with("check", json!({ "lacks": true }));
    trial.done("supplement");
    assert_eq!(before(&trial, "check").as_deref(), Some("supplement"));
    let task = trial.task("check");
    trial.done_with("check", json!({ "lacks": false }));
    assert_eq!(trial.open(), ["decide"]);
    trial.act(Command::TakeBack { task }).unwrap();
    assert_eq!(before(&trial, "check").as_deref(), Some("supplement"));
}

#[test]
fn rounds_are_left_once() {
    let mut trial = Trial::begin(&supplemented(), json!({}));
    trial.done("apply");
    for _ in 0..2 {
        trial.done_with("check", json!({ "lacks": true }));
        trial.done("supplement");
    }
    trial.done_with("check", json!({ "lacks": false }));
    assert_eq!(all_the_way_back(&mut trial), ["decide", "check", "supplement", "check", "apply"]);
}

#[test]
fn no_step_comes_before_itself() {
    let mut trial = Trial::begin(&supplemented(), json!({}));
    trial.done("apply");
    trial.done("check");
    trial.done_with("decide", json!({ "again": true }));
    assert_eq!(before(&trial, "decide").as_deref(), Some("check"));
    let task = trial.task("decide");
    trial.done_with("decide", json!({ "again": false }));
    trial.act(Command::TakeBack { task }).unwrap();
    assert_eq!(all_the_way_back(&mut trial), ["decide", "check", "apply"]);
}

#[test]
fn of_two_ways_the_last_one_counts() {
    let inside = [
        ENDS,
        &steps(&["a", "x", "y", "d", "f"]),
        r#"<exclusiveGateway id="g" default="by_x"/>"#,
        &flow(&[("s", "a"), ("a", "g"), ("x", "d"), ("y", "d"), ("d", "f"), ("f", "e")]),
        r#"<sequenceFlow id="by_x" sourceRef="g" targetRef="x"/>"#,
        &when("by_y", "g", "y", "other = true"),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    ["a", "x"].into_iter().for_each(|step| trial.done(step));
    back(&mut trial, "d", Target::Start).unwrap();
    trial.done_with("a", json!({ "other": true }));
    ["y", "d"].into_iter().for_each(|step| trial.done(step));
    assert_eq!(all_the_way_back(&mut trial), ["f", "d", "y", "a"]);
}

#[test]
fn behind_a_join_it_has_to_be_said() {
    let inside = [
        ENDS,
        &steps(&["apply", "a", "b", "decide", "sign"]),
        r#"<parallelGateway id="p"/><parallelGateway id="j"/>"#,
        &flow(&[
            ("s", "apply"),
            ("apply", "p"),
            ("p", "a"),
            ("p", "b"),
            ("a", "j"),
            ("b", "j"),
            ("j", "decide"),
            ("decide", "sign"),
            ("sign", "e"),
        ]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    ["apply", "a", "b", "decide"].into_iter().for_each(|step| trial.done(step));
    back(&mut trial, "sign", Target::Previous).unwrap();
    assert_eq!(before(&trial, "decide"), None);
    let refused = back(&mut trial, "decide", Target::Previous);
    assert!(matches!(refused, Err(RunError::NotPossible { reason: Why::Several, .. })), "{refused:?}");
    // All branches again: before each of them is what was before the split.
    back(&mut trial, "decide", Target::Step("p".to_owned())).unwrap();
    assert_eq!(["a", "b"].map(|step| before(&trial, step)), [Some("apply".to_owned()), Some("apply".to_owned())]);
    back(&mut trial, "b", Target::Previous).unwrap();
    assert_eq!(all_the_way_back(&mut trial), ["apply"]);
}

#[test]
fn out_of_a_subprocess_and_within_each_instance() {
    let inside = [
        ENDS,
        &steps(&["apply", "z"]),
        r#"<subProcess id="each"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics><startEvent id="is"/><endEvent id="ie"/>"#,
        &steps(&["first", "x", "y", "last"]),
        r#"<exclusiveGateway id="g" default="by_x"/><sequenceFlow id="i1" sourceRef="is" targetRef="first"/><sequenceFlow id="i2" sourceRef="first" targetRef="g"/>
        <sequenceFlow id="by_x" sourceRef="g" targetRef="x"/><sequenceFlow id="i3" sourceRef="x" targetRef="last"/><sequenceFlow id="i4" sourceRef="y" targetRef="last"/><sequenceFlow id="i5" sourceRef="last" targetRef="ie"/>"#,
        &when("by_y", "g", "y", "other = true"),
        "</subProcess>",
        &flow(&[("s", "apply"), ("apply", "each"), ("each", "z"), ("z", "e")]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    trial.done("apply");
    let firsts: Vec<_> = trial.instance.open_tasks().map(|(task, _)| task).collect();
    assert_eq!(previous_step(&trial.model, &trial.instance, firsts[0]).as_deref(), Some("apply"), "out of the subprocess");
    for (task, other) in firsts.into_iter().zip([false, true]) {
        trial.act(Command::Complete { task, variables: json!({ "other": other }) }).unwrap();
    }
    trial.done("x");
    let lasts = |trial: &Trial| -> Vec<_> { trial.instance.open_tasks().filter(|(_, at)| *at == "last").map(|(task, _)| task).collect() };
    let one = lasts(&trial)[0];
    trial.done("y");
    let other = *lasts(&trial).iter().find(|task| **task != one).unwrap();
    assert_eq!([one, other].map(|task| previous_step(&trial.model, &trial.instance, task)), [Some("x".to_owned()), Some("y".to_owned())]);
    // Back in one instance: what the other one did is not its history.
    trial.act(Command::Return { task: one, to: Target::Previous, then: Returning::StepByStep }).unwrap();
    assert_eq!(trial.open(), ["last", "x"]);
    let x = trial.task("x");
    trial.act(Command::Return { task: x, to: Target::Previous, then: Returning::StepByStep }).unwrap();
    assert_eq!(trial.open(), ["first", "last"]);
}

#[test]
fn a_join_inside_a_subprocess_does_not_lead_out_of_it() {
    let inside = [
        ENDS,
        &steps(&["apply"]),
        r#"<subProcess id="sub"><startEvent id="is"/><endEvent id="ie"/><parallelGateway id="p"/><parallelGateway id="j"/>"#,
        &steps(&["a", "b", "d"]),
        r#"<sequenceFlow id="i1" sourceRef="is" targetRef="p"/><sequenceFlow id="i2" sourceRef="p" targetRef="a"/><sequenceFlow id="i3" sourceRef="p" targetRef="b"/><sequenceFlow id="i4" sourceRef="a" targetRef="j"/>
        <sequenceFlow id="i5" sourceRef="b" targetRef="j"/><sequenceFlow id="i6" sourceRef="j" targetRef="d"/><sequenceFlow id="i7" sourceRef="d" targetRef="ie"/></subProcess>"#,
        &flow(&[("s", "apply"), ("apply", "sub"), ("sub", "e")]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    trial.done("apply");
    assert_eq!(before(&trial, "a").as_deref(), Some("apply"));
    ["a", "b"].into_iter().for_each(|step| trial.done(step));
    assert_eq!(before(&trial, "d"), None);
    assert!(matches!(back(&mut trial, "d", Target::Previous), Err(RunError::NotPossible { reason: Why::Several, .. })));
}

#[test]
fn after_jumps() {
    let mut trial = Trial::begin(&in_turn(), json!({}));
    trial.done("a");
    let task = trial.task("b");
    trial.act(Command::Jump { task, to: "d".to_owned() }).unwrap();
    assert_eq!(before(&trial, "d"), None, "nothing led there");
    let task = trial.task("d");
    trial.act(Command::Jump { task, to: "b".to_owned() }).unwrap();
    assert_eq!(before(&trial, "b").as_deref(), Some("a"), "that one had led there");
}

#[test]
fn straight_back_it_is_the_step_that_was_done_again() {
    let mut trial = Trial::begin(&in_turn(), json!({}));
    ["a", "b", "c"].into_iter().for_each(|step| trial.done(step));
    let task = trial.task("d");
    trial.act(Command::Return { task, to: Target::Start, then: Returning::Straight }).unwrap();
    trial.done("a");
    assert_eq!(trial.open(), ["d"]);
    assert_eq!(before(&trial, "d").as_deref(), Some("a"));
}

#[test]
fn in_another_version_it_is_called_otherwise() {
    let mut trial = Trial::begin(&in_turn(), json!({}));
    ["a", "b", "c"].into_iter().for_each(|step| trial.done(step));
    let new = model(&in_turn().replace(r#""b""#, r#""check""#).replace(r#""c""#, r#""sign""#));
    let ids = [("b", "check"), ("c", "sign")].map(|(old, new)| (old.to_owned(), new.to_owned()));
    let step = migrate(&trial.model, &new, &trial.instance, &Plan { ids: ids.into() }, &Host).unwrap();
    trial.go_on_with(new, step);
    assert_eq!(all_the_way_back(&mut trial), ["d", "sign", "check", "a"]);
}

#[test]
fn a_step_that_fails_forgets_nothing() {
    let inside = in_turn().replace(r#"<userTask id="d"/>"#, r#"<userTask id="d" banhao:sign="all" banhao:signers="signers"/>"#);
    let mut trial = Trial::begin(&inside, json!({}));
    ["a", "b"].into_iter().for_each(|step| trial.done(step));
    let before = trial.instance.clone();
    let task = trial.task("c");
    assert!(trial.act(Command::Complete { task, variables: Value::Null }).is_err(), "nobody to sign is named");
    assert_eq!(trial.instance, before);
    assert_eq!(all_the_way_back(&mut trial), ["c", "b", "a"]);
}
