//! What a draft or a version shows: its drawing, its steps in words, its decision tables.

use banhao_bpmn::Model;
use banhao_catalogue::editor::{Kind, Row, Section, StepTable};
use banhao_catalogue::model::Matter;
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_decision::{Aggregation, DecisionModel, HitPolicy};

use crate::portal::reasons::{expression, is_nothing, words};
use crate::portal::words::named;
use crate::prelude::*;

/// The table of steps, to be read.
pub(super) fn steps(page: &Page, snapshot: &Snapshot, version: &MatterVersion, table: &StepTable) -> Table {
    let column = |key: &str| Column::text(page.t(key));
    let columns = [
        "editor-col-part",
        "editor-col-step",
        "editor-col-kind",
        "editor-col-who",
        "editor-col-days",
        "editor-col-when",
        "editor-col-late",
        "editor-col-paper",
    ];
    let rows = table.rows().map(|(section, row)| {
        let place = if row.place == banhao_catalogue::editor::Place::After {
            String::new()
        } else {
            page.t(&format!("editor-place-{}", row.place.as_str())).into_owned()
        };
        let part = page.t(&format!("editor-section-{}", section.as_str()));
        crate::components::Row::new(vec![
            Cell::text(part),
            Cell::text(&row.name),
            Cell::text(join(&[page.t(&format!("editor-kind-{}", row.kind.as_str())).into_owned(), place])),
            Cell::text(who(page, snapshot, row)),
            Cell::text(row.days.map(|days| page.t_args("editor-days-n", &[("n", &days.to_string())])).unwrap_or_default()),
            Cell::text(condition(page, version, row)),
            Cell::text(late(page, table, row)),
            Cell::text(paper(page, &version.matter, section, row)),
        ])
    });
    Table {
        caption: page.t("editor-steps").into_owned(),
        caption_hidden: true,
        columns: columns.into_iter().map(column).collect(),
        rows: rows.collect(),
        empty: Empty::new(page.t("editor-steps-none"), ""),
        keys: false,
    }
    .without_empty_columns()
}

fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

fn body(snapshot: &Snapshot, page: &Page, key: &str) -> String {
    snapshot.organisation(key).map_or_else(|| key.to_owned(), |body| named(page, &body.name))
}

/// How several sign, and who.
fn signing(page: &Page, snapshot: &Snapshot, row: &Row) -> String {
    let Some(sign) = &row.sign else { return String::new() };
    let departments = if sign.expression.is_empty() {
        sign.signers.iter().map(|key| body(snapshot, page, key)).collect::<Vec<_>>().join("、")
    } else {
        sign.expression.clone()
    };
    format!("{}：{departments}", page.t(&format!("editor-sign-{}", sign.mode)))
}

/// Post, organisation and departments.
fn who(page: &Page, snapshot: &Snapshot, row: &Row) -> String {
    let post = if row.post.is_empty() { String::new() } else { page.t(&format!("post-{}", row.post)).into_owned() };
    let organisation = row.organisation.as_ref().map(|key| body(snapshot, page, key)).unwrap_or_default();
    let platform = if row.kind == Kind::Make { page.t("editor-platform").into_owned() } else { row.message.clone() };
    join(&[post, organisation, signing(page, snapshot, row), platform])
}

/// What is not in sight at once: organisation, departments, condition, time-out, return.
pub(super) fn further(page: &Page, snapshot: &Snapshot, version: &MatterVersion, table: &StepTable, row: &Row) -> String {
    let organisation = row.organisation.as_ref().map(|key| body(snapshot, page, key)).unwrap_or_default();
    let returns = if row.return_to.is_some() { page.t("editor-return-some").into_owned() } else { String::new() };
    join(&[organisation, signing(page, snapshot, row), condition(page, version, row), late(page, table, row), returns])
}

fn condition(page: &Page, version: &MatterVersion, row: &Row) -> String {
    let Some(condition) = &row.condition else { return String::new() };
    page.t_args(
        if condition.leaves_out { "editor-unless-says" } else { "editor-when-says" },
        &[("when", &expression(page, version, &condition.when))],
    )
}

