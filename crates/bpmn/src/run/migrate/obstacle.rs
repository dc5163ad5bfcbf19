//! What stands in the way of moving a run, in words.

use crate::{event::TaskRef, instance::Instance, run::RunError};

/// Why something cannot be moved; the meaning of each is in docs/process-semantics.md, section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObstacleReason {
    /// The element is not in the new version.
    Gone,
    /// It is another kind of element.
    OtherKind,
    /// It stands in another subprocess.
    OtherScope,
    /// It lies inside other splits, or in another branch of one.
    OtherSplits,
    /// It is repeated in another way.
    OtherRepetition,
    /// Something waits at a join by a flow that does not lead there any more.
    FlowGone,
    /// An event that is waited for alone stands behind an event gateway now.
    BehindGateway,
    /// A split is open, and the new version has a branch more that would always have been taken.
    MoreBranches,
    /// A split is open, and two of its branches would be one.
    BranchesMerged,
    /// A join would wait for ever.
    JoinWaits,
    /// What is being undone is undone by nothing any more.
    UndoesNothing,
    /// The run cannot be moved at all, or cannot go on there: [`Obstacle::error`] says why.
    CannotGoOn,
}

impl ObstacleReason {
    /// Stable name.
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
            Self::CannotGoOn => "cannot-go-on",
        }
    }
}

/// Why something cannot move.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Obstacle {
    /// The token, when it is one.
    pub task: Option<TaskRef>,
    /// Where it stands in the old version.
    pub element: String,
    /// Where it would go.
    pub to: String,
    /// What stands in the way.
    pub reason: ObstacleReason,
    /// What went wrong, when the run itself cannot be moved or cannot go on there.
    pub error: Option<RunError>,
}

impl Obstacle {
    pub(super) fn of_run(instance: &Instance, error: RunError) -> Self {
        let element = instance.process.clone();
        Self { task: None, to: element.clone(), element, reason: ObstacleReason::CannotGoOn, error: Some(error) }
    }

    /// In Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let why = match self.reason {
            ObstacleReason::Gone => "新版本里没有".to_owned(),
            ObstacleReason::OtherKind => "在新版本里是另一种元素".to_owned(),
            ObstacleReason::OtherScope => "在新版本里属于另一个子流程".to_owned(),
            ObstacleReason::OtherSplits => "在新版本里处于不同的并行区域或分支".to_owned(),
            ObstacleReason::OtherRepetition => "在新版本里重复办理的方式不同".to_owned(),
            ObstacleReason::BehindGateway => "在新版本里与其他事件一起等待，请转到事件网关".to_owned(),
            ObstacleReason::MoreBranches => "已经分开办理，新版本多出的分支不会再办".to_owned(),
            ObstacleReason::BranchesMerged => "已经分开办理的两个分支在新版本里是同一个".to_owned(),
            ObstacleReason::JoinWaits => "新版本里的汇合处会一直等待不会到来的分支".to_owned(),
            ObstacleReason::UndoesNothing => "正在撤销，而新版本里它不再用于撤销".to_owned(),
            ObstacleReason::CannotGoOn => self.error.as_ref().map(RunError::zh).unwrap_or_default(),
            ObstacleReason::FlowGone => "等在汇合处的流向在新版本里没有或不通向同一处".to_owned(),
        };
        format!("“{}”→“{}”：{}。", self.element, self.to, why.trim_end_matches('。'))
    }
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let error = self.error.as_ref().map(ToString::to_string).unwrap_or_default();
        let why = match self.reason {
            ObstacleReason::Gone => "is not in the new version",
            ObstacleReason::OtherKind => "is another kind of element in the new version",
            ObstacleReason::OtherScope => "stands in another subprocess in the new version",
            ObstacleReason::OtherSplits => "lies in other parallel regions or branches in the new version",
            ObstacleReason::OtherRepetition => "is repeated otherwise in the new version",
            ObstacleReason::BehindGateway => "waits together with others in the new version; let it go to the event gateway",
            ObstacleReason::MoreBranches => "has split already; a branch that the new version has more would never be done",
            ObstacleReason::BranchesMerged => "has split already; two of its branches would be one in the new version",
            ObstacleReason::JoinWaits => "would wait for ever for a branch that does not come any more",
            ObstacleReason::UndoesNothing => "is being done to undo something, and undoes nothing in the new version",
            ObstacleReason::CannotGoOn => error.as_str(),
            ObstacleReason::FlowGone => "waits by a flow that the new version does not have there",
        };
        write!(f, "{} → {}: {why}", self.element, self.to)
    }
}
