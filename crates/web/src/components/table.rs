//! Tables. On narrow screens each row becomes a card with the column names as labels.

use askama::{Template, filters::HtmlSafe};
use banhao_kernel::{Date, Timestamp};

use super::{Chip, ClockBadge, Empty, Markup};
use crate::filters;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub label: String,
    /// Numbers stand at the right.
    pub numeric: bool,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text or a number as text.
    Text(String),
    /// A link; the first link of a row is the row's own.
    Link {
        /// Where.
        href: String,
        /// Words.
        text: String,
    },
    /// A status.
    Chip(Chip),
    /// A clock.
    Clock(ClockBadge),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// Anything else.
    Markup(Markup),
}

impl Cell {
    /// Text or anything that prints itself.
    #[must_use]
    pub fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// A link.
    #[must_use]
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Link { href: href.into(), text: text.into() }
    }
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// As many as there are columns.
    pub cells: Vec<Cell>,
    /// Stands out (an overdue case); a chip or clock in the row must say why.
    pub marked: bool,
    /// The row that counts; a word in it must say so.
    pub used: bool,
}

impl Row {
    /// An ordinary row.
    #[must_use]
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, marked: false, used: false }
    }

    /// A row that stands out.
    #[must_use]
    pub fn marked(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }

    /// The row that counts.
    #[must_use]
    pub fn used(mut self, used: bool) -> Self {
        self.used = used;
        self
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/table.html")]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// The caption is for screen readers only (a heading above says it already).
    pub caption_hidden: bool,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Shown in place of the table when there are no rows.
    pub empty: Empty,
    /// The keys j, k and Enter move in it (desk).
    pub keys: bool,
}

impl HtmlSafe for Table {}

impl Table {
    /// Leaves out the columns in which no row says anything.
    #[must_use]
    pub fn without_empty_columns(mut self) -> Self {
        let says =
            |row: &Row, column: usize| row.cells.get(column).is_some_and(|cell| !matches!(cell, Cell::Text(text) if text.is_empty()));
        let kept: Vec<bool> = (0..self.columns.len()).map(|column| self.rows.iter().any(|row| says(row, column))).collect();
        let keeps = |at: usize| kept.get(at).copied().unwrap_or(true);
        self.columns =
            std::mem::take(&mut self.columns).into_iter().enumerate().filter(|(at, _)| keeps(*at)).map(|(_, column)| column).collect();
        for row in &mut self.rows {
            row.cells = std::mem::take(&mut row.cells).into_iter().enumerate().filter(|(at, _)| keeps(*at)).map(|(_, cell)| cell).collect();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_says_nothing_is_left_out() {
        let row = |cells: [&str; 3]| Row::new(cells.map(Cell::text).to_vec());
        let table = Table {
            caption: String::new(),
            caption_hidden: true,
            columns: ["a", "b", "c"].map(Column::text).to_vec(),
            rows: vec![row(["1", "", ""]), row(["2", "", "3"])],
            empty: Empty::new("", ""),
            keys: false,
        };
        let table = table.without_empty_columns();
        assert_eq!(table.columns, ["a", "c"].map(Column::text));
        assert_eq!(table.rows, [Row::new(["1", ""].map(Cell::text).to_vec()), Row::new(["2", "3"].map(Cell::text).to_vec())]);
    }
}
