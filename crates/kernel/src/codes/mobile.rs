//! Mobile number of mainland China: 11 digits.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{all_digits, reasons, written_as_text};

reasons! {
    /// Why a text is not a mobile number.
    MobileError of "mobile" {
        /// Not 11 digits that begin with 13 to 19.
        Format = "mobile-format": "a mobile number has 11 digits and begins with 13 to 19",
    }
}

/// A mobile number. `Debug` masks it, so that it cannot slip into a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

written_as_text!(Mobile, MobileError);

impl Mobile {
    /// Reads exactly 11 digits.
    ///
    /// # Errors
    /// [`MobileError::Format`].
    pub fn parse(text: &str) -> Result<Self, MobileError> {
        let fits = text.len() == 11 && all_digits(text) && text.starts_with('1') && (b'3'..=b'9').contains(&text.as_bytes()[1]);
        if fits { Ok(Self(text.to_owned())) } else { Err(MobileError::Format) }
    }

    /// Reads a number as people type it: spaces, hyphens and +86 or 0086 in front are fine.
    ///
    /// # Errors
    /// [`MobileError::Format`].
    pub fn parse_typed(text: &str) -> Result<Self, MobileError> {
        let digits: String = text.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
        let national = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
        Self::parse(national)
    }

    /// The 11 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First three and last four digits; the rest is hidden.
    #[must_use]
    pub fn masked(&self) -> String {
        crate::mask::mobile(&self.0)
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mobile({})", self.masked())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(text in "1[3-9][0-9]{9}") {
            prop_assert_eq!(Mobile::parse(&text).unwrap().to_string(), text.clone());
            let typed = format!("+86 {}-{} {}", &text[..3], &text[3..7], &text[7..]);
            prop_assert_eq!(Mobile::parse_typed(&typed).unwrap().to_string(), text);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,15}") {
            let _ = Mobile::parse_typed(&text);
        }
    }

    #[test]
    fn debug_does_not_leak() {
        assert_eq!(format!("{:?}", Mobile::parse("13000000000").unwrap()), "Mobile(130****0000)");
    }
}
