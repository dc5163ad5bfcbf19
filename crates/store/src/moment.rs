//! Instants in the database: whole microseconds since the epoch, as a 64-bit integer on both databases. Text timestamps
//! as the SQLite driver writes them (`…00.5Z`, `…00Z`) do not sort by time; integers do, and lose nothing.

use banhao_kernel::Timestamp;
use sea_orm::DeriveValueType;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Moment(pub i64);

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        Self::from_microsecond(moment.0).unwrap_or(Self::MAX)
    }
}
