//! The inputs of decisions, described by name and type as a form's data elements give them.

use serde_json::Value;

use crate::dmn::Type;

/// The type of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A civil date, `2026-01-31`.
    Date,
    /// A list of such values.
    List(Box<InputKind>),
    /// Anything: groups of answers, and what the model does not say.
    #[default]
    Any,
}

impl InputKind {
    /// The type's name in FEEL, where it has one.
    #[must_use]
    pub fn type_ref(&self) -> Option<&'static str> {
        match self {
            Self::Text => Some("string"),
            Self::Number => Some("number"),
            Self::Boolean => Some("boolean"),
            Self::Date => Some("date"),
            Self::List(_) => Some("list"),
            Self::Any => None,
        }
    }
}

/// An input: a name and a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name, as the decisions ask for it.
    pub name: String,
    /// Its type.
    pub kind: InputKind,
}

/// An input whose value is not of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputProblem {
    /// The input; with the path to the entry concerned, where it is one.
    pub input: String,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
}

/// The inputs of decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(Vec<Input>);

impl Inputs {
    /// No inputs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more input.
    #[must_use]
    pub fn with(mut self, name: &str, kind: InputKind) -> Self {
        self.0.push(Input { name: name.to_owned(), kind });
        self
    }

    /// All inputs, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Input> {
        self.0.iter()
    }

    /// The input of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Input> {
        self.0.iter().find(|input| input.name == name)
    }

    /// Looks whether every value is of its input's type; a value that is missing or null is.
    ///
    /// # Errors
    /// With every input that is not.
    pub fn check(&self, data: &Value) -> Result<(), Vec<InputProblem>> {
        let problems: Vec<InputProblem> = self
            .0
            .iter()
            .filter_map(|input| {
                let value = data.get(&input.name)?;
                let mismatch = Type::of(&input.kind).read(value, "").err()?;
                Some(InputProblem::new(&input.name, &mismatch.path, &mismatch.expected_zh, &mismatch.expected_en, value))
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl FromIterator<Input> for Inputs {
    fn from_iter<T: IntoIterator<Item = Input>>(inputs: T) -> Self {
        Self(inputs.into_iter().collect())
    }
}

impl InputProblem {
    pub(crate) fn new(name: &str, path: &str, expected_zh: &str, expected_en: &str, value: &Value) -> Self {
        let input = if path.is_empty() || path.starts_with('[') { format!("{name}{path}") } else { format!("{name}.{path}") };
        let found: String = entry(value, path).to_string().chars().take(60).collect();
        Self {
            zh: format!("“{input}”应当是{expected_zh}，填写的是 {found}。"),
            en: format!("“{input}” must be {expected_en}; it is {found}."),
            input,
        }
    }
}

/// What stands at a path of a mismatch: names with dots between them, items of lists counted from 1 in brackets.
fn entry<'a>(value: &'a Value, path: &str) -> &'a Value {
    let mut at = value;
    for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
        let inner = match step.strip_suffix(']').and_then(|place| place.parse::<usize>().ok()) {
            Some(place) => at.get(place.saturating_sub(1)),
            None => at.get(step),
        };
        // A name with a dot of its own: the whole around it is shown.
        let Some(inner) = inner else { return at };
        at = inner;
    }
    at
}
