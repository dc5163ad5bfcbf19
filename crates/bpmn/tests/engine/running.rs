//! Runs of hand-made processes, as the rest of the program uses the engine.

use crate::support::equals;
use banhao_bpmn::{Event, Instance, Model, NodeKind, Phase, ProcessBuilder, RunError, Step, TaskRef, complete, start, terminate};
use serde_json::{Value, json};

const LICENCE: &str = include_str!("../data/licence.bpmn");
const MODELER: &str = include_str!("../data/modeler.bpmn");

fn open(step: &Step) -> Vec<&str> {
    step.instance.open_tasks().map(|(_, element)| element).collect()
}

fn act(model: &Model, step: &Step, element: &str, variables: Value) -> Step {
    let task = step.instance.task_at(element).unwrap();
    complete(model, &step.instance, task, &variables, &equals).unwrap()
}

#[test]
fn a_licence_is_applied_for_supplemented_and_granted() {
    let model = Model::parse(LICENCE).unwrap();
    let step = start(&model, &json!({ "form": { "area": 120 }, "channel": "web" }), &equals).unwrap();
    assert_eq!(open(&step), ["accept"]);
    let opened: Vec<_> = step.opened(&model).collect();
    assert_eq!(opened[0].node.attribute("banhao:act"), Some("accept"));
    assert_eq!(opened[0].node.attribute("banhao:post"), Some("acceptor"));
    assert_eq!(step.instance.variables(), &json!({}), "no condition asks for these");

    let step = act(&model, &step, "accept", json!({ "acceptance": "supplement" }));
    assert_eq!(open(&step), ["supplement"]);
    let step = act(&model, &step, "supplement", json!({}));
    assert_eq!(open(&step), ["accept"], "the supplement leads back to acceptance");
    let step = act(&model, &step, "accept", json!({ "acceptance": "accepted" }));
    assert_eq!(step.instance.times_done("accept"), 2);
    assert_eq!(open(&step), ["review", "inspect"]);

    let step = act(&model, &step, "inspect", json!({}));
    assert_eq!(open(&step), ["review"], "the decision waits for both");
    let step = act(&model, &step, "review", json!({}));
    assert_eq!(open(&step), ["decide"]);
    let step = act(&model, &step, "decide", json!({ "decision": "grant" }));
    let requested: Vec<_> = step.opened(&model).collect();
    assert_eq!(requested[0].node.kind(), NodeKind::ServiceTask);
    let step = act(&model, &step, "make", json!({}));
    let step = act(&model, &step, "deliver", json!({}));
    assert_eq!(step.instance.phase(), Phase::Finished);
    assert_eq!(step.ends().collect::<Vec<_>>(), ["granted"]);
    assert_eq!(step.instance.ends(&model).collect::<Vec<_>>(), ["granted"]);
}

#[test]
fn without_a_decision_to_grant_no_licence_is_made() {
    let model = Model::parse(LICENCE).unwrap();
    let step = start(&model, &Value::Null, &equals).unwrap();
    let step = act(&model, &step, "accept", json!({}));
    let step = act(&model, &step, "review", json!({}));
    let step = act(&model, &step, "inspect", json!({}));
    let step = act(&model, &step, "decide", json!({ "decision": "postponed" }));
    assert_eq!(open(&step), ["deliver_refusal"]);
}

#[test]
fn a_task_is_done_once() {
    let model = Model::parse(LICENCE).unwrap();
    let first = start(&model, &json!({}), &equals).unwrap();
    let task = first.instance.task_at("accept").unwrap();
    let refused = json!({ "acceptance": "refused" });
    let second = complete(&model, &first.instance, task, &refused, &equals).unwrap();
    assert_eq!(second.instance.phase(), Phase::Finished);
    let again = complete(&model, &second.instance, task, &refused, &equals);
    assert_eq!(again.unwrap_err(), RunError::Over);

    let forged: TaskRef = "99".parse().unwrap();
    let error = complete(&model, &first.instance, forged, &refused, &equals).unwrap_err();
    assert_eq!(error.code(), "process-task-not-open");
}

#[test]
fn withdrawing_closes_everything() {
    let model = Model::parse(LICENCE).unwrap();
    let step = start(&model, &json!({}), &equals).unwrap();
    let step = act(&model, &step, "accept", json!({ "acceptance": "accepted" }));
    let step = act(&model, &step, "inspect", json!({}));
    assert_eq!(step.instance.waiting().collect::<Vec<_>>(), [("inspect_to_join", 1)]);
    let step = terminate(&model, &step.instance).unwrap();
    assert_eq!(step.instance.phase(), Phase::Terminated);
    assert_eq!(step.withdrawn().count(), 2, "the open task and the branch that waits");
    assert_eq!(step.instance.size(), 0);
    assert_eq!(terminate(&model, &step.instance).unwrap_err(), RunError::Over);
}

