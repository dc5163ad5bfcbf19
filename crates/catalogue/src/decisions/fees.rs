//! What a decision about fees says: amounts in fen. Either all of it can be read or nothing is charged by it: a line that was lost
//! would be a wrong amount.

use banhao_kernel::Money;
use serde_json::Value;

use super::bilingual;
use crate::model::{Bilingual, Fee, Matter};

/// Most digits of an amount. A decimal of at most fifteen digits comes through JSON's binary numbers unchanged (IEEE 754,
/// `DBL_DIG`); a longer one might not, and is refused.
const MOST_DIGITS: usize = 15;

/// A fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargedFee {
    /// Name.
    pub name: Bilingual,
    /// Amount; zero where the fee is waived.
    pub amount: Money,
    /// The law or order that allows it: of the fee of this name in the guide.
    pub basis: Option<String>,
    /// Remark.
    pub note: Option<Bilingual>,
}

/// The sum; none when it is too large to be one.
#[must_use]
pub fn total(fees: &[ChargedFee]) -> Option<Money> {
    fees.iter().try_fold(Money::ZERO, |sum, fee| sum.plus(fee.amount).ok())
}

/// The fees that a decision gives: nothing, an amount, an entry with `项目`, `金额` and `说明`, or a list of these.
pub(super) fn read(matter: &Matter, value: &Value) -> Option<Vec<ChargedFee>> {
    let lines = match value {
        Value::Null => return Some(Vec::new()),
        Value::Array(lines) => lines.as_slice(),
        one => std::slice::from_ref(one),
    };
    lines.iter().filter(|line| !line.is_null()).map(|line| fee(matter, line)).collect()
}

fn fee(matter: &Matter, value: &Value) -> Option<ChargedFee> {
    let amount = amount(if value.is_object() { value.get("金额")? } else { value })?;
    let said = bilingual(value, "项目", "项目_en");
    let written = written(matter, said.as_ref().map(|name| name.zh.as_str()));
    Some(ChargedFee {
        amount,
        basis: written.map(|fee| fee.basis.clone()),
        // The guide's name has both languages.
        name: written.map(|fee| fee.name.clone()).or(said).unwrap_or_else(|| Bilingual::new("费用", "Fee")),
        note: bilingual(value, "说明", "说明_en"),
    })
}

/// The fee of the guide that is meant: of this name, or the only one.
fn written<'m>(matter: &'m Matter, name: Option<&str>) -> Option<&'m Fee> {
    match (name, matter.fees.as_slice()) {
        (Some(name), fees) => fees.iter().find(|fee| fee.name.zh == name),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// An amount in yuan with at most two decimals, not below zero.
fn amount(value: &Value) -> Option<Money> {
    let text = value.as_number()?.to_string();
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    Money::parse(text).ok().filter(|amount| *amount >= Money::ZERO && digits <= MOST_DIGITS)
}

#[cfg(test)]
mod tests {
    use banhao_decision::Expression;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_amount_is_not_rounded() {
        for (value, fen) in [(json!(80), 8_000), (json!(0.1), 10), (json!(19.99), 1_999), (json!(0), 0), (json!(20.0), 2_000)] {
            assert_eq!(amount(&value).map(Money::fen), Some(fen), "{value}");
        }
        for value in [json!(-1), json!(0.005), json!(33.333), json!("80"), json!(true), json!(1e20), json!(12_345_678_901_234_567_i64)] {
            assert_eq!(amount(&value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn sums_of_fen_are_exact(parts in prop::collection::vec(0_i64..100_000_000, 1..12), pieces in 1_i64..1_000) {
            let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
            let text = format!("({}) * {pieces}", parts.iter().map(|part| yuan(*part)).collect::<Vec<_>>().join(" + "));
            let value = Expression::parse(&text).and_then(|sum| sum.eval(&json!({})));
            let expected = parts.iter().sum::<i64>() * pieces;
            prop_assert_eq!(value.ok().as_ref().and_then(amount).map(Money::fen), Some(expected), "{}", text);
        }
    }
}
