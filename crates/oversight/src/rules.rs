//! The rules of e-supervision (电子监察规则) as one table: which last day raises which alarm, and where that comes from. Pure.

use banhao_cases::clock::Period;

/// How grave an alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmLevel {
    /// 提醒.
    Reminder,
    /// 黄牌.
    Yellow,
    /// 红牌.
    Red,
}

impl AlarmLevel {
    /// All levels, mildest first.
    pub const ALL: [Self; 3] = [Self::Reminder, Self::Yellow, Self::Red];

    /// Stable name in the database and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The level with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlarmRule {
    /// Stable key in the database, the ledger and text keys.
    pub key: &'static str,
    /// The period whose last day passed.
    pub period: Period,
    /// How grave that is.
    pub level: AlarmLevel,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// The rules in force. The applicant's own period (supplement) raises none.
pub const RULES: [AlarmRule; 4] = [
    AlarmRule {
        key: "acceptance-silence",
        period: Period::Acceptance,
        level: AlarmLevel::Red,
        source: "APL 32(1)(4): silence for five working days is acceptance; domain.md §13.2, 5-day silence",
    },
    AlarmRule {
        key: "promised-overdue",
        period: Period::Promised,
        level: AlarmLevel::Red,
        source: "domain.md §13.2, overdue promised (e-supervision rules of Yulin)",
    },
    AlarmRule {
        key: "statutory-overdue",
        period: Period::Statutory,
        level: AlarmLevel::Red,
        source: "APL 42; domain.md §13.2, overdue statutory",
    },
    AlarmRule {
        key: "delivery-overdue",
        period: Period::Delivery,
        level: AlarmLevel::Yellow,
        source: "APL 44: ten days to issue and deliver; domain.md §13.2, stage overdue",
    },
];

/// The rule about a period.
#[must_use]
pub fn rule_for(period: Period) -> Option<&'static AlarmRule> {
    RULES.iter().find(|rule| rule.period == period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_period_of_the_authority_has_its_rule() {
        let level = |period| rule_for(period).map(|rule| rule.level);
        for period in [Period::Acceptance, Period::Promised, Period::Statutory] {
            assert_eq!(level(period), Some(AlarmLevel::Red));
        }
        assert_eq!((level(Period::Delivery), level(Period::Supplement)), (Some(AlarmLevel::Yellow), None));
    }

    #[test]
    fn levels_survive_their_names_and_are_ordered() {
        for level in AlarmLevel::ALL {
            assert_eq!(AlarmLevel::from_name(level.as_str()), Some(level));
        }
        assert!(AlarmLevel::Red > AlarmLevel::Yellow && AlarmLevel::Yellow > AlarmLevel::Reminder);
    }
}
