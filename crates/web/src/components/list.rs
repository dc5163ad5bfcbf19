//! Lists to read and to move by: summary list, breadcrumb, pagination, tabs.

use askama::{Template, filters::HtmlSafe};

use super::Markup;
use crate::filters;

/// One line of a summary list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// What it is.
    pub label: String,
    /// What it says; escaped text or a part.
    pub value: Markup,
    /// Where it can be changed.
    pub change: Option<String>,
}

/// Questions with their answers and change links; also the key-value card of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/summary_list.html")]
pub struct SummaryList {
    /// The lines.
    pub rows: Vec<SummaryRow>,
}

impl HtmlSafe for SummaryList {}

impl SummaryList {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text; an empty one is shown as "not given".
    #[must_use]
    pub fn text(self, label: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.markup(label, Markup::trusted(super::escape(value.as_ref())))
    }

    /// Adds markup or a part (`Markup::trusted(part.to_string())`).
    #[must_use]
    pub fn markup(mut self, label: impl Into<String>, value: Markup) -> Self {
        self.rows.push(SummaryRow { label: label.into(), value, change: None });
        self
    }

    /// Gives the last line a change link.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.change = Some(href.into());
        }
        self
    }
}

/// One step back in a breadcrumb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Name.
    pub label: String,
    /// Where; `None` for the page itself.
    pub href: Option<String>,
}

/// The way back: `Crumbs::new().to("首页", "/").here("办事指南")`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/crumbs.html")]
pub struct Crumbs {
    /// From the top down.
    pub items: Vec<Crumb>,
}

impl HtmlSafe for Crumbs {}

impl Crumbs {
    /// An empty way.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page above.
    #[must_use]
    pub fn to(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.items.push(Crumb { label: label.into(), href: Some(href.into()) });
        self
    }

    /// This page.
    #[must_use]
    pub fn here(mut self, label: impl Into<String>) -> Self {
        self.items.push(Crumb { label: label.into(), href: None });
        self
    }
}

/// Earlier and later parts of a keyset-paged list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    /// Back to the first part, when this is not it.
    pub first: Option<String>,
    /// The next part.
    pub next: Option<String>,
}

impl HtmlSafe for Pagination {}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Name.
    pub label: String,
    /// Its own address: tabs are links and work without scripts.
    pub href: String,
    /// How many are behind it.
    pub count: Option<u64>,
    /// Whether it is open.
    pub current: bool,
}

/// Tabs.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/tabs.html")]
pub struct Tabs {
    /// What they choose between, read by screen readers.
    pub label: String,
    /// The tabs.
    pub items: Vec<Tab>,
}

impl HtmlSafe for Tabs {}
