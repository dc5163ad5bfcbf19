//! The structure of blocks as nodes and flows, and these as BPMN in each engine's dialect.

use std::{collections::BTreeMap, fmt::Write as _};

use super::block::{Block, Leaving, Scope};

/// An engine's language of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// FEEL, `d1 = 2`: ours.
    Feel,
    /// Python, `d1 == 2`: SpiffWorkflow.
    Python,
    /// JavaScript on the one object that bpmn-engine's runner keeps the variables in.
    JavaScript,
}

/// A condition: a variable with a number.
#[derive(Clone, Debug)]
struct Test {
    variable: String,
    value: usize,
    /// At least this number; otherwise exactly.
    or_more: bool,
}

impl Test {
    fn text(&self, dialect: Dialect) -> String {
        let Self { variable, value, or_more } = self;
        let sign = match (or_more, dialect) {
            (true, _) => "&gt;=",
            (false, Dialect::Feel) => "=",
            (false, Dialect::Python) => "==",
            (false, Dialect::JavaScript) => "===",
        };
        match dialect {
            Dialect::Feel | Dialect::Python => format!("{variable} {sign} {value}"),
            Dialect::JavaScript => format!("next(null, this.environment.variables.v.{variable} {sign} {value})"),
        }
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Start,
    End,
    Terminate,
    ErrorEnd,
    Task,
    Many { count: usize, together: bool },
    Exclusive,
    Parallel,
    Inclusive,
    Subprocess(Box<Graph>),
    ErrorBoundary(String),
}

#[derive(Clone, Debug)]
struct Flow {
    from: String,
    to: String,
    test: Option<Test>,
    default: bool,
}

#[derive(Clone, Debug, Default)]
struct Graph {
    nodes: Vec<(String, Kind)>,
    flows: Vec<Flow>,
}

/// What a task sets when it is done: a variable and the number of its values.
pub type Answers = BTreeMap<String, Vec<(String, usize)>>;

/// A drawn process.
#[derive(Clone, Debug)]
pub struct Drawing {
    graph: Graph,
    answers: Answers,
}

/// A way out that does not lead anywhere yet.
#[derive(Clone, Debug)]
struct Pending {
    from: String,
    test: Option<Test>,
    default: bool,
}

fn from(node: &str) -> Vec<Pending> {
    vec![Pending { from: node.to_owned(), test: None, default: false }]
}

#[derive(Default)]
struct Drawer {
    graph: Graph,
    answers: Answers,
    number: usize,
}

impl Drawer {
    fn node(&mut self, prefix: &str, kind: Kind, pending: Vec<Pending>) -> String {
        self.number += 1;
        let id = format!("{prefix}{}", self.number);
        self.graph.nodes.push((id.clone(), kind));
        self.connect(pending, &id);
        id
    }

    fn connect(&mut self, pending: Vec<Pending>, to: &str) {
        self.graph.flows.extend(pending.into_iter().map(|Pending { from, test, default }| Flow { from, to: to.to_owned(), test, default }));
    }

    /// Several ways as one: in front of what would take them for branches that must all come.
    fn single(&mut self, pending: Vec<Pending>) -> Vec<Pending> {
        if pending.len() < 2 { pending } else { from(&self.node("merge", Kind::Exclusive, pending)) }
    }

    /// A task that decides, and its variable.
    fn decider(&mut self, pending: Vec<Pending>, values: usize) -> (String, String) {
        let task = self.node("t", Kind::Task, pending);
        let variable = format!("d{}", self.number);
        self.answers.entry(task.clone()).or_default().push((variable.clone(), values));
        (task, variable)
    }

    fn joined(&mut self, kind: Kind, name: &str, branches: Vec<Vec<Pending>>) -> Vec<Pending> {
        let branches = branches.into_iter().flat_map(|branch| self.single(branch)).collect();
        from(&self.node(name, kind, branches))
    }

