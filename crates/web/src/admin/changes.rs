//! What is different between two versions of a process, in the words of those who keep it: steps by their names, flows by their ends;
//! ids are for the file.

use banhao_bpmn::{Change, Differences, Field, Model, Node, Part, Words};

use banhao_texts::Lang;

/// What is different, told apart: the steps are what people look for.
#[derive(Default)]
pub(super) struct Told {
    /// The process itself and its steps.
    pub(super) steps: Vec<String>,
    /// Flows.
    pub(super) flows: Vec<String>,
    /// How many flows have another id and go where they went.
    pub(super) renamed: usize,
}

impl Told {
    /// How many differences people see.
    pub(super) fn len(&self) -> usize {
        self.steps.len() + self.flows.len()
    }
}

/// Tells the differences of `new` from `old`.
pub(super) fn told(lang: Lang, old: &Model, new: &Model, differences: &Differences) -> Told {
    let words = match lang {
        Lang::ZhCn => Words::zh(),
        Lang::En => Words::en(),
    };
    let mut told = Told::default();
    for change in differences.changes() {
        match change.part {
            Part::Flow if only_the_id(change) => told.renamed += 1,
            Part::Flow => told.flows.push(line(lang, &words, change, &flow(lang, &words, old, new, change))),
            Part::Process => told.steps.push(line(lang, &words, change, &change.name)),
            Part::Node => {
                let node = new.node(&change.element).or_else(|| old.node(&change.element));
                let name = node.map_or_else(|| change.name.clone(), |node| called(&words, node));
                told.steps.push(line(lang, &words, change, &name));
            }
        }
    }
    told
}

fn only_the_id(change: &Change) -> bool {
    !change.details.is_empty() && change.details.iter().all(|detail| detail.field == Field::Id)
}

fn say(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    banhao_texts::t_args(lang, key, args).into_owned()
}

/// A step by its name; one without a name by what it is.
fn called(words: &Words, node: &Node) -> String {
    node.name().filter(|name| !name.trim().is_empty()).map_or_else(|| words.kind(node.kind()).to_owned(), ToOwned::to_owned)
}

fn flow(lang: Lang, words: &Words, old: &Model, new: &Model, change: &Change) -> String {
    let ends = |model: &Model| {
        let flow = model.flow(&change.element)?;
        let ends = [("from", called(words, model.source(flow))), ("to", called(words, model.target(flow)))];
        let ends = ends.each_ref().map(|(name, text)| (*name, text.as_str()));
        Some(match flow.name().filter(|name| !name.trim().is_empty()) {
            Some(name) => say(lang, "editor-change-flow-named", &[ends[0], ends[1], ("name", name)]),
            None => say(lang, "editor-change-flow", &ends),
        })
    };
    ends(new).or_else(|| ends(old)).unwrap_or_else(|| change.name.clone())
}

fn line(lang: Lang, words: &Words, change: &Change, what: &str) -> String {
    let details: Vec<String> = change.details.iter().filter(|detail| detail.field != Field::Id).map(|detail| detail.text(words)).collect();
    let kind = words.changes.kind(Some(change.kind));
    let told = say(lang, "editor-change", &[("kind", kind), ("what", what)]);
    if details.is_empty() { told } else { say(lang, "editor-change-how", &[("told", &told), ("how", &details.join(words.semicolon))]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, flow: &str) -> Model {
        let xml = format!(
            "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\"><startEvent id=\"s\"/><sequenceFlow id=\"{flow}\" sourceRef=\"s\" targetRef=\"review\"/><task id=\"review\" name=\"{name}\"/><sequenceFlow id=\"out\" sourceRef=\"review\" targetRef=\"over\"/><endEvent id=\"over\"/></process></definitions>"
        );
        Model::parse(&xml).expect("a process")
    }

    #[test]
    fn ids_are_not_told() {
        let (old, new) = (model("书面审查", "a"), model("审查", "b"));
        let differences = banhao_bpmn::compare(&old, &new);
        let told = told(Lang::ZhCn, &old, &new, &differences);
        assert_eq!(told.steps, ["改动：审查 · 名称：“书面审查” → “审查”"]);
        assert!(told.flows.is_empty());
        assert_eq!((told.renamed, told.len()), (1, 1));
    }
}