/// What happens on return and when time is over.
fn late(page: &Page, table: &StepTable, row: &Row) -> String {
    let remind = row.reminder.as_ref().map(|reminder| page.t_args("editor-remind-says", &[("n", &reminder.days.to_string())]));
    let lapse = row.time_out.as_ref().map(|time_out| {
        let to = time_out
            .to
            .as_ref()
            .and_then(|to| table.row(to))
            .map_or_else(|| page.t("editor-lapse-next").into_owned(), |row| row.name.clone());
        page.t_args("editor-lapse-says", &[("n", &time_out.days.to_string()), ("to", &to)])
    });
    join(&[remind.unwrap_or_default(), lapse.unwrap_or_default()])
}

/// The paper a step makes: the act says it, not the table.
pub(super) fn paper(page: &Page, matter: &Matter, section: Section, row: &Row) -> String {
    match (row.kind, section) {
        (Kind::Make, _) => named(page, &matter.result.name),
        (Kind::Accept | Kind::Decide, _) => page.t(&format!("editor-paper-{}", row.kind.as_str())).into_owned(),
        (Kind::Deliver, _) => page.t("editor-paper-deliver").into_owned(),
        _ => String::new(),
    }
}

/// A decision table, to be read.
pub(super) struct DecisionTable {
    pub(super) name: String,
    pub(super) policy: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The decision tables of a file, with the labels of the matter they are for.
pub(super) fn decisions(page: &Page, version: &MatterVersion, model: &DecisionModel) -> Vec<DecisionTable> {
    let shown = |name: &str| {
        let table = model.table(name)?;
        let head = |label: &Option<String>, other: &str| label.clone().unwrap_or_else(|| other.to_owned());
        let inputs = table.inputs.iter().map(|input| head(&input.label, &input.expression));
        let outputs = table.outputs.iter().map(|output| {
            let said = head(&output.label, output.name.as_deref().unwrap_or(name));
            let said =
                said.strip_suffix("_en").map_or_else(|| said.clone(), |name| page.t_args("editor-output-english", &[("name", name)]));
            format!("→ {said}")
        });
        let row = |rule: &banhao_decision::Rule| {
            let asked = table.inputs.iter().map(|input| Some(input.expression.as_str())).chain(std::iter::repeat(None));
            let cells = rule.inputs.iter().zip(asked).map(|(cell, asked)| words(page, version, asked, cell));
            let said = rule.outputs.iter().map(|cell| if is_nothing(cell) { String::new() } else { words(page, version, None, cell) });
            cells.chain(said).collect()
        };
        Some(DecisionTable {
            name: name.to_owned(),
            policy: page.t(policy(table.hit_policy)).into_owned(),
            heads: inputs.chain(outputs).collect(),
            rows: table.rules.iter().map(row).collect(),
        })
    };
    let names: Vec<String> = model.decisions().map(ToOwned::to_owned).collect();
    names.iter().filter_map(|name| shown(name)).collect()
}

/// Key of the words for what happens when several rows hold.
const fn policy(policy: HitPolicy) -> &'static str {
    match policy {
        HitPolicy::Unique => "editor-hit-unique",
        HitPolicy::Any => "editor-hit-any",
        HitPolicy::First => "editor-hit-first",
        HitPolicy::Priority => "editor-hit-priority",
        HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List) => "editor-hit-all",
        HitPolicy::Collect(Aggregation::Sum) => "editor-hit-sum",
        HitPolicy::Collect(Aggregation::Min) => "editor-hit-min",
        HitPolicy::Collect(Aggregation::Max) => "editor-hit-max",
        HitPolicy::Collect(Aggregation::Count) => "editor-hit-count",
    }
}

/// The drawing of a process.
pub(super) fn drawing(page: &Page, prefix: &str, model: &Model) -> ProcessDrawing {
    ProcessDrawing::new(page.lang(), page.t("editor-drawing"), prefix, model, None)
}
