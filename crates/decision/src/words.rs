//! The words of an expression's text, read before the parser sees it: FEEL names may contain blanks and operators, so
//! its parser must be told the variables' names beforehand; and what rules may not use is refused here.

use std::collections::BTreeSet;

use crate::FeelError;

/// Longest text of an expression, in characters.
const MAX_CHARS: usize = 4_000;
/// Most tokens (each can be one level of recursion in parser and evaluator).
const MAX_TOKENS: usize = 600;
/// Deepest nesting of brackets.
const MAX_DEPTH: usize = 32;
/// Most words and signs in a row that the parser could take for one long name; it tries every length of it.
const MAX_RUN: usize = 120;

/// Words with a meaning of their own in FEEL; they end a name.
pub(crate) const KEYWORDS: [&str; 21] = [
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "and",
    "or",
    "not",
    "between",
    "instance",
    "of",
    "function",
    "external",
    "true",
    "false",
    "null",
    "item",
];

/// Built-in words that are never variables when they stand alone.
const BUILT_IN: [&str; 8] = ["date", "time", "duration", "string", "number", "years", "days", "months"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Dot,
    Range,
    Parenthesis,
    /// A sign that FEEL allows within names.
    Sign,
    Other,
}

/// What the text says, before it is parsed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// Every name of a variable or of a part of one.
    pub names: BTreeSet<String>,
    /// The names that stand first in a path: the variables themselves.
    pub roots: BTreeSet<String>,
    /// What parsing costs: it grows with the third power of the words in a row.
    pub cost: u64,
}

/// Reads the words, refusing what rules may not use.
pub(crate) fn read(text: &str) -> Result<Words, FeelError> {
    let (tokens, words) = measure(text)?;
    refuse(&tokens)?;
    Ok(words)
}

/// Reads the words without refusing any; the parsed tree is looked at instead.
pub(crate) fn look(text: &str) -> Result<Words, FeelError> {
    measure(text).map(|(_, words)| words)
}

fn measure(text: &str) -> Result<(Vec<Token>, Words), FeelError> {
    if text.trim().is_empty() {
        return Err(FeelError::Empty);
    }
    if text.chars().count() > MAX_CHARS {
        return Err(FeelError::TooComplex("4000 characters"));
    }
    let tokens = tokens(text)?;
    if tokens.len() > MAX_TOKENS {
        return Err(FeelError::TooComplex("600 words and signs"));
    }
    let mut words = variables(&tokens);
    let runs = tokens.split(|token| !matches!(token, Token::Word(_) | Token::Dot | Token::Sign)).map(<[Token]>::len);
    for run in runs {
        if run > MAX_RUN {
            return Err(FeelError::TooComplex("120 words in a row"));
        }
        words.cost += (run as u64).pow(3);
    }
    words.cost += tokens.len() as u64;
    Ok((tokens, words))
}

/// The keys asked of one variable: of `form.a > form.b` and `form`, `a` and `b`.
pub(crate) fn paths(text: &str, root: &str) -> Vec<String> {
    let Ok(tokens) = tokens(text) else {
        return Vec::new();
    };
    let mut keys = BTreeSet::new();
    for (at, triple) in tokens.windows(3).enumerate() {
        if let [Token::Word(word), Token::Dot, Token::Word(key)] = triple
            && word == root
            && at.checked_sub(1).and_then(|i| tokens.get(i)) != Some(&Token::Dot)
        {
            keys.insert(key.clone());
        }
    }
    keys.into_iter().collect()
}

fn tokens(text: &str) -> Result<Vec<Token>, FeelError> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    let mut depth = 0_usize;
    while let Some(c) = chars.next() {
        let token = match c {
            '"' => {
                skip_string(&mut chars)?;
                Token::Other
            }
            '/' if matches!(chars.peek(), Some('/' | '*')) => {
                return Err(FeelError::Forbidden(FeelError::COMMENT));
            }
            '.' if chars.peek() == Some(&'.') => {
                chars.next();
                Token::Range
            }
            '.' => Token::Dot,
            '(' | '[' | '{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(FeelError::TooComplex("32 levels of brackets"));
                }
                if c == '(' { Token::Parenthesis } else { Token::Other }
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                Token::Other
            }
            '+' | '-' | '*' | '/' | '\'' => Token::Sign,
            c if c.is_whitespace() => continue,
            c if c.is_ascii_digit() => {
                while chars.next_if(char::is_ascii_alphanumeric).is_some() {}
                Token::Other
            }
            c if is_word_char(c) => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| is_word_char(*c) || c.is_ascii_digit()) {
                    word.push(c);
                }
                Token::Word(word)
            }
            _ => Token::Other,
        };
        tokens.push(token);
    }
    Ok(tokens)
}

