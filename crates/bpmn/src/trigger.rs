//! What events wait for and throw (BPMN 2.0.2, 10.5 Events).

/// What an event waits for or throws. Texts are as in the file; expressions are FEEL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trigger {
    /// A message, by the name in its `message` element; else by the reference itself.
    Message {
        /// Name of the message.
        name: String,
        /// FEEL expression whose value a message must bring to be meant for this run (`banhao:correlation`).
        correlation: Option<String>,
    },
    /// A point in time.
    Timer(Timer),
    /// A signal, by name: everybody who waits for it hears it.
    Signal {
        /// Name of the signal.
        name: String,
    },
    /// Becomes true.
    Condition {
        /// FEEL expression.
        expression: String,
    },
    /// An error; the catching side catches every code when none is given.
    Error {
        /// Error code.
        code: Option<String>,
    },
    /// An escalation; the catching side catches every code when none is given.
    Escalation {
        /// Escalation code.
        code: Option<String>,
    },
    /// Undoes what was done: one activity, or everything in the scope.
    Compensation {
        /// Id of the activity to undo; none for the whole scope.
        activity: Option<String>,
    },
    /// Jumps to the catching link event of the same name in the same scope.
    Link {
        /// Name of the link.
        name: String,
    },
    /// Ends everything in its scope.
    Terminate,
}

/// A timer as written in the file; when that is, only the caller's clock and calendar know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// How to read the expression.
    pub kind: TimerKind,
    /// ISO 8601 text, or a FEEL expression.
    pub expression: String,
}

/// How a timer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// A point in time (`timeDate`).
    Date,
    /// Time from now (`timeDuration`).
    Duration,
    /// Again and again (`timeCycle`).
    Cycle,
}

impl Trigger {
    /// Name of a message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Message { name, .. } => Some(name),
            _ => None,
        }
    }
}
