//! A run with sample data (试运行): step by step, each thing a person can do as a word that can be sent again. The whole state is the
//! list of words, so that a page needs to remember nothing. Does what cases do with an act, and touches no case.

use std::{cell::RefCell, str::FromStr};

use banhao_bpmn::{Command, Conditions, Event, Instance, Model, Node, NodeKind, Returning, RunError, Stand, Target, TaskRef, Trigger, act};
use banhao_decision::{DecisionModel, Evaluation};
use serde_json::{Value, json};

use crate::FlowConditions;

/// Most things done in one trial.
pub const MAX_CHOICES: usize = 200;

/// Something that can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The word that does it.
    pub word: String,
    /// Element it is about.
    pub element: String,
    /// Whose signature it is, in a round of signers.
    pub signer: Option<String>,
    /// What it is: `accepted`, `refused`, `pass`, `fail`, `grant`, `refuse`, `done`, `due`, `return`, `message-pass`, `message-fail`.
    pub what: &'static str,
    /// Where a return leads.
    pub to: Option<String>,
}

/// What came of one choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// The choice; none for the beginning.
    pub choice: Option<Choice>,
    /// Steps and ends that were reached by it, in order.
    pub reached: Vec<String>,
    /// People who were reminded: the steps.
    pub reminded: bool,
    /// Decisions that were asked, with the reasons.
    pub decided: Vec<(String, Evaluation)>,
}

/// Why a trial cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrialStop {
    /// The process itself cannot go on: a condition without answer, a choice without way.
    #[error("{0}")]
    Run(String, String),
    /// The word is none, or not possible now.
    #[error("`{0}` is not possible here")]
    Unknown(String),
    /// More than anybody looks at.
    #[error("the trial is too long")]
    TooLong,
}

impl From<RunError> for TrialStop {
    fn from(error: RunError) -> Self {
        Self::Run(error.zh(), error.to_string())
    }
}

/// Answers conditions and decisions, and remembers what was decided.
pub(super) struct Asked<'m> {
    conditions: FlowConditions,
    decisions: Option<&'m DecisionModel>,
    decided: RefCell<Vec<(String, Evaluation)>>,
}

impl<'m> Asked<'m> {
    pub(super) fn new(decisions: Option<&'m DecisionModel>) -> Self {
        Self { conditions: FlowConditions::new(), decisions, decided: RefCell::default() }
    }
}

impl Conditions for Asked<'_> {
    fn holds(&self, expression: &str, variables: &Value) -> Result<bool, String> {
        self.conditions.holds(expression, variables)
    }

    fn value(&self, expression: &str, variables: &Value) -> Result<Value, String> {
        self.conditions.value(expression, variables)
    }

    fn decide(&self, decision: &str, variables: &Value) -> Result<Value, String> {
        let Some(model) = self.decisions else { return Err(format!("没有决策文件 / there is no decisions.dmn: {decision}")) };
        let evaluation = model.evaluate(decision, variables).map_err(|error| format!("{} / {error}", error.zh()))?;
        let result = evaluation.result.clone();
        self.decided.borrow_mut().push((decision.to_owned(), evaluation));
        Ok(result)
    }
}

/// A run with sample data.
pub struct Trial<'m> {
    model: &'m Model,
    asked: Asked<'m>,
    instance: Instance,
    happened: Vec<Happened>,
}

impl<'m> Trial<'m> {
    /// Begins a run with these variables (`form`, `q`).
    ///
    /// # Errors
    /// The process cannot come to its first steps.
    pub fn begin(model: &'m Model, decisions: Option<&'m DecisionModel>, variables: &Value) -> Result<Self, TrialStop> {
        let mut trial = Self { model, asked: Asked::new(decisions), instance: Instance::blank(), happened: Vec::new() };
        trial.command(&Command::Start { at: None, variables: variables.clone() }, None)?;
        Ok(trial)
    }

