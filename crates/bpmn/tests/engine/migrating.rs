//! Moving to another version: what stands in the way, what is waited for afterwards, what goes on at once. (Every change to every small
//! model is tried in `explore`.)

use banhao_bpmn::{Command, Event, Instance, Obstacle, Plan, Step, migrate};
use serde_json::{Value, json};

use crate::support::{Host, Trial, invariants::hold, model};

/// Two branches with a step each.
const BRANCHES: &str = r#"<startEvent id="s"/><parallelGateway id="p"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/><userTask id="z"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="p"/><sequenceFlow id="f2" sourceRef="p" targetRef="a"/><sequenceFlow id="f3" sourceRef="a" targetRef="j"/>
    <sequenceFlow id="f4" sourceRef="p" targetRef="b"/><sequenceFlow id="f5" sourceRef="b" targetRef="j"/><sequenceFlow id="f6" sourceRef="j" targetRef="z"/><sequenceFlow id="f7" sourceRef="z" targetRef="e"/>"#;

/// One step with something on its border or in its scope.
fn one_step(more: &str) -> String {
    format!(
        r#"{more}<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>"#
    )
}

fn on_border(interrupts: bool, trigger: &str) -> String {
    one_step(&format!(
        r#"<boundaryEvent id="late" attachedToRef="a" cancelActivity="{interrupts}">{trigger}</boundaryEvent><userTask id="told"/><endEvent id="e2"/>
        <sequenceFlow id="l1" sourceRef="late" targetRef="told"/><sequenceFlow id="l2" sourceRef="told" targetRef="e2"/>"#
    ))
}

fn handler(interrupts: bool, trigger: &str) -> String {
    one_step(&format!(
        r#"<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="{interrupts}">{trigger}</startEvent><userTask id="handle"/><endEvent id="he"/>
        <sequenceFlow id="h1" sourceRef="hs" targetRef="handle"/><sequenceFlow id="h2" sourceRef="handle" targetRef="he"/></subProcess>"#
    ))
}

fn timer(kind: &str, when: &str) -> String {
    format!("<timerEventDefinition><{kind}>{when}</{kind}></timerEventDefinition>")
}

const PAID: &str = r#"<messageEventDefinition messageRef="m_paid"/>"#;
const PAPERS: &str = r#"<messageEventDefinition messageRef="m_papers"/>"#;

fn plan(ids: &[(&str, &str)]) -> Plan {
    Plan { ids: ids.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect() }
}

fn to(trial: &Trial, inside: &str, plan: &Plan) -> Result<Step, Vec<Obstacle>> {
    migrate(&trial.model, &model(inside), &trial.instance, plan, &Host)
}

/// Moves the trial; its events are those of the move.
fn moved_by(trial: &mut Trial, inside: &str, plan: &Plan) {
    let step = to(trial, inside, plan).unwrap();
    let mut told = trial.instance.clone();
    step.events.iter().for_each(|event| told.apply(event).unwrap());
    assert_eq!(told, step.instance);
    trial.go_on_with(model(inside), step);
    hold(&trial.model, &trial.instance);
}

fn moved(trial: &mut Trial, inside: &str) {
    moved_by(trial, inside, &Plan::default());
}

fn why(result: Result<Step, Vec<Obstacle>>) -> Vec<(String, &'static str)> {
    result.unwrap_err().into_iter().map(|obstacle| (obstacle.element, obstacle.reason.as_str())).collect()
}

fn reasons(found: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    found.iter().map(|(element, reason)| ((*element).to_owned(), *reason)).collect()
}

fn with_branch(from: &str) -> String {
    format!(
        r#"{BRANCHES}<userTask id="c"/><sequenceFlow id="n1" sourceRef="{from}" targetRef="c"/><sequenceFlow id="n2" sourceRef="c" targetRef="j"/>"#
    )
}

