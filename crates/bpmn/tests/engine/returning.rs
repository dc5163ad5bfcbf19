//! Returning and taking back on random well-structured processes, beside an account kept on the structure itself.

use std::collections::BTreeSet;

use crate::support::structure::{Account, Dice, blocks, document, holds, number, sorted};
use banhao_bpmn::{Command, Event, Instance, Model, Phase, Returning, Target, complete, return_targets, start, step};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn returns_lose_and_double_nothing(block in blocks(), seed in any::<u64>()) {
        let mut count = 0;
        let structure = number(&block, &mut count);
        let model = Model::read(&document(&structure)).unwrap();
        let mut dice = Dice(seed);
        let mut values = dice.values(count);
        let mut account = Account::begin(&structure, &values);
        let mut now = start(&model, &Value::Object(values.clone()), &holds).unwrap();
        let mut events: Vec<Event> = now.events.clone();
        let mut done: BTreeSet<String> = BTreeSet::new();
        let mut led: BTreeSet<String> = BTreeSet::new();
        let mut first: BTreeSet<String> = now.instance.open_tasks().map(|(_, id)| id.to_owned()).collect();
        for steps in 0.. {
            prop_assert!(steps < 600);
            let mut expected = Vec::new();
            account.open(&mut expected);
            let open: Vec<_> = now.instance.open_tasks().map(|(task, id)| (task, id.to_owned())).collect();
            prop_assert_eq!(sorted(open.iter().map(|(_, id)| id.clone()).collect()), sorted(expected));
            prop_assert!(now.instance.waiting().all(|(_, branches)| branches == 1));
            prop_assert_eq!(&Instance::replay(&events).unwrap(), &now.instance);
            if open.is_empty() {
                break;
            }
            values = if steps < 60 { dice.values(count) } else { (1..=count).map(|at| (format!("v{at}"), json!(0))).collect() };
            let pick = usize::try_from(dice.roll()).unwrap() % open.len();
            let (task, element) = &open[pick];
            let from: usize = element[1..].parse().unwrap();
            // The account knows steps; splits are explored exhaustively elsewhere.
            let mut targets = return_targets(&model, &now.instance, *task);
            targets.retain(|target| model.node(target).unwrap().kind().is_human());
            // Every step before this one in its own branch, not inside a block of branches, must be offered.
            for before in account.before(from) {
                prop_assert!(!done.contains(&before) || targets.contains(&before), "{before} is not offered to {element}: {targets:?}");
            }
            if steps < 60 && !targets.is_empty() && dice.roll().is_multiple_of(3) {
                let target = &targets[usize::try_from(dice.roll()).unwrap() % targets.len()];
                let to: usize = target[1..].parse().unwrap();
                let moved = account.moved(&structure, from, to);
                prop_assert!(moved.is_some(), "{element} cannot be returned to {target}");
                account = moved.unwrap();
                let command = Command::Return { task: *task, to: Target::Step(target.clone()), then: Returning::StepByStep };
                now = step(&model, &now.instance, &command, &holds).unwrap();
                // What came before it is known if it was when the step was come to by itself.
                let again = now.instance.open_tasks().find(|(_, id)| id == target).unwrap().0;
                let known = now.instance.token(again).unwrap().previous.is_some();
                // A round that leads back to a first step does not come before it.
                prop_assert!(known == led.contains(target) || (!known && first.contains(target)), "before {target}: {known}");
            } else {
                let before = now.instance.clone();
                done.insert(element.clone());
                account = account.done(from, &values);
                now = complete(&model, &before, *task, &Value::Object(values.clone()), &holds).unwrap();
                for token in now.events.iter().filter_map(|event| if let Event::Placed { token, .. } = event { Some(token) } else { None }) {
                    match &token.previous {
                        Some(_) => led.insert(token.at.clone()),
                        None => first.insert(token.at.clone()) | led.remove(&token.at),
                    };
                }
                // Taken back at once, everything is open as before.
                if let Ok(back) = step(&model, &now.instance, &Command::TakeBack { task: *task }, &holds) {
                    let open_before: Vec<String> = before.open_tasks().map(|(_, id)| id.to_owned()).collect();
                    let open_now: Vec<String> = back.instance.open_tasks().map(|(_, id)| id.to_owned()).collect();
                    prop_assert_eq!(sorted(open_before), sorted(open_now));
                    prop_assert_eq!(before.size(), back.instance.size());
                }
            }
            events.extend(now.events.clone());
        }
        prop_assert_eq!(now.instance.phase(), Phase::Finished);
        prop_assert_eq!(now.instance.times_done("end"), 1);
        prop_assert_eq!(now.instance.size(), 0);
    }
}