    /// Does what was chosen before, again. Gives the trial as far as it came, and what stopped it.
    ///
    /// # Errors
    /// As [`Trial::begin`].
    pub fn replay(
        model: &'m Model,
        decisions: Option<&'m DecisionModel>,
        variables: &Value,
        words: &[String],
    ) -> Result<(Self, Option<TrialStop>), TrialStop> {
        let mut trial = Self::begin(model, decisions, variables)?;
        for word in words {
            if let Err(stop) = trial.choose(word) {
                return Ok((trial, Some(stop)));
            }
        }
        Ok((trial, None))
    }

    /// Where it stands.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// What has happened so far.
    #[must_use]
    pub fn happened(&self) -> &[Happened] {
        &self.happened
    }

    /// Everything that can be done now.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        if !self.instance.is_running() {
            return Vec::new();
        }
        let mut choices = Vec::new();
        for (task, token) in self.instance.tokens() {
            let Some(node) = self.model.node(&token.at) else { continue };
            let signer = token.item.as_str().map(ToOwned::to_owned);
            if token.stand == Stand::Task && node.kind().is_task() {
                for what in outcomes(node) {
                    choices.push(Choice {
                        word: format!("t.{task}.{what}"),
                        element: token.at.clone(),
                        signer: signer.clone(),
                        what,
                        to: None,
                    });
                }
                if is_examined(node) {
                    choices.extend(self.returns(task, node));
                }
            }
        }
        for (armed, state) in self.instance.armed() {
            let Some(node) = self.model.node(&state.at) else { continue };
            let mut offer = |kind: &str, what| {
                choices.push(Choice { word: format!("{kind}.{armed}.{what}"), element: state.at.clone(), signer: None, what, to: None });
            };
            match node.trigger() {
                Some(Trigger::Timer(_)) => offer("f", "due"),
                Some(Trigger::Message { .. }) => {
                    offer("m", "message-pass");
                    offer("m", "message-fail");
                }
                _ => {}
            }
        }
        choices
    }

    fn returns(&self, task: TaskRef, node: &Node) -> Vec<Choice> {
        let allowed = node.attribute("banhao:allow").is_none_or(|words| words.split_whitespace().any(|word| word == "return"));
        if !allowed {
            return Vec::new();
        }
        let previous = banhao_bpmn::previous_step(self.model, &self.instance, task);
        let targets: Vec<String> = banhao_bpmn::return_targets(self.model, &self.instance, task)
            .into_iter()
            .filter(|id| self.model.node(id).is_some_and(is_examined))
            .collect();
        let named: Option<Vec<&str>> = node.attribute("banhao:return-to").map(|words| words.split_whitespace().collect());
        let is_named = |id: &String| {
            named.as_ref().is_none_or(|named| {
                named.contains(&id.as_str())
                    || (named.contains(&"start") && targets.first() == Some(id))
                    || (named.contains(&"previous") && previous.as_ref() == Some(id))
            })
        };
        let choice = |to: &String| Choice {
            word: format!("r.{task}.{to}"),
            element: node.id().to_owned(),
            signer: None,
            what: "return",
            to: Some(to.clone()),
        };
        targets.iter().filter(|id| is_named(id)).map(choice).collect()
    }

    /// Does what a word says.
    ///
    /// # Errors
    /// It is not possible now, or the process cannot go on; the trial stays where it was.
    pub fn choose(&mut self, word: &str) -> Result<(), TrialStop> {
        if self.happened.len() > MAX_CHOICES {
            return Err(TrialStop::TooLong);
        }
        let unknown = || TrialStop::Unknown(word.chars().take(80).collect());
        let choice = self.choices().into_iter().find(|choice| choice.word == word).ok_or_else(unknown)?;
        let mut parts = word.splitn(3, '.');
        let (Some(kind), Some(number), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return Err(unknown()) };
        let reference = TaskRef::from_str(number).map_err(|_| unknown())?;
        let node = self.model.node(&choice.element).ok_or_else(unknown)?;
        let command = match kind {
            "t" => Command::Complete { task: reference, variables: variables(node, choice.what) },
            "f" => Command::Fire { event: reference },
            "r" => {
                let then =
                    if node.attribute("banhao:return-then") == Some("straight") { Returning::Straight } else { Returning::StepByStep };
                Command::Return { task: reference, to: Target::Step(rest.to_owned()), then }
            }
            _ => {
                let Some(Trigger::Message { name, .. }) = node.trigger() else { return Err(unknown()) };
                Command::Message {
                    message: name.clone(),
                    key: self.instance.armed().find(|(armed, _)| *armed == reference).and_then(|(_, state)| state.key.clone()),
                    variables: json!({ "reply": if choice.what == "message-pass" { "pass" } else { "fail" } }),
                }
            }
        };
        self.command(&command, Some(choice))
    }

    fn command(&mut self, command: &Command, choice: Option<Choice>) -> Result<(), TrialStop> {
        self.asked.decided.borrow_mut().clear();
        let before = self.instance.clone();
        let mut events = act(self.model, &mut self.instance, command, &self.asked)?;
        let mut reminded = false;
        // What the platform does at once.
        while let Some(task) = reminding(self.model, &self.instance) {
            reminded = true;
            match act(self.model, &mut self.instance, &Command::Complete { task, variables: json!({}) }, &self.asked) {
                Ok(more) => events.extend(more),
                Err(error) => {
                    self.instance = before;
                    return Err(error.into());
                }
            }
        }
        self.happened.push(Happened { choice, reached: reached(self.model, &events), reminded, decided: self.asked.decided.take() });
        Ok(())
    }
}

