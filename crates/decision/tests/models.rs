//! Whole models: names, types, requirements, business knowledge, and what is refused, with its place.
#![expect(clippy::unwrap_used, reason = "tests")]

use banhao_decision::{Cell, Column, DecisionModel, DmnError, DmnProblem, InputKind, Inputs};
use serde_json::{Value, json};

const HEAD: &str = r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="洪湖" namespace="n">"#;

fn parse(body: &str) -> Result<DecisionModel, Vec<DmnProblem>> {
    DecisionModel::parse(&format!("{HEAD}\n{body}\n</definitions>"))
}

fn model(body: &str) -> DecisionModel {
    parse(body).unwrap()
}

fn problem(body: &str) -> DmnProblem {
    parse(body).unwrap_err().remove(0)
}

fn literal(name: &str, text: &str) -> String {
    format!(
        r#"<decision id="{name}" name="{name}"><variable name="{name}"/><literalExpression><text>{text}</text></literalExpression></decision>"#
    )
}

/// Which materials an applicant in Honghu needs, what it costs, who handles it.
const HONGHU: &str = include_str!("data/food.dmn");

#[test]
fn materials_fees_and_routing() {
    let model = DecisionModel::parse(HONGHU).unwrap();
    assert_eq!(model.remarks(), []);
    let data = json!({
        "经营项目": ["热食类食品制售", "自制饮品制售"], "经营面积(平方米)": 68.5, "申请类型": "新办",
        "申请人": {"主体类型": "个体工商户", "由他人代办": true}, "开业日期": "2026-03-01"
    });
    let materials = model.evaluate("所需材料", &data).unwrap();
    assert_eq!(materials.result, json!(["申请书", "营业场所平面图", "食品安全管理制度", "授权委托书"]));
    assert_eq!(materials.tables[0].used, [1, 2, 3, 4]);
    let fee = model.evaluate("应缴费用", &data).unwrap();
    assert_eq!(fee.result, json!({"金额(元)": 137, "减免": false}));
    assert_eq!(fee.decisions[0], ("规模".to_owned(), json!("中型")));
    let routing = model.evaluate("办理科室", &data).unwrap();
    assert_eq!(routing.result, json!("餐饮监管科"));
    assert_eq!(routing.tables.iter().map(|table| table.decision.as_str()).collect::<Vec<_>>(), ["规模", "办理科室"]);
    let simple = json!({"经营项目": [], "经营面积(平方米)": 10, "申请类型": "延续", "申请人": {"主体类型": "企业", "由他人代办": false}});
    assert_eq!(model.evaluate("所需材料", &simple).unwrap().result, json!(["申请书"]));
    assert_eq!(model.evaluate("办理科室", &simple).unwrap().result, json!("综合窗口"));
}

#[test]
fn inputs_are_checked_before_anything_is_evaluated() {
    let model = DecisionModel::parse(HONGHU).unwrap();
    let error = model
        .evaluate("所需材料", &json!({"经营面积(平方米)": "六十", "经营项目": [1], "申请人": {"由他人代办": "是"}, "开业日期": "昨天"}))
        .unwrap_err();
    let DmnError::Inputs(problems) = &error else { unreachable!("{error}") };
    let named: Vec<&str> = problems.iter().map(|problem| problem.input.as_str()).collect();
    assert_eq!(named, ["经营项目[1]", "申请人.由他人代办"]);
    assert_eq!(problems[1].zh, "“申请人.由他人代办”应当是“是”或“否”，填写的是 \"是\"。");
    let error = model.evaluate("应缴费用", &json!({"经营面积(平方米)": "六十", "申请类型": "改名"})).unwrap_err();
    assert!(error.zh().contains("“经营面积(平方米)”应当是数字，填写的是 \"六十\"。"), "{}", error.zh());
    assert!(error.to_string().contains("“申请类型” must be one of:"), "{error}");
}

#[test]
fn inputs_of_a_form_are_compared() {
    let model = DecisionModel::parse(HONGHU).unwrap();
    assert_eq!(model.inputs().get("经营面积(平方米)").unwrap().kind, InputKind::Number);
    let form = Inputs::new().with("经营面积(平方米)", InputKind::Text).with("经营项目", InputKind::List(Box::new(InputKind::Text)));
    let codes: Vec<(&str, String)> = model.compare(&form).into_iter().map(|problem| (problem.code, problem.decision.unwrap())).collect();
    assert!(codes.contains(&("input-kind", "经营面积(平方米)".to_owned())), "{codes:?}");
    assert!(codes.contains(&("input-missing", "申请类型".to_owned())), "{codes:?}");
    assert!(!codes.iter().any(|(_, name)| name == "经营项目"), "{codes:?}");
    let wrong = form.check(&json!({"经营面积(平方米)": 5, "经营项目": ["a", 1]})).unwrap_err();
    assert_eq!(wrong.iter().map(|problem| problem.input.as_str()).collect::<Vec<_>>(), ["经营面积(平方米)", "经营项目[2]"]);
}

