//! Citizen number 公民身份号码 (GB 11643-1999): 6 region + 8 birth date + 3 sequence + 1 check. Whether the region exists is
//! not asked: abolished counties stay in old numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{all_digits, compact_date, reasons, written_as_text};
use crate::Date;

/// Weights of the first 17 digits (GB 11643-1999).
pub const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters for the remainders 0 to 10 (GB 11643-1999).
pub const CHECK_CHARACTERS: &str = "10X98765432";
/// Nobody who lives was born before this year.
pub const EARLIEST_BIRTH_YEAR: i16 = 1880;

reasons! {
    /// Why a text is not a citizen number.
    CitizenNumberError of "citizen-number" {
        /// Not 17 digits and a digit or X.
        Format = "citizen-number-format": "a citizen number has 17 digits and then a digit or X",
        /// The birth date does not exist.
        BirthDate = "citizen-number-birth-date": "digits 7 to 14 are not a date that exists",
        /// The birth date is in the future or impossibly long ago.
        BirthRange = "citizen-number-birth-range": "the birth date in digits 7 to 14 cannot be a living person's",
        /// The check character does not fit.
        Check = "citizen-number-check": "the last character does not fit the others; at least one is mistyped",
    }
}

/// Sex as the number tells it (17th digit: odd = male).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// A valid citizen number. `Debug` masks it, so that it cannot slip into a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenNumber(String);

written_as_text!(CitizenNumber, CitizenNumberError);

impl CitizenNumber {
    /// Reads a number; a small x counts as X. Whether the birth date lies in the future needs a day: see [`Self::parse_on`].
    ///
    /// # Errors
    /// The first reason that applies, from the form to the check character.
    pub fn parse(text: &str) -> Result<Self, CitizenNumberError> {
        if text.len() != 18 || !text.is_ascii() {
            return Err(CitizenNumberError::Format);
        }
        let (body, check) = text.split_at(17);
        let check = check.to_ascii_uppercase();
        if !all_digits(body) || body.starts_with('0') || !(all_digits(&check) || check == "X") {
            return Err(CitizenNumberError::Format);
        }
        let birth = compact_date(&body[6..14]).ok_or(CitizenNumberError::BirthDate)?;
        if birth.year() < EARLIEST_BIRTH_YEAR {
            return Err(CitizenNumberError::BirthRange);
        }
        if check_character(body) != Some(check.as_str()) {
            return Err(CitizenNumberError::Check);
        }
        Ok(Self(format!("{body}{check}")))
    }

    /// Reads a number and refuses a birth date after `today`.
    ///
    /// # Errors
    /// As [`Self::parse`], and [`CitizenNumberError::BirthRange`] for a birth in the future.
    pub fn parse_on(text: &str, today: Date) -> Result<Self, CitizenNumberError> {
        let number = Self::parse(text)?;
        if number.birth_date() > today { Err(CitizenNumberError::BirthRange) } else { Ok(number) }
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six region digits; the region may have been abolished since.
    #[must_use]
    pub fn region_digits(&self) -> &str {
        &self.0[..6]
    }

    /// Birth date.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        compact_date(&self.0[6..14]).expect("parse has checked the birth date")
    }

    /// Sex.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// Full years of age (周岁) on a day; 0 before birth.
    #[must_use]
    pub fn age_on(&self, day: Date) -> u16 {
        let birth = self.birth_date();
        let birthday_over = (day.month(), day.day()) >= (birth.month(), birth.day());
        let years = day.year() - birth.year() - i16::from(!birthday_over);
        u16::try_from(years).unwrap_or(0)
    }

    /// First three and last four characters; the rest is hidden.
    #[must_use]
    pub fn masked(&self) -> String {
        crate::mask::citizen_number(&self.0)
    }
}

impl fmt::Debug for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenNumber({})", self.masked())
    }
}

/// The check character of 17 digits; `None` when they are not 17 digits.
#[must_use]
pub fn check_character(body: &str) -> Option<&'static str> {
    if body.len() != 17 || !all_digits(body) {
        return None;
    }
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    let remainder = usize::try_from(sum % 11).ok()?;
    CHECK_CHARACTERS.get(remainder..=remainder)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Region 429999 is not assigned, so that nobody can hold the number.
    fn valid() -> impl Strategy<Value = CitizenNumber> {
        (1900_i16..=2020, 1_i8..=12, 1_i8..=28, 0_u16..1000).prop_map(|(year, month, day, sequence)| {
            let body = format!("429999{year:04}{month:02}{day:02}{sequence:03}");
            let check = check_character(&body).unwrap();
            CitizenNumber::parse(&format!("{body}{check}")).unwrap()
        })
    }

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(number in valid()) {
            prop_assert_eq!(CitizenNumber::parse(&number.to_string()).unwrap(), number.clone());
            let json = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<CitizenNumber>(&json).unwrap(), number);
        }

        #[test]
        fn one_wrong_character_never_validates(number in valid(), at in 0_usize..18, other in "[0-9X]") {
            let mut text = number.to_string();
            prop_assume!(text[at..=at] != other);
            text.replace_range(at..=at, &other);
            prop_assert!(CitizenNumber::parse(&text).is_err());
        }

        #[test]
        fn two_neighbours_swapped_never_validate(number in valid(), at in 0_usize..16) {
            let text = number.to_string();
            let mut bytes = text.clone().into_bytes();
            prop_assume!(bytes[at] != bytes[at + 1]);
            bytes.swap(at, at + 1);
            prop_assert!(CitizenNumber::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,20}") {
            let _ = CitizenNumber::parse(&text);
        }

        #[test]
        fn age_grows_by_one_on_the_birthday(number in valid(), years in 1_i16..90) {
            let birth = number.birth_date();
            let birthday = Date::new(birth.year() + years, birth.month(), birth.day()).unwrap();
            prop_assert_eq!(number.age_on(birthday), years.unsigned_abs());
            prop_assert_eq!(number.age_on(birthday.yesterday().unwrap()), years.unsigned_abs() - 1);
        }
    }

    #[test]
    fn reasons_are_told_apart() {
        for (text, reason) in [
            ("421083190001010010", CitizenNumberError::Check),
            ("421083190001010107", CitizenNumberError::Check),
            ("421083190002300016", CitizenNumberError::BirthDate),
            ("42108319000101001", CitizenNumberError::Format),
            ("42108319000101001Ｘ", CitizenNumberError::Format),
            ("4210831900 1010017", CitizenNumberError::Format),
            ("X21083190001010017", CitizenNumberError::Format),
            ("021083190001010017", CitizenNumberError::Format),
        ] {
            assert_eq!(CitizenNumber::parse(text).unwrap_err(), reason, "{text}");
        }
        let today = jiff::civil::date(2026, 11, 23);
        assert_eq!(CitizenNumber::parse_on("421083209912310018", today).unwrap_err(), CitizenNumberError::BirthRange);
    }

    #[test]
    fn a_leap_day_child_comes_of_age_on_the_first_of_march() {
        let number = CitizenNumber::parse("42108319040229003X").unwrap();
        assert_eq!(number.age_on(jiff::civil::date(1922, 2, 28)), 17);
        assert_eq!(number.age_on(jiff::civil::date(1922, 3, 1)), 18);
    }

    #[test]
    fn debug_does_not_leak() {
        let number = CitizenNumber::parse("421083190001010017").unwrap();
        assert_eq!(format!("{number:?}"), "CitizenNumber(421***********0017)");
    }
}
