//! Characters that no shipped font has (rare characters of GB 18030 in names). They are printed as their code points, and whoever
//! issues the paper is told; they are never printed as an empty box.

use std::{collections::BTreeSet, sync::LazyLock};

use typst::text::Font;

use crate::engine::fonts;

static COVERED: LazyLock<Vec<&'static Font>> = LazyLock::new(|| fonts().iter().collect());

fn covered(character: char) -> bool {
    // Other control characters cannot be printed, and PDF/A refuses a paper that has one; they come in by pasting.
    matches!(character, '\t' | '\n' | '\r') || COVERED.iter().any(|font| font.info().coverage.contains(u32::from(character)))
}

/// The characters of a text that no shipped font has, each once.
#[must_use]
pub fn missing_glyphs(text: &str) -> BTreeSet<char> {
    text.chars().filter(|character| !covered(*character)).collect()
}

/// The text as it can be printed: a character that no font has becomes 〔U+20BB7〕.
#[must_use]
pub fn printable(text: &str) -> String {
    if text.chars().all(covered) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        if covered(character) {
            out.push(character);
        } else {
            out.push_str(&format!("〔U+{:04X}〕", u32::from(character)));
        }
        out
    })
}