    fn block(&mut self, block: &Block, pending: Vec<Pending>) -> Vec<Pending> {
        match block {
            Block::Task => from(&self.node("t", Kind::Task, pending)),
            Block::Many { count, together } => from(&self.node("m", Kind::Many { count: *count, together: *together }, pending)),
            Block::Sequence(blocks) => blocks.iter().fold(pending, |pending, block| self.block(block, pending)),
            Block::Choice { ways, loose } => self.choice(ways, *loose, pending),
            Block::Parallel { branches, implicit } => {
                let split = if *implicit {
                    self.node("t", Kind::Task, pending)
                } else {
                    let pending = self.single(pending);
                    self.node("fork", Kind::Parallel, pending)
                };
                let branches = branches.iter().map(|branch| self.block(branch, from(&split))).collect();
                self.joined(Kind::Parallel, "join", branches)
            }
            Block::Inclusive(branches) => self.inclusive(branches, pending),
            Block::Loop(body) => {
                let top = self.node("top", Kind::Exclusive, pending);
                let (task, variable) = self.decider(from(&top), 3);
                let end = self.block(body, from(&task));
                let bottom = self.node("bottom", Kind::Exclusive, end);
                self.connect(when(&bottom, &variable, 1), &top);
                otherwise(&bottom)
            }
            Block::Break(first, second) => {
                let top = self.node("top", Kind::Exclusive, pending);
                let end = self.block(first, from(&top));
                let (task, variable) = self.decider(end, 3);
                let middle = self.node("middle", Kind::Exclusive, from(&task));
                let on = self.block(second, otherwise(&middle));
                let (task, again) = self.decider(on, 2);
                let bottom = self.node("bottom", Kind::Exclusive, from(&task));
                self.connect(when(&bottom, &again, 1), &top);
                [when(&middle, &variable, 2), otherwise(&bottom)].concat()
            }
            Block::Braid(blocks) => self.braid(blocks, pending),
            Block::Inside(scope) => from(&self.subprocess(scope, pending)),
            Block::Rescue(scope, rescue) => {
                let inside = self.subprocess(scope, pending);
                let boundary = self.node("caught", Kind::ErrorBoundary(inside.clone()), Vec::new());
                let rescued = self.block(rescue, from(&boundary));
                from(&self.node("merge", Kind::Exclusive, [from(&inside), rescued].concat()))
            }
            Block::Leave(leaving) => {
                let (task, variable) = self.decider(pending, 3);
                let gateway = self.node("leave", Kind::Exclusive, from(&task));
                let (name, kind) = match leaving {
                    Leaving::End => ("end", Kind::End),
                    Leaving::Terminate => ("stop", Kind::Terminate),
                    Leaving::Error => ("error", Kind::ErrorEnd),
                };
                self.node(name, kind, when(&gateway, &variable, 1));
                otherwise(&gateway)
            }
        }
    }

    fn choice(&mut self, ways: &[Block], loose: bool, pending: Vec<Pending>) -> Vec<Pending> {
        let (task, variable) = self.decider(pending, ways.len() + 1);
        let gateway = self.node("choose", Kind::Exclusive, from(&task));
        let mut ends = Vec::new();
        for (at, way) in ways.iter().enumerate() {
            // The largest number first, and then all from a smaller one on: which is taken depends on the order in the file.
            let begin = match ways.len() - at {
                1 => otherwise(&gateway),
                least => when_or_more(&gateway, &variable, least),
            };
            ends.push(self.block(way, begin));
        }
        if loose { ends.concat() } else { from(&self.node("merge", Kind::Exclusive, ends.concat())) }
    }

    fn inclusive(&mut self, branches: &[Block], pending: Vec<Pending>) -> Vec<Pending> {
        let task = self.node("t", Kind::Task, pending);
        let gateway = self.node("some", Kind::Inclusive, from(&task));
        let mut ends = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            let begin = if at == 0 {
                otherwise(&gateway)
            } else {
                let variable = format!("d{}x{at}", self.number);
                self.answers.entry(task.clone()).or_default().push((variable.clone(), 2));
                when(&gateway, &variable, 1)
            };
            ends.push(self.block(branch, begin));
        }
        self.joined(Kind::Inclusive, "all", ends)
    }

    /// The first split leads to A and B, A to a split of C and D; the first join takes B and C, the second that and D.
    fn braid(&mut self, blocks: &[Block], pending: Vec<Pending>) -> Vec<Pending> {
        let pending = self.single(pending);
        let first = self.node("fork", Kind::Parallel, pending);
        let mut ways = vec![from(&first), from(&first)];
        let mut blocks = blocks.iter();
        let mut next = |drawer: &mut Self, way: Vec<Pending>| blocks.next().map_or_else(Vec::new, |block| drawer.block(block, way));
        let a = next(self, ways.remove(0));
        let b = next(self, ways.remove(0));
        let a = self.single(a);
        let second = self.node("fork", Kind::Parallel, a);
        let c = next(self, from(&second));
        let d = next(self, from(&second));
        let joined = self.joined(Kind::Parallel, "join", vec![b, c]);
        self.joined(Kind::Parallel, "join", vec![joined, d])
    }

    fn subprocess(&mut self, scope: &Scope, pending: Vec<Pending>) -> String {
        let around = std::mem::take(&mut self.graph);
        self.scope(scope);
        let inside = std::mem::replace(&mut self.graph, around);
        self.node("sub", Kind::Subprocess(Box::new(inside)), pending)
    }

