//! Line numbers of a text. The XML reader counts from the beginning each time it is asked, which for a large table takes minutes.

/// Where the lines of a text begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect())
    }

    /// The line, counted from 1, of a place in the text.
    pub(super) fn at(&self, place: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= place)).map_or(u32::MAX, |before| before.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn counted_as_an_editor_counts() {
        let text = "一\nb\r\n\nd";
        let lines = Lines::of(text);
        let counted: Vec<u32> = ["一", "b", "\r", "d"].iter().filter_map(|part| text.find(part)).map(|place| lines.at(place)).collect();
        assert_eq!(counted, [1, 2, 2, 4]);
        assert_eq!(Lines::of("").at(0), 1);
    }
}
