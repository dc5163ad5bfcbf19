//! The ground everything stands on: identifiers, injected clock and randomness, codes of Chinese administration, the
//! working-day calendar, money, paging, problems. No input or output beyond the operating system's clock and randomness.

pub mod actor;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod digest;
pub mod entropy;
pub mod ids;
pub mod mask;
pub mod paging;
pub mod period;
pub mod problem;
pub mod rates;

pub use codes::{
    case_number::{CaseNumber, CaseNumberError},
    citizen_number::{CitizenNumber, CitizenNumberError, Sex},
    credit_code::{CreditCode, CreditCodeError},
    ebill::{EbillNumber, EbillNumberError},
    licence_number::{LicenceNumber, LicenceNumberError},
    mobile::{Mobile, MobileError},
    money::{Money, MoneyError},
    organisation_code::{OrganisationCode, OrganisationCodeError},
    project_code::{ProjectCode, ProjectCodeError},
    query_code::{QueryCode, QueryCodeError},
    region_code::{RegionCode, RegionCodeError, RegionLevel},
    task_code::{CatalogueCode, TaskCode, TaskCodeError, UseLevel},
};
/// An instant; always whole microseconds when it comes from a [`clock::Clock`].
pub use jiff::Timestamp;
/// A civil date in Asia/Shanghai.
pub use jiff::civil::Date;
