//! Codes of a matter: catalogue code 基本编码 (12 digits), task code 实施编码 (31 = credit code of the body + use level +
//! catalogue code) and handling-item code 业务办理项编码 (33 = 31 + 2). Local codes of other shapes are not read here.

use serde::{Deserialize, Serialize};

use super::{all_digits, credit_code::CreditCode, reasons, written_as_text};

/// Province parts of catalogue codes: 00 is national, the others are the provinces of GB/T 2260.
const PROVINCES: [&str; 35] = [
    "00", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46",
    "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

reasons! {
    /// Why a text is not a task code (or catalogue code).
    TaskCodeError of "task-code" {
        /// Not 31 or 33 characters (catalogue code: 12), or letters where digits belong.
        Format = "task-code-format": "a task code has 31 characters, with a handling item 33: credit code, use level, 12 digits, 2 digits",
        /// The first 18 characters are not a credit code.
        Body = "task-code-body": "the first 18 characters are not a valid credit code of the implementing body",
        /// The 19th character is not a use level 1–7.
        Level = "task-code-level": "the 19th character is not a use level from 1 to 7",
        /// The catalogue code does not begin with 00 or a province.
        Province = "task-code-province": "the catalogue code begins neither with 00 nor with a province",
        /// The handling item is 00.
        HandlingItem = "task-code-handling-item": "the handling item is numbered from 01",
    }
}

/// Use level 行使层级 (GB/T 39046 A.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum UseLevel {
    /// 国家.
    National = 1,
    /// 省.
    Province = 2,
    /// 市(州).
    Prefecture = 3,
    /// 县.
    County = 4,
    /// 镇(乡、街道).
    Township = 5,
    /// 村(社区).
    Village = 6,
    /// 分级管理.
    Graded = 7,
}

impl UseLevel {
    /// The code digit.
    #[must_use]
    pub const fn digit(self) -> u8 {
        self as u8
    }
}

impl From<UseLevel> for u8 {
    fn from(level: UseLevel) -> Self {
        level.digit()
    }
}

impl TryFrom<u8> for UseLevel {
    type Error = TaskCodeError;

    fn try_from(digit: u8) -> Result<Self, TaskCodeError> {
        Ok(match digit {
            1 => Self::National,
            2 => Self::Province,
            3 => Self::Prefecture,
            4 => Self::County,
            5 => Self::Township,
            6 => Self::Village,
            7 => Self::Graded,
            _ => return Err(TaskCodeError::Level),
        })
    }
}

/// Catalogue code 基本编码: province, item type, department, main item, sub-item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CatalogueCode(String);

written_as_text!(CatalogueCode, TaskCodeError);

impl CatalogueCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`TaskCodeError::Format`] or [`TaskCodeError::Province`].
    pub fn parse(text: &str) -> Result<Self, TaskCodeError> {
        if text.len() != 12 || !all_digits(text) {
            return Err(TaskCodeError::Format);
        }
        if PROVINCES.contains(&&text[..2]) { Ok(Self(text.to_owned())) } else { Err(TaskCodeError::Province) }
    }

    /// The 12 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 00 national, else the province (42 = Hubei).
    #[must_use]
    pub fn province(&self) -> &str {
        &self.0[..2]
    }

    /// Item type 事项类型代码 (GB/T 39046 A.1): 01 licence, 20 public service …
    #[must_use]
    pub fn item_type(&self) -> &str {
        &self.0[2..4]
    }

    /// Department.
    #[must_use]
    pub fn department(&self) -> &str {
        &self.0[4..6]
    }

    /// Main item.
    #[must_use]
    pub fn main_item(&self) -> &str {
        &self.0[6..9]
    }

    /// Sub-item; 000 = none.
    #[must_use]
    pub fn sub_item(&self) -> &str {
        &self.0[9..]
    }
}

/// Task code, with or without handling item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskCode(String);

written_as_text!(TaskCode, TaskCodeError);

impl TaskCode {
    /// Joins the parts (31 characters).
    #[must_use]
    pub fn new(body: &CreditCode, level: UseLevel, catalogue: &CatalogueCode) -> Self {
        Self(format!("{body}{}{catalogue}", level.digit()))
    }

