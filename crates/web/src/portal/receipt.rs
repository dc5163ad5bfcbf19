//! The receipt of a case: number, query code, QR code, the signed paper, and the proof that the ledger holds the submission.

use banhao_cases::queries::timeline::TimelineEntry;
use banhao_kernel::ids::{CaseId, FactId};
use banhao_papers::qr_svg;
use banhao_records::{PaperKind, PaperState, grouped, papers_of_case};
use banhao_store::ledger_log;

use super::case::own;
use super::citizen::Citizen;
use super::words::named;
use crate::file::{Use, file};
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/cases/{id}/receipt", get(show)).route("/cases/{id}/facts/{fact}/receipt.json", get(proof))
}

#[derive(Template)]
#[template(path = "portal/receipt.html")]
struct ReceiptPage {
    page: Page,
    id: CaseId,
    name: String,
    number: String,
    query_code: String,
    received_at: banhao_kernel::Timestamp,
    accept_by: Option<banhao_kernel::Date>,
    qr: Markup,
    track_url: String,
    paper: Option<String>,
    proof: Option<String>,
}

/// The drawing alone: what an XML file has before its root element does not belong into a page.
pub(crate) fn inline(svg: &str) -> Markup {
    Markup::svg(svg.find("<svg").map_or("", |start| &svg[start..]))
}

async fn show(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    let case = own(&state, &citizen, id).await?;
    let papers = papers_of_case(&state.cases.store, id).await?;
    let track_url = format!("{}/track?code={}", state.records.public_url, case.line.query_code);
    let qr = qr_svg(&track_url).map_err(|error| {
        tracing::error!(%error, "a QR code could not be drawn");
        problem::internal()
    })?;
    let received = case.timeline.iter().find(|entry| entry.kind == "case.received");
    let view = ReceiptPage {
        name: named(&page, &case.version.matter.name),
        number: case.line.number.clone(),
        query_code: grouped(&case.line.query_code),
        received_at: case.line.received_at,
        accept_by: case.clock.due(banhao_cases::clock::Period::Acceptance),
        qr: inline(&qr),
        track_url,
        paper: papers
            .iter()
            .find(|paper| paper.kind == PaperKind::Receipt && paper.state == PaperState::Issued)
            .map(|paper| format!("/papers/{}.pdf", paper.id)),
        proof: received.filter(|entry| entry.placed).map(|entry| proof_href(id, entry)),
        id,
        page: page.clone(),
    };
    Ok(page.html(&view))
}

fn proof_href(id: CaseId, entry: &TimelineEntry) -> String {
    format!("/cases/{id}/facts/{}/receipt.json", entry.fact)
}

/// The ledger's receipt of one fact of the citizen's own case.
async fn proof(State(state): State<AppState>, citizen: Citizen, PathId((id, fact)): PathId<(CaseId, FactId)>) -> Answer {
    let case = own(&state, &citizen, id).await?;
    if !case.timeline.iter().any(|entry| entry.fact == fact) {
        return Err(problem::not_found().into());
    }
    let receipt = ledger_log::receipt(&state.cases.store, fact).await?.ok_or_else(problem::not_found)?;
    Ok(file("application/json", &format!("receipt-{fact}.json"), Use::Keep, receipt.to_json()))
}
