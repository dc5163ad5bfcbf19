//! The parts pages are made of. Each part is a small struct with its own template in `templates/components/`; put it
//! into a view struct and write `{{ part }}` in the page. Texts in them are in the reader's language already (from
//! `page.t(..)` or from a definition); words that belong to the part itself it finds on its own.
//!
//! Buttons, notices, breadcrumbs, cards and other plain markup are HTML classes: see `/design` for all of them.

mod badge;
mod chart;
mod field;
mod flow;
mod list;
mod message;
mod process;
mod table;

pub use badge::{Chip, ClockBadge, ClockState};
pub use chart::{Bar, Chart, Point, bars, columns, line};
pub use field::{Choice, Field, FieldKind, FileItem};
pub use flow::{Happening, Step, StepState, Steps, Timeline};
pub use list::{Crumb, Crumbs, Pagination, SummaryList, SummaryRow, Tab, Tabs};
pub use message::{Confirm, Empty, ErrorSummary, Notice};
pub use process::ProcessDrawing;
pub use table::{Cell, Column, Row, Table};

use std::fmt;

use askama::filters::HtmlSafe;

/// Markup that is safe to write as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Takes markup made by ourselves. Never hand in anything a person typed without [`escape`].
    #[must_use]
    pub fn trusted(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// Takes an SVG drawn by one of our engines and removes its `<style>` elements: the content security policy allows
    /// styles from our style sheets only, so the classes are coloured in `data.css`.
    #[must_use]
    pub fn svg(drawing: &str) -> Self {
        let mut kept = String::with_capacity(drawing.len());
        let mut rest = drawing;
        while let Some(start) = rest.find("<style") {
            kept.push_str(&rest[..start]);
            match rest[start..].find("</style>") {
                Some(end) => rest = &rest[start + end + "</style>".len()..],
                None => {
                    rest = "";
                }
            }
        }
        kept.push_str(rest);
        Self(kept)
    }

    /// The markup as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// Escapes text for element content and double-quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_lose_their_style_elements() {
        let svg = Markup::svg("<svg><style>.a{}</style><g/><style type=\"x\">b</style></svg>");
        assert_eq!(svg.as_str(), "<svg><g/></svg>");
        assert_eq!(Markup::svg("<svg><style>open").as_str(), "<svg>");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }
}