fn without(inside: &str, parts: &[&str]) -> String {
    parts.iter().fold(inside.to_owned(), |text, part| {
        assert!(text.contains(part), "{part}");
        text.replace(part, "")
    })
}

#[test]
fn an_open_split_does_not_get_another_branch() {
    let mut trial = Trial::begin(BRANCHES, json!({}));
    assert_eq!(why(to(&trial, &with_branch("p"), &Plan::default())), reasons(&[("j", "join-waits"), ("p", "more-branches")]));
    trial.done("a");
    assert_eq!(why(to(&trial, &with_branch("p"), &Plan::default())), reasons(&[("j", "join-waits"), ("p", "more-branches")]));
    // Behind the join it is as if the branch had been there and done.
    trial.done("b");
    moved(&mut trial, &with_branch("p"));
    trial.done("z");
    assert!(trial.is_finished());
}

#[test]
fn a_join_does_not_get_a_way_in_by_which_nothing_comes() {
    // A flow more from the same branch: what waits at the join already came before it was there.
    let twice = format!(
        r#"{}<parallelGateway id="q"/><sequenceFlow id="n1" sourceRef="a" targetRef="q"/><sequenceFlow id="f3" sourceRef="q" targetRef="j"/><sequenceFlow id="n2" sourceRef="q" targetRef="j"/>"#,
        without(BRANCHES, &[r#"<sequenceFlow id="f3" sourceRef="a" targetRef="j"/>"#])
    );
    let mut trial = Trial::begin(BRANCHES, json!({}));
    assert!(to(&trial, &twice, &Plan::default()).is_ok(), "the branch has not come to the new split");
    trial.done("a");
    assert_eq!(why(to(&trial, &twice, &Plan::default())), reasons(&[("f3", "other-splits"), ("j", "join-waits")][..1]));
}

#[test]
fn a_join_that_waits_for_nothing_more_goes_on_at_once() {
    let ended = BRANCHES.replace(r#"sourceRef="b" targetRef="j""#, r#"sourceRef="b" targetRef="e""#);
    let mut trial = Trial::begin(BRANCHES, json!({}));
    trial.done("a");
    moved(&mut trial, &ended);
    assert_eq!(trial.open(), ["b", "z"], "there is nothing to be joined any more");
    trial.done("b");
    trial.done("z");
    assert!(trial.is_finished());

    // While it is suspended nothing goes on; when it is resumed, it does.
    let mut trial = Trial::begin(BRANCHES, json!({}));
    trial.done("a");
    trial.act(Command::Suspend).unwrap();
    moved(&mut trial, &ended);
    assert_eq!(trial.open(), ["b"]);
    trial.act(Command::Resume).unwrap();
    assert_eq!(trial.open(), ["b", "z"]);
}

#[test]
fn a_lost_branch_takes_nothing_with_it() {
    let mut trial = Trial::begin(BRANCHES, json!({}));
    let alone = without(
        BRANCHES,
        &[
            r#"<userTask id="b"/>"#,
            r#"<sequenceFlow id="f4" sourceRef="p" targetRef="b"/>"#,
            r#"<sequenceFlow id="f5" sourceRef="b" targetRef="j"/>"#,
        ],
    );
    assert_eq!(why(to(&trial, &alone, &Plan::default())), reasons(&[("b", "gone")]));
    // Two branches become one: what was split would not be joined.
    let merged = plan(&[("b", "a"), ("f4", "f2"), ("f5", "f3")]);
    assert!(why(to(&trial, &alone, &merged)).contains(&("p".to_owned(), "branches-merged")));
    trial.done("b");
    assert_eq!(why(to(&trial, &alone, &Plan::default())), reasons(&[("f5", "flow-gone")]));
}

#[test]
fn what_chooses_its_branches_may_get_more_of_them() {
    let choice = |more: &str| {
        format!(
            r#"<startEvent id="s"/><userTask id="o"/><userTask id="a"/><userTask id="b"/>{more}<inclusiveGateway id="g"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="o"/><sequenceFlow id="f2" sourceRef="o" targetRef="a"><conditionExpression>fire = true</conditionExpression></sequenceFlow>
    <sequenceFlow id="f3" sourceRef="o" targetRef="b"/><sequenceFlow id="f4" sourceRef="a" targetRef="g"/><sequenceFlow id="f5" sourceRef="b" targetRef="g"/><sequenceFlow id="f6" sourceRef="g" targetRef="e"/>"#
        )
    };
    let more = |condition: &str| {
        choice(&format!(
            r#"<userTask id="c"/><sequenceFlow id="n1" sourceRef="o" targetRef="c">{condition}</sequenceFlow><sequenceFlow id="n2" sourceRef="c" targetRef="g"/>"#
        ))
    };
    let mut trial = Trial::begin(&choice(""), json!({ "fire": true }));
    trial.done("o");
    assert_eq!(why(to(&trial, &more(""), &Plan::default())), reasons(&[("o", "more-branches")]), "it would always have been taken");
    moved(&mut trial, &more("<conditionExpression>water = true</conditionExpression>"));
    trial.done("a");
    trial.done("b");
    assert!(trial.is_finished(), "it was not chosen");
}

#[test]
fn splits_and_joins_of_another_kind() {
    let join = |kind: &str| BRANCHES.replace(r#"<parallelGateway id="j"/>"#, &format!(r#"<{kind} id="j"/>"#));
    let mut trial = Trial::begin(BRANCHES, json!({}));
    trial.done("a");
    assert_eq!(why(to(&trial, &join("exclusiveGateway"), &Plan::default())), reasons(&[("j", "other-kind")]));
    moved(&mut trial, &join("inclusiveGateway"));
    assert_eq!(trial.open(), ["b"], "what is under way is waited for");
    trial.done("b");
    assert_eq!(trial.open(), ["z"]);
    let split = BRANCHES
        .replace(r#"<parallelGateway id="p"/>"#, r#"<exclusiveGateway id="p" default="f4"/>"#)
        .replace(r#"targetRef="a"/>"#, r#"targetRef="a"><conditionExpression>fire = true</conditionExpression></sequenceFlow>"#);
    let trial = Trial::begin(BRANCHES, json!({}));
    assert!(why(to(&trial, &split, &Plan::default())).contains(&("p".to_owned(), "other-kind")));
}

#[test]
fn flows_are_found_by_their_ends() {
    let mut trial = Trial::begin(BRANCHES, json!({}));
    trial.done("a");
    moved(&mut trial, &BRANCHES.replace(r#"id="f"#, r#"id="drawn_anew_"#));
    trial.done("b");
    assert_eq!(trial.open(), ["z"]);
}

#[test]
fn event_subprocesses_are_waited_for_and_no_longer() {
    let mut trial = Trial::begin(&one_step(""), json!({}));
    moved(&mut trial, &handler(true, PAID));
    trial.act(Command::Message { message: "paid".to_owned(), key: None, variables: Value::Null }).unwrap();
    assert_eq!(trial.open(), ["handle"]);
    // It has taken over: nothing that comes new to the scope is waited for.
    let more = handler(true, PAID)
        .replace(r#"id="h"#, r#"id="g"#)
        .replace("sourceRef=\"h", "sourceRef=\"g")
        .replace("targetRef=\"handle", "targetRef=\"gandle")
        .replace("targetRef=\"he", "targetRef=\"ge");
    let (second, _) = more.split_once(r#"<startEvent id="s"/>"#).unwrap();
    moved(&mut trial, &format!("{second}{}", handler(true, PAID)));
    assert_eq!(trial.instance.armed().count(), 0);
    trial.done("handle");
    assert!(trial.is_finished());

    let mut trial = Trial::begin(&handler(false, PAID), json!({}));
    trial.act(Command::Message { message: "paid".to_owned(), key: None, variables: Value::Null }).unwrap();
    assert_eq!(why(to(&trial, &one_step(""), &Plan::default())), reasons(&[("h", "gone"), ("handle", "gone")]));
    trial.done("handle");
    moved(&mut trial, &one_step(""));
    assert_eq!(trial.instance.armed().count(), 0);

    // One in a subprocess that is running.
    let sub = |more: &str| {
        format!(
            r#"<startEvent id="s"/><subProcess id="sub">{}</subProcess><endEvent id="oe"/><sequenceFlow id="o1" sourceRef="s" targetRef="sub"/><sequenceFlow id="o2" sourceRef="sub" targetRef="oe"/>"#,
            more.replace(r#""s""#, r#""is""#)
        )
    };
    let mut trial = Trial::begin(&sub(&one_step("")), json!({}));
    moved(&mut trial, &sub(&handler(true, PAPERS)));
    assert!(trial.is_armed("hs"));
}

/// What comes first of two events.
fn either(events: &[(&str, &str)]) -> String {
    let ways: String = events
        .iter()
        .map(|(id, trigger)| {
            format!(
                r#"<intermediateCatchEvent id="{id}">{trigger}</intermediateCatchEvent><sequenceFlow id="to_{id}" sourceRef="g" targetRef="{id}"/><sequenceFlow id="from_{id}" sourceRef="{id}" targetRef="x"/>"#
            )
        })
        .collect();
    format!(
        r#"<startEvent id="s"/><eventBasedGateway id="g"/><exclusiveGateway id="x"/><userTask id="z"/><endEvent id="e"/>{ways}
        <sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="x" targetRef="z"/><sequenceFlow id="f3" sourceRef="z" targetRef="e"/>"#
    )
}

fn alone(trigger: &str) -> String {
    format!(
        r#"<startEvent id="s"/><intermediateCatchEvent id="paid">{trigger}</intermediateCatchEvent><userTask id="z"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="paid"/><sequenceFlow id="f2" sourceRef="paid" targetRef="z"/><sequenceFlow id="f3" sourceRef="z" targetRef="e"/>"#
    )
}

fn waits_for(trial: &Trial) -> Vec<&str> {
    let mut armed: Vec<&str> = trial.instance.armed().map(|(_, armed)| armed.at.as_str()).collect();
    armed.sort_unstable();
    armed
}

#[test]
fn what_an_event_gateway_waits_for() {
    let week = timer("timeDuration", "P7D");
    let mut trial = Trial::begin(&either(&[("paid", PAID), ("wait", &week)]), json!({}));
    let paid = trial.armed("paid");
    moved(&mut trial, &either(&[("paid", PAID), ("papers", PAPERS)]));
    assert_eq!(waits_for(&trial), ["paid", "papers"]);
    assert_eq!(trial.armed("paid"), paid, "what is the same stays armed");
    moved_by(&mut trial, &either(&[("money", PAID), ("papers", PAPERS)]), &plan(&[("paid", "money")]));
    assert_eq!(trial.armed("money"), paid, "by another name, too");
    moved(&mut trial, &either(&[("fee", PAID), ("papers", PAPERS)]));
    assert_eq!(waits_for(&trial), ["fee", "papers"]);
    trial.act(Command::Message { message: "paid".to_owned(), key: None, variables: Value::Null }).unwrap();
    assert_eq!(trial.open(), ["z"]);
}

#[test]
fn what_waits_alone_can_wait_with_others_by_plan() {
    let week = timer("timeDuration", "P7D");
    let both = either(&[("paid", PAID), ("wait", &week)]);
    let mut trial = Trial::begin(&alone(PAID), json!({}));
    assert_eq!(why(to(&trial, &both, &Plan::default())), reasons(&[("paid", "behind-gateway")]));
    moved_by(&mut trial, &both, &plan(&[("paid", "g")]));
    assert_eq!(waits_for(&trial), ["paid", "wait"]);
    moved_by(&mut trial, &alone(PAID), &plan(&[("g", "paid")]));
    assert_eq!(waits_for(&trial), ["paid"]);
    trial.act(Command::Message { message: "paid".to_owned(), key: None, variables: Value::Null }).unwrap();
    trial.done("z");
    assert!(trial.is_finished());
}

#[test]
fn what_is_waited_for_otherwise_is_armed_anew() {
    let three = timer("timeDuration", "P3D");
    let same = |old: &str, new: &str| {
        let mut trial = Trial::begin(&alone(old), json!({}));
        let before = trial.armed("paid");
        moved(&mut trial, &alone(new));
        let told = trial.events.iter().any(|event| matches!(event, Event::Armed { .. }));
        assert_eq!(trial.armed("paid") != before, told);
        !told
    };
    assert!(same(&three, &three));
    assert!(!same(&three, &timer("timeDuration", "P5D")), "another time: due anew, counted from the move");
    assert!(!same(&three, &timer("timeDate", "P3D")));
    assert!(!same(&three, PAID));
    assert!(!same(PAID, &three));
    assert!(same(PAID, PAID));
    assert!(!same(PAID, PAPERS));
    assert!(!same(PAID, r#"<signalEventDefinition signalRef="s_storm"/>"#));
    let by = |key: &str| format!(r#"<messageEventDefinition messageRef="m_paid" banhao:correlation="{key}"/>"#);
    assert!(same(&by("1"), &by("1")));
    assert!(!same(&by("1"), &by("2")), "the key is worked out anew");
    assert!(!same(PAID, &by("1")));
    // Working days are another time.
    let mut trial = Trial::begin(&on_border(true, &three), json!({}));
    let before = trial.armed("late");
    moved(&mut trial, &on_border(true, &three).replace(r#"id="late""#, r#"id="late" banhao:working="true""#));
    assert_ne!(trial.armed("late"), before);
    // Whether it interrupts is asked when it happens.
    let before = trial.armed("late");
    moved(&mut trial, &on_border(false, &three).replace(r#"id="late""#, r#"id="late" banhao:working="true""#));
    assert_eq!(trial.armed("late"), before);
    trial.fire("late");
    assert_eq!(trial.open(), ["a", "told"]);
}

#[test]
fn a_reminder_that_was_given_is_not_given_again() {
    let (three, five, daily) = (timer("timeDuration", "P3D"), timer("timeDuration", "P5D"), timer("timeCycle", "R/P1D"));
    let reminded = || {
        let mut trial = Trial::begin(&on_border(false, &three), json!({}));
        trial.fire("late");
        trial.done("told");
        trial
    };
    for (other, again) in [(&three, false), (&five, false), (&daily, true), (&PAID.to_owned(), true)] {
        let mut trial = reminded();
        moved(&mut trial, &on_border(false, other));
        assert_eq!(trial.is_armed("late"), again, "{other}");
    }
    // An event of the same name at another step is another event.
    let elsewhere = r#"<startEvent id="s"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/><boundaryEvent id="late" attachedToRef="b" cancelActivity="false"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="e2"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/><sequenceFlow id="f3" sourceRef="b" targetRef="e"/><sequenceFlow id="l1" sourceRef="late" targetRef="e2"/>"#;
    let mut trial = Trial::begin(elsewhere, json!({}));
    moved(&mut trial, &elsewhere.replace(r#"attachedToRef="b""#, r#"attachedToRef="a""#));
    assert!(trial.is_armed("late"));
    moved(&mut trial, elsewhere);
    assert_eq!(trial.instance.armed().count(), 0);
}

#[test]
fn a_condition_that_holds_in_the_new_version_happens_with_the_move() {
    let rain =
        |interrupts| on_border(interrupts, "<conditionalEventDefinition><condition>rain = true</condition></conditionalEventDefinition>");
    let begin = || {
        let mut trial = Trial::begin(&one_step(""), json!({}));
        // What no expression mentions is not kept: the new version is told.
        trial.instance.apply(&Event::VariablesSet { variables: json!({ "rain": true }) }).unwrap();
        trial
    };
    let step = to(&begin(), &rain(true), &Plan::default()).unwrap();
    assert_eq!(step.instance.open_tasks().map(|(_, at)| at.to_owned()).collect::<Vec<_>>(), ["told"]);
    let mut trial = begin();
    trial.instance.apply(&Event::Suspended).unwrap();
    let new = model(&rain(true));
    let mut waiting = migrate(&trial.model, &new, &trial.instance, &Plan::default(), &Host).unwrap().instance;
    assert_eq!(waiting.open_tasks().map(|(_, at)| at).collect::<Vec<_>>(), ["a"], "nothing happens while it is suspended");
    banhao_bpmn::act(&new, &mut waiting, &Command::Resume, &Host).unwrap();
    assert_eq!(waiting.open_tasks().map(|(_, at)| at).collect::<Vec<_>>(), ["told"]);
}

#[test]
fn what_was_completed_stands_where_it_could_not_be_open_again() {
    let in_turn = r#"<startEvent id="s"/><userTask id="a"/><userTask id="z"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="z"/><sequenceFlow id="f3" sourceRef="z" targetRef="e"/>"#;
    let mut trial = Trial::begin(in_turn, json!({}));
    let task = trial.task("a");
    trial.done("a");
    let untouched = to(&trial, in_turn, &Plan::default()).unwrap().instance;
    assert_eq!(untouched, trial.instance);
    moved(&mut trial, BRANCHES);
    assert!(trial.act(Command::TakeBack { task }).is_err(), "it lies in a branch now, and the other was never begun");
    assert_eq!(trial.open(), ["z"]);
}

#[test]
fn what_is_over_or_of_another_process_is_not_moved() {
    let mut trial = Trial::begin(&one_step(""), json!({}));
    assert_eq!(why(migrate(&model(BRANCHES), &trial.model, &Instance::blank(), &Plan::default(), &Host)), reasons(&[("", "cannot-go-on")]));
    trial.done("a");
    let obstacles = to(&trial, BRANCHES, &Plan::default()).unwrap_err();
    assert_eq!(obstacles[0].reason.as_str(), "cannot-go-on");
    assert!(obstacles[0].to_string().contains("over") && obstacles[0].zh().contains("已经结束"));
    // The new version asks for what nobody has said.
    let trial = Trial::begin(&alone(PAID), json!({}));
    let asks = alone(r#"<messageEventDefinition messageRef="m_paid" banhao:correlation="number"/>"#);
    assert_eq!(why(to(&trial, &asks, &Plan::default())), reasons(&[("the_process", "cannot-go-on")]));
}

#[test]
fn rounds_go_on_only_as_they_were_begun() {
    let step = |how: &str| one_step("").replace(r#"<userTask id="a"/>"#, &format!(r#"<userTask id="a" {how}/>"#));
    let mut trial = Trial::begin(&step(r#"banhao:sign="all" banhao:signers="signers""#), json!({ "signers": ["甲", "乙"] }));
    trial.agree("a 甲", true);
    for other in ["", r#"banhao:sign="turn" banhao:signers="signers""#] {
        assert_eq!(why(to(&trial, &step(other), &Plan::default())).first(), reasons(&[("a", "other-repetition")]).first());
    }
    let looped =
        one_step("").replace(r#"<userTask id="a"/>"#, r#"<userTask id="a"><standardLoopCharacteristics loopMaximum="2"/></userTask>"#);
    assert_eq!(why(to(&trial, &looped, &Plan::default())).first(), reasons(&[("a", "other-repetition")]).first());
    moved(&mut trial, &step(r#"banhao:sign="vote" banhao:share="1/2" banhao:signers="signers""#));
    trial.agree("a 乙", false);
    assert!(trial.is_finished());
}
