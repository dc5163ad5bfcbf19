//! Processes: read, check, run and draw BPMN 2.0.
//!
//! A *process* is a drawing of who does what in which order: somebody receives, somebody reviews, somebody decides. This crate
//! reads such drawings as BPMN 2.0 files, says in words what is wrong with them, moves cases through them step by step, and
//! draws them with a case's progress. It does nothing else: no files, no clock, no database, no chance. The same state and the
//! same answers give the same next state, always. It knows nothing of government either; what a task means to an office is in
//! its attributes.
//!
//! # Reading
//!
//! [`Model::parse`] takes the file's text. It returns a [`Model`] that can run, or every mistake with line, element, a stable
//! code and a text in Chinese and English. What could run but is probably not meant, and what was read but has no effect, is in
//! [`Model::remarks`]. Nothing is dropped silently.
//!
//! What runs is in `docs/process-semantics.md`: all events but cancel, all tasks but script tasks, subprocesses, event
//! subprocesses, call activities, repetition, compensation, all gateways but complex ones. Script tasks will never run. Foreign
//! attributes and extension elements are kept; the office's own words are among them:
//!
//! ```xml
//! <userTask id="decide" name="决定" banhao:act="decide" banhao:post="decider" banhao:days="2"/>
//! <userTask id="agree" name="会签" banhao:sign="vote" banhao:share="2/3" banhao:veto="true" banhao:signers="offices"/>
//! <businessRuleTask id="fee" name="核费" banhao:decision="fee" banhao:result="amount"/>
//! ```
//!
//! # Running
//!
//! A run is an [`Instance`]: a small value that serialises to JSON. [`start`] makes one; [`complete`] reports a task done and
//! gives the next. Each [`Step`] holds the new instance and the [`Event`]s that led to it; applying the events to the old
//! instance gives the new one ([`Instance::replay`]). Service tasks are reported done in the same way as people's tasks.
//! Conditions are FEEL, but the engine does not know FEEL: it asks [`Conditions`].
//!
//! ```
//! use banhao_bpmn::{Model, complete, start};
//! use serde_json::{Value, json};
//!
//! let model = Model::parse(r#"
//! <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:banhao="https://banhao.example/ns/bpmn">
//!   <process id="grant">
//!     <startEvent id="received"/>
//!     <userTask id="decide" name="决定" banhao:post="decider"/>
//!     <exclusiveGateway id="granted_or_not" default="no"/>
//!     <serviceTask id="make" name="制证"/>
//!     <endEvent id="granted"/>
//!     <endEvent id="refused"/>
//!     <sequenceFlow id="a" sourceRef="received" targetRef="decide"/>
//!     <sequenceFlow id="b" sourceRef="decide" targetRef="granted_or_not"/>
//!     <sequenceFlow id="yes" sourceRef="granted_or_not" targetRef="make">
//!       <conditionExpression>decision = "grant"</conditionExpression>
//!     </sequenceFlow>
//!     <sequenceFlow id="no" sourceRef="granted_or_not" targetRef="refused"/>
//!     <sequenceFlow id="c" sourceRef="make" targetRef="granted"/>
//!   </process>
//! </definitions>"#).expect("the process can run");
//!
//! // The real ones come from the decision engine.
//! let conditions = |expression: &str, variables: &Value| {
//!     assert_eq!(expression, r#"decision = "grant""#);
//!     Ok(variables["decision"] == "grant")
//! };
//!
//! let step = start(&model, &json!({}), &conditions)?;
//! let task = step.opened(&model).next().expect("somebody has to decide");
//! assert_eq!(task.node.attribute("banhao:post"), Some("decider"));
//!
//! let stored = serde_json::to_string(&step.instance).expect("an instance is plain data");
//! let instance = serde_json::from_str(&stored).expect("it was just written");
//!
//! let step = complete(&model, &instance, task.task, &json!({ "decision": "grant" }), &conditions)?;
//! let make = step.opened(&model).next().expect("the licence has to be made");
//! let step = complete(&model, &step.instance, make.task, &json!({}), &conditions)?;
//! assert!(!step.instance.is_running());
//! assert_eq!(step.ends().collect::<Vec<_>>(), ["granted"]);
//! # Ok::<(), banhao_bpmn::RunError>(())
//! ```
//!
//! A step that cannot be made is an error and changes nothing: [`RunError`] says whether the task was done already, no way out
//! was open, branches wait for each other, or the flow goes round without a task.
//!
//! # Drawing
//!
//! [`draw`] gives SVG to put into a page, from the file's own diagram or laid out anew (always so for
//! [`Orientation::Vertical`], meant for phones). States are shown by sign, line and pattern as well as by colour. [`outline`]
//! gives the same in words; put it beside every drawing.
//!
//! ```
//! # use banhao_bpmn::{Drawing, Model, Orientation, Progress, Words, draw, outline};
//! # fn show(model: &Model, instance: &banhao_bpmn::Instance) {
//! let progress = Progress::of(instance).overdue(["decide"]);
//! let drawing = Drawing { prefix: "case-17".to_owned(), orientation: Orientation::Vertical, ..Drawing::default() };
//! let svg = draw(model, Some(&progress), &drawing);
//! let words: Vec<String> = outline(model, Some(&progress)).iter().map(|line| line.text(&Words::zh(), true)).collect();
//! # }
//! ```
//!
//! `cargo run -p banhao-bpmn --example look FILE [vertical]` draws a file.
//!
//! # Writing
//!
//! [`tree::Document`] is the file as a tree that loses nothing; change it and write it with [`tree::Document::to_xml`].
//! [`ProcessBuilder`] makes one from steps, [`tree::Document::lay_out`] gives it a drawing that other modelers open.
//!
//! # Comparing
//!
//! [`compare`] tells in words what is different between two versions, [`draw_differences`] shows it in their drawings.

