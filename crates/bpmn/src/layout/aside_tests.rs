//! Random processes with notes, data, stores and groups, in all scopes and bound to all kinds of things: each stands in its scope,
//! nothing lies on anything else, lines pass through no shape.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fmt::Write;

use proptest::prelude::*;

use super::{
    Orientation, Scene, arrange,
    groups::overlap,
    tests::{faults, file, on_border, read, steps, within},
};
use crate::{
    aside_shapes::room,
    diagram::{Bounds, Point},
    drawn_asides::{AsideKind, Line},
    model::{Model, NodeKind},
    tree::Document,
};

/// Something beside the flow: which kind, bound to which places of the file, counted through all nodes and flows.
#[derive(Clone, Debug)]
struct Extra {
    kind: u8,
    name: String,
    ends: Vec<usize>,
}

fn extras() -> impl Strategy<Value = Vec<Extra>> {
    let name = prop_oneof![
        Just(String::new()),
        "[材料清单证照库 ]{1,40}",
        Just("Kept for thirty years; see the ordinance on archives".to_owned())
    ];
    let extra = (0..6_u8, name, prop::collection::vec(any::<prop::sample::Index>(), 0..4)).prop_map(|(kind, name, ends)| Extra {
        kind,
        name,
        ends: ends.into_iter().map(|end| end.index(10_000)).collect(),
    });
    prop::collection::vec(extra, 1..7)
}

/// Puts the extras into a file: in the scope of the first end, bound to all that can be bound from there.
fn with_extras(xml: &str, extras: &[Extra]) -> String {
    let model = read(xml);
    let mut document = Document::parse(xml).unwrap();
    for (at, extra) in extras.iter().enumerate() {
        let ends: Vec<usize> = extra.ends.iter().map(|end| end % model.nodes.len()).collect();
        let scope = ends.first().map_or(0, |end| model.nodes[*end].scope);
        let owner = model.scopes[scope].owner.map(|owner| model.nodes[owner].id.clone());
        let (id, name) = (format!("x{at}"), &extra.name);
        let mut text = match extra.kind {
            0 | 1 => format!("<textAnnotation id=\"{id}\"><text>{name}</text></textAnnotation>"),
            2 => format!("<dataStoreReference id=\"{id}\" name=\"{name}\"/>"),
            3 => format!("<group id=\"{id}\" categoryValueRef=\"v{at}\"/>"),
            _ => format!("<dataObject id=\"o{at}\"/><dataObjectReference id=\"{id}\" name=\"{name}\" dataObjectRef=\"o{at}\"/>"),
        };
        for (number, end) in ends.iter().enumerate() {
            let node = &model.nodes[*end];
            match extra.kind {
                3 => add(&mut document, &node.id, &format!("<categoryValueRef>v{at}</categoryValueRef>")),
                0 | 1 => {
                    let to = if number == 1 && !model.flows.is_empty() { &model.flows[*end % model.flows.len()].id } else { &node.id };
                    write!(text, "<association id=\"a{at}_{number}\" sourceRef=\"{id}\" targetRef=\"{to}\"/>").unwrap();
                }
                _ if node.kind.is_activity() && number % 2 == 0 => add(
                    &mut document,
                    &node.id,
                    &format!("<dataInputAssociation id=\"a{at}_{number}\"><sourceRef>{id}</sourceRef></dataInputAssociation>"),
                ),
                _ if node.kind.is_activity() => add(
                    &mut document,
                    &node.id,
                    &format!("<dataOutputAssociation id=\"a{at}_{number}\"><targetRef>{id}</targetRef></dataOutputAssociation>"),
                ),
                _ => write!(text, "<association id=\"a{at}_{number}\" sourceRef=\"{id}\" targetRef=\"{}\"/>", node.id).unwrap(),
            }
        }
        add(&mut document, owner.as_deref().unwrap_or("p"), &text);
        if extra.kind == 3 {
            let value = format!("<category id=\"k{at}\"><categoryValue id=\"v{at}\" value=\"{name}\"/></category>");
            add(&mut document, "root", &value);
        }
    }
    document.to_xml()
}

