//! The definitions as types: what an installation, its bodies, halls, staff and matters are. Reading them from files is
//! in [`crate::folder`], keeping their versions in [`crate::versions`].

mod codes;
mod decisions;
mod form;
mod installation;
mod matter;
mod organisation;
mod words;

use banhao_texts::Lang;
use serde::Serialize;

pub use banhao_kernel::UseLevel;
pub use codes::{
    AfterHoursRule, ApplicantKind, CaseKind, CrossHandling, FieldKind, HallKind, HandlingForm, ItemType, MaterialForm, MaterialSource,
    Necessity, OrganisationKind, PeriodUnit, Post, Prefill, ResultKind, SpecialKind, ThemeAudience, WindowArea, use_level_name_key,
};
pub use decisions::DecisionUse;
pub use form::{Check, Field, FieldOption, Form, Page};
pub(crate) use installation::span_minutes;
pub use installation::{Installation, OfficeHours, Region, Site, Theme};
pub use matter::{
    Basis, Contact, Faq, Fee, LegalClock, Material, Matter, Question, QuestionOption, Remedy, ResultField, ResultSpec, SpecialProcedure,
    Stage,
};
pub use organisation::{Hall, Organisation, StaffPost, Window};
pub use words::{Word, closest};

/// A text in Chinese and, where it is written, in English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English, if written.
    pub en: Option<String>,
}

impl Bilingual {
    /// Both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: Some(en.into()) }
    }

    /// Only Chinese.
    #[must_use]
    pub fn chinese(zh: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: None }
    }

    /// English, or the Chinese where no English is written.
    #[must_use]
    pub fn en(&self) -> &str {
        self.en.as_deref().unwrap_or(&self.zh)
    }

    /// In a language; Chinese where no English is written.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhCn => &self.zh,
            Lang::En => self.en(),
        }
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty()
    }
}
