//! A growing SVG text: tags with attributes, numbers with at most one decimal, everything escaped.

use crate::write::escape;

/// SVG being written.
pub(crate) struct Svg {
    text: String,
}

impl Svg {
    pub(crate) fn new() -> Self {
        Self { text: String::with_capacity(8 * 1024) }
    }

    /// Opens an element; `attributes` are written as given names with escaped values.
    pub(crate) fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.tag(tag, attributes);
        self.text.push('>');
    }

    /// Writes an element without content.
    pub(crate) fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.tag(tag, attributes);
        self.text.push_str("/>");
    }

    pub(crate) fn close(&mut self, tag: &str) {
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
    }

    /// An element with text in it.
    pub(crate) fn text(&mut self, tag: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(tag, attributes);
        escape(&mut self.text, &readable(text), false);
        self.close(tag);
    }

    /// Text that is ours and needs no escaping.
    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn tag(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(&mut self.text, value, true);
            self.text.push('"');
        }
    }
}

/// A number as SVG writes it.
pub(crate) fn number(value: f64) -> String {
    let mut text = format!("{value:.1}");
    if let Some(whole) = text.strip_suffix(".0") {
        text.truncate(whole.len());
    }
    if text == "-0" {
        text = "0".to_owned();
    }
    text
}

/// Characters that XML does not allow, however they came into a name, become a replacement character.
fn readable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}