#[test]
fn a_terminate_event_ends_the_other_branches() {
    let model = Model::parse(MODELER).unwrap();
    assert_eq!(model.node("EndEvent_1").unwrap().kind(), NodeKind::TerminateEvent);
    let step = start(&model, &json!({}), &equals).unwrap();
    let step = act(&model, &step, "Task_1", json!({ "ok": false }));
    assert_eq!(open(&step), ["Task_1"]);
    let step = act(&model, &step, "Task_1", json!({ "ok": true }));
    let step = act(&model, &step, "Task_2", json!({}));
    assert_eq!(step.instance.phase(), Phase::Terminated);
    assert_eq!(step.instance.ends(&model).collect::<Vec<_>>(), ["EndEvent_1"]);

    let mut two = ProcessBuilder::new("two", "two");
    two.node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ParallelGateway, "split", None)
        .node(NodeKind::UserTask, "slow", None)
        .node(NodeKind::UserTask, "fast", None)
        .node(NodeKind::EndEvent, "end", None)
        .node(NodeKind::TerminateEvent, "stop", None)
        .flow("f1", "start", "split")
        .flow("f2", "split", "slow")
        .flow("f3", "split", "fast")
        .flow("f4", "slow", "end")
        .flow("f5", "fast", "stop");
    let model = Model::read(&two.document()).unwrap();
    let step = start(&model, &json!({}), &equals).unwrap();
    let slow = step.instance.task_at("slow").unwrap();
    let step = act(&model, &step, "fast", json!({}));
    assert_eq!(step.withdrawn().collect::<Vec<_>>(), [slow]);
    assert!(!step.instance.is_running());
}

#[test]
fn the_state_is_small_and_survives_storage() {
    let model = Model::parse(LICENCE).unwrap();
    let mut step = start(&model, &json!({}), &equals).unwrap();
    let fresh = serde_json::to_string(&step.instance).unwrap();
    let mut events = step.events.clone();
    for _ in 0..500 {
        step = act(&model, &step, "accept", json!({ "acceptance": "supplement" }));
        events.extend(step.events.clone());
        step = act(&model, &step, "supplement", json!({}));
        events.extend(step.events.clone());
    }
    let stored = serde_json::to_string(&step.instance).unwrap();
    assert!(stored.len() < fresh.len() + 250, "a thousand steps add counts, not history: {stored}");
    let read: Instance = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, step.instance);
    let events: Vec<Event> = serde_json::from_str(&serde_json::to_string(&events).unwrap()).unwrap();
    assert_eq!(Instance::replay(&events).unwrap(), step.instance);
    insta::assert_snapshot!(stored);
}

#[test]
fn a_state_of_another_process_or_a_later_program_is_refused() {
    let licence = Model::parse(LICENCE).unwrap();
    let modeler = Model::parse(MODELER).unwrap();
    let step = start(&licence, &json!({}), &equals).unwrap();
    let task = step.instance.task_at("accept").unwrap();
    let error = complete(&modeler, &step.instance, task, &json!({}), &equals).unwrap_err();
    assert_eq!(error.code(), "process-foreign-instance");

    let mut later = serde_json::to_value(&step.instance).unwrap();
    later["form"] = json!(9);
    let later: Instance = serde_json::from_value(later).unwrap();
    let error = complete(&licence, &later, task, &json!({}), &equals).unwrap_err();
    assert_eq!(error, RunError::OtherForm { form: 9 });

    let mut moved = serde_json::to_value(&step.instance).unwrap();
    moved["tokens"]["1"]["at"] = json!("no such step");
    let moved: Instance = serde_json::from_value(moved).unwrap();
    let error = complete(&licence, &moved, task, &json!({}), &equals).unwrap_err();
    assert_eq!(error.code(), "process-foreign-instance");
}

#[test]
fn a_flow_that_goes_round_without_a_task_is_stopped() {
    let mut round = ProcessBuilder::new("round", "round");
    round
        .node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ExclusiveGateway, "a", None)
        .node(NodeKind::ExclusiveGateway, "b", None)
        .node(NodeKind::EndEvent, "end", None)
        .flow("f1", "start", "a")
        .flow("f2", "a", "b")
        .flow("f3", "b", "a")
        .when("again = true")
        .flow("f4", "b", "end")
        .by_default();
    let model = Model::read(&round.document()).unwrap();
    let error = start(&model, &json!({ "again": true }), &equals).unwrap_err();
    assert_eq!(error.code(), "process-endless-loop");
    assert!(start(&model, &json!({ "again": false }), &equals).is_ok());

    // The same with branches that multiply on every round.
    let mut flood = ProcessBuilder::new("flood", "flood");
    flood
        .node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ExclusiveGateway, "a", None)
        .node(NodeKind::ParallelGateway, "b", None)
        .node(NodeKind::UserTask, "task", None)
        .node(NodeKind::EndEvent, "end", None)
        .flow("f1", "start", "a")
        .flow("f2", "a", "b")
        .flow("f3", "b", "a")
        .flow("f4", "b", "task")
        .flow("f5", "task", "end");
    let model = Model::read(&flood.document()).unwrap();
    let error = start(&model, &json!({}), &equals).unwrap_err();
    assert_eq!(error.code(), "process-too-deep");
}

