//! Small models explored through all interleavings of everything that can be done: whatever is done in whatever order, nothing is
//! lost, nothing doubled, and every state can still come to its end. `cargo test -p banhao-bpmn --test engine explore -- --nocapture`
//! prints how many states each model has.

use banhao_bpmn::Command;
use serde_json::json;

use crate::support::explorer::{Case, Office, explore};

const MOVES: Office = Office { most: 2, jumps: true, signers: false };

fn flow(pairs: &[(&str, &str)]) -> String {
    pairs.iter().enumerate().map(|(at, (from, to))| format!(r#"<sequenceFlow id="f{at}" sourceRef="{from}" targetRef="{to}"/>"#)).collect()
}

fn when(id: &str, from: &str, to: &str, condition: &str) -> String {
    format!(
        r#"<sequenceFlow id="{id}" sourceRef="{from}" targetRef="{to}"><conditionExpression>{condition}</conditionExpression></sequenceFlow>"#
    )
}

fn nodes(kind: &str, ids: &[&str]) -> String {
    ids.iter().map(|id| format!(r#"<{kind} id="{id}"/>"#)).collect()
}

const ENDS: &str = r#"<startEvent id="s"/><endEvent id="e"/>"#;

fn message(name: &str) -> Command {
    Command::Message { message: name.to_owned(), key: None, variables: json!({}) }
}

fn signal(name: &str) -> Command {
    Command::Signal { signal: name.to_owned(), variables: json!({}) }
}

#[test]
fn two_branches_with_two_steps_each() {
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "b", "c", "d", "f", "z"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "a"), ("a", "p"), ("p", "b"), ("b", "c"), ("c", "j"), ("p", "d"), ("d", "f"), ("f", "j"), ("j", "z"), ("z", "e")]),
    ]
    .concat();
    explore("two branches", &Case { office: Office { most: 3, ..MOVES }, ..Case::new(&inside) });
}

#[test]
fn signers_are_added_to_steps_in_branches() {
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "b", "z"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "p"), ("p", "a"), ("a", "j"), ("p", "b"), ("b", "j"), ("j", "z"), ("z", "e")]),
    ]
    .concat();
    explore("added signers", &Case { answers: vec![json!({ "verdict": "agree" })], ..Case::new(&inside) });
}

#[test]
fn branches_inside_branches() {
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "b", "c", "d", "f"]),
        &nodes("parallelGateway", &["p", "q", "k", "j"]),
        &flow(&[
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
            ("j", "e"),
        ]),
    ]
    .concat();
    explore("branches inside branches", &Case { office: MOVES, ..Case::new(&inside) });
}

#[test]
fn three_branches_that_meet_two_by_two() {
    // Not well nested: the first two meet, then the third comes.
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "b", "c", "d", "m", "z"]),
        &nodes("parallelGateway", &["p", "j", "k"]),
        &flow(&[
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
            ("z", "e"),
        ]),
    ]
    .concat();
    explore("two by two", &Case { office: MOVES, ..Case::new(&inside) });
}

#[test]
fn a_branch_that_ends_early_and_one_that_tells() {
    let inside = [
        ENDS,
        r#"<endEvent id="early"/><endEvent id="told"><messageEventDefinition messageRef="m_paid"/></endEvent>"#,
        &nodes("userTask", &["a", "b", "c", "d"]),
        &nodes("parallelGateway", &["p"]),
        &flow(&[("s", "a"), ("a", "p"), ("p", "b"), ("b", "early"), ("p", "c"), ("c", "d"), ("d", "e"), ("p", "told")]),
    ]
    .concat();
    explore("early end", &Case { office: MOVES, ..Case::new(&inside) });
}

#[test]
fn the_program_works_in_a_branch() {
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "b", "z"]),
        &nodes("serviceTask", &["make"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "a"), ("a", "p"), ("p", "b"), ("b", "j"), ("p", "make"), ("make", "j"), ("j", "z"), ("z", "e")]),
    ]
    .concat();
    explore("service in a branch", &Case { office: Office { most: 3, ..MOVES }, ..Case::new(&inside) });
}

