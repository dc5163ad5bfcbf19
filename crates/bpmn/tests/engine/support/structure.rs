//! Random well-structured processes (sequences, choices, parallel and inclusive blocks, loops), and an account of what should be
//! open, kept on the structure itself.

use banhao_bpmn::{NodeKind, ProcessBuilder, tree::Document};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[derive(Clone, Debug)]
pub enum Block {
    Nothing,
    Task,
    Sequence(Vec<Block>),
    Choice(Vec<Block>),
    Parallel(Vec<Block>),
    Inclusive(Vec<Block>),
    Loop(Box<Block>),
}

pub fn blocks() -> impl Strategy<Value = Block> {
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
pub enum Numbered {
    Nothing,
    Task(usize),
    Sequence(Vec<Numbered>),
    Choice(usize, Vec<Numbered>),
    Parallel(usize, Vec<Numbered>),
    Inclusive(usize, Vec<Numbered>),
    Loop(usize, Box<Numbered>),
}

impl Numbered {
    fn has(&self, task: usize) -> bool {
        match self {
            Self::Nothing => false,
            Self::Task(at) => *at == task,
            Self::Sequence(blocks) | Self::Choice(_, blocks) | Self::Parallel(_, blocks) | Self::Inclusive(_, blocks) => {
                blocks.iter().any(|block| block.has(task))
            }
            Self::Loop(_, body) => body.has(task),
        }
    }
}

pub fn number(block: &Block, next: &mut usize) -> Numbered {
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
pub fn holds(expression: &str, variables: &Value) -> Result<bool, String> {
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

pub fn document(block: &Numbered) -> Document {
    let mut writer = Writer { builder: ProcessBuilder::new("random", "random"), flows: 0 };
    writer.builder.node(NodeKind::StartEvent, "start", None);
    let pending = writer.write(block, Pending::of("start"));
    writer.builder.node(NodeKind::EndEvent, "end", None);
    writer.connect(&pending, "end");
    writer.builder.document()
}

/// What a block is doing.
#[derive(Clone)]
pub enum Account<'b> {
    Over,
    Open(usize),
    Sequence(&'b [Numbered], usize, Box<Account<'b>>),
    Together(Vec<Account<'b>>),
    Loop(usize, &'b Numbered, Box<Account<'b>>),
}

impl<'b> Account<'b> {
    pub fn begin(block: &'b Numbered, values: &Map<String, Value>) -> Self {
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

    pub fn done(self, task: usize, values: &Map<String, Value>) -> Self {
        let account = match self {
            Self::Open(at) if at == task => Self::Over,
            Self::Sequence(blocks, at, inner) => Self::Sequence(blocks, at, Box::new(inner.done(task, values))),
            Self::Together(all) => Self::Together(all.into_iter().map(|one| one.done(task, values)).collect()),
            Self::Loop(at, body, inner) => Self::Loop(at, body, Box::new(inner.done(task, values))),
            other => other,
        };
        account.settle(values)
    }

    /// The same with what is being done at one task being done at another instead; none where branches would be lost.
    pub fn moved(self, block: &'b Numbered, from: usize, to: usize) -> Option<Self> {
        match (self, block) {
            (Self::Sequence(blocks, at, inner), _) => {
                if blocks[at].has(from) && blocks[at].has(to) {
                    return Some(Self::Sequence(blocks, at, Box::new(inner.moved(&blocks[at], from, to)?)));
                }
                let (at, block) = blocks.iter().enumerate().find(|(_, block)| block.has(to))?;
                Some(Self::Sequence(blocks, at, Box::new(Self::at(block, to)?)))
            }
            (Self::Loop(at, body, inner), _) => Some(Self::Loop(at, body, Box::new(inner.moved(body, from, to)?))),
            (Self::Together(all), Numbered::Parallel(_, blocks) | Numbered::Inclusive(_, blocks)) => {
                // The branches that are taken, in order; the one with both is moved within.
                let mut moved = Vec::new();
                for one in all {
                    let block = blocks.iter().find(|block| block.has(from) && block.has(to) && one.is_in(block));
                    moved.push(match block {
                        Some(block) if one.has_open(from) => one.moved(block, from, to)?,
                        _ => one,
                    });
                }
                blocks.iter().any(|block| block.has(from) && block.has(to)).then_some(Self::Together(moved))
            }
            (inner, Numbered::Choice(_, blocks)) => {
                if let Some(block) = blocks.iter().find(|block| block.has(from) && block.has(to)) {
                    return inner.moved(block, from, to);
                }
                blocks.iter().find(|block| block.has(to)).and_then(|block| Self::at(block, to))
            }
            _ => None,
        }
    }

    /// Standing at this task.
    fn at(block: &'b Numbered, task: usize) -> Option<Self> {
        Some(match block {
            Numbered::Task(at) if *at == task => Self::Open(task),
            Numbered::Sequence(blocks) => {
                let (at, block) = blocks.iter().enumerate().find(|(_, block)| block.has(task))?;
                Self::Sequence(blocks, at, Box::new(Self::at(block, task)?))
            }
            Numbered::Choice(_, blocks) => Self::at(blocks.iter().find(|block| block.has(task))?, task)?,
            Numbered::Loop(at, body) => Self::Loop(*at, body, Box::new(Self::at(body, task)?)),
            _ => return None,
        })
    }

    fn has_open(&self, task: usize) -> bool {
        let mut open = Vec::new();
        self.open(&mut open);
        open.contains(&format!("t{task}"))
    }

    fn is_in(&self, block: &Numbered) -> bool {
        let mut open = Vec::new();
        self.open(&mut open);
        !open.is_empty() && open.iter().all(|task| block.has(task[1..].parse().unwrap()))
    }

    /// Steps that come before an open one in the sequences around it, not inside blocks of branches.
    pub fn before(&self, task: usize) -> Vec<String> {
        let mut before = Vec::new();
        self.collect_before(task, &mut before);
        before
    }

    fn collect_before(&self, task: usize, before: &mut Vec<String>) {
        match self {
            Self::Sequence(blocks, at, inner) if inner.has_open(task) => {
                before.extend(blocks[..*at].iter().filter_map(|block| match block {
                    Numbered::Task(at) => Some(format!("t{at}")),
                    _ => None,
                }));
                inner.collect_before(task, before);
            }
            Self::Loop(_, _, inner) => inner.collect_before(task, before),
            Self::Together(all) => all.iter().for_each(|one| one.collect_before(task, before)),
            _ => {}
        }
    }

    pub fn open(&self, into: &mut Vec<String>) {
        match self {
            Self::Over => {}
            Self::Open(at) => into.push(format!("t{at}")),
            Self::Sequence(_, _, inner) | Self::Loop(_, _, inner) => inner.open(into),
            Self::Together(all) => all.iter().for_each(|one| one.open(into)),
        }
    }
}

/// A simple sequence of numbers, so that a failing run can be repeated.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub fn values(&mut self, count: usize) -> Map<String, Value> {
        (1..=count).map(|at| (format!("v{at}"), json!(self.roll() % 16))).collect()
    }
}

pub fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
