//! A matter 事项: what is printed in its guide and what its cases go by. Every part is of one version.

use std::sync::Arc;

use banhao_decision::Expression;
use banhao_kernel::{CatalogueCode, Date, TaskCode, UseLevel};

use super::{
    ApplicantKind, Bilingual, CaseKind, CrossHandling, DecisionUse, HandlingForm, ItemType, MaterialForm, MaterialSource, Necessity,
    PeriodUnit, ResultKind, SpecialKind,
};

/// A matter (one handling item of an implementation list 实施清单).
#[derive(Debug, Clone)]
pub struct Matter {
    /// Key (the folder's name).
    pub key: String,
    /// Name.
    pub name: Bilingual,
    /// One paragraph in plain words.
    pub summary: Bilingual,
    /// Colloquial words people search with.
    pub keywords: Vec<String>,
    /// Version, as written in the file.
    pub version: u32,
    /// First day of this version.
    pub effective_from: Date,
    /// Document that orders the change 依据文号.
    pub change_document: String,
    /// Key of the implementing body.
    pub organisation: String,
    /// Catalogue code 基本编码.
    pub catalogue_code: CatalogueCode,
    /// Task code: 31 characters, 33 with the handling item.
    pub task_code: TaskCode,
    /// Level of exercise.
    pub use_level: UseLevel,
    /// Serial of the handling item.
    pub handling_item: Option<u8>,
    /// Type.
    pub item_type: ItemType,
    /// Decided at once or within a promised period.
    pub case_kind: CaseKind,
    /// Who may apply.
    pub audience: Vec<ApplicantKind>,
    /// Keys of themes.
    pub themes: Vec<String>,
    /// How to apply.
    pub channels: Vec<HandlingForm>,
    /// How far it can be applied for elsewhere.
    pub cross_handling: CrossHandling,
    /// Keys of halls that take it.
    pub halls: Vec<String>,
    /// Whether townships take applications and pass them on.
    pub township_receives: bool,
    /// How far it can be done on line, 1 to 4.
    pub online_depth: u8,
    /// Visits the applicant must make.
    pub visits: u32,
    /// Why they are needed.
    pub visits_reason: Option<Bilingual>,
    /// Legal basis.
    pub basis: Vec<Basis>,
    /// Periods.
    pub clock: LegalClock,
    /// Special procedures.
    pub special_procedures: Vec<SpecialProcedure>,
    /// Conditions for acceptance.
    pub conditions: Vec<Bilingual>,
    /// Stages, for the guide.
    pub stages: Vec<Stage>,
    /// Materials.
    pub materials: Vec<Material>,
    /// Fees; none if empty.
    pub fees: Vec<Fee>,
    /// What comes out.
    pub result: ResultSpec,
    /// Whom to ask.
    pub contact: Contact,
    /// Where to turn against a decision.
    pub remedy: Remedy,
    /// Limit of number.
    pub limits: Option<String>,
    /// Intermediary services.
    pub intermediary: Option<String>,
    /// Rights of the applicant.
    pub rights: Option<String>,
    /// Duties of the applicant.
    pub duties: Option<String>,
    /// Questions often asked.
    pub faq: Vec<Faq>,
    /// Scenario questions that cut the list of materials, asked for in expressions as `q.KEY`.
    pub questions: Vec<Question>,
    /// What its decisions are used for.
    pub decisions: DecisionUse,
}

impl Matter {
    /// The material of this key.
    #[must_use]
    pub fn material(&self, key: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.key == key)
    }

    /// Whether it can be applied for on line.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.channels.iter().any(|channel| matches!(channel, HandlingForm::Web | HandlingForm::Mobile))
    }

    /// Whether everything can be done on line 全程网办.
    #[must_use]
    pub const fn is_fully_online(&self) -> bool {
        self.online_depth == 4
    }

    /// Whether persons (as opposed to bodies) may apply.
    #[must_use]
    pub fn is_for_persons(&self) -> bool {
        self.audience.contains(&ApplicantKind::Person)
    }
}

/// A legal basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Law.
    pub law: String,
    /// Document number.
    pub document: Option<String>,
    /// Article.
    pub article: String,
    /// What it says.
    pub text: String,
    /// Who issued it.
    pub issued_by: Option<String>,
    /// Since when.
    pub effective: Option<Date>,
}

