//! What a case wants to have written: the data of each formal paper (文书), in the words of domain.md Appendix B. Typesetting and
//! signing are in `records`.

use banhao_catalogue::{
    forms,
    model::{ItemType, Organisation, ResultKind},
};
use banhao_kernel::{
    Date,
    clock::{civil_date, civil_datetime},
    ids::{PaperId, PersonId},
};
use banhao_records::{LicenceOrder, PaperKind, PaperOrder, next_licence_number, order_paper};
use banhao_store::Tx;
use jiff::ToSpan;
use serde_json::{Value, json};

use crate::{
    error::CaseError,
    facts::{RefusalGround, SupplementItem},
    loaded::LoadedCase,
    sealed::{Answers, open_answers, open_name},
};

/// 2026年11月23日.
#[must_use]
pub fn long_date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn organisation(case: &LoadedCase) -> Result<&Organisation, CaseError> {
    let key = &case.row.organisation;
    case.snapshot.organisation(key).ok_or_else(|| CaseError::Damaged(format!("organisation {key} is not in the catalogue")))
}

fn text(answers: &Answers, key: &str) -> String {
    answers.text(key).unwrap_or_default().to_owned()
}

/// Data that every paper has.
fn common(tx: &Tx, case: &LoadedCase) -> Result<(Value, Answers), CaseError> {
    let organ = organisation(case)?;
    let answers = open_answers(tx.vault(), &case.row.answers)?;
    let matter = &case.version.matter;
    let received = civil_datetime(case.state.received_at);
    let articles: Vec<String> = matter.basis.iter().map(|basis| format!("《{}》{}", basis.law, basis.article)).collect();
    let review = organ.review_organ.clone().unwrap_or_else(|| matter.remedy.review_organ.clone());
    let court = organ.court.clone().unwrap_or_else(|| matter.remedy.court.clone());
    let data = json!({
        "organ": organ.name.zh,
        "organ_credit_code": organ.credit_code.to_string(),
        "seal": organ.approval_seal.clone().unwrap_or_else(|| "行政审批专用章".to_owned()),
        "applicant": open_name(tx.vault(), &case.row.applicant_name)?,
        "applicant_number": text(&answers, "applicant_number"),
        "matter": matter.name.zh,
        "is_licence_matter": matter.item_type == ItemType::Licence,
        "case_number": case.row.number,
        "query_code": case.row.query_code,
        "received_on": long_date(civil_date(case.state.received_at)),
        "received_at": format!("{} {:02}:{:02}", long_date(received.date()), received.hour(), received.minute()),
        "accepted_on": case.state.accepted.map(|(on, _)| long_date(on)),
        "decided_on": case.state.decision.map(|(on, _)| long_date(on)),
        "issued_on": long_date(LoadedCase::today(tx)),
        "promised_days": matter.clock.promised_days,
        "statutory_days": matter.clock.statutory_days,
        "articles": articles,
        "review_organ": review,
        "court": court,
        "phone": matter.contact.phone,
        "supervise_phone": matter.contact.supervise_phone,
        "demo": case.snapshot.installation.demo,
    });
    Ok((data, answers))
}

async fn order(tx: &mut Tx, case: &LoadedCase, kind: PaperKind, extra: Value, licence: Option<LicenceOrder>) -> Result<PaperId, CaseError> {
    let (mut data, _) = common(tx, case)?;
    if let (Some(all), Value::Object(extra)) = (data.as_object_mut(), extra) {
        all.extend(extra);
    }
    let organ = organisation(case)?;
    let order = PaperOrder {
        kind,
        case_id: case.id(),
        case_number: case.row.number.clone(),
        matter: case.row.matter.clone(),
        matter_version: u32::try_from(case.row.matter_version).unwrap_or(0),
        organisation: case.row.organisation.clone(),
        organisation_short: organ.short.clone(),
        organisation_code: organ.credit_code.to_string(),
        recipient: PersonId::from_uuid(case.row.applicant),
        holder_masked: case.row.applicant_masked.clone(),
        data,
        licence,
    };
    Ok(order_paper(tx, order).await?)
}

/// 收件凭证: what came in and when.
pub(crate) async fn receipt(tx: &mut Tx, case: &LoadedCase, materials: Vec<(String, usize)>) -> Result<PaperId, CaseError> {
    let items: Vec<Value> = materials.into_iter().map(|(name, files)| json!({ "material": name, "copies": files })).collect();
    order(tx, case, PaperKind::Receipt, json!({ "items": items }), None).await
}