#[test]
fn names_with_everything() {
    for name in [
        "面积(平方米)",
        "是否 24 小时营业?",
        "24小时营业",
        "申请人（法定代表人）、姓名",
        "Monthly Income",
        "date of birth",
        "item count",
        "a:b",
        "甲 - 乙",
        "not valid",
    ] {
        let escaped = name.replace('&', "&amp;");
        let body = format!(
            r##"<inputData id="i" name="{escaped}"><variable name="{escaped}"/></inputData>
            <decision id="d1" name="加一"><variable name="加一"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
            <literalExpression><text>{escaped} + 1</text></literalExpression></decision>"##
        );
        let model = model(&body);
        assert_eq!(model.remarks(), [], "{name}");
        assert_eq!(model.evaluate("加一", &json!({ name: 2 })).unwrap().result, json!(3), "{name}");
    }
}

#[test]
fn knowledge_is_called_and_sees_only_its_parameters() {
    let model = model(
        r##"<businessKnowledgeModel id="b1" name="税(率)"><variable name="税(率)"/><encapsulatedLogic>
          <formalParameter name="金额" typeRef="number"/><literalExpression><text>if 金额 > 100 then 0.1 else 0</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
        <businessKnowledgeModel id="b2" name="税"><variable name="税"/><encapsulatedLogic>
          <formalParameter name="金额" typeRef="number"/><literalExpression><text>金额 * 税(率)(金额) + (if 秘密 = null then 0 else 秘密)</text></literalExpression></encapsulatedLogic>
          <knowledgeRequirement><requiredKnowledge href="#b1"/></knowledgeRequirement></businessKnowledgeModel>
        <inputData id="i" name="秘密"/>
        <decision id="d" name="应缴"><variable name="应缴" typeRef="number"/>
          <informationRequirement><requiredInput href="#i"/></informationRequirement>
          <knowledgeRequirement><requiredKnowledge href="#b2"/></knowledgeRequirement>
          <context>
            <contextEntry><variable name="直接"/><literalExpression><text>税(200)</text></literalExpression></contextEntry>
            <contextEntry><variable name="按名"/><literalExpression><text>税(金额: 300)</text></literalExpression></contextEntry>
            <contextEntry><variable name="调用"/><invocation><literalExpression><text>税</text></literalExpression>
              <binding><parameter name="金额"/><literalExpression><text>直接 * 10</text></literalExpression></binding></invocation></contextEntry>
            <contextEntry><literalExpression><text>直接 + 按名 + 调用</text></literalExpression></contextEntry>
          </context></decision>"##,
    );
    // 20 + 30 + 20; the secret of the caller is not seen inside.
    assert_eq!(model.evaluate("应缴", &json!({"秘密": 1000})).unwrap().result, json!(70));
    assert_eq!(model.remarks().iter().map(|remark| remark.code).collect::<Vec<_>>(), ["unknown-name"]);
}

