//! Why a case cannot move to another version: what the engine says, and what law and answers say.

use banhao_bpmn::{Obstacle, ObstacleReason, RunError};
use serde::{Deserialize, Serialize};

/// What stands in the way of moving a case; the words for it are `moving-why-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The element is not in the new version.
    Gone,
    /// It is another kind of element.
    OtherKind,
    /// It stands in another subprocess.
    OtherScope,
    /// It lies in other parallel branches.
    OtherSplits,
    /// It is repeated or signed in another way.
    OtherRepetition,
    /// A branch waits where nothing comes by its flow any more.
    FlowGone,
    /// It waits together with others in the new version.
    BehindGateway,
    /// A branch more would never be done.
    MoreBranches,
    /// Two branches would be one.
    BranchesMerged,
    /// A join would wait for ever.
    JoinWaits,
    /// What is being undone is undone by nothing any more.
    UndoesNothing,
    /// The new process has no way out of a place that the case comes to at once.
    NoWayOut,
    /// A condition or decision that is asked at once has no answer.
    NoAnswer,
    /// The new process goes round without coming to a step.
    GoesRound,
    /// All branches would wait for others that never come.
    Stuck,
    /// More branches or instances than are possible.
    TooLarge,
    /// The step does something else.
    OtherAct,
    /// It was given to somebody and is another organisation's in the new version.
    InHand,
    /// Something with a legal effect would be left out.
    ActLeftOut,
    /// Something with a legal effect would be done again.
    ActAgain,
    /// The application was not asked about what the way ahead asks.
    NotAsked,
    /// Nobody said, or will say, what the way ahead asks.
    NotKnown,
    /// The case is suspended.
    Suspended,
    /// It is closed.
    Over,
    /// It goes by another version already.
    OtherVersion,
    /// The process or the record of the case is at fault.
    #[serde(alias = "cannot-go-on")]
    Fault,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::Gone,
        Self::OtherKind,
        Self::OtherScope,
        Self::OtherSplits,
        Self::OtherRepetition,
        Self::FlowGone,
        Self::BehindGateway,
        Self::MoreBranches,
        Self::BranchesMerged,
        Self::JoinWaits,
        Self::UndoesNothing,
        Self::NoWayOut,
        Self::NoAnswer,
        Self::GoesRound,
        Self::Stuck,
        Self::TooLarge,
        Self::OtherAct,
        Self::InHand,
        Self::ActLeftOut,
        Self::ActAgain,
        Self::NotAsked,
        Self::NotKnown,
        Self::Suspended,
        Self::Over,
        Self::OtherVersion,
        Self::Fault,
    ];

    /// Stable name, in records and text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::OtherKind => "other-kind",
            Self::OtherScope => "other-scope",
            Self::OtherSplits => "other-splits",
            Self::OtherRepetition => "other-repetition",
            Self::FlowGone => "flow-gone",
            Self::BehindGateway => "behind-gateway",
            Self::MoreBranches => "more-branches",
            Self::BranchesMerged => "branches-merged",
            Self::JoinWaits => "join-waits",
            Self::UndoesNothing => "undoes-nothing",
            Self::NoWayOut => "no-way-out",
            Self::NoAnswer => "no-answer",
            Self::GoesRound => "goes-round",
            Self::Stuck => "stuck",
            Self::TooLarge => "too-large",
            Self::OtherAct => "other-act",
            Self::InHand => "in-hand",
            Self::ActLeftOut => "act-left-out",
            Self::ActAgain => "act-again",
            Self::NotAsked => "not-asked",
            Self::NotKnown => "not-known",
            Self::Suspended => "suspended",
            Self::Over => "over",
            Self::OtherVersion => "other-version",
            Self::Fault => "fault",
        }
    }
}

/// Why a case cannot move.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hindrance {
    /// What stands in the way.
    pub reason: Reason,
    /// Element of the old process, or of the new one; empty when it is about the whole case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// Where it would go in the new one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// What else there is to say: an act, an answer, an expression; or what the engine says, in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What the engine says in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail_en: String,
}

impl Hindrance {
    /// One about the whole case.
    #[must_use]
    pub fn whole(reason: Reason, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::at(reason, "", "") }
    }

    pub(super) fn at(reason: Reason, element: &str, to: &str) -> Self {
        Self { reason, element: element.to_owned(), to: to.to_owned(), detail: String::new(), detail_en: String::new() }
    }

    /// What the engine says stands in the way.
    pub(super) fn of_engine(obstacle: &Obstacle) -> Self {
        let reason = match obstacle.reason {
            ObstacleReason::Gone => Reason::Gone,
            ObstacleReason::OtherKind => Reason::OtherKind,
            ObstacleReason::OtherScope => Reason::OtherScope,
            ObstacleReason::OtherSplits => Reason::OtherSplits,
            ObstacleReason::OtherRepetition => Reason::OtherRepetition,
            ObstacleReason::FlowGone => Reason::FlowGone,
            ObstacleReason::BehindGateway => Reason::BehindGateway,
            ObstacleReason::MoreBranches => Reason::MoreBranches,
            ObstacleReason::BranchesMerged => Reason::BranchesMerged,
            ObstacleReason::JoinWaits => Reason::JoinWaits,
            ObstacleReason::UndoesNothing => Reason::UndoesNothing,
            ObstacleReason::CannotGoOn => {
                return obstacle.error.as_ref().map_or_else(|| Self::whole(Reason::Fault, obstacle.zh()), Self::of_error);
            }
        };
        Self::at(reason, &obstacle.element, &obstacle.to)
    }

    /// Why the run cannot go on in the new version: what its authors can mend, by place; else what the engine says.
    fn of_error(error: &RunError) -> Self {
        match error {
            RunError::Over => Self::whole(Reason::Over, ""),
            RunError::Suspended => Self::whole(Reason::Suspended, ""),
            RunError::NoWayOut { element } => Self::at(Reason::NoWayOut, element, element),
            RunError::Condition { element, expression, .. } => {
                Self { detail: expression.clone(), ..Self::at(Reason::NoAnswer, element, element) }
            }
            RunError::EndlessLoop { element } => Self::at(Reason::GoesRound, element, element),
            RunError::Stuck { .. } => Self::whole(Reason::Stuck, ""),
            RunError::TooManyTokens | RunError::TooManyInstances { .. } | RunError::TooDeep { .. } => Self::whole(Reason::TooLarge, ""),
            other => Self { detail_en: other.to_string(), ..Self::whole(Reason::Fault, other.zh()) },
        }
    }

    /// Whether another choice of where the element goes could help.
    #[must_use]
    pub const fn can_choose(&self) -> bool {
        matches!(self.reason, Reason::Gone | Reason::OtherKind | Reason::OtherAct | Reason::BehindGateway)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_by_its_name() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
            let kept = serde_json::to_value(Hindrance::whole(reason, "")).unwrap();
            assert_eq!(serde_json::from_value::<Hindrance>(kept).unwrap().reason, reason);
        }
        // Records of before the engine's errors had reasons of their own.
        let old = serde_json::json!({ "reason": "cannot-go-on", "element": "p", "detail": "走不下去" });
        assert_eq!(serde_json::from_value::<Hindrance>(old).unwrap().reason, Reason::Fault);
    }
}
