//! Random well-structured processes (sequences, choices, parallel and inclusive blocks, loops) run in random order, beside an
//! account kept on the structure itself: what is open must be the same after every step.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use banhao_bpmn::{
    Drawing, Event, Instance, Model, NodeKind, Orientation, Phase, ProcessBuilder, Progress, complete, draw, outline, start, tree::Document,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[derive(Clone, Debug)]
enum Block {
    Nothing,
    Task,
    Sequence(Vec<Block>),
    Choice(Vec<Block>),
    Parallel(Vec<Block>),
    Inclusive(Vec<Block>),
    Loop(Box<Block>),
}

fn blocks() -> impl Strategy<Value = Block> {
    let leaf = prop_oneof![1 => Just(Block::Nothing), 5 => Just(Block::Task)];
    leaf.prop_recursive(4, 28, 4, |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Block::Sequence),
            2 => several().prop_map(Block::Choice),
            2 => several().prop_map(Block::Parallel),
            2 => several().prop_map(Block::Inclusive),
            // A loop without a task in it would go round for ever in one step.
            1 => inner.clone().prop_map(|body| Block::Loop(Box::new(Block::Sequence(vec![Block::Task, body])))),
        ]
    })
}

/// The structure with a number for each block, in the order of the walk; numbers name elements and variables.
enum Numbered {
    Nothing,
    Task(usize),
    Sequence(Vec<Numbered>),
    Choice(usize, Vec<Numbered>),
    Parallel(usize, Vec<Numbered>),
    Inclusive(usize, Vec<Numbered>),
    Loop(usize, Box<Numbered>),
}

fn number(block: &Block, next: &mut usize) -> Numbered {
    *next += 1;
    let at = *next;
    let mut all = |blocks: &[Block]| blocks.iter().map(|block| number(block, next)).collect();
    match block {
        Block::Nothing => Numbered::Nothing,
        Block::Task => Numbered::Task(at),
        Block::Sequence(blocks) => Numbered::Sequence(all(blocks)),
        Block::Choice(blocks) => Numbered::Choice(at, all(blocks)),
        Block::Parallel(blocks) => Numbered::Parallel(at, all(blocks)),
        Block::Inclusive(blocks) => Numbered::Inclusive(at, all(blocks)),
        Block::Loop(body) => Numbered::Loop(at, Box::new(number(body, next))),
    }
}

/// Which branches of a block are taken for the value of its variable.
fn chosen(value: u64, branches: usize) -> usize {
    usize::try_from(value).unwrap() % branches
}

fn included(value: u64, branch: usize, branches: usize) -> bool {
    if branch == 0 { (1..branches).all(|other| !included(value, other, branches)) } else { (value >> branch) & 1 == 1 }
}

fn goes_round(value: u64) -> bool {
    value % 3 == 1
}

/// Conditions are words of this test: `choose 7 2 3`, `include 7 2 3`, `again 7`.
fn holds(expression: &str, variables: &Value) -> Result<bool, String> {
    let words: Vec<&str> = expression.split(' ').collect();
    let value = variables[&format!("v{}", words[1].trim_start_matches('v'))].as_u64().ok_or("no value")?;
    let at = |word: usize| words[word].parse::<usize>().unwrap();
    Ok(match words[0] {
        "choose" => chosen(value, at(3)) == at(2),
        "include" => included(value, at(2), at(3)),
        _ => goes_round(value),
    })
}

/// A flow whose target is not known yet.
#[derive(Clone)]
struct Pending {
    from: String,
    condition: Option<String>,
    default: bool,
}

impl Pending {
    fn of(from: &str) -> Self {
        Self { from: from.to_owned(), condition: None, default: false }
    }
}

struct Writer {
    builder: ProcessBuilder,
    flows: usize,
}

impl Writer {
    fn connect(&mut self, pending: &Pending, to: &str) {
        self.flows += 1;
        self.builder.flow(&format!("f{}", self.flows), &pending.from, to);
        if let Some(condition) = &pending.condition {
            self.builder.when(condition);
        }
        if pending.default {
            self.builder.by_default();
        }
    }

    fn write(&mut self, block: &Numbered, pending: Pending) -> Pending {
        match block {
            Numbered::Nothing => pending,
            Numbered::Task(at) => {
                let id = format!("t{at}");
                self.builder.node(NodeKind::UserTask, &id, Some("办理这一步"));
                self.connect(&pending, &id);
                Pending::of(&id)
            }
            Numbered::Sequence(blocks) => blocks.iter().fold(pending, |pending, block| self.write(block, pending)),
            Numbered::Choice(at, blocks) => {
                let count = blocks.len();
                self.branches(*at, NodeKind::ExclusiveGateway, blocks, &pending, |branch| {
                    (branch > 0).then(|| format!("choose v{at} {branch} {count}"))
                })
            }
            Numbered::Parallel(at, blocks) => self.branches(*at, NodeKind::ParallelGateway, blocks, &pending, |_| None),
            Numbered::Inclusive(at, blocks) => {
                let count = blocks.len();
                self.branches(*at, NodeKind::InclusiveGateway, blocks, &pending, |branch| {
                    (branch > 0).then(|| format!("include v{at} {branch} {count}"))
                })
            }
            Numbered::Loop(at, body) => {
                let (top, bottom) = (format!("top{at}"), format!("bottom{at}"));
                self.builder.node(NodeKind::ExclusiveGateway, &top, None);
                self.connect(&pending, &top);
                let end = self.write(body, Pending::of(&top));
                self.builder.node(NodeKind::ExclusiveGateway, &bottom, None);
                self.connect(&end, &bottom);
                let back = Pending { condition: Some(format!("again v{at}")), ..Pending::of(&bottom) };
                self.connect(&back, &top);
                Pending { default: true, ..Pending::of(&bottom) }
            }
        }
    }

