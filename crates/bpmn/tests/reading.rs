//! Reading files: what is kept, what is refused and in which words, and what hostile files do.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;

use banhao_bpmn::{
    BpmnProblem, Many, Model, Repeat, Sign, SignMode, Trigger, limits,
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

/// A file with messages and errors beside its process.
fn file_with_roots(process: &str) -> String {
    file(process).replace(
        "<process ",
        r#"<message id="m" name="材料到了"/><signal id="sig"/><error id="err" errorCode="E1"/><escalation id="esc" name="late"/><timerEventDefinition id="td"><timeDuration>P1D</timeDuration></timerEventDefinition><process "#,
    )
}

#[test]
fn mistakes_about_events_and_scopes_are_named() {
    insta::assert_snapshot!(told(&refused(&file_with_roots(
        r#"<startEvent id="s"/><startEvent id="s2"/>
<userTask id="t" b:post="x"/>
<subProcess id="sub"><startEvent id="is"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></startEvent><task id="it"/><endEvent id="ie"/>
<sequenceFlow id="i1" sourceRef="is" targetRef="it"/><sequenceFlow id="i2" sourceRef="it" targetRef="ie"/><sequenceFlow id="i3" sourceRef="it" targetRef="t"/></subProcess>
<subProcess id="hollow"/>
<subProcess id="handler" triggeredByEvent="true"><startEvent id="hs"/></subProcess>
<transaction id="tx"><startEvent id="txs"/></transaction>
<adHocSubProcess id="adhoc"/>
<complexGateway id="complex"/>
<boundaryEvent id="b1" attachedToRef="it"><messageEventDefinition messageRef="m"/></boundaryEvent>
<boundaryEvent id="b2" attachedToRef="tx"><cancelEventDefinition/></boundaryEvent>
<boundaryEvent id="b3" attachedToRef="t"/>
<boundaryEvent id="b4" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>
<boundaryEvent id="b5" attachedToRef="t"><compensateEventDefinition/></boundaryEvent><association id="as" sourceRef="b5" targetRef="sub"/>
<intermediateCatchEvent id="c1"><messageEventDefinition messageRef="nothing"/></intermediateCatchEvent>
<intermediateCatchEvent id="c2"><errorEventDefinition errorRef="err"/></intermediateCatchEvent>
<intermediateCatchEvent id="c3"><messageEventDefinition messageRef="m"/><signalEventDefinition signalRef="sig"/></intermediateCatchEvent>
<intermediateCatchEvent id="c4"><conditionalEventDefinition><condition>#{x}</condition></conditionalEventDefinition></intermediateCatchEvent>
<intermediateThrowEvent id="go"><linkEventDefinition name="L"/></intermediateThrowEvent>
<intermediateThrowEvent id="undo"><compensateEventDefinition activityRef="nobody"/></intermediateThrowEvent>
<businessRuleTask id="rule" b:decision="fee"/>
<callActivity id="call"/>
<eventBasedGateway id="first" instantiate="true"/>
<serviceTask id="signed" b:sign="all" b:signers="x"/>
<userTask id="sign1" b:sign="most" b:signers="x"/>
<userTask id="sign2" b:sign="vote" b:share="3/2" b:signers="x"/>
<userTask id="sign3" b:sign="any" b:post="x"/>
<userTask id="loop" b:post="x"><standardLoopCharacteristics loopMaximum="often"/></userTask>
<parallelGateway id="par"><multiInstanceLoopCharacteristics/></parallelGateway>
<endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="b3"/>
<sequenceFlow id="f2" sourceRef="first" targetRef="t"/>
<sequenceFlow id="f3" sourceRef="go" targetRef="e"/>"#
    ))));
}

#[test]
fn references_attributes_of_modelers_and_expressions_are_found() {
    let model = Model::parse(
        &file_with_roots(
            r#"<startEvent id="s"/><userTask id="t" b:post="x"><multiInstanceLoopCharacteristics isSequential="true" camunda:collection="offices" camunda:elementVariable="office"/></userTask>
<boundaryEvent id="late" attachedToRef="t" cancelActivity="false"><eventDefinitionRef>b:td</eventDefinitionRef></boundaryEvent>
<subProcess id="sub"><extensionElements/><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=parts" inputElement="part"/></extensionElements></multiInstanceLoopCharacteristics>
<startEvent id="is"/><receiveTask id="r" messageRef="b:m" b:correlation="case number"/><businessRuleTask id="rule"><extensionElements><zeebe:calledDecision decisionId="fee" resultVariable="amount"/></extensionElements></businessRuleTask><endEvent id="ie"><escalationEventDefinition escalationRef="esc"/></endEvent>
<sequenceFlow id="i1" sourceRef="is" targetRef="r"/><sequenceFlow id="i2" sourceRef="r" targetRef="rule"/><sequenceFlow id="i3" sourceRef="rule" targetRef="ie"/></subProcess>
<userTask id="vote" b:sign="vote" b:share="60%" b:veto="true" b:signers="leaders"/><userTask id="again" b:post="x"><standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>more</loopCondition></standardLoopCharacteristics></userTask>
<endEvent id="e"><errorEventDefinition errorRef="err"/></endEvent><endEvent id="e2"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="sub"/><sequenceFlow id="f3" sourceRef="sub" targetRef="vote"/><sequenceFlow id="f4" sourceRef="vote" targetRef="again"/>
<sequenceFlow id="f5" sourceRef="again" targetRef="e"/><sequenceFlow id="f6" sourceRef="late" targetRef="e2"/>"#,
        )
        .replace("<definitions ", r#"<definitions xmlns:camunda="c" xmlns:zeebe="z" "#),
    )
    .unwrap();
    let node = |id: &str| model.node(id).unwrap();
    let many = |id: &str| match node(id).repeat() {
        Some(Repeat::Many(many)) => many.clone(),
        _ => Many::default(),
    };
    assert_eq!((many("t").sequential, many("t").collection.as_deref(), many("t").item.as_deref()), (true, Some("offices"), Some("office")));
    assert_eq!((many("sub").collection.as_deref(), many("sub").item.as_deref()), (Some("parts"), Some("part")));
    assert_eq!(node("late").timer().unwrap().expression, "P1D");
    assert!(!node("late").is_interrupting() && node("sub").kind().is_scope());
    assert_eq!(node("r").trigger(), Some(&Trigger::Message { name: "材料到了".to_owned(), correlation: Some("case number".to_owned()) }));
    assert_eq!(node("rule").decision().unwrap().result, "amount");
    assert_eq!(node("ie").trigger(), Some(&Trigger::Escalation { code: Some("late".to_owned()) }));
    assert_eq!(many("vote").sign, Some(Sign { mode: SignMode::Vote { of: 60, out_of: 100 }, veto: true }));
    assert_eq!(node("again").repeat(), Some(&Repeat::Loop { before: true, condition: Some("more".to_owned()), maximum: Some(3) }));
    let expressions: Vec<_> = model.expressions().collect();
    assert_eq!(
        expressions,
        [("t", "offices"), ("late", "P1D"), ("sub", "parts"), ("r", "case number"), ("vote", "leaders"), ("again", "more")]
    );
    assert_eq!(model.remarks().iter().map(|problem| problem.code).collect::<Vec<_>>(), ["error-not-caught"]);
}

#[test]
fn of_several_processes_the_one_that_runs_is_taken() {
    let inside =
        |n: usize| format!(r#"<startEvent id="s{n}"/><endEvent id="e{n}"/><sequenceFlow id="f{n}" sourceRef="s{n}" targetRef="e{n}"/>"#);
    let two = |first: &str, second: &str| {
        file(&inside(1))
            .replace(r#"<process id="p">"#, &format!(r#"<process id="p" {first}>"#))
            .replace("</definitions>", &format!(r#"<process id="q" {second}>{}</process></definitions>"#, inside(2)))
    };
    let executable = r#"isExecutable="true""#;
    assert_eq!(Model::parse(&two("", executable)).unwrap().id(), "q");
    assert_eq!(Model::parse(&two(executable, "")).unwrap().id(), "p");
    for undecided in [two("", ""), two(executable, executable)] {
        let problems = refused(&undecided);
        assert_eq!(problems[0].code, "several-processes");
        assert!(problems[0].zh.contains("p、q"), "{}", problems[0].zh);
        assert_eq!(Model::parse_process(&undecided, "q").unwrap().id(), "q");
        assert_eq!(Model::parse_process(&undecided, "r").unwrap_err()[0].code, "no-process");
    }
}

#[test]
fn what_can_get_stuck_or_happen_twice_is_told() {
    let xml = |first: &str, last: &str| {
        file(&format!(
            r#"<startEvent id="s"/><{first} id="split"/><task id="a"/><task id="b"/><{last} id="join"/><task id="z"/><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="split"/><sequenceFlow id="f2" sourceRef="split" targetRef="a">CONDITION</sequenceFlow><sequenceFlow id="f3" sourceRef="split" targetRef="b">CONDITION</sequenceFlow>
<sequenceFlow id="f4" sourceRef="a" targetRef="join"/><sequenceFlow id="f5" sourceRef="b" targetRef="join"/><sequenceFlow id="f6" sourceRef="join" targetRef="z"/><sequenceFlow id="f7" sourceRef="z" targetRef="e"/>"#
        ))
        .replace("CONDITION", if first == "parallelGateway" { "" } else { "<conditionExpression>x = 1</conditionExpression>" })
    };
    let codes = |first: &str, last: &str| -> Vec<(&'static str, Option<String>)> {
        let model = Model::parse(&xml(first, last)).unwrap();
        let told = model.remarks().iter().filter(|problem| problem.code.starts_with("possible"));
        told.map(|problem| (problem.code, problem.element.clone())).collect()
    };
    let (exclusive, inclusive, parallel) = ("exclusiveGateway", "inclusiveGateway", "parallelGateway");
    for fine in [(exclusive, exclusive), (parallel, parallel), (inclusive, inclusive), (exclusive, inclusive), (parallel, inclusive)] {
        assert!(codes(fine.0, fine.1).is_empty(), "{fine:?}: {:?}", codes(fine.0, fine.1));
    }
    for choice in [exclusive, inclusive] {
        assert_eq!(codes(choice, parallel), [("possible-deadlock", Some("join".to_owned()))]);
    }
    for split in [parallel, inclusive] {
        assert_eq!(codes(split, exclusive), [("possible-doubling", Some("f6".to_owned()))]);
    }
}

#[test]
fn reminders_loops_and_links_are_sound() {
    let model = Model::parse(&file_with_roots(
        r#"<startEvent id="s"/><userTask id="t" b:post="x"/><boundaryEvent id="late" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>
<userTask id="remind" b:post="x"/><endEvent id="reminded"/><exclusiveGateway id="x" default="f4"/><intermediateThrowEvent id="go"><linkEventDefinition name="L"/></intermediateThrowEvent>
<intermediateCatchEvent id="come"><linkEventDefinition name="L"/></intermediateCatchEvent><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="x"/><sequenceFlow id="f3" sourceRef="x" targetRef="t"><conditionExpression>again</conditionExpression></sequenceFlow><sequenceFlow id="f4" sourceRef="x" targetRef="go"/>
<sequenceFlow id="f5" sourceRef="come" targetRef="e"/><sequenceFlow id="f6" sourceRef="late" targetRef="remind"/><sequenceFlow id="f7" sourceRef="remind" targetRef="reminded"/>"#,
    ))
    .unwrap();
    assert!(model.remarks().is_empty(), "{}", told(model.remarks()));
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
    let mut doubtful = String::new();
    for at in 0..1_000 {
        let _ = writeln!(doubtful, "<userTask id=\"t{at}\"/>");
    }
    let many = refused(&file(&(doubtful + "<userTask/>")));
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

#[test]
fn files_made_to_be_slow_are_read_in_time() {
    let mut reminders = String::from(r#"<startEvent id="s"/><userTask id="t" b:post="x"/><endEvent id="e"/>"#);
    let mut flows = r#"<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#.to_owned();
    for at in 0..500 {
        let _ = write!(
            reminders,
            r#"<boundaryEvent id="b{at}" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>"#
        );
        let _ = write!(flows, r#"<sequenceFlow id="h{at}" sourceRef="b{at}" targetRef="e"/>"#);
    }
    Model::parse(&file(&(reminders + &flows))).unwrap();
    // Choices behind choices, side by side, that all meet again in inclusive gateways.
    let mut maze = String::from(
        r#"<startEvent id="s"/><parallelGateway id="all"/><inclusiveGateway id="last"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="all"/><sequenceFlow id="g" sourceRef="last" targetRef="e"/>"#,
    );
    for at in 0..200 {
        let _ = write!(
            maze,
            r#"<inclusiveGateway id="x{at}" default="d{at}"/><inclusiveGateway id="y{at}" default="i{at}"/><sequenceFlow id="a{at}" sourceRef="all" targetRef="x{at}"/>
<sequenceFlow id="b{at}" sourceRef="x{at}" targetRef="y{at}"><conditionExpression>q</conditionExpression></sequenceFlow><sequenceFlow id="c{at}" sourceRef="x{at}" targetRef="y{at}"><conditionExpression>q</conditionExpression></sequenceFlow><sequenceFlow id="d{at}" sourceRef="x{at}" targetRef="y{at}"/>
<sequenceFlow id="h{at}" sourceRef="y{at}" targetRef="last"><conditionExpression>q</conditionExpression></sequenceFlow><sequenceFlow id="i{at}" sourceRef="y{at}" targetRef="x{}"/>"#,
            (at + 1) % 200
        );
    }
    Model::parse(&file(&maze)).unwrap();
}
