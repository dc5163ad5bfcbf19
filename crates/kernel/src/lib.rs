//! The ground everything stands on: identifiers, injected clock and randomness, codes of Chinese administration, the
//! working-day calendar, money, paging, problems. No input or output beyond the operating system's clock and randomness.

pub mod actor;
pub mod clock;
pub mod entropy;
pub mod ids;
pub mod paging;
pub mod problem;

/// An instant; always whole microseconds when it comes from a [`clock::Clock`].
pub use jiff::Timestamp;
/// A civil date in Asia/Shanghai.
pub use jiff::civil::Date;