#[test]
fn boxed_expressions() {
    let model = model(
        r##"<decision id="r" name="r"><relation><column name="姓名"/><column name="年龄"/>
            <row><literalExpression><text>"甲"</text></literalExpression><literalExpression><text>17</text></literalExpression></row>
            <row><literalExpression><text>"乙"</text></literalExpression><literalExpression><text>30</text></literalExpression></row></relation></decision>
        <decision id="f" name="f"><informationRequirement><requiredDecision href="#r"/></informationRequirement>
            <filter><in><literalExpression><text>r</text></literalExpression></in><match><literalExpression><text>年龄 >= 18</text></literalExpression></match></filter></decision>
        <decision id="l" name="l"><informationRequirement><requiredDecision href="#r"/></informationRequirement>
            <for iteratorVariable="人 员"><in><literalExpression><text>r</text></literalExpression></in><return><literalExpression><text>人 员.年龄 + 1</text></literalExpression></return></for></decision>
        <decision id="q" name="q"><informationRequirement><requiredDecision href="#r"/></informationRequirement>
            <every iteratorVariable="x"><in><literalExpression><text>r</text></literalExpression></in><satisfies><literalExpression><text>x.年龄 > 20</text></literalExpression></satisfies></every></decision>
        <decision id="c" name="c"><informationRequirement><requiredDecision href="#q"/></informationRequirement>
            <conditional><if><literalExpression><text>q</text></literalExpression></if><then><literalExpression><text>1</text></literalExpression></then><else><list><literalExpression><text>2</text></literalExpression></list></else></conditional></decision>
        <decision id="fn" name="fn"><context><contextEntry><variable name="double"/><functionDefinition><formalParameter name="n"/><literalExpression><text>n * 2</text></literalExpression></functionDefinition></contextEntry>
            <contextEntry><literalExpression><text>for x in [1, 2] return double(x)</text></literalExpression></contextEntry></context></decision>
        <decisionService id="s" name="s"><outputDecision href="#q"/><outputDecision href="#c"/><inputDecision href="#r"/></decisionService>"##,
    );
    let eval = |name: &str| model.evaluate(name, &json!({})).unwrap().result;
    assert_eq!(eval("f"), json!([{"姓名": "乙", "年龄": 30}]));
    assert_eq!(eval("l"), json!([18, 31]));
    assert_eq!(eval("q"), json!(false));
    assert_eq!(eval("c"), json!([2]));
    assert_eq!(eval("fn"), json!([2, 4]));
    assert_eq!(model.evaluate("s", &json!({"r": [{"年龄": 40}]})).unwrap().result, json!({"q": true, "c": 1}));
}