/// Adds elements at the end of the element with this id.
fn add(document: &mut Document, id: &str, text: &str) {
    let parsed =
        Document::parse(&format!("<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">{text}</definitions>")).unwrap();
    let mut open = vec![&mut document.root];
    while let Some(element) = open.pop() {
        if element.attribute("id") == Some(id) || id == "root" {
            element.content.extend(parsed.root.content);
            return;
        }
        open.extend(element.content.iter_mut().filter_map(|content| match content {
            crate::tree::Content::Element(child) => Some(child),
            _ => None,
        }));
    }
    panic!("no {id}");
}

/// Scopes around one, itself first.
fn scopes(model: &Model, mut scope: usize) -> Vec<usize> {
    let mut all = vec![scope];
    while let Some(parent) = model.scopes[scope].parent {
        all.push(parent);
        scope = parent;
    }
    all
}

/// Everything that is wrong with what stands beside the flow.
fn aside_faults(model: &Model, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let drawing = Bounds { x: 0.0, y: 0.0, width: scene.width, height: scene.height };
    let part = |id: &str| scene.beside.iter().find(|part| part.element == id);
    let solid = |kind: AsideKind| !matches!(kind, AsideKind::Group | AsideKind::Pool | AsideKind::Lane);
    for aside in &model.asides.all {
        let Some(placed) = part(&aside.id) else {
            if aside.scope == 0 || !model.scopes[aside.scope].nodes.is_empty() {
                faults.push(format!("{} is not drawn", aside.id));
            }
            continue;
        };
        let taken = room(placed);
        let around = model.scopes[aside.scope].owner.map_or(drawing, |owner| scene.nodes[owner].bounds);
        if !within(&taken, &around) {
            faults.push(format!("{} {taken:?} runs out of {around:?}", aside.id));
        }
        for (node, other) in model.nodes.iter().zip(&scene.nodes) {
            if !solid(aside.kind) || node.scope != aside.scope {
                continue;
            }
            if overlap(&shrunk(&taken), &other.bounds) {
                faults.push(format!("{} {taken:?} lies on {} {:?}", aside.id, node.id, other.bounds));
            }
            if other.label.as_ref().is_some_and(|label| overlap(&shrunk(&taken), &label.bounds())) {
                faults.push(format!("{} lies on the name of {}", aside.id, node.id));
            }
        }
        for (flow, route) in model.flows.iter().zip(&scene.edges) {
            let here = model.nodes[flow.source].scope == aside.scope;
            if solid(aside.kind) && here && route.points.windows(2).any(|part| overlap(&shrunk(&taken), &line(part))) {
                faults.push(format!("{} passes through {}", flow.id, aside.id));
            }
            if solid(aside.kind) && here && route.label.as_ref().is_some_and(|label| overlap(&shrunk(&taken), &label.bounds())) {
                faults.push(format!("the name of {} lies on {}", flow.id, aside.id));
            }
        }
        for other in model.asides.all.iter().filter(|other| solid(aside.kind) && solid(other.kind) && other.id > aside.id) {
            if other.scope == aside.scope && part(&other.id).is_some_and(|other| overlap(&shrunk(&taken), &room(other))) {
                faults.push(format!("{} lies on {}", aside.id, other.id));
            }
        }
    }
    for bond in &model.asides.bonds {
        let Some(drawn) = scene.lines.iter().find(|line| line.element == bond.id) else {
            if [&bond.from, &bond.to].iter().all(|end| place(model, scene, end).is_some()) {
                faults.push(format!("{} is not drawn", bond.id));
            }
            continue;
        };
        let (first, last) = (drawn.points.first().unwrap(), drawn.points.last().unwrap());
        for (end, point) in [(&bond.from, first), (&bond.to, last)] {
            if !place(model, scene, end).is_some_and(|place| touches(&place, point)) {
                faults.push(format!("{} does not lead from {} to {}: {:?}", bond.id, bond.from, bond.to, drawn.points));
            }
        }
        passes(model, scene, drawn, [&bond.from, &bond.to], &mut faults);
    }
    faults
}

/// What a line passes through although it does not lead there.
fn passes(model: &Model, scene: &Scene, drawn: &Line, ends: [&str; 2], faults: &mut Vec<String>) {
    let scope_of = |id: &str| {
        let node = model.node(id).map(|node| node.scope);
        let flow = || model.flow(id).map(|flow| model.nodes[flow.source].scope);
        let aside = || model.asides.all.iter().find(|aside| aside.id == id).map(|aside| aside.scope);
        node.or_else(flow).or_else(aside).unwrap_or(0)
    };
    let around: Vec<usize> = ends.iter().flat_map(|end| scopes(model, scope_of(end))).collect();
    let visible = |scope: usize| scopes(model, scope).iter().all(|scope| around.contains(scope));
    for part in drawn.points.windows(2) {
        for (node, placed) in model.nodes.iter().zip(&scene.nodes) {
            let crossed = node.inner.is_some_and(|inner| around.contains(&inner));
            if !crossed && !ends.contains(&node.id.as_str()) && visible(node.scope) && crosses(part, &shrunk(&placed.bounds)) {
                faults.push(format!("{} {:?} passes through {} {:?}", drawn.element, drawn.points, node.id, placed.bounds));
            }
        }
        for other in &scene.beside {
            let solid = matches!(other.kind, AsideKind::Data | AsideKind::Store | AsideKind::Note);
            if solid
                && !ends.contains(&other.element.as_str())
                && visible(scope_of(&other.element))
                && crosses(part, &shrunk(&other.bounds))
            {
                faults.push(format!("{} passes through {}", drawn.element, other.element));
            }
        }
    }
}

/// Where something stands that lines lead to.
fn place(model: &Model, scene: &Scene, id: &str) -> Option<Bounds> {
    if let Some(at) = model.node_at(id) {
        return Some(scene.nodes[at].bounds);
    }
    let other = model.neighbours.iter().zip(&scene.others).find_map(|(other, scene)| Some((other.node_at(id)?, scene.as_ref()?)));
    if let Some((at, other)) = other {
        return Some(other.nodes[at].bounds);
    }
    let line = || scene.lines.iter().find(|line| line.element == id).map(|line| &line.points);
    if let Some(points) = model.flow_at(id).map(|at| &scene.edges[at].points).or_else(line) {
        let part = points.windows(2).max_by(|one, other| length(one).total_cmp(&length(other)))?;
        return Some(Bounds { x: f64::midpoint(part[0].x, part[1].x), y: f64::midpoint(part[0].y, part[1].y), width: 0.0, height: 0.0 });
    }
    scene.beside.iter().find(|part| part.element == id).map(|part| part.bounds)
}

fn touches(place: &Bounds, point: &Point) -> bool {
    if place.width > 2.0 { on_border(point, place) } else { (place.x - point.x).abs() < 1.0 && (place.y - point.y).abs() < 1.0 }
}

fn length(part: &[Point]) -> f64 {
    (part[0].x - part[1].x).hypot(part[0].y - part[1].y)
}

fn line(part: &[Point]) -> Bounds {
    Bounds {
        x: part[0].x.min(part[1].x),
        y: part[0].y.min(part[1].y),
        width: (part[0].x - part[1].x).abs() + 0.1,
        height: (part[0].y - part[1].y).abs() + 0.1,
    }
}

/// Whether a straight line, level or not, passes through a rectangle.
fn crosses(part: &[Point], bounds: &Bounds) -> bool {
    if !overlap(&line(part), bounds) {
        return false;
    }
    let straight = (part[0].x - part[1].x).abs() < 0.5 || (part[0].y - part[1].y).abs() < 0.5;
    straight
        || (0..=40).any(|step| {
            let at = f64::from(step) / 40.0;
            let (x, y) = (part[0].x + (part[1].x - part[0].x) * at, part[0].y + (part[1].y - part[0].y) * at);
            x > bounds.x && x < bounds.x + bounds.width && y > bounds.y && y < bounds.y + bounds.height
        })
}

fn shrunk(bounds: &Bounds) -> Bounds {
    Bounds { x: bounds.x + 1.0, y: bounds.y + 1.0, width: (bounds.width - 2.0).max(0.0), height: (bounds.height - 2.0).max(0.0) }
}

/// Groups whose members stand in one lane hold nothing else.
fn group_faults(model: &Model, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let groups: Vec<_> = model.asides.all.iter().filter(|aside| aside.kind == AsideKind::Group && !aside.members.is_empty()).collect();
    for group in &groups {
        let Some(frame) = scene.beside.iter().find(|part| part.element == group.id) else { continue };
        let holder = |node: usize| super::asides::within(model, node, group.scope);
        let members: Vec<usize> = group.members.iter().filter_map(|member| holder(*member)).collect();
        for (at, (node, placed)) in model.nodes.iter().zip(&scene.nodes).enumerate() {
            if node.scope != group.scope || node.attached_to.is_some() || node.kind == NodeKind::EventSubProcess {
                continue;
            }
            let member = members.contains(&at);
            if member && !within(&placed.bounds, &frame.bounds) {
                faults.push(format!("{} is not in its group {}", node.id, group.id));
            }
            // Groups that share members cannot all keep the others out.
            if !member && groups.len() == 1 && overlap(&shrunk(&placed.bounds), &frame.bounds) {
                faults.push(format!("{} stands in the group {} {:?}", node.id, group.id, frame.bounds));
            }
        }
    }
    faults
}

fn turned(vertical: bool) -> Orientation {
    if vertical { Orientation::Vertical } else { Orientation::Horizontal }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn notes_data_and_groups_lie_on_nothing(steps in steps(), handlers in 0..2_u8, vertical in any::<bool>(), extras in extras()) {
        let model = read(&with_extras(&file(&steps, handlers, ""), &extras));
        let scene = arrange(&model, turned(vertical));
        prop_assert_eq!(faults(&model, &scene), Vec::<String>::new());
        prop_assert_eq!(aside_faults(&model, &scene), Vec::<String>::new());
        prop_assert_eq!(group_faults(&model, &scene), Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_drawing_with_notes_is_written_and_read_again(steps in steps(), extras in extras()) {
        let xml = with_extras(&file(&steps, 0, ""), &extras);
        let model = read(&xml);
        let mut document = Document::parse(&xml).unwrap();
        document.lay_out(&model);
        let again = read(&document.to_xml());
        let (one, other) = (arrange(&model, Orientation::Horizontal), arrange(&again, Orientation::Horizontal));
        let shown = |scene: &Scene| {
            let mut shown: Vec<String> = scene.beside.iter().map(|part| part.element.clone()).collect();
            shown.extend(scene.lines.iter().map(|line| line.element.clone()));
            shown.sort();
            shown
        };
        prop_assert_eq!(shown(&one), shown(&other));
        prop_assert!((one.width - other.width).abs() < 12.0 && (one.height - other.height).abs() < 12.0);
    }
}

const PARTIES: &str = include_str!("../../tests/data/parties.bpmn");

#[test]
fn other_parties_stand_around_the_process_and_messages_reach_them() {
    let model = read(PARTIES);
    for vertical in [false, true] {
        let scene = arrange(&model, turned(vertical));
        assert_eq!((faults(&model, &scene), aside_faults(&model, &scene)), (Vec::new(), Vec::new()));
        let pool = |id: &str| scene.beside.iter().find(|part| part.element == id).unwrap().bounds;
        let (citizen, office, fire) = (pool("citizen"), pool("office"), pool("fire"));
        let along = |bounds: &Bounds| if vertical { (bounds.y, bounds.height) } else { (bounds.x, bounds.width) };
        assert_eq!((along(&citizen), along(&fire)), (along(&office), along(&office)));
        let across = |bounds: &Bounds| if vertical { bounds.x } else { bounds.y };
        assert!(across(&citizen) < across(&office) && across(&office) < across(&fire));
        let other = scene.others[0].as_ref().unwrap();
        assert!(other.nodes.iter().all(|node| within(&node.bounds, &fire)) && scene.nodes.iter().all(|node| within(&node.bounds, &office)));
        for (message, from, to) in [("asked", citizen, "s"), ("sent", office, "fire")] {
            let line = scene.lines.iter().find(|line| line.element == message).unwrap();
            assert_eq!(line.kind, crate::drawn_asides::LineKind::Message);
            let (first, last) = (line.points.first().unwrap(), line.points.last().unwrap());
            let target = model.node_at(to).map_or(other.nodes[0].bounds, |at| scene.nodes[at].bounds);
            let source = if message == "sent" { scene.nodes[model.node_at("review").unwrap()].bounds } else { from };
            assert!(on_border(first, &source) && on_border(last, &target), "{message} {:?}", line.points);
        }
    }
    let mut document = Document::parse(PARTIES).unwrap();
    document.lay_out(&model);
    let again = read(&document.to_xml());
    let scene = arrange(&again, Orientation::Horizontal);
    assert_eq!(scene.others[0].as_ref().unwrap().nodes.len(), 3);
    assert_eq!(scene.lines.len(), arrange(&model, Orientation::Horizontal).lines.len());
}
