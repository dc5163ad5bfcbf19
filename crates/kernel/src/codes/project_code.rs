//! Project code 投资项目代码 (GB/T 40058): `TTTT-RRRRRR-DD-KK-SSSSSC`. Only the shape is checked: the algorithm of the check
//! digit is not published; the online platform verifies it.

use serde::{Deserialize, Serialize};

use super::{all_digits, reasons, written_as_text};

const GROUPS: [usize; 5] = [4, 6, 2, 2, 6];

reasons! {
    /// Why a text is not a project code.
    ProjectCodeError of "project-code" {
        /// Not digits in groups of 4, 6, 2, 2, 6.
        Format = "project-code-format": "a project code has digits in groups of 4-6-2-2-6, for example 2611-421083-04-01-123456",
    }
}

/// A project code of the right shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectCode(String);

written_as_text!(ProjectCode, ProjectCodeError);

impl ProjectCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`ProjectCodeError::Format`].
    pub fn parse(text: &str) -> Result<Self, ProjectCodeError> {
        let groups: Vec<&str> = text.split('-').collect();
        let fits =
            groups.len() == GROUPS.len() && groups.iter().zip(GROUPS).all(|(group, length)| group.len() == length && all_digits(group));
        if fits { Ok(Self(text.to_owned())) } else { Err(ProjectCodeError::Format) }
    }

    /// The 24 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six region digits.
    #[must_use]
    pub fn region_digits(&self) -> &str {
        &self.0[5..11]
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(text in "[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}") {
            let code = ProjectCode::parse(&text).unwrap();
            prop_assert_eq!(code.region_digits(), &text[5..11]);
            prop_assert_eq!(code.to_string(), text);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,30}") {
            let _ = ProjectCode::parse(&text);
        }
    }
}
