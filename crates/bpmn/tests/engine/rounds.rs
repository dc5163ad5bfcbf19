//! Activities done more than once, and people who sign together.

use banhao_bpmn::{Command, Event, RunError, Signers, Why};
use serde_json::{Value, json};

use crate::support::Trial;

/// A start, one step and a step behind it.
fn step(middle: &str) -> String {
    format!(
        r#"<startEvent id="s"/>{middle}<userTask id="after"/><endEvent id="e"/>
        <sequenceFlow id="a" sourceRef="s" targetRef="sign"/><sequenceFlow id="b" sourceRef="sign" targetRef="after"/>
        <sequenceFlow id="c" sourceRef="after" targetRef="e"><conditionExpression>sign_agreed = true</conditionExpression></sequenceFlow>
        <sequenceFlow id="d" sourceRef="after" targetRef="no"><conditionExpression>sign_agreed = false</conditionExpression></sequenceFlow>
        <endEvent id="no"/>"#
    )
}

fn signing(attributes: &str) -> Trial {
    let task = format!(r#"<userTask id="sign" {attributes} banhao:signers="signers"/>"#);
    Trial::begin(&step(&task), json!({ "signers": ["甲", "乙", "丙"] }))
}

#[test]
fn all_sign() {
    let mut trial = signing(r#"banhao:sign="all""#);
    assert_eq!(trial.open(), ["sign 丙", "sign 乙", "sign 甲"]);
    let task = trial.task("sign 甲");
    assert_eq!(trial.act(Command::Complete { task, variables: Value::Null }), Err(RunError::VerdictMissing { task }));
    trial.agree("sign 甲", true);
    trial.agree("sign 丙", false);
    assert_eq!(trial.open(), ["sign 乙"], "without veto everybody is heard");
    trial.agree("sign 乙", true);
    assert_eq!(trial.open(), ["after"]);
    trial.done("after");
    assert!(trial.is_finished());
    assert_eq!(trial.instance.times_done("no"), 1);
    assert_eq!(trial.instance.times_done("sign"), 1, "the step was done once, by three");
}

#[test]
fn a_veto_settles_it() {
    let mut trial = signing(r#"banhao:sign="all" banhao:veto="true""#);
    trial.agree("sign 乙", false);
    assert_eq!(trial.open(), ["after"]);
    assert_eq!(trial.instance.variables()["sign_agreed"], json!(false));
}

#[test]
fn any_one_signs() {
    let mut trial = signing(r#"banhao:sign="any""#);
    trial.agree("sign 丙", true);
    assert_eq!(trial.open(), ["after"]);
    trial.done("after");
    assert_eq!(trial.instance.times_done("e"), 1);
}

#[test]
fn in_turn() {
    let mut trial = signing(r#"banhao:sign="turn""#);
    for signer in ["甲", "乙", "丙"] {
        assert_eq!(trial.open(), [format!("sign {signer}")]);
        trial.agree(&format!("sign {signer}"), true);
    }
    assert_eq!(trial.open(), ["after"]);
}

#[test]
fn by_vote() {
    let mut trial = signing(r#"banhao:sign="vote" banhao:share="2/3""#);
    trial.agree("sign 甲", true);
    assert_eq!(trial.open().len(), 2);
    trial.agree("sign 乙", true);
    assert_eq!(trial.open(), ["after"], "two of three are enough");
    let mut trial = signing(r#"banhao:sign="vote" banhao:share="2/3""#);
    trial.agree("sign 甲", false);
    trial.agree("sign 乙", false);
    assert_eq!(trial.open(), ["after"], "it can no longer be reached");
    trial.done("after");
    assert_eq!(trial.instance.times_done("no"), 1);
}

#[test]
fn signers_are_added_and_removed() {
    let mut trial = signing(r#"banhao:sign="all""#);
    let task = trial.task("sign 甲");
    trial.act(Command::AddSigners { task, who: vec![json!("丁")], how: Signers::Beside }).unwrap();
    assert_eq!(trial.open().len(), 4);
    trial.act(Command::RemoveSigner { task, who: json!("丙") }).unwrap();
    trial.agree("sign 甲", true);
    trial.agree("sign 乙", true);
    assert_eq!(trial.open(), ["sign 丁"]);
    let task = trial.task("sign 丁");
    assert!(matches!(trial.act(Command::RemoveSigner { task, who: json!("戊") }), Err(RunError::NotPossible { reason: Why::None, .. })));
    trial.act(Command::RemoveSigner { task, who: json!("丁") }).unwrap();
    assert_eq!(trial.open(), ["after"], "those who are left have all signed");
}

#[test]
fn the_last_signer_stays() {
    let task = r#"<userTask id="sign" banhao:sign="all" banhao:signers="signers"/>"#;
    let mut trial = Trial::begin(&step(task), json!({ "signers": ["甲"] }));
    let task = trial.task("sign 甲");
    let error = trial.act(Command::RemoveSigner { task, who: json!("甲") }).unwrap_err();
    assert!(matches!(error, RunError::NotPossible { reason: Why::LastSigner, .. }));
}

#[test]
fn signers_in_turn_come_next_or_last() {
    let mut trial = signing(r#"banhao:sign="turn""#);
    let task = trial.task("sign 甲");
    trial.act(Command::AddSigners { task, who: vec![json!("丁")], how: Signers::Before }).unwrap();
    trial.act(Command::AddSigners { task, who: vec![json!("戊")], how: Signers::After }).unwrap();
    trial.act(Command::RemoveSigner { task, who: json!("乙") }).unwrap();
    for signer in ["甲", "丁", "丙", "戊"] {
        assert_eq!(trial.open(), [format!("sign {signer}")]);
        trial.agree(&format!("sign {signer}"), true);
    }
    assert_eq!(trial.open(), ["after"]);
}

#[test]
fn the_one_whose_turn_it_is_can_be_removed() {
    let mut trial = signing(r#"banhao:sign="turn""#);
    trial.agree("sign 甲", true);
    let task = trial.task("sign 乙");
    trial.act(Command::RemoveSigner { task, who: json!("乙") }).unwrap();
    assert_eq!(trial.open(), ["sign 丙"]);
    trial.agree("sign 丙", true);
    assert_eq!(trial.open(), ["after"]);
}

#[test]
fn a_plain_task_waits_for_signers_before_after_and_beside() {
    let plain = step(r#"<userTask id="sign"/>"#);
    let two = || vec![json!("甲"), json!("乙")];

    let mut trial = Trial::begin(&plain, json!({}));
    let task = trial.task("sign");
    trial.act(Command::AddSigners { task, who: two(), how: Signers::Before }).unwrap();
    assert_eq!(trial.open(), ["sign 乙", "sign 甲"]);
    assert!(matches!(trial.act(Command::Complete { task, variables: Value::Null }), Err(RunError::TaskNotOpen { .. })));
    trial.done("sign 甲");
    trial.done("sign 乙");
    assert_eq!(trial.open(), ["sign"]);
    assert!(trial.instance.is_open(task), "the same task can be worked on again");
    trial.done("sign");
    assert_eq!(trial.open(), ["after"]);

    let mut trial = Trial::begin(&plain, json!({}));
    let task = trial.task("sign");
    trial.act(Command::AddSigners { task, who: two(), how: Signers::After }).unwrap();
    assert_eq!(trial.open(), ["sign"]);
    trial.done("sign");
    assert_eq!(trial.open(), ["sign 乙", "sign 甲"]);
    trial.done("sign 乙");
    trial.done("sign 甲");
    assert_eq!(trial.open(), ["after"]);

    let mut trial = Trial::begin(&plain, json!({}));
    let task = trial.task("sign");
    trial.act(Command::AddSigners { task, who: two(), how: Signers::Beside }).unwrap();
    assert_eq!(trial.open().len(), 3);
    trial.done("sign");
    assert_eq!(trial.open(), ["sign 乙", "sign 甲"]);
    trial.done("sign 乙");
    trial.act(Command::RemoveSigner { task, who: json!("甲") }).unwrap();
    assert_eq!(trial.open(), ["after"]);
}

#[test]
fn instances_are_counted_and_a_completion_condition_ends_them() {
    let task = r#"<userTask id="sign"><multiInstanceLoopCharacteristics><loopCardinality>5</loopCardinality>
        <completionCondition>nrOfCompletedInstances >= 3</completionCondition></multiInstanceLoopCharacteristics></userTask>"#;
    let mut trial = Trial::begin(&step(&task.replace(">=", "&gt;=")), json!({}));
    for left in [5, 4, 3] {
        assert_eq!(trial.open().len(), left);
        trial.done("sign");
    }
    assert_eq!(trial.open(), ["after"]);
    assert_eq!(trial.events.iter().filter(|event| matches!(event, Event::Gone { how: banhao_bpmn::Gone::Withdrawn, .. })).count(), 2);
}

#[test]
fn nobody_to_sign_means_the_step_is_passed() {
    let task = r#"<userTask id="sign" banhao:sign="all" banhao:signers="signers"/>"#;
    let trial = Trial::begin(&step(task), json!({ "signers": [] }));
    assert_eq!(trial.open(), ["after"]);
}

#[test]
fn what_is_no_list_is_an_error() {
    let task = r#"<userTask id="sign" banhao:sign="all" banhao:signers="signers"/>"#;
    let mut trial = Trial::new(&step(task));
    let error = trial.act(Command::Start { at: None, variables: json!({ "signers": null }) }).unwrap_err();
    assert_eq!(error.code(), "process-condition");
}

#[test]
fn many_instances_of_a_task_nobody_does_end_in_one_step() {
    let task = r#"<task id="sign"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>5000</loopCardinality>
        </multiInstanceLoopCharacteristics></task>"#;
    let trial = Trial::begin(&step(task), json!({}));
    assert_eq!(trial.open(), ["after"]);
    let mut trial = Trial::new(&step(&task.replace("5000", "5000000")));
    let error = trial.act(Command::Start { at: None, variables: Value::Null }).unwrap_err();
    assert_eq!(error.code(), "process-too-many-instances");
}

#[test]
fn a_loop_goes_on_while_its_condition_holds() {
    let task = r#"<userTask id="sign"><standardLoopCharacteristics testBefore="true" loopMaximum="4">
        <loopCondition>more = true</loopCondition></standardLoopCharacteristics></userTask>"#;
    let trial = Trial::begin(&step(task), json!({ "more": false }));
    assert_eq!(trial.open(), ["after"]);
    let mut trial = Trial::begin(&step(task), json!({ "more": true }));
    trial.done("sign");
    trial.done("sign");
    trial.done_with("sign", json!({ "more": false }));
    assert_eq!(trial.open(), ["after"]);
    let mut trial = Trial::begin(&step(task), json!({ "more": true }));
    for _ in 0..4 {
        trial.done("sign");
    }
    assert_eq!(trial.open(), ["after"], "four rounds are the most");
}

#[test]
fn a_subprocess_runs_once_for_each_item() {
    let inside = r#"<startEvent id="s"/><subProcess id="sign">
        <multiInstanceLoopCharacteristics banhao:collection="signers" banhao:item="office"/>
        <startEvent id="is"/><userTask id="look"/><exclusiveGateway id="x" default="xb"/><userTask id="fire"/><endEvent id="ie"/><endEvent id="ie2"/>
        <sequenceFlow id="ia" sourceRef="is" targetRef="look"/><sequenceFlow id="ib" sourceRef="look" targetRef="x"/>
        <sequenceFlow id="xa" sourceRef="x" targetRef="fire"><conditionExpression>office = "fire"</conditionExpression></sequenceFlow>
        <sequenceFlow id="xb" sourceRef="x" targetRef="ie"/><sequenceFlow id="ic" sourceRef="fire" targetRef="ie2"/></subProcess>
        <endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="sign"/><sequenceFlow id="b" sourceRef="sign" targetRef="e"/>"#;
    let mut trial = Trial::begin(inside, json!({ "signers": ["fire", "water"] }));
    assert_eq!(trial.open(), ["look", "look"]);
    trial.done("look");
    trial.done("look");
    assert_eq!(trial.open(), ["fire"], "each sees its own item");
    trial.done("fire");
    assert!(trial.is_finished());
}
