//! A model, ready: its requirement graph in order, and the evaluation of one decision.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use dsntk_feel::{FeelScope, FeelType, Name, context::FeelContext, values::Value as Feel};
use serde_json::Value;

use super::{
    boxed::{Boxed, Function},
    data::{Definitions, Evaluation, ExpressionText, Kind, Logic, Node, Table},
    error::DmnError,
    logic::known_as,
    naming::{self, Naming},
    prepare::{MAX_LEVELS, Place, Preparer},
    problem::{DmnProblem, Severity},
    read,
    recorder::{self, fault},
    types::{Mismatch, Type},
};
use crate::{FeelError, Input, InputProblem, Inputs, convert, guarded, meter::measured};

/// Most nodes of the requirement graph.
const MAX_NODES: usize = 1_000;

/// A DMN model: decisions, read from a file and ready to be made. Cheap to evaluate, free to share between threads.
#[derive(Debug)]
pub struct DecisionModel {
    name: String,
    naming: Arc<Naming>,
    nodes: Vec<Ready>,
    remarks: Vec<DmnProblem>,
    tables: BTreeMap<String, Table>,
    texts: Vec<ExpressionText>,
}

/// A node of the requirement graph, ready. Its requirements stand before it.
pub(super) struct Ready {
    pub(super) name: String,
    key: Name,
    pub(super) kind: Type,
    part: Part,
    requires: Vec<usize>,
    /// Names it asks for that nothing declares.
    unknown: Vec<String>,
    line: u32,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Ready").field(&self.name).finish()
    }
}

enum Part {
    Input,
    Decision(Boxed),
    Function(Feel),
    /// Decisions that are its result; decisions whose values are given.
    Service {
        outputs: Vec<usize>,
        given: Vec<usize>,
    },
}

/// What came out, with everything that went wrong on the way.
pub(crate) struct Outcome {
    pub result: Feel,
    pub decisions: Vec<(usize, Feel)>,
}