/// Steps and ends that events lead to.
fn reached(model: &Model, events: &[Event]) -> Vec<String> {
    let mut reached = Vec::new();
    for event in events {
        let element = match event {
            Event::Placed { token, .. } => &token.at,
            Event::Ended { element } => element,
            _ => continue,
        };
        let shown = model.node(element).is_some_and(|node| {
            (node.kind().is_activity() && node.attribute("banhao:act") != Some("remind")) || (node.kind().is_end() && node.name().is_some())
        });
        if shown && !reached.contains(element) {
            reached.push(element.clone());
        }
    }
    reached
}

/// A reminder that the platform sends at once.
fn reminding(model: &Model, instance: &Instance) -> Option<TaskRef> {
    let reminds = |node: &Node| node.kind() == NodeKind::ServiceTask && node.attribute("banhao:act") == Some("remind");
    instance.open_tasks().find(|(_, element)| model.node(element).is_some_and(reminds)).map(|(task, _)| task)
}

fn is_examined(node: &Node) -> bool {
    node.kind().is_human() && matches!(node.attribute("banhao:act").unwrap_or("review"), "review" | "inspect" | "decide")
}

/// What can be said at a step.
pub(super) fn outcomes(node: &Node) -> &'static [&'static str] {
    match node.attribute("banhao:act").unwrap_or_default() {
        "accept" => &["accepted", "refused"],
        "review" | "inspect" => &["pass", "fail"],
        "decide" => &["grant", "refuse"],
        _ => &["done"],
    }
}

/// The variables a case gets by it (docs/process-semantics.md, section 7).
pub(super) fn variables(node: &Node, what: &str) -> Value {
    let verdict = if what == "pass" { "agree" } else { "disagree" };
    match node.attribute("banhao:act").unwrap_or_default() {
        "accept" => json!({ "acceptance": what }),
        "decide" => json!({ "decision": what }),
        "review" if node.repeat().is_some() => json!({ "verdict": verdict }),
        "inspect" if node.repeat().is_some() => json!({ "verdict": verdict }),
        "review" => json!({ "review": what, "verdict": verdict }),
        "inspect" => json!({ "inspection": what, "verdict": verdict }),
        _ => json!({}),
    }
}
