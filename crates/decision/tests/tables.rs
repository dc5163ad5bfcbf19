//! Every hit policy, default outputs, allowed values, and why a result came about.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use banhao_decision::{Aggregation, Cell, Column, DecisionModel, DmnError, HitPolicy, InputKind, Inputs, Severity, Table};
use common::{model, table};
use serde_json::{Value, json};

fn inputs() -> Inputs {
    Inputs::new().with("面积", InputKind::Number).with("类型", InputKind::Text)
}

fn eval(table: &Table, data: Value) -> Value {
    model(table, &inputs()).evaluate("结果", &data).unwrap().result
}

fn fails(table: &Table, data: Value) -> DmnError {
    model(table, &inputs()).evaluate("结果", &data).unwrap_err()
}

fn codes(model: &DecisionModel) -> Vec<&'static str> {
    model.remarks().iter().map(|remark| remark.code).collect()
}

const SIZES: &[&[&str]] = &[&["< 50", "-", "1"], &["[50..100)", "-", "2"], &[">= 100", "-", "3"]];

#[test]
fn unique() {
    let sizes = table(HitPolicy::Unique, &["面积", "类型"], &["级别"], SIZES);
    assert_eq!(eval(&sizes, json!({"面积": 49.5})), json!(1));
    assert_eq!(eval(&sizes, json!({"面积": 50})), json!(2));
    assert_eq!(eval(&sizes, json!({"面积": 100})), json!(3));
    assert_eq!(eval(&sizes, json!({})), Value::Null);
    let overlapping = table(HitPolicy::Unique, &["面积", "类型"], &["级别"], &[&["<= 50", "-", "1"], &[">= 50", "\"餐饮\"", "2"]]);
    assert_eq!(eval(&overlapping, json!({"面积": 60, "类型": "餐饮"})), json!(2));
    let error = fails(&overlapping, json!({"面积": 50, "类型": "餐饮"}));
    assert_eq!(error.code(), "unique-conflict");
    let DmnError::Fault(fault) = &error else { panic!("{error}") };
    assert_eq!(fault.cell, Some(Cell { rule: Some(2), column: None }));
    assert!(error.zh().contains("第 1、2 行"), "{}", error.zh());
}

#[test]
fn any() {
    let rows: &[&[&str]] = &[&["> 10", "-", "\"要\""], &["-", "\"餐饮\"", "\"要\""], &["< 5", "-", "\"不要\""]];
    let any = table(HitPolicy::Any, &["面积", "类型"], &["现场核查"], rows);
    assert_eq!(eval(&any, json!({"面积": 20, "类型": "餐饮"})), json!("要"));
    assert_eq!(eval(&any, json!({"面积": 3, "类型": "销售"})), json!("不要"));
    assert_eq!(fails(&any, json!({"面积": 3, "类型": "餐饮"})).code(), "any-conflict");
}

#[test]
fn priority_and_output_order() {
    let rows: &[&[&str]] = &[&["> 0", "-", "\"低\""], &["> 10", "-", "\"中\""], &["-", "\"餐饮\"", "\"高\""], &["> 0", "-", "\"中\""]];
    let mut risks = table(HitPolicy::Priority, &["面积", "类型"], &["风险"], rows);
    risks.outputs[0].allowed = Some("\"高\", \"中\", \"低\"".to_owned());
    assert_eq!(eval(&risks, json!({"面积": 20, "类型": "销售"})), json!("中"));
    assert_eq!(eval(&risks, json!({"面积": 1, "类型": "餐饮"})), json!("高"));
    let evaluation = model(&risks, &inputs()).evaluate("结果", &json!({"面积": 20, "类型": "餐饮"})).unwrap();
    assert_eq!((evaluation.result, evaluation.tables[0].used.clone()), (json!("高"), vec![3]));
    risks.hit_policy = HitPolicy::OutputOrder;
    assert_eq!(eval(&risks, json!({"面积": 20, "类型": "餐饮"})), json!(["高", "中", "中", "低"]));
    risks.outputs[0].allowed = None;
    let problems = DecisionModel::parse(&risks.to_xml("结果", &inputs()).unwrap()).unwrap_err();
    assert_eq!(problems[0].code, "priority-without-values");
    assert_eq!(problems[0].cell, Some(Cell { rule: None, column: Some(Column::Output(1)) }));
}

