//! Decision tables say the same as conditions that mean the same; fees are charged to the fen, or not at all.

use std::fmt::Write;

use banhao_catalogue::{
    MatterVersion, Snapshot,
    decisions::{self, Purpose},
    folder::{SourceFile, parse},
    forms::{Answers, materials_needed},
};
use banhao_kernel::Date;
use proptest::prelude::*;
use serde_json::json;

use crate::support::{edit, sound};

const MATTER: &str = "matters/shop-licence/matter.toml";
const DMN: &str = "matters/shop-licence/decisions.dmn";
/// Materials of the sound folder that conditions or tables decide about.
const DECIDED: [&str; 3] = ["plan", "cold-store", "power-of-attorney"];
/// The input columns: names, what they stand for.
const INPUTS: [(&str, &str); 3] = [("店面大小", "form.area"), ("谁来办", "q.agent"), ("备用电源", "form.has_generator")];

fn version(files: &[SourceFile]) -> std::sync::Arc<MatterVersion> {
    let definitions = parse(files).unwrap_or_else(|problems| {
        unreachable!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    });
    Snapshot::of_definitions(definitions, Date::constant(2026, 11, 23)).unwrap().matter("shop-licence").unwrap()
}

/// A cell: as it stands in a table, and as the part of a condition that means the same.
#[derive(Debug, Clone)]
struct Cell {
    test: String,
    condition: Option<String>,
}

#[derive(Debug, Clone)]
struct Rule {
    cells: [Cell; 3],
    material: &'static str,
}

fn cell(test: impl Into<String>, condition: impl Into<String>) -> Cell {
    Cell { test: test.into(), condition: Some(condition.into()) }
}

fn any() -> BoxedStrategy<Cell> {
    Just(Cell { test: "-".to_owned(), condition: None }).boxed()
}

fn area() -> impl Strategy<Value = Cell> {
    let compared = (prop::sample::select(vec!["<", "<=", ">", ">="]), 0..500_u32)
        .prop_map(|(sign, n)| cell(format!("{sign} {n}"), format!("form.area {sign} {n}")));
    let range = (0..250_u32, 0..250_u32, any_bool(), any_bool()).prop_map(|(from, length, open, close)| {
        let to = from + length;
        let test = format!("{}{from}..{to}{}", if open { '(' } else { '[' }, if close { ')' } else { ']' });
        let (least, most) = (if open { ">" } else { ">=" }, if close { "<" } else { "<=" });
        cell(test, format!("(form.area {least} {from} and form.area {most} {to})"))
    });
    let either = (0..40_u32, 0..500_u32).prop_map(|(a, b)| cell(format!("{a}, > {b}"), format!("(form.area = {a} or form.area > {b})")));
    prop_oneof![any(), compared, range, either]
}

fn any_bool() -> impl Strategy<Value = bool> {
    prop::bool::ANY
}

fn agent() -> impl Strategy<Value = Cell> {
    let one = prop::sample::select(vec!["yes", "no"]).prop_map(|word| cell(format!("\"{word}\""), format!("q.agent = \"{word}\"")));
    let both = Just(cell("\"yes\", \"no\"", "(q.agent = \"yes\" or q.agent = \"no\")"));
    prop_oneof![any(), one, both]
}

fn generator() -> impl Strategy<Value = Cell> {
    prop_oneof![any(), any_bool().prop_map(|word| cell(word.to_string(), format!("form.has_generator = {word}")))]
}

