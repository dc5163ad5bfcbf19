//! Pages of lists: keyset paging with an opaque cursor. No list is ever read without a limit.

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page, when there is more.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page without rows.
    #[must_use]
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next: None }
    }

    /// Makes a page of `limit` rows out of up to `limit + 1` fetched ones; the cursor is made from the last row shown.
    #[must_use]
    pub fn from_fetched(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}

/// Joins the key parts of a row into a cursor.
#[must_use]
pub fn cursor(parts: &[&str]) -> String {
    parts.iter().map(|part| part.replace('~', "~~")).collect::<Vec<_>>().join("~.")
}

/// Splits a cursor into exactly `count` key parts; `None` when it is not one of ours.
#[must_use]
pub fn cursor_parts(cursor: &str, count: usize) -> Option<Vec<String>> {
    let parts: Vec<String> = cursor.split("~.").map(|part| part.replace("~~", "~")).collect();
    (parts.len() == count).then_some(parts)
}