/// 受理通知书.
pub(crate) async fn acceptance(tx: &mut Tx, case: &LoadedCase, due: Option<Date>) -> Result<PaperId, CaseError> {
    let due = due.map_or_else(|| "国务院办公厅公布下一年度放假安排后确定的日期".to_owned(), long_date);
    order(tx, case, PaperKind::Acceptance, json!({ "due_on": due }), None).await
}

/// 补正告知书(一次性告知).
pub(crate) async fn supplement(tx: &mut Tx, case: &LoadedCase, items: &[SupplementItem], due: Date) -> Result<PaperId, CaseError> {
    let items: Vec<Value> = items
        .iter()
        .map(|item| {
            let name = case.version.matter.material(&item.material).map_or(item.material.as_str(), |material| material.name.zh.as_str());
            json!({ "material": name, "problem": item.problem, "requirement": item.requirement })
        })
        .collect();
    order(tx, case, PaperKind::Supplement, json!({ "items": items, "due_on": long_date(due) }), None).await
}

/// 不予受理决定书.
pub(crate) async fn non_acceptance(
    tx: &mut Tx,
    case: &LoadedCase,
    ground: RefusalGround,
    go_to: Option<&str>,
    reason: &str,
) -> Result<PaperId, CaseError> {
    let ground = match ground {
        RefusalGround::NotNeeded => "not-needed",
        RefusalGround::NotCompetent => "not-competent",
    };
    order(tx, case, PaperKind::NonAcceptance, json!({ "ground": ground, "go_to": go_to, "reason": reason }), None).await
}

/// 准予决定书.
pub(crate) async fn grant(tx: &mut Tx, case: &LoadedCase, reason: &str) -> Result<PaperId, CaseError> {
    order(tx, case, PaperKind::Grant, json!({ "reason": reason, "result_name": case.version.matter.result.name.zh }), None).await
}

/// 不予决定书.
pub(crate) async fn refusal(tx: &mut Tx, case: &LoadedCase, reason: &str) -> Result<PaperId, CaseError> {
    order(tx, case, PaperKind::Refusal, json!({ "reason": reason }), None).await
}

/// 送达回证.
pub(crate) async fn delivery(tx: &mut Tx, case: &LoadedCase, method: &str, receiver: &str, deliverer: &str) -> Result<PaperId, CaseError> {
    let extra = json!({ "method": method, "receiver": receiver, "deliverer": deliverer, "delivered_on": long_date(LoadedCase::today(tx)) });
    order(tx, case, PaperKind::Delivery, extra, None).await
}

/// The result itself: a licence, or the paper that says what was granted.
pub(crate) async fn order_result(tx: &mut Tx, case: &LoadedCase) -> Result<PaperId, CaseError> {
    let (common, answers) = common(tx, case)?;
    let result = &case.version.matter.result;
    let today = LoadedCase::today(tx);
    let valid_to = result
        .validity_months
        .and_then(|months| today.checked_add(i32::try_from(months).unwrap_or(i32::MAX).months()).ok())
        .and_then(|day| day.yesterday().ok());
    let organ = organisation(case)?;
    let licence_type = result.licence_type.clone().unwrap_or_else(|| format!("{}001", organ.credit_code));
    let number =
        if result.kind == ResultKind::Licence { Some(next_licence_number(tx, &licence_type, &organ.credit_code).await?) } else { None };
    let known = json!({
        "number": case.row.number,
        "licence_number": number,
        "received_on": common["received_on"],
        "decided_on": common["decided_on"],
        "organisation": common["organ"],
        "issued_on": long_date(today),
        "valid_from": long_date(today),
        "valid_until": valid_to.map_or_else(|| "长期".to_owned(), long_date),
    });
    let lines = forms::result_lines(&case.version, &answers, &known).map_err(|error| CaseError::Process(error.to_string()))?;
    let fields: Vec<(String, String)> =
        lines.into_iter().filter(|line| !line.value.is_empty()).map(|line| (line.label.zh, line.value)).collect();
    let licence = number.clone().map(|number| LicenceOrder {
        number,
        name: result.name.zh.clone(),
        licence_type,
        holder_name: common["applicant"].as_str().unwrap_or_default().to_owned(),
        holder_number: text(&answers, "applicant_number"),
        fields: fields.clone(),
        valid_from: today,
        valid_to,
    });
    let extra = json!({
        "title": result.name.zh,
        "fields": fields,
        "valid_from": long_date(today),
        "valid_to": valid_to.map(long_date),
        "licence_number": number,
    });
    order(tx, case, PaperKind::Licence, extra, licence).await
}
