//! Why a case cannot move to another version, and where its steps go, in words.

use banhao_bpmn::Model;
use banhao_cases::rules::moving::{Hindrance, Reason};
use banhao_catalogue::MatterVersion;

use crate::portal::words::named;
use crate::prelude::*;

/// What steps say.
const SAID: [&str; 5] = ["acceptance", "review", "inspection", "decision", "reply"];

/// Name of an element, or what a flow connects; the id when the process does not have it.
pub(super) fn place(page: &Page, model: &Model, id: &str) -> String {
    if let Some(node) = model.node(id) {
        return node.name().filter(|name| !name.is_empty()).unwrap_or(id).to_owned();
    }
    let Some(flow) = model.flow(id) else { return id.to_owned() };
    let (from, to) = (model.source(flow), model.target(flow));
    page.t_args("moving-place-flow", &[("from", &place(page, model, from.id())), ("to", &place(page, model, to.id()))])
}

/// Where a case stands and where it goes: one name when it is the same.
pub(super) fn way(page: &Page, old: &Model, new: &Model, from: &str, to: &str) -> String {
    let (before, after) = (place(page, old, from), place(page, new, to));
    if before == after {
        page.t_args("moving-place-same", &[("step", &before)])
    } else {
        page.t_args("moving-place-other", &[("from", &before), ("to", &after)])
    }
}

/// The label of an answer `form.KEY` or `q.KEY`, or what a step says.
fn asked(page: &Page, version: &MatterVersion, name: &str) -> String {
    let label = match name.split_once('.') {
        Some(("form", key)) => version.form.field(key).map(|field| named(page, &field.label)),
        Some(("q", key)) => {
            version.matter.questions.iter().find(|question| question.key == key).map(|question| named(page, &question.text))
        }
        _ if SAID.contains(&name) => Some(page.t(&format!("moving-said-{name}")).into_owned()),
        _ => None,
    };
    label.unwrap_or_else(|| name.to_owned())
}

/// One reason in words.
pub(super) fn why(page: &Page, old: &MatterVersion, new: &MatterVersion, one: &Hindrance) -> String {
    let is_old = old.process.node(&one.element).is_some() || old.process.flow(&one.element).is_some();
    // Where the new process does not go on is a place of the new one.
    let in_new = matches!(one.reason, Reason::NoWayOut | Reason::NoAnswer | Reason::GoesRound | Reason::JoinWaits);
    let element = place(page, if is_old && !in_new { &old.process } else { &new.process }, &one.element);
    let detail = match one.reason {
        Reason::ActLeftOut | Reason::ActAgain => page.t(&format!("editor-kind-{}", one.detail)).into_owned(),
        Reason::NotAsked | Reason::NotKnown => asked(page, new, &one.detail),
        Reason::Fault if page.is_english() && !one.detail_en.is_empty() => one.detail_en.clone(),
        Reason::Fault | Reason::NoAnswer | Reason::OtherVersion => one.detail.clone(),
        Reason::Gone
        | Reason::OtherKind
        | Reason::OtherScope
        | Reason::OtherSplits
        | Reason::OtherRepetition
        | Reason::FlowGone
        | Reason::BehindGateway
        | Reason::MoreBranches
        | Reason::BranchesMerged
        | Reason::JoinWaits
        | Reason::UndoesNothing
        | Reason::NoWayOut
        | Reason::GoesRound
        | Reason::Stuck
        | Reason::TooLarge
        | Reason::OtherAct
        | Reason::InHand
        | Reason::Suspended
        | Reason::Over => String::new(),
    };
    page.t_args(&format!("moving-why-{}", one.reason.as_str()), &[("element", &element), ("detail", &detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_in_both_languages() {
        let keys: Vec<String> = Reason::ALL
            .iter()
            .map(|reason| format!("moving-why-{}", reason.as_str()))
            .chain(SAID.iter().map(|name| format!("moving-said-{name}")))
            .chain(["accept", "decide", "make", "deliver"].map(|act| format!("editor-kind-{act}")))
            .collect();
        assert_eq!(banhao_texts::missing(keys.iter().map(String::as_str)), Vec::<String>::new());
    }
}
