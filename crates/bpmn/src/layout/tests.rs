//! Random processes with everything that is laid out – branches, loops back, subprocesses in subprocesses, events on borders
//! with names, event subprocesses, links, what stands alone – looked at as scenes: nothing lies on anything else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fmt::Write;

use proptest::prelude::*;

use super::{Orientation, Scene, arrange};
use crate::{
    diagram::{Bounds, Point},
    model::{Model, NodeKind},
    tree::Document,
};

#[derive(Clone, Debug)]
pub(super) enum Step {
    Task { name: String, events: Vec<(String, bool)> },
    Split { ways: Vec<Vec<Step>>, back: bool },
    Inside { steps: Vec<Step>, events: Vec<(String, bool)>, handlers: u8 },
    Link,
    Alone,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[办理审查核对材料发证 ]{1,14}", Just("Check the papers of the applicant".to_owned())]
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let events = || prop::collection::vec((name(), any::<bool>()), 0..4);
    let leaf = prop_oneof![
        6 => (name(), events()).prop_map(|(name, events)| Step::Task { name, events }),
        1 => Just(Step::Link),
        1 => Just(Step::Alone),
    ];
    let step = leaf.prop_recursive(4, 24, 4, move |inner| {
        let several = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            (prop::collection::vec(several.clone(), 2..4), any::<bool>()).prop_map(|(ways, back)| Step::Split { ways, back }),
            (several, events(), 0..3_u8).prop_map(|(steps, events, handlers)| Step::Inside { steps, events, handlers }),
        ]
    });
    prop::collection::vec(step, 1..6)
}

/// Writes steps as the inside of a scope.
#[derive(Default)]
struct Writer {
    text: String,
    count: usize,
}

impl Writer {
    fn id(&mut self) -> String {
        self.count += 1;
        format!("n{}", self.count)
    }

    fn flow(&mut self, from: &str, to: &str) {
        let id = self.id();
        let name = if self.count.is_multiple_of(3) { " name=\"材料齐全\"" } else { "" };
        let choice = self.text.contains(&format!("<exclusiveGateway id=\"{from}\""));
        let condition = if choice { "<conditionExpression>x</conditionExpression>" } else { "" };
        write!(self.text, "<sequenceFlow id=\"{id}\"{name} sourceRef=\"{from}\" targetRef=\"{to}\">{condition}</sequenceFlow>").unwrap();
    }

    fn events(&mut self, host: &str, events: &[(String, bool)], end: &str) {
        for (name, leads_on) in events {
            let id = self.id();
            let timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>";
            write!(self.text, "<boundaryEvent id=\"{id}\" name=\"{name}\" attachedToRef=\"{host}\">{timer}</boundaryEvent>").unwrap();
            if *leads_on {
                self.flow(&id, end);
            } else {
                let other = self.id();
                write!(self.text, "<task id=\"{other}\" name=\"超期处理\"/>").unwrap();
                self.flow(&id, &other);
                self.flow(&other, end);
            }
        }
    }

    fn scope(&mut self, steps: &[Step], start: &str, handlers: u8) {
        let (first, end) = (self.id(), self.id());
        write!(self.text, "<startEvent id=\"{first}\" name=\"申请\">{start}</startEvent><endEvent id=\"{end}\" name=\"办结\"/>").unwrap();
        let last = self.steps(steps, first, &end);
        self.flow(&last, &end);
        for at in 0..handlers {
            let id = self.id();
            write!(self.text, "<subProcess id=\"{id}\" name=\"事件子流程\" triggeredByEvent=\"true\">").unwrap();
            let signal = "<signalEventDefinition signalRef=\"sig\"/>";
            let inside: &[Step] = if at == 0 { &[] } else { &[Step::Alone] };
            self.scope(inside, signal, 0);
            self.text.push_str("</subProcess>");
        }
    }

