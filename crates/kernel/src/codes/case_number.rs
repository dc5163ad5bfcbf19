//! Case number 办件编号: task code (31) + YYYYMMDD + daily serial of at least four digits. At most 50 characters, the field
//! length of the national exchange tables.

use serde::{Deserialize, Serialize};

use super::{all_digits, compact_date, reasons, task_code::TaskCode, written_as_text};
use crate::Date;

/// Field length of the exchange tables.
const LONGEST: usize = 50;

reasons! {
    /// Why a text is not a case number.
    CaseNumberError of "case-number" {
        /// Too short, too long or not of permitted characters.
        Format = "case-number-format": "a case number has a task code of 31 characters, a date of 8 digits and a serial of 4 to 11 digits",
        /// The first 31 characters are not a task code.
        TaskCode = "case-number-task-code": "the first 31 characters are not a valid task code",
        /// The date does not exist.
        Date = "case-number-date": "characters 32 to 39 are not a date that exists",
        /// The serial is 0 or has needless zeros.
        Serial = "case-number-serial": "the serial is numbered from 0001",
    }
}

/// A case number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

written_as_text!(CaseNumber, CaseNumberError);

impl CaseNumber {
    /// The number of the `serial`-th case (from 1) of a task on a day. A handling item of the task code is left out.
    ///
    /// # Errors
    /// [`CaseNumberError::Serial`] when the serial is 0 or has more than 11 digits.
    pub fn new(task: &TaskCode, received: Date, serial: u64) -> Result<Self, CaseNumberError> {
        if serial == 0 {
            return Err(CaseNumberError::Serial);
        }
        let text = format!("{}{:04}{:02}{:02}{serial:04}", task.implementation(), received.year(), received.month(), received.day());
        if text.len() > LONGEST { Err(CaseNumberError::Serial) } else { Ok(Self(text)) }
    }

    /// Reads a number; small letters count as capitals.
    ///
    /// # Errors
    /// [`CaseNumberError`].
    pub fn parse(text: &str) -> Result<Self, CaseNumberError> {
        if !(43..=LONGEST).contains(&text.len()) || !text.is_ascii() {
            return Err(CaseNumberError::Format);
        }
        let task = TaskCode::parse(&text[..31]).map_err(|_| CaseNumberError::TaskCode)?;
        let received = compact_date(&text[31..39]).ok_or(CaseNumberError::Date)?;
        if !all_digits(&text[39..]) {
            return Err(CaseNumberError::Format);
        }
        let number = Self::new(&task, received, text[39..].parse().map_err(|_| CaseNumberError::Serial)?)?;
        if number.0.len() == text.len() { Ok(number) } else { Err(CaseNumberError::Serial) }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Task code (31 characters).
    #[must_use]
    pub fn task_code(&self) -> TaskCode {
        TaskCode::parse(&self.0[..31]).expect("parse has checked the task code")
    }

    /// Day of receipt.
    #[must_use]
    pub fn received_on(&self) -> Date {
        compact_date(&self.0[31..39]).expect("parse has checked the date")
    }

    /// Serial of the day, from 1.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.0[39..].parse().expect("parse has checked the serial")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn task() -> TaskCode {
        TaskCode::parse("11421083GMKD0001354420117002011").unwrap()
    }

    proptest! {
        #[test]
        fn parts_and_text_are_inverse(day in 0_i32..20_000, serial in 1_u64..=99_999_999_999) {
            let received = date(2000, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            let number = CaseNumber::new(&task(), received, serial).unwrap();
            prop_assert!(number.as_str().len() <= 50);
            prop_assert_eq!(&CaseNumber::parse(number.as_str()).unwrap(), &number);
            prop_assert_eq!((number.task_code(), number.received_on(), number.serial()), (task(), received, serial));
        }
    }

    #[test]
    fn a_number_seen_in_use() {
        let number = CaseNumber::parse("12441500196720244T3442199806003202206230068").unwrap();
        assert_eq!((number.received_on(), number.serial()), (date(2022, 6, 23), 68));
    }

    #[test]
    fn reasons_are_told_apart() {
        for (text, reason) in [
            ("11421083GMKD000135442011700201120261123000", CaseNumberError::Format),
            ("11421083GMKD0001364420117002011202611230001", CaseNumberError::TaskCode),
            ("11421083GMKD0001354420117002011202602300001", CaseNumberError::Date),
            ("11421083GMKD0001354420117002011202611230000", CaseNumberError::Serial),
            ("11421083GMKD00013544201170020112026112300001", CaseNumberError::Serial),
            ("11421083GMKD000135442011700201120261123000A", CaseNumberError::Format),
        ] {
            assert_eq!(CaseNumber::parse(text).unwrap_err(), reason, "{text}");
        }
        assert_eq!(CaseNumber::new(&task(), date(2026, 11, 23), 0).unwrap_err(), CaseNumberError::Serial);
        assert_eq!(CaseNumber::new(&task(), date(2026, 11, 23), 100_000_000_000).unwrap_err(), CaseNumberError::Serial);
    }
}
