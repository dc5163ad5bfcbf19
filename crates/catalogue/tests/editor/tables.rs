//! Tables and processes are the same thing: what is written is read back, sound, and runs as the original.

use std::{collections::BTreeSet, path::Path};

use banhao_bpmn::{Instance, Model, NodeKind, complete, start};
use banhao_catalogue::{
    FlowConditions,
    editor::{Condition, Kind, Place, Reminder, Row, Section, Signing, StepTable, TimeOut},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn honghu() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu/matters");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path.join("process.bpmn")).unwrap()))
        .collect();
    found.sort();
    found
}

fn written(table: &StepTable) -> (String, Model) {
    let xml = table.to_bpmn().to_xml();
    let model = Model::parse(&xml).unwrap_or_else(|problems| panic!("{problems:#?}\n{xml}"));
    (xml, model)
}

/// What a person can say at a step.
fn outcomes(model: &Model, element: &str) -> Vec<Value> {
    let node = model.node(element).unwrap();
    match node.attribute("banhao:act").unwrap_or_default() {
        "accept" => vec![json!({"acceptance": "accepted"}), json!({"acceptance": "refused"})],
        "review" => vec![json!({"review": "pass"}), json!({"review": "fail"})],
        "inspect" => vec![json!({"inspection": "pass"}), json!({"inspection": "fail"})],
        "decide" => vec![json!({"decision": "grant"}), json!({"decision": "refuse"})],
        _ => vec![json!({})],
    }
}

fn open(instance: &Instance) -> BTreeSet<String> {
    instance.open_tasks().map(|(_, element)| element.to_owned()).collect()
}

/// Goes both ways at once through everything that can be decided; gives the number of states seen.
fn same_runs(one: &Model, other: &Model, variables: &Value) -> usize {
    let conditions = FlowConditions::new();
    let begin = |model: &Model| start(model, variables, &conditions).unwrap().instance;
    let mut todo = vec![(begin(one), begin(other))];
    let mut seen = 0;
    while let Some((here, there)) = todo.pop() {
        seen += 1;
        assert!(seen < 100_000, "runs without end");
        assert_eq!(open(&here), open(&there));
        assert_eq!(here.ends(one).collect::<Vec<_>>(), there.ends(other).collect::<Vec<_>>());
        assert_eq!(here.is_running(), there.is_running());
        for element in open(&here) {
            for outcome in outcomes(one, &element) {
                let next = |model: &Model, at: &Instance| {
                    complete(model, at, at.task_at(&element).unwrap(), &outcome, &conditions).unwrap().instance
                };
                todo.push((next(one, &here), next(other, &there)));
            }
        }
    }
    seen
}

#[test]
fn every_process_of_the_demonstration_is_a_table_that_runs_the_same() {
    let mut states = 0;
    for (key, xml) in honghu() {
        let original = Model::parse(&xml).unwrap();
        let table = StepTable::from_model(&original).unwrap_or_else(|why| panic!("{key} is no table: {why:?}"));
        assert_eq!(table.problems(), [], "{key}");
        assert_eq!(StepTable::lost(&original).count(), 0, "{key}");
        let (_, model) = written(&table);
        assert!(model.remarks().is_empty(), "{key}: {:?}", model.remarks());
        assert_eq!(StepTable::from_model(&model).unwrap(), table, "{key}");
        // Nothing that has a name or an office's attribute is lost, and ids stay.
        for node in original.nodes() {
            let Some(now) = model.node(node.id()) else { panic!("{key}: {} is gone", node.id()) };
            assert_eq!((now.name(), now.kind(), now.attributes()), (node.name(), node.kind(), node.attributes()), "{key}");
        }
        for area in [json!(10), json!(40_000), Value::Null] {
            states += same_runs(&original, &model, &json!({"form": {"floor_area": area, "height": 20}, "q": {}}));
        }
    }
    assert!(states > 1_000, "only {states} states were compared");
}

#[test]
fn what_is_written_brings_its_drawing() {
    let (xml, model) = written(&StepTable::shortest("short", "最短的流程"));
    let diagram = model.diagram().expect("a drawing");
    assert!(model.nodes().iter().all(|node| diagram.shapes.contains_key(node.id())));
    assert!(model.flows().iter().all(|flow| diagram.edges.contains_key(flow.id())));
    assert!(xml.contains("bpmndi:BPMNDiagram"));
}

