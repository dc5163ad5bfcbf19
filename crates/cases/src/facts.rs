//! The facts a case can state. They hold ids, days, digests and the law's words, never personal data: they are public
//! evidence in the ledger. What people wrote (opinions, reasons) is stored sealed beside them and bound by its digest.

use std::collections::BTreeMap;

use banhao_kernel::{
    Date, Timestamp,
    actor::{Actor, Channel},
    ids::{MaterialId, PaperId, StaffId, VisitId},
};
use banhao_store::NewFact;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::sealed::digest_over;

/// How acceptance came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcceptedHow {
    /// 受理: by a member of staff (APL 32(5)).
    ByNotice,
    /// 视为受理: no notice within five working days, accepted as of the day of receipt (APL 32(4)).
    Deemed,
}

/// Why an application is not accepted (APL 32(1), 32(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalGround {
    /// 依法不需要取得行政许可: nothing to apply for.
    NotNeeded,
    /// 不属于本机关职权范围: another body is competent; it must be named.
    NotCompetent,
}

/// The result of a review (审查意见).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 通过: the conditions are met.
    Pass,
    /// 不通过: they are not.
    Fail,
}

/// The decision (审批决定).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// 准予.
    Grant,
    /// 不予, with reason and remedies (APL 38(2)).
    Refuse,
}

/// How a result reached the applicant (送达方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryMethod {
    /// 直接送达 at the exit window.
    Window,
    /// 邮寄送达 by courier.
    Courier,
    /// 电子送达: downloaded by the applicant who agreed to it.
    Electronic,
}

impl DeliveryMethod {
    /// Stable name in the database, in forms and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Courier => "courier",
            Self::Electronic => "electronic",
        }
    }

    /// The method with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Window, Self::Courier, Self::Electronic].into_iter().find(|method| method.as_str() == name)
    }
}

/// One line of a supplement notice: material – problem – requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementItem {
    /// Key of the material in the matter version, or of a form field with the prefix `form.`.
    pub material: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to hand in instead.
    pub requirement: String,
}