impl DecisionModel {
    /// Reads a DMN file, versions 1.1 to 1.5.
    ///
    /// # Errors
    /// With everything in it that cannot be evaluated, each with its line, decision and cell.
    pub fn parse(xml: &str) -> Result<Self, Vec<DmnProblem>> {
        let definitions = read::read(xml)?;
        let order = order(&definitions)?;
        let mut preparer = Preparer::default();
        for node in &definitions.nodes {
            preparer.naming.learn(&node.variable.name);
            match &node.kind {
                Kind::Decision(Some(logic)) => preparer.learn(logic),
                Kind::Knowledge { parameters, body } => {
                    parameters.iter().for_each(|parameter| drop(preparer.naming.learn(&parameter.name)));
                    body.iter().for_each(|body| preparer.learn(body));
                }
                _ => {}
            }
        }
        preparer.items(&definitions.items);
        let nodes = prepare(&definitions, &order, &mut preparer);
        let mut problems = preparer.problems;
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.line);
            return Err(problems);
        }
        let mut remarks = definitions.remarks;
        remarks.append(&mut preparer.remarks);
        remarks.sort_by_key(|remark| remark.line);
        let mut tables = BTreeMap::new();
        for node in definitions.nodes {
            let (Kind::Decision(Some(logic)) | Kind::Knowledge { body: Some(logic), .. }) = node.kind else { continue };
            if let Logic::Table { table, .. } = logic {
                tables.insert(node.name, *table);
            }
        }
        Ok(Self { name: definitions.name, naming: Arc::new(preparer.naming), nodes, remarks, tables, texts: preparer.texts })
    }

    /// The model's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is probably not meant: overlapping rules, gaps, rules that are never used, names that nothing declares.
    #[must_use]
    pub fn remarks(&self) -> &[DmnProblem] {
        &self.remarks
    }

    /// The decisions and decision services that can be asked, requirements first.
    pub fn decisions(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter(|node| matches!(node.part, Part::Decision(_) | Part::Service { .. })).map(|node| node.name.as_str())
    }

    /// The inputs that the model declares.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let inputs = self.nodes.iter().filter(|node| matches!(node.part, Part::Input));
        inputs.map(|node| Input { name: self.naming.original(node.key.as_str()).to_owned(), kind: node.kind.input_kind() }).collect()
    }

    /// The names a decision takes from outside, directly or through other decisions: declared inputs, and what nothing declares.
    #[must_use]
    pub fn inputs_of(&self, decision: &str) -> Vec<&str> {
        let Ok(asked) = self.asked(decision) else { return Vec::new() };
        let mut names = BTreeSet::new();
        for node in self.ancestors(asked).into_iter().map(|at| &self.nodes[at]) {
            if matches!(node.part, Part::Input) {
                names.insert(self.naming.original(node.key.as_str()));
            }
            names.extend(node.unknown.iter().map(|name| self.naming.original(name)));
        }
        names.into_iter().collect()
    }

    /// Every expression of the file with its place.
    #[must_use]
    pub fn texts(&self) -> &[ExpressionText] {
        &self.texts
    }

    /// The table of a decision or business knowledge model whose whole logic is one.
    #[must_use]
    pub fn table(&self, decision: &str) -> Option<&Table> {
        self.tables.get(decision)
    }

    /// Compares the declared inputs with what a form gives: an input that the form does not have, or has with another type.
    #[must_use]
    pub fn compare(&self, form: &Inputs) -> Vec<DmnProblem> {
        let mut problems = Vec::new();
        for node in self.nodes.iter().filter(|node| matches!(node.part, Part::Input)) {
            let name = self.naming.original(node.key.as_str());
            match form.get(name) {
                None => problems.push(
                    DmnProblem::warning(
                        "input-missing",
                        node.line,
                        format!("表单里没有“{name}”，这个输入会一直是空值。"),
                        format!("The form has no “{name}”; this input will always be null."),
                    )
                    .of(name),
                ),
                Some(input) => {
                    let (wanted, given) = (node.kind.input_kind(), Type::of(&input.kind));
                    if wanted != crate::InputKind::Any && input.kind != crate::InputKind::Any && wanted != input.kind {
                        problems.push(
                            DmnProblem::error(
                                "input-kind",
                                node.line,
                                format!("“{name}”应当是{}，表单里是{}。", node.kind.zh(), given.zh()),
                                format!("“{name}” must be {}; in the form it is {}.", node.kind.en(), given.en()),
                            )
                            .of(name),
                        );
                    }
                }
            }
        }
        problems
    }

    /// Makes a decision. An input that is missing is null.
    ///
    /// # Errors
    /// When there is no such decision, inputs are not of their types, rules contradict each other, a value is not allowed, or
    /// the evaluation takes too much work.
    pub fn evaluate(&self, decision: &str, data: &Value) -> Result<Evaluation, DmnError> {
        let asked = self.asked(decision)?;
        let order = self.ancestors(asked);
        let (given, wrong) = self.read(&order, data);
        if !wrong.is_empty() {
            return Err(DmnError::Inputs(wrong));
        }
        let outside = |name: &str| data.get(name).map_or(Feel::Null(None), convert::to_feel);
        let (evaluated, recorded) = recorder::recording(&self.naming, || {
            guarded::evaluate(|| {
                let outcome = self.run(asked, &order, given, &outside);
                let json = |value: &Feel| convert::to_json_named(value, &|name| self.naming.original(name));
                let decisions =
                    outcome.decisions.iter().map(|(node, value)| (self.nodes[*node].name.clone(), recorder::shown(value))).collect();
                Ok((json(&outcome.result)?, decisions))
            })
        });
        // A fault on the way is the reason of what came after it.
        if let Some(fault) = recorded.faults.into_iter().find(|fault| fault.severity == Severity::Error) {
            return Err(DmnError::Fault(Box::new(fault)));
        }
        let (result, decisions) = evaluated?;
        Ok(Evaluation { result, decisions, tables: recorded.tables, shortened: recorded.shortened })
    }

    /// Makes a decision with values of FEEL; what goes wrong gives null, as the standard says.
    pub(crate) fn evaluate_leniently(&self, decision: &str, data: &FeelContext) -> Result<(Feel, Vec<DmnProblem>), DmnError> {
        let asked = self.asked(decision)?;
        let order = self.ancestors(asked);
        let (evaluated, recorded) = recorder::recording(&self.naming, || {
            guarded::evaluate(|| {
                let mut given = HashMap::new();
                for at in order.iter().copied().filter(|at| self.is_given(asked, *at)) {
                    let node = &self.nodes[at];
                    let value = data.get_entry(&node.key).cloned().unwrap_or(Feel::Null(None));
                    given.insert(at, self.conform(node, &value));
                }
                let outside = |name: &str| data.get_entry(&Name::from(naming::key(name))).cloned().unwrap_or(Feel::Null(None));
                Ok(self.run(asked, &order, given, &outside))
            })
        });
        Ok((evaluated?.result, recorded.faults))
    }

    /// The form of a name inside, for values that are handed in as FEEL.
    pub(crate) fn naming(&self) -> &Naming {
        &self.naming
    }

    fn asked(&self, decision: &str) -> Result<usize, DmnError> {
        let wanted = naming::tidy(decision);
        let found = self.nodes.iter().position(|node| {
            matches!(node.part, Part::Decision(_) | Part::Service { .. }) && (node.name == decision || naming::tidy(&node.name) == wanted)
        });
        found.ok_or_else(|| DmnError::UnknownDecision {
            name: decision.to_owned(),
            known: self.decisions().take(50).map(str::to_owned).collect(),
        })
    }

    /// Everything a node requires, itself last.
    fn ancestors(&self, asked: usize) -> Vec<usize> {
        let mut needed = BTreeSet::from([asked]);
        for at in (0..=asked).rev() {
            if needed.contains(&at) && !(at != asked && self.is_given(asked, at)) {
                needed.extend(self.nodes[at].requires.iter().copied());
            }
        }
        needed.into_iter().collect()
    }

    /// Inputs are given; so are the input decisions of a decision service.
    fn is_given(&self, asked: usize, at: usize) -> bool {
        match (&self.nodes[at].part, &self.nodes[asked].part) {
            (Part::Input, _) => true,
            (_, Part::Service { given, .. }) => given.contains(&at),
            _ => false,
        }
    }

    fn read(&self, order: &[usize], data: &Value) -> (HashMap<usize, Feel>, Vec<InputProblem>) {
        let asked = order.last().copied().unwrap_or_default();
        let mut given = HashMap::new();
        let mut wrong = Vec::new();
        for at in order.iter().copied().filter(|at| self.is_given(asked, *at)) {
            let node = &self.nodes[at];
            let name = self.naming.original(node.key.as_str());
            let value = data.get(name).or_else(|| data.get(&node.name)).unwrap_or(&Value::Null);
            match guarded::evaluate(|| Ok(node.kind.read(value, ""))) {
                Ok(Ok(read)) => drop(given.insert(at, read)),
                Ok(Err(Mismatch { path, expected_zh, expected_en, .. })) => {
                    wrong.push(InputProblem::new(name, &path, &expected_zh, &expected_en, value));
                }
                Err(error) => wrong.push(InputProblem { input: name.to_owned(), zh: error.zh(), en: error.to_string() }),
            }
        }
        (given, wrong)
    }

    fn conform(&self, node: &Ready, value: &Feel) -> Feel {
        node.kind.conform(value, "").unwrap_or_else(|mismatch| {
            let found = recorder::shown(value);
            let (code, zh, en) = (
                if mismatch.not_allowed { "result-not-allowed" } else { "result-type" },
                format!("值应当是{}，得到的是 {found}。", mismatch.expected_zh),
                format!("The value must be {}; it is {found}.", mismatch.expected_en),
            );
            fault(DmnProblem::error(code, node.line, zh, en).of(&node.name));
            Feel::Null(None)
        })
    }

    fn run(&self, asked: usize, order: &[usize], given: HashMap<usize, Feel>, outside: &dyn Fn(&str) -> Feel) -> Outcome {
        let mut values = given;
        let mut decisions = Vec::new();
        for at in order.iter().copied() {
            let node = &self.nodes[at];
            if values.contains_key(&at) {
                continue;
            }
            let value = match &node.part {
                Part::Input => Feel::Null(None),
                Part::Function(function) => function.clone(),
                Part::Decision(logic) => {
                    let mut context = FeelContext::new();
                    for name in &node.unknown {
                        context.set_entry(&Name::from(name.as_str()), outside(self.naming.original(name)));
                    }
                    for required in &node.requires {
                        let value = values.get(required).cloned().unwrap_or(Feel::Null(None));
                        context.set_entry(&self.nodes[*required].key, value);
                    }
                    let value = measured(logic.eval(&FeelScope::from(context)));
                    let value = self.conform(node, &value);
                    decisions.push((at, value.clone()));
                    value
                }
                Part::Service { outputs, .. } => {
                    let value_of = |at: &usize| values.get(at).cloned().unwrap_or(Feel::Null(None));
                    match outputs.as_slice() {
                        [single] => value_of(single),
                        several => {
                            let mut context = FeelContext::new();
                            several.iter().for_each(|output| context.set_entry(&self.nodes[*output].key, value_of(output)));
                            Feel::Context(context)
                        }
                    }
                }
            };
            values.insert(at, value);
        }
        Outcome { result: values.remove(&asked).unwrap_or(Feel::Null(None)), decisions }
    }
}

