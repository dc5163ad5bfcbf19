//! Two versions of a process held against each other, in words and as drawings.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;

use banhao_bpmn::{ChangeKind, Differences, Drawing, Model, Words, compare, draw_differences};

const LICENCE: &str = include_str!("data/licence.bpmn");
const EVENTS: &str = include_str!("data/events.bpmn");

fn model(inside: &str) -> Model {
    Model::parse(&format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:banhao="https://banhao.example/ns/bpmn"><message id="m" name="材料到了"/><process id="p" name="许可">{inside}</process></definitions>"#
    ))
    .unwrap()
}

const OLD: &str = r#"<startEvent id="s"/><userTask id="accept" name="受理" banhao:post="acceptor" banhao:days="5"/>
<exclusiveGateway id="g" name="准予吗？" default="no"/><userTask id="sign" name="会签" banhao:sign="all" banhao:signers="offices"/><task id="stamp" name="盖章"/>
<boundaryEvent id="late" attachedToRef="accept"><timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="e"/><endEvent id="over"/>
<sequenceFlow id="a" sourceRef="s" targetRef="accept"/><sequenceFlow id="b" sourceRef="accept" targetRef="g"/>
<sequenceFlow id="yes" name="准予" sourceRef="g" targetRef="sign"><conditionExpression>decision = "grant"</conditionExpression></sequenceFlow>
<sequenceFlow id="again" sourceRef="g" targetRef="accept"><conditionExpression>decision = "again"</conditionExpression></sequenceFlow>
<sequenceFlow id="no" sourceRef="g" targetRef="e"/><sequenceFlow id="c" sourceRef="sign" targetRef="stamp"/><sequenceFlow id="d" sourceRef="stamp" targetRef="e"/><sequenceFlow id="l" sourceRef="late" targetRef="over"/>"#;

const NEW: &str = r#"<startEvent id="s"/><userTask id="accept" name="受理登记" banhao:post="acceptor" banhao:days="3"/>
<exclusiveGateway id="g" name="准予吗？" default="no"/><userTask id="sign" name="会签" banhao:sign="vote" banhao:share="2/3" banhao:signers="offices"/><serviceTask id="make" name="制证"/>
<boundaryEvent id="late" attachedToRef="accept" cancelActivity="false"><messageEventDefinition messageRef="m"/></boundaryEvent><endEvent id="e"/><endEvent id="over"/>
<sequenceFlow id="other" sourceRef="s" targetRef="accept"/><sequenceFlow id="b" sourceRef="accept" targetRef="g"/>
<sequenceFlow id="again" sourceRef="g" targetRef="accept"><conditionExpression>decision = "again"</conditionExpression></sequenceFlow>
<sequenceFlow id="yes" name="准予" sourceRef="g" targetRef="sign"><conditionExpression>decision = "grant" and paid</conditionExpression></sequenceFlow>
<sequenceFlow id="no" sourceRef="g" targetRef="over"/><sequenceFlow id="c" sourceRef="sign" targetRef="make"/><sequenceFlow id="d2" sourceRef="make" targetRef="e"/><sequenceFlow id="l" sourceRef="late" targetRef="over"/>"#;

fn told(differences: &Differences, words: &Words) -> String {
    let mut text = String::new();
    for change in differences.changes() {
        let _ = writeln!(text, "{}", change.text(words));
    }
    text
}

#[test]
fn what_is_different_is_told_in_both_languages() {
    let differences = compare(&model(OLD), &model(NEW));
    insta::assert_snapshot!("in_chinese", told(&differences, &Words::zh()));
    insta::assert_snapshot!("in_english", told(&differences, &Words::en()));
    assert_eq!([ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed].map(|kind| differences.count(kind)), [2, 2, 8]);
    assert_eq!(differences.mark("make"), Some(ChangeKind::Added));
    assert_eq!(differences.mark("stamp"), Some(ChangeKind::Removed));
    assert_eq!((differences.mark("a"), differences.mark("other")), (Some(ChangeKind::Changed), Some(ChangeKind::Changed)));
    assert_eq!(differences.mark("e"), None);
}

#[test]
fn a_version_is_not_different_from_itself() {
    for text in [LICENCE, EVENTS] {
        let one = Model::parse(text).unwrap();
        // Lines move, meaning does not.
        let moved = Model::parse(&text.replace("<bpmn:process", "\n\n<bpmn:process").replace("<process", "\n\n<process")).unwrap();
        assert!(compare(&one, &moved).is_empty(), "{}", told(&compare(&one, &moved), &Words::en()));
    }
}

#[test]
fn what_comes_for_one_goes_for_the_other() {
    let (old, new) = (model(OLD), model(NEW));
    let (there, back) = (compare(&old, &new), compare(&new, &old));
    assert_eq!(there.count(ChangeKind::Added), back.count(ChangeKind::Removed));
    assert_eq!(there.count(ChangeKind::Removed), back.count(ChangeKind::Added));
    assert_eq!(there.count(ChangeKind::Changed), back.count(ChangeKind::Changed));
}

#[test]
fn both_drawings_show_it_by_sign_line_and_pattern() {
    let (old, new) = (model(OLD), model(NEW));
    let differences = compare(&old, &new);
    for (model, shown, hidden) in [(&old, "removed", "added"), (&new, "added", "removed")] {
        let svg = draw_differences(model, &differences, &Drawing { legend: false, style: false, ..Drawing::default() });
        let parsed = roxmltree::Document::parse(&svg).unwrap();
        let classes: Vec<&str> = parsed.descendants().filter_map(|node| node.attribute("class")).collect();
        assert!(classes.contains(&format!("bpmn-node bpmn-{shown}").as_str()) && classes.contains(&"bpmn-node bpmn-changed"));
        assert!(!classes.contains(&format!("bpmn-node bpmn-{hidden}").as_str()));
        let described = parsed.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap();
        assert!(described.contains(if shown == "added" { "新增：制证。" } else { "删去：盖章。" }), "{described}");
        // Every mark has a sign of its own, and boxes have lines of their own.
        let signs = parsed.descendants().filter(|node| node.attribute("class") == Some("bpmn-sign")).count();
        let marked = classes.iter().filter(|class| class.starts_with("bpmn-node bpmn-") && !class.ends_with("ahead")).count();
        let flows = classes.iter().filter(|class| class.starts_with("bpmn-flow bpmn-")).count();
        assert_eq!(signs, marked + flows);
        assert!(parsed.descendants().any(|node| node.attribute("stroke-dasharray") == Some("2.5 2.5")));
        assert_eq!(svg.contains("line-through"), shown == "removed");
        let drawn = draw_differences(model, &differences, &Drawing::default());
        assert!(drawn.contains("未变"), "the legend explains the signs");
    }
}
