//! The codes of Chinese administration, one file each: parsed once at the edge, then carried as types. What a table would
//! be needed for (which regions exist, which bodies exist) is not checked here: old numbers keep abolished regions.

pub mod case_number;
pub mod citizen_number;
pub mod credit_code;
pub mod ebill;
pub mod licence_number;
pub mod mobile;
pub mod money;
pub mod organisation_code;
pub mod project_code;
pub mod query_code;
pub mod region_code;
pub mod task_code;

/// The reasons for which a text is not such a code, each with its stable code (text key `field-CODE`).
macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident of $field:literal { $($(#[$reason_doc:meta])* $reason:ident = $code:literal: $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum $name {
            $($(#[$reason_doc])* #[error($text)] $reason,)+
        }

        impl $name {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$reason),+];

            /// Stable code; its text is `field-CODE`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$reason => $code,)+
                }
            }
        }

        impl From<$name> for $crate::problem::Problem {
            fn from(reason: $name) -> Self {
                Self::new("code-invalid", $crate::problem::ProblemKind::Invalid)
                    .with_fields(vec![$crate::problem::FieldProblem::new($field, reason.code())])
            }
        }
    };
}

/// `Display`, `FromStr` and serde as text, for a type with `parse` and `as_str`.
macro_rules! written_as_text {
    ($name:ident, $error:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }
    };
}

pub(crate) use {reasons, written_as_text};

/// Value of a character in base 36: `0`–`9` are 0–9, `A`–`Z` are 10–35.
fn value36(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A date written `YYYYMMDD`.
fn compact_date(text: &str) -> Option<crate::Date> {
    if text.len() != 8 || !all_digits(text) {
        return None;
    }
    crate::Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok()
}

/// Codes of every reason of this folder, so that the texts can be tested for completeness.
#[must_use]
pub fn reason_codes() -> Vec<&'static str> {
    let mut codes = Vec::new();
    codes.extend(case_number::CaseNumberError::ALL.iter().map(|reason| reason.code()));
    codes.extend(citizen_number::CitizenNumberError::ALL.iter().map(|reason| reason.code()));
    codes.extend(credit_code::CreditCodeError::ALL.iter().map(|reason| reason.code()));
    codes.extend(ebill::EbillNumberError::ALL.iter().map(|reason| reason.code()));
    codes.extend(licence_number::LicenceNumberError::ALL.iter().map(|reason| reason.code()));
    codes.extend(mobile::MobileError::ALL.iter().map(|reason| reason.code()));
    codes.extend(money::MoneyError::ALL.iter().map(|reason| reason.code()));
    codes.extend(organisation_code::OrganisationCodeError::ALL.iter().map(|reason| reason.code()));
    codes.extend(project_code::ProjectCodeError::ALL.iter().map(|reason| reason.code()));
    codes.extend(query_code::QueryCodeError::ALL.iter().map(|reason| reason.code()));
    codes.extend(region_code::RegionCodeError::ALL.iter().map(|reason| reason.code()));
    codes.extend(task_code::TaskCodeError::ALL.iter().map(|reason| reason.code()));
    codes
}
