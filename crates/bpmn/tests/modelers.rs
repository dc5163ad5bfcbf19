//! Files in the dialects of common modelers, written for these tests: foreign namespaces, odd prefixes, several processes, CDATA,
//! comments, instructions. Nothing is lost when they are written again, and what is said of them helps.
#![expect(clippy::unwrap_used, reason = "tests")]

use banhao_bpmn::{Drawing, Model, Severity, draw, tree::Document};

const CAMUNDA: &str = include_str!("data/modelers/camunda8.bpmn");
const SIGNAVIO: &str = include_str!("data/modelers/signavio.bpmn");
const ADONIS: &str = include_str!("data/modelers/adonis.bpmn");
const BIZAGI: &str = include_str!("data/modelers/bizagi.bpmn");
const ALL: [(&str, &str); 4] = [("camunda", CAMUNDA), ("signavio", SIGNAVIO), ("adonis", ADONIS), ("bizagi", BIZAGI)];

/// Everything an XML reader other than our tree sees: names with namespaces, attributes, texts, comments, instructions.
fn seen(xml: &str) -> Vec<String> {
    let parsed = roxmltree::Document::parse(xml).unwrap();
    let mut seen = Vec::new();
    for node in parsed.descendants() {
        if node.is_element() {
            let mut attributes: Vec<String> =
                node.attributes().map(|part| format!("{:?} {} {}", part.namespace(), part.name(), part.value())).collect();
            attributes.sort();
            seen.push(format!("{:?} {attributes:?}", node.tag_name()));
        } else if let Some(instruction) = node.pi() {
            seen.push(format!("{instruction:?}"));
        } else if let Some(text) = node.text() {
            seen.push(format!("{:?} {text:?}", node.node_type()));
        }
    }
    seen
}

#[test]
fn nothing_is_lost_of_the_files_of_other_modelers() {
    for (name, xml) in ALL {
        let document = Document::parse(xml).unwrap();
        let written = document.to_xml();
        assert_eq!(seen(&written), seen(xml), "{name}");
        assert_eq!(Document::parse(&written).unwrap().to_xml(), written, "{name}");
    }
}

#[test]
fn a_drawing_is_added_and_nothing_else_changed() {
    for (name, xml) in ALL {
        let model = Model::parse(xml).unwrap();
        let mut document = Document::parse(xml).unwrap();
        document.lay_out(&model);
        let written = document.to_xml();
        let kept = |seen: Vec<String>| -> Vec<String> {
            seen.into_iter().filter(|part| !part.contains("/DI") && !part.contains("/DC") && !part.contains("\"\\n")).collect()
        };
        assert_eq!(kept(seen(&written)), kept(seen(xml)), "{name}");
        let again = Model::parse(&written).unwrap();
        assert!(again.diagram().is_some(), "{name}");
        assert!(draw(&again, None, &Drawing::default()).contains("bpmn-beside"), "{name}: notes, data or pools are drawn");
    }
}

#[test]
fn what_is_said_of_them_helps() {
    let said = |xml: &str| -> Vec<String> {
        let model = Model::parse(xml).unwrap();
        assert!(model.remarks().iter().all(|remark| remark.severity != Severity::Error && remark.line > 0));
        model.remarks().iter().map(|remark| format!("{} {}", remark.code, remark.element.as_deref().unwrap_or_default())).collect()
    };
    let all: Vec<String> = ALL.iter().flat_map(|(name, xml)| said(xml).into_iter().map(move |line| format!("{name}: {line}"))).collect();
    insta::assert_snapshot!(all.join("\n"));
    let model = Model::parse(CAMUNDA).unwrap();
    let fee = model.node("fee").unwrap();
    assert_eq!(fee.decision().map(|decision| (decision.decision.as_str(), decision.result.as_str())), Some(("signboard-fee", "fee")));
    assert_eq!(model.flow("Flow_3").unwrap().condition(), Some("area > 5"));
    assert_eq!(Model::parse(ADONIS).unwrap().id(), "_obj.1001");
    assert_eq!(Model::parse(BIZAGI).unwrap().id(), "Id_9b");
    let signavio = Model::parse(SIGNAVIO).unwrap();
    assert_eq!(signavio.node("sid-a").unwrap().documentation(), Some("须附 <平面图> & 工期表"));
}
