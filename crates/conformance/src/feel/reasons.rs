//! Differences to feelin that are known and whose cause is known. A difference is explained only when a part of the expression
//! differs by itself in the known way: the part is cut out and asked of both engines again. The standard's word on each:
//! docs/differential.md.

use serde_json::Value;

use super::Said;

/// A known difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// `number` with one argument.
    NumberWithOneArgument,
    /// `substring` with a position or length outside the text.
    SubstringOutside,
    /// `sublist` with a position or length outside the list.
    SublistOutside,
    /// `insert before` or `remove` with a position outside the list.
    PositionOutside,
    /// `between` with the larger bound first.
    BetweenBackwards,
    /// `median` of numbers with different numbers of digits.
    MedianSortedAsText,
    /// A missing value in a list of tests: no, or not known.
    MissingInTests,
    /// `some` and `every` over items of which some are missing.
    MissingInQuantifier,
    /// `min` and `max` of a list with missing items; ours leaves them out.
    LargestWithMissing,
    /// `string(9.10)`: whether the last zero is kept.
    TrailingZeros,
    /// Years and months with days in them.
    MonthsWithDays,
    /// A date and a duration with hours: a date or a date and time.
    DateAndHours,
    /// A duration times a number.
    DurationTimesNumber,
}

const ALL: [Reason; 13] = [
    Reason::NumberWithOneArgument,
    Reason::SubstringOutside,
    Reason::SublistOutside,
    Reason::PositionOutside,
    Reason::BetweenBackwards,
    Reason::MedianSortedAsText,
    Reason::MissingInTests,
    Reason::MissingInQuantifier,
    Reason::LargestWithMissing,
    Reason::TrailingZeros,
    Reason::MonthsWithDays,
    Reason::DateAndHours,
    Reason::DurationTimesNumber,
];

impl Reason {
    /// Its name in docs/differential.md.
    pub fn name(self) -> &'static str {
        match self {
            Self::NumberWithOneArgument => "number-with-one-argument",
            Self::SubstringOutside => "substring-outside",
            Self::SublistOutside => "sublist-outside",
            Self::PositionOutside => "position-outside",
            Self::BetweenBackwards => "between-backwards",
            Self::MedianSortedAsText => "median-sorted-as-text",
            Self::MissingInTests => "missing-in-tests",
            Self::MissingInQuantifier => "missing-in-quantifier",
            Self::LargestWithMissing => "largest-with-missing",
            Self::TrailingZeros => "trailing-zeros",
            Self::MonthsWithDays => "months-with-days",
            Self::DateAndHours => "date-and-hours",
            Self::DurationTimesNumber => "duration-times-number",
        }
    }

    /// The parts of an expression that may differ for this reason.
    fn parts(self, expression: &str) -> Vec<&str> {
        match self {
            Self::NumberWithOneArgument => calls(expression, "number"),
            Self::SubstringOutside => calls(expression, "substring"),
            Self::SublistOutside => calls(expression, "sublist"),
            Self::PositionOutside => [calls(expression, "insert before"), calls(expression, "remove")].concat(),
            Self::BetweenBackwards => brackets_with(expression, " between "),
            Self::MedianSortedAsText => calls(expression, "median"),
            Self::MissingInTests => brackets_with(expression, " in ("),
            Self::MissingInQuantifier => [brackets_with(expression, "some "), brackets_with(expression, "every ")].concat(),
            Self::LargestWithMissing => [calls(expression, "min"), calls(expression, "max")].concat(),
            Self::TrailingZeros => calls(expression, "string"),
            Self::MonthsWithDays => calls(expression, "years and months duration"),
            Self::DateAndHours if expression.contains(" duration(\"P") => vec![expression],
            Self::DurationTimesNumber if expression.starts_with("duration(\"") && expression.contains(") * ") => vec![expression],
            Self::DateAndHours | Self::DurationTimesNumber => Vec::new(),
        }
    }

    /// Whether a part differs in the way that this reason explains.
    fn explains(self, ours: &Value, theirs: &Value) -> bool {
        match (self, ours, theirs) {
            (Self::NumberWithOneArgument, Value::Null, Value::Number(_))
            | (Self::SubstringOutside, Value::Null, Value::String(_))
            | (Self::SublistOutside | Self::PositionOutside, Value::Null, Value::Array(_))
            | (Self::BetweenBackwards, Value::Bool(false), Value::Bool(true))
            | (Self::MedianSortedAsText, Value::Number(_), Value::Number(_))
            | (Self::LargestWithMissing, Value::Number(_), Value::Null)
            | (Self::MissingInQuantifier, Value::Null, Value::Bool(false))
            | (Self::MissingInTests, Value::Bool(false), Value::Null)
            | (Self::DurationTimesNumber, Value::String(_), Value::Null) => true,
            (Self::TrailingZeros, Value::String(ours), Value::String(theirs)) => {
                ours != theirs && ours.contains('.') && ours.trim_end_matches('0').trim_end_matches('.') == theirs
            }
            (Self::MonthsWithDays, Value::String(ours), Value::String(theirs)) => {
                let less_than_a_month = ours == "P0M" && theirs.trim_start_matches('-').starts_with('P');
                let rounded = months(ours).zip(months(theirs)).is_some_and(|(ours, theirs)| theirs - ours == 1);
                theirs.ends_with('D') && (less_than_a_month || theirs.starts_with(ours.as_str())) || rounded
            }
            (Self::DateAndHours, Value::String(ours), Value::String(theirs)) => {
                !ours.contains('T') && theirs.strip_prefix(ours.as_str()).is_some_and(|time| time.starts_with('T') && time.ends_with('Z'))
            }
            _ => false,
        }
    }
}

