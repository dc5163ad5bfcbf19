//! How the rules decided about a case (规则怎么定的): each decision with its rows, what they were asked about, and whether it still comes
//! out as it was recorded. Personal answers are masked as in the file; each look is recorded.

use std::sync::Arc;

use banhao_bpmn::NodeKind;
use banhao_cases::facts::CaseFact;
use banhao_cases::look_at_reasons;
use banhao_cases::queries::file::CaseFile;
use banhao_catalogue::decisions::{self, Purpose, Reason, TableReason};
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_kernel::Timestamp;
use banhao_kernel::ids::CaseId;

use super::file::shown;
use crate::portal::reasons::{self as tables, Eyes, ReasonView};
use crate::portal::words::{named, status_chip};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/cases/{id}/reasons", get(show))
}

/// Who decided: which rules, when, and whether they still say so.
struct Record {
    text: String,
    at: Timestamp,
    state: Chip,
}

/// A table that was asked for a decision.
struct Asked {
    view: ReasonView,
    inputs: SummaryList,
    why: Vec<String>,
}

struct DecisionView {
    title: String,
    record: Option<Record>,
    tables: Vec<Asked>,
}

#[derive(Template)]
#[template(path = "desk/reasons.html")]
struct ReasonsPage {
    page: Page,
    id: CaseId,
    name: String,
    number: String,
    status: Chip,
    decisions: Vec<DecisionView>,
}

/// How many decisions there are to be looked at: those about the application, and those that were made on the way.
pub(super) fn count(file: &CaseFile) -> usize {
    let matter = &file.version.matter;
    let of_application: Vec<&str> = Purpose::OF_APPLICATION.iter().filter_map(|purpose| purpose.decision(matter)).collect();
    let mut on_the_way: Vec<&str> = recorded(file).map(|fact| fact.decision).filter(|name| !of_application.contains(name)).collect();
    on_the_way.sort_unstable();
    on_the_way.dedup();
    of_application.len() + on_the_way.len()
}

/// A recorded decision.
struct Fact<'f> {
    decision: &'f str,
    version: u32,
    rules: &'f [u32],
    digest: &'f str,
    at: Timestamp,
}

fn recorded(file: &CaseFile) -> impl Iterator<Item = Fact<'_>> {
    file.timeline.iter().filter_map(|entry| match &entry.what {
        Some(CaseFact::DecidedByRules { decision, rules, matter_version, result_sha256 }) => {
            Some(Fact { decision, version: *matter_version, rules, digest: result_sha256, at: entry.at })
        }
        _ => None,
    })
}

/// The decisions made on the way, each with the version whose rules made it last: a case may have been moved since.
fn on_the_way<'f>(snapshot: &Snapshot, file: &'f CaseFile) -> Vec<(&'f str, Arc<MatterVersion>)> {
    let mut made: Vec<(&str, Arc<MatterVersion>)> = Vec::new();
    for fact in recorded(file) {
        let Some(version) = snapshot.matter_version(&file.version.key, fact.version) else { continue };
        let asks = |node: &banhao_bpmn::Node| node.kind() == NodeKind::RuleTask && node.attribute("banhao:decision") == Some(fact.decision);
        if version.process.nodes().iter().any(asks) {
            made.retain(|(there, _)| *there != fact.decision);
            made.push((fact.decision, version));
        }
    }
    made
}

/// The rules that were asked for this case, made again over what it was submitted with: about the application, and on the way.
fn made_again(snapshot: &Snapshot, file: &CaseFile) -> Vec<(Reason, Arc<MatterVersion>)> {
    let about = decisions::decide(&file.version, &file.answers).reasons;
    let mut all: Vec<_> = about.into_iter().map(|reason| (reason, Arc::clone(&file.version))).collect();
    for (decision, version) in on_the_way(snapshot, file) {
        match decisions::route_reason(&version, decision, file.process.variables(), &file.answers) {
            Ok(reason) => all.push((reason, version)),
            Err(error) => tracing::warn!(decision, %error, "a decision on the way cannot be made again"),
        }
    }
    all
}

/// The record of a decision: the last one, as a step that is done again is decided again.
fn record(page: &Page, file: &CaseFile, reason: &Reason) -> Option<Record> {
    let fact = recorded(file).filter(|fact| fact.decision == reason.decision).last()?;
    let rows = if fact.rules.is_empty() {
        page.t("reasons-rows-none").into_owned()
    } else {
        let numbers: Vec<String> = fact.rules.iter().map(ToString::to_string).collect();
        page.t_args("reasons-rows", &[("rows", &numbers.join(page.t("portal-comma").as_ref()))])
    };
    let state = if file.bears_out(fact.digest, &reason.result) {
        Chip::new(Tone::Good, page.t("reasons-borne-out"))
    } else if reason.purpose == Purpose::Routing {
        // What it was decided over changes with the steps.
        Chip::new(Tone::Info, page.t("reasons-changed-since"))
    } else {
        Chip::new(Tone::Bad, page.t("reasons-not-borne-out"))
    };
    let text = page.t_args("reasons-decided-by", &[("version", &fact.version.to_string()), ("rows", &rows)]);
    Some(Record { text, at: fact.at, state })
}

/// What the columns of a table saw, masked as in the file.
fn inputs(page: &Page, snapshot: &Snapshot, version: &MatterVersion, table: &TableReason) -> SummaryList {
    table.inputs.iter().fold(SummaryList::new(), |list, input| {
        let words = tables::seen(page, snapshot, version, input);
        let words = match &input.field {
            Some(field) => shown(field.kind, field.personal, words),
            None if input.personal => page.t("reasons-personal").into_owned(),
            None => words,
        };
        list.text(input.label.clone(), words)
    })
}

fn decision(page: &Page, snapshot: &Snapshot, file: &CaseFile, reason: &Reason, version: &MatterVersion) -> DecisionView {
    let asked = reason.tables.iter().map(|table| Asked {
        view: tables::view(page, version, reason, table, Eyes::Staff),
        inputs: inputs(page, snapshot, version, table),
        why: tables::why(page, version, table, Eyes::Staff),
    });
    DecisionView {
        title: tables::title(page, reason.purpose, &reason.decision),
        record: record(page, file, reason),
        tables: asked.collect(),
    }
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>) -> Answer {
    who.staff()?;
    super::worklist::bar(&state, &page, &who).await?;
    let file = look_at_reasons(&state.cases, &who.0, id).await?;
    let snapshot = state.cases.snapshot().await?;
    let again = made_again(&snapshot, &file);
    Ok(page.html(&ReasonsPage {
        id,
        name: named(&page, &file.version.matter.name),
        number: file.line.number.clone(),
        status: status_chip(&page, file.state.status, file.state.outcome),
        decisions: again.iter().map(|(reason, version)| decision(&page, &snapshot, &file, reason, version)).collect(),
        page: page.clone(),
    }))
}
