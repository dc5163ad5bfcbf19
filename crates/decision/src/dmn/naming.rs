//! Names as officials write them, made names of FEEL. FEEL allows blanks and some signs in names, and all Chinese letters and
//! punctuation, but no ASCII parentheses, no number in front and no keyword in front. Such names get another form inside, which
//! nobody sees: results carry the names of the file.

use std::collections::BTreeMap;

use crate::words::KEYWORDS;

/// Signs that may stand within a FEEL name (grammar rule 30).
const SIGNS: [char; 6] = ['.', '/', '-', '\'', '+', '*'];

/// A name with single blanks: as the file means it.
pub(crate) fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form of a name inside.
pub(crate) fn key(name: &str) -> String {
    let mut tidy = tidy(name);
    if let Some(first) = tidy.split(' ').next()
        && KEYWORDS.contains(&first)
    {
        let rest = tidy.get(first.len()..).unwrap_or_default().trim_start().to_owned();
        tidy = format!("{first}＿{rest}");
    }
    let mut key = String::with_capacity(tidy.len());
    for (at, c) in tidy.chars().enumerate() {
        let allowed = if at == 0 { is_start(c) } else { is_part(c) || c == ' ' || SIGNS.contains(&c) };
        key.push(if allowed { c } else { substitute(c) });
    }
    // The parser drops blanks around signs.
    for sign in SIGNS {
        key = key.replace(&format!(" {sign}"), &sign.to_string()).replace(&format!("{sign} "), &sign.to_string());
    }
    key
}

/// The full-width form of an ASCII sign, a letter of FEEL; `＿` for anything else.
fn substitute(c: char) -> char {
    if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap_or('＿') } else { '＿' }
}

fn is_start(c: char) -> bool {
    matches!(c, '?' | 'A'..='Z' | '_' | 'a'..='z'
        | '\u{00C0}'..='\u{00D6}' | '\u{00D8}'..='\u{00F6}' | '\u{00F8}'..='\u{02FF}'
        | '\u{0370}'..='\u{037D}' | '\u{037F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_part(c: char) -> bool {
    is_start(c) || c.is_ascii_digit() || matches!(c, '\u{00B7}' | '\u{0300}'..='\u{036F}' | '\u{203F}'..='\u{2040}')
}

/// The names of a model: what each is called inside, and back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Naming {
    /// Names that are written differently inside, longest first.
    renamed: Vec<(String, String)>,
    back: BTreeMap<String, String>,
}

impl Naming {
    /// Learns a name; gives its form inside.
    pub(crate) fn learn(&mut self, name: &str) -> String {
        let tidy = tidy(name);
        let key = key(&tidy);
        if key != tidy && !self.back.contains_key(&key) {
            let length = |entry: &(String, String)| std::cmp::Reverse(entry.0.chars().count());
            let entry = (tidy.clone(), key.clone());
            let at = self.renamed.partition_point(|other| length(other) <= length(&entry));
            self.renamed.insert(at, entry);
            self.back.insert(key.clone(), tidy);
        }
        key
    }

    /// The name in the file of a name inside.
    pub(crate) fn original<'a>(&'a self, key: &'a str) -> &'a str {
        self.back.get(key).map_or(key, String::as_str)
    }

    /// An expression with the names as they are inside. What stands in quotation marks stays.
    pub(crate) fn inside(&self, text: &str) -> String {
        if !self.renamed.iter().any(|(name, _)| text.contains(name.as_str())) {
            return text.to_owned();
        }
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            if c == '"' {
                let end = string_end(rest);
                result.push_str(&rest[..end]);
                rest = &rest[end..];
                before = '"';
                continue;
            }
            let found = self.renamed.iter().find(|(name, _)| {
                let ascii_boundary = |a: char, b: char| !(a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric());
                rest.starts_with(name.as_str())
                    && ascii_boundary(before, c)
                    && rest[name.len()..].chars().next().is_none_or(|after| ascii_boundary(name.chars().next_back().unwrap_or(' '), after))
            });
            if let Some((name, key)) = found {
                result.push_str(key);
                rest = &rest[name.len()..];
                before = key.chars().next_back().unwrap_or(' ');
            } else {
                result.push(c);
                rest = &rest[c.len_utf8()..];
                before = c;
            }
        }
        result
    }
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names_of_feel() {
        assert_eq!(key("建筑面积(平方米)"), "建筑面积（平方米）");
        assert_eq!(key("建筑面积（平方米）"), "建筑面积（平方米）");
        assert_eq!(key("24小时营业?"), "２4小时营业?");
        assert_eq!(key(" Monthly   Income "), "Monthly Income");
        assert_eq!(key("left - right"), "left-right");
        assert_eq!(key("item count"), "item＿count");
        assert_eq!(key("a:b"), "a：b");
    }

    #[test]
    fn expressions_are_written_with_them() {
        let mut naming = Naming::default();
        naming.learn("面积(平方米)");
        naming.learn("面积(平方米)合计");
        assert_eq!(naming.inside("面积(平方米) > 50 and \"面积(平方米)\" = x"), "面积（平方米） > 50 and \"面积(平方米)\" = x");
        assert_eq!(naming.inside("面积(平方米)合计 + 1"), "面积（平方米）合计 + 1");
        assert_eq!(naming.original("面积（平方米）"), "面积(平方米)");
    }
}
