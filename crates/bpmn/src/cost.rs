//! What a step costs, counted: how many tokens, frames, armed events and forks it looks at. The numbers must not follow the number of open
//! tasks, nor the length of the run. No clock: the counts are the same on every machine.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use crate::{
    Command, Conditions, Instance, Model, RunError, TaskRef, act,
    shelf::counting::{Counted, counted},
};

/// Numbers and names of variables as values; `name >= number` as condition.
struct Answers;

impl Conditions for Answers {
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        let (name, least) = expression.split_once(">=").ok_or("not a comparison")?;
        let value = variables[name.trim()].as_u64().ok_or_else(|| format!("no {name}"))?;
        Ok(value >= least.trim().parse().map_err(|_| "not a number")?)
    }

    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        variables.get(expression).cloned().map_or_else(|| serde_json::from_str(expression).map_err(|error| error.to_string()), Ok)
    }
}

fn model(inside: &str) -> Model {
    let (bpmn, ours) = ("http://www.omg.org/spec/BPMN/20100524/MODEL", crate::BANHAO_NAMESPACE);
    let text = format!(r#"<definitions xmlns="{bpmn}" xmlns:banhao="{ours}">{inside}</definitions>"#);
    Model::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn begun(model: &Model, variables: Value) -> Instance {
    let mut instance = Instance::blank();
    act(model, &mut instance, &Command::Start { at: None, variables }, &Answers).unwrap();
    instance
}

fn complete(task: TaskRef) -> Command {
    Command::Complete { task, variables: Value::Null }
}

/// Completes the open tasks at an element one after the other, but the last; gives the dearest step.
fn dearest(model: &Model, instance: &mut Instance, element: &str) -> Counted {
    let mut tasks: Vec<TaskRef> = instance.open_tasks().filter(|(_, at)| *at == element).map(|(task, _)| task).collect();
    tasks.pop();
    let dearest = tasks.into_iter().map(|task| counted(|| act(model, instance, &complete(task), &Answers).unwrap()).0).max();
    dearest.expect("something is open")
}

fn many(task: &str) -> Model {
    model(&format!(
        r#"<process id="p"><startEvent id="s"/>{task}<endEvent id="e"/>
        <sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/></process>"#
    ))
}

#[test]
fn one_of_many_instances() {
    let (cardinality, none) = ("<loopCardinality>n</loopCardinality>", "");
    let model = |how: &str, when: &str| {
        many(&format!(r#"<userTask id="t"><multiInstanceLoopCharacteristics>{how}{when}</multiInstanceLoopCharacteristics></userTask>"#))
    };
    let condition = "<completionCondition>nrOfCompletedInstances >= 1000000</completionCondition>".replace(">=", "&gt;=");
    for when in [none, condition.as_str()] {
        let cost = |n: u32| dearest(&model(cardinality, when), &mut begun(&model(cardinality, when), json!({ "n": n })), "t");
        assert_eq!(cost(10), cost(10_000), "condition: {when}");
    }
}

#[test]
fn a_long_list_is_not_copied_whenever_one_of_it_is_done() {
    let condition = "<completionCondition>nrOfCompletedInstances &gt;= 1000000</completionCondition>";
    let model = many(&format!(
        r#"<userTask id="t"><multiInstanceLoopCharacteristics banhao:collection="offices" banhao:elementVariable="office">{condition}
        </multiInstanceLoopCharacteristics></userTask>"#
    ));
    let cost = |n: u32| dearest(&model, &mut begun(&model, json!({ "offices": (0..n).collect::<Vec<_>>() })), "t");
    assert_eq!(cost(10), cost(5_000));
}

/// A split into as many tasks, and the join of them all.
fn fan(ways: usize) -> Model {
    let mut text = r#"<process id="p"><startEvent id="s"/><parallelGateway id="split"/><parallelGateway id="join"/><endEvent id="e"/>
        <sequenceFlow id="a" sourceRef="s" targetRef="split"/><sequenceFlow id="z" sourceRef="join" targetRef="e"/>"#
        .to_owned();
    for way in 0..ways {
        text += &format!(
            r#"<userTask id="t{way}"/><sequenceFlow id="in{way}" sourceRef="split" targetRef="t{way}"/>
            <sequenceFlow id="out{way}" sourceRef="t{way}" targetRef="join"/>"#
        );
    }
    model(&(text + "</process>"))
}

#[test]
fn one_of_many_branches_before_their_join() {
    let cost = |ways: usize| {
        let model = fan(ways);
        let mut instance = begun(&model, Value::Null);
        let tasks: Vec<TaskRef> = instance.open_tasks().map(|(task, _)| task).collect();
        let branches = &tasks[..ways - 1];
        branches.iter().map(|task| counted(|| act(&model, &mut instance, &complete(*task), &Answers).unwrap()).0).max().unwrap()
    };
    assert_eq!(cost(10), cost(1_000));
}

/// Many subprocesses at once, in each of them two branches.
fn nested() -> Model {
    many(
        r#"<subProcess id="t"><multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics>
        <startEvent id="s1"/><parallelGateway id="split"/><userTask id="left"/><userTask id="right"/><parallelGateway id="join"/>
        <userTask id="last"/><endEvent id="e1"/>
        <sequenceFlow id="a1" sourceRef="s1" targetRef="split"/><sequenceFlow id="b1" sourceRef="split" targetRef="left"/>
        <sequenceFlow id="c1" sourceRef="split" targetRef="right"/><sequenceFlow id="d1" sourceRef="left" targetRef="join"/>
        <sequenceFlow id="e2" sourceRef="right" targetRef="join"/><sequenceFlow id="f1" sourceRef="join" targetRef="last"/>
        <sequenceFlow id="g1" sourceRef="last" targetRef="e1"/></subProcess>"#,
    )
}

#[test]
fn branches_inside_many_subprocesses() {
    let model = nested();
    let cost = |n: u32| {
        let mut instance = begun(&model, json!({ "n": n }));
        ["left", "right", "last"].map(|element| dearest(&model, &mut instance, element))
    };
    assert_eq!(cost(10), cost(3_000));
}

#[test]
fn a_message_finds_its_receiver_among_many() {
    let model = model(
        r#"<message id="m" name="answer"/><process id="p"><startEvent id="s"/><subProcess id="t"><multiInstanceLoopCharacteristics>
        <loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics>
        <startEvent id="s1"/><intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m" banhao:correlation="loopCounter"/>
        </intermediateCatchEvent><endEvent id="e1"/><sequenceFlow id="a1" sourceRef="s1" targetRef="wait"/>
        <sequenceFlow id="b1" sourceRef="wait" targetRef="e1"/></subProcess><endEvent id="e"/>
        <sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/></process>"#,
    );
    let cost = |n: u32| {
        let mut instance = begun(&model, json!({ "n": n }));
        let message = Command::Message { message: "answer".to_owned(), key: Some(json!(n / 2)), variables: Value::Null };
        counted(|| act(&model, &mut instance, &message, &Answers).unwrap()).0
    };
    assert_eq!(cost(10), cost(3_000));
}

#[test]
fn a_step_that_fails_is_taken_back_as_cheaply() {
    let condition = "<completionCondition>unknown &gt;= 1</completionCondition>";
    let model = many(&format!(
        r#"<userTask id="t"><multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality>{condition}
        </multiInstanceLoopCharacteristics></userTask>"#
    ));
    let cost = |n: u32| {
        let mut instance = begun(&model, json!({ "n": n }));
        let task = instance.open_tasks().next().unwrap().0;
        let (cost, failed) = counted(|| act(&model, &mut instance, &complete(task), &Answers).map(drop));
        assert!(matches!(failed, Err(RunError::Condition { .. })), "{failed:?}");
        assert!(instance.is_open(task));
        cost
    };
    assert_eq!(cost(10), cost(10_000));
}

#[test]
fn the_length_of_a_run_costs_nothing() {
    // Round and round, each time through a split, a join and a task that could be undone.
    let model = model(
        r#"<process id="p"><startEvent id="s"/><exclusiveGateway id="again"/><parallelGateway id="split"/><userTask id="x"/><userTask id="y"/>
        <parallelGateway id="join"/><boundaryEvent id="b" attachedToRef="x"><compensateEventDefinition/></boundaryEvent>
        <serviceTask id="undo" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="undo"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="again"/><sequenceFlow id="f2" sourceRef="again" targetRef="split"/>
        <sequenceFlow id="f3" sourceRef="split" targetRef="x"/><sequenceFlow id="f4" sourceRef="split" targetRef="y"/>
        <sequenceFlow id="f5" sourceRef="x" targetRef="join"/><sequenceFlow id="f6" sourceRef="y" targetRef="join"/>
        <exclusiveGateway id="out" default="f8"/><sequenceFlow id="f7" sourceRef="join" targetRef="out"/><endEvent id="e"/>
        <sequenceFlow id="f8" sourceRef="out" targetRef="again"/><sequenceFlow id="f9" sourceRef="out" targetRef="e">
        <conditionExpression>tired &gt;= 1</conditionExpression></sequenceFlow></process>"#,
    );
    let mut instance = begun(&model, json!({ "tired": 0 }));
    let mut round = || {
        let tasks: Vec<TaskRef> = instance.open_tasks().map(|(task, _)| task).collect();
        counted(|| tasks.into_iter().for_each(|task| drop(act(&model, &mut instance, &complete(task), &Answers).unwrap()))).0
    };
    let first = round();
    for _ in 0..2_000 {
        assert_eq!(round(), first);
    }
    assert_eq!(instance.size(), 2);
}
