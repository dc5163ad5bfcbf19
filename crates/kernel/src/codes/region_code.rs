//! Region code 行政区划代码: 6 digits (GB/T 2260), 9 for a township, 12 for a village or community. Only the shape is checked;
//! which regions exist is data of an installation.

use serde::{Deserialize, Serialize};

use super::{all_digits, reasons, written_as_text};

reasons! {
    /// Why a text is not a region code.
    RegionCodeError of "region-code" {
        /// Not 6, 9 or 12 digits.
        Format = "region-code-format": "a region code has 6, 9 or 12 digits",
        /// A lower level without the level above it, or a township or village numbered 000.
        Level = "region-code-level": "a part of the region code is 00 or 000 although parts after it are not, or a 9 or 12 digit code ends in 000",
    }
}

/// Level of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionLevel {
    /// 省.
    Province,
    /// 市(州).
    Prefecture,
    /// 县(市、区).
    County,
    /// 镇(乡、街道).
    Township,
    /// 村(社区).
    Village,
}

/// A region code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

written_as_text!(RegionCode, RegionCodeError);

impl RegionCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`RegionCodeError`].
    pub fn parse(text: &str) -> Result<Self, RegionCodeError> {
        if !matches!(text.len(), 6 | 9 | 12) || !all_digits(text) || text.starts_with('0') {
            return Err(RegionCodeError::Format);
        }
        let prefecture_missing = &text[2..4] == "00";
        let county_missing = &text[4..6] == "00";
        if prefecture_missing && !county_missing {
            return Err(RegionCodeError::Level);
        }
        let too_low = text.len() > 6 && (county_missing || &text[6..9] == "000") || text.len() == 12 && &text[9..] == "000";
        if too_low { Err(RegionCodeError::Level) } else { Ok(Self(text.to_owned())) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Level.
    #[must_use]
    pub fn level(&self) -> RegionLevel {
        match (self.0.len(), &self.0[2..4], &self.0[4..6]) {
            (12, ..) => RegionLevel::Village,
            (9, ..) => RegionLevel::Township,
            (_, "00", _) => RegionLevel::Province,
            (_, _, "00") => RegionLevel::Prefecture,
            _ => RegionLevel::County,
        }
    }

    /// The region above; `None` for a province.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        Some(Self(match self.level() {
            RegionLevel::Village => self.0[..9].to_owned(),
            RegionLevel::Township => self.0[..6].to_owned(),
            RegionLevel::County => format!("{}00", &self.0[..4]),
            RegionLevel::Prefecture => format!("{}0000", &self.0[..2]),
            RegionLevel::Province => return None,
        }))
    }

    /// Whether `other` is this region or lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        let significant = match self.level() {
            RegionLevel::Province => 2,
            RegionLevel::Prefecture => 4,
            _ => self.0.len(),
        };
        other.0.starts_with(&self.0[..significant])
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_parent_is_one_level_up_and_contains(text in "[1-8][0-9]([0-9]{4}|[0-9]{7}|[0-9]{10})") {
            if let Ok(region) = RegionCode::parse(&text) {
                prop_assert_eq!(region.to_string(), text);
                let mut chain = vec![region.clone()];
                while let Some(parent) = chain.last().unwrap().parent() {
                    prop_assert_eq!(&RegionCode::parse(parent.as_str()).unwrap(), &parent);
                    prop_assert!(parent.level() < chain.last().unwrap().level());
                    prop_assert!(parent.contains(&region));
                    prop_assert!(!region.contains(&parent));
                    chain.push(parent);
                }
                prop_assert_eq!(chain.last().unwrap().level(), RegionLevel::Province);
            }
        }
    }

    #[test]
    fn honghu_and_above() {
        let village = RegionCode::parse("421083001001").unwrap();
        let chain: Vec<String> = std::iter::successors(Some(village), RegionCode::parent).map(String::from).collect();
        assert_eq!(chain, ["421083001001", "421083001", "421083", "421000", "420000"]);
    }

    #[test]
    fn shapes() {
        for text in ["", "42108", "4210830", "42108a", "021083", "42108３"] {
            assert_eq!(RegionCode::parse(text).unwrap_err(), RegionCodeError::Format, "{text}");
        }
        for text in ["420083", "421083000", "421083001000", "421000001", "420000001"] {
            assert_eq!(RegionCode::parse(text).unwrap_err(), RegionCodeError::Level, "{text}");
        }
    }
}
