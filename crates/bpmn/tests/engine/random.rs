//! Random well-structured processes (sequences, choices, parallel and inclusive blocks, loops) run in random order, beside an
//! account kept on the structure itself: what is open must be the same after every step.

use std::collections::BTreeSet;

use crate::support::structure::{Account, Dice, blocks, document, holds, number, sorted};
use banhao_bpmn::{Drawing, Event, Instance, Model, Orientation, Phase, Progress, complete, draw, outline, start, tree::Document};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn runs_do_what_the_structure_says(block in blocks(), seed in any::<u64>()) {
        let mut count = 0;
        let structure = number(&block, &mut count);
        let document = document(&structure);
        let written = Document::parse(&document.to_xml()).unwrap();
        let model = Model::read(&written).unwrap();
        prop_assert_eq!(model.nodes().len(), Model::read(&document).unwrap().nodes().len());

        let mut dice = Dice(seed);
        let mut values = dice.values(count);
        let mut account = Account::begin(&structure, &values);
        let mut step = start(&model, &Value::Object(values.clone()), &holds).unwrap();
        let mut events: Vec<Event> = step.events.clone();
        let mut steps = 0;
        loop {
            let mut expected = Vec::new();
            account.open(&mut expected);
            let open: Vec<_> = step.instance.open_tasks().map(|(task, id)| (task, id.to_owned())).collect();
            prop_assert_eq!(
                sorted(open.iter().map(|(_, id)| id.clone()).collect()),
                sorted(expected)
            );
            prop_assert!(step.instance.waiting().all(|(_, branches)| branches == 1));
            let stored: Instance = serde_json::from_str(&serde_json::to_string(&step.instance).unwrap()).unwrap();
            prop_assert_eq!(&stored, &step.instance);
            prop_assert_eq!(&Instance::replay(&events).unwrap(), &step.instance);
            if open.is_empty() {
                break;
            }
            steps += 1;
            // From some point on no loop goes round again, so that every run must end.
            values = if steps < 60 { dice.values(count) } else { (1..=count).map(|at| (format!("v{at}"), json!(0))).collect() };
            prop_assert!(steps < 400);
            let pick = usize::try_from(dice.roll()).unwrap() % open.len();
            let (task, element) = &open[pick];
            account = account.done(element[1..].parse().unwrap(), &values);
            let again = complete(&model, &stored, *task, &Value::Object(values.clone()), &holds).unwrap();
            step = complete(&model, &step.instance, *task, &Value::Object(values.clone()), &holds).unwrap();
            prop_assert_eq!(&again, &step, "a stored state goes on as the state itself");
            prop_assert!(complete(&model, &step.instance, *task, &Value::Null, &holds).is_err());
            events.extend(step.events.clone());
        }
        prop_assert_eq!(step.instance.phase(), Phase::Finished);
        prop_assert_eq!(step.instance.times_done("end"), 1);
        prop_assert_eq!(step.instance.size(), 0);
    }

    #[test]
    fn drawings_are_well_formed_and_boxes_stand_apart(block in blocks(), vertical in any::<bool>()) {
        let structure = number(&block, &mut 0);
        let model = Model::read(&document(&structure)).unwrap();
        let orientation = if vertical { Orientation::Vertical } else { Orientation::Horizontal };
        let drawing = Drawing { orientation, legend: false, ..Drawing::default() };
        let progress = Progress::new(["start", "f1"], ["t2"]);
        let svg = draw(&model, Some(&progress), &drawing);
        let parsed = roxmltree::Document::parse(&svg).unwrap();
        let boxes: Vec<[f64; 4]> = parsed
            .descendants()
            .filter(|node| node.tag_name().name() == "rect" && node.attribute("class") == Some("bpmn-shape"))
            .map(|node| ["x", "y", "width", "height"].map(|name| node.attribute(name).unwrap().parse().unwrap()))
            .collect();
        let tasks = model.nodes().iter().filter(|node| node.kind().is_task()).count();
        prop_assert_eq!(boxes.len(), tasks);
        let width: f64 = parsed.root_element().attribute("width").unwrap().parse().unwrap();
        for (at, one) in boxes.iter().enumerate() {
            prop_assert!(one[0] >= 0.0 && one[0] + one[2] <= width);
            for other in &boxes[at + 1..] {
                let apart = one[0] + one[2] < other[0] || other[0] + other[2] < one[0]
                    || one[1] + one[3] < other[1] || other[1] + other[3] < one[1];
                prop_assert!(apart, "{one:?} {other:?}");
            }
        }
        let lines = outline(&model, Some(&progress));
        let elements: BTreeSet<_> = lines.iter().map(|line| line.element.as_str()).collect();
        prop_assert_eq!(elements.len(), model.nodes().len());
    }
}