#[test]
fn a_gateway_without_a_way_out_and_a_broken_condition_are_errors() {
    let mut choice = ProcessBuilder::new("choice", "choice");
    choice
        .node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ExclusiveGateway, "which", None)
        .node(NodeKind::EndEvent, "one", None)
        .node(NodeKind::EndEvent, "other", None)
        .flow("f1", "start", "which")
        .flow("f2", "which", "one")
        .when("way = 1")
        .flow("f3", "which", "other")
        .when("way = 2");
    let model = Model::read(&choice.document()).unwrap();
    assert_eq!(model.remarks()[0].code, "missing-default");
    let error = start(&model, &json!({ "way": 3 }), &equals).unwrap_err();
    assert_eq!(error, RunError::NoWayOut { element: "which".to_owned() });
    let broken = |_: &str, _: &Value| Err("null is not a boolean".to_owned());
    let error = start(&model, &json!({ "way": 3 }), &broken).unwrap_err();
    insta::assert_snapshot!(format!("{error}\n{}", error.zh()));
    let error = start(&model, &json!([1]), &equals).unwrap_err();
    assert_eq!(error, RunError::VariablesNotAnObject);
}

#[test]
fn a_choice_that_ends_in_a_parallel_join_is_told_to_be_stuck() {
    let mut stuck = ProcessBuilder::new("stuck", "stuck");
    stuck
        .node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ExclusiveGateway, "which", None)
        .node(NodeKind::ParallelGateway, "both", None)
        .node(NodeKind::EndEvent, "end", None)
        .flow("f1", "start", "which")
        .flow("f2", "which", "both")
        .when("way = 1")
        .flow("f3", "which", "both")
        .by_default()
        .flow("f4", "both", "end");
    let model = Model::read(&stuck.document()).unwrap();
    let error = start(&model, &json!({}), &equals).unwrap_err();
    assert_eq!(error, RunError::Stuck { flows: vec!["f3".to_owned()] });
}

#[test]
fn an_inclusive_gateway_waits_only_for_what_can_still_come() {
    let mut some = ProcessBuilder::new("some", "some");
    some.node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::InclusiveGateway, "which", None)
        .node(NodeKind::UserTask, "fire", Some("消防"))
        .node(NodeKind::UserTask, "water", Some("水务"))
        .node(NodeKind::UserTask, "plain", None)
        .node(NodeKind::InclusiveGateway, "all", None)
        .node(NodeKind::EndEvent, "end", None)
        .flow("f1", "start", "which")
        .flow("to_fire", "which", "fire")
        .when("fire = true")
        .flow("to_water", "which", "water")
        .when("water = true")
        .flow("to_plain", "which", "plain")
        .by_default()
        .flow("f2", "fire", "all")
        .flow("f3", "water", "all")
        .flow("f4", "plain", "all")
        .flow("f5", "all", "end");
    let model = Model::read(&some.document()).unwrap();

    let step = start(&model, &json!({ "fire": true, "water": true }), &equals).unwrap();
    assert_eq!(open(&step), ["fire", "water"]);
    let step = act(&model, &step, "water", json!({}));
    assert_eq!(open(&step), ["fire"]);
    let step = act(&model, &step, "fire", json!({}));
    assert_eq!(step.instance.phase(), Phase::Finished);
    assert_eq!(step.instance.times_done("all"), 1);

    let step = start(&model, &json!({}), &equals).unwrap();
    assert_eq!(open(&step), ["plain"]);
    let step = act(&model, &step, "plain", json!({}));
    assert_eq!(step.instance.phase(), Phase::Finished);
}