mod aside_shapes;
mod asides;
mod build;
mod check;
mod compare;
#[cfg(test)]
mod cost;
mod diagram;
mod draw;
mod drawn_asides;
mod dress;
mod event;
mod instance;
mod journal;
mod lanes;
mod layout;
mod lookup;
mod model;
mod outline;
mod problem;
mod progress;
mod read;
mod repeat;
mod run;
mod shapes;
mod shelf;
mod state;
mod svg;
mod text;
pub mod tree;
mod trigger;
mod vocabulary;
mod words;
mod write;

pub use build::ProcessBuilder;
pub use compare::{Change, ChangeKind, ChangeWords, Detail, Differences, Field, Part, RepeatWord, Said, TriggerWord, compare};
pub use diagram::{Bounds, Diagram, Point};
pub use draw::{Drawing, STYLESHEET, draw, draw_differences};
pub use event::{Event, Gone, Opened, Step, TaskRef, opened};
pub use instance::{Instance, Phase, ReplayError};
pub use layout::Orientation;
pub use model::{AskedDecision, BANHAO_NAMESPACE, Flow, Model, Node, NodeKind};
pub use outline::{OutlineLine, OutlineNext, outline};
pub use problem::{BpmnProblem, Severity};
pub use progress::{Mark, Progress};
pub use repeat::{Many, Repeat, Sign, SignMode};
pub use run::{
    Command, Conditions, Obstacle, ObstacleReason, Plan, Returning, RunError, Signers, Target, Why, act, complete, jump_targets, migrate,
    previous_step, return_targets, start, step, steps_inside, straight_targets, terminate,
};
pub use state::{Armed, Compensable, Frame, Round, RoundKind, Stand, Token};
pub use trigger::{Timer, TimerKind, Trigger};
pub use words::Words;

/// What is read and run at most.
pub mod limits {
    pub use banhao_xml::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DECLARATIONS, MAX_DEPTH, MAX_VALUE, MAX_XML_NODES};

    pub use crate::{
        read::{MAX_FLOWS, MAX_NODES},
        run::{MAX_FORKS, MAX_INSTANCES, MAX_NESTING, MAX_PASSES, MAX_TOKENS},
    };
}
