//! Credit code 统一社会信用代码 (GB 32100-2015): 1 registering department + 1 category + 6 region + 9 subject (an organisation
//! code) + 1 check, over 31 characters without I O S V Z.

use serde::{Deserialize, Serialize};

use super::{
    organisation_code::{OrganisationCode, OrganisationCodeError},
    reasons, written_as_text,
};

/// The 31 characters (GB 32100-2015).
pub const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 characters: 3^(i-1) mod 31 (GB 32100-2015).
pub const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

reasons! {
    /// Why a text is not a credit code.
    CreditCodeError of "credit-code" {
        /// Not 18 of the permitted characters, or the region is not digits.
        Format = "credit-code-format": "a credit code has 18 digits and capitals without I, O, S, V, Z; characters 3 to 8 are digits",
        /// The check character does not fit.
        Check = "credit-code-check": "the last character does not fit the others; at least one is mistyped",
    }
}

/// A valid credit code. The first two characters may be letters (`A1…` army, `N2…` village collective, `Y1…` others).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

written_as_text!(CreditCode, CreditCodeError);

impl CreditCode {
    /// Reads a code; small letters count as capitals.
    ///
    /// # Errors
    /// [`CreditCodeError`].
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        if text.len() != 18 || !text.is_ascii() {
            return Err(CreditCodeError::Format);
        }
        let code = text.to_ascii_uppercase();
        let expected = check_character(&code[..17]).ok_or(CreditCodeError::Format)?;
        let last = char::from(code.as_bytes()[17]);
        if !ALPHABET.contains(last) || !super::all_digits(&code[2..8]) {
            return Err(CreditCodeError::Format);
        }
        if last == expected { Ok(Self(code)) } else { Err(CreditCodeError::Check) }
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Registering department 登记管理部门 and category 机构类别, the first two characters (`11` organ, `91` enterprise, `92`
    /// individual business, `N2` village collective …).
    #[must_use]
    pub fn registration(&self) -> &str {
        &self.0[..2]
    }

    /// The six region digits of the registering body.
    #[must_use]
    pub fn region_digits(&self) -> &str {
        &self.0[2..8]
    }

    /// The organisation code inside.
    ///
    /// # Errors
    /// Some codes were issued with an inner check character that does not fit: a warning for people, no reason to refuse.
    pub fn organisation_code(&self) -> Result<OrganisationCode, OrganisationCodeError> {
        OrganisationCode::parse(&self.0[8..17])
    }
}

/// The check character of 17 characters; `None` when they are not 17 of the permitted ones.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != 17 || !body.is_ascii() {
        return None;
    }
    let mut sum = 0;
    for (character, weight) in body.chars().zip(WEIGHTS) {
        sum += ALPHABET.find(character)? * weight;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &str = "[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}";

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(body in BODY) {
            let text = format!("{body}{}", check_character(&body).unwrap());
            let code = CreditCode::parse(&text).unwrap();
            prop_assert_eq!(code.to_string(), text.clone());
            prop_assert_eq!(CreditCode::parse(&text.to_ascii_lowercase()).unwrap(), code);
        }

        #[test]
        fn one_wrong_character_never_validates(body in BODY, at in 0_usize..18, other in "[0-9A-Z]") {
            let mut text = format!("{body}{}", check_character(&body).unwrap());
            prop_assume!(text[at..=at] != other);
            text.replace_range(at..=at, &other);
            prop_assert!(CreditCode::parse(&text).is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,20}") {
            let _ = CreditCode::parse(&text);
        }
    }

    #[test]
    fn codes_issued_in_the_world_are_read() {
        for text in ["11370800MB28559184", "12441500196720244T", "11100000000013338W", "11330105002500287C", "N2421083DEMQ001228"] {
            assert_eq!(CreditCode::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(CreditCode::parse("91421083DEMQ00018L").unwrap().organisation_code().unwrap().as_str(), "DEMQ00018");
    }
}
