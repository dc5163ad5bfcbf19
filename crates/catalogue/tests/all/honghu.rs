//! The demo folder at the top of the repository: free of mistakes, findable, and every matter can be filled in and run to
//! its licence.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use banhao_bpmn::{complete, start};
use banhao_catalogue::{
    FlowConditions, MatterVersion, Snapshot, folder,
    forms::{Answers, check, materials_needed, process_variables, result_lines},
    model::{CaseKind, Field, FieldKind, HallKind, ResultKind, ThemeAudience},
};
use banhao_kernel::Date;
use serde_json::{Value, json};

fn honghu() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu")
}

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let definitions = folder::read(&honghu()).unwrap_or_else(|problems| {
        let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
        unreachable!("{}", listed.join("\n"))
    });
    assert_eq!(definitions.warnings, []);
    Snapshot::of_definitions(definitions, Date::constant(2026, 11, 23)).unwrap()
});

#[test]
fn is_free_of_mistakes_and_complete() {
    assert_eq!(SNAPSHOT.matters().count(), 12);
    let own: Vec<_> = SNAPSHOT.regions_below(&SNAPSHOT.installation.region).collect();
    assert_eq!(own.len(), 20);
    assert!(SNAPSHOT.own_regions().count() > 20);
    assert!(SNAPSHOT.halls_of_kind(HallKind::Township).count() >= 4);
    for audience in [ThemeAudience::Person, ThemeAudience::Organisation] {
        let themes = SNAPSHOT.themes(audience);
        assert!(themes.iter().map(|(_, count)| count).sum::<usize>() > 0);
        assert!(themes.is_sorted_by_key(|(theme, _)| theme.order));
    }
    for version in SNAPSHOT.matters() {
        let matter = &version.matter;
        for text in [&matter.name, &matter.summary, &matter.result.name] {
            assert!(text.en.is_some(), "{}: {}", version.key, text.zh);
        }
        assert!(SNAPSHOT.organisation(&matter.organisation).is_some());
        assert_eq!(matter.clock.promised_days == 0, matter.case_kind == CaseKind::Immediate);
    }
}

#[test]
fn people_find_what_they_look_for_in_their_own_words() {
    let first = |query: &str| SNAPSHOT.search(query, 5).unwrap().first().map(|hit| hit.key.clone()).unwrap_or_default();
    for (query, key) in [
        ("食品经营许可", "food-licence"),
        ("开饭店", "food-licence"),
        ("我想开个小餐馆", "food-licence"),
        ("卫生许可证", "food-licence"),
        ("饭馆许可证", "food-licence"),
        ("食平经营许可", "food-licence"),
        ("restaurant", "food-licence"),
        ("resturant", "food-licence"),
        ("低保", "subsistence-allowance"),
        ("社保卡丢了怎么办", "social-card-replacement"),
        ("农村盖房子", "homestead-approval"),
        ("注册公司", "company-registration"),
        ("个体户", "individual-business-registration"),
        ("残疾证", "disability-certificate"),
        ("生二胎", "birth-registration"),
        ("施工许可", "construction-permit"),
        ("规划许可证", "planning-permit"),
        ("立项", "investment-filing"),
        ("养小龙虾苗", "fry-production-licence"),
        ("disability", "disability-certificate"),
        ("company registration", "company-registration"),
    ] {
        assert_eq!(first(query), key, "{query}");
    }
    for nothing in ["", "  ", "！？", "🙂"] {
        assert_eq!(SNAPSHOT.search(nothing, 5).unwrap(), [], "{nothing}");
    }
    let limited = SNAPSHOT.search("许可证", 2).unwrap();
    assert_eq!(limited.len(), 2);
    assert!(SNAPSHOT.search(&"很长的问题".repeat(1_000), 5).is_ok());
    let suggestions = SNAPSHOT.suggest("食品", 3).unwrap();
    assert_eq!(suggestions.len(), 3);
    assert!(suggestions.iter().all(|suggestion| suggestion.key == "food-licence"));
}

