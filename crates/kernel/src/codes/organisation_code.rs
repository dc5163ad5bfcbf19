//! Organisation code 组织机构代码 (GB 11714): 8 characters and a check character; the inner part of a credit code.

use serde::{Deserialize, Serialize};

use super::{reasons, value36, written_as_text};

/// Weights of the first eight characters (GB 11714).
pub const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

reasons! {
    /// Why a text is not an organisation code.
    OrganisationCodeError of "organisation-code" {
        /// Not 8 digits or letters and then a digit or X.
        Format = "organisation-code-format": "an organisation code has 8 digits or letters and then a digit or X",
        /// The check character does not fit.
        Check = "organisation-code-check": "the last character does not fit the others",
    }
}

/// A valid organisation code, without the hyphen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationCode(String);

written_as_text!(OrganisationCode, OrganisationCodeError);

impl OrganisationCode {
    /// Reads a code; the printed form with a hyphen before the check character (`GMKD0001-3`) and small letters count.
    ///
    /// # Errors
    /// [`OrganisationCodeError`].
    pub fn parse(text: &str) -> Result<Self, OrganisationCodeError> {
        if !text.is_ascii() {
            return Err(OrganisationCodeError::Format);
        }
        let mut code = text.to_ascii_uppercase();
        if code.len() == 10 && code.as_bytes()[8] == b'-' {
            code.remove(8);
        }
        if code.len() != 9 {
            return Err(OrganisationCodeError::Format);
        }
        let last = code.as_bytes()[8];
        let expected = check_character(&code[..8]).ok_or(OrganisationCodeError::Format)?;
        if !(last.is_ascii_digit() || last == b'X') {
            return Err(OrganisationCodeError::Format);
        }
        if char::from(last) == expected { Ok(Self(code)) } else { Err(OrganisationCodeError::Check) }
    }

    /// The nine characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The check character of eight characters; `None` when they are not eight digits or capitals.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != 8 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in body.bytes().zip(WEIGHTS) {
        sum += value36(byte)? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        other => char::from_digit(other, 10),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(body in "[0-9A-Z]{8}") {
            let text = format!("{body}{}", check_character(&body).unwrap());
            prop_assert_eq!(OrganisationCode::parse(&text).unwrap().to_string(), text.clone());
            let printed = format!("{}-{}", &text[..8], &text[8..]);
            prop_assert_eq!(OrganisationCode::parse(&printed).unwrap().to_string(), text);
        }

        #[test]
        fn a_wrong_check_character_is_refused(body in "[0-9A-Z]{8}", check in "[0-9X]") {
            let right = check_character(&body).unwrap();
            prop_assume!(!check.starts_with(right));
            prop_assert_eq!(OrganisationCode::parse(&format!("{body}{check}")).unwrap_err(), OrganisationCodeError::Check);
        }
    }

    #[test]
    fn form() {
        for text in ["", "GMKD0001", "GMKD000133", "GMKD0001A", "GMKD000一3", "GMKD-00013"] {
            assert_eq!(OrganisationCode::parse(text).unwrap_err(), OrganisationCodeError::Format, "{text}");
        }
    }
}