    fn steps(&mut self, steps: &[Step], mut before: String, end: &str) -> String {
        for step in steps {
            let id = self.id();
            match step {
                Step::Task { name, events } => {
                    write!(self.text, "<userTask id=\"{id}\" name=\"{name}\"/>").unwrap();
                    self.flow(&before, &id);
                    self.events(&id, events, end);
                    before = id;
                }
                Step::Split { ways, back } => {
                    let join = self.id();
                    write!(self.text, "<exclusiveGateway id=\"{id}\" name=\"准予吗？\"/><exclusiveGateway id=\"{join}\"/>").unwrap();
                    self.flow(&before, &id);
                    for way in ways {
                        let last = self.steps(way, id.clone(), end);
                        self.flow(&last, &join);
                    }
                    if *back {
                        self.flow(&join, &id);
                    }
                    before = join;
                }
                Step::Inside { steps, events, handlers } => {
                    write!(self.text, "<subProcess id=\"{id}\" name=\"联合审查\">").unwrap();
                    self.scope(steps, "", *handlers);
                    self.text.push_str("</subProcess>");
                    self.flow(&before, &id);
                    self.events(&id, events, end);
                    before = id;
                }
                Step::Link => {
                    let catch = self.id();
                    let link = format!("<linkEventDefinition name=\"L{id}\"/>");
                    write!(self.text, "<intermediateThrowEvent id=\"{id}\">{link}</intermediateThrowEvent>").unwrap();
                    write!(self.text, "<intermediateCatchEvent id=\"{catch}\" name=\"接上\">{link}</intermediateCatchEvent>").unwrap();
                    self.flow(&before, &id);
                    before = catch;
                }
                Step::Alone => write!(self.text, "<task id=\"{id}\" name=\"补偿\" isForCompensation=\"true\"/>").unwrap(),
            }
        }
        before
    }
}

pub(super) fn file(steps: &[Step], handlers: u8, lanes: &str) -> String {
    let mut writer = Writer::default();
    writer.scope(steps, "", handlers);
    let pool = if lanes.is_empty() {
        ""
    } else {
        "<collaboration id=\"c\"><participant id=\"pool\" name=\"市场监管局\" processRef=\"p\"/></collaboration>"
    };
    let (head, inside) = ("<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><signal id=\"sig\"/>", writer.text);
    format!("{head}{pool}<process id=\"p\">{lanes}{inside}</process></definitions>")
}

pub(super) fn read(xml: &str) -> Model {
    Model::parse(xml).unwrap_or_else(|problems| panic!("{problems:?} {xml}"))
}

fn model(steps: &[Step], handlers: u8) -> Model {
    read(&file(steps, handlers, ""))
}

/// The same process with what stands in it dealt out to lanes: 窗口, 业务 with two inside, 领导. Gives what each lane holds.
fn with_lanes(steps: &[Step], handlers: u8, deal: &[u8]) -> (String, Vec<Vec<String>>) {
    let plain = model(steps, handlers);
    let mut held = vec![Vec::new(); 4];
    let placed = plain.nodes.iter().filter(|node| node.scope == 0 && node.attached_to.is_none() && node.kind != NodeKind::EventSubProcess);
    for (at, node) in placed.enumerate() {
        held[usize::from(deal[at % deal.len()])].push(node.id.clone());
    }
    let lane = |at: usize, id: &str| {
        let refs: String = held[at].iter().map(|id| format!("<flowNodeRef>{id}</flowNodeRef>")).collect();
        format!("<lane id=\"{id}\" name=\"{id}号岗\">{refs}</lane>")
    };
    let inner = format!("<childLaneSet id=\"inside\">{}{}</childLaneSet>", lane(1, "lane1"), lane(2, "lane2"));
    let (first, last) = (lane(0, "lane0"), lane(3, "lane3"));
    let lanes = format!("<laneSet id=\"set\">{first}<lane id=\"both\" name=\"业务\">{inner}</lane>{last}</laneSet>");
    (file(steps, handlers, &lanes), held)
}