#[test]
fn an_inclusive_gateway_does_not_wait_for_the_next_round() {
    // Beside the inclusive block stands a task from which a loop leads back to the block: what comes that way comes through
    // the block's own beginning, so it could as well come where something waits already (BPMN 2.0, 13.4.3).
    let mut round = ProcessBuilder::new("round", "round");
    round
        .node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ExclusiveGateway, "top", None)
        .node(NodeKind::ParallelGateway, "split", None)
        .node(NodeKind::InclusiveGateway, "which", None)
        .node(NodeKind::UserTask, "fire", None)
        .node(NodeKind::UserTask, "water", None)
        .node(NodeKind::InclusiveGateway, "all", None)
        .node(NodeKind::UserTask, "after", None)
        .node(NodeKind::UserTask, "beside", None)
        .node(NodeKind::ParallelGateway, "join", None)
        .node(NodeKind::ExclusiveGateway, "bottom", None)
        .node(NodeKind::EndEvent, "end", None)
        .flow("f1", "start", "top")
        .flow("f2", "top", "split")
        .flow("f3", "split", "which")
        .flow("f4", "which", "fire")
        .when("fire = true")
        .flow("f5", "which", "water")
        .by_default()
        .flow("f6", "fire", "all")
        .flow("f7", "water", "all")
        .flow("f8", "all", "after")
        .flow("f9", "after", "join")
        .flow("f10", "split", "beside")
        .flow("f11", "beside", "join")
        .flow("f12", "join", "bottom")
        .flow("f13", "bottom", "top")
        .when("again = true")
        .flow("f14", "bottom", "end")
        .by_default();
    let model = Model::read(&round.document()).unwrap();
    let step = start(&model, &json!({ "fire": true }), &equals).unwrap();
    let step = act(&model, &step, "fire", json!({}));
    assert_eq!(open(&step), ["beside", "after"]);
    let step = act(&model, &step, "beside", json!({ "again": true, "fire": false }));
    let step = act(&model, &step, "after", json!({}));
    let step = act(&model, &step, "water", json!({}));
    assert_eq!(open(&step), ["beside", "after"]);
}

#[test]
fn branches_that_meet_before_a_join_are_all_counted() {
    let mut merged = ProcessBuilder::new("merged", "merged");
    merged
        .node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::ParallelGateway, "split", None)
        .node(NodeKind::UserTask, "one", None)
        .node(NodeKind::UserTask, "two", None)
        .node(NodeKind::UserTask, "slow", None)
        .node(NodeKind::ExclusiveGateway, "merge", None)
        .node(NodeKind::ParallelGateway, "join", None)
        .node(NodeKind::EndEvent, "end", None)
        .flow("f1", "start", "split")
        .flow("f2", "split", "one")
        .flow("f3", "split", "two")
        .flow("f4", "split", "slow")
        .flow("f5", "one", "merge")
        .flow("f6", "two", "merge")
        .flow("f7", "merge", "join")
        .flow("f8", "slow", "join")
        .flow("f9", "join", "end");
    let model = Model::read(&merged.document()).unwrap();
    let step = start(&model, &json!({}), &equals).unwrap();
    let step = act(&model, &step, "one", json!({}));
    let step = act(&model, &step, "two", json!({}));
    assert_eq!(step.instance.waiting().collect::<Vec<_>>(), [("f7", 2)]);
    assert_eq!(step.instance.size(), 3);
    let slow = step.instance.task_at("slow").unwrap();
    let error = complete(&model, &step.instance, slow, &json!({}), &equals).unwrap_err();
    assert_eq!(error, RunError::Stuck { flows: vec!["f7".to_owned()] });
    let step = terminate(&model, &step.instance).unwrap();
    assert_eq!(step.instance.size(), 0);
}

#[test]
fn a_task_with_several_ways_out_takes_all_that_hold() {
    let mut fork = ProcessBuilder::new("fork", "fork");
    fork.node(NodeKind::StartEvent, "start", None)
        .node(NodeKind::UserTask, "task", None)
        .node(NodeKind::UserTask, "always", None)
        .node(NodeKind::UserTask, "sometimes", None)
        .node(NodeKind::UserTask, "otherwise", None)
        .flow("f0", "start", "task")
        .flow("f1", "task", "always")
        .flow("f2", "task", "sometimes")
        .when("big = true")
        .flow("f3", "task", "otherwise")
        .by_default()
        .node(NodeKind::EndEvent, "end", None)
        .flow("f4", "always", "end")
        .flow("f5", "sometimes", "end")
        .flow("f6", "otherwise", "end");
    let model = Model::read(&fork.document()).unwrap();
    let begun = start(&model, &json!({}), &equals).unwrap();
    let step = act(&model, &begun, "task", json!({ "big": true }));
    assert_eq!(open(&step), ["always", "sometimes"]);
    let step = act(&model, &begun, "task", json!({ "big": false }));
    assert_eq!(open(&step), ["always", "otherwise"]);
}

#[test]
fn events_that_do_not_follow_are_refused() {
    let model = Model::parse(LICENCE).unwrap();
    let step = start(&model, &json!({}), &equals).unwrap();
    let twice = step.events.iter().chain(&step.events);
    assert!(Instance::replay(twice).is_err());
    let mut over = step.events.clone();
    over.push(Event::Finished);
    over.push(Event::Finished);
    assert!(Instance::replay(&over).is_err());
}
