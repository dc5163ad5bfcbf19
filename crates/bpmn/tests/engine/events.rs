//! Events: what is waited for, thrown and caught; scopes and compensation.

use banhao_bpmn::{Command, Event, Phase, RunError};
use serde_json::{Value, json};

use crate::support::Trial;

fn message(name: &str) -> Command {
    Command::Message { message: name.to_owned(), key: None, variables: Value::Null }
}

fn signal(name: &str) -> Command {
    Command::Signal { signal: name.to_owned(), variables: Value::Null }
}

/// A task with a boundary event of this kind behind which another task comes.
fn boundary(definition: &str, interrupting: bool) -> String {
    format!(
        r#"<startEvent id="s"/><userTask id="work"/><boundaryEvent id="b" attachedToRef="work" cancelActivity="{interrupting}">{definition}</boundaryEvent>
        <userTask id="hurry"/><endEvent id="e"/><endEvent id="be"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="e"/>
        <sequenceFlow id="f3" sourceRef="b" targetRef="hurry"/><sequenceFlow id="f4" sourceRef="hurry" targetRef="be"/>"#
    )
}

const TIMER: &str = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>";

#[test]
fn a_time_out_interrupts() {
    let mut trial = Trial::begin(&boundary(TIMER, true), json!({}));
    assert!(trial.is_armed("b"));
    let work = trial.task("work");
    trial.fire("b");
    assert_eq!(trial.open(), ["hurry"]);
    assert!(matches!(trial.act(Command::Complete { task: work, variables: Value::Null }), Err(RunError::TaskNotOpen { .. })));
    trial.done("hurry");
    assert!(trial.is_finished());
    assert_eq!(trial.instance.times_done("e"), 0);
}

#[test]
fn a_reminder_does_not() {
    let mut trial = Trial::begin(&boundary(TIMER, false), json!({}));
    trial.fire("b");
    assert_eq!(trial.open(), ["hurry", "work"]);
    assert!(!trial.is_armed("b"), "once");
    trial.done("work");
    assert!(!trial.is_finished());
    trial.done("hurry");
    assert!(trial.is_finished());
}

#[test]
fn a_cycle_comes_again_until_the_work_is_done() {
    let cycle = "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>";
    let mut trial = Trial::begin(&boundary(cycle, false), json!({}));
    for times in 1..=3 {
        trial.fire("b");
        assert_eq!(trial.open().len(), times + 1);
    }
    trial.done("work");
    assert!(!trial.is_armed("b"));
    for _ in 0..3 {
        trial.done("hurry");
    }
    assert!(trial.is_finished());
}

#[test]
fn what_is_done_no_longer_waits() {
    let mut trial = Trial::begin(&boundary(TIMER, true), json!({}));
    let event = trial.armed("b");
    trial.done("work");
    assert!(trial.is_finished());
    assert_eq!(trial.act(Command::Fire { event }), Err(RunError::Over));
}

#[test]
fn a_message_finds_who_waits_for_it() {
    let definition = r#"<messageEventDefinition messageRef="m_papers" banhao:correlation="number"/>"#;
    let mut trial = Trial::begin(&boundary(definition, true), json!({ "number": 7 }));
    assert_eq!(trial.act(message("paid")), Err(RunError::NobodyWaits { message: "paid".to_owned() }));
    assert!(trial.act(message("papers")).is_err(), "the key is missing");
    let wrong = Command::Message { message: "papers".to_owned(), key: Some(json!(8)), variables: Value::Null };
    assert!(trial.act(wrong).is_err());
    let right = Command::Message { message: "papers".to_owned(), key: Some(json!(7)), variables: Value::Null };
    trial.act(right).unwrap();
    assert_eq!(trial.open(), ["hurry"]);
}

#[test]
fn a_signal_is_heard_by_all() {
    let inside = r#"<startEvent id="s"/><parallelGateway id="p"/>
        <intermediateCatchEvent id="c1"><signalEventDefinition signalRef="s_storm"/></intermediateCatchEvent>
        <intermediateCatchEvent id="c2"><signalEventDefinition signalRef="s_storm"/></intermediateCatchEvent>
        <userTask id="t1"/><userTask id="t2"/><endEvent id="e1"/><endEvent id="e2"/>
        <sequenceFlow id="f0" sourceRef="s" targetRef="p"/><sequenceFlow id="f1" sourceRef="p" targetRef="c1"/><sequenceFlow id="f2" sourceRef="p" targetRef="c2"/>
        <sequenceFlow id="f3" sourceRef="c1" targetRef="t1"/><sequenceFlow id="f4" sourceRef="c2" targetRef="t2"/>
        <sequenceFlow id="f5" sourceRef="t1" targetRef="e1"/><sequenceFlow id="f6" sourceRef="t2" targetRef="e2"/>"#;
    let mut trial = Trial::begin(inside, json!({}));
    assert!(trial.open().is_empty());
    trial.act(signal("calm")).unwrap();
    assert!(trial.open().is_empty(), "nobody waits for that one");
    trial.act(signal("storm")).unwrap();
    assert_eq!(trial.open(), ["t1", "t2"]);
}

