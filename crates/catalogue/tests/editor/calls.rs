//! A process that calls another of its file, tried out before it is published.

use banhao_bpmn::{Drawing, Orientation, draw};
use banhao_catalogue::editor::{StepTable, Trial, explore};
use banhao_catalogue::process_model;
use serde_json::json;

const PROCESS: &str = include_str!("../../../cases/tests/data/call.bpmn");

#[test]
fn a_trial_goes_into_the_called_process_and_out_again() {
    let model = process_model(PROCESS).unwrap();
    let mut trial = Trial::begin(&model, None, &json!({})).unwrap();
    let mut reached = Vec::new();
    // Once to the end; a department of the first call objects.
    for (step, what) in [
        ("accept", "accepted"),
        ("paper_review", "pass"),
        ("check_site", "pass"),
        ("check_sign", "fail"),
        ("check_sign", "pass"),
        ("check_sum_up", "pass"),
        ("again_site", "pass"),
        ("again_sign", "pass"),
        ("again_sign", "pass"),
        ("decide", "refuse"),
        ("deliver_refusal", "done"),
    ] {
        let choices = trial.choices();
        let choice = choices.iter().find(|choice| choice.element == step && choice.what == what);
        let choice = choice.unwrap_or_else(|| panic!("{step} {what} is not among {choices:?}"));
        trial.choose(&choice.word).unwrap();
        reached.extend(trial.happened().last().unwrap().reached.clone());
    }
    assert!(!trial.instance().is_running());
    assert_eq!(reached.last().map(String::as_str), Some("refused"));
}

#[test]
fn every_way_through_the_calls_is_gone() {
    let model = process_model(PROCESS).unwrap();
    let outlook = explore(&model, None, &json!({}));
    let ends: Vec<&str> = outlook.endings.iter().map(|ending| ending.end.as_str()).collect();
    assert_eq!(ends, ["granted", "not_accepted", "refused"]);
    assert!(outlook.never.is_empty() && outlook.stopped.is_empty(), "{outlook:?}");
    // Two calls of three days each, two for the papers, one for the decision.
    assert_eq!(outlook.endings.iter().map(|ending| ending.days.1).max(), Some(9));
}

#[test]
fn what_is_called_is_drawn_with_the_rest_and_is_no_table() {
    let model = process_model(PROCESS).unwrap();
    for orientation in [Orientation::Horizontal, Orientation::Vertical] {
        let svg = draw(&model, None, &Drawing { orientation, ..Drawing::default() });
        assert!(svg.matches("部门会签").count() >= 2, "both calls are drawn with their steps");
    }
    let why = StepTable::from_model(&model).unwrap_err();
    assert_eq!(why.element, "check");
    // Nothing of the file is changed by reading it.
    assert!(PROCESS.contains("calledElement"));
}