    fn scope(&mut self, scope: &Scope) {
        let start = self.node("start", Kind::Start, Vec::new());
        let end = self.block(&scope.body, from(&start));
        if scope.tails.is_empty() {
            self.node("end", Kind::End, end);
            return;
        }
        let end = self.single(end);
        let split = self.node("fork", Kind::Parallel, end);
        for tail in &scope.tails {
            let end = self.block(tail, from(&split));
            self.node("end", Kind::End, end);
        }
    }
}

fn when(from: &str, variable: &str, value: usize) -> Vec<Pending> {
    let test = Test { variable: variable.to_owned(), value, or_more: false };
    vec![Pending { from: from.to_owned(), test: Some(test), default: false }]
}

fn when_or_more(from: &str, variable: &str, value: usize) -> Vec<Pending> {
    let test = Test { variable: variable.to_owned(), value, or_more: true };
    vec![Pending { from: from.to_owned(), test: Some(test), default: false }]
}

fn otherwise(from: &str) -> Vec<Pending> {
    vec![Pending { from: from.to_owned(), test: None, default: true }]
}

impl Drawing {
    /// Draws a process.
    pub fn of(scope: &Scope) -> Self {
        let mut drawer = Drawer::default();
        drawer.scope(scope);
        Self { graph: drawer.graph, answers: drawer.answers }
    }

    /// What tasks set when they are done.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The variables, each with 0.
    pub fn variables(&self) -> serde_json::Map<String, serde_json::Value> {
        self.answers.values().flatten().map(|(name, _)| (name.clone(), 0.into())).collect()
    }

    /// As BPMN.
    pub fn xml(&self, dialect: Dialect) -> String {
        let mut text = String::from(
            r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="random" targetNamespace="https://banhao.example/random">
<error id="trouble" name="trouble" errorCode="trouble"/>
<process id="p" isExecutable="true">
"#,
        );
        self.graph.write(dialect, &mut text);
        text.push_str("</process>\n</definitions>\n");
        text
    }
}

impl Graph {
    fn write(&self, dialect: Dialect, text: &mut String) {
        // Writing to a text cannot fail.
        for (id, kind) in &self.nodes {
            let default = self.flows.iter().position(|flow| flow.default && flow.from == *id);
            let default = default.map_or_else(String::new, |at| format!(r#" default="{}""#, self.flow_id(at)));
            let _ = match kind {
                Kind::Start => writeln!(text, r#"<startEvent id="{id}"/>"#),
                Kind::End => writeln!(text, r#"<endEvent id="{id}"/>"#),
                Kind::Terminate => writeln!(text, r#"<endEvent id="{id}"><terminateEventDefinition/></endEvent>"#),
                Kind::ErrorEnd => writeln!(text, r#"<endEvent id="{id}"><errorEventDefinition errorRef="trouble"/></endEvent>"#),
                Kind::Task => writeln!(text, r#"<userTask id="{id}"/>"#),
                Kind::Many { count, together } => writeln!(
                    text,
                    r#"<userTask id="{id}"><multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality xsi:type="tFormalExpression">{count}</loopCardinality></multiInstanceLoopCharacteristics></userTask>"#,
                    !together
                ),
                Kind::Exclusive => writeln!(text, r#"<exclusiveGateway id="{id}"{default}/>"#),
                Kind::Parallel => writeln!(text, r#"<parallelGateway id="{id}"/>"#),
                Kind::Inclusive => writeln!(text, r#"<inclusiveGateway id="{id}"{default}/>"#),
                Kind::Subprocess(inside) => {
                    let _ = writeln!(text, r#"<subProcess id="{id}">"#);
                    inside.write(dialect, text);
                    writeln!(text, "</subProcess>")
                }
                Kind::ErrorBoundary(at) => writeln!(
                    text,
                    r#"<boundaryEvent id="{id}" attachedToRef="{at}"><errorEventDefinition errorRef="trouble"/></boundaryEvent>"#
                ),
            };
        }
        for (at, flow) in self.flows.iter().enumerate() {
            let _ = write!(text, r#"<sequenceFlow id="{}" sourceRef="{}" targetRef="{}""#, self.flow_id(at), flow.from, flow.to);
            let _ = match &flow.test {
                None => writeln!(text, "/>"),
                Some(test) => {
                    let language = if dialect == Dialect::JavaScript { r#" language="JavaScript""# } else { "" };
                    writeln!(
                        text,
                        r#"><conditionExpression xsi:type="tFormalExpression"{language}>{}</conditionExpression></sequenceFlow>"#,
                        test.text(dialect)
                    )
                }
            };
        }
    }

    fn flow_id(&self, at: usize) -> String {
        let flow = &self.flows[at];
        // Two branches without anything in them run beside each other.
        let same = self.flows[..at].iter().filter(|other| other.from == flow.from && other.to == flow.to).count();
        if same == 0 { format!("{}_{}", flow.from, flow.to) } else { format!("{}_{}_{same}", flow.from, flow.to) }
    }
}