/// The nodes in an order in which requirements come first.
fn order(definitions: &Definitions) -> Result<Vec<usize>, Vec<DmnProblem>> {
    let nodes = &definitions.nodes;
    let mut problems = Vec::new();
    if nodes.len() > MAX_NODES {
        let zh = format!("文件里的决策和输入太多：最多 {MAX_NODES} 个。");
        let en = format!("Too many decisions and inputs: at most {MAX_NODES}.");
        return Err(vec![DmnProblem::error("too-many-nodes", 0, zh, en)]);
    }
    let mut by_id = HashMap::new();
    let mut by_name = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if by_id.insert(node.id.as_str(), at).is_some() {
            let zh = format!("标识（id）“{}”用了两次。", node.id);
            let en = format!("The id “{}” is used twice.", node.id);
            problems.push(DmnProblem::error("id-twice", node.line, zh, en).of(&node.name));
        }
        // A service may be called as one of its decisions is.
        if !matches!(node.kind, Kind::Service { .. }) && by_name.insert(naming::key(&node.variable.name), at).is_some() {
            let zh = "另一个输入或决策也叫这个名称，请改名。".to_owned();
            let en = "Another input or decision has the same name; rename one.".to_owned();
            problems.push(DmnProblem::error("name-twice", node.line, zh, en).of(&node.name));
        }
    }
    let mut waits: Vec<Vec<usize>> = Vec::new();
    for node in nodes {
        let mut required = Vec::new();
        for (id, line) in requirements(node) {
            match by_id.get(id.as_str()) {
                Some(at) if matches!(nodes[*at].kind, Kind::Service { .. }) => {
                    let zh = "不支持把决策服务当函数调用，请直接引用其中的决策。".to_owned();
                    let en = "Calling a decision service is not supported; require its decisions instead.".to_owned();
                    problems.push(DmnProblem::error("service-call", line, zh, en).of(&node.name));
                }
                Some(at) => required.push(*at),
                None => {
                    let zh = format!("引用的“#{id}”在文件里找不到。");
                    let en = format!("The reference “#{id}” is not in the file.");
                    problems.push(DmnProblem::error("reference", line, zh, en).of(&node.name));
                }
            }
        }
        waits.push(required);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut done = vec![false; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    loop {
        let before = order.len();
        for at in 0..nodes.len() {
            if !done[at] && waits[at].iter().all(|required| done[*required]) {
                done[at] = true;
                order.push(at);
            }
        }
        if order.len() == nodes.len() {
            return Ok(order);
        }
        if order.len() == before {
            let cycle: Vec<&str> =
                nodes.iter().zip(&done).filter(|(_, done)| !**done).map(|(node, _)| node.name.as_str()).take(10).collect();
            let line = nodes.iter().zip(&done).find(|(_, done)| !**done).map_or(0, |(node, _)| node.line);
            let zh = format!("决策之间互相需要，成了环：{}。请去掉其中一条信息需求。", cycle.join("、"));
            let en = format!("Decisions require each other in a circle: {}. Remove one of the requirements.", cycle.join(", "));
            return Err(vec![DmnProblem::error("cycle", line, zh, en)]);
        }
    }
}

fn requirements(node: &Node) -> Vec<(String, u32)> {
    let mut required = node.requires.clone();
    if let Kind::Service { outputs, encapsulated, decisions, data } = &node.kind {
        required.extend([outputs, encapsulated, decisions, data].into_iter().flatten().map(|id| (id.clone(), node.line)));
    }
    required
}

fn prepare(definitions: &Definitions, order: &[usize], preparer: &mut Preparer) -> Vec<Ready> {
    let position: HashMap<&str, usize> = order.iter().enumerate().map(|(at, node)| (definitions.nodes[*node].id.as_str(), at)).collect();
    let mut ready: Vec<Ready> = Vec::with_capacity(order.len());
    let mut known: Vec<FeelType> = Vec::with_capacity(order.len());
    let mut levels: Vec<usize> = Vec::with_capacity(order.len());
    for node in order.iter().map(|at| &definitions.nodes[*at]) {
        let place = Place { owner: node.name.clone(), line: node.line, cell: None };
        let (key, kind) = preparer.declared(&node.variable, &place);
        let requires: Vec<usize> = requirements(node).iter().filter_map(|(id, _)| position.get(id.as_str()).copied()).collect();
        let mut names: BTreeMap<String, FeelType> =
            requires.iter().map(|required| (ready[*required].key.to_string(), known[*required].clone())).collect();
        preparer.unknown = BTreeSet::new();
        preparer.levels = 0;
        let mut seen = kind.feel();
        let part = match &node.kind {
            Kind::Input => Part::Input,
            Kind::Decision(None) => {
                preparer.remark(
                    "no-logic",
                    &place,
                    "这个决策还没有内容，结果一直是空值。".to_owned(),
                    "This decision has no logic yet; it is always null.".to_owned(),
                );
                Part::Decision(Boxed::Nothing)
            }
            Kind::Decision(Some(logic)) => {
                seen = known_as(&kind, logic);
                Part::Decision(preparer.within(names, |preparer| preparer.logic(logic, &place)))
            }
            Kind::Knowledge { parameters, body } => {
                let parameters: Vec<(String, Type)> = parameters.iter().map(|parameter| preparer.declared(parameter, &place)).collect();
                names.extend(parameters.iter().map(|(key, kind)| (key.clone(), kind.feel())));
                let body = body.as_ref().map_or(Boxed::Nothing, |body| preparer.within(names, |preparer| preparer.logic(body, &place)));
                let parameters = parameters.into_iter().map(|(key, kind)| (Name::from(key.as_str()), kind)).collect();
                // The variable of a business knowledge model is declared with the type of the function or of its result.
                let result = Type::default();
                let mut around = FeelContext::new();
                for required in &requires {
                    if let Part::Function(function) = &ready[*required].part {
                        around.set_entry(&ready[*required].key, function.clone());
                    }
                }
                seen = FeelType::Any;
                let function = Arc::new(Function { owner: node.name.clone(), line: node.line, parameters, body, result });
                Part::Function(function.value(vec![around]))
            }
            Kind::Service { outputs, decisions, .. } => {
                let at = |ids: &[String]| ids.iter().filter_map(|id| position.get(id.as_str()).copied()).collect();
                Part::Service { outputs: at(outputs), given: at(decisions) }
            }
        };
        let is_function = |at: &&usize| matches!(ready[**at].part, Part::Function(_));
        let depth = preparer.levels + requires.iter().filter(is_function).map(|at| levels[*at]).max().unwrap_or(0);
        if depth > MAX_LEVELS {
            let error = FeelError::TooComplex("600 levels, calls included");
            preparer.error(error.code(), &place, error.zh(), error.to_string());
        }
        levels.push(depth);
        known.push(seen);
        let unknown = std::mem::take(&mut preparer.unknown).into_iter().collect();
        ready.push(Ready { name: node.name.clone(), key: Name::from(key.as_str()), kind, part, requires, unknown, line: node.line });
    }
    ready
}