    fn branches(
        &mut self,
        at: usize,
        kind: NodeKind,
        blocks: &[Numbered],
        pending: &Pending,
        condition: impl Fn(usize) -> Option<String>,
    ) -> Pending {
        let (split, join) = (format!("split{at}"), format!("join{at}"));
        self.builder.node(kind, &split, None).node(kind, &join, None);
        self.connect(pending, &split);
        for (branch, block) in blocks.iter().enumerate() {
            let begin =
                Pending { condition: condition(branch), default: branch == 0 && kind != NodeKind::ParallelGateway, ..Pending::of(&split) };
            let end = self.write(block, begin);
            self.connect(&end, &join);
        }
        Pending::of(&join)
    }
}

fn document(block: &Numbered) -> Document {
    let mut writer = Writer { builder: ProcessBuilder::new("random", "random"), flows: 0 };
    writer.builder.node(NodeKind::StartEvent, "start", None);
    let pending = writer.write(block, Pending::of("start"));
    writer.builder.node(NodeKind::EndEvent, "end", None);
    writer.connect(&pending, "end");
    writer.builder.document()
}

/// What a block is doing.
enum Account<'b> {
    Over,
    Open(usize),
    Sequence(&'b [Numbered], usize, Box<Account<'b>>),
    Together(Vec<Account<'b>>),
    Loop(usize, &'b Numbered, Box<Account<'b>>),
}

impl<'b> Account<'b> {
    fn begin(block: &'b Numbered, values: &Map<String, Value>) -> Self {
        let value = |at: &usize| values[&format!("v{at}")].as_u64().unwrap();
        let account = match block {
            Numbered::Nothing => Self::Over,
            Numbered::Task(at) => Self::Open(*at),
            Numbered::Sequence(blocks) => Self::Sequence(blocks, 0, Box::new(Self::begin(&blocks[0], values))),
            Numbered::Choice(at, blocks) => Self::begin(&blocks[chosen(value(at), blocks.len())], values),
            Numbered::Parallel(_, blocks) => Self::Together(blocks.iter().map(|block| Self::begin(block, values)).collect()),
            Numbered::Inclusive(at, blocks) => Self::Together(
                blocks
                    .iter()
                    .enumerate()
                    .filter(|(branch, _)| included(value(at), *branch, blocks.len()))
                    .map(|(_, block)| Self::begin(block, values))
                    .collect(),
            ),
            Numbered::Loop(at, body) => Self::Loop(*at, body, Box::new(Self::begin(body, values))),
        };
        account.settle(values)
    }

    /// Moves on past everything that is over.
    fn settle(self, values: &Map<String, Value>) -> Self {
        match self {
            Self::Sequence(blocks, at, inner) => match *inner {
                Self::Over if at + 1 == blocks.len() => Self::Over,
                Self::Over => {
                    let next = Self::begin(&blocks[at + 1], values);
                    Self::Sequence(blocks, at + 1, Box::new(next)).settle(values)
                }
                inner => Self::Sequence(blocks, at, Box::new(inner)),
            },
            Self::Together(all) if all.iter().all(|one| matches!(one, Self::Over)) => Self::Over,
            Self::Loop(at, body, inner) => match *inner {
                Self::Over if goes_round(values[&format!("v{at}")].as_u64().unwrap()) => {
                    Self::Loop(at, body, Box::new(Self::begin(body, values)))
                }
                Self::Over => Self::Over,
                inner => Self::Loop(at, body, Box::new(inner)),
            },
            other => other,
        }
    }

    fn done(self, task: usize, values: &Map<String, Value>) -> Self {
        let account = match self {
            Self::Open(at) if at == task => Self::Over,
            Self::Sequence(blocks, at, inner) => Self::Sequence(blocks, at, Box::new(inner.done(task, values))),
            Self::Together(all) => Self::Together(all.into_iter().map(|one| one.done(task, values)).collect()),
            Self::Loop(at, body, inner) => Self::Loop(at, body, Box::new(inner.done(task, values))),
            other => other,
        };
        account.settle(values)
    }

    fn open(&self, into: &mut Vec<String>) {
        match self {
            Self::Over => {}
            Self::Open(at) => into.push(format!("t{at}")),
            Self::Sequence(_, _, inner) | Self::Loop(_, _, inner) => inner.open(into),
            Self::Together(all) => all.iter().for_each(|one| one.open(into)),
        }
    }
}

/// A simple sequence of numbers, so that a failing run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn values(&mut self, count: usize) -> Map<String, Value> {
        (1..=count).map(|at| (format!("v{at}"), json!(self.roll() % 16))).collect()
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

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
        prop_assert_eq!(step.instance.tokens(), 0);
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