#[test]
fn some_ways_of_several_again_and_again() {
    // Inclusive branches inside a loop: what is needed is asked anew each time.
    let inside = [
        ENDS,
        &nodes("userTask", &["a", "b", "c", "z"]),
        &nodes("inclusiveGateway", &["o", "g"]),
        r#"<exclusiveGateway id="again" default="done"/>"#,
        &flow(&[("s", "a"), ("a", "o"), ("b", "g"), ("c", "g"), ("g", "z"), ("z", "again")]),
        &when("fire", "o", "b", "fire = true"),
        &when("water", "o", "c", "water = true"),
        &when("back", "again", "a", "again = true"),
        r#"<sequenceFlow id="done" sourceRef="again" targetRef="e"/>"#,
    ]
    .concat();
    let answers = vec![
        json!({ "fire": true, "water": true, "again": false }),
        json!({ "fire": true, "water": false, "again": true }),
        json!({ "fire": false, "water": true, "again": false }),
    ];
    explore("inclusive in a loop", &Case { answers, office: Office { most: 1, ..MOVES }, ..Case::new(&inside) });
}

#[test]
fn signing_in_a_branch() {
    for (sign, answers) in [("all", 2), ("any", 2), ("turn", 2), ("vote", 2)] {
        let inside = [
            ENDS,
            &format!(
                r#"<userTask id="sign" banhao:sign="{sign}" banhao:signers="signers" {}/>"#,
                if sign == "vote" { r#"banhao:share="1/2""# } else { r#"banhao:veto="true""# }
            ),
            &nodes("userTask", &["a", "b"]),
            &nodes("parallelGateway", &["p", "j"]),
            &flow(&[("s", "a"), ("a", "p"), ("p", "sign"), ("sign", "j"), ("p", "b"), ("b", "j"), ("j", "e")]),
        ]
        .concat();
        let case = Case::new(&inside);
        let answers = case.answers[..answers].to_vec();
        explore(&format!("signing: {sign}"), &Case { variables: json!({ "signers": ["甲", "乙"] }), answers, ..case });
    }
}

#[test]
fn instances_of_a_subprocess_in_a_branch() {
    let inside = [
        ENDS,
        r#"<subProcess id="each"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
        <startEvent id="is"/><endEvent id="ie"/><userTask id="x"/><userTask id="y"/>
        <sequenceFlow id="i1" sourceRef="is" targetRef="x"/><sequenceFlow id="i2" sourceRef="x" targetRef="y"/><sequenceFlow id="i3" sourceRef="y" targetRef="ie"/></subProcess>"#,
        &nodes("userTask", &["a", "b", "z"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "a"), ("a", "p"), ("p", "each"), ("each", "j"), ("p", "b"), ("b", "j"), ("j", "z"), ("z", "e")]),
    ]
    .concat();
    explore("instances in a branch", &Case { office: Office { most: 1, ..MOVES }, ..Case::new(&inside) });
}

#[test]
fn a_subprocess_with_branches_and_a_time_limit() {
    let inside = [
        ENDS,
        r#"<userTask id="a"/><subProcess id="sub"><startEvent id="is"/><endEvent id="ie"/>"#,
        &nodes("userTask", &["b", "c", "d"]),
        &nodes("parallelGateway", &["p", "j"]),
        r#"<sequenceFlow id="i1" sourceRef="is" targetRef="p"/><sequenceFlow id="i2" sourceRef="p" targetRef="b"/><sequenceFlow id="i3" sourceRef="p" targetRef="c"/>
        <sequenceFlow id="i4" sourceRef="b" targetRef="j"/><sequenceFlow id="i5" sourceRef="c" targetRef="j"/><sequenceFlow id="i6" sourceRef="j" targetRef="d"/><sequenceFlow id="i7" sourceRef="d" targetRef="ie"/></subProcess>
        <boundaryEvent id="late" attachedToRef="sub"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent><userTask id="lapse"/><exclusiveGateway id="x"/>"#,
        &flow(&[("s", "a"), ("a", "sub"), ("sub", "x"), ("late", "lapse"), ("lapse", "x"), ("x", "e")]),
    ]
    .concat();
    explore("subprocess with a limit", &Case { office: MOVES, ..Case::new(&inside) });
}