fn rule() -> impl Strategy<Value = Rule> {
    (area(), agent(), generator(), prop::sample::select(DECIDED.to_vec()))
        .prop_map(|(area, agent, generator, material)| Rule { cells: [area, agent, generator], material })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn table(rules: &[Rule]) -> String {
    let mut dmn = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"小店许可\" \
                   namespace=\"https://banhao.example/test\">"
        .to_owned();
    for (at, ((name, _), kind)) in INPUTS.iter().zip(["number", "string", "boolean"]).enumerate() {
        let _ = write!(dmn, "<inputData id=\"i{at}\" name=\"{name}\"><variable name=\"{name}\" typeRef=\"{kind}\"/></inputData>");
    }
    dmn.push_str("<decision id=\"m\" name=\"需要的材料\"><variable name=\"需要的材料\"/>");
    for at in 0..INPUTS.len() {
        let _ = write!(dmn, "<informationRequirement><requiredInput href=\"#i{at}\"/></informationRequirement>");
    }
    dmn.push_str("<decisionTable hitPolicy=\"COLLECT\">");
    for (name, _) in INPUTS {
        let _ = write!(dmn, "<input><inputExpression><text>{name}</text></inputExpression></input>");
    }
    dmn.push_str("<output name=\"材料\" typeRef=\"string\"/>");
    for rule in rules {
        dmn.push_str("<rule>");
        for cell in &rule.cells {
            let _ = write!(dmn, "<inputEntry><text>{}</text></inputEntry>", escaped(&cell.test));
        }
        let _ = write!(dmn, "<outputEntry><text>\"{}\"</text></outputEntry></rule>", rule.material);
    }
    dmn + "</decisionTable></decision></definitions>"
}

/// The sound folder without its own conditions, so that each material can be given another.
fn bare() -> Vec<SourceFile> {
    let mut files = sound();
    edit(&mut files, MATTER, "when = 'list contains(form.goods, \"frozen\")'\n", "");
    edit(&mut files, MATTER, "when = 'q.agent = \"yes\"'\n", "");
    files
}

fn by_table(rules: &[Rule]) -> Vec<SourceFile> {
    let mut files = bare();
    let mut used = "[decisions]\nmaterials = \"需要的材料\"\n\n".to_owned();
    for (name, answer) in INPUTS {
        let _ = write!(used, "[[decisions.inputs]]\nname = \"{name}\"\nanswer = \"{answer}\"\n\n");
    }
    edit(&mut files, MATTER, "[result]\n", &format!("{used}[result]\n"));
    files.push(SourceFile::new(DMN, table(rules)));
    files
}

fn by_conditions(rules: &[Rule]) -> Vec<SourceFile> {
    let mut files = bare();
    for material in DECIDED {
        let rows = rules.iter().filter(|rule| rule.material == material).map(|rule| {
            let parts: Vec<&str> = rule.cells.iter().filter_map(|cell| cell.condition.as_deref()).collect();
            if parts.is_empty() { "true".to_owned() } else { parts.join(" and ") }
        });
        let rows: Vec<String> = rows.map(|row| format!("({row})")).collect();
        if !rows.is_empty() {
            let key = format!("key = \"{material}\"\n");
            edit(&mut files, MATTER, &key, &format!("{key}when = '{}'\n", rows.join(" or ")));
        }
    }
    files
}

fn answered() -> impl Strategy<Value = Answers> {
    let area = prop::option::of(0..520_i64);
    let agent = prop::option::of(prop::sample::select(vec!["yes", "no"]));
    (area, agent, prop::option::of(any_bool())).prop_map(|(area, agent, generator)| {
        let mut answers = Answers::default();
        // The page with the generator is shown to those who sell frozen food.
        answers.form.insert("goods".to_owned(), json!(["frozen"]));
        area.map(|area| answers.form.insert("area".to_owned(), json!(area)));
        generator.map(|yes| answers.form.insert("has_generator".to_owned(), json!(yes)));
        agent.map(|word| answers.q.insert("agent".to_owned(), json!(word)));
        answers
    })
}

fn needed(version: &MatterVersion, answers: &Answers) -> Vec<String> {
    materials_needed(version, answers).into_iter().map(|needed| needed.material.key.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_asks_for_what_conditions_of_the_same_meaning_ask_for(
        rules in prop::collection::vec(rule(), 1..8),
        given in prop::collection::vec(answered(), 12),
    ) {
        let (table, conditions) = (version(&by_table(&rules)), version(&by_conditions(&rules)));
        for answers in given {
            prop_assert_eq!(needed(&table, &answers), needed(&conditions, &answers), "{:?}", answers);
            // What is told with reasons and what a submission settles are the same decision.
            let (told, settled) = (decisions::decide(&table, &answers), decisions::settle(&table, &answers));
            prop_assert_eq!(told.made, settled.made);
        }
    }
}

#[test]
fn the_comparison_has_something_to_compare() {
    let yes = Rule { cells: [cell("> 10", "form.area > 10"), cell("\"yes\"", "q.agent = \"yes\""), cell("-", "true")], material: "plan" };
    let rules = [yes];
    let mut answers = Answers::default();
    answers.form.insert("area".to_owned(), json!(11));
    answers.q.insert("agent".to_owned(), json!("yes"));
    for files in [by_table(&rules), by_conditions(&rules)] {
        let version = version(&files);
        assert!(needed(&version, &answers).contains(&"plan".to_owned()));
        answers.q.insert("agent".to_owned(), json!("no"));
        assert!(!needed(&version, &answers).contains(&"plan".to_owned()));
        answers.q.insert("agent".to_owned(), json!("yes"));
    }
}

/// Fees of the sound folder: two kinds, and a table with these rows.
fn charging(hit_policy: &str, rows: &[String]) -> std::sync::Arc<MatterVersion> {
    let mut files = sound();
    let written = r#"[[fees]]
name = "工本费"
name_en = "Cost of the card"
standard = "每份 10 元"
basis = "示范条例第九条"

[[fees]]
name = "检验费"
name_en = "Inspection"
standard = "按面积"
basis = "示范条例第十条"

[decisions]
fees = "收费"

[result]
"#;
    edit(&mut files, MATTER, "[result]\n", written);
    files.push(SourceFile::new(
        DMN,
        format!(
            "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"小店许可\" \
             namespace=\"https://banhao.example/test\"><decision id=\"f\" name=\"收费\"><variable name=\"收费\"/>\
             <decisionTable hitPolicy=\"{hit_policy}\"><input label=\"面积\"><inputExpression><text>form.area</text></inputExpression>\
             </input><output name=\"项目\"/><output name=\"金额\"/><output name=\"说明\"/><annotation name=\"依据\"/>{}\
             </decisionTable></decision></definitions>",
            rows.concat()
        ),
    ));
    version(&files)
}

fn row(test: &str, name: &str, amount: &str) -> String {
    format!(
        "<rule><inputEntry><text>{}</text></inputEntry><outputEntry><text>\"{name}\"</text></outputEntry><outputEntry><text>{amount}</text>\
         </outputEntry><outputEntry><text>\"\"</text></outputEntry><annotationEntry><text>第 9 条</text></annotationEntry></rule>",
        escaped(test)
    )
}

fn of_area(area: f64) -> Answers {
    let mut answers = Answers::default();
    answers.form.insert("area".to_owned(), json!(area));
    answers
}

#[test]
fn fees_are_charged_to_the_fen_with_their_basis() {
    let version = charging("COLLECT", &[row("-", "工本费", "10"), row("> 50", "检验费", "form.area * 0.1 + 0.2")]);
    let decided = decisions::settle(&version, &of_area(60.3));
    let fees = decided.fees.unwrap();
    let lines: Vec<_> = fees.iter().map(|fee| (fee.name.en.clone().unwrap(), fee.amount.to_string(), fee.basis.clone().unwrap())).collect();
    let line = |name: &str, amount: &str, basis: &str| (name.to_owned(), amount.to_owned(), basis.to_owned());
    assert_eq!(lines, [line("Cost of the card", "10.00", "示范条例第九条"), line("Inspection", "6.23", "示范条例第十条")]);
    assert_eq!(decisions::total(&fees).unwrap().fen(), 1_623);
    let made = &decided.made[0];
    assert_eq!((made.purpose, made.decision.as_str(), made.rules.as_slice()), (Purpose::Fees, "收费", [1, 2].as_slice()));
    assert_eq!(decisions::settle(&version, &of_area(50.0)).fees.unwrap().len(), 1);
}

#[test]
fn what_cannot_be_an_amount_is_not_charged_and_said() {
    // A tenth of a fen, less than nothing, a text: the whole is not charged, the other line neither.
    for formula in ["form.area / 3", "form.area - 100", "string(form.area)", "null"] {
        let version = charging("COLLECT", &[row("-", "工本费", "10"), row("> 50", "检验费", formula)]);
        let decided = decisions::decide(&version, &of_area(61.0));
        assert_eq!((decided.fees, decided.failed.as_slice()), (None, [Purpose::Fees].as_slice()), "{formula}");
    }
    let clash = charging("UNIQUE", &[row("> 10", "工本费", "10"), row("> 50", "检验费", "20")]);
    assert_eq!(decisions::settle(&clash, &of_area(61.0)).failed, [Purpose::Fees]);
    // No row holds: nothing is charged, and that is an answer.
    let decided = decisions::settle(&clash, &of_area(1.0));
    assert_eq!((decided.fees, decided.failed.as_slice()), (Some(Vec::new()), [].as_slice()));
}
