//! The properties of a node, a flow and a process as a list, so that two of them can be held against each other.

use std::collections::BTreeMap;

use super::{Detail, Field, RepeatWord, Said, TriggerWord};
use crate::{
    model::{Flow, Model, Node, NodeKind},
    outline,
    repeat::Repeat,
    trigger::{TimerKind, Trigger},
    write::element_text,
};

type Fields = BTreeMap<Field, Said>;

pub(super) fn of_process(old: &Model, new: &Model) -> Vec<Detail> {
    let fields = |model: &Model| {
        let mut fields = Fields::new();
        text(&mut fields, Field::Id, Some(model.id()));
        text(&mut fields, Field::Name, model.name());
        text(&mut fields, Field::Documentation, model.documentation());
        fields
    };
    differences(fields(old), fields(new))
}

pub(super) fn of_node(old: (&Model, &Node), new: (&Model, &Node)) -> Vec<Detail> {
    let mut details = differences(node(old.0, old.1), node(new.0, new.1));
    details.extend(order(old, new));
    details
}

pub(super) fn of_flow(old: (&Model, &Flow), new: (&Model, &Flow)) -> Vec<Detail> {
    differences(flow(old.0, old.1), flow(new.0, new.1))
}

/// Properties whose values are not the same, in the order of [`Field`].
fn differences(mut old: Fields, new: Fields) -> Vec<Detail> {
    let mut details = Vec::new();
    for (field, to) in new {
        let from = old.remove(&field);
        if !from.as_ref().is_some_and(|from| same(from, &to)) {
            details.push(Detail { field, from, to: Some(to) });
        }
    }
    details.extend(old.into_iter().map(|(field, from)| Detail { field, from: Some(from), to: None }));
    details.sort_by(|one, other| one.field.cmp(&other.field));
    details
}

/// Another element is the same when its id is, whatever it is called now.
fn same(from: &Said, to: &Said) -> bool {
    match (from, to) {
        (Said::Element { id: from, .. }, Said::Element { id: to, .. }) => from == to,
        _ => from == to,
    }
}

/// Of the ways out of an exclusive gateway the first that holds is taken, so their order in the file means something.
fn order((old, before): (&Model, &Node), (new, after): (&Model, &Node)) -> Option<Detail> {
    if before.kind != NodeKind::ExclusiveGateway || after.kind != NodeKind::ExclusiveGateway {
        return None;
    }
    let ways = |model: &Model, node: &Node, other: &Model| -> (Vec<String>, Vec<String>) {
        let both = model.outgoing(node).filter(|flow| flow.condition().is_some() && other.flow(flow.id()).is_some());
        both.map(|flow| (flow.id().to_owned(), flow.name().map_or_else(|| outline::called(model.target(flow)), str::to_owned))).unzip()
    };
    let ((ids, names), (new_ids, new_names)) = (ways(old, before, new), ways(new, after, old));
    let said = |names: Vec<String>| Some(Said::Text(names.join(" / ")));
    (ids != new_ids && sorted(&ids) == sorted(&new_ids)).then(|| Detail { field: Field::Order, from: said(names), to: said(new_names) })
}

fn sorted(ids: &[String]) -> Vec<&String> {
    let mut ids: Vec<&String> = ids.iter().collect();
    ids.sort();
    ids
}

fn text(fields: &mut Fields, field: Field, value: Option<&str>) {
    if let Some(value) = value {
        fields.insert(field, Said::Text(value.to_owned()));
    }
}

fn named(node: &Node) -> Said {
    Said::Element { id: node.id().to_owned(), name: outline::called(node) }
}

