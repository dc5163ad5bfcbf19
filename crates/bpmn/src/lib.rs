//! bpmn (being written)
mod check;
mod diagram;
mod draw;
mod event;
mod guard;
mod inclusive;
mod instance;
mod layout;
mod model;
mod outline;
mod problem;
mod progress;
mod read;
mod run;
mod shapes;
mod svg;
mod text;
pub mod tree;
mod vocabulary;
mod words;
mod write;

pub use diagram::{Bounds, Diagram, Point};
pub use draw::{Drawing, STYLESHEET, draw};
pub use event::{Event, Opened, Step, TaskRef};
pub use instance::{Instance, Phase, ReplayError};
pub use layout::Orientation;
pub use model::{BANHAO_NAMESPACE, Flow, Model, Node, NodeKind};
pub use outline::{OutlineLine, OutlineNext, outline};
pub use problem::{BpmnProblem, Severity};
pub use progress::{Mark, Progress};
pub use run::{Conditions, RunError, complete, start, terminate};
pub use words::Words;

/// What is read and run at most.
pub mod limits {
    pub use crate::{
        guard::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DECLARATIONS, MAX_DEPTH, MAX_VALUE, MAX_XML_NODES},
        read::{MAX_FLOWS, MAX_NODES},
        run::{MAX_PASSES, MAX_TOKENS},
    };
}
