//! A process as drawing and in words: lying on wide screens, standing on phones, and as a list that opens below.

use askama::{Template, filters::HtmlSafe};
use banhao_bpmn::{Drawing, Model, Orientation, Progress, Words, draw, outline};
use banhao_texts::Lang;

use super::Markup;
use crate::filters;

/// The process of a matter, or of a case with its progress.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/process.html")]
pub struct ProcessDrawing {
    /// What it shows.
    pub title: String,
    /// For wide screens.
    pub lying: Markup,
    /// For phones.
    pub standing: Markup,
    /// The same in words.
    pub lines: Vec<String>,
}

impl HtmlSafe for ProcessDrawing {}

impl ProcessDrawing {
    /// Draws it. `prefix` must differ between drawings of one page (letters, digits, `-`).
    #[must_use]
    pub fn new(lang: Lang, title: impl Into<String>, prefix: &str, model: &Model, progress: Option<&Progress>) -> Self {
        let words = || match lang {
            Lang::ZhCn => Words::zh(),
            Lang::En => Words::en(),
        };
        let picture = |suffix: &str, orientation: Orientation| {
            let drawing =
                Drawing { prefix: format!("{prefix}-{suffix}"), orientation, words: words(), style: false, legend: progress.is_some() };
            Markup::svg(&draw(model, progress, &drawing))
        };
        Self {
            title: title.into(),
            lying: picture("lying", Orientation::Horizontal),
            standing: picture("standing", Orientation::Vertical),
            lines: outline(model, progress).iter().map(|line| line.text(&words(), progress.is_some())).collect(),
        }
    }
}