#[test]
fn a_condition_happens_when_it_becomes_true() {
    let definition = "<conditionalEventDefinition><condition>paid = true</condition></conditionalEventDefinition>";
    let mut trial = Trial::begin(&boundary(definition, false), json!({ "paid": false }));
    assert_eq!(trial.open(), ["work"]);
    let set = |paid: bool| Command::Set { variables: json!({ "paid": paid }) };
    trial.act(set(true)).unwrap();
    assert_eq!(trial.open(), ["hurry", "work"]);
    trial.act(set(true)).unwrap();
    assert_eq!(trial.open().len(), 2, "it holds still");
    trial.act(set(false)).unwrap();
    trial.act(set(true)).unwrap();
    assert_eq!(trial.open().len(), 3, "again");
    let trial = Trial::begin(&boundary(definition, true), json!({ "paid": true }));
    assert_eq!(trial.open(), ["hurry"], "true already");
}

#[test]
fn the_first_event_behind_an_event_gateway_wins() {
    let inside = r#"<startEvent id="s"/><eventBasedGateway id="g"/>
        <intermediateCatchEvent id="paid"><messageEventDefinition messageRef="m_paid"/></intermediateCatchEvent>
        <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <receiveTask id="papers" messageRef="m_papers"/>
        <userTask id="a"/><userTask id="b"/><userTask id="c"/><endEvent id="e"/>
        <sequenceFlow id="f0" sourceRef="s" targetRef="g"/><sequenceFlow id="f1" sourceRef="g" targetRef="paid"/><sequenceFlow id="f2" sourceRef="g" targetRef="late"/>
        <sequenceFlow id="f3" sourceRef="g" targetRef="papers"/><sequenceFlow id="f4" sourceRef="paid" targetRef="a"/><sequenceFlow id="f5" sourceRef="late" targetRef="b"/>
        <sequenceFlow id="f6" sourceRef="papers" targetRef="c"/><sequenceFlow id="f7" sourceRef="a" targetRef="e"/><sequenceFlow id="f8" sourceRef="b" targetRef="e"/><sequenceFlow id="f9" sourceRef="c" targetRef="e"/>"#;
    for (command, open) in [(message("paid"), "a"), (message("papers"), "c")] {
        let mut trial = Trial::begin(inside, json!({}));
        assert_eq!(trial.instance.armed().count(), 3);
        trial.act(command).unwrap();
        assert_eq!(trial.open(), [open]);
        assert_eq!(trial.instance.armed().count(), 0);
        trial.done(open);
        assert!(trial.is_finished());
    }
    let mut trial = Trial::begin(inside, json!({}));
    trial.fire("late");
    assert_eq!(trial.open(), ["b"]);
    assert_eq!(trial.instance.times_done("f2"), 1);
    assert_eq!(trial.instance.times_done("f1"), 0);
}

/// A subprocess with two tasks side by side, one of which can end in something; boundaries around it.
fn scope(end: &str, boundaries: &str) -> String {
    format!(
        r#"<startEvent id="s"/><subProcess id="sub"><startEvent id="is"/><parallelGateway id="p"/><userTask id="one"/><userTask id="two"/><endEvent id="fine"/>
        <endEvent id="out">{end}</endEvent>
        <sequenceFlow id="i1" sourceRef="is" targetRef="p"/><sequenceFlow id="i2" sourceRef="p" targetRef="one"/><sequenceFlow id="i3" sourceRef="p" targetRef="two"/>
        <sequenceFlow id="i4" sourceRef="one" targetRef="out"/><sequenceFlow id="i5" sourceRef="two" targetRef="fine"/></subProcess>
        {boundaries}<userTask id="next"/><userTask id="caught"/><endEvent id="e"/><endEvent id="be"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="sub"/><sequenceFlow id="f2" sourceRef="sub" targetRef="next"/><sequenceFlow id="f3" sourceRef="next" targetRef="e"/>
        <sequenceFlow id="f4" sourceRef="b" targetRef="caught"/><sequenceFlow id="f5" sourceRef="caught" targetRef="be"/>"#
    )
}

