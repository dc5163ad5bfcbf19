//! A DMN file of a stranger: read and looked over, every decision evaluated with several sets of inputs. Panics of the rule
//! engine that our guard turns into errors are no finding; what gets past it is.
#![no_main]

use banhao_decision::DecisionModel;
use banhao_fuzz::{guarded, take_hook};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

/// Decisions of one file that are evaluated.
const DECISIONS: usize = 4;

fuzz_target!(
    init: take_hook(),
    |text: &str| guarded(|| {
        let Ok(model) = DecisionModel::parse(text) else { return };
        let decisions: Vec<String> = model.decisions().take(DECISIONS).map(str::to_owned).collect();
        for decision in decisions {
            for given in [Value::Null, json!(1), json!("a"), json!(true), json!([1, "a", null])] {
                let data: Map<String, Value> = model.inputs().iter().map(|input| (input.name.clone(), given.clone())).collect();
                match model.evaluate(&decision, &Value::Object(data)) {
                    Ok(evaluation) => drop(evaluation.to_json()),
                    Err(error) => assert!(!error.zh().is_empty()),
                }
            }
        }
    })
);
