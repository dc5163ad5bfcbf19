//! Reading files: what is kept, what is refused and in which words, and what hostile files do.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;

use banhao_bpmn::{
    BpmnProblem, Model, limits,
    tree::{Content, Document, Element},
};

const LICENCE: &str = include_str!("data/licence.bpmn");
const MODELER: &str = include_str!("data/modeler.bpmn");

/// A file with this inside its process.
fn file(process: &str) -> String {
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:b="https://banhao.example/ns/bpmn">
<process id="p">
{process}
</process>
</definitions>"#
    )
}

fn told(problems: &[BpmnProblem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let _ = writeln!(
            text,
            "{:?} {} line {} {}\n  {}\n  {}",
            problem.severity,
            problem.code,
            problem.line,
            problem.element.as_deref().unwrap_or("-"),
            problem.zh,
            problem.en
        );
    }
    text
}

fn refused(xml: &str) -> Vec<BpmnProblem> {
    Model::parse(xml).unwrap_err()
}

fn code(xml: &str) -> &'static str {
    refused(xml)[0].code
}

#[test]
fn a_licence_process_is_read_with_everything_we_need() {
    let model = Model::parse(LICENCE).unwrap();
    assert_eq!(model.name(), Some("食品经营许可"));
    assert!(model.remarks().is_empty(), "{}", told(model.remarks()));
    let accept = model.node("accept").unwrap();
    assert_eq!(accept.attribute("banhao:days"), Some("5"));
    assert_eq!(accept.documentation(), Some("一次性告知需要补正的全部内容。"));
    assert_eq!(accept.extensions()[0].attribute("kind"), Some("acceptance"));
    assert_eq!(accept.line(), 10);
    let gateway = model.node("granted_or_not").unwrap();
    assert_eq!(model.default_flow(gateway).unwrap().id(), "to_refusal");
    let conditions: Vec<_> = model.conditions().map(|(_, text)| text).collect();
    assert_eq!(conditions, [r#"acceptance = "supplement""#, r#"acceptance = "refused""#, r#"decision = "grant""#]);
}

#[test]
fn our_attributes_are_found_under_any_prefix() {
    let model = Model::parse(&file(
        r#"<startEvent id="s"/><userTask id="t" b:post="acceptor"/><endEvent id="e"/>
<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#,
    ))
    .unwrap();
    assert_eq!(model.node("t").unwrap().attribute("banhao:post"), Some("acceptor"));
    assert!(model.remarks().is_empty());
}

#[test]
fn a_file_of_a_modeler_keeps_what_it_does_not_use() {
    let model = Model::parse(MODELER).unwrap();
    insta::assert_snapshot!(told(model.remarks()));
    assert_eq!(model.flow("Flow_3").unwrap().condition(), Some("ok = true"));
    assert_eq!(model.diagram().unwrap().shapes.len(), 7);
}

#[test]
fn mistakes_are_named_with_line_and_element() {
    insta::assert_snapshot!(told(&refused(&file(
        r#"<startEvent id="s" name="开始"/>
<userTask id="t" name="受理"/>
<userTask id="t" name="受理"/>
<userTask name="没有编号"/>
<userTask id="island" name="孤岛" b:post="acceptor"/>
<scriptTask id="script" name="算一算"/>
<subProcess id="sub"><startEvent id="inner"/></subProcess>
<boundaryEvent id="late" attachedToRef="t"><timerEventDefinition/></boundaryEvent>
<startEvent id="s2"><messageEventDefinition/></startEvent>
<userTask id="many" b:post="x"><multiInstanceLoopCharacteristics/></userTask>
<callActivity id="call" calledElement="other"/>
<exclusiveGateway id="g" name="哪边？" default="nowhere"/>
<parallelGateway id="par"/>
<endEvent id="e"/>
<wonder id="w"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
<sequenceFlow id="f2" sourceRef="t" targetRef="gone"/>
<sequenceFlow id="f3" sourceRef="t" targetRef="g"/>
<sequenceFlow id="f4" sourceRef="g" targetRef="e"/>
<sequenceFlow id="f5" sourceRef="g" targetRef="par"><conditionExpression>x = 1</conditionExpression></sequenceFlow>
<sequenceFlow id="f6" sourceRef="par" targetRef="e"><conditionExpression> </conditionExpression></sequenceFlow>
<sequenceFlow id="f7" sourceRef="par" targetRef="e"><conditionExpression>x = 1</conditionExpression></sequenceFlow>
<sequenceFlow id="f8" sourceRef="e" targetRef="t"><conditionExpression>${execution.getEngine()}</conditionExpression></sequenceFlow>
<sequenceFlow id="f9" sourceRef="t" targetRef="s"/>
<sequenceFlow id="f10" sourceRef="t" targetRef="script"/>"#
    ))));
}

#[test]
fn doubtful_things_are_warned_of() {
    let model = Model::parse(&file(
        r#"<startEvent id="s"/>
<userTask id="t" name="受理"/>
<exclusiveGateway id="g" name="准予吗？"/>
<endEvent id="e"/>
<userTask id="island" name="孤岛" b:post="acceptor"/>
<exclusiveGateway id="h" default="f6"/>
<userTask id="loose" b:post="acceptor"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
<sequenceFlow id="f2" sourceRef="t" targetRef="g"/>
<sequenceFlow id="f3" sourceRef="g" targetRef="e"><conditionExpression>x = 1</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="g" targetRef="h"><conditionExpression>x = 2</conditionExpression></sequenceFlow>
<sequenceFlow id="f5" sourceRef="h" targetRef="loose"><conditionExpression>x = 3</conditionExpression></sequenceFlow>
<sequenceFlow id="f6" sourceRef="h" targetRef="e"><conditionExpression>x = 4</conditionExpression></sequenceFlow>
<dataObject id="d"/>"#,
    ))
    .unwrap();
    insta::assert_snapshot!(told(model.remarks()));
}

#[test]
fn a_process_needs_a_beginning_and_an_end() {
    let codes: Vec<_> = refused(&file(r#"<userTask id="t" b:post="x"/>"#)).iter().map(|p| p.code).collect();
    assert!(codes.contains(&"no-start") && codes.contains(&"no-end"));
    assert_eq!(code(&file("")), "no-process");
    assert_eq!(code("<html/>"), "not-bpmn");
    assert_eq!(code(""), "xml-malformed");
    assert_eq!(code("a,b,c\n1,2,3"), "xml-malformed");
    let two = file(r#"<startEvent id="s"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/>"#)
        .replace("</definitions>", r#"<process id="q"><startEvent id="s2"/></process></definitions>"#);
    assert_eq!(code(&two), "several-processes");
}

#[test]
fn entities_are_refused() {
    let bomb = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n{}", file("&b;"));
    assert_eq!(code(&bomb), "xml-document-type");
    assert_eq!(refused(&bomb)[0].line, 2);
    let outside = format!("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", file("&x;"));
    assert_eq!(code(&outside), "xml-document-type");
    assert_eq!(code(&file("&undeclared;")), "xml-malformed");
}

#[test]
fn deep_nesting_is_refused() {
    for unit in ["<a>", "<subProcess id=\"s\">", "<extensionElements>"] {
        assert_eq!(code(&file(&unit.repeat(100_000))), "xml-too-deep");
        let closed = unit.split([' ', '>']).next().unwrap().replace('<', "</") + ">";
        let deep = unit.repeat(100_000) + &closed.repeat(100_000);
        assert_eq!(code(&file(&deep)), "xml-too-deep");
    }
    // Words about elements are not elements.
    let talk = format!("<!-- {} --><documentation><![CDATA[{}]]></documentation>", "<a>".repeat(500), "<a>".repeat(500));
    assert_eq!(code(&file(&talk)), "no-process");
}

#[test]
fn too_much_of_anything_is_refused() {
    assert_eq!(code(&file(&" ".repeat(limits::MAX_BYTES))), "xml-too-large");
    let long = "x".repeat(limits::MAX_VALUE + 1);
    assert_eq!(code(&file(&format!("<userTask id=\"{long}\"/>"))), "xml-value-too-long");
    let long = "x".repeat(5_000);
    let codes: Vec<_> = refused(&file(&format!("<userTask id=\"{long}\"/><userTask id=\"t\" name=\"{long}\"/>")))
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes.iter().filter(|code| **code == "value-too-long").count(), 2);
    let mut attributes = String::new();
    let mut spaces = String::new();
    for at in 0..50_000 {
        let _ = write!(attributes, " a{at}=\"\"");
        let _ = write!(spaces, " xmlns:a{at}=\"u\"");
    }
    assert_eq!(code(&file(&format!("<userTask{attributes}/>"))), "xml-too-many-attributes");
    assert_eq!(code(&file(&format!("<userTask{spaces}/>"))), "xml-too-many-attributes");
    assert_eq!(code(&file(&"<a/>".repeat(300_000))), "xml-malformed");
    let many = refused(&file(&("<dataObject/>\n".repeat(50_000) + "<userTask/>")));
    assert_eq!(many.len(), 201);
    assert!(many.iter().any(|problem| problem.code == "missing-id"), "the worst are kept");
    assert_eq!(many[200].code, "more");
    let mut tasks = String::new();
    for at in 0..=limits::MAX_NODES {
        let _ = write!(tasks, "<userTask id=\"t{at}\"/>");
    }
    assert_eq!(code(&file(&tasks)), "process-too-large");
}

#[test]
fn half_a_file_never_panics() {
    for text in [LICENCE, MODELER] {
        for (end, _) in text.char_indices() {
            let _ = Model::parse(&text[..end]);
            let _ = Model::parse(&text[end..]);
        }
        for cut in (0..text.len()).step_by(7) {
            if text.is_char_boundary(cut) && text.is_char_boundary(cut + 7) {
                let mut mangled = text.to_owned();
                mangled.replace_range(cut..cut + 7, "<\"");
                let _ = Model::parse(&mangled);
            }
        }
    }
}

/// Takes the lines away, which writing may move.
fn without_lines(element: &mut Element) {
    element.line = 0;
    for content in &mut element.content {
        if let Content::Element(child) = content {
            without_lines(child);
        }
    }
}

#[test]
fn writing_what_was_read_keeps_everything() {
    let odd = r#"<?xml version="1.0"?><!-- before --><r xmlns="u" xmlns:x="v" a="&lt;&amp;&quot;&#10;&#9;" x:b="'"><?go on?>text &amp; &lt;more&gt;<x:c xmlns:y="w" y:d="1"/><c xmlns=""/><!-- in --><![CDATA[<raw>]]></r><!-- after -->"#;
    for text in [LICENCE, MODELER, odd] {
        let mut first = Document::parse(text).unwrap();
        let mut second = Document::parse(&first.to_xml()).unwrap();
        without_lines(&mut first.root);
        without_lines(&mut second.root);
        assert_eq!(first, second);
    }
}