fn skip_string(chars: &mut impl Iterator<Item = char>) -> Result<(), FeelError> {
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '"' => return Ok(()),
            _ => {}
        }
    }
    Err(FeelError::Syntax("a text is not closed with \"".to_owned()))
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '?'
}

fn refuse(tokens: &[Token]) -> Result<(), FeelError> {
    let has = |word: &str| tokens.iter().any(|token| matches!(token, Token::Word(w) if w == word));
    if has("external") {
        return Err(FeelError::Forbidden(FeelError::EXTERNAL));
    }
    if has("function") {
        return Err(FeelError::Forbidden(FeelError::FUNCTION));
    }
    let calls = |word: &str| tokens.windows(2).any(|pair| matches!(pair, [Token::Word(w), Token::Parenthesis] if w == word));
    if calls("now") || calls("today") {
        return Err(FeelError::Forbidden(FeelError::CLOCK));
    }
    if ["for", "some", "every"].into_iter().any(has) && tokens.contains(&Token::Range) {
        return Err(FeelError::Forbidden(FeelError::LOOP));
    }
    Ok(())
}

fn is_keyword(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Word(word)) if KEYWORDS.contains(&word.as_str()))
}

fn is_name(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Word(_))) && !is_keyword(token)
}

fn is_index_of(tokens: &[Token]) -> bool {
    matches!(tokens, [Token::Word(index), Token::Word(of), Token::Parenthesis, ..] if index == "index" && of == "of")
}

fn variables(tokens: &[Token]) -> Words {
    let mut words = Words::default();
    let mut at = 0;
    while at < tokens.len() {
        let before = at.checked_sub(1).and_then(|i| tokens.get(i));
        let is_part = before == Some(&Token::Dot);
        // The one built-in function with a keyword in its name.
        if !is_part && is_index_of(&tokens[at..]) {
            at += 2;
            continue;
        }
        // After a dot even a keyword is a name.
        let is_part_name = is_part && matches!(tokens.get(at), Some(Token::Word(_)));
        if !is_name(tokens.get(at)) && !is_part_name {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while is_name(tokens.get(end)) {
            end += 1;
        }
        // A run of words before a parenthesis is the name of a built-in function: "string join(".
        let is_call = tokens.get(end) == Some(&Token::Parenthesis) && !is_part;
        // What stands behind "instance of" is a type, no variable.
        let is_type =
            at >= 2 && matches!(&tokens[at - 2..at], [Token::Word(instance), Token::Word(of)] if instance == "instance" && of == "of");
        if !is_call && !is_type {
            for token in &tokens[at..end] {
                if let Token::Word(word) = token {
                    let followed_by_dot = end - at == 1 && tokens.get(end) == Some(&Token::Dot);
                    let is_built_in = BUILT_IN.contains(&word.as_str()) && !is_part && !followed_by_dot;
                    if !is_built_in {
                        words.names.insert(word.clone());
                        if !is_part {
                            words.roots.insert(word.clone());
                        }
                    }
                }
            }
        }
        at = end;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(text: &str) -> Vec<String> {
        read(text).map(|words| words.roots.into_iter().collect()).unwrap_or_default()
    }

    #[test]
    fn variables_are_found_and_functions_are_not() {
        assert_eq!(roots(r#"q.kind = "new" and form.area > 50"#), ["form", "q"]);
        assert_eq!(roots(r#"string join(for x in form.items return x, "、")"#), ["form", "x"]);
        assert_eq!(roots(r#"list contains(form.items, "a")"#), ["form"]);
        assert_eq!(roots(r#"acceptance = "refused""#), ["acceptance"]);
        assert_eq!(roots("面积 > 50 and 申请人.年龄 >= 18"), ["申请人", "面积"]);
        assert_eq!(roots(r#"date and time("2026-01-01T00:00:00") > case.at"#), ["case"]);
    }

    #[test]
    fn what_rules_may_not_use_is_refused() {
        for text in [
            r#"function(x) external {java: {class: "a", method signature: "b()"}}"#,
            "function(x) x + 1",
            "today() > form.date",
            "for i in 1..1000000000 return i",
            "1 /* \" */ + 1",
        ] {
            assert!(matches!(read(text), Err(FeelError::Forbidden(_))), "{text}");
        }
        assert_eq!(read("  "), Err(FeelError::Empty));
        assert!(matches!(read(&"(".repeat(40)), Err(FeelError::TooComplex(_))));
    }
}
