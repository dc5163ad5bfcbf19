//! A problem as a person or a machine is told of it: a stable code, a kind, arguments and fields. The words in both
//! languages come from the texts by code.

/// What kind of problem, which decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The input is wrong.
    Invalid,
    /// Sign in first.
    Unauthenticated,
    /// Not allowed.
    Forbidden,
    /// Not there, or not yours to see.
    NotFound,
    /// Not possible in the present state.
    Conflict,
    /// It was there once.
    Gone,
    /// Too much.
    TooLarge,
    /// Not a kind of content that is taken.
    UnsupportedType,
    /// Too often.
    TooMany,
    /// Not now; later.
    Unavailable,
    /// Our fault.
    Internal,
}

impl ProblemKind {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::UnsupportedType => 415,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// A mistake in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Key of the field.
    pub field: String,
    /// What is wrong; its text is `field-CODE`.
    pub code: &'static str,
    /// Arguments of the text.
    pub args: Vec<(&'static str, String)>,
}

impl FieldProblem {
    /// A mistake without arguments.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// With one more argument.
    #[must_use]
    pub fn with_arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code; its texts are `problem-CODE`, `.text`, `.remedy`.
    pub code: &'static str,
    /// Kind.
    pub kind: ProblemKind,
    /// Arguments of the texts.
    pub args: Vec<(&'static str, String)>,
    /// The fields that are wrong.
    pub fields: Vec<FieldProblem>,
}

impl Problem {
    /// A problem without arguments.
    #[must_use]
    pub const fn new(code: &'static str, kind: ProblemKind) -> Self {
        Self { code, kind, args: Vec::new(), fields: Vec::new() }
    }

    /// With one more argument.
    #[must_use]
    pub fn with_arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// With the fields that are wrong.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.fields = fields;
        self
    }
}