/// What can happen to a case. The names in the ledger are the renamed variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum CaseFact {
    /// 收件: the application is in the government's hands; its number is fixed.
    #[serde(rename = "case.received")]
    Received {
        /// 办件编号.
        number: String,
        /// Key of the matter.
        matter: String,
        /// Version of the matter the case keeps for life (domain.md §0.3(5)).
        matter_version: u32,
        /// Where it came in.
        channel: Channel,
        /// Hall, when it came in at one.
        hall: Option<String>,
        /// The instant it came in, microseconds.
        #[serde(with = "micros")]
        received_at: Timestamp,
        /// The day that counts as receipt.
        received_on: Date,
        /// Who took it at a window.
        by: Option<StaffId>,
        /// Salted SHA-256 of the sealed answers: what was applied for cannot be changed later unnoticed.
        answers_sha256: String,
        /// Key and SHA-256 of each file.
        materials: Vec<MaterialDigest>,
    },
    /// 到现场: one in-person contact (the measured visit count).
    #[serde(rename = "case.visited")]
    Visited {
        /// The visit.
        visit: VisitId,
        /// Key of the hall.
        hall: String,
        /// Code of the window.
        window: String,
        /// What for: `apply`, `supplement`, `collect`, `other`.
        purpose: String,
    },
    /// A file was added after submission (supplement or at the window).
    #[serde(rename = "case.material-added")]
    MaterialAdded {
        /// The file's record.
        material: MaterialId,
        /// Key and digest.
        digest: MaterialDigest,
    },
    /// 材料核验: a material was looked at and found in order or not.
    #[serde(rename = "case.material-checked")]
    MaterialChecked {
        /// Key of the material.
        material: String,
        /// In order?
        in_order: bool,
    },
    /// 补正告知: one complete list, once (APL 32(4)).
    #[serde(rename = "case.supplement-requested")]
    SupplementRequested {
        /// The complete list.
        items: Vec<SupplementItem>,
        /// Day of the notice.
        requested_on: Date,
        /// Last day to answer.
        due: Date,
    },
    /// 补正: everything on the list came in.
    #[serde(rename = "case.supplemented")]
    Supplemented {
        /// The day that counts as receipt of the supplement.
        on: Date,
    },
    /// 受理.
    #[serde(rename = "case.accepted")]
    Accepted {
        /// Day from which the decision clock runs.
        on: Date,
        /// By notice or deemed.
        how: AcceptedHow,
        /// Last day by the promise 承诺; pending while the calendar of its year is not loaded.
        promised_due: Option<Date>,
        /// Last day by the statute 法定, when the matter has one; pending likewise.
        statutory_due: Option<Date>,
    },
    /// 不予受理.
    #[serde(rename = "case.not-accepted")]
    NotAccepted {
        /// The statutory ground.
        ground: RefusalGround,
        /// The competent body, when it is another one.
        go_to: Option<String>,
        /// SHA-256 of the reasons given.
        reason_sha256: String,
    },
    /// 特别程序: the clock stops, with a written notice (APL 45). Commands that state it come with special procedures.
    #[serde(rename = "case.clock-suspended")]
    ClockSuspended {
        /// Kind of the special procedure.
        procedure: String,
        /// First day that does not count.
        from: Date,
        /// Announced last day.
        planned_end: Date,
        /// Statute.
        basis: String,
    },
    /// The special procedure is over.
    #[serde(rename = "case.clock-resumed")]
    ClockResumed {
        /// The last day that did not count.
        last_day: Date,
    },
    /// 延长: more working days, approved at the right rank (APL 42).
    #[serde(rename = "case.extended")]
    Extended {
        /// How many.
        working_days: u16,
        /// Who approved.
        approved_by: StaffId,
    },
    /// 审查: a reviewer gave an opinion.
    #[serde(rename = "case.reviewed")]
    Reviewed {
        /// Step of the process.
        step: String,
        /// Who reviewed.
        by: StaffId,
        /// The verdict.
        verdict: Verdict,
        /// SHA-256 of the opinion's text.
        opinion_sha256: String,
    },
    /// All review steps are done; the decider is asked.
    #[serde(rename = "case.decision-awaited")]
    DecisionAwaited,
    /// 决定.
    #[serde(rename = "case.decided")]
    Decided {
        /// Day of the decision.
        on: Date,
        /// Who decided.
        by: StaffId,
        /// Grant or refuse.
        decision: Decision,
        /// SHA-256 of the reasons.
        reason_sha256: String,
    },
    /// 制证: the result exists.
    #[serde(rename = "case.made")]
    Made {
        /// Day.
        on: Date,
        /// The licence's number, when the result is one.
        licence_number: Option<String>,
        /// The paper that carries the result.
        paper: PaperId,
    },
    /// 送达.
    #[serde(rename = "case.delivered")]
    Delivered {
        /// Day.
        on: Date,
        /// How.
        method: DeliveryMethod,
        /// SHA-256 of the signature of receipt (drawing or typed name), when handed over.
        signature_sha256: Option<String>,
    },
    /// 撤回 by the applicant.
    #[serde(rename = "case.withdrawn")]
    Withdrawn {
        /// Day.
        on: Date,
    },
    /// 视为撤回: the supplement's last day passed.
    #[serde(rename = "case.lapsed")]
    Lapsed {
        /// The day that passed.
        due: Date,
    },
    /// 办结.
    #[serde(rename = "case.closed")]
    Closed {
        /// How it ended.
        outcome: crate::model::Outcome,
    },
    /// 办理操作: an office operation on the process (docs/process-semantics.md, section 4).
    #[serde(rename = "case.operated")]
    Operated {
        /// Which.
        operation: Operation,
        /// Day.
        on: Date,
        /// Step of the process; empty when it is about the whole case.
        step: String,
        /// Where to: ids of steps, of staff, or keys of organisations.
        to: Vec<String>,
        /// Who; none when it was the applicant (who may urge).
        by: Option<StaffId>,
        /// SHA-256 of the reason, when one was given.
        reason_sha256: Option<String>,
    },
    /// 联办: other organisations were asked to sign a step.
    #[serde(rename = "case.joint-asked")]
    JointAsked {
        /// Their keys.
        organisations: Vec<String>,
    },
    /// 到点: a timer of the process fell due.
    #[serde(rename = "case.timer-fired")]
    TimerFired {
        /// The event.
        event: String,
    },
    /// 提醒: the process reminded those who hold open steps.
    #[serde(rename = "case.reminded")]
    Reminded {
        /// The step that reminds.
        step: String,
    },
    /// 发出消息: the process sent a message to other cases.
    #[serde(rename = "case.message-sent")]
    MessageSent {
        /// Its name.
        message: String,
    },
    /// 收到消息: what the process waited for came in.
    #[serde(rename = "case.message-received")]
    MessageReceived {
        /// Its name.
        message: String,
        /// Number of the case that sent it; none when staff registered it.
        from: Option<String>,
        /// SHA-256 of what staff wrote about it.
        note_sha256: Option<String>,
    },
    /// 规则决定: a decision of the matter was made by its rules. The answers it was made from stay sealed with the case.
    #[serde(rename = "case.decided-by-rules")]
    DecidedByRules {
        /// Its name.
        decision: String,
        /// The rows that gave the result, counted from 1; none: the default.
        rules: Vec<u32>,
        /// Version of the matter whose rules they are.
        matter_version: u32,
        /// SHA-256 of the sealed answers followed by the result as JSON.
        result_sha256: String,
    },
    /// 在办件迁移: the case goes on by the process of another version of its matter. Everything it was promised stays.
    #[serde(rename = "case.moved")]
    Moved {
        /// The version whose process it went by.
        from_version: u32,
        /// The version whose process it goes by now.
        to_version: u32,
        /// Day.
        on: Date,
        /// Steps and flows that have another id there: old and new.
        renamed: BTreeMap<String, String>,
        /// Who ordered it.
        by: StaffId,
        /// SHA-256 of the reason.
        reason_sha256: String,
    },
    /// 查看文件: a member of staff looked at a file; the person can read it. One fact for each person, file and day.
    #[serde(rename = "case.file-viewed")]
    FileViewed {
        /// What kind of file.
        what: ViewedFile,
        /// Its record; the case itself for the signature of receipt and the reasons of rules.
        file: Uuid,
        /// Who looked.
        by: StaffId,
    },
    /// 脱敏查看: somebody looked at masked personal data, with a reason; the person can read it.
    #[serde(rename = "case.unmasked")]
    Unmasked {
        /// Which field.
        field: String,
        /// Who looked.
        by: StaffId,
        /// Why.
        reason: String,
    },
}