/// Asks both engines: what ours says, what the other says.
pub type Both<'b> = dyn FnMut(&str) -> Result<(Said, Said), String> + 'b;

/// Why the engines differ on this expression, when that is known; `both` asks both engines.
///
/// # Errors
/// The other engine is gone.
pub fn of(expression: &str, both: &mut Both<'_>) -> Result<Option<Reason>, String> {
    for reason in ALL {
        for part in reason.parts(expression) {
            if let (Ok(ours), Ok(theirs)) = both(part)?
                && ours != theirs
                && reason.explains(&ours, &theirs)
            {
                return Ok(Some(reason));
            }
        }
    }
    Ok(None)
}

/// Number of months of a negative duration.
fn months(text: &str) -> Option<u32> {
    let mut rest = text.strip_prefix("-P")?;
    let mut months = 0;
    if let Some((years, behind)) = rest.split_once('Y') {
        months = 12 * years.parse::<u32>().ok()?;
        rest = behind;
    }
    if rest.is_empty() { Some(months) } else { Some(months + rest.strip_suffix('M')?.parse::<u32>().ok()?) }
}

/// The calls of a function in an expression.
fn calls<'e>(expression: &'e str, function: &str) -> Vec<&'e str> {
    let begins = expression.match_indices(function).map(|(at, _)| at).filter(|at| {
        let (before, behind) = (&expression[..*at], &expression[at + function.len()..]);
        behind.starts_with('(') && !before.ends_with(|last: char| last.is_alphanumeric())
    });
    begins.filter_map(|at| end_of_call(&expression[at..]).map(|end| &expression[at..at + end])).collect()
}

/// The innermost brackets that begin in front of a word and hold it.
fn brackets_with<'e>(expression: &'e str, word: &str) -> Vec<&'e str> {
    let begins = expression.match_indices(word).filter_map(|(at, _)| expression[..at].rfind('('));
    begins.filter_map(|at| end_of_call(&expression[at..]).map(|end| &expression[at..at + end])).collect()
}

/// Where the brackets that open first in a text close again.
fn end_of_call(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            // Ranges may open with the one and close with the other.
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_are_cut_out() {
        let text = r#"string length(string(9.10)) + count(sublist([substring(")a", 1)], 2))"#;
        assert_eq!(calls(text, "string"), ["string(9.10)"]);
        assert_eq!(calls(text, "sublist"), [r#"sublist([substring(")a", 1)], 2)"#]);
        assert_eq!(calls(text, "substring"), [r#"substring(")a", 1)"#]);
    }

    #[test]
    fn only_a_part_that_differs_in_the_known_way_explains() {
        let explained =
            |ours: Value, theirs: Value| of("substring(a, 9) = 1", &mut |_| Ok((Ok(ours.clone()), Ok(theirs.clone())))).unwrap_or_default();
        assert_eq!(explained(Value::Null, json!("a")), Some(Reason::SubstringOutside));
        assert_eq!(explained(json!("b"), json!("a")), None, "another text");
        assert_eq!(explained(json!("a"), json!("a")), None, "the same");
        assert!(Reason::TrailingZeros.explains(&json!("9.10"), &json!("9.1")));
        assert!(!Reason::TrailingZeros.explains(&json!("9.1"), &json!("9.2")));
        assert!(Reason::DateAndHours.explains(&json!("2026-03-04"), &json!("2026-03-04T19:44:00Z")));
        assert!(!Reason::DateAndHours.explains(&json!("2026-03-05"), &json!("2026-03-04T19:44:00Z")));
        assert!(Reason::MonthsWithDays.explains(&json!("-P6Y11M"), &json!("-P6Y11M8D")));
        assert!(Reason::MonthsWithDays.explains(&json!("-P6Y6M"), &json!("-P6Y7M")));
        assert!(!Reason::MonthsWithDays.explains(&json!("-P6Y6M"), &json!("-P6Y8M")));
    }
}