fn node(model: &Model, node: &Node) -> Fields {
    let mut fields = Fields::new();
    let mut element = |field: Field, at: Option<usize>| {
        if let Some(at) = at {
            fields.insert(field, named(&model.nodes[at]));
        }
    };
    element(Field::Inside, model.scopes[node.scope].owner);
    element(Field::AttachedTo, node.attached_to);
    element(Field::UndoneBy, node.compensator);
    fields.insert(Field::Kind, Said::Kind(node.kind));
    text(&mut fields, Field::Name, node.name());
    text(&mut fields, Field::Documentation, node.documentation());
    for (name, value) in &node.attributes {
        fields.insert(Field::Attribute(name.clone()), Said::Text(value.clone()));
    }
    let extensions: Vec<String> = node.extensions.iter().map(element_text).collect();
    text(&mut fields, Field::Extensions, (!extensions.is_empty()).then(|| extensions.concat()).as_deref());
    text(&mut fields, Field::Called, node.called());
    if let Some(decision) = node.decision() {
        text(&mut fields, Field::Decision, Some(&decision.decision));
        text(&mut fields, Field::Result, Some(&decision.result));
    }
    for (field, holds, usual) in [
        (Field::Interrupting, node.interrupting, true),
        (Field::ForCompensation, node.for_compensation, false),
        (Field::Performer, node.has_performer, false),
    ] {
        // A boundary event says it always: people ask for it.
        if holds != usual || (field == Field::Interrupting && node.attached_to.is_some()) {
            fields.insert(field, Said::Flag(holds));
        }
    }
    if let Some(trigger) = node.trigger() {
        self::trigger(&mut fields, trigger);
    }
    if let Some(repeat) = node.repeat() {
        self::repeat(&mut fields, repeat);
    }
    // Told already as decision, result and signing, where they were understood.
    let signs = matches!(&node.repeat, Some(Repeat::Many(many)) if many.sign.is_some());
    let told: &[&str] = match (&node.decision, signs) {
        (Some(_), _) => &["banhao:decision", "banhao:result"],
        (None, true) => &["banhao:sign", "banhao:veto", "banhao:signers", "banhao:share"],
        (None, false) => &[],
    };
    for told in told {
        fields.remove(&Field::Attribute((*told).to_owned()));
    }
    fields
}

fn trigger(fields: &mut Fields, trigger: &Trigger) {
    let (word, said) = match trigger {
        Trigger::Message { name, correlation } => {
            text(fields, Field::Correlation, correlation.as_deref());
            (TriggerWord::Message, Some(name))
        }
        Trigger::Timer(timer) => {
            let word = match timer.kind {
                TimerKind::Date => TriggerWord::Date,
                TimerKind::Duration => TriggerWord::Duration,
                TimerKind::Cycle => TriggerWord::Cycle,
            };
            (word, Some(&timer.expression))
        }
        Trigger::Signal { name } => (TriggerWord::Signal, Some(name)),
        Trigger::Condition { expression } => (TriggerWord::Condition, Some(expression)),
        Trigger::Error { code } => (TriggerWord::Error, code.as_ref()),
        Trigger::Escalation { code } => (TriggerWord::Escalation, code.as_ref()),
        Trigger::Compensation { activity } => (TriggerWord::Compensation, activity.as_ref()),
        Trigger::Link { name } => (TriggerWord::Link, Some(name)),
        Trigger::Terminate => (TriggerWord::Terminate, None),
    };
    fields.insert(Field::Trigger, Said::Trigger(word));
    text(fields, Field::TriggerText, said.map(String::as_str));
}

fn repeat(fields: &mut Fields, repeat: &Repeat) {
    let word = match repeat {
        Repeat::Loop { before, condition, maximum } => {
            text(fields, Field::RepeatCondition, condition.as_deref());
            text(fields, Field::Times, maximum.map(|most| most.to_string()).as_deref());
            if *before { RepeatWord::LoopBefore } else { RepeatWord::LoopAfter }
        }
        Repeat::Many(many) => {
            text(fields, Field::Times, many.cardinality.as_deref());
            text(fields, Field::Collection, many.collection.as_deref());
            text(fields, Field::Item, many.item.as_deref());
            text(fields, Field::RepeatCondition, many.completion.as_deref());
            match many.sign {
                Some(sign) => {
                    fields.insert(Field::Veto, Said::Flag(sign.veto));
                    RepeatWord::Sign(sign.mode)
                }
                None if many.sequential => RepeatWord::Sequential,
                None => RepeatWord::Parallel,
            }
        }
    };
    fields.insert(Field::Repeat, Said::Repeat(word));
}

fn flow(model: &Model, flow: &Flow) -> Fields {
    let mut fields = Fields::new();
    let source = model.source(flow);
    text(&mut fields, Field::Id, Some(flow.id()));
    text(&mut fields, Field::Name, flow.name());
    text(&mut fields, Field::Condition, flow.condition());
    fields.insert(Field::Source, named(source));
    fields.insert(Field::Target, named(model.target(flow)));
    let is_default = model.default_flow(source).is_some_and(|default| default.id() == flow.id());
    if is_default {
        fields.insert(Field::Default, Said::Flag(true));
    }
    fields
}
