//! Files with several drawings: that of the whole, one for each closed subprocess, one of another process.
#![expect(clippy::unwrap_used, reason = "tests")]

use banhao_bpmn::{Drawing, Model, draw, tree::Document};

const SEVERAL: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
  <process id="main" name="经营许可" isExecutable="true">
    <startEvent id="s"/>
    <subProcess id="check" name="审查"><startEvent id="cs"/><endEvent id="inner" name="查完"/><sequenceFlow id="c1" sourceRef="cs" targetRef="inner"/></subProcess>
    <endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="e"/>
  </process>
  <process id="other"><startEvent id="os"/><endEvent id="copy" name="归档"/><sequenceFlow id="o1" sourceRef="os" targetRef="copy"/></process>
  <bpmndi:BPMNDiagram id="d_check" name="审查怎么做"><bpmndi:BPMNPlane bpmnElement="check">
    <bpmndi:BPMNShape bpmnElement="cs"><dc:Bounds x="10" y="20" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape bpmnElement="inner"><dc:Bounds x="100" y="0" width="100" height="80"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
  <bpmndi:BPMNDiagram id="d_main"><bpmndi:BPMNPlane bpmnElement="main">
    <bpmndi:BPMNShape bpmnElement="s"><dc:Bounds x="10" y="20" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape bpmnElement="e"><dc:Bounds x="300" y="20" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape bpmnElement="check" isExpanded="false"><dc:Bounds x="100" y="0" width="100" height="80"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
  <bpmndi:BPMNDiagram id="d_other" name="归档"><bpmndi:BPMNPlane bpmnElement="other">
    <bpmndi:BPMNShape bpmnElement="os"><dc:Bounds x="10" y="20" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape bpmnElement="copy"><dc:Bounds x="100" y="0" width="300" height="80"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"#;

/// Ids of what is drawn.
fn drawn(model: &Model) -> Vec<String> {
    let svg = draw(model, None, &Drawing::default());
    let parsed = roxmltree::Document::parse(&svg).unwrap();
    let mut ids: Vec<String> = parsed.descendants().filter_map(|node| node.attribute("data-element").map(str::to_owned)).collect();
    ids.sort();
    ids
}

#[test]
fn each_drawing_of_a_file_can_be_asked_for() {
    let document = Document::parse(SEVERAL).unwrap();
    // Not the first of the file, but the first that shows the whole.
    assert_eq!(drawn(&Model::parse(SEVERAL).unwrap()), ["check", "e", "f1", "f2", "s"]);
    for wanted in ["2", "d_main", "main"] {
        assert_eq!(drawn(&Model::read_diagram(&document, wanted).unwrap()), ["check", "e", "f1", "f2", "s"], "{wanted}");
    }
    for wanted in ["1", "审查怎么做", " d_check ", "check"] {
        assert_eq!(drawn(&Model::read_diagram(&document, wanted).unwrap()), ["c1", "cs", "inner"], "{wanted}");
    }
    for wanted in ["3", "归档", "d_other", "other"] {
        let model = Model::read_diagram(&document, wanted).unwrap();
        assert_eq!((model.id(), drawn(&model)), ("other", vec!["copy".to_owned(), "o1".to_owned(), "os".to_owned()]), "{wanted}");
    }
}

#[test]
fn who_asks_for_a_drawing_that_is_not_there_is_told_which_are() {
    let document = Document::parse(SEVERAL).unwrap();
    let problems = Model::read_diagram(&document, "4").unwrap_err();
    assert_eq!(problems[0].code, "no-diagram");
    assert_eq!(problems[0].zh, "文件里没有叫“4”的图。有 3 张：1 审查怎么做；2 main；3 归档。请写其中一张的序号或名称。");
    assert_eq!(
        problems[0].en,
        "The file has no drawing “4”. It has 3: 1 审查怎么做; 2 main; 3 归档. Name one of them, or give its number."
    );
    let bare = &SEVERAL[..SEVERAL.find("<bpmndi:BPMNDiagram").unwrap()];
    let document = Document::parse(&format!("{bare}</definitions>")).unwrap();
    assert!(Model::read_diagram(&document, "1").unwrap_err()[0].zh.contains("文件里没有图"));
}

#[test]
fn the_drawing_of_a_closed_subprocess_stays_when_the_whole_is_written_anew() {
    let mut document = Document::parse(SEVERAL).unwrap();
    document.lay_out(&Model::parse(SEVERAL).unwrap());
    let written = Document::parse(&document.to_xml()).unwrap();
    assert_eq!(drawn(&Model::read_diagram(&written, "审查怎么做").unwrap()), ["c1", "cs", "inner"]);
    assert_eq!(drawn(&Model::read(&written).unwrap()), ["check", "e", "f1", "f2", "s"]);
}