#[test]
fn first_and_rule_order() {
    let rows: &[&[&str]] = &[&["> 100", "-", "\"甲\""], &["> 50", "-", "\"乙\""], &["-", "-", "\"丙\""]];
    let first = table(HitPolicy::First, &["面积", "类型"], &["去向"], rows);
    assert_eq!(eval(&first, json!({"面积": 120})), json!("甲"));
    assert_eq!(eval(&first, json!({"面积": 60})), json!("乙"));
    assert_eq!(eval(&first, json!({})), json!("丙"));
    let all = table(HitPolicy::RuleOrder, &["面积", "类型"], &["去向"], rows);
    assert_eq!(eval(&all, json!({"面积": 120})), json!(["甲", "乙", "丙"]));
}

#[test]
fn collect() {
    let rows: &[&[&str]] = &[&["> 10", "-", "20"], &["> 50", "-", "30"], &["-", "\"餐饮\"", "5"]];
    let collect = |aggregation| table(HitPolicy::Collect(aggregation), &["面积", "类型"], &["费用"], rows);
    let data = json!({"面积": 60, "类型": "餐饮"});
    assert_eq!(eval(&collect(Aggregation::List), data.clone()), json!([20, 30, 5]));
    assert_eq!(eval(&collect(Aggregation::Sum), data.clone()), json!(55));
    assert_eq!(eval(&collect(Aggregation::Min), data.clone()), json!(5));
    assert_eq!(eval(&collect(Aggregation::Max), data.clone()), json!(30));
    assert_eq!(eval(&collect(Aggregation::Count), data), json!(3));
    assert_eq!(eval(&collect(Aggregation::Sum), json!({"面积": 1, "类型": "销售"})), Value::Null);
    let mut with_default = collect(Aggregation::Sum);
    with_default.outputs[0].default = Some("0".to_owned());
    assert_eq!(eval(&with_default, json!({"面积": 1, "类型": "销售"})), json!(0));
    let mut list = collect(Aggregation::List);
    list.outputs[0].default = Some("[]".to_owned());
    assert_eq!(eval(&list, json!({"面积": 1, "类型": "销售"})), json!([]));
}

#[test]
fn several_outputs() {
    let rows: &[&[&str]] = &[&["<= 60", "-", "100", "\"一般\""], &["> 60", "-", "面积 * 2", "\"较大\""]];
    let mut fees = table(HitPolicy::Unique, &["面积", "类型"], &["费用(元)", "规模"], rows);
    assert_eq!(eval(&fees, json!({"面积": 61})), json!({"费用(元)": 122, "规模": "较大"}));
    fees.outputs[1].default = Some("\"不明\"".to_owned());
    assert_eq!(eval(&fees, json!({})), json!({"费用(元)": null, "规模": "不明"}));
    fees.hit_policy = HitPolicy::Collect(Aggregation::Sum);
    let problems = DecisionModel::parse(&fees.to_xml("结果", &inputs()).unwrap()).unwrap_err();
    assert_eq!(problems[0].code, "collect-several");
}

#[test]
fn cells_of_every_kind() {
    let holds = |cell: &str, data: Value| {
        let one = table(HitPolicy::First, &["面积"], &["r"], &[&[cell, "true"], &["-", "false"]]);
        let inputs = Inputs::new().with("面积", InputKind::Any).with("上限", InputKind::Any);
        model(&one, &inputs).evaluate("结果", &data).unwrap().result == json!(true)
    };
    assert!(holds("1, 2, 3", json!({"面积": 3})));
    assert!(holds("not(1, 2)", json!({"面积": 3})));
    assert!(!holds("not(1, 3)", json!({"面积": 3})));
    assert!(holds("\"a\", \"b\"", json!({"面积": "b"})));
    assert!(holds("<= 上限", json!({"面积": 3, "上限": 4})));
    assert!(holds("]2..4[", json!({"面积": 3})));
    assert!(holds("? > 1 and ? < 上限", json!({"面积": 3, "上限": 4})));
    assert!(holds("list contains(?, \"a\")", json!({"面积": ["a", "b"]})));
    assert!(holds("contains(?, \"乙\")", json!({"面积": "甲乙丙"})));
    assert!(holds("null", json!({})));
    assert!(!holds("not(null)", json!({})));
    assert!(holds("true", json!({"面积": true})));
    assert!(!holds("true", json!({"面积": false})));
    assert!(holds("上限", json!({"面积": 4, "上限": 4})));
    assert!(holds("上限", json!({"面积": 4, "上限": [3, 4]})));
    assert!(holds("", json!({"面积": 4})));
    assert!(holds("date(\"2026-01-01\")", json!({"面积": {"@date": "2026-01-01"}})));
    assert!(holds(">= @\"2026-01-01\"", json!({"面积": {"@date": "2026-01-02"}})));
    assert!(!holds("< 5", json!({"面积": "3"})));
    assert!(!holds("< 5", json!({})));
}

