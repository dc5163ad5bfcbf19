//! The decisions of a matter: that those it names are there, that their inputs are answers of the form or the questions with the right
//! type, and that what they give is there too.

use std::collections::BTreeSet;

use banhao_bpmn::NodeKind;
use banhao_decision::{DecisionModel, Input, InputKind, Inputs};

use super::{cells, processes};
use crate::{
    decisions::{Source, answered, keys_in, literals, source},
    folder::{Draft, reader::Places},
    model::{Form, Matter, closest},
};

pub(super) fn check(draft: &Draft, matter: &Matter, places: &Places) {
    let there = draft.places_of(&format!("matters/{}/decisions.dmn", matter.key));
    let model = draft.decisions.get(&matter.key).map(|(model, _)| &**model);
    basis(matter, places);
    let Some(model) = model else {
        // A file that cannot be read was told already; what it would have decided is not known.
        if there.is_none() {
            missing(matter, places);
        }
        return;
    };
    named(matter, model, places);
    materials(matter, model, places);
    cells::fees(matter, model, places, there);
    let (Some(form), Some(there)) = (draft.forms.get(&matter.key), there) else { return };
    for (index, (_, answer)) in matter.decisions.inputs.iter().enumerate() {
        if answered(matter, form, answer).is_none() {
            places.error(
                &format!("decisions.inputs[{index}].answer"),
                "decision-answer-unknown",
                format!("表格和情形问题里都没有“{answer}”。写 form.字段 或者 q.问题。"),
                format!("Neither form nor questions have `{answer}`; write form.FIELD or q.QUESTION."),
            );
        }
    }
    inputs(draft, matter, form, model, there);
    keys(matter, form, model, there);
    cells::values(matter, form, model, there);
}

/// The line where the logic of a decision begins.
pub(super) fn line_of(model: &DecisionModel, decision: &str) -> u32 {
    model.texts().iter().filter(|text| text.decision == decision).map(|text| text.line).min().unwrap_or(1).max(1)
}

/// `[decisions]` names decisions, and there is no file of them.
fn missing(matter: &Matter, places: &Places) {
    for (field, decision) in matter.decisions.named() {
        places.error(
            field,
            "decisions-missing",
            format!("写了决策“{decision}”，但没有 decisions.dmn 这个文件。请放进来，或者删掉这一行。"),
            format!("The decision `{decision}` is named, but there is no decisions.dmn; add the file or remove the line."),
        );
    }
}

/// Decisions that `[decisions]` names.
fn named(matter: &Matter, model: &DecisionModel, places: &Places) {
    let known: Vec<&str> = model.decisions().collect();
    for (field, decision) in matter.decisions.named() {
        if !known.contains(&decision) {
            let meant = closest(decision, known.iter().copied());
            let zh = meant.map(|meant| format!("是不是“{meant}”？")).unwrap_or_default();
            let en = meant.map_or_else(|| ".".to_owned(), |meant| format!("; did you mean `{meant}`?"));
            places.error(
                field,
                "decision-unknown",
                format!("decisions.dmn 里没有“{decision}”这个决策。{zh}"),
                format!("decisions.dmn has no decision `{decision}`{en}"),
            );
        }
    }
}

/// Acceptance by the platform needs the law that allows it.
fn basis(matter: &Matter, places: &Places) {
    if matter.decisions.acceptance.is_some() && matter.decisions.acceptance_basis.is_none() {
        places.error(
            "decisions.acceptance_basis",
            "acceptance-basis-missing",
            "自动受理要写明依据（acceptance_basis）：哪部法律或者哪份文件允许系统当场受理。",
            "Acceptance by the platform needs its basis (acceptance_basis): the law or document that allows it.",
        );
    }
}

/// Materials that the decision gives.
fn materials(matter: &Matter, model: &DecisionModel, places: &Places) {
    let Some(decision) = matter.decisions.materials.as_deref() else { return };
    let Some(table) = model.table(decision) else { return };
    let cells = table.rules.iter().flat_map(|rule| &rule.outputs);
    let given: BTreeSet<&str> = cells.flat_map(|cell| literals(cell)).collect();
    for key in &given {
        if matter.material(key).is_none() {
            let meant = closest(key, matter.materials.iter().map(|material| material.key.as_str()));
            let zh = meant.map(|meant| format!("是不是“{meant}”？")).unwrap_or_default();
            let en = meant.map_or_else(|| ".".to_owned(), |meant| format!("; did you mean `{meant}`?"));
            places.error(
                "decisions.materials",
                "decision-material-unknown",
                format!("决策“{decision}”给出的材料“{key}”不在这个事项的材料里。{zh}"),
                format!("The decision `{decision}` gives `{key}`, which is no material of this matter{en}"),
            );
        }
    }
    for (index, material) in matter.materials.iter().enumerate() {
        if material.when.is_some() && given.contains(material.key.as_str()) {
            places.error(
                &format!("materials[{index}].when"),
                "material-decided-twice",
                format!("材料“{}”已由决策“{decision}”决定，不能再写 when。", material.name.zh),
                format!("The decision `{decision}` decides about `{}`; it cannot have `when` as well.", material.key),
            );
        }
    }
}

