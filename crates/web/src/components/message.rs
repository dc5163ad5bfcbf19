//! Things said to the reader: notices, the list of mistakes, "there is nothing here", "do you really want to".

use askama::{Template, filters::HtmlSafe};

use super::Markup;
use crate::filters;
use crate::flash::Tone;
use crate::page::Page;

/// A notice in the page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/notice.html")]
pub struct Notice {
    /// Icon and colour.
    pub tone: Tone,
    /// Title, or empty.
    pub title: String,
    /// What it says.
    pub body: Markup,
}

impl HtmlSafe for Notice {}

impl Notice {
    /// A notice with a title and a text.
    #[must_use]
    pub fn new(tone: Tone, title: impl Into<String>, text: impl AsRef<str>) -> Self {
        Self { tone, title: title.into(), body: Markup::trusted(super::escape(text.as_ref())) }
    }
}

/// All mistakes of a form at once, at the top of the page, each with a link to its field. Takes the focus when the page
/// opens. Write it before the form; without mistakes it writes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    /// Key of the field ([`super::Field::key`]; empty for a mistake of the whole form) and text.
    pub items: Vec<(String, String)>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// The mistakes of these fields.
    #[must_use]
    pub fn of<'f>(fields: impl IntoIterator<Item = &'f super::Field>) -> Self {
        let items = fields.into_iter().filter(|field| !field.error.is_empty()).map(|field| (field.key(), field.error.clone())).collect();
        Self { items }
    }

    /// Adds a mistake that belongs to no field.
    #[must_use]
    pub fn also(mut self, text: impl Into<String>) -> Self {
        self.items.push((String::new(), text.into()));
        self
    }
}

/// What a list shows when there is nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    /// "No cases yet".
    pub title: String,
    /// What to do next.
    pub text: String,
    /// A link that does it: label and address.
    pub action: Option<(String, String)>,
}

impl HtmlSafe for Empty {}

impl Empty {
    /// Without a link.
    #[must_use]
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), action: None }
    }

    /// With a link.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((label.into(), href.into()));
        self
    }
}

/// Asks before something that cannot be undone: the body of a page of its own, no dialogue window.
#[derive(Debug, Clone, Template)]
#[template(path = "components/confirm.html")]
pub struct Confirm {
    /// The page (for the token).
    pub page: Page,
    /// The question.
    pub title: String,
    /// What will happen.
    pub text: String,
    /// Where the answer is posted.
    pub action: String,
    /// What is posted with it.
    pub fields: Vec<(String, String)>,
    /// What the button says: the act, not "OK".
    pub button: String,
    /// Where "no" leads.
    pub back: String,
    /// The act destroys something.
    pub danger: bool,
}

impl HtmlSafe for Confirm {}