/// What is wrong with the lanes of a scene.
fn lane_faults(model: &Model, scene: &Scene, held: &[Vec<String>]) -> Vec<String> {
    let frame = |id: &str| scene.beside.iter().find(|part| part.element == id).unwrap_or_else(|| panic!("{id} is not drawn")).bounds;
    let mut faults = Vec::new();
    let bands: Vec<Bounds> = (0..4).map(|at| frame(&format!("lane{at}"))).collect();
    for (one, other) in [(0, 1), (1, 2), (2, 3), (0, 2), (0, 3), (1, 3)] {
        if overlap(&bands[one], &bands[other]) {
            faults.push(format!("lanes {one} and {other} overlap: {bands:?}"));
        }
    }
    for (inner, outer) in [("lane1", "both"), ("lane2", "both"), ("both", "pool"), ("lane0", "pool"), ("lane3", "pool")] {
        if !within(&frame(inner), &frame(outer)) {
            faults.push(format!("{inner} is not in {outer}"));
        }
    }
    for (band, ids) in bands.iter().zip(held) {
        for id in ids {
            let placed = &scene.nodes[model.node_at(id).unwrap()];
            if !within(&placed.bounds, band) {
                faults.push(format!("{id} {:?} is not in its lane {band:?}", placed.bounds));
            }
        }
    }
    faults
}

fn overlap(one: &Bounds, other: &Bounds) -> bool {
    const TOUCH: f64 = 0.5;
    one.x + one.width > other.x + TOUCH
        && other.x + other.width > one.x + TOUCH
        && one.y + one.height > other.y + TOUCH
        && other.y + other.height > one.y + TOUCH
}

pub(super) fn within(inner: &Bounds, outer: &Bounds) -> bool {
    inner.x >= outer.x - 0.5
        && inner.y >= outer.y - 0.5
        && inner.x + inner.width <= outer.x + outer.width + 0.5
        && inner.y + inner.height <= outer.y + outer.height + 0.5
}

pub(super) fn on_border(point: &Point, bounds: &Bounds) -> bool {
    let grown = Bounds { x: bounds.x - 1.0, y: bounds.y - 1.0, width: bounds.width + 2.0, height: bounds.height + 2.0 };
    let shrunk = Bounds { x: bounds.x + 1.0, y: bounds.y + 1.0, width: bounds.width - 2.0, height: bounds.height - 2.0 };
    let inside = |bounds: &Bounds| {
        point.x > bounds.x && point.x < bounds.x + bounds.width && point.y > bounds.y && point.y < bounds.y + bounds.height
    };
    inside(&grown) && !inside(&shrunk)
}

