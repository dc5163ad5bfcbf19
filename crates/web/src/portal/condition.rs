//! A cell of a decision table in plain words: comparisons, ranges, lists and exceptions; what is more than that stays as it is written.

use banhao_texts::{Lang, t, t_args};

/// The words of a condition whose values are labels already; quotation marks still tell where a value begins and ends.
pub(crate) fn in_words(lang: Lang, text: &str) -> String {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')')) {
        return t_args(lang, "reasons-not-one", &[("value", &in_words(lang, inside))]).into_owned();
    }
    for (sign, key) in [(">=", "reasons-at-least"), ("<=", "reasons-at-most"), (">", "reasons-more"), ("<", "reasons-less")] {
        if let Some(value) = text.strip_prefix(sign).filter(|value| is_one(value)) {
            return t_args(lang, key, &[("value", plain(value))]).into_owned();
        }
    }
    if let Some((from, to)) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|inside| inside.split_once("..")) {
        return t_args(lang, "reasons-between", &[("from", plain(from)), ("to", plain(to))]).into_owned();
    }
    let parts = parts(text);
    if parts.len() > 1 {
        let words: Vec<String> = parts.into_iter().map(|part| in_words(lang, part)).collect();
        return words.join(t(lang, "reasons-or").as_ref());
    }
    text.replace('"', "")
}

/// An expression with its answers called what the form calls them; values, signs and functions stay.
pub(crate) fn expression(lang: Lang, text: &str, label: impl Fn(&str) -> Option<String>) -> String {
    let mut told = String::new();
    let mut name = String::new();
    let mut quoted = false;
    let put = |told: &mut String, name: &mut String| {
        match name.as_str() {
            "or" => told.push_str(t(lang, "reasons-or").trim()),
            "and" => told.push_str(t(lang, "reasons-and-also").trim()),
            _ => told.push_str(label(name).as_ref().unwrap_or(name)),
        }
        name.clear();
    };
    for letter in text.trim().chars() {
        if !quoted && (letter.is_alphanumeric() || matches!(letter, '_' | '.')) {
            name.push(letter);
            continue;
        }
        put(&mut told, &mut name);
        quoted ^= letter == '"';
        told.push(letter);
    }
    put(&mut told, &mut name);
    told
}

fn plain(value: &str) -> &str {
    value.trim().trim_matches('"')
}

/// Whether this is one value and not a list or an expression.
fn is_one(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty() && !value.contains([',', '(', '[', ' '])
}

/// The parts of a list, split at commas outside quotation marks and brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_called_what_the_form_calls_them() {
        let label = |name: &str| (name == "form.height").then(|| "建筑高度".to_owned());
        let text = "form.height > 54 or form.other = \"form.height or\" and q.x";
        assert_eq!(expression(Lang::ZhCn, text, label), "建筑高度 > 54 或者 form.other = \"form.height or\" 并且 q.x");
        assert_eq!(expression(Lang::En, "form.height<0.5", label), "建筑高度<0.5");
    }

    #[test]
    fn what_a_condition_asks_is_said() {
        for (condition, zh, en) in [
            ("> 50", "大于 50", "more than 50"),
            (">= 50", "不小于 50", "at least 50"),
            ("< 0.5", "小于 0.5", "less than 0.5"),
            ("<=7", "不大于 7", "at most 7"),
            ("[10..20]", "10 到 20", "10 to 20"),
            ("\"餐饮\", \"食堂\"", "餐饮或者食堂", "餐饮 or 食堂"),
            ("not(\"餐饮, 外卖\")", "不是餐饮, 外卖", "not 餐饮, 外卖"),
            ("not(\"餐饮\",\"食堂\")", "不是餐饮或者食堂", "not 餐饮 or 食堂"),
            ("< 3, > 9", "小于 3或者大于 9", "less than 3 or more than 9"),
            ("\"餐饮\"", "餐饮", "餐饮"),
            ("? > today()", "? > today()", "? > today()"),
            ("> form.kitchen * 2", "> form.kitchen * 2", "> form.kitchen * 2"),
            ("", "", ""),
        ] {
            assert_eq!(in_words(Lang::ZhCn, condition), zh, "{condition}");
            assert_eq!(in_words(Lang::En, condition), en, "{condition}");
        }
    }
}
