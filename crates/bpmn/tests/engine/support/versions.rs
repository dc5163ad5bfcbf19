//! Other versions of a small model, as somebody would draw them: a step more or less, a branch more or less, other events, other gateways.

use std::collections::BTreeMap;

use banhao_bpmn::{Flow, Model, NodeKind, Plan};

use super::read;

/// Another version, and the plan by which runs go there.
pub struct Version {
    pub what: String,
    pub text: String,
    pub plan: Plan,
}

impl Version {
    fn new(what: String, text: String) -> Self {
        Self { what, text, plan: Plan::default() }
    }
}

/// All versions that can be read.
pub fn versions(model: &Model, inside: &str) -> Vec<Version> {
    let mut all = Vec::new();
    steps(model, inside, &mut all);
    branches(model, inside, &mut all);
    borders(model, inside, &mut all);
    handlers(model, inside, &mut all);
    waiting(model, inside, &mut all);
    other_triggers(inside, &mut all);
    other_gateways(model, inside, &mut all);
    all.retain(|version| version.text != inside && read(&version.text).is_ok());
    all
}

/// A step more on each flow, a step less, a step that is done before the branches instead of in one of them.
fn steps(model: &Model, inside: &str, all: &mut Vec<Version>) {
    for flow in model.flows().iter().filter(|flow| model.source(flow).kind() != NodeKind::EventGateway) {
        all.push(Version::new(format!("a step more on {}", flow.id()), longer(model, inside, flow)));
    }
    for (step, into, out) in plain_steps(model) {
        let shorter = set(&without(inside, out.id()), into.id(), "targetRef", model.target(out).id());
        let shorter = without(&shorter, step);
        all.push(Version::new(format!("without {step}"), shorter.clone()));
        let next = model.target(out);
        if next.kind() == NodeKind::UserTask {
            let plan = Plan { ids: BTreeMap::from([(step.to_owned(), next.id().to_owned())]) };
            all.push(Version { what: format!("without {step}, which is {} now", next.id()), text: shorter.clone(), plan });
        }
        let split = model.source(into);
        if let (NodeKind::ParallelGateway | NodeKind::InclusiveGateway, Some(first)) = (split.kind(), model.incoming(split).next()) {
            let moved = set(&shorter, first.id(), "targetRef", step);
            let moved = before(&moved, first.id(), &format!(r#"<userTask id="{step}"/>{}"#, flow("moved", step, split.id())));
            all.push(Version::new(format!("{step} before the branches"), moved));
        }
    }
}

fn longer(model: &Model, inside: &str, on: &Flow) -> String {
    let (more, rest) = (r#"<userTask id="more"/>"#, flow("more_f", "more", model.target(on).id()));
    set(&before(inside, on.id(), &format!("{more}{rest}")), on.id(), "targetRef", "more")
}

/// Steps with one way in and one way out and nothing on their border.
fn plain_steps(model: &Model) -> Vec<(&str, &Flow, &Flow)> {
    let border = |id: &str| model.nodes().iter().any(|other| model.host(other).is_some_and(|host| host.id() == id));
    let plain = model.nodes().iter().filter(|node| node.kind() == NodeKind::UserTask && node.repeat().is_none() && !border(node.id()));
    plain
        .filter_map(|node| {
            let (into, out): (Vec<_>, Vec<_>) = (model.incoming(node).collect(), model.outgoing(node).collect());
            let ([into], [out]) = (into.as_slice(), out.as_slice()) else { return None };
            (into.condition().is_none() && out.condition().is_none()).then_some((node.id(), *into, *out))
        })
        .collect()
}

/// A branch more from each split to each join, a branch less.
fn branches(model: &Model, inside: &str, all: &mut Vec<Version>) {
    let is_split = |kind| matches!(kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway);
    let gateways: Vec<_> = model.nodes().iter().filter(|node| is_split(node.kind())).collect();
    for split in gateways.iter().filter(|node| model.outgoing(node).count() > 1) {
        let first = model.outgoing(split).next().unwrap();
        let scope = model.parent(split).map(|parent| parent.id());
        let inside_too = |node: &&&banhao_bpmn::Node| model.parent(node).map(|parent| parent.id()) == scope;
        for join in gateways.iter().filter(inside_too).filter(|node| model.incoming(node).count() > 1) {
            let more = format!(r#"<userTask id="more"/>{}{}"#, flow("more_a", split.id(), "more"), flow("more_b", "more", join.id()));
            all.push(Version::new(format!("a branch more from {} to {}", split.id(), join.id()), before(inside, first.id(), &more)));
            if split.kind() == NodeKind::InclusiveGateway {
                let sometimes = more.replacen(
                    r#"targetRef="more"/>"#,
                    r#"targetRef="more"><conditionExpression>never = true</conditionExpression></sequenceFlow>"#,
                    1,
                );
                let what = format!("a branch that is sometimes taken from {} to {}", split.id(), join.id());
                all.push(Version::new(what, before(inside, first.id(), &sometimes)));
            }
        }
        for (step, into, out) in plain_steps(model).into_iter().filter(|(_, into, _)| model.source(into).id() == split.id()) {
            let text = [into.id(), out.id(), step].iter().fold(inside.to_owned(), |text, id| without(&text, id));
            all.push(Version::new(format!("without the branch of {step}"), text));
        }
    }
}

/// Events on the border of each step, and those that are there taken away.
fn borders(model: &Model, inside: &str, all: &mut Vec<Version>) {
    let hosts =
        model.nodes().iter().filter(|node| matches!(node.kind(), NodeKind::UserTask | NodeKind::SubProcess | NodeKind::ReceiveTask));
    for host in hosts {
        let Some(out) = model.outgoing(host).next() else { continue };
        let late = timer("P9D");
        let beside = format!(
            r#"<boundaryEvent id="more" attachedToRef="{}" cancelActivity="false">{late}</boundaryEvent><userTask id="told"/><endEvent id="more_e"/>{}{}"#,
            host.id(),
            flow("more_a", "more", "told"),
            flow("more_b", "told", "more_e")
        );
        all.push(Version::new(format!("a reminder on {}", host.id()), before(inside, out.id(), &beside)));
        for (name, trigger) in [("a limit", late.as_str()), ("an objection", r#"<messageEventDefinition messageRef="m_more"/>"#)] {
            let instead = format!(
                r#"<boundaryEvent id="more" attachedToRef="{0}">{trigger}</boundaryEvent><userTask id="lapsed"/><exclusiveGateway id="more_x"/>{1}{2}{3}"#,
                host.id(),
                flow("more_a", "more", "lapsed"),
                flow("more_b", "lapsed", "more_x"),
                flow("more_c", host.id(), "more_x")
            );
            let text = set(&before(inside, out.id(), &instead), out.id(), "sourceRef", "more_x");
            all.push(Version::new(format!("{name} on {}", host.id()), text));
        }
    }
    for event in model.nodes().iter().filter(|node| node.kind() == NodeKind::BoundaryEvent) {
        let text = model.outgoing(event).fold(without(inside, event.id()), |text, flow| without(&text, flow.id()));
        all.push(Version::new(format!("without {}", event.id()), text));
        let turned = if event.is_interrupting() { "false" } else { "true" };
        let text = without_attribute(inside, event.id(), "cancelActivity");
        let text = text.replacen(&format!(r#"id="{}""#, event.id()), &format!(r#"id="{}" cancelActivity="{turned}""#, event.id()), 1);
        all.push(Version::new(format!("{} interrupts: {turned}", event.id()), text));
    }
}

/// An event subprocess in each scope, and those that are there taken away.
fn handlers(model: &Model, inside: &str, all: &mut Vec<Version>) {
    let first_flow = |parent: Option<&str>| {
        let stands_there = |flow: &&Flow| model.parent(model.source(flow)).map(|parent| parent.id()) == parent;
        model.flows().iter().find(stands_there).map(|flow| flow.id().to_owned())
    };
    let scopes = model.nodes().iter().filter(|node| node.kind().is_scope()).map(|node| Some(node.id())).chain([None]);
    for scope in scopes {
        let Some(place) = first_flow(scope) else { continue };
        let more = r#"<signalEventDefinition signalRef="s_more"/>"#;
        for (interrupts, trigger) in [(true, more.to_owned()), (false, timer("P9D"))] {
            let handler = format!(
                r#"<subProcess id="more" triggeredByEvent="true"><startEvent id="more_s" isInterrupting="{interrupts}">{trigger}</startEvent><userTask id="handled"/><endEvent id="more_e"/>{}{}</subProcess>"#,
                flow("more_a", "more_s", "handled"),
                flow("more_b", "handled", "more_e")
            );
            let what = format!("an event subprocess in {scope:?}, interrupting: {interrupts}");
            all.push(Version::new(what, before(inside, &place, &handler)));
        }
    }
    for handler in model.nodes().iter().filter(|node| node.kind() == NodeKind::EventSubProcess) {
        all.push(Version::new(format!("without {}", handler.id()), without(inside, handler.id())));
    }
}

/// Behind event gateways an event more, one less, one with another name; what waits alone waits together with another.
fn waiting(model: &Model, inside: &str, all: &mut Vec<Version>) {
    for gateway in model.nodes().iter().filter(|node| node.kind() == NodeKind::EventGateway) {
        for way in model.outgoing(gateway) {
            let event = model.target(way);
            let out = model.outgoing(event).next().unwrap();
            let less = [way.id(), out.id(), event.id()].iter().fold(inside.to_owned(), |text, id| without(&text, id));
            all.push(Version::new(format!("without {}", event.id()), less));
            let (id, name) = (format!(r#""{}""#, event.id()), format!(r#""{}_too""#, event.id()));
            all.push(Version::new(format!("{} is called otherwise", event.id()), inside.replace(&id, &name)));
            if model.target(out).kind() == NodeKind::ExclusiveGateway {
                let more = format!(
                    r#"<intermediateCatchEvent id="more"><signalEventDefinition signalRef="s_more"/></intermediateCatchEvent>{}{}"#,
                    flow("more_a", gateway.id(), "more"),
                    flow("more_b", "more", model.target(out).id())
                );
                all.push(Version::new(format!("an event more behind {}", gateway.id()), before(inside, way.id(), &more)));
            }
            let plan = Plan { ids: BTreeMap::from([(gateway.id().to_owned(), event.id().to_owned())]) };
            let alone = model.outgoing(gateway).fold(inside.to_owned(), |text, flow| without(&text, flow.id()));
            let others = model.outgoing(gateway).map(|flow| model.target(flow)).filter(|other| other.id() != event.id());
            let alone = others.fold(without(&alone, gateway.id()), |text, other| {
                model.outgoing(other).fold(without(&text, other.id()), |text, flow| without(&text, flow.id()))
            });
            let alone = model.incoming(gateway).fold(alone, |text, flow| set(&text, flow.id(), "targetRef", event.id()));
            all.push(Version { what: format!("only {} instead of {}", event.id(), gateway.id()), text: alone, plan });
        }
    }
    for event in model.nodes().iter().filter(|node| matches!(node.kind(), NodeKind::CatchEvent | NodeKind::ReceiveTask)) {
        let (into, out): (Vec<_>, Vec<_>) = (model.incoming(event).collect(), model.outgoing(event).collect());
        let ([into], [out]) = (into.as_slice(), out.as_slice()) else { continue };
        if model.source(into).kind() == NodeKind::EventGateway {
            continue;
        }
        let more = format!(
            r#"<eventBasedGateway id="more"/><intermediateCatchEvent id="more_t">{}</intermediateCatchEvent><exclusiveGateway id="more_x"/>{}{}{}{}"#,
            timer("P9D"),
            flow("more_a", "more", event.id()),
            flow("more_b", "more", "more_t"),
            flow("more_c", "more_t", "more_x"),
            flow("more_d", event.id(), "more_x")
        );
        let text = set(&before(inside, into.id(), &more), into.id(), "targetRef", "more");
        let text = set(&text, out.id(), "sourceRef", "more_x");
        let plan = Plan { ids: BTreeMap::from([(event.id().to_owned(), "more".to_owned())]) };
        all.push(Version::new(format!("{} with a limit", event.id()), text.clone()));
        all.push(Version { what: format!("{} with a limit, by plan", event.id()), text, plan });
    }
}

/// Each trigger exchanged for another one of its kind, and of another kind.
fn other_triggers(inside: &str, all: &mut Vec<Version>) {
    let triggers = [
        timer("P3D"),
        timer("P7D"),
        r#"<messageEventDefinition messageRef="m_paid"/>"#.to_owned(),
        r#"<messageEventDefinition messageRef="m_papers"/>"#.to_owned(),
        r#"<signalEventDefinition signalRef="s_storm"/>"#.to_owned(),
        r#"<messageEventDefinition messageRef="m_more"/>"#.to_owned(),
        r#"<signalEventDefinition signalRef="s_more"/>"#.to_owned(),
    ];
    for (at, trigger) in triggers.iter().enumerate() {
        for (place, _) in inside.match_indices(trigger.as_str()) {
            // Not one that something else waits for, too: what happens together then could no longer be told apart.
            let is_free = |trigger: &str| !trigger.split('"').nth(1).is_some_and(|name| inside.contains(&format!(r#"Ref="{name}""#)));
            for other in triggers.iter().enumerate().filter(|(other, text)| *other != at && is_free(text)).map(|(_, other)| other) {
                let text = format!("{}{other}{}", &inside[..place], &inside[place + trigger.len()..]);
                all.push(Version::new(format!("{other} instead of {trigger}"), text));
            }
        }
    }
}

/// Each gateway of another kind.
fn other_gateways(model: &Model, inside: &str, all: &mut Vec<Version>) {
    for gateway in model.nodes().iter().filter(|node| node.kind().is_gateway()) {
        for kind in ["parallelGateway", "inclusiveGateway", "exclusiveGateway"] {
            let Some((start, end)) = span(inside, gateway.id()) else { continue };
            let tag = &inside[start..end];
            let name = &tag[1..tag.find(' ').unwrap()];
            let text = format!("{}{}{}", &inside[..start], tag.replace(name, kind), &inside[end..]);
            all.push(Version::new(format!("{} as {kind}", gateway.id()), text));
        }
    }
}

fn timer(after: &str) -> String {
    format!("<timerEventDefinition><timeDuration>{after}</timeDuration></timerEventDefinition>")
}

fn flow(id: &str, from: &str, to: &str) -> String {
    format!(r#"<sequenceFlow id="{id}" sourceRef="{from}" targetRef="{to}"/>"#)
}

/// Where the element with this id begins and ends.
fn span(text: &str, id: &str) -> Option<(usize, usize)> {
    let at = text.find(&format!(r#" id="{id}""#))?;
    let start = text[..at].rfind('<')?;
    let tag_end = at + text[at..].find('>')? + 1;
    if text[..tag_end].ends_with("/>") {
        return Some((start, tag_end));
    }
    let name = &text[start + 1..start + text[start..].find(' ')?];
    let close = format!("</{name}>");
    Some((start, tag_end + text[tag_end..].find(&close)? + close.len()))
}

fn without(text: &str, id: &str) -> String {
    let Some((start, end)) = span(text, id) else { return text.to_owned() };
    format!("{}{}", &text[..start], &text[end..])
}

fn before(text: &str, id: &str, more: &str) -> String {
    let (start, _) = span(text, id).unwrap();
    format!("{}{more}{}", &text[..start], &text[start..])
}

fn set(text: &str, id: &str, attribute: &str, value: &str) -> String {
    let text = without_attribute(text, id, attribute);
    text.replacen(&format!(r#" id="{id}""#), &format!(r#" id="{id}" {attribute}="{value}""#), 1)
}

fn without_attribute(text: &str, id: &str, attribute: &str) -> String {
    let Some((start, _)) = span(text, id) else { return text.to_owned() };
    let end = start + text[start..].find('>').unwrap();
    let sign = format!(r#" {attribute}=""#);
    let Some(at) = text[start..end].find(&sign).map(|at| start + at) else { return text.to_owned() };
    let rest = at + sign.len();
    format!("{}{}", &text[..at], &text[rest + text[rest..].find('"').unwrap() + 1..])
}
