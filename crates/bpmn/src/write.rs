//! Writes a [`Document`] as XML. Reading what was written gives the same tree.

use crate::tree::{Attribute, Content, Document, Element, Name};

impl Document {
    /// The file's text.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        for content in &self.before {
            write_content(&mut out, content);
            out.push('\n');
        }
        write_element(&mut out, &self.root);
        out.push('\n');
        for content in &self.after {
            write_content(&mut out, content);
            out.push('\n');
        }
        out
    }
}

/// One element as text.
pub(crate) fn element_text(element: &Element) -> String {
    let mut out = String::new();
    write_element(&mut out, element);
    out
}

fn write_content(out: &mut String, content: &Content) {
    match content {
        Content::Element(element) => write_element(out, element),
        Content::Text(text) => escape(out, text, false),
        Content::Comment(text) => {
            out.push_str("<!--");
            out.push_str(text);
            out.push_str("-->");
        }
        Content::Instruction { target, value } => {
            out.push_str("<?");
            out.push_str(target);
            if !value.is_empty() {
                out.push(' ');
                out.push_str(value);
            }
            out.push_str("?>");
        }
    }
}

/// Recursion is as deep as the tree; trees that were read are bounded by the reader's limit.
fn write_element(out: &mut String, element: &Element) {
    out.push('<');
    write_name(out, &element.name);
    for (prefix, address) in &element.declarations {
        out.push_str(" xmlns");
        if let Some(prefix) = prefix {
            out.push(':');
            out.push_str(prefix);
        }
        out.push_str("=\"");
        escape(out, address, true);
        out.push('"');
    }
    for Attribute { name, value } in &element.attributes {
        out.push(' ');
        write_name(out, name);
        out.push_str("=\"");
        escape(out, value, true);
        out.push('"');
    }
    if element.content.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for content in &element.content {
        write_content(out, content);
    }
    out.push_str("</");
    write_name(out, &element.name);
    out.push('>');
}

fn write_name(out: &mut String, name: &Name) {
    if let Some(prefix) = &name.prefix {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(&name.local);
}

/// White space in attribute values is written as references, or a reader would turn it into spaces.
pub(crate) fn escape(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
}
