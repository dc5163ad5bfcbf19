//! Answers: what is shown, what is wrong, what is needed, what is printed.

use std::sync::Arc;

use banhao_catalogue::{
    MatterVersion, Snapshot,
    folder::parse,
    forms::{
        Answers, FormRules, check, check_page, check_questions, materials_needed, normalise, process_variables, read_page, result_lines,
        variables, visible_answers, visible_fields, visible_pages,
    },
};
use banhao_kernel::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support;

fn snapshot() -> Snapshot {
    Snapshot::of_definitions(parse(&support::sound()).unwrap(), Date::constant(2026, 11, 23)).unwrap()
}

fn version(snapshot: &Snapshot) -> Arc<MatterVersion> {
    snapshot.matter("shop-licence").unwrap()
}

fn answers(form: Value, q: Value) -> Answers {
    serde_json::from_value(json!({ "form": form, "q": q })).unwrap()
}

fn complete() -> Answers {
    answers(
        json!({
            "applicant_name": "江小禾", "applicant_number": "421083190503080015", "applicant_mobile": "13900000000",
            "region": "421083001", "area": 60, "goods": ["daily"],
        }),
        json!({ "agent": "no" }),
    )
}

fn problems(snapshot: &Snapshot, answers: &Answers) -> Vec<String> {
    check(&version(snapshot).form, answers, snapshot.into())
        .into_iter()
        .map(|problem| {
            let args: Vec<String> = problem.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{} {} {}", problem.field, problem.code, args.join(" ")).trim().to_owned()
        })
        .collect()
}

#[test]
fn an_empty_form_tells_everything_that_is_missing() {
    let snapshot = snapshot();
    insta::assert_snapshot!("an_empty_form_tells_everything_that_is_missing", problems(&snapshot, &Answers::default()).join("\n"));
    assert_eq!(problems(&snapshot, &complete()), Vec::<String>::new());
}

#[test]
fn every_mistake_at_once() {
    let snapshot = snapshot();
    let wrong = answers(
        json!({
            "applicant_name": "123", "applicant_number": "421083190503080011", "applicant_mobile": "12345",
            "region": "421084001", "area": 501, "store_area": -1, "goods": ["daily", "weapons"], "opening": "2026-02-30",
            "surplus": 1,
        }),
        json!({}),
    );
    insta::assert_snapshot!("every_mistake_at_once", problems(&snapshot, &wrong).join("\n"));
}

#[test]
fn rules_between_answers() {
    let snapshot = snapshot();
    let mut answers = complete();
    answers.form.insert("store_area".into(), json!(70));
    answers.form.insert("opening".into(), json!("2025-12-31"));
    insta::assert_snapshot!("rules_between_answers", problems(&snapshot, &answers).join("\n"));
    answers.form.insert("store_area".into(), json!(60));
    answers.form.insert("opening".into(), json!("2026-01-01"));
    assert_eq!(problems(&snapshot, &answers), Vec::<String>::new());
}

#[test]
fn pages_and_fields_follow_the_answers() {
    let snapshot = snapshot();
    let version = version(&snapshot);
    let keys = |answers: &Answers| -> Vec<String> { visible_pages(&version.form, answers).iter().map(|page| page.key.clone()).collect() };
    let mut answers = complete();
    assert_eq!(keys(&answers), ["applicant", "shop"]);
    answers.form.insert("goods".into(), json!(["frozen"]));
    assert_eq!(keys(&answers), ["applicant", "shop", "cold"]);
    let cold = version.form.page("cold").unwrap();
    assert_eq!(visible_fields(&version.form, cold, &answers).len(), 1);
    answers.form.insert("has_generator".into(), json!(true));
    answers.form.insert("generator_name".into(), json!("ab"));
    assert_eq!(visible_fields(&version.form, cold, &answers).len(), 2);
    let wrong = check_page(&version.form, cold, &answers, FormRules::from(&snapshot));
    assert_eq!((wrong.len(), wrong[0].code), (1, "rule"));
    // What is no longer shown is no mistake and does not count.
    answers.form.insert("goods".into(), json!(["daily"]));
    assert_eq!(problems(&snapshot, &answers), Vec::<String>::new());
    assert!(visible_answers(&version.form, &answers).get("has_generator").is_none());
    assert!(check_page(&version.form, cold, &answers, FormRules::from(&snapshot)).is_empty());
}

#[test]
fn materials_follow_the_answers() {
    let snapshot = snapshot();
    let version = version(&snapshot);
    let needed = |answers: &Answers| -> Vec<String> {
        materials_needed(&version, answers)
            .iter()
            .map(|needed| {
                let signs = [(needed.uploaded, "↑"), (needed.required, "!"), (needed.may_follow, "…"), (needed.fetched, "⇣")];
                let signs: String = signs.iter().filter(|(is, _)| *is).map(|(_, sign)| *sign).collect();
                format!("{}{signs}", needed.material.key)
            })
            .collect()
    };
    assert_eq!(needed(&Answers::default()), ["application", "plan↑!", "identity⇣"]);
    let mut answers = complete();
    answers.q.insert("agent".into(), json!("yes"));
    answers.form.insert("goods".into(), json!(["daily", "frozen"]));
    assert_eq!(needed(&answers), ["application", "plan↑!", "cold-store↑…", "identity⇣", "power-of-attorney↑!"]);
}

