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
    parts.iter().map(|part| part.replace('~', "~0").replace('.', "~1")).collect::<Vec<_>>().join(".")
}

/// Splits a cursor into exactly `count` key parts; `None` when it is not one of ours.
#[must_use]
pub fn cursor_parts(cursor: &str, count: usize) -> Option<Vec<String>> {
    let parts: Vec<String> = cursor.split('.').map(|part| part.replace("~1", ".").replace("~0", "~")).collect();
    (parts.len() == count).then_some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_gives_its_parts_back(parts in prop::collection::vec("[~.01a甲]{0,8}", 1..5)) {
            let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
            let text = cursor(&borrowed);
            prop_assert_eq!(cursor_parts(&text, parts.len() + 1), None);
            prop_assert_eq!(cursor_parts(&text, parts.len()), Some(parts));
        }

        #[test]
        fn pages_neither_lose_nor_repeat_rows(rows in 0_usize..50, limit in 1_usize..10) {
            let all: Vec<usize> = (0..rows).collect();
            let mut seen = Vec::new();
            let mut from = 0;
            loop {
                let fetched = all[from..].iter().copied().take(limit + 1).collect();
                let page = Page::from_fetched(fetched, limit, |row| cursor(&[&row.to_string()]));
                seen.extend(page.items);
                let Some(next) = page.next else { break };
                from = cursor_parts(&next, 1).and_then(|parts| parts[0].parse::<usize>().ok()).map_or(rows, |last| last + 1);
            }
            prop_assert_eq!(seen, all);
        }
    }
}
