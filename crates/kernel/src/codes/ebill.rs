//! Number of a fiscal e-bill 财政电子票据: code (8 digits: region, category, kind, year), number (10 digits) and check code (6).
//! Only the shape is checked: how the check code is made is not published; the issuing platform verifies it.

use serde::{Deserialize, Serialize};

use super::{all_digits, reasons, written_as_text};

reasons! {
    /// Why a text is not the number of an e-bill.
    EbillNumberError of "ebill" {
        /// Not 8 digits, 10 digits and 6 digits or letters.
        Format = "ebill-format": "an e-bill has a code of 8 digits, a number of 10 digits and a check code of 6 digits or letters",
    }
}

/// Code, number and check code, written `42010126-0000000001-a1b2c3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EbillNumber(String);

written_as_text!(EbillNumber, EbillNumberError);

impl EbillNumber {
    /// Joins the three parts printed on a bill.
    ///
    /// # Errors
    /// [`EbillNumberError::Format`].
    pub fn new(code: &str, number: &str, check: &str) -> Result<Self, EbillNumberError> {
        let fits = code.len() == 8
            && all_digits(code)
            && number.len() == 10
            && all_digits(number)
            && check.len() == 6
            && check.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(format!("{code}-{number}-{check}"))) } else { Err(EbillNumberError::Format) }
    }

    /// Reads the joined form.
    ///
    /// # Errors
    /// [`EbillNumberError::Format`].
    pub fn parse(text: &str) -> Result<Self, EbillNumberError> {
        let parts: Vec<&str> = text.split('-').collect();
        let [code, number, check] = parts[..] else { return Err(EbillNumberError::Format) };
        Self::new(code, number, check)
    }

    /// The joined form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Bill code 票据代码.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0[..8]
    }

    /// Bill number 票据号码.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.0[9..19]
    }

    /// Check code 校验码.
    #[must_use]
    pub fn check(&self) -> &str {
        &self.0[20..]
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_and_text_are_inverse(code in "[0-9]{8}", number in "[0-9]{10}", check in "[0-9a-zA-Z]{6}") {
            let bill = EbillNumber::new(&code, &number, &check).unwrap();
            prop_assert_eq!(&EbillNumber::parse(bill.as_str()).unwrap(), &bill);
            prop_assert_eq!((bill.code(), bill.number(), bill.check()), (code.as_str(), number.as_str(), check.as_str()));
        }
    }

    #[test]
    fn shapes() {
        for text in [
            "",
            "42010126",
            "42010126-000000001-a1b2c3",
            "4201012-0000000001-a1b2c3",
            "42010126-0000000001-a1b2c",
            "42010126-0000000001-a1b2c3-",
        ] {
            assert_eq!(EbillNumber::parse(text).unwrap_err(), EbillNumberError::Format, "{text}");
        }
    }
}
