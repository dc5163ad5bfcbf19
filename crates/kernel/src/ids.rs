//! Typed identifiers: UUIDv7 inside (sorted by time of making), never a bare string.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::{clock::Clock, entropy::Entropy};

/// A text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

fn uuid_v7(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0_u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier (UUIDv7: milliseconds of the clock, then randomness).
            #[must_use]
            pub fn generate(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                Self(uuid_v7(clock, entropy))
            }

            /// Wraps a UUID read from storage.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID, for storage.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    )+};
}

ids! {
    /// A case 办件.
    CaseId,
    /// A draft 草稿; also the submission id.
    DraftId,
    /// A task 环节.
    TaskId,
    /// A file handed in 材料.
    MaterialId,
    /// What somebody wrote about a case: an opinion, a reason.
    NoteId,
    /// A formal paper 文书.
    PaperId,
    /// A licence 证照.
    LicenceId,
    /// A citizen's account.
    PersonId,
    /// A member of staff.
    StaffId,
    /// A session.
    SessionId,
    /// A fact in the ledger.
    FactId,
    /// A job or timer.
    JobId,
    /// A rating 评价.
    RatingId,
    /// A visit 到场.
    VisitId,
    /// An alarm 预警.
    AlarmId,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Timestamp, clock::ManualClock, entropy::SeededEntropy};

    #[test]
    fn later_ids_sort_later_and_survive_text_and_json() {
        let clock = ManualClock::new(Timestamp::from_second(1_800_000_000).unwrap());
        let entropy = SeededEntropy::new(1);
        let mut before = CaseId::generate(&clock, &entropy);
        for _ in 0..100 {
            clock.advance(Duration::from_millis(1));
            let id = CaseId::generate(&clock, &entropy);
            assert!(id > before);
            assert_eq!(id.as_uuid().get_version_num(), 7);
            assert_eq!(id.to_string().parse::<CaseId>().unwrap(), id);
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(json, format!("\"{id}\""));
            assert_eq!(serde_json::from_str::<CaseId>(&json).unwrap(), id);
            before = id;
        }
        assert_eq!("x".parse::<CaseId>(), Err(IdError));
    }
}
