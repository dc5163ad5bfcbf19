//! The receipt after an application was taken: number and codes to read out or print, and the way to the next one.

use banhao_cases::queries::drafts::draft;
use banhao_cases::queries::file::case_file;
use banhao_kernel::ids::{CaseId, DraftId};
use banhao_papers::qr_svg;
use banhao_records::{PaperKind, PaperState, grouped, papers_of_case};

use crate::portal::receipt::inline;
use crate::portal::words::named;
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/take/{id}/receipt", get(show))
}

#[derive(Template)]
#[template(path = "desk/take_receipt.html")]
struct ReceiptPage {
    page: Page,
    id: DraftId,
    case: CaseId,
    name: String,
    number: String,
    query_code: String,
    applicant: String,
    received_at: banhao_kernel::Timestamp,
    accept_by: Option<banhao_kernel::Date>,
    qr: Markup,
    track_url: String,
    paper: Option<String>,
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<DraftId>) -> Answer {
    who.staff()?;
    let taken = draft(&state.cases, &who.0, id).await?;
    let Some(case) = taken.case else { return Ok(page.redirect(&format!("/desk/take/{id}"))) };
    super::super::worklist::bar(&state, &page, &who).await?;
    let there = case_file(&state.cases, &who.0, case).await?;
    let papers = papers_of_case(&state.cases.store, case).await?;
    let track_url = format!("{}/track?code={}", state.records.public_url, there.line.query_code);
    let qr = qr_svg(&track_url).map_err(|error| {
        tracing::error!(%error, "a QR code could not be drawn");
        problem::internal()
    })?;
    let view = ReceiptPage {
        id,
        case,
        name: named(&page, &there.version.matter.name),
        number: there.line.number.clone(),
        query_code: grouped(&there.line.query_code),
        applicant: there.line.applicant_masked.clone(),
        received_at: there.line.received_at,
        accept_by: there.clock.due(banhao_cases::clock::Period::Acceptance),
        qr: inline(&qr),
        track_url,
        paper: papers
            .iter()
            .find(|paper| paper.kind == PaperKind::Receipt && paper.state == PaperState::Issued)
            .map(|paper| format!("/desk/cases/{case}/papers/{}", paper.id)),
        page: page.clone(),
    };
    Ok(page.html(&view))
}
