//! Drawings and outlines. The snapshots were looked at by eye; look again when they change.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;

use banhao_bpmn::{Drawing, Mark, Model, NodeKind, Orientation, ProcessBuilder, Progress, Words, draw, outline};

const LICENCE: &str = include_str!("data/licence.bpmn");
const EVENTS: &str = include_str!("data/events.bpmn");
const MODELER: &str = include_str!("data/modeler.bpmn");

fn progress() -> Progress {
    Progress::new(
        [
            "received",
            "to_accept",
            "accept",
            "to_accepted_or_not",
            "accepted_or_not",
            "to_split",
            "split",
            "to_review",
            "to_inspect",
            "review",
            "review_to_join",
        ],
        ["inspect"],
    )
    .overdue(["inspect"])
}

#[test]
fn a_licence_process_with_a_late_inspection() {
    let model = Model::parse(LICENCE).unwrap();
    let svg = draw(&model, Some(&progress()), &Drawing::default());
    insta::assert_snapshot!(svg.replace('>', ">\n"));
}

#[test]
fn an_outline_says_the_same_in_words() {
    let model = Model::parse(LICENCE).unwrap();
    let mut text = String::new();
    for line in outline(&model, Some(&progress())) {
        let _ = writeln!(text, "{}", line.text(&Words::zh(), true));
    }
    insta::assert_snapshot!(text);
    let english = outline(&Model::parse(MODELER).unwrap(), None);
    assert_eq!(
        english[2].text(&Words::en(), false),
        "3. Complete? · one of → yes: 4. Hand over the result; no: 2. Check the papers of the applicant"
    );
    assert!(english.iter().all(|line| line.mark == Mark::Ahead));
}

#[test]
fn a_screen_reader_hears_what_is_done_and_late() {
    let model = Model::parse(LICENCE).unwrap();
    let svg = draw(&model, Some(&progress()), &Drawing::default());
    let parsed = roxmltree::Document::parse(&svg).unwrap();
    let root = parsed.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let spoken: Vec<&str> = root
        .attribute("aria-labelledby")
        .unwrap()
        .split(' ')
        .map(|id| parsed.descendants().find(|node| node.attribute("id") == Some(id)).and_then(|node| node.text()).unwrap())
        .collect();
    assert_eq!(spoken[0], "食品经营许可");
    assert!(spoken[1].contains("已办：受理、书面审查。"), "{}", spoken[1]);
    assert!(spoken[1].contains("已超期：现场核查。"), "{}", spoken[1]);
}

#[test]
fn two_drawings_on_a_page_share_no_ids() {
    let model = Model::parse(LICENCE).unwrap();
    let ids = |prefix: &str| -> Vec<String> {
        let drawing = Drawing { prefix: prefix.to_owned(), ..Drawing::default() };
        let svg = draw(&model, Some(&progress()), &drawing);
        let parsed = roxmltree::Document::parse(&svg).unwrap();
        parsed.descendants().filter_map(|node| node.attribute("id").map(str::to_owned)).collect()
    };
    let (one, other) = (ids("case-1"), ids("case-2"));
    assert!(!one.is_empty() && one.iter().all(|id| id.starts_with("case-1-") && !other.contains(id)));
    assert!(ids("\"><script>").iter().all(|id| id.starts_with("script-")));
}

#[test]
fn names_from_a_file_cannot_break_out() {
    let mut evil = ProcessBuilder::new("evil", "</title><script>alert(1)</script>");
    evil.node(NodeKind::StartEvent, "s\"onload=\"x", Some("<script>"))
        .node(NodeKind::UserTask, "t", Some("</svg><img src=x onerror=alert(1)>"))
        .node(NodeKind::EndEvent, "e", Some("&lt;"))
        .flow("f", "s\"onload=\"x", "t")
        .named("]]><script>")
        .flow("g", "t", "e");
    let model = Model::read(&evil.document()).unwrap();
    let svg = draw(&model, None, &Drawing::default());
    assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains("onload=\"x"));
    roxmltree::Document::parse(&svg).unwrap();
}

#[test]
fn the_file_s_own_drawing_is_used_unless_it_is_to_stand_upright() {
    let model = Model::parse(MODELER).unwrap();
    let svg = draw(&model, None, &Drawing::default());
    insta::assert_snapshot!(svg.replace('>', ">\n"));
    let upright = Drawing { orientation: Orientation::Vertical, style: false, ..Drawing::default() };
    let svg = draw(&model, None, &upright);
    assert!(!svg.contains("<style"));
    let size = |name: &str| -> f64 {
        let parsed = roxmltree::Document::parse(&svg).unwrap();
        parsed.root_element().attribute(name).unwrap().parse().unwrap()
    };
    assert!(size("height") > size("width"));
}

#[test]
fn every_kind_has_its_marks() {
    let model = Model::parse(EVENTS).unwrap();
    assert_eq!(model.remarks().iter().map(|problem| problem.code).collect::<Vec<_>>(), ["error-not-caught"]);
    let drawing = Drawing { style: false, ..Drawing::default() };
    insta::assert_snapshot!(draw(&model, None, &drawing).replace('>', ">\n"));
    let mut text = String::new();
    for line in outline(&model, None) {
        let _ = writeln!(text, "{}", line.text(&Words::zh(), false));
    }
    insta::assert_snapshot!("every_kind_in_words", text);
}

#[test]
fn impossible_diagrams_are_laid_out_anew() {
    for broken in ["NaN", "1e300", "", "abc"] {
        let text = MODELER.replace("x=\"290\" y=\"170\"", &format!("x=\"{broken}\" y=\"170\""));
        let model = Model::parse(&text).unwrap();
        let svg = draw(&model, None, &Drawing::default());
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        roxmltree::Document::parse(&svg).unwrap();
    }
}

#[test]
fn very_large_processes_are_drawn() {
    let mut large = ProcessBuilder::new("large", "large");
    large.node(NodeKind::StartEvent, "s", None).node(NodeKind::EndEvent, "e", None);
    let mut before = "s".to_owned();
    for at in 0..1_900 {
        let id = format!("t{at}");
        large.node(NodeKind::UserTask, &id, Some("办理")).flow(&format!("f{at}"), &before, &id).flow(
            &format!("b{at}"),
            &id,
            if at % 2 == 0 { "t0" } else { "e" },
        );
        before = id;
    }
    large.flow("last", &before, "e");
    let model = Model::read(&large.document()).unwrap();
    for orientation in [Orientation::Horizontal, Orientation::Vertical] {
        let drawing = Drawing { orientation, ..Drawing::default() };
        assert!(draw(&model, None, &drawing).ends_with("</svg>"));
    }
}