/// The periods of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalClock {
    /// Statutory period; none where the law sets no number of days.
    pub statutory_days: Option<u16>,
    /// Promised period; 0 means at once.
    pub promised_days: u16,
    /// Unit of both.
    pub unit: PeriodUnit,
    /// Where the statutory period is written.
    pub statutory_note: Option<String>,
    /// Working days to accept or answer (Administrative Licensing Law, article 32).
    pub accept_days: u16,
    /// Working days to deliver (article 44).
    pub deliver_days: u16,
    /// Days the applicant has for supplements (local rule).
    pub supplement_days: u16,
}

/// A special procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialProcedure {
    /// Kind.
    pub kind: SpecialKind,
    /// Name.
    pub name: Bilingual,
    /// Most days.
    pub days: u32,
    /// Whether the period stands still meanwhile.
    pub stops_clock: bool,
    /// Basis.
    pub basis: String,
}

/// A stage in the guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Name.
    pub name: Bilingual,
    /// Who does it.
    pub who: String,
}

/// A material.
#[derive(Debug, Clone)]
pub struct Material {
    /// Key.
    pub key: String,
    /// Name.
    pub name: Bilingual,
    /// Whether it must be there.
    pub necessity: Necessity,
    /// Where it comes from.
    pub source: MaterialSource,
    /// Paper or electronic.
    pub form: MaterialForm,
    /// Originals to show.
    pub originals: u32,
    /// Copies to hand in.
    pub copies: u32,
    /// Standard of acceptance.
    pub standard: Bilingual,
    /// Who issues it.
    pub issued_by: Option<String>,
    /// Legal basis.
    pub basis: Option<String>,
    /// File types that are taken, as extensions.
    pub types: Vec<String>,
    /// Largest file in MB.
    pub max_mb: u32,
    /// When it is needed; always if none.
    pub when: Option<Arc<Expression>>,
    /// Licence type it is fetched by.
    pub licence_type: Option<String>,
    /// Shared resource it is checked with.
    pub share_resource: Option<String>,
    /// Blank form.
    pub blank_form: Option<String>,
    /// Sample.
    pub sample: Option<String>,
}

impl Material {
    /// Whether the applicant hands in a file: not when it is made from the form or fetched by the authority.
    #[must_use]
    pub const fn is_uploaded(&self) -> bool {
        matches!(self.source, MaterialSource::Own | MaterialSource::Issued) && !matches!(self.necessity, Necessity::WaivedByCredit)
    }
}

/// A fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Name.
    pub name: Bilingual,
    /// How much.
    pub standard: String,
    /// Basis.
    pub basis: String,
    /// When it is waived.
    pub waiver: Option<String>,
}

/// What comes out.
#[derive(Debug, Clone)]
pub struct ResultSpec {
    /// Kind.
    pub kind: ResultKind,
    /// Name.
    pub name: Bilingual,
    /// How long it is valid.
    pub validity_months: Option<u32>,
    /// Type in the licence store: credit code of the issuer and three digits.
    pub licence_type: Option<String>,
    /// Template of papers/.
    pub template: Option<String>,
    /// Where a sample is seen.
    pub sample_note: Option<String>,
    /// What is printed.
    pub fields: Vec<ResultField>,
}

/// A line printed on the result.
#[derive(Debug, Clone)]
pub struct ResultField {
    /// Label.
    pub label: Bilingual,
    /// What is printed: over `form.*` and `case.*`.
    pub value: Arc<Expression>,
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// Telephone.
    pub phone: String,
    /// Telephone for complaints.
    pub supervise_phone: String,
    /// Where.
    pub address: String,
    /// When.
    pub hours: String,
}

/// Where to turn against a decision 救济途径.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remedy {
    /// Body for administrative reconsideration.
    pub review_organ: String,
    /// Court.
    pub court: String,
}

/// A question often asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faq {
    /// Question.
    pub question: Bilingual,
    /// Answer.
    pub answer: Bilingual,
}

/// A scenario question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Key.
    pub key: String,
    /// What is asked.
    pub text: Bilingual,
    /// What can be answered.
    pub options: Vec<QuestionOption>,
}

/// An answer of a scenario question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionOption {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub label: Bilingual,
}
