//! Operations of the office on running tasks, and moving to another version.

use banhao_bpmn::{
    Command, Event, Phase, Plan, Returning, RunError, Target, Why, jump_targets, migrate, return_targets, steps_inside, straight_targets,
};
use serde_json::{Value, json};

use crate::support::{Host, Trial, model};

/// Apply, then two offices side by side with two steps each, then decide, deliver.
const JOINT: &str = r#"<startEvent id="s"/><userTask id="apply"/><userTask id="check"/><parallelGateway id="split"/><userTask id="fire1"/><userTask id="fire2"/><userTask id="water1"/><userTask id="water2"/>
    <parallelGateway id="join"/><userTask id="decide"/><serviceTask id="make"/><userTask id="deliver"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="apply"/><sequenceFlow id="f2" sourceRef="apply" targetRef="check"/><sequenceFlow id="f3" sourceRef="check" targetRef="split"/>
    <sequenceFlow id="f4" sourceRef="split" targetRef="fire1"/><sequenceFlow id="f5" sourceRef="fire1" targetRef="fire2"/><sequenceFlow id="f6" sourceRef="fire2" targetRef="join"/>
    <sequenceFlow id="f7" sourceRef="split" targetRef="water1"/><sequenceFlow id="f8" sourceRef="water1" targetRef="water2"/><sequenceFlow id="f9" sourceRef="water2" targetRef="join"/>
    <sequenceFlow id="f10" sourceRef="join" targetRef="decide"/><sequenceFlow id="f11" sourceRef="decide" targetRef="make"/><sequenceFlow id="f12" sourceRef="make" targetRef="deliver"/><sequenceFlow id="f13" sourceRef="deliver" targetRef="e"/>"#;

fn joint(done: &[&str]) -> Trial {
    let mut trial = Trial::begin(JOINT, json!({}));
    for task in done {
        trial.done(task);
    }
    trial
}

fn give_back(trial: &mut Trial, from: &str, to: Target, then: Returning) -> Result<(), RunError> {
    let task = trial.task(from);
    trial.act(Command::Return { task, to, then })
}

fn targets(trial: &Trial, task: &str) -> Vec<String> {
    return_targets(&trial.model, &trial.instance, trial.task(task))
}

