//! What staff do with a case: one POST each, answered by going back to the file. A mistake shows the file again with what is wrong.

use banhao_cases::facts::{Decision, DeliveryMethod, RefusalGround, SupplementItem, Verdict};
use banhao_cases::{AtWindow, CaseError, HandOver, Signature};
use banhao_kernel::ids::CaseId;
use banhao_kernel::problem::Problem;

use super::file::view;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/cases/{id}/accept", post(accept))
        .route("/desk/cases/{id}/request-supplement", post(supplement))
        .route("/desk/cases/{id}/refuse", post(refuse))
        .route("/desk/cases/{id}/check", post(check))
        .route("/desk/cases/{id}/review", post(review))
        .route("/desk/cases/{id}/decide", post(decide))
        .route("/desk/cases/{id}/deliver", post(deliver))
        .route("/desk/cases/{id}/visit", post(visit))
        .route("/desk/cases/{id}/unmask", post(unmask))
}

/// Back to the file when it went well; the file with what is wrong when something is empty; else the problem's page.
async fn answer(state: &AppState, page: &Page, who: &Who, id: CaseId, outcome: Result<(), CaseError>) -> Answer {
    match outcome {
        Ok(()) => Ok(page.redirect_with(&format!("/desk/cases/{id}"), &Flash::good("desk-done"))),
        Err(error @ CaseError::Empty { .. }) => {
            let problem: Problem = error.into();
            let words = banhao_texts::problem(page.lang(), &problem);
            let again = view(state, page, who, id, format!("{} {}", words.title, words.remedy), None).await?;
            Ok(again.answer(page, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

async fn accept(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>) -> Answer {
    who.staff()?;
    let outcome = banhao_cases::accept(&state.cases, &who.0, id).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn supplement(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let items = fields
        .iter()
        .filter_map(|(name, problem)| {
            let material = name.strip_prefix("problem.")?;
            let requirement = fields.get(&format!("requirement.{material}"));
            let filled = !problem.trim().is_empty() || !requirement.trim().is_empty();
            filled.then(|| SupplementItem {
                material: material.to_owned(),
                problem: problem.trim().to_owned(),
                requirement: requirement.trim().to_owned(),
            })
        })
        .collect();
    let outcome = banhao_cases::request_supplement(&state.cases, &who.0, id, items).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn refuse(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let ground = if fields.get("ground") == "not-needed" { RefusalGround::NotNeeded } else { RefusalGround::NotCompetent };
    let go_to = Some(fields.get("go_to").trim().to_owned()).filter(|body| !body.is_empty());
    let outcome = banhao_cases::refuse_acceptance(&state.cases, &who.0, id, ground, go_to, fields.get("reason").to_owned()).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn check(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let outcome = banhao_cases::check_material(&state.cases, &who.0, id, fields.get("material"), fields.get("in_order") == "yes").await;
    answer(&state, &page, &who, id, outcome).await
}

async fn review(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let verdict = if fields.get("verdict") == "fail" { Verdict::Fail } else { Verdict::Pass };
    let outcome = banhao_cases::review(&state.cases, &who.0, id, fields.get("step"), verdict, fields.get("opinion").to_owned()).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn decide(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    // Only the word itself grants: a form without a choice refuses nothing and grants nothing.
    let decision = match fields.get("decision") {
        "grant" => Decision::Grant,
        "refuse" => Decision::Refuse,
        _ => {
            let outcome = Err(CaseError::Empty { what: "decision" });
            // The policies are asked all the same, so that nobody learns by trying.
            let file = banhao_cases::queries::file::case_file(&state.cases, &who.0, id).await?;
            banhao_identity::permit_case(&who.0, banhao_identity::CaseAct::Decide, &file.target)?;
            return answer(&state, &page, &who, id, outcome).await;
        }
    };
    let outcome = banhao_cases::decide(&state.cases, &who.0, id, decision, fields.get("reason").to_owned()).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn deliver(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    let staff = who.staff()?;
    let method = DeliveryMethod::from_name(fields.get("method")).unwrap_or(DeliveryMethod::Window);
    let receiver = fields.get("receiver").trim().to_owned();
    // The drawn signature of the pad, or the typed name where there are no scripts: kept as a file, bound by its digest.
    let drawn = fields.get("signature").strip_prefix("data:image/png;base64,").and_then(|text| {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.decode(text).ok()
    });
    let typed = Some(fields.get("signature_name").trim().to_owned()).filter(|name| !name.is_empty());
    let signature = drawn.map(Signature::Drawn).or(typed.map(Signature::Typed));
    let at = match (&staff.hall, staff.windows.first()) {
        (Some(hall), Some(window)) => Some(AtWindow { hall: hall.clone(), window: window.clone() }),
        _ => None,
    };
    let waybill = Some(fields.get("waybill").trim().to_owned()).filter(|number| !number.is_empty());
    let outcome = banhao_cases::deliver(&state.cases, &who.0, id, HandOver { method, receiver, signature, waybill, at }).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn visit(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    let staff = who.staff()?;
    let at = staff.hall.clone().zip(staff.windows.first().cloned()).map(|(hall, window)| AtWindow { hall, window });
    let outcome = banhao_cases::record_visit(&state.cases, &who.0, id, at, fields.get("purpose")).await;
    answer(&state, &page, &who, id, outcome).await
}

async fn unmask(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let field = fields.get("field");
    match banhao_cases::unmask(&state.cases, &who.0, id, field, fields.get("reason")).await {
        Ok(value) => {
            let again = view(&state, &page, &who, id, String::new(), Some((field.to_owned(), value))).await?;
            Ok(again.answer(&page, StatusCode::OK))
        }
        Err(error) => answer(&state, &page, &who, id, Err(error)).await,
    }
}