    /// Reads a code of 31 or 33 characters.
    ///
    /// # Errors
    /// [`TaskCodeError`].
    pub fn parse(text: &str) -> Result<Self, TaskCodeError> {
        if !matches!(text.len(), 31 | 33) || !text.is_ascii() {
            return Err(TaskCodeError::Format);
        }
        let body = CreditCode::parse(&text[..18]).map_err(|_| TaskCodeError::Body)?;
        let level = text[18..19].parse::<u8>().map_err(|_| TaskCodeError::Level)?;
        let code = Self::new(&body, UseLevel::try_from(level)?, &CatalogueCode::parse(&text[19..31])?);
        match &text[31..] {
            "" => Ok(code),
            item if all_digits(item) => code.with_handling_item(item.parse().map_err(|_| TaskCodeError::Format)?),
            _ => Err(TaskCodeError::Format),
        }
    }

    /// The 31 or 33 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 31 characters without handling item.
    #[must_use]
    pub fn implementation(&self) -> Self {
        Self(self.0[..31].to_owned())
    }

    /// The same task with a handling item from 1 to 99 (33 characters).
    ///
    /// # Errors
    /// [`TaskCodeError::HandlingItem`] for other numbers.
    pub fn with_handling_item(&self, item: u8) -> Result<Self, TaskCodeError> {
        if (1..=99).contains(&item) { Ok(Self(format!("{}{item:02}", &self.0[..31]))) } else { Err(TaskCodeError::HandlingItem) }
    }

    /// Credit code of the implementing body.
    #[must_use]
    pub fn body(&self) -> CreditCode {
        CreditCode::parse(&self.0[..18]).expect("parse has checked the credit code")
    }

    /// Use level.
    #[must_use]
    pub fn use_level(&self) -> UseLevel {
        UseLevel::try_from(self.0.as_bytes()[18] - b'0').expect("parse has checked the level")
    }

    /// Catalogue code.
    #[must_use]
    pub fn catalogue_code(&self) -> CatalogueCode {
        CatalogueCode(self.0[19..31].to_owned())
    }

    /// Handling item, when the code has 33 characters.
    #[must_use]
    pub fn handling_item(&self) -> Option<u8> {
        self.0[31..].parse().ok()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_and_text_are_inverse(level in 1_u8..=7, catalogue in "(00|42|37)[0-9]{10}", item in 1_u8..=99) {
            let body = CreditCode::parse("11421083GMKD000135").unwrap();
            let catalogue = CatalogueCode::parse(&catalogue).unwrap();
            let level = UseLevel::try_from(level).unwrap();
            let code = TaskCode::new(&body, level, &catalogue);
            let handled = code.with_handling_item(item).unwrap();
            prop_assert_eq!(&TaskCode::parse(handled.as_str()).unwrap(), &handled);
            prop_assert_eq!(handled.implementation(), TaskCode::parse(code.as_str()).unwrap());
            prop_assert_eq!((handled.body(), handled.use_level(), handled.catalogue_code(), handled.handling_item()), (body, level, catalogue, Some(item)));
            prop_assert_eq!(code.handling_item(), None);
        }
    }

    #[test]
    fn a_code_seen_in_use() {
        let code = TaskCode::parse("11370800MB28559184300011711200001").unwrap();
        assert_eq!(code.use_level(), UseLevel::Prefecture);
        assert_eq!(code.handling_item(), Some(1));
        let catalogue = code.catalogue_code();
        let parts = [catalogue.province(), catalogue.item_type(), catalogue.department(), catalogue.main_item(), catalogue.sub_item()];
        assert_eq!(parts, ["00", "01", "17", "112", "000"]);
    }

    #[test]
    fn reasons_are_told_apart() {
        for (text, reason) in [
            ("11421083GMKD000135442011700201", TaskCodeError::Format),
            ("11421083GMKD0001364420117002011", TaskCodeError::Body),
            ("11421083GMKD0001358420117002011", TaskCodeError::Level),
            ("11421083GMKD0001354990117002011", TaskCodeError::Province),
            ("11421083GMKD000135442011700201A", TaskCodeError::Format),
            ("11421083GMKD000135442011700201100", TaskCodeError::HandlingItem),
            ("11421083GMKD000135442011700201+1", TaskCodeError::Format),
            ("11421083GMKD0001354420117002011+1", TaskCodeError::Format),
        ] {
            assert_eq!(TaskCode::parse(text).unwrap_err(), reason, "{text}");
        }
    }
}
