//! Licence number 证照标识 (GB/T 36904): `1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK`, checked by ISO 7064 MOD 37,36.

use serde::{Deserialize, Serialize};

use super::{credit_code::CreditCode, reasons, value36, written_as_text};

/// The root of all licence numbers.
pub const ROOT: &str = "1.2.156.3005.2";

reasons! {
    /// Why a text is not a licence number.
    LicenceNumberError of "licence-number" {
        /// Not root and five parts of the right length and characters.
        Format = "licence-number-format": "a licence number is 1.2.156.3005.2, type (21 characters), issuer (18), serial (up to 32), version (3 digits from 001) and check character",
        /// The check character does not fit.
        Check = "licence-number-check": "the last character does not fit the others",
    }
}

/// A valid licence number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LicenceNumber(String);

written_as_text!(LicenceNumber, LicenceNumberError);

impl LicenceNumber {
    /// Makes a number: licence type 证照类型代码 (21 characters), issuer, serial (1–32 digits or capitals), version from 1.
    ///
    /// # Errors
    /// [`LicenceNumberError::Format`] when a part has another shape.
    pub fn new(licence_type: &str, issuer: &CreditCode, serial: &str, version: u16) -> Result<Self, LicenceNumberError> {
        let version = format!("{version:03}");
        if !shape_fits(licence_type, issuer.as_str(), serial, &version) {
            return Err(LicenceNumberError::Format);
        }
        let check = check_character(&format!("{licence_type}{issuer}{serial}{version}")).ok_or(LicenceNumberError::Format)?;
        Ok(Self(format!("{ROOT}.{licence_type}.{issuer}.{serial}.{version}.{check}")))
    }

    /// Reads a number, also another authority's: issuers of older licences are six-digit regions.
    ///
    /// # Errors
    /// [`LicenceNumberError`].
    pub fn parse(text: &str) -> Result<Self, LicenceNumberError> {
        let parts: Vec<&str> = text.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default().split('.').collect();
        let [licence_type, issuer, serial, version, check] = parts[..] else { return Err(LicenceNumberError::Format) };
        let single = check.len() == 1 && check.bytes().all(|byte| value36(byte).is_some());
        if !single || !shape_fits(licence_type, issuer, serial, version) {
            return Err(LicenceNumberError::Format);
        }
        let expected = check_character(&format!("{licence_type}{issuer}{serial}{version}")).ok_or(LicenceNumberError::Format)?;
        if check.starts_with(expected) { Ok(Self(text.to_owned())) } else { Err(LicenceNumberError::Check) }
    }

    /// The whole text with root and dots.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Licence type 证照类型代码.
    #[must_use]
    pub fn licence_type(&self) -> &str {
        self.part(0)
    }

    /// Issuer 颁证机构代码.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.part(1)
    }

    /// Serial.
    #[must_use]
    pub fn serial(&self) -> &str {
        self.part(2)
    }

    /// Version, from 1.
    #[must_use]
    pub fn version(&self) -> u16 {
        self.part(3).parse().expect("parse has checked the version")
    }

    fn part(&self, at: usize) -> &str {
        self.0[ROOT.len() + 1..].split('.').nth(at).expect("parse has checked that there are five parts")
    }
}

fn shape_fits(licence_type: &str, issuer: &str, serial: &str, version: &str) -> bool {
    let written = |text: &str| text.bytes().all(|byte| value36(byte).is_some());
    licence_type.len() == 21
        && written(licence_type)
        && (issuer.len() == 18 && written(issuer) || issuer.len() == 6 && super::all_digits(issuer))
        && (1..=32).contains(&serial.len())
        && written(serial)
        && version.len() == 3
        && super::all_digits(version)
        && version != "000"
}

/// ISO 7064 MOD 37,36 (hybrid) check character; `None` when a character is not a digit or capital.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    let mut product = 36;
    for byte in body.bytes() {
        let sum = match (product + value36(byte)?) % 36 {
            0 => 36,
            other => other,
        };
        product = sum * 2 % 37;
    }
    char::from_digit((37 - product) % 36, 36).map(|character| character.to_ascii_uppercase())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn issuer() -> CreditCode {
        CreditCode::parse("11421083GMKD000135").unwrap()
    }

    proptest! {
        #[test]
        fn parts_and_text_are_inverse(kind in "[0-9A-Z]{21}", serial in "[0-9A-Z]{1,32}", version in 1_u16..=999) {
            let number = LicenceNumber::new(&kind, &issuer(), &serial, version).unwrap();
            prop_assert_eq!(&LicenceNumber::parse(number.as_str()).unwrap(), &number);
            prop_assert_eq!((number.licence_type(), number.issuer()), (kind.as_str(), "11421083GMKD000135"));
            prop_assert_eq!((number.serial(), number.version()), (serial.as_str(), version));
        }

        #[test]
        fn one_wrong_character_never_validates(serial in "[0-9A-Z]{1,32}", at in 0_usize..90, other in "[0-9A-Z]") {
            let mut text = LicenceNumber::new("11100000000013338W011", &issuer(), &serial, 1).unwrap().to_string();
            let at = ROOT.len() + 1 + at % (text.len() - ROOT.len() - 1);
            prop_assume!(text[at..=at] != other && &text[at..=at] != ".");
            text.replace_range(at..=at, &other);
            prop_assert!(LicenceNumber::parse(&text).is_err());
        }

        #[test]
        fn any_text_is_answered(text in "(1\\.2\\.156\\.3005\\.2\\.)?\\PC{0,20}") {
            let _ = LicenceNumber::parse(&text);
        }
    }

    #[test]
    fn versions_differ_in_the_check_character() {
        let first = LicenceNumber::new("11100000000013338W011", &issuer(), "202611230000000001", 1).unwrap();
        let second = LicenceNumber::new("11100000000013338W011", &issuer(), "202611230000000001", 2).unwrap();
        assert!(first.as_str().ends_with(".001.C") && second.as_str().ends_with(".002.A"));
        assert_eq!(LicenceNumber::new("11100000000013338W011", &issuer(), "1", 1000).unwrap_err(), LicenceNumberError::Format);
        assert_eq!(LicenceNumber::new("11100000000013338W011", &issuer(), "", 1).unwrap_err(), LicenceNumberError::Format);
    }
}