fn answer(field: &Field) -> Value {
    match field.kind {
        FieldKind::CitizenNumber => json!("421083190503080015"),
        FieldKind::CreditCode => json!("11421083GMKD000135"),
        FieldKind::Mobile => json!("13900000000"),
        FieldKind::Date => json!("2026-12-01"),
        FieldKind::Number | FieldKind::Money => json!(field.min.unwrap_or(1.0).max(1.0) as i64),
        FieldKind::Choice => json!(field.options[0].value),
        FieldKind::Choices => json!([field.options[0].value]),
        FieldKind::Region => json!("421083001"),
        FieldKind::ProjectCode => json!("2603-421083-04-01-123456"),
        FieldKind::YesNo => json!(true),
        FieldKind::Name | FieldKind::Text | FieldKind::Multiline | FieldKind::Address => json!("洪湖市示范有限公司"),
    }
}

fn filled(version: &MatterVersion) -> Answers {
    let mut answers = Answers::default();
    for question in &version.matter.questions {
        answers.q.insert(question.key.clone(), json!(question.options[0].value));
    }
    for field in version.form.fields() {
        answers.form.insert(field.key.clone(), answer(field));
    }
    // Where a number or date does not suit another answer, a larger one does.
    for problem in check(&version.form, &answers, (&*SNAPSHOT).into()) {
        let larger =
            answers.form.get(&problem.field).and_then(Value::as_i64).map_or_else(|| json!("2027-12-01"), |number| json!(number + 1));
        answers.form.insert(problem.field, larger);
    }
    answers
}

#[test]
fn every_form_can_be_filled_in() {
    for version in SNAPSHOT.matters() {
        let answers = filled(version);
        let wrong = check(&version.form, &answers, (&*SNAPSHOT).into());
        assert_eq!(wrong, [], "{}", version.key);
        assert!(materials_needed(version, &answers).len() <= version.matter.materials.len());
        let case = json!({ "number": "1", "decided_on": "2026-12-01", "licence_number": "2", "organisation": "局" });
        for line in result_lines(version, &answers, &case).unwrap() {
            assert!(!line.value.is_empty(), "{}: {}", version.key, line.label.zh);
        }
        let everything: usize = version.form.pages.iter().map(|page| page.fields.len()).sum();
        let empty = check(&version.form, &Answers::default(), (&*SNAPSHOT).into());
        assert!(!empty.is_empty() && empty.len() <= everything, "{}", version.key);
    }
}

#[test]
fn every_process_runs_to_its_result() {
    let conditions = FlowConditions::new();
    for version in SNAPSHOT.matters() {
        for (acceptance, decision) in [("accepted", "grant"), ("accepted", "refuse"), ("refused", "grant")] {
            let model = &version.process;
            let mut step = start(model, &process_variables(&version.form, &filled(version)), &conditions).unwrap();
            let mut acts = Vec::new();
            while step.instance.is_running() {
                let (task, element) = step.instance.open_tasks().next().unwrap();
                let act = model.node(element).unwrap().attribute("banhao:act").unwrap().to_owned();
                let says = match act.as_str() {
                    "accept" => json!({ "acceptance": acceptance }),
                    "review" => json!({ "review": "pass" }),
                    "inspect" => json!({ "inspection": "pass" }),
                    "decide" => json!({ "decision": decision }),
                    _ => json!({}),
                };
                acts.push(act);
                assert!(acts.len() < 30, "{}: {acts:?}", version.key);
                step = complete(model, &step.instance, task, &says, &conditions).unwrap();
            }
            let made = acts.iter().any(|act| act == "make");
            let granted = acceptance == "accepted" && decision == "grant";
            let gives = version.matter.result.kind != ResultKind::None;
            assert_eq!(made, granted && gives, "{} {acceptance} {decision}: {acts:?}", version.key);
        }
    }
}
