//! What staff do with a case: one POST each, answered by going back to the file. A mistake shows the file again with everything
//! that was sent and what is wrong beside its field; what is not chosen is asked for again, never assumed.

use banhao_cases::facts::{Decision, DeliveryMethod, RefusalGround, SupplementItem, Verdict};
use banhao_cases::queries::file::case_file;
use banhao_cases::{AtWindow, CaseError, HandOver, Signature};
use banhao_identity::{StaffMember, permit_case};
use banhao_kernel::ids::CaseId;

use super::file::view;
use super::sent::{Act, Sent, drawing, drawn};
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

/// The file again with the form as it was sent and its mistakes.
pub(super) async fn again(state: &AppState, page: &Page, who: &Who, id: CaseId, sent: Sent) -> Answer {
    let file = case_file(&state.cases, &who.0, id).await?;
    // Asked although nothing is going to be done, so that nobody learns by trying.
    let mut denied = None;
    if !sent.act.policy().iter().any(|act| permit_case(&who.0, *act, &file.target).map_err(|error| denied = Some(error)).is_ok())
        && let Some(error) = denied
    {
        return Err(error.into());
    }
    let (act, status) = (sent.act, file.state.status);
    let shown = view(state, page, who, file, Some(&sent), None).await?;
    if shown.offers(&sent) {
        Ok(shown.answer(page, StatusCode::UNPROCESSABLE_ENTITY))
    } else {
        Err(CaseError::WrongState { act: act.path(), status: status.as_str() }.into())
    }
}

/// Back to the file when it went well; the form again when something in it is wrong; else the problem's page.
pub(super) async fn answer(state: &AppState, page: &Page, who: &Who, id: CaseId, mut sent: Sent, outcome: Result<(), CaseError>) -> Answer {
    match outcome {
        Ok(()) => Ok(page.redirect_with(&format!("/desk/cases/{id}"), &Flash::good("desk-done"))),
        Err(error) if sent.take(&error) => again(state, page, who, id, sent).await,
        Err(error) => Err(error.into()),
    }
}

async fn accept(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let sent = Sent::new(Act::Accept, fields);
    let outcome = banhao_cases::accept(&sent.once(&state, &who, id), &who.0, id).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn supplement(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Supplement, fields.clone());
    let mut items = Vec::new();
    for (name, problem) in fields.iter() {
        let Some(material) = name.strip_prefix("problem.") else { continue };
        let requirement = fields.get(&format!("requirement.{material}"));
        match (problem.is_empty(), requirement.is_empty()) {
            (true, true) => {}
            (true, false) => sent.wrong(name, "supplement-problem-missing"),
            (false, true) => sent.wrong(format!("requirement.{material}"), "supplement-requirement-missing"),
            (false, false) => {
                let (material, problem, requirement) = (material.to_owned(), problem.to_owned(), requirement.to_owned());
                items.push(SupplementItem { material, problem, requirement });
            }
        }
    }
    if !sent.is_good() {
        return again(&state, &page, &who, id, sent).await;
    }
    let outcome = banhao_cases::request_supplement(&sent.once(&state, &who, id), &who.0, id, items).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn refuse(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Refuse, fields);
    let ground = match sent.get("ground") {
        "not-needed" => Some(RefusalGround::NotNeeded),
        "not-competent" => Some(RefusalGround::NotCompetent),
        _ => None,
    };
    let Some(ground) = ground else {
        sent.wrong("ground", "ground-missing");
        sent.require("reason", "reason-missing");
        return again(&state, &page, &who, id, sent).await;
    };
    let go_to = Some(sent.get("go_to").to_owned()).filter(|body| !body.is_empty());
    let outcome =
        banhao_cases::refuse_acceptance(&sent.once(&state, &who, id), &who.0, id, ground, go_to, sent.get("reason").to_owned()).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn check(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Check, fields);
    let in_order = match sent.get("in_order") {
        "yes" => true,
        "no" => false,
        _ => {
            sent.wrong("in_order", "in-order-missing");
            return again(&state, &page, &who, id, sent).await;
        }
    };
    let outcome = banhao_cases::check_material(&state.cases, &who.0, id, sent.get("material"), in_order).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn review(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Review, fields);
    let verdict = match sent.get("verdict") {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        _ => {
            sent.wrong("verdict", "verdict-missing");
            sent.require("opinion", "opinion-missing");
            return again(&state, &page, &who, id, sent).await;
        }
    };
    let outcome =
        banhao_cases::review(&sent.once(&state, &who, id), &who.0, id, sent.get("step"), verdict, sent.get("opinion").to_owned()).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn decide(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Decide, fields);
    let decision = match sent.get("decision") {
        "grant" => Decision::Grant,
        "refuse" => Decision::Refuse,
        _ => {
            sent.wrong("decision", "decision-missing");
            return again(&state, &page, &who, id, sent).await;
        }
    };
    let outcome = banhao_cases::decide(&sent.once(&state, &who, id), &who.0, id, decision, sent.get("reason").to_owned()).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

/// The window this person says they are at; the only one they have need not be said.
pub(super) fn at_window(staff: &StaffMember, said: &str) -> Option<AtWindow> {
    let window = match staff.windows.as_slice() {
        [only] => only,
        several => several.iter().find(|window| *window == said)?,
    };
    Some(AtWindow { hall: staff.hall.clone()?, window: window.clone() })
}

/// The signature of receipt: the drawing of the pad, or the typed name where there is none.
fn signature(sent: &mut Sent) -> Option<Signature> {
    let Some(drawing) = drawing(&sent.fields) else {
        return Some(sent.get("signature").to_owned()).filter(|name| !name.is_empty()).map(Signature::Typed);
    };
    let bytes = drawn(drawing);
    if bytes.is_none() {
        sent.take(&CaseError::Signature { why: "not-png" });
    }
    bytes.map(Signature::Drawn)
}

async fn deliver(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    let staff = who.staff()?;
    let mut sent = Sent::new(Act::Deliver, fields);
    let method = DeliveryMethod::from_name(sent.get("method"));
    let signature = signature(&mut sent);
    if method.is_none() {
        sent.wrong("method", "method-missing");
    }
    let Some(method) = method.filter(|_| sent.is_good()) else { return again(&state, &page, &who, id, sent).await };
    let given = HandOver {
        method,
        receiver: sent.get("receiver").to_owned(),
        signature,
        waybill: Some(sent.get("waybill").to_owned()).filter(|number| !number.is_empty()),
        at: at_window(staff, sent.get("window")),
    };
    let outcome = banhao_cases::deliver(&sent.once(&state, &who, id), &who.0, id, given).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn visit(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    let staff = who.staff()?;
    let sent = Sent::new(Act::Visit, fields);
    let at = at_window(staff, sent.get("window"));
    let outcome = banhao_cases::record_visit(&sent.once(&state, &who, id), &who.0, id, at, sent.get("purpose")).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

async fn unmask(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Unmask, fields);
    if sent.get("field").is_empty() {
        sent.wrong("field", "choose");
        sent.require("reason", "reason-missing");
        return again(&state, &page, &who, id, sent).await;
    }
    match banhao_cases::unmask(&state.cases, &who.0, id, sent.get("field"), sent.get("reason")).await {
        Ok(value) => {
            let file = case_file(&state.cases, &who.0, id).await?;
            let shown = view(&state, &page, &who, file, None, Some((sent.get("field"), value))).await?;
            Ok(shown.answer(&page, StatusCode::OK))
        }
        Err(error) => answer(&state, &page, &who, id, sent, Err(error)).await,
    }
}
