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

/// From this width on a drawing is not made to fit, which would make its words too small to read, but moved from side to side.
const WIDE: f64 = 1_500.0;

impl ProcessDrawing {
    /// Whether the lying drawing is too wide to be read when it is made to fit.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        let width = self.lying.as_str().split_once(" width=\"").and_then(|(_, rest)| rest.split('"').next()?.parse::<f64>().ok());
        width.is_some_and(|width| width > WIDE)
    }

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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn only_what_would_be_too_small_is_moved_from_side_to_side() {
        let process = |steps: usize| {
            let mut flow = format!("<endEvent id=\"t{steps}\"/>");
            for n in 0..steps {
                let next = n + 1;
                write!(flow, "<task id=\"t{n}\" name=\"审查\"/><sequenceFlow id=\"f{n}\" sourceRef=\"t{n}\" targetRef=\"t{next}\"/>")
                    .unwrap();
            }
            let xml = format!(
                "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\"><startEvent id=\"s\"/><sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"t0\"/>{flow}</process></definitions>"
            );
            ProcessDrawing::new(Lang::ZhCn, "流程图", "p", &Model::parse(&xml).unwrap(), None)
        };
        assert!(!process(5).is_wide());
        assert!(process(15).is_wide());
    }
}