/// Everything that is wrong with a scene.
pub(super) fn faults(model: &Model, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let drawing = Bounds { x: 0.0, y: 0.0, width: scene.width, height: scene.height };
    let named = |at: usize| format!("{} {:?}", model.nodes[at].id, scene.nodes[at].bounds);
    for (at, one) in scene.nodes.iter().enumerate() {
        let node = &model.nodes[at];
        let owner = model.scopes[node.scope].owner;
        let around = owner.map_or(drawing, |owner| scene.nodes[owner].bounds);
        if !within(&one.bounds, &around) {
            faults.push(format!("{} stands outside of {around:?}", named(at)));
        }
        if let Some(label) = &one.label
            && !within(&label.bounds(), &around)
        {
            faults.push(format!("the name of {} runs out: {:?}", named(at), label.bounds()));
        }
        for other in at + 1..scene.nodes.len() {
            let same_scope = model.nodes[other].scope == node.scope;
            let attached = node.attached_to == Some(other) || model.nodes[other].attached_to == Some(at);
            if same_scope && !attached && overlap(&one.bounds, &scene.nodes[other].bounds) {
                faults.push(format!("{} and {} overlap", named(at), named(other)));
            }
            let inside = |event: usize, other: usize| {
                let host = model.nodes[event].attached_to;
                host.is_some() && model.scopes[model.nodes[other].scope].owner == host
            };
            if (inside(at, other) || inside(other, at)) && overlap(&one.bounds, &scene.nodes[other].bounds) {
                faults.push(format!("{} and {} inside overlap", named(at), named(other)));
            }
            if let Some(label) = &one.label
                && same_scope
                && !model.nodes[other].kind.is_gateway()
                && overlap(&label.bounds(), &scene.nodes[other].bounds)
            {
                faults.push(format!("the name of {} lies on {}", named(at), named(other)));
            }
        }
    }
    for (flow, route) in model.flows.iter().zip(&scene.edges) {
        let (Some(first), Some(last)) = (route.points.first(), route.points.last()) else {
            faults.push(format!("{} is not drawn", flow.id));
            continue;
        };
        if !on_border(first, &scene.nodes[flow.source].bounds) || !on_border(last, &scene.nodes[flow.target].bounds) {
            faults.push(format!("{} does not lead from {} to {}: {:?}", flow.id, named(flow.source), named(flow.target), route.points));
        }
        let owner = model.scopes[model.nodes[flow.source].scope].owner;
        let around = owner.map_or(drawing, |owner| scene.nodes[owner].bounds);
        let outside = |point: &&Point| !within(&Bounds { x: point.x, y: point.y, width: 0.0, height: 0.0 }, &around);
        if route.points.iter().any(|point| outside(&point)) || route.label.as_ref().is_some_and(|label| !within(&label.bounds(), &around)) {
            faults.push(format!("{} runs out of its scope", flow.id));
        }
        for part in route.points.windows(2) {
            let line = Bounds {
                x: part[0].x.min(part[1].x),
                y: part[0].y.min(part[1].y),
                width: (part[0].x - part[1].x).abs(),
                height: (part[0].y - part[1].y).abs(),
            };
            for (at, placed) in scene.nodes.iter().enumerate() {
                let node = &model.nodes[at];
                let ends = at == flow.source || at == flow.target || model.nodes[flow.source].attached_to == Some(at);
                let core = Bounds {
                    x: placed.bounds.x + 1.0,
                    y: placed.bounds.y + 1.0,
                    width: placed.bounds.width - 2.0,
                    height: placed.bounds.height - 2.0,
                };
                let line = Bounds { width: line.width + 0.6, height: line.height + 0.6, ..line };
                if !ends && node.scope == model.nodes[flow.source].scope && overlap(&line, &core) {
                    faults.push(format!("{} passes through {}", flow.id, named(at)));
                }
            }
        }
    }
    faults
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_lies_on_anything_else(steps in steps(), handlers in 0..3_u8, vertical in any::<bool>()) {
        let model = model(&steps, handlers);
        let scene = arrange(&model, if vertical { Orientation::Vertical } else { Orientation::Horizontal });
        prop_assert_eq!(faults(&model, &scene), Vec::<String>::new());
    }

    #[test]
    fn each_step_stands_in_its_lane(
        steps in steps(), handlers in 0..2_u8, vertical in any::<bool>(), deal in prop::collection::vec(0..4_u8, 1..6),
    ) {
        let (xml, held) = with_lanes(&steps, handlers, &deal);
        let model = read(&xml);
        let scene = arrange(&model, if vertical { Orientation::Vertical } else { Orientation::Horizontal });
        prop_assert_eq!(faults(&model, &scene), Vec::<String>::new());
        prop_assert_eq!(lane_faults(&model, &scene, &held), Vec::<String>::new());
    }
}

#[test]
fn lanes_are_written_into_the_file_and_read_again() {
    let task = || Step::Task { name: "办".to_owned(), events: Vec::new() };
    let (xml, held) = with_lanes(&[task(), task(), task(), task()], 0, &[0, 1, 2, 3]);
    let mut document = Document::parse(&xml).unwrap();
    document.lay_out(&read(&xml));
    let model = read(&document.to_xml());
    let scene = arrange(&model, Orientation::Horizontal);
    assert_eq!(lane_faults(&model, &scene, &held), Vec::<String>::new());
    assert_eq!(scene.beside.len(), 6);
    // Written again from what was read: nothing is lost.
    document.lay_out(&model);
    let again = arrange(&read(&document.to_xml()), Orientation::Horizontal);
    assert_eq!((again.beside.len(), lane_faults(&model, &again, &held)), (6, Vec::new()));
}

#[test]
fn faults_are_seen() {
    let task = || Step::Task { name: "办".to_owned(), events: vec![("逾期".to_owned(), true)] };
    let model = model(&[task(), Step::Inside { steps: vec![task()], events: Vec::new(), handlers: 1 }, task()], 1);
    let scene = arrange(&model, Orientation::Horizontal);
    assert_eq!(faults(&model, &scene), Vec::<String>::new());
    for at in 0..model.nodes.len() {
        let mut moved = scene.clone();
        moved.nodes[at].bounds.x += 4_000.0;
        assert!(!faults(&model, &moved).is_empty(), "{at}");
    }
}