fn why(result: Result<(), RunError>) -> Why {
    match result {
        Err(RunError::NotPossible { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn returning_out_of_a_branch_takes_the_other_branches_along() {
    let mut trial = joint(&["apply", "check", "fire1", "water1", "water2"]);
    assert_eq!(trial.open(), ["fire2"]);
    assert_eq!(targets(&trial, "fire2"), ["apply", "check", "split", "fire1"], "not into the other branch");
    give_back(&mut trial, "fire2", Target::Start, Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["apply"]);
    assert_eq!(trial.instance.size(), 1, "the branch that waited at the join has gone too");
    for task in ["apply", "check", "fire1", "fire2", "water1", "water2", "decide", "make", "deliver"] {
        trial.done(task);
    }
    assert!(trial.is_finished());
    assert_eq!(trial.instance.times_done("e"), 1);
}

#[test]
fn returning_within_a_branch_leaves_the_others_alone() {
    let mut trial = joint(&["apply", "check", "fire1", "water1", "water2"]);
    give_back(&mut trial, "fire2", Target::Previous, Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["fire1"]);
    assert_eq!(trial.instance.size(), 2);
    trial.done("fire1");
    trial.done("fire2");
    assert_eq!(trial.open(), ["decide"]);
    assert_eq!(why(give_back(&mut trial, "decide", Target::Step("fire1".to_owned()), Returning::StepByStep)), Why::OtherBranch);
    assert_eq!(why(give_back(&mut trial, "decide", Target::Previous, Returning::StepByStep)), Why::Several);
    assert_eq!(why(give_back(&mut trial, "decide", Target::Step("deliver".to_owned()), Returning::StepByStep)), Why::NotBefore);
    give_back(&mut trial, "decide", Target::Step("check".to_owned()), Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["check"]);
}

#[test]
fn a_parallel_region_is_returned_to_as_a_whole() {
    let mut trial = joint(&["apply", "check", "fire1", "fire2", "water1", "water2"]);
    assert_eq!(trial.open(), ["decide"]);
    assert_eq!(steps_inside(&trial.model, "split"), ["fire1", "fire2", "water1", "water2"]);
    assert!(steps_inside(&trial.model, "decide").is_empty());
    assert_eq!(targets(&trial, "decide"), ["apply", "check", "split"]);
    assert!(!straight_targets(&trial.model, &trial.instance, trial.task("decide")).contains(&"split".to_owned()));
    assert_eq!(why(give_back(&mut trial, "decide", Target::Step("split".to_owned()), Returning::Straight)), Why::NotStraight);
    give_back(&mut trial, "decide", Target::Step("split".to_owned()), Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["fire1", "water1"]);
    // From within a branch, too: the other branch begins anew with it.
    trial.done("fire1");
    trial.done("water1");
    give_back(&mut trial, "fire2", Target::Step("split".to_owned()), Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["fire1", "water1"]);
    for task in ["fire1", "fire2", "water1", "water2", "decide", "make", "deliver"] {
        trial.done(task);
    }
    assert!(trial.is_finished());
}

#[test]
fn straight_back() {
    let mut trial = joint(&["apply"]);
    assert_eq!(straight_targets(&trial.model, &trial.instance, trial.task("check")), ["apply"]);
    give_back(&mut trial, "check", Target::Start, Returning::Straight).unwrap();
    trial.done("apply");
    assert_eq!(trial.open(), ["check"]);
    let mut trial = joint(&["apply", "check", "fire1", "water1", "water2", "fire2"]);
    give_back(&mut trial, "decide", Target::Step("apply".to_owned()), Returning::Straight).unwrap();
    trial.done("apply");
    assert_eq!(trial.open(), ["decide"], "nothing between is done again");
    let mut trial = joint(&["apply", "check"]);
    assert_eq!(why(give_back(&mut trial, "fire1", Target::Start, Returning::Straight)), Why::NotStraight);
}

#[test]
fn what_was_handed_on_is_taken_back_while_nobody_has_touched_it() {
    let mut trial = joint(&["apply"]);
    let check = trial.task("check");
    trial.done("check");
    assert_eq!(trial.open(), ["fire1", "water1"]);
    trial.act(Command::TakeBack { task: check }).unwrap();
    assert_eq!(trial.open(), ["check"]);
    assert_eq!(trial.instance.size(), 1);
    let check = trial.task("check");
    trial.done("check");
    let task = trial.task("water1");
    trial.act(Command::Touch { task }).unwrap();
    assert_eq!(why(trial.act(Command::TakeBack { task: check })), Why::TooLate);

    let mut trial = joint(&["apply", "check", "fire1", "water1"]);
    let fire = trial.task("fire2");
    trial.done("fire2");
    trial.act(Command::TakeBack { task: fire }).unwrap();
    assert_eq!(trial.open(), ["fire2", "water2"], "from the join");
    let water = trial.task("water2");
    trial.done("fire2");
    trial.done("water2");
    assert_eq!(why(trial.act(Command::TakeBack { task: water })), Why::TooLate, "they have met");
    let decide = trial.task("decide");
    trial.done("decide");
    assert_eq!(why(trial.act(Command::TakeBack { task: decide })), Why::TooLate, "the licence is being made");
}

#[test]
fn an_administrator_jumps_forwards_and_back() {
    let mut trial = joint(&["apply", "check"]);
    let task = trial.task("fire1");
    let targets = jump_targets(&trial.model, &trial.instance, task);
    assert!(targets.contains(&"decide".to_owned()) && targets.contains(&"fire2".to_owned()) && !targets.contains(&"water2".to_owned()));
    trial.act(Command::Jump { task, to: "decide".to_owned() }).unwrap();
    assert_eq!(trial.open(), ["decide"]);
    assert_eq!(trial.instance.size(), 1, "the other branch has gone");
    let task = trial.task("decide");
    trial.act(Command::Jump { task, to: "e".to_owned() }).unwrap();
    assert!(trial.is_finished());
}

#[test]
fn tasks_change_hands() {
    let mut trial = joint(&[]);
    let task = trial.task("apply");
    trial.act(Command::HandOver { task, to: "乙".to_owned() }).unwrap();
    trial.act(Command::Delegate { task, owner: "甲".to_owned(), to: "丙".to_owned() }).unwrap();
    trial.act(Command::Delegate { task, owner: "甲".to_owned(), to: "丁".to_owned() }).unwrap();
    assert_eq!(trial.instance.token(task).unwrap().holders, ["乙", "丙", "丁"]);
    assert_eq!(trial.act(Command::Complete { task, variables: Value::Null }), Err(RunError::Delegated { task }));
    trial.act(Command::Urge { task }).unwrap();
    assert!(matches!(&trial.events[0], Event::Urged { holders, .. } if holders.len() == 3));
    trial.act(Command::Resolve { task, variables: Value::Null }).unwrap();
    trial.act(Command::Resolve { task, variables: Value::Null }).unwrap();
    assert_eq!(trial.act(Command::Resolve { task, variables: Value::Null }), Err(RunError::NotDelegated { task }));
    let before = trial.instance.clone();
    trial.act(Command::Copy { task, to: vec!["戊".to_owned()] }).unwrap();
    assert_eq!(before, trial.instance, "a copy changes nothing");
    assert_eq!(why(trial.act(Command::Copy { task, to: Vec::new() })), Why::Nobody);
    trial.done("apply");
    assert_eq!(trial.open(), ["check"]);
}

#[test]
fn nothing_goes_on_while_it_is_suspended() {
    let mut trial = joint(&[]);
    let task = trial.task("apply");
    assert_eq!(trial.act(Command::Resume), Err(RunError::NotSuspended));
    trial.act(Command::Suspend).unwrap();
    assert_eq!(trial.act(Command::Complete { task, variables: Value::Null }), Err(RunError::Suspended));
    trial.act(Command::Resume).unwrap();
    trial.done("apply");
    trial.act(Command::Suspend).unwrap();
    trial.act(Command::Terminate).unwrap();
    assert_eq!(trial.instance.phase(), Phase::Terminated);
    assert_eq!(trial.instance.size(), 0);
}

#[test]
fn returning_leaves_a_subprocess_and_a_signing_round() {
    let inside = r#"<startEvent id="s"/><userTask id="apply"/><subProcess id="sub"><startEvent id="is"/><userTask id="look"/><userTask id="sign" banhao:sign="all" banhao:signers="signers"/><endEvent id="ie"/>
        <sequenceFlow id="i1" sourceRef="is" targetRef="look"/><sequenceFlow id="i2" sourceRef="look" targetRef="sign"/><sequenceFlow id="i3" sourceRef="sign" targetRef="ie"/></subProcess><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="apply"/><sequenceFlow id="f2" sourceRef="apply" targetRef="sub"/><sequenceFlow id="f3" sourceRef="sub" targetRef="e"/>"#;
    let begin = || {
        let mut trial = Trial::begin(inside, json!({ "signers": ["甲", "乙"] }));
        trial.done("apply");
        trial.done("look");
        trial.agree("sign 甲", true);
        trial
    };
    let mut trial = begin();
    assert_eq!(targets(&trial, "sign 乙"), ["apply", "look"]);
    give_back(&mut trial, "sign 乙", Target::Previous, Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["look"]);
    trial.done("look");
    assert_eq!(trial.open(), ["sign 乙", "sign 甲"], "everybody signs again");
    let mut trial = begin();
    give_back(&mut trial, "sign 乙", Target::Start, Returning::StepByStep).unwrap();
    assert_eq!(trial.open(), ["apply"]);
    assert_eq!(trial.instance.size(), 1);
}

#[test]
fn a_signing_round_is_taken_back_before_the_first_signature() {
    let inside = r#"<startEvent id="s"/><userTask id="draft"/><userTask id="sign" banhao:sign="all" banhao:signers="signers"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="draft"/><sequenceFlow id="f2" sourceRef="draft" targetRef="sign"/><sequenceFlow id="f3" sourceRef="sign" targetRef="e"/>"#;
    let mut trial = Trial::begin(inside, json!({ "signers": ["甲", "乙"] }));
    let draft = trial.task("draft");
    trial.done("draft");
    trial.act(Command::TakeBack { task: draft }).unwrap();
    assert_eq!(trial.open(), ["draft"]);
    let draft = trial.task("draft");
    trial.done("draft");
    trial.agree("sign 甲", true);
    assert_eq!(why(trial.act(Command::TakeBack { task: draft })), Why::TooLate);
}

#[test]
fn a_run_moves_to_a_new_version() {
    let trial = joint(&["apply", "check", "water1"]);
    let renamed = JOINT.replace("fire1", "inspect").replace("water2", "waterworks");
    let new = model(&renamed);
    let obstacles = migrate(&trial.model, &new, &trial.instance, &Plan::default(), &Host).unwrap_err();
    assert_eq!(
        obstacles.iter().map(|obstacle| (obstacle.element.as_str(), obstacle.reason.as_str())).collect::<Vec<_>>(),
        [("fire1", "gone"), ("water2", "gone")]
    );
    assert!(obstacles[0].zh().contains("fire1"));
    let ids = [("fire1", "inspect"), ("water2", "waterworks")].map(|(old, new)| (old.to_owned(), new.to_owned()));
    let step = migrate(&trial.model, &new, &trial.instance, &Plan { ids: ids.into() }, &Host).unwrap();
    let open: Vec<&str> = step.instance.open_tasks().map(|(_, element)| element).collect();
    assert_eq!(open, ["inspect", "waterworks"]);
    assert_eq!(step.instance.times_done("apply"), 1);

    // The same names, but one after the other instead of side by side.
    let in_turn = JOINT.replace(r#"<parallelGateway id="split"/>"#, r#"<exclusiveGateway id="split" default="f4"/>"#).replace(
        r#"<sequenceFlow id="f7" sourceRef="split" targetRef="water1"/>"#,
        r#"<sequenceFlow id="f7" sourceRef="split" targetRef="water1"><conditionExpression>wet = true</conditionExpression></sequenceFlow>"#,
    );
    let new = model(&in_turn);
    let obstacles = migrate(&trial.model, &new, &trial.instance, &Plan::default(), &Host).unwrap_err();
    assert!(obstacles.iter().any(|obstacle| obstacle.reason.as_str() == "other-splits"), "{obstacles:?}");
}