/// What the decisions ask for: answers that are there, of the right type; on the way of a process nothing personal.
fn inputs(draft: &Draft, matter: &Matter, form: &Form, model: &DecisionModel, there: &Places) {
    let process = draft.processes.get(&matter.key).map(|(process, _)| process);
    let routed: BTreeSet<&str> = process
        .iter()
        .flat_map(|process| process.nodes())
        .filter(|node| node.kind() == NodeKind::RuleTask)
        .filter_map(|node| node.attribute("banhao:decision"))
        .collect();
    let variables: BTreeSet<String> = process.map(|process| processes::variables(process)).unwrap_or_default();
    let decisions: BTreeSet<&str> = model.decisions().collect();
    let mut given: Vec<Input> = Vec::new();
    let mut told = BTreeSet::new();
    for decision in &decisions {
        let is_routed = routed.contains(decision);
        for name in model.inputs_of(decision) {
            if decisions.contains(name) {
                continue;
            }
            let found = source(matter, form, name);
            if let (true, Some(Source::Field(field))) = (is_routed, &found)
                && field.personal
            {
                there.error_in_line(
                    line_of(model, decision),
                    decision,
                    "condition-personal",
                    format!("“{name}”是个人信息，不进流程，规则环节不能用它。"),
                    format!("`{name}` is personal data, which does not enter the process; a rule task cannot use it."),
                );
            }
            let kind = match &found {
                Some(found) => found.kind(),
                None if is_routed && variables.contains(name) => InputKind::Any,
                None => {
                    if told.insert(name) {
                        there.error_in_line(
                            line_of(model, decision),
                            decision,
                            "decision-input-unknown",
                            format!("没有“{name}”这个输入：表格和情形问题里没有这样叫的，[[decisions.inputs]] 里也没有写它指哪个回答。"),
                            format!("There is no input `{name}`: no field or question has that label, and [[decisions.inputs]] does not say which answer it stands for."),
                        );
                    }
                    continue;
                }
            };
            if !given.iter().any(|input| input.name == name) {
                given.push(Input { name: name.to_owned(), kind });
            }
        }
    }
    let given: Inputs = given.into_iter().collect();
    for problem in model.compare(&given).iter().filter(|problem| problem.code != "input-missing") {
        there.decision(problem);
    }
}

/// Single answers that expressions ask for, as `form.KEY` and `q.KEY`.
fn keys(matter: &Matter, form: &Form, model: &DecisionModel, there: &Places) {
    for text in model.texts() {
        let unknown_fields =
            keys_in(&text.text, "form").into_iter().filter(|key| form.field(key).is_none()).map(|key| format!("form.{key}"));
        let known = |key: &&str| matter.questions.iter().any(|question| question.key == *key);
        let unknown_questions = keys_in(&text.text, "q").into_iter().filter(|key| !known(key)).map(|key| format!("q.{key}"));
        for key in unknown_fields.chain(unknown_questions) {
            let (zh, en) = text.cell.map(|cell| (format!("{}：", cell.zh()), format!("{}: ", cell.en()))).unwrap_or_default();
            there.error_in_line(
                text.line.max(1),
                &text.decision,
                "decision-answer-unknown",
                format!("{zh}没有“{key}”这个回答。"),
                format!("{en}there is no answer `{key}`."),
            );
        }
    }
}

/// The questions that decisions ask for, by their names or their keys.
pub(super) fn questions_asked(matter: &Matter, form: &Form, model: &DecisionModel) -> BTreeSet<String> {
    let by_key = model.texts().iter().flat_map(|text| keys_in(&text.text, "q")).map(ToOwned::to_owned);
    let by_name = model.decisions().flat_map(|decision| model.inputs_of(decision)).filter_map(|name| match source(matter, form, name) {
        Some(Source::Question(question)) => Some(question.key.clone()),
        _ => None,
    });
    by_key.chain(by_name).collect()
}
