//! Corners of the engine that no other test looked at: found by changing the code and seeing every test pass all the same (see
//! “How the tests were tested” in `docs/process-semantics.md`).

use banhao_bpmn::{Command, Event, Plan, RunError, Why, migrate, previous_step};
use serde_json::{Value, json};

use crate::support::{Host, Trial, model};

fn flow(pairs: &[(&str, &str)]) -> String {
    pairs.iter().enumerate().map(|(at, (from, to))| format!(r#"<sequenceFlow id="f{at}" sourceRef="{from}" targetRef="{to}"/>"#)).collect()
}

fn nodes(kind: &str, ids: &[&str]) -> String {
    ids.iter().map(|id| format!(r#"<{kind} id="{id}"/>"#)).collect()
}

const ENDS: &str = r#"<startEvent id="s"/><endEvent id="e"/>"#;

#[test]
fn a_scope_that_is_ended_leaves_what_is_on_the_move_elsewhere() {
    // The subprocess ends itself while the other branch is still passing what nobody does.
    let inside = [
        ENDS,
        r#"<subProcess id="sub"><startEvent id="is"/><endEvent id="ie"><terminateEventDefinition/></endEvent><sequenceFlow id="i1" sourceRef="is" targetRef="ie"/></subProcess>"#,
        &nodes("parallelGateway", &["p", "j"]),
        &nodes("task", &["t1", "t2", "t3", "t4"]),
        &nodes("userTask", &["b", "z"]),
        &flow(&[
            ("s", "p"),
            ("p", "sub"),
            ("sub", "j"),
            ("p", "t1"),
            ("t1", "t2"),
            ("t2", "t3"),
            ("t3", "t4"),
            ("t4", "b"),
            ("b", "j"),
            ("j", "z"),
            ("z", "e"),
        ]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    assert_eq!(trial.open(), ["b"]);
    trial.done("b");
    assert_eq!(trial.open(), ["z"]);
}

#[test]
fn a_round_knows_how_many_there_are_and_how_many_are_at_work() {
    let round = |condition: &str| {
        let step = format!(
            r#"<userTask id="each"><multiInstanceLoopCharacteristics><loopCardinality>4</loopCardinality><completionCondition>{condition}</completionCondition></multiInstanceLoopCharacteristics></userTask><userTask id="z"/>"#
        );
        Trial::begin(&[ENDS, &step, &flow(&[("s", "each"), ("each", "z"), ("z", "e")])].concat(), json!({}))
    };
    for (condition, needed) in [("nrOfActiveInstances = 1", 3), ("nrOfInstances = 4", 1), ("nrOfCompletedInstances = 2", 2)] {
        let mut trial = round(condition);
        for done in 0..needed {
            assert_eq!(trial.open().len(), 4 - done, "{condition}");
            trial.done("each");
        }
        assert_eq!(trial.open(), ["z"], "{condition}");
    }
}

#[test]
fn an_event_subprocess_with_one_time_runs_once() {
    let handler = |when: &str| {
        let handler = format!(
            r#"<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="false"><timerEventDefinition>{when}</timerEventDefinition></startEvent><userTask id="tell"/><endEvent id="he"/>
            <sequenceFlow id="h1" sourceRef="hs" targetRef="tell"/><sequenceFlow id="h2" sourceRef="tell" targetRef="he"/></subProcess><userTask id="a"/>"#
        );
        Trial::begin(&[ENDS, &handler, &flow(&[("s", "a"), ("a", "e")])].concat(), json!({}))
    };
    let mut trial = handler("<timeDuration>P3D</timeDuration>");
    let event = trial.armed("hs");
    trial.fire("hs");
    assert_eq!(trial.open(), ["a", "tell"]);
    assert_eq!(trial.act(Command::Fire { event }), Err(RunError::NotArmed { event }));
    let mut trial = handler("<timeCycle>R/P1D</timeCycle>");
    trial.fire("hs");
    trial.fire("hs");
    assert_eq!(trial.open(), ["a", "tell", "tell"]);
}

#[test]
fn branches_of_the_program_meet_behind_one_step() {
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "d"]),
        &nodes("serviceTask", &["x", "y"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "a"), ("a", "p"), ("p", "x"), ("p", "y"), ("x", "j"), ("y", "j"), ("j", "d"), ("d", "e")]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    ["a", "x", "y"].into_iter().for_each(|step| trial.done(step));
    assert_eq!(previous_step(&trial.model, &trial.instance, trial.task("d")).as_deref(), Some("a"), "the same led to both");
}

#[test]
fn who_jumps_into_branches_from_outside_cannot_be_moved_while_they_are_open() {
    // Behind `a` either the branches begin, or one step goes straight to where one of them leads.
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "q", "b", "c", "d"]),
        &nodes("parallelGateway", &["p"]),
        r#"<exclusiveGateway id="g" default="in"/><endEvent id="e2"/>"#,
        &flow(&[("s", "a"), ("a", "g"), ("p", "b"), ("p", "c"), ("b", "d"), ("d", "e"), ("c", "e2"), ("q", "d")]),
        r#"<sequenceFlow id="in" sourceRef="g" targetRef="p"/><sequenceFlow id="aside" sourceRef="g" targetRef="q"><conditionExpression>aside = true</conditionExpression></sequenceFlow>"#,
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    trial.done("a");
    trial.done("b");
    let task = trial.task("d");
    let refused = trial.act(Command::Jump { task, to: "a".to_owned() });
    assert!(matches!(refused, Err(RunError::NotPossible { reason: Why::Tangled, .. })), "{refused:?}");
    let task = trial.task("c");
    let refused = trial.act(Command::Jump { task, to: "d".to_owned() });
    assert!(matches!(refused, Err(RunError::NotPossible { reason: Why::Tangled, .. })), "{refused:?}");
    // Alone it can.
    trial.done("c");
    let task = trial.task("d");
    trial.act(Command::Jump { task, to: "a".to_owned() }).unwrap();
    assert_eq!(trial.open(), ["a"]);
}

#[test]
fn a_condition_that_stays_as_it_was_is_not_told() {
    let inside = [
        ENDS,
        r#"<userTask id="a"/><boundaryEvent id="wet" attachedToRef="a"><conditionalEventDefinition><condition>rain = true</condition></conditionalEventDefinition></boundaryEvent><endEvent id="e2"/>"#,
        &flow(&[("s", "a"), ("a", "e"), ("wet", "e2")]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({ "rain": false }));
    let is_look = |event: &Event| matches!(event, Event::Looked { .. });
    assert!(!trial.events.iter().any(is_look), "it did not hold before, and does not now");
    trial.act(Command::Set { variables: json!({ "rain": "no" }) }).unwrap();
    assert!(!trial.events.iter().any(is_look));
    trial.act(Command::Set { variables: json!({ "rain": true }) }).unwrap();
    assert!(trial.events.iter().any(is_look) && trial.is_finished());
}

/// Two beginnings without a start event, and everything that is none: a border, a handler, what undoes, where a link ends.
fn without_start() -> String {
    [
        &nodes("userTask", &["a", "b", "z"]),
        r#"<parallelGateway id="j"/><endEvent id="e"/><boundaryEvent id="late" attachedToRef="a"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="e2"/>
        <boundaryEvent id="cb" attachedToRef="b"><compensateEventDefinition/></boundaryEvent><userTask id="undo" isForCompensation="true"/><association id="as" associationDirection="One" sourceRef="cb" targetRef="undo"/>
        <subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><messageEventDefinition messageRef="m_paid"/></startEvent><endEvent id="he"/><sequenceFlow id="h1" sourceRef="hs" targetRef="he"/></subProcess>
        <intermediateThrowEvent id="off"><linkEventDefinition name="on"/></intermediateThrowEvent><intermediateCatchEvent id="on"><linkEventDefinition name="on"/></intermediateCatchEvent>"#,
        &flow(&[("a", "j"), ("b", "j"), ("j", "off"), ("on", "z"), ("z", "e"), ("late", "e2")]),
    ]
    .concat()
}

#[test]
fn a_scope_without_a_start_begins_where_nothing_leads() {
    let scope = format!(
        r#"{ENDS}<subProcess id="sub">{}</subProcess>{}"#,
        without_start().replace(r#"id="e""#, r#"id="ie""#).replace(r#"targetRef="e""#, r#"targetRef="ie""#).replace(r#"id="f"#, r#"id="i"#),
        flow(&[("s", "sub"), ("sub", "e")])
    );
    let mut trial = Trial::begin(&scope, json!({}));
    assert_eq!(trial.open(), ["a", "b"]);
    // A beginning more is a branch that was never begun.
    let new = model(&scope.replace(
        r#"<userTask id="a"/>"#,
        r#"<userTask id="a"/><userTask id="more"/><sequenceFlow id="n1" sourceRef="more" targetRef="ie"/>"#,
    ));
    let obstacles = migrate(&trial.model, &new, &trial.instance, &Plan::default(), &Host).unwrap_err();
    assert!(obstacles.iter().any(|obstacle| obstacle.reason.as_str() == "more-branches"), "{obstacles:?}");
    assert_eq!(migrate(&trial.model, &trial.model, &trial.instance, &Plan::default(), &Host).unwrap().instance, trial.instance);
    trial.done("a");
    trial.done("b");
    assert_eq!(trial.open(), ["z"]);
    trial.done_with("z", Value::Null);
    assert!(trial.is_finished());
}

#[test]
fn what_was_told_to_others_is_not_taken_back() {
    let through = |event: &str| {
        let parts = [ENDS, &nodes("userTask", &["a", "b"]), event, &flow(&[("s", "a"), ("a", "tell"), ("tell", "b"), ("b", "e")])];
        let mut trial = Trial::begin(&parts.concat(), json!({}));
        let task = trial.task("a");
        trial.done("a");
        (trial.act(Command::TakeBack { task }), trial.open())
    };
    let told = r#"<intermediateThrowEvent id="tell"><messageEventDefinition messageRef="m_paid"/></intermediateThrowEvent>"#;
    let (refused, open) = through(told);
    assert!(matches!(refused, Err(RunError::NotPossible { reason: Why::TooLate, .. })), "{refused:?}");
    assert_eq!(open, ["b"]);
    // A mark on the way tells nobody.
    assert_eq!(through(r#"<intermediateThrowEvent id="tell"/>"#), (Ok(()), vec!["a".to_owned()]));
}

#[test]
fn what_waits_for_an_event_does_not_become_a_task() {
    let with = |node: &str| [ENDS, node, &flow(&[("s", "w"), ("w", "e")])].concat();
    let trial = Trial::begin(&with(r#"<receiveTask id="w" messageRef="m_paid"/>"#), json!({}));
    let new = model(&with(r#"<userTask id="w"/>"#));
    let obstacles = migrate(&trial.model, &new, &trial.instance, &Plan::default(), &Host).unwrap_err();
    assert_eq!(obstacles.iter().map(|obstacle| obstacle.reason.as_str()).collect::<Vec<_>>(), ["other-kind"]);
}

#[test]
fn a_subprocess_with_a_handler_of_its_own_is_undone_once() {
    let inside = [
        ENDS,
        r#"<subProcess id="sub"><startEvent id="is"/><endEvent id="ie"/><userTask id="book"/><boundaryEvent id="cb" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>
        <userTask id="cancel" isForCompensation="true"/><association id="a1" associationDirection="One" sourceRef="cb" targetRef="cancel"/>
        <sequenceFlow id="i1" sourceRef="is" targetRef="book"/><sequenceFlow id="i2" sourceRef="book" targetRef="ie"/></subProcess>
        <boundaryEvent id="cs" attachedToRef="sub"><compensateEventDefinition/></boundaryEvent><userTask id="apologise" isForCompensation="true"/>
        <association id="a2" associationDirection="One" sourceRef="cs" targetRef="apologise"/><intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent>"#,
        &nodes("userTask", &["z"]),
        &flow(&[("s", "sub"), ("sub", "undo"), ("undo", "z"), ("z", "e")]),
    ]
    .concat();
    let mut trial = Trial::begin(&inside, json!({}));
    trial.done("book");
    assert_eq!(trial.open(), ["apologise"], "what is inside is its business");
    trial.done("apologise");
    assert_eq!(trial.open(), ["z"]);
}
