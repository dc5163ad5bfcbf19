//! Money in integer fen; written in yuan with two decimals (GB/T 39046: n..16,2).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{all_digits, reasons};

/// Fourteen digits of yuan and two of fen.
const MOST: i64 = 9_999_999_999_999_999;

reasons! {
    /// Why a text is not an amount of money.
    MoneyError of "money" {
        /// Not digits with at most two decimals.
        Format = "money-format": "an amount is written in yuan with at most two decimals, for example 1250.50",
        /// More than fourteen digits of yuan.
        Range = "money-range": "an amount has at most 14 digits before the decimal point",
    }
}

/// An amount; negative for what is paid back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in fen.
    ///
    /// # Errors
    /// [`MoneyError::Range`].
    pub const fn from_fen(fen: i64) -> Result<Self, MoneyError> {
        if fen > MOST || fen < -MOST { Err(MoneyError::Range) } else { Ok(Self(fen)) }
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads yuan: `12`, `12.5`, `12.50`, `-3.00`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (sign, amount) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (yuan, decimals) = amount.split_once('.').map_or((amount, "00"), |parts| parts);
        if !all_digits(yuan) || !all_digits(decimals) || decimals.len() > 2 {
            return Err(MoneyError::Format);
        }
        let fen: i64 = format!("{yuan}{decimals:0<2}").parse().map_err(|_| MoneyError::Range)?;
        Self::from_fen(sign * fen)
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MoneyError::Range`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_fen(self.0 + other.0)
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MoneyError::Range`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_fen(self.0 - other.0)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Money {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        Self::parse(&text)
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(fen in -MOST..=MOST) {
            let money = Money::from_fen(fen).unwrap();
            prop_assert_eq!(Money::parse(&money.to_string()).unwrap(), money);
        }

        #[test]
        fn subtraction_undoes_addition(a in -MOST / 2..=MOST / 2, b in -MOST / 2..=MOST / 2) {
            let (a, b) = (Money::from_fen(a).unwrap(), Money::from_fen(b).unwrap());
            prop_assert_eq!(a.plus(b).unwrap().minus(b).unwrap(), a);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = Money::parse(&text);
        }
    }

    #[test]
    fn written_forms() {
        for (text, fen) in [("0", 0), ("12", 1200), ("12.5", 1250), ("12.05", 1205), ("-3.00", -300), ("99999999999999.99", MOST)] {
            assert_eq!(Money::parse(text).unwrap().fen(), fen, "{text}");
        }
        for text in ["", ".5", "5.", "1,000", "1.005", "１", "+1", "--1", "1e3", "12 "] {
            assert_eq!(Money::parse(text).unwrap_err(), MoneyError::Format, "{text}");
        }
        for text in ["100000000000000", "999999999999999999999999"] {
            assert_eq!(Money::parse(text).unwrap_err(), MoneyError::Range, "{text}");
        }
    }
}