#[test]
fn allowed_values() {
    let mut kinds = table(HitPolicy::First, &["类型"], &["去向"], &[&["\"餐饮\"", "\"食品科\""], &["-", "\"综合科处\""]]);
    kinds.inputs[0].allowed = Some("\"餐饮\", \"销售\"".to_owned());
    kinds.outputs[0].allowed = Some("\"食品科\", \"综合科\"".to_owned());
    let model = model(&kinds, &inputs());
    assert_eq!(model.evaluate("结果", &json!({"类型": "餐饮"})).unwrap().result, json!("食品科"));
    let error = model.evaluate("结果", &json!({"类型": "理发"})).unwrap_err();
    assert_eq!(error.code(), "input-not-allowed");
    assert!(error.zh().contains("“类型”只能是"), "{}", error.zh());
    let error = model.evaluate("结果", &json!({"类型": "销售"})).unwrap_err();
    assert_eq!(error.code(), "output-not-allowed");
    let DmnError::Fault(fault) = error else { panic!() };
    assert_eq!(fault.cell, Some(Cell { rule: Some(2), column: Some(Column::Output(1)) }));
}

#[test]
fn why() {
    let mut sizes = table(HitPolicy::Unique, &["面积", "类型"], &["级别"], SIZES);
    sizes.inputs[0].label = Some("经营面积".to_owned());
    sizes.annotations = vec!["依据".to_owned()];
    sizes.rules.iter_mut().for_each(|rule| rule.annotations = vec!["办法第三条".to_owned()]);
    sizes.rules[1].inputs[1] = "\"餐饮\"".to_owned();
    let evaluation = model(&sizes, &inputs()).evaluate("结果", &json!({"面积": 70, "类型": "餐饮"})).unwrap();
    let seen = &evaluation.tables[0];
    assert_eq!((seen.decision.as_str(), seen.used.as_slice(), &seen.result), ("结果", [2_usize].as_slice(), &json!(2)));
    assert_eq!((seen.inputs[0].label.as_str(), &seen.inputs[0].value), ("经营面积", &json!(70)));
    let failed: Vec<_> = seen.rules.iter().map(|rule| (rule.fired, rule.failed.clone())).collect();
    assert_eq!(failed, [(false, vec![1]), (true, vec![]), (false, vec![1])]);
    assert_eq!(seen.rules[1].annotations, ["办法第三条"]);
    assert_eq!(evaluation.decisions, [("结果".to_owned(), json!(2))]);
    assert_eq!(evaluation.to_json()["tables"][0]["rules"][0]["failed"], json!([1]));
}