#[test]
fn scenario_questions_are_answered() {
    let snapshot = snapshot();
    let matter = &version(&snapshot).matter;
    assert_eq!(check_questions(matter, &complete()), []);
    for (q, code) in [(json!({}), "choose"), (json!({ "agent": "maybe" }), "choice"), (json!({ "agent": 1 }), "choice")] {
        let wrong = check_questions(matter, &answers(json!({}), q));
        assert_eq!((wrong.len(), wrong[0].field.as_str(), wrong[0].code), (1, "q.agent", code));
    }
}

#[test]
fn lines_of_the_result() {
    let snapshot = snapshot();
    let mut answers = complete();
    answers.form.insert("goods".into(), json!(["daily", "frozen"]));
    answers.form.insert("area".into(), json!(60.5));
    let lines = result_lines(&version(&snapshot), &answers, &json!({ "licence_number": "X-1" })).unwrap();
    let printed: Vec<String> = lines.iter().map(|line| format!("{}：{}", line.label.zh, line.value)).collect();
    assert_eq!(printed, ["经营者：江小禾", "经营项目：日用品、冷冻食品", "面积：60.5平方米", "许可编号：X-1"]);
}

#[test]
fn the_process_is_told_nothing_personal() {
    let snapshot = snapshot();
    let version = version(&snapshot);
    let mut answers = complete();
    answers.form.insert("opening".into(), json!("2026-03-01"));
    let vars = process_variables(&version.form, &answers);
    assert_eq!(
        vars,
        json!({
            "form": { "region": "421083001", "area": 60, "goods": ["daily"], "opening": { "@date": "2026-03-01" } },
            "q": { "agent": "no" },
        })
    );
    assert_eq!(variables(&version.form, &answers)["form"]["applicant_name"], "江小禾");
}

#[test]
fn typed_answers_are_tidied() {
    let snapshot = snapshot();
    let version = version(&snapshot);
    let tidy = |key: &str, typed: &str| normalise(version.form.field(key).unwrap(), &json!(typed));
    assert_eq!(tidy("applicant_name", "　江小禾 "), "江小禾");
    assert_eq!(tidy("applicant_number", "４２１０８３ 19050308 001５"), "421083190503080015");
    assert_eq!(tidy("applicant_mobile", "+86 139-0000-0000"), "13900000000");
    assert_eq!(tidy("applicant_mobile", "１３９００００００００"), "13900000000");
    assert_eq!(tidy("area", "１，２３４．５"), 1234.5);
    assert_eq!(tidy("area", "60"), 60);
    assert_eq!(tidy("area", "六十"), "六十");
    for typed in ["2026-3-1", "2026/03/01", "2026年3月1日", "20260301", "２０２６．３．１"] {
        assert_eq!(tidy("opening", typed), "2026-03-01", "{typed}");
    }
    assert_eq!(tidy("opening", "2026-02-30"), "2026-02-30");
    assert_eq!(tidy("has_generator", "是"), true);
    assert_eq!(tidy("has_generator", "no"), false);
    assert_eq!(tidy("area", "  "), Value::Null);

    let page = version.form.page("shop").unwrap();
    let mut answers = complete();
    answers.form.insert("opening".into(), json!("2026-03-01"));
    let posted = [("area", "80 "), ("goods", "frozen"), ("goods", "daily"), ("goods", "frozen"), ("applicant_name", "不算")];
    let posted: Vec<(String, String)> = posted.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    read_page(page, &posted, &mut answers);
    assert_eq!(answers.form["area"], 80);
    assert_eq!(answers.form["goods"], json!(["daily", "frozen"]));
    assert_eq!(answers.get("opening"), None);
    assert_eq!(answers.get("region"), None);
    assert_eq!(answers.form["applicant_name"], "江小禾");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(Value::from))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tidying_twice_is_tidying_once(typed in "\\PC{0,30}") {
        let snapshot = snapshot();
        for field in version(&snapshot).form.fields() {
            let once = normalise(field, &json!(typed));
            prop_assert_eq!(&normalise(field, &once), &once, "{}", field.key);
        }
    }

    #[test]
    fn any_answers_are_checked_without_panic(values in prop::collection::vec(any_json(), 11), q in any_json()) {
        let snapshot = snapshot();
        let version = version(&snapshot);
        let mut answers = Answers::default();
        for (field, value) in version.form.fields().zip(values) {
            answers.form.insert(field.key.clone(), value);
        }
        answers.q.insert("agent".into(), q);
        let wrong = check(&version.form, &answers, FormRules::from(&snapshot));
        // Order of the form, at most one mistake each.
        let order: Vec<usize> =
            wrong.iter().map(|problem| version.form.fields().position(|field| field.key == problem.field).unwrap()).collect();
        prop_assert!(order.is_sorted_by(|a, b| a < b));
        let _ = materials_needed(&version, &answers);
        let _ = visible_pages(&version.form, &answers);
        let _ = result_lines(&version, &answers, &json!({}));
    }
}

#[test]
fn every_mistake_has_words() {
    let codes = ["required", "choose", "unknown", "format", "number", "min", "max", "too-long", "date", "choice", "region", "name", "rule"];
    let keys: Vec<String> = codes.iter().map(|code| format!("field-{code}")).collect();
    assert_eq!(banhao_texts::missing(keys.iter().map(String::as_str)), Vec::<String>::new());
}