#[test]
fn an_error_takes_its_scope_away() {
    let caught = r#"<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="e_forged"/></boundaryEvent>"#;
    let mut trial = Trial::begin(&scope(r#"<errorEventDefinition errorRef="e_forged"/>"#, caught), json!({}));
    trial.done("one");
    assert_eq!(trial.open(), ["caught"]);
    trial.done("caught");
    assert!(trial.is_finished());
    assert_eq!(trial.instance.times_done("e"), 0);

    let mut trial = Trial::begin(&scope(r#"<errorEventDefinition errorRef="e_lost"/>"#, caught), json!({}));
    trial.done("one");
    assert_eq!(trial.instance.phase(), Phase::Failed, "another error");
    assert_eq!(trial.instance.size(), 0);
    assert!(trial.events.contains(&Event::Failed { code: Some("lost".to_owned()) }));

    let all = r#"<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>"#;
    let mut trial = Trial::begin(&scope("", all), json!({}));
    let task = trial.task("two");
    trial.act(Command::Fail { task, code: "anything".to_owned() }).unwrap();
    assert_eq!(trial.open(), ["caught"], "a task can fail too, and whoever catches all catches it");
}

#[test]
fn an_escalation_can_go_beside() {
    let end = r#"<escalationEventDefinition escalationRef="x_late"/>"#;
    let beside = r#"<boundaryEvent id="b" attachedToRef="sub" cancelActivity="false"><escalationEventDefinition escalationRef="x_late"/></boundaryEvent>"#;
    let mut trial = Trial::begin(&scope(end, beside), json!({}));
    trial.done("one");
    assert_eq!(trial.open(), ["caught", "two"]);
    trial.done("two");
    assert_eq!(trial.open(), ["caught", "next"]);
    let instead = beside.replace("false", "true");
    let mut trial = Trial::begin(&scope(end, &instead), json!({}));
    let task = trial.task("two");
    trial.act(Command::Escalate { task, code: "late".to_owned() }).unwrap();
    assert_eq!(trial.open(), ["caught"]);
    let nobody = r#"<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>"#;
    let mut trial = Trial::begin(&scope(end, nobody), json!({}));
    trial.done("one");
    assert!(trial.events.contains(&Event::Unheard { code: Some("late".to_owned()) }));
    assert_eq!(trial.open(), ["two"]);
}

#[test]
fn a_terminate_event_ends_its_own_scope_only() {
    let nobody = r#"<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>"#;
    let mut trial = Trial::begin(&scope("<terminateEventDefinition/>", nobody), json!({}));
    trial.done("one");
    assert_eq!(trial.open(), ["next"]);
}

/// An event subprocess beside a task.
fn handler(definition: &str, interrupting: bool) -> String {
    format!(
        r#"<startEvent id="s"/><userTask id="work"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="e"/>
        <subProcess id="handler" triggeredByEvent="true"><startEvent id="hs" isInterrupting="{interrupting}">{definition}</startEvent>
        <userTask id="handle"/><endEvent id="he"/><sequenceFlow id="h1" sourceRef="hs" targetRef="handle"/><sequenceFlow id="h2" sourceRef="handle" targetRef="he"/></subProcess>"#
    )
}

#[test]
fn an_event_subprocess_takes_over_or_runs_beside() {
    let definition = r#"<messageEventDefinition messageRef="m_papers"/>"#;
    let mut trial = Trial::begin(&handler(definition, true), json!({}));
    trial.act(message("papers")).unwrap();
    assert_eq!(trial.open(), ["handle"]);
    assert!(trial.act(message("papers")).is_err(), "once it has taken over nothing waits any more");
    trial.done("handle");
    assert!(trial.is_finished());

    let mut trial = Trial::begin(&handler(definition, false), json!({}));
    trial.act(message("papers")).unwrap();
    trial.act(message("papers")).unwrap();
    assert_eq!(trial.open(), ["handle", "handle", "work"]);
    trial.done("work");
    assert!(!trial.is_finished(), "it waits for those beside it");
    trial.done("handle");
    trial.done("handle");
    assert!(trial.is_finished());
}

#[test]
fn an_error_can_be_handled_in_its_scope() {
    let mut trial = Trial::begin(&handler(r#"<errorEventDefinition errorRef="e_forged"/>"#, true), json!({}));
    let task = trial.task("work");
    trial.act(Command::Fail { task, code: "forged".to_owned() }).unwrap();
    assert_eq!(trial.open(), ["handle"]);
    trial.done("handle");
    assert!(trial.is_finished());
}

#[test]
fn links_jump_and_throws_tell() {
    let inside = r#"<startEvent id="s"/><intermediateThrowEvent id="tell"><messageEventDefinition messageRef="m_paid"/></intermediateThrowEvent>
        <sendTask id="send" messageRef="m_papers"/><intermediateThrowEvent id="go"><linkEventDefinition name="L"/></intermediateThrowEvent>
        <intermediateCatchEvent id="come"><linkEventDefinition name="L"/></intermediateCatchEvent><userTask id="t"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="tell"/><sequenceFlow id="f2" sourceRef="tell" targetRef="send"/><sequenceFlow id="f3" sourceRef="send" targetRef="go"/>
        <sequenceFlow id="f4" sourceRef="come" targetRef="t"/><sequenceFlow id="f5" sourceRef="t" targetRef="e"/>"#;
    let trial = Trial::begin(inside, json!({}));
    assert_eq!(trial.open(), ["t"]);
    let sent: Vec<_> = trial
        .events
        .iter()
        .filter_map(|event| match event {
            Event::MessageSent { message, .. } => Some(message.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(sent, ["paid", "papers"]);
}

#[test]
fn a_decision_is_asked() {
    let inside = r#"<startEvent id="s"/><businessRuleTask id="d" banhao:decision="fee" banhao:result="fee"/><exclusiveGateway id="x" default="f4"/>
        <userTask id="pay"/><userTask id="free"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="d"/><sequenceFlow id="f2" sourceRef="d" targetRef="x"/>
        <sequenceFlow id="f3" sourceRef="x" targetRef="pay"><conditionExpression>fee.amount = 60.0</conditionExpression></sequenceFlow><sequenceFlow id="f4" sourceRef="x" targetRef="free"/>
        <sequenceFlow id="f5" sourceRef="pay" targetRef="e"/><sequenceFlow id="f6" sourceRef="free" targetRef="e"/>"#;
    assert_eq!(Trial::begin(inside, json!({ "area": 30 })).open(), ["pay"]);
    assert_eq!(Trial::begin(inside, json!({ "area": 10 })).open(), ["free"]);
    let mut trial = Trial::new(inside);
    assert_eq!(trial.act(Command::Start { at: None, variables: json!({}) }).unwrap_err().code(), "process-condition");
}

#[test]
fn what_was_done_is_undone_backwards() {
    let inside = r#"<startEvent id="s"/>
        <userTask id="reserve"/><boundaryEvent id="cr" attachedToRef="reserve"><compensateEventDefinition/></boundaryEvent><userTask id="release" isForCompensation="true"/>
        <userTask id="charge"/><boundaryEvent id="cc" attachedToRef="charge"><compensateEventDefinition/></boundaryEvent><userTask id="refund" isForCompensation="true"/>
        <association id="a1" associationDirection="One" sourceRef="cr" targetRef="release"/><association id="a2" associationDirection="One" sourceRef="cc" targetRef="refund"/>
        <userTask id="decide"/><exclusiveGateway id="x" default="f5"/><intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent><userTask id="tell"/><endEvent id="e"/><endEvent id="e2"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="reserve"/><sequenceFlow id="f2" sourceRef="reserve" targetRef="charge"/><sequenceFlow id="f3" sourceRef="charge" targetRef="decide"/>
        <sequenceFlow id="f4" sourceRef="decide" targetRef="x"/><sequenceFlow id="f5" sourceRef="x" targetRef="e"/>
        <sequenceFlow id="f6" sourceRef="x" targetRef="undo"><conditionExpression>ok = false</conditionExpression></sequenceFlow><sequenceFlow id="f7" sourceRef="undo" targetRef="tell"/><sequenceFlow id="f8" sourceRef="tell" targetRef="e2"/>"#;
    let mut trial = Trial::begin(inside, json!({}));
    trial.done("reserve");
    trial.done("charge");
    trial.done_with("decide", json!({ "ok": false }));
    assert_eq!(trial.open(), ["refund"], "last done, first undone");
    trial.done("refund");
    assert_eq!(trial.open(), ["release"]);
    trial.done("release");
    assert_eq!(trial.open(), ["tell"]);
    trial.done("tell");
    assert!(trial.is_finished());
}

#[test]
fn a_process_begins_at_a_trigger() {
    let inside = r#"<startEvent id="s"/><startEvent id="letter"><messageEventDefinition messageRef="m_papers"/></startEvent><userTask id="a"/><userTask id="b"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="letter" targetRef="b"/><sequenceFlow id="f3" sourceRef="a" targetRef="e"/><sequenceFlow id="f4" sourceRef="b" targetRef="e"/>"#;
    assert_eq!(Trial::begin(inside, json!({})).open(), ["a"]);
    let mut trial = Trial::new(inside);
    trial.act(Command::Start { at: Some("letter".to_owned()), variables: Value::Null }).unwrap();
    assert_eq!(trial.open(), ["b"]);
    let mut trial = Trial::new(inside);
    assert!(trial.act(Command::Start { at: Some("a".to_owned()), variables: Value::Null }).is_err());
}