/// What was done with the process of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// 退回: an earlier step is to be done again.
    Return,
    /// 撤回: who did a step takes it back.
    TakeBack,
    /// 转办: somebody else does the step.
    HandOver,
    /// 委派: somebody else works on the step and reports.
    Delegate,
    /// 反馈: the report of the one it was delegated to.
    Report,
    /// 加签: more people sign.
    AddSigners,
    /// 减签: somebody need not sign.
    RemoveSigner,
    /// 抄送: somebody is told.
    Copy,
    /// 催办: those who hold the open steps are asked to hurry.
    Urge,
    /// 挂起: nothing goes on; the legal clock does.
    Suspend,
    /// 恢复: it goes on.
    Resume,
    /// 终止: the case ends without a decision.
    Terminate,
    /// 跳转: an administrator moves a step.
    Jump,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Return,
        Self::TakeBack,
        Self::HandOver,
        Self::Delegate,
        Self::Report,
        Self::AddSigners,
        Self::RemoveSigner,
        Self::Copy,
        Self::Urge,
        Self::Suspend,
        Self::Resume,
        Self::Terminate,
        Self::Jump,
    ];

    /// Stable name in the ledger, in `banhao:allow` and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::TakeBack => "take-back",
            Self::HandOver => "hand-over",
            Self::Delegate => "delegate",
            Self::Report => "report",
            Self::AddSigners => "add-signers",
            Self::RemoveSigner => "remove-signer",
            Self::Copy => "copy",
            Self::Urge => "urge",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Terminate => "terminate",
            Self::Jump => "jump",
        }
    }
}

/// What somebody looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewedFile {
    /// A material handed in.
    Material,
    /// A formal paper.
    Paper,
    /// The signature of receipt.
    Signature,
    /// How the rules decided: the page that shows the rows and what they were asked about.
    Reasons,
}

impl ViewedFile {
    /// Stable name in the ledger and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Paper => "paper",
            Self::Signature => "signature",
            Self::Reasons => "reasons",
        }
    }
}

/// A file bound by key and content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialDigest {
    /// Key of the material in the matter version.
    pub key: String,
    /// SHA-256 of the content, hex.
    pub sha256: String,
}

mod micros {
    //! Instants as integer microseconds: facts hold no floats and no zone.
    use banhao_kernel::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(at.as_microsecond())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_microsecond(i64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl CaseFact {
    /// 规则决定 over these sealed answers: `rules` are the rows that gave the result.
    pub(crate) fn by_rules(sealed: &[u8], matter_version: u32, decision: &str, rules: &[usize], result: &serde_json::Value) -> Self {
        Self::DecidedByRules {
            decision: decision.to_owned(),
            rules: rules.iter().filter_map(|rule| u32::try_from(*rule).ok()).collect(),
            matter_version,
            result_sha256: digest_over(sealed, result),
        }
    }

    /// The fact as the ledger takes it.
    #[must_use]
    pub fn into_new(self, case: Uuid, actor: Actor) -> NewFact {
        let value = serde_json::to_value(&self).expect("a fact holds strings, integers and lists only");
        let kind = value["kind"].as_str().expect("the tag is a string").to_owned();
        let body = value.get("body").cloned().unwrap_or(serde_json::Value::Null);
        NewFact { subject_kind: "case", subject: case, kind, actor, body }
    }

    /// Reads a fact back from its ledger form. Facts of other crates about the same case give `None`.
    ///
    /// # Errors
    /// When a fact with one of our names does not have our shape.
    pub fn from_ledger(kind: &str, body: &serde_json::Value) -> Result<Option<Self>, serde_json::Error> {
        if !kind.starts_with("case.") {
            return Ok(None);
        }
        let mut value = serde_json::json!({ "kind": kind });
        if !body.is_null() {
            value["body"] = body.clone();
        }
        serde_json::from_value(value).map(Some)
    }
}
