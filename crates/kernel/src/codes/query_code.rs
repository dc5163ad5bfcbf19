//! Query code 查询码: a short secret by which anybody who has the slip follows a case or checks a paper. Our own shape: 12
//! random characters and a check character, from 31 that cannot be mistaken for each other (no 0 O 1 I L).

use serde::{Deserialize, Serialize};

use super::{reasons, written_as_text};
use crate::entropy::Entropy;

/// The 31 characters. 31 is prime, so the weighted sum notices every single mistake and every swap.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const RANDOM: usize = 12;

reasons! {
    /// Why a text is not a query code.
    QueryCodeError of "query-code" {
        /// Not 13 of the permitted characters.
        Format = "query-code-format": "a query code has 13 digits and letters; 0, O, 1, I and L do not occur",
        /// The check character does not fit.
        Check = "query-code-check": "the last character does not fit the others; at least one is mistyped",
    }
}

/// A query code: 59 bits of randomness.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QueryCode(String);

written_as_text!(QueryCode, QueryCodeError);

impl QueryCode {
    /// A new code.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut text = String::with_capacity(RANDOM + 1);
        let mut pool = [0_u8; 32];
        while text.len() < RANDOM {
            entropy.fill(&mut pool);
            // 248 = 8 × 31: bytes above would make some characters likelier than others.
            let fair = pool.iter().filter(|byte| **byte < 248).map(|byte| char::from(ALPHABET[usize::from(*byte) % 31]));
            text.extend(fair.take(RANDOM - text.len()));
        }
        let check = check_character(text.as_bytes()).expect("made of the alphabet");
        text.push(check);
        Self(text)
    }

    /// Reads a code as people type it: small letters, spaces and hyphens are fine.
    ///
    /// # Errors
    /// [`QueryCodeError`].
    pub fn parse(text: &str) -> Result<Self, QueryCodeError> {
        let code: String =
            text.chars().filter(|character| !matches!(character, ' ' | '-')).map(|character| character.to_ascii_uppercase()).collect();
        if code.len() != RANDOM + 1 || !code.bytes().all(|byte| ALPHABET.contains(&byte)) {
            return Err(QueryCodeError::Format);
        }
        let expected = check_character(&code.as_bytes()[..RANDOM]).ok_or(QueryCodeError::Format)?;
        if code.ends_with(expected) { Ok(Self(code)) } else { Err(QueryCodeError::Check) }
    }

    /// The 13 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups, as printed on papers: `ABCD-EFGH-JKMNP`.
    #[must_use]
    pub fn grouped(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

fn check_character(body: &[u8]) -> Option<char> {
    let mut sum = 0;
    for (at, byte) in body.iter().enumerate() {
        sum += ALPHABET.iter().position(|character| character == byte)? * (at + 2);
    }
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entropy::SeededEntropy;

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(seed: u64) {
            let code = QueryCode::generate(&SeededEntropy::new(seed));
            prop_assert_eq!(QueryCode::parse(&code.to_string()).unwrap(), code.clone());
            prop_assert_eq!(QueryCode::parse(&code.grouped().to_lowercase()).unwrap(), code);
        }

        #[test]
        fn one_wrong_character_never_validates(seed: u64, at in 0_usize..13, other in "[2-9A-HJKMNP-Z]") {
            let mut text = QueryCode::generate(&SeededEntropy::new(seed)).to_string();
            prop_assume!(text[at..=at] != other);
            text.replace_range(at..=at, &other);
            prop_assert_eq!(QueryCode::parse(&text).unwrap_err(), QueryCodeError::Check);
        }

        #[test]
        fn two_swapped_characters_never_validate(seed: u64, a in 0_usize..12, b in 0_usize..12) {
            let mut bytes = QueryCode::generate(&SeededEntropy::new(seed)).to_string().into_bytes();
            prop_assume!(bytes[a] != bytes[b]);
            bytes.swap(a, b);
            prop_assert!(QueryCode::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,20}") {
            let _ = QueryCode::parse(&text);
        }
    }
}