#[test]
fn a_table_with_every_mistake_is_still_drawn() {
    let mut table = StepTable::shortest("short", "最短的流程");
    table.main.clear();
    assert!(Model::read(&table.to_bpmn()).is_ok());
    let codes: Vec<_> = table.problems().into_iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["accept-missing", "decide-missing"]);
    let mut wrong = Row::new("1 bad id", "", Kind::Accept);
    wrong.condition = Some(Condition { when: "form.(".to_owned(), ..Condition::default() });
    wrong.time_out = Some(TimeOut { days: 0, to: Some("nowhere".to_owned()), id: String::new() });
    wrong.sign = Some(Signing { mode: "vote".to_owned(), ..Signing::default() });
    wrong.place = Place::Beside;
    table.main = vec![wrong.clone(), wrong];
    assert!(table.to_bpmn().to_xml().contains("userTask"));
    let codes: BTreeSet<_> = table.problems().into_iter().map(|problem| problem.code).collect();
    for code in ["name-missing", "condition-not-here", "lapse-not-here", "sign-not-here", "signers-missing", "share-format", "once-only"] {
        assert!(codes.contains(code), "{code} is not told: {codes:?}");
    }
}

#[test]
fn what_no_table_shows_is_named_with_its_line() {
    let table = StepTable::shortest("short", "最短的流程");
    let (xml, _) = written(&table);
    for (old, new, element) in [
        (r#"banhao:post="decider""#, r#"banhao:post="decider" banhao:colour="red""#, "decide"),
        (r#"<bpmn:userTask id="deliver_result""#, r#"<bpmn:manualTask id="x"/><bpmn:userTask id="deliver_result""#, "x"),
        (r#"acceptance = "refused""#, r#"acceptance = "perhaps""#, "accepted_or_not"),
    ] {
        let changed = xml.replacen(old, new, 1);
        assert_ne!(changed, xml, "{old}");
        let why = StepTable::from_model(&Model::parse(&changed).unwrap()).unwrap_err();
        assert_eq!(why.element, element);
        let line = changed.lines().position(|line| line.contains(&format!("id=\"{element}\""))).unwrap() + 1;
        assert_eq!(why.line as usize, line, "{why:?}");
        assert!(!why.zh.is_empty() && !why.en.is_empty());
    }
}

#[test]
fn buttons_keep_the_table_whole() {
    let mut table = StepTable::shortest("short", "最短的流程");
    let one = table.add(Section::Main, Some("accept"), Kind::Review, "审查").unwrap();
    let two = table.add(Section::Main, Some(&one), Kind::Inspect, "核查").unwrap();
    let three = table.add(Section::Main, None, Kind::Review, "复核").unwrap();
    assert_eq!(table.main.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["accept", &one, &two, &three, "decide"]);
    table.main[2].place = Place::Beside;
    table.main[3].return_to = Some(vec![one.clone(), two.clone()]);
    table.settle();
    assert!(table.main[1].branches.is_some());
    let (_, model) = written(&table);
    assert_eq!(model.nodes().iter().filter(|node| node.kind() == NodeKind::ParallelGateway).count(), 2);
    table.remove(&one);
    assert_eq!(table.main[1].place, Place::After);
    assert!(table.main[1].branches.is_none());
    assert_eq!(table.main[2].return_to, Some(vec![two.clone()]));
    table.shift(&three, false);
    assert_eq!(table.main.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["accept", &three, &two, "decide"]);
    table.shift("decide", true);
    assert_eq!(table.main.last().unwrap().id, "decide");
}

fn condition() -> impl Strategy<Value = Option<Condition>> {
    prop::option::weighted(
        0.3,
        (prop::sample::select(vec!["form.area > 3", "inspection = \"fail\"", "q.kind = \"new\""]), any::<bool>(), "[是否]?", "[是否]?")
            .prop_map(|(when, leaves_out, yes, no)| Condition { when: when.to_owned(), leaves_out, yes, no, ..Condition::default() }),
    )
}

fn signing() -> impl Strategy<Value = Option<Signing>> {
    let signers = prop_oneof![
        prop::collection::vec("[a-z]{1,4}", 1..4).prop_map(|keys| (keys, String::new())),
        Just((Vec::new(), "form.departments".to_owned()))
    ];
    let sign = (prop::sample::select(vec!["all", "any", "turn", "vote"]), signers, any::<bool>()).prop_map(
        |(mode, (signers, expression), veto)| Signing {
            mode: mode.to_owned(),
            signers,
            expression,
            share: if mode == "vote" { "2/3".to_owned() } else { String::new() },
            veto,
        },
    );
    prop::option::weighted(0.3, sign)
}

/// Any row that is not acceptance or decision, as a section allows.
fn row(section: Section) -> impl Strategy<Value = Row> {
    let kinds = match section {
        Section::Main => vec![Kind::Review, Kind::Inspect, Kind::Review, Kind::Message, Kind::Rule],
        Section::Granted => vec![Kind::Make, Kind::Deliver, Kind::Review],
        Section::Refused => vec![Kind::Deliver, Kind::Message],
    };
    let main = section == Section::Main;
    (
        (prop::sample::select(kinds), prop::sample::select(Place::ALL.to_vec()), "[甲乙<&\"']{1,3}", prop::option::of(1_u16..300)),
        condition(),
        signing(),
        prop::option::weighted(0.3, (1_u16..30, any::<bool>())),
        prop::option::weighted(0.3, 1_u16..30),
        (
            prop::option::of(prop::collection::btree_set(prop::sample::select(vec!["return", "urge", "copy"]), 0..3)),
            any::<u8>(),
            "[说 ]{0,2}明?",
        ),
    )
        .prop_map(move |((kind, place, name, days), condition, sign, reminder, lapse, (allow, dice, note))| {
            let mut row = Row::new("", name, kind);
            row.place = place;
            row.condition = condition;
            row.note = note.trim().to_owned();
            if kind.is_human() {
                row.days = days;
                row.allow = allow.map(|words| words.into_iter().map(ToOwned::to_owned).collect());
                row.organisation = (dice & 1 == 1).then(|| "zjj".to_owned());
                row.straight = [None, Some(true), Some(false)][usize::from(dice % 3)];
                row.return_to = [None, Some(vec!["start".to_owned()]), Some(Vec::new())][usize::from(dice / 4 % 3)].clone();
                row.reminder = reminder.map(|(days, again)| Reminder { days, again, ..Reminder::default() });
            }
            if kind.is_examination() {
                row.sign = sign;
            }
            if main && kind.may_lapse() {
                row.time_out = lapse.map(|days| TimeOut { days, ..TimeOut::default() });
            }
            if kind == Kind::Message {
                row.message = ["来函", "鉴定结论"][usize::from(dice & 1)].to_owned();
            }
            if kind == Kind::Rule {
                row.decision = "fee".to_owned();
                row.result = format!("r{}", dice % 3);
            }
            row
        })
}

fn tables() -> impl Strategy<Value = StepTable> {
    let rows = |section, most| prop::collection::vec(row(section), 0..most);
    (
        rows(Section::Main, 9),
        rows(Section::Granted, 4),
        rows(Section::Refused, 3),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(more, granted, refused, from, to)| {
            let mut table = StepTable::shortest("random", "随机");
            table.main.splice(1..1, more);
            table.granted = granted;
            table.refused = refused;
            table.settle();
            // One time-out that leads further on.
            let from = table.main[from.index(table.main.len())].id.clone();
            let later: Vec<String> = table.later(&from).into_iter().map(|row| row.id.clone()).collect();
            if !later.is_empty() {
                let to = later[to.index(later.len())].clone();
                for row in &mut table.main {
                    if row.id == from && row.kind.may_lapse() {
                        row.time_out = Some(TimeOut { days: 5, to: Some(to.clone()), id: String::new() });
                    }
                }
            }
            table.settle();
            table
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_is_read_back(table in tables()) {
        let (xml, model) = written(&table);
        prop_assert!(model.remarks().is_empty(), "{:?}\n{}", model.remarks(), xml);
        let again = StepTable::from_model(&model).unwrap_or_else(|why| panic!("{why:?}\n{xml}"));
        prop_assert_eq!(again, table);
    }
}
