//! Ids, names, expressions, and the sentences for what is not allowed.

use super::Reader;
use crate::{
    problem::{BpmnProblem, shortened},
    tree::Element,
    vocabulary,
};

/// Longest id, name and expression, in characters.
const MAX_ID: usize = 200;
const MAX_NAME: usize = 1_000;
const MAX_EXPRESSION: usize = 10_000;

/// What an expression is for, in both languages.
#[derive(Clone, Copy)]
pub(super) struct Purpose {
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

impl<'d> Reader<'d> {
    pub(super) fn id(&mut self, element: &Element) -> Option<String> {
        match element.attribute("id").map(str::trim) {
            Some(id) if !id.is_empty() && id.chars().count() <= MAX_ID => Some(id.to_owned()),
            Some(id) if !id.is_empty() => {
                self.too_long(element, Some(id), "编号（id）", "id", MAX_ID);
                None
            }
            _ => {
                let local = shortened(&element.name.local);
                self.problems.push(BpmnProblem::error(
                    "missing-id",
                    element.line,
                    None,
                    format!("元素 {local} 没有编号（id）。"),
                    format!("The element {local} has no id."),
                ));
                None
            }
        }
    }

    pub(super) fn name(&mut self, element: &Element) -> Option<String> {
        let name = element.attribute("name").map(str::trim)?;
        if name.chars().count() > MAX_NAME {
            self.too_long(element, element.attribute("id"), "名称（name）", "name", MAX_NAME);
        }
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Expressions are FEEL. The leading `=` of some modelers is taken off; other languages are refused.
    pub(super) fn expression(&mut self, element: &Element, owner: &str, purpose: Purpose, text: &str) -> Option<String> {
        let Purpose { zh, en } = purpose;
        let text = text.trim();
        let text = text.strip_prefix('=').unwrap_or(text).trim();
        let said = shortened(owner);
        if text.is_empty() {
            self.problems.push(BpmnProblem::error(
                "empty-condition",
                element.line,
                Some(owner),
                format!("“{said}”的{zh}是空的。请写上，或整个删去。"),
                format!("The {en} of “{said}” is empty. Write it, or remove it."),
            ));
            return None;
        }
        let language = element.attribute("language").unwrap_or_default();
        let foreign = !language.is_empty() && !language.to_ascii_lowercase().contains("feel");
        if foreign || text.starts_with("${") || text.starts_with("#{") {
            let shown = shortened(if foreign { language } else { text });
            self.problems.push(BpmnProblem::error(
                "condition-language",
                element.line,
                Some(owner),
                format!("“{said}”的{zh}不是 FEEL 表达式（{shown}）。请改写，例如 decision = \"grant\"。"),
                format!("The {en} of “{said}” is not a FEEL expression ({shown}). Rewrite it, for example decision = \"grant\"."),
            ));
            return None;
        }
        if text.chars().count() > MAX_EXPRESSION {
            self.too_long(element, Some(owner), zh, en, MAX_EXPRESSION);
            return None;
        }
        self.expressions.push((owner.to_owned(), text.to_owned()));
        Some(text.to_owned())
    }

    fn too_long(&mut self, element: &Element, id: Option<&str>, zh: &str, en: &str, limit: usize) {
        self.problems.push(BpmnProblem::error(
            "value-too-long",
            element.line,
            id,
            format!("{zh}超过 {limit} 个字。"),
            format!("The {en} is longer than {limit} characters."),
        ));
    }

    /// An error that concerns one element of the process.
    pub(super) fn wrong(&mut self, code: &'static str, element: &Element, id: &str, zh: String, en: String) {
        self.problems.push(BpmnProblem::error(code, element.line, Some(id), zh, en));
    }

    /// An element that does not run.
    pub(super) fn unsupported(&mut self, element: &Element) {
        let id = element.attribute("id").unwrap_or_default();
        self.unsupported_in(element, id);
    }

    /// A part of an element that does not run.
    pub(super) fn unsupported_in(&mut self, element: &Element, id: &str) {
        let local = shortened(&element.name.local);
        let (zh, en) = vocabulary::describe(local);
        let id = shortened(id);
        self.problems.push(BpmnProblem::error(
            "unsupported-element",
            element.line,
            Some(id).filter(|id| !id.is_empty()),
            format!("“{id}”用了 {local}：{zh}"),
            format!("“{id}” uses {local}: {en}"),
        ));
    }

    /// Read and kept in the tree, without effect on the run: said once for each kind.
    pub(super) fn kept(&mut self, element: &'d Element) {
        if !self.noted.insert(&element.name.local) {
            return;
        }
        let local = shortened(&element.name.local);
        self.problems.push(BpmnProblem::note(
            "no-effect",
            element.line,
            element.attribute("id"),
            format!("{local} 保留在文件里，办理时不起作用。"),
            format!("{local} is kept in the file and has no effect on the run."),
        ));
    }
}
