//! A BPMN file of a stranger: read and checked, written and read again, drawn both ways, laid out, compared, and run for a
//! bounded number of steps with answers that depend on nothing but the file.
#![no_main]

use banhao_bpmn::{
    Command, Conditions, Drawing, Instance, Model, Orientation, Progress, act, compare, draw, draw_differences, outline, tree::Document,
};
use banhao_fuzz::{guarded, take_hook};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Steps of one run.
const STEPS: usize = 60;
/// Larger files are read and written, but not run and drawn: a single input must not take the time of thousands.
const MOST_BYTES: usize = 64 * 1024;

/// Answers from the letters of the expression, turning with every question.
struct Dice(std::cell::Cell<u64>);

impl Dice {
    fn roll(&self, text: &str) -> u64 {
        let mut hash = self.0.get();
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.0.set(hash);
        hash >> 7
    }
}

impl Conditions for Dice {
    fn holds(&self, expression: &str, _variables: &Value) -> Result<bool, String> {
        match self.roll(expression) % 9 {
            0 => Err("no answer".to_owned()),
            roll => Ok(roll % 2 == 0),
        }
    }

    fn value(&self, expression: &str, _variables: &Value) -> Result<Value, String> {
        Ok(match self.roll(expression) % 6 {
            0 => return Err("no value".to_owned()),
            1 => json!(3),
            2 => json!(["a", "b"]),
            3 => json!(-1),
            4 => json!("P1D"),
            _ => Value::Null,
        })
    }

    fn decide(&self, decision: &str, _variables: &Value) -> Result<Value, String> {
        Ok(json!({ "answer": self.roll(decision) % 3 }))
    }
}

fuzz_target!(
    init: take_hook(),
    |text: &str| guarded(|| {
        let Ok(document) = Document::parse(text) else { return };
        let written = document.to_xml();
        let again = Document::parse(&written).expect("what was written is read");
        assert_eq!(again.to_xml(), written, "what was written is written the same");
        let Ok(model) = Model::read(&document) else { return };
        let read_again = Model::read(&again).expect("what could run can run when written");
        assert!(compare(&model, &read_again).is_empty());
        if text.len() <= MOST_BYTES {
            show(&model);
            run(&model);
        }
    })
);

fn show(model: &Model) {
    let progress = Progress::new(model.nodes().iter().map(|node| node.id()).take(3), []);
    for orientation in [Orientation::Horizontal, Orientation::Vertical] {
        let drawing = Drawing { orientation, ..Drawing::default() };
        let svg = draw(model, Some(&progress), &drawing);
        roxmltree::Document::parse(&svg).expect("a drawing is XML");
        assert!(draw_differences(model, &compare(model, model), &drawing).ends_with("</svg>"));
    }
    assert_eq!(outline(model, None).len(), model.nodes().len());
}

fn run(model: &Model) {
    let dice = Dice(std::cell::Cell::new(0xcbf2_9ce4_8422_2325));
    let mut instance = Instance::blank();
    let mut told = Vec::new();
    let mut next = Some(Command::Start { at: None, variables: json!({}) });
    for step in 0..STEPS {
        let Some(command) = next.take() else { break };
        let before = instance.clone();
        match act(model, &mut instance, &command, &dice) {
            Ok(events) => told.extend(events),
            Err(_) => assert_eq!(instance, before, "a step that fails changes nothing"),
        }
        let open: Vec<_> = instance.open_tasks().map(|(task, _)| task).collect();
        let armed: Vec<_> = instance.armed().map(|(event, _)| event).collect();
        let count = open.len() + armed.len();
        if count > 0 && instance.is_running() {
            let pick = usize::try_from(dice.roll("pick")).unwrap_or_default() % count;
            next = Some(match open.get(pick) {
                Some(task) => {
                    Command::Complete { task: *task, variables: json!({ "verdict": if step % 3 == 0 { "disagree" } else { "agree" } }) }
                }
                None => Command::Fire { event: armed[pick - open.len()] },
            });
        }
    }
    if !told.is_empty() {
        assert_eq!(Instance::replay(&told).expect("what was told can be told again"), instance);
    }
}
