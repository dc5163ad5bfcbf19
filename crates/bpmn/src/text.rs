//! How wide text is and where its lines break: Chinese characters are one em wide and break anywhere, except that no line
//! begins with closing punctuation or ends with opening punctuation; Latin words stay whole when they fit.

/// A word this much wider than the measure stays whole: standing out a little reads better than being torn.
const WHOLE: f64 = 1.4;

/// Width of a text in pixels at a font size, near enough for boxes.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(ems).sum::<f64>() * size
}

/// Width of a character in em.
fn ems(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.3,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.9,
        'A'..='Z' => 0.68,
        ' ' => 0.28,
        '\u{0300}'..='\u{036f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{0000}'..='\u{2e7f}' if !('\u{2014}'..='\u{2026}').contains(&c) => 0.56,
        _ => 1.0,
    }
}

/// Breaks a text into lines no wider than `limit`, as few as possible and of like length; what does not fit into `most` lines
/// is cut off with an ellipsis.
pub(crate) fn wrap(text: &str, size: f64, limit: f64, most: usize) -> Vec<String> {
    let atoms = atoms(text);
    let mut lines = fill(&atoms, size, limit);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && width(last, size) + size > limit {
                last.pop();
            }
            last.push('…');
        }
        return lines;
    }
    // Narrow the measure while the number of lines stays the same: “送达不予 / 许可决定” instead of “送达不予许可 / 决定”.
    let mut narrow = limit;
    while narrow > size * 2.0 {
        let tried = fill(&atoms, size, narrow - size / 2.0);
        if tried.len() > lines.len() || tried.iter().any(|line| width(line, size) > limit * WHOLE) {
            break;
        }
        narrow -= size / 2.0;
        if tried.len() == lines.len() {
            lines = tried;
        }
    }
    lines
}

fn fill(atoms: &[String], size: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for atom in atoms {
        let fits = width(&line, size) + width(atom.trim_end(), size) <= limit;
        if !line.is_empty() && !fits {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        if width(atom, size) > limit * WHOLE {
            for c in atom.chars() {
                if !line.is_empty() && width(&line, size) + ems(c) * size > limit {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        } else {
            line.push_str(atom);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Parts that are not broken: a Latin word with the space after it, a Chinese character with its punctuation.
fn atoms(text: &str) -> Vec<String> {
    let mut atoms: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if is_wide(c) {
            if closes(c) {
                if word.is_empty() {
                    match atoms.last_mut() {
                        Some(last) => last.push(c),
                        None => atoms.push(c.to_string()),
                    }
                } else {
                    word.push(c);
                    atoms.push(std::mem::take(&mut word));
                }
                continue;
            }
            if !word.is_empty() && !word.chars().all(opens) {
                atoms.push(std::mem::take(&mut word));
            }
            word.push(c);
            if !opens(c) {
                atoms.push(std::mem::take(&mut word));
            }
        } else {
            word.push(c);
            if c == ' ' {
                atoms.push(std::mem::take(&mut word));
            }
        }
    }
    if !word.is_empty() {
        atoms.push(word);
    }
    atoms
}

fn is_wide(c: char) -> bool {
    ems(c) >= 1.0
}

fn closes(c: char) -> bool {
    "，。、；：？！）》〉】」』”’…—％".contains(c)
}

fn opens(c: char) -> bool {
    "（《〈【「『“‘".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_balanced_and_punctuation_stays() {
        assert_eq!(wrap("送达不予许可决定", 13.0, 96.0, 3), ["送达不予", "许可决定"]);
        assert_eq!(wrap("办结（不予批准）", 12.0, 60.0, 3), ["办结（不", "予批准）"]);
        assert_eq!(wrap("受理吗？", 12.0, 36.0, 3), ["受理", "吗？"]);
        assert_eq!(wrap("Review the file", 13.0, 60.0, 3), ["Review", "the file"]);
    }

    #[test]
    fn too_much_is_cut_with_an_ellipsis() {
        let lines = wrap(&"很长的名称".repeat(30), 13.0, 96.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'));
        assert!(wrap("", 13.0, 96.0, 3).is_empty());
    }
}
