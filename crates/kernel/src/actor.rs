//! Who causes a fact, and through which channel.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, StaffId};

/// Who causes a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Actor {
    /// A citizen.
    Person(PersonId),
    /// A member of staff.
    Staff(StaffId),
    /// The platform itself: timers, jobs, imports.
    System,
}

impl Actor {
    /// `person:UUID`, `staff:UUID` or `system`, as in the ledger.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self {
            Self::Person(id) => format!("person:{id}"),
            Self::Staff(id) => format!("staff:{id}"),
            Self::System => "system".to_owned(),
        }
    }

    /// Reads the ledger's form back.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("person", id)) => id.parse().ok().map(Self::Person),
            Some(("staff", id)) => id.parse().ok().map(Self::Staff),
            None if text == "system" => Some(Self::System),
            _ => None,
        }
    }
}

/// Through which channel something comes in (办理形式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 窗口.
    Window,
    /// 电脑端网上.
    Web,
    /// 移动端网上.
    Mobile,
    /// Another system.
    Api,
    /// 12345 热线.
    Hotline,
}

impl Channel {
    /// Stable name in the database and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Web => "web",
            Self::Mobile => "mobile",
            Self::Api => "api",
            Self::Hotline => "hotline",
        }
    }

    /// The channel with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Window, Self::Web, Self::Mobile, Self::Api, Self::Hotline].into_iter().find(|channel| channel.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::SystemClock, entropy::OsEntropy};

    #[test]
    fn actors_and_channels_survive_text() {
        let (person, staff) = (PersonId::generate(&SystemClock, &OsEntropy), StaffId::generate(&SystemClock, &OsEntropy));
        for actor in [Actor::Person(person), Actor::Staff(staff), Actor::System] {
            assert_eq!(Actor::from_text(&actor.as_text()), Some(actor));
        }
        for text in ["", "person", "person:", "person:x", "robot:1", "system:1"] {
            assert_eq!(Actor::from_text(text), None, "{text}");
        }
        for channel in [Channel::Window, Channel::Web, Channel::Mobile, Channel::Api, Channel::Hotline] {
            assert_eq!(Channel::from_name(channel.as_str()), Some(channel));
        }
    }
}
