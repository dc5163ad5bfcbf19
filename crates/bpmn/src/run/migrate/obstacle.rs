//! What stands in the way of moving a run, in words.

use crate::{event::TaskRef, instance::Instance, run::RunError};

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
    /// Stable name of the reason: `gone`, `other-kind`, `other-scope`, `other-splits`, `other-repetition`, `flow-gone`,
    /// `behind-gateway`, `more-branches`, `branches-merged`, `join-waits`, `undoes-nothing`, `cannot-go-on`.
    pub reason: &'static str,
    /// What went wrong, when the run itself cannot be moved or cannot go on there.
    pub error: Option<RunError>,
}

impl Obstacle {
    pub(super) fn of_run(instance: &Instance, error: RunError) -> Self {
        let element = instance.process.clone();
        Self { task: None, to: element.clone(), element, reason: "cannot-go-on", error: Some(error) }
    }

    /// In Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let why = match self.reason {
            "gone" => "新版本里没有".to_owned(),
            "other-kind" => "在新版本里是另一种元素".to_owned(),
            "other-scope" => "在新版本里属于另一个子流程".to_owned(),
            "other-splits" => "在新版本里处于不同的并行区域或分支".to_owned(),
            "other-repetition" => "在新版本里重复办理的方式不同".to_owned(),
            "behind-gateway" => "在新版本里与其他事件一起等待，请转到事件网关".to_owned(),
            "more-branches" => "已经分开办理，新版本多出的分支不会再办".to_owned(),
            "branches-merged" => "已经分开办理的两个分支在新版本里是同一个".to_owned(),
            "join-waits" => "新版本里的汇合处会一直等待不会到来的分支".to_owned(),
            "undoes-nothing" => "正在撤销，而新版本里它不再用于撤销".to_owned(),
            "cannot-go-on" => self.error.as_ref().map(RunError::zh).unwrap_or_default(),
            _ => "等在汇合处的流向在新版本里没有或不通向同一处".to_owned(),
        };
        format!("“{}”→“{}”：{}。", self.element, self.to, why.trim_end_matches('。'))
    }
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let error = self.error.as_ref().map(ToString::to_string).unwrap_or_default();
        let why = match self.reason {
            "gone" => "is not in the new version",
            "other-kind" => "is another kind of element in the new version",
            "other-scope" => "stands in another subprocess in the new version",
            "other-splits" => "lies in other parallel regions or branches in the new version",
            "other-repetition" => "is repeated otherwise in the new version",
            "behind-gateway" => "waits together with others in the new version; let it go to the event gateway",
            "more-branches" => "has split already; a branch that the new version has more would never be done",
            "branches-merged" => "has split already; two of its branches would be one in the new version",
            "join-waits" => "would wait for ever for a branch that does not come any more",
            "undoes-nothing" => "is being done to undo something, and undoes nothing in the new version",
            "cannot-go-on" => error.as_str(),
            _ => "waits by a flow that the new version does not have there",
        };
        write!(f, "{} → {}: {why}", self.element, self.to)
    }
}