#[test]
fn remarks_on_overlaps_gaps_and_rules_never_used() {
    let sizes = table(HitPolicy::Unique, &["面积"], &["级别"], &[&["< 50", "1"], &["[50..100)", "2"], &[">= 100", "3"]]);
    assert_eq!(codes(&model(&sizes, &inputs())), [""; 0]);

    let overlapping = table(HitPolicy::Unique, &["面积"], &["级别"], &[&["<= 50", "1"], &["[50..100)", "2"], &["> 100", "3"]]);
    let overlapping = model(&overlapping, &inputs());
    assert_eq!(codes(&overlapping), ["rules-gap", "rules-overlap"]);
    let remark = &overlapping.remarks()[1];
    assert_eq!((remark.severity, remark.cell), (Severity::Warning, Some(Cell { rule: Some(2), column: None })));
    assert!(remark.zh.contains("与第 1 行重叠（例如 面积 为 50）"), "{}", remark.zh);
    assert!(overlapping.remarks()[0].zh.contains("面积 为 100"), "{}", overlapping.remarks()[0].zh);

    let hidden = table(HitPolicy::First, &["面积", "类型"], &["级别"], &[&["> 10", "-", "1"], &["> 20", "\"a\"", "2"], &["-", "-", "3"]]);
    let hidden = model(&hidden, &inputs());
    assert_eq!(codes(&hidden), ["rule-unreachable"]);
    assert_eq!(hidden.remarks()[0].cell, Some(Cell { rule: Some(2), column: None }));

    let empty = table(HitPolicy::First, &["面积"], &["级别"], &[&["[10..5]", "1"], &["-", "3"]]);
    assert_eq!(codes(&model(&empty, &inputs())), ["cell-never"]);

    let unknown = table(HitPolicy::First, &["面积", "建筑面枳"], &["级别"], &[&["-", "-", "1"]]);
    let unknown = model(&unknown, &inputs());
    assert_eq!(codes(&unknown), ["unknown-name"]);
    assert_eq!(unknown.remarks()[0].cell, Some(Cell { rule: None, column: Some(Column::Input(2)) }));

    let flags = table(HitPolicy::Unique, &["面积"], &["级别"], &[&["true", "1"]]);
    let flags = model(&flags, &inputs());
    assert_eq!(codes(&flags), ["rules-gap"]);
    // What is not simple is not judged.
    let computed = table(HitPolicy::Unique, &["面积"], &["级别"], &[&["> 类型", "1"], &["? < 5", "2"]]);
    assert_eq!(codes(&model(&computed, &inputs())), [""; 0]);
}

#[test]
fn a_table_asked_for_ever_ends() {
    let rows: Vec<Vec<String>> = (0..300).map(|row| vec![format!("count(列表[item > {row}]) > 0"), row.to_string()]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let heavy = table(HitPolicy::Collect(Aggregation::List), &["列表"], &["r"], &rows);
    let inputs = Inputs::new().with("列表", InputKind::List(Box::new(InputKind::Number)));
    let error = model(&heavy, &inputs).evaluate("结果", &json!({"列表": vec![1; 50_000]})).unwrap_err();
    assert_eq!(error.code(), "feel-too-much-work");
}

#[test]
fn a_cell_of_truth_does_not_hold_for_what_is_missing() {
    let asked = table(
        HitPolicy::Collect(Aggregation::List),
        &["有电源"],
        &["行"],
        &[&["true", "1"], &["false", "2"], &["not(true)", "3"], &["null", "4"]],
    );
    let inputs = Inputs::new().with("有电源", InputKind::Boolean);
    let holds = |data: Value| model(&asked, &inputs).evaluate("结果", &data).unwrap().result;
    assert_eq!(holds(json!({"有电源": true})), json!([1]));
    assert_eq!(holds(json!({"有电源": false})), json!([2, 3]));
    assert_eq!(holds(json!({"有电源": null})), json!([3, 4]));
    assert_eq!(holds(json!({})), json!([3, 4]));
}

/// A table of so many rows, all in one line of the file.
fn long(rows: usize) -> String {
    let row = |at: usize| format!("<rule><inputEntry><text>{at}</text></inputEntry><outputEntry><text>{at}</text></outputEntry></rule>");
    format!(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"长表\" namespace=\"x\"><decision id=\"a\" \
         name=\"结果\"><variable name=\"结果\"/><decisionTable hitPolicy=\"UNIQUE\"><input><inputExpression><text>号</text></inputExpression>\
         </input><output name=\"值\"/>{}</decisionTable></decision></definitions>",
        (0..rows).map(row).collect::<String>()
    )
}

#[test]
fn long_tables_are_read_or_refused_at_once() {
    // Once each line was counted from the beginning of the file: minutes for a file of a megabyte.
    assert_eq!(DecisionModel::parse(&long(20_000)).unwrap_err()[0].code, "table-too-large");
    let model = DecisionModel::parse(&long(5_000)).unwrap();
    let made = model.evaluate("结果", &json!({"号": 4_321})).unwrap();
    assert_eq!((made.result, made.tables[0].used.as_slice()), (json!(4_321), [4_322].as_slice()));
}