#[test]
fn the_deepest_file_that_is_read_can_be_evaluated() {
    let levels = 95;
    let lists = format!("{}<literalExpression><text>1</text></literalExpression>{}", "<list>".repeat(levels), "</list>".repeat(levels));
    let model = model(&format!(r#"<decision id="d" name="d">{lists}</decision>"#));
    let mut result = model.evaluate("d", &json!({})).unwrap().result;
    for _ in 0..levels {
        result = result[0].take();
    }
    assert_eq!(result, json!(1));
}

#[test]
fn types_of_results() {
    let typed = |kind: &str, text: &str| {
        model(&format!(r#"<decision id="d" name="d"><variable name="d" typeRef="{kind}"/><literalExpression><text>{text}</text></literalExpression></decision>"#))
            .evaluate("d", &json!({}))
    };
    assert_eq!(typed("number", "[7]").unwrap().result, json!(7));
    assert_eq!(typed("list", "7").unwrap().result, json!([7]));
    assert_eq!(typed("date", "date(\"2026-02-03\")").unwrap().result, json!("2026-02-03"));
    assert_eq!(typed("number", "\"七\"").unwrap_err().code(), "result-type");
    assert_eq!(typed("number", "null").unwrap().result, Value::Null);
}

#[test]
fn mistakes_are_named_with_their_cell() {
    let table = |rules: &str| {
        format!(
            r##"<inputData id="i" name="面积"/>
<decision id="d" name="级别"><informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable><input><inputExpression><text>面积</text></inputExpression></input><output name="级别"/>
{rules}
</decisionTable></decision>"##
        )
    };
    let bad = problem(&table(
        "<rule><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>\n<rule><inputEntry><text>&gt;&gt; 5</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>",
    ));
    assert_eq!((bad.code, bad.line, bad.decision.as_deref()), ("feel-syntax", 6, Some("级别")));
    assert_eq!(bad.cell, Some(Cell { rule: Some(2), column: Some(Column::Input(1)) }));
    assert!(bad.in_chinese().starts_with("文件第 6 行：“级别”第 2 行第 1 个输入列：不是正确的 FEEL"), "{}", bad.in_chinese());
    assert!(bad.to_string().starts_with("line 6: “级别” rule 2, input column 1: "), "{bad}");
    let short = problem(&table("<rule><inputEntry><text>1</text></inputEntry></rule>"));
    assert_eq!((short.code, short.cell), ("row-length", Some(Cell { rule: Some(1), column: None })));
    let clock = problem(&table("<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>today()</text></outputEntry></rule>"));
    assert_eq!((clock.code, clock.cell), ("feel-forbidden", Some(Cell { rule: Some(1), column: Some(Column::Output(1)) })));
    // All of them at once.
    let all = parse(&table("<rule><inputEntry><text>(</text></inputEntry><outputEntry><text>)</text></outputEntry></rule>")).unwrap_err();
    assert_eq!(all.len(), 2);
}

#[test]
fn what_is_refused() {
    let requirement = |kind: &str, id: &str| {
        format!(
            r##"<{kind}Requirement><required{} href="#{id}"/></{kind}Requirement>"##,
            if kind == "knowledge" { "Knowledge" } else { "Decision" }
        )
    };
    let cycle = format!(
        r#"<decision id="a" name="a">{}<literalExpression><text>b</text></literalExpression></decision><decision id="b" name="b">{}<literalExpression><text>a</text></literalExpression></decision>"#,
        requirement("information", "b"),
        requirement("information", "a")
    );
    for (code, body) in [
        ("cycle", cycle.as_str()),
        (
            "cycle",
            &format!(
                r#"<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><literalExpression><text>f()</text></literalExpression></encapsulatedLogic>{}</businessKnowledgeModel>"#,
                requirement("knowledge", "f")
            ),
        ),
        (
            "external-function",
            r#"<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java"><literalExpression><text>1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"#,
        ),
        ("feel-forbidden", &literal("a", "now()")),
        ("feel-forbidden", &literal("a", "string(today())")),
        ("feel-forbidden", &literal("a", "for i in 1..1000000000 return i")),
        ("feel-forbidden", &literal("a", "(function(x) x(x))(function(x) x(x))")),
        (
            "reference",
            r##"<decision id="a" name="a"><informationRequirement><requiredInput href="#x"/></informationRequirement></decision>"##,
        ),
        ("name-twice", r#"<inputData id="a" name="面积(m)"/><inputData id="b" name="面积（m）"/>"#),
        ("import", r#"<import namespace="x" name="x" importType="x"/>"#),
        ("unknown-element", r#"<decision id="a" name="a"><script/></decision>"#),
        ("unknown-type", r#"<inputData id="a" name="a"><variable name="a" typeRef="tPerson"/></inputData>"#),
        ("recursive-type", r#"<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>"#),
        (
            "language",
            r#"<decision id="a" name="a"><literalExpression expressionLanguage="groovy"><text>1</text></literalExpression></decision>"#,
        ),
        ("hit-policy", r#"<decision id="a" name="a"><decisionTable hitPolicy="BEST"><output/></decisionTable></decision>"#),
    ] {
        assert_eq!(problem(body).code, code, "{body}");
    }
    assert_eq!(DecisionModel::parse("<a/>").unwrap_err()[0].code, "not-dmn");
    assert_eq!(DecisionModel::parse("<a").unwrap_err()[0].code, "xml");
    let bomb = format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{HEAD}</definitions>");
    assert_eq!(DecisionModel::parse(&bomb).unwrap_err()[0].code, "xml-document-type");
    let deep = format!("{HEAD}{}{}</definitions>", "<decision>".repeat(100), "</decision>".repeat(100));
    assert_eq!(DecisionModel::parse(&deep).unwrap_err()[0].code, "xml-too-deep");
    let unknown = model(&literal("a", "1")).evaluate("b", &json!({})).unwrap_err();
    assert!(unknown.zh().contains("现有：a。"), "{}", unknown.zh());
}

#[test]
fn a_function_cannot_come_to_call_itself() {
    let model = model(
        r##"<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="g"/><literalExpression><text>g(g)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
        <decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement><literalExpression><text>f(f)</text></literalExpression></decision>"##,
    );
    assert_eq!(model.evaluate("d", &json!({})).unwrap_err().code(), "function-argument");
}

#[test]
fn values_that_grow_from_decision_to_decision_end() {
    let mut body = literal("d0", "[1, 2, 3, 4, 5, 6, 7, 8]");
    for at in 1..40 {
        let before = at - 1;
        body += &format!(
            r##"<decision id="d{at}" name="d{at}"><informationRequirement><requiredDecision href="#d{before}"/></informationRequirement><literalExpression><text>[d{before}, d{before}]</text></literalExpression></decision>"##
        );
    }
    assert_eq!(model(&body).evaluate("d39", &json!({})).unwrap_err().code(), "feel-too-much-work");
}

#[test]
fn models_that_declare_no_inputs_take_them_by_name() {
    let model = model(&literal("费用", "面积 * 单价"));
    assert_eq!(model.remarks().iter().map(|remark| remark.code).collect::<Vec<_>>(), ["unknown-name", "unknown-name"]);
    assert_eq!(model.evaluate("费用", &json!({"面积": 3, "单价": 4})).unwrap().result, json!(12));
}
