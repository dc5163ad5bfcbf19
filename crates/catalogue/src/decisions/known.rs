//! What can be said of a decision before everything is answered: a cell that asks for an answer that is still to come is open.

use banhao_decision::DecisionModel;

use super::inputs::{Source, keys_in, source};
use crate::{
    forms::{Answers, is_shown, variables, visible_answers},
    model::{Field, Form, Matter},
};

/// Deepest chain of decisions that is followed; beyond it everything counts as open.
const DEEPEST: usize = 30;

/// Answers, and which are still to come.
pub(super) struct Known<'v> {
    matter: &'v Matter,
    form: &'v Form,
    model: &'v DecisionModel,
    answers: Answers,
}

impl<'v> Known<'v> {
    pub(super) fn new(matter: &'v Matter, form: &'v Form, model: &'v DecisionModel, answers: &Answers) -> Self {
        Self { matter, form, model, answers: visible_answers(form, answers) }
    }

    /// Whether a text asks for an answer that is still to come.
    pub(super) fn is_open(&self, text: &str) -> bool {
        self.text_is_open(text, 0)
    }

    /// Whether anything a decision asks for is still to come.
    pub(super) fn decision_is_open(&self, decision: &str) -> bool {
        self.asks_openly(decision, 0)
    }

    /// Whether a text asks for personal data.
    pub(super) fn is_personal(&self, text: &str) -> bool {
        let named = self.sources_in(text).any(|(_, source)| matches!(source, Source::Field(field) if field.personal));
        named || keys_in(text, "form").into_iter().any(|key| self.form.field(key).is_some_and(|field| field.personal))
    }

    /// What the only answer is that a text asks for, when it is nothing but that.
    pub(super) fn source(&self, text: &str) -> Option<Source<'v>> {
        super::inputs::answered(self.matter, self.form, text.trim()).or_else(|| source(self.matter, self.form, text.trim()))
    }

    fn sources_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (String, Source<'v>)> + 't {
        let inputs = self.model.inputs();
        let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).filter(|name| text.contains(name.as_str())).collect();
        names.into_iter().filter_map(|name| source(self.matter, self.form, &name).map(|source| (name, source)))
    }

    fn text_is_open(&self, text: &str, depth: usize) -> bool {
        if depth > DEEPEST {
            return true;
        }
        let field_open = |key: &str| self.form.field(key).is_some_and(|field| self.field_is_open(field, 0));
        let question_open = |key: &str| !self.answers.q.contains_key(key);
        if keys_in(text, "form").into_iter().any(field_open) || keys_in(text, "q").into_iter().any(question_open) {
            return true;
        }
        let input_open = self.sources_in(text).any(|(_, source)| match source {
            Source::Group => false, // Its keys were looked at.
            Source::Field(field) => self.field_is_open(field, 0),
            Source::Question(question) => question_open(&question.key),
        });
        input_open || self.model.decisions().any(|name| text.contains(name) && self.asks_openly(name, depth + 1))
    }

    fn asks_openly(&self, decision: &str, depth: usize) -> bool {
        let own = |text: &&banhao_decision::ExpressionText| text.decision == decision && text.text != decision;
        self.model.texts().iter().filter(own).any(|text| self.text_is_open(&text.text, depth + 1))
    }

    /// Not answered, and not settled by another answer that it is not asked.
    fn field_is_open(&self, field: &Field, depth: usize) -> bool {
        if self.answers.get(&field.key).is_some() {
            return false;
        }
        let page = self.form.pages.iter().find(|page| page.fields.iter().any(|there| there.key == field.key));
        let conditions = [page.and_then(|page| page.when.as_deref()), field.when.as_deref()];
        let unsettled = conditions.into_iter().flatten().any(|when| {
            let open = |key: &String| self.form.field(key).is_some_and(|asked| depth > DEEPEST || self.field_is_open(asked, depth + 1));
            when.paths("form").iter().any(open) || when.paths("q").iter().any(|key| !self.answers.q.contains_key(key))
        });
        let variables = variables(self.form, &self.answers);
        unsettled || conditions.into_iter().all(|when| is_shown(when, &variables))
    }
}
