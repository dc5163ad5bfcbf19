//! Papers, licences and what the public may learn of them. No storage.

use banhao_kernel::{
    Date, Timestamp,
    ids::{CaseId, LicenceId, PaperId, PersonId},
};
use serde::{Deserialize, Serialize};

/// A kind of formal paper (文书, domain.md §2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// 收件凭证.
    Receipt,
    /// 补正告知书(一次性告知).
    Supplement,
    /// 受理通知书.
    Acceptance,
    /// 不予受理决定书.
    NonAcceptance,
    /// 准予(行政许可)决定书.
    Grant,
    /// 不予(行政许可)决定书.
    Refusal,
    /// 证照 or 批准文件: the result itself.
    Licence,
    /// 送达回证.
    Delivery,
}

impl PaperKind {
    /// All kinds.
    pub const ALL: [Self; 8] =
        [Self::Receipt, Self::Supplement, Self::Acceptance, Self::NonAcceptance, Self::Grant, Self::Refusal, Self::Licence, Self::Delivery];

    /// Stable name; also the name of the template `papers/NAME.typ`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Supplement => "supplement",
            Self::Acceptance => "acceptance",
            Self::NonAcceptance => "non-acceptance",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Licence => "licence",
            Self::Delivery => "delivery",
        }
    }

    /// The kind with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The character that marks the series in a paper's number: 许受〔2026〕第0001号 (domain.md §2.6; local custom, unverified).
    #[must_use]
    pub const fn series(self) -> &'static str {
        match self {
            Self::Receipt => "收",
            Self::Supplement => "补",
            Self::Acceptance => "受",
            Self::NonAcceptance => "不受",
            Self::Grant => "准",
            Self::Refusal => "不准",
            Self::Licence => "证",
            Self::Delivery => "送",
        }
    }
}

/// What the case wants to have written and signed.
#[derive(Debug, Clone)]
pub struct PaperOrder {
    /// Kind.
    pub kind: PaperKind,
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub case_number: String,
    /// Key of the matter.
    pub matter: String,
    /// Version of the matter.
    pub matter_version: u32,
    /// Key of the organisation that signs.
    pub organisation: String,
    /// Short name of the organisation, for the paper's number.
    pub organisation_short: String,
    /// Credit code of the organisation, for the licence's number.
    pub organisation_code: String,
    /// Whom it is for.
    pub recipient: PersonId,
    /// Their name masked, for the public verification page.
    pub holder_masked: String,
    /// Data for the template; personal, sealed at rest.
    pub data: serde_json::Value,
    /// The licence it brings into being, when it is one.
    pub licence: Option<LicenceOrder>,
}

/// The licence a paper of kind [`PaperKind::Licence`] brings into being.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LicenceOrder {
    /// 证照标识, from [`crate::next_licence_number`].
    pub number: String,
    /// Name, e.g. 食品经营许可证.
    pub name: String,
    /// 证照类型代码, 21 characters.
    pub licence_type: String,
    /// Holder's name.
    pub holder_name: String,
    /// Holder's citizen number or credit code.
    pub holder_number: String,
    /// Label and value of each line.
    pub fields: Vec<(String, String)>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; `None` is without limit.
    pub valid_to: Option<Date>,
}

/// How far a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperState {
    /// Ordered; being typeset and signed.
    Ordered,
    /// Signed and filed.
    Issued,
}

/// A paper as the case's pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// Id.
    pub id: PaperId,
    /// Kind.
    pub kind: PaperKind,
    /// The case.
    pub case_id: CaseId,
    /// Whom it is for.
    pub recipient: PersonId,
    /// 文号.
    pub number: String,
    /// How far.
    pub state: PaperState,
    /// When it was signed.
    pub issued_at: Option<Timestamp>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Bytes.
    pub size: i64,
    /// 验真码.
    pub verify_code: String,
    /// Characters no shipped font has; staff must be told.
    pub missing_glyphs: String,
}

/// A licence as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceView {
    /// Id.
    pub id: LicenceId,
    /// 证照标识.
    pub number: String,
    /// The paper that carries it.
    pub paper: PaperId,
    /// The case it came from.
    pub case_id: CaseId,
    /// Name.
    pub name: String,
    /// Key of the issuing organisation.
    pub organisation: String,
    /// Day of issue.
    pub issued_on: Date,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_to: Option<Date>,
    /// 有效 `valid`, 失效 `expired` …
    pub status: String,
    /// Code for the public verification page.
    pub verify_code: String,
}

/// What anybody may learn of a paper by its code: no personal data beyond a masked name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPaper {
    /// Kind.
    pub kind: PaperKind,
    /// Key of the organisation.
    pub organisation: String,
    /// 文号.
    pub number: String,
    /// Holder, masked.
    pub holder_masked: String,
    /// When it was signed.
    pub issued_at: Option<Timestamp>,
    /// SHA-256 of the genuine file.
    pub sha256: Option<String>,
    /// The licence, when it is one: number, name, status, first and last day.
    pub licence: Option<PublicLicence>,
}

/// What anybody may learn of a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicLicence {
    /// 证照标识.
    pub number: String,
    /// Name.
    pub name: String,
    /// Status.
    pub status: String,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_to: Option<Date>,
}