#[test]
fn automatic_action_when_a_branch_is_late() {
    let inside = [
        ENDS,
        r#"<boundaryEvent id="late" attachedToRef="b"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent><exclusiveGateway id="x"/>"#,
        &nodes("userTask", &["a", "b", "c", "lapse", "z"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[
            ("s", "a"),
            ("a", "p"),
            ("p", "b"),
            ("b", "x"),
            ("late", "lapse"),
            ("lapse", "x"),
            ("x", "j"),
            ("p", "c"),
            ("c", "j"),
            ("j", "z"),
            ("z", "e"),
        ]),
    ]
    .concat();
    explore("late in a branch", &Case { office: MOVES, ..Case::new(&inside) });
}

#[test]
fn a_reminder_beside_a_step() {
    let inside = [
        ENDS,
        r#"<boundaryEvent id="slow" attachedToRef="b" cancelActivity="false"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="told"/>"#,
        &nodes("userTask", &["a", "b", "c", "remind"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "a"), ("a", "p"), ("p", "b"), ("b", "j"), ("slow", "remind"), ("remind", "told"), ("p", "c"), ("c", "j"), ("j", "e")]),
    ]
    .concat();
    explore("reminder", &Case { office: MOVES, ..Case::new(&inside) });
}

#[test]
fn what_is_waited_for_in_branches() {
    let inside = [
        ENDS,
        r#"<eventBasedGateway id="g"/><intermediateCatchEvent id="paid"><messageEventDefinition messageRef="m_paid"/></intermediateCatchEvent>
        <intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <intermediateCatchEvent id="storm"><signalEventDefinition signalRef="s_storm"/></intermediateCatchEvent><receiveTask id="papers" messageRef="m_papers"/><exclusiveGateway id="x"/>"#,
        &nodes("userTask", &["a", "b", "z"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[
            ("s", "a"),
            ("a", "p"),
            ("p", "g"),
            ("g", "paid"),
            ("g", "wait"),
            ("paid", "x"),
            ("wait", "b"),
            ("b", "x"),
            ("x", "j"),
            ("p", "storm"),
            ("storm", "papers"),
            ("papers", "j"),
            ("j", "z"),
            ("z", "e"),
        ]),
    ]
    .concat();
    let outside = vec![message("paid"), message("papers"), signal("storm"), message("nothing")];
    explore("waiting in branches", &Case { outside, office: MOVES, ..Case::new(&inside) });
}

#[test]
fn an_event_subprocess_takes_over() {
    for interrupting in [true, false] {
        let inside = [
            ENDS,
            &format!(
                r#"<subProcess id="handler" triggeredByEvent="true"><startEvent id="hs" isInterrupting="{interrupting}"><messageEventDefinition messageRef="m_papers"/></startEvent>
        <userTask id="handle"/><endEvent id="he"/><sequenceFlow id="h1" sourceRef="hs" targetRef="handle"/><sequenceFlow id="h2" sourceRef="handle" targetRef="he"/></subProcess>"#
            ),
            &nodes("userTask", &["a", "b", "z"]),
            &nodes("parallelGateway", &["p", "j"]),
            &flow(&[("s", "p"), ("p", "a"), ("a", "j"), ("p", "b"), ("b", "j"), ("j", "z"), ("z", "e")]),
        ]
        .concat();
        let outside = vec![message("papers")];
        explore(&format!("event subprocess, interrupting: {interrupting}"), &Case { outside, office: MOVES, ..Case::new(&inside) });
    }
}

#[test]
fn what_was_done_is_undone() {
    let inside = [
        ENDS,
        r#"<boundaryEvent id="cr" attachedToRef="reserve"><compensateEventDefinition/></boundaryEvent><userTask id="release" isForCompensation="true"/>
        <boundaryEvent id="cc" attachedToRef="charge"><compensateEventDefinition/></boundaryEvent><userTask id="refund" isForCompensation="true"/>
        <association id="a1" associationDirection="One" sourceRef="cr" targetRef="release"/><association id="a2" associationDirection="One" sourceRef="cc" targetRef="refund"/>
        <exclusiveGateway id="x" default="fine"/><intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent><endEvent id="e2"/>"#,
        &nodes("userTask", &["reserve", "charge", "decide", "tell"]),
        &nodes("parallelGateway", &["p", "j"]),
        &flow(&[("s", "p"), ("p", "reserve"), ("p", "charge"), ("reserve", "j"), ("charge", "j"), ("j", "decide"), ("decide", "x"), ("undo", "tell"), ("tell", "e2")]),
        r#"<sequenceFlow id="fine" sourceRef="x" targetRef="e"/>"#,
        &when("wrong", "x", "undo", "ok = false"),
    ]
    .concat();
    let answers = vec![json!({ "ok": true }), json!({ "ok": false })];
    // Returned steps are undone once for each time they were done.
    explore("compensation", &Case { answers, office: Office { most: 1, jumps: false, signers: false }, ..Case::new(&inside) });
}
