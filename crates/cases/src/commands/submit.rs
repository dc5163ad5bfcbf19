//! Submission (提交): a draft becomes a case, exactly once. The draft's id was made before the first attempt, so a double click, a
//! retry or a lost answer finds the case that is already there.

use banhao_catalogue::{
    MatterVersion, Snapshot,
    decisions::{self, Decided, Purpose},
    forms::{self, NeededMaterial},
    model::{AfterHoursRule as Rule, CaseKind},
};
use banhao_identity::Principal;
use banhao_kernel::{
    CaseNumber, QueryCode,
    actor::Channel,
    clock::civil_date,
    digest::sha256_hex,
    ids::{CaseId, DraftId},
    mask,
    problem::FieldProblem,
};
use banhao_store::{Moment, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    commands::{
        acceptance::accept_by_rules,
        draft::{AtWindow, editable},
        visit::write_visit,
    },
    context::CaseContext,
    entities::{case_record, draft, material},
    error::CaseError,
    facts::{CaseFact, MaterialDigest},
    flow,
    loaded::LoadedCase,
    model::CaseState,
    papers,
    rules::receipt::{AfterHoursRule, receipt_day},
    sealed::{Answers, open_answers, seal_name},
};

/// The answer to a submission, the same for every repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// The case.
    pub case: CaseId,
    /// 办件编号.
    pub number: String,
    /// 查询码.
    pub query_code: String,
    /// Whether this very call made the case.
    pub first: bool,
}

/// Submits a draft. `delivery_wish` is `window`, `courier` or `electronic`: the applicant's choice.
///
/// # Errors
/// All mistakes of answers and materials at once; nothing is changed then.
pub async fn submit(ctx: &CaseContext, principal: &Principal, draft: DraftId, delivery_wish: &str) -> Result<Submitted, CaseError> {
    let snapshot = ctx.snapshot().await?;
    let principal = principal.clone();
    let wish = crate::facts::DeliveryMethod::from_name(delivery_wish).unwrap_or(crate::facts::DeliveryMethod::Electronic);
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let row = editable(tx, &principal, draft).await?;
                if let Some(case) = row.case_id {
                    return already(tx, case).await;
                }
                let version = snapshot
                    .matter_version(&row.matter, u32::try_from(row.matter_version).unwrap_or(0))
                    .ok_or_else(|| CaseError::MatterClosed { matter: row.matter.clone(), why: "unknown" })?;
                let files = material::Entity::find()
                    .filter(material::Column::Draft.eq(row.id))
                    .filter(material::Column::Removed.eq(false))
                    .order_by_asc(material::Column::AddedAt)
                    .all(tx.conn())
                    .await?;
                receive(tx, &principal, snapshot, version, row, files, wish.as_str()).await
            })
        })
        .await
}

async fn already(tx: &Tx, case: uuid::Uuid) -> Result<Submitted, CaseError> {
    let row = case_record::Entity::find_by_id(case).one(tx.conn()).await?.ok_or(CaseError::NotFound { what: "case" })?;
    Ok(Submitted { case: CaseId::from_uuid(row.id), number: row.number, query_code: row.query_code, first: false })
}

/// Mistakes in answers and missing materials, all at once.
pub fn mistakes(snapshot: &Snapshot, version: &MatterVersion, answers: &Answers, uploaded: &[&str]) -> Vec<FieldProblem> {
    mistakes_in(snapshot, version, answers, uploaded, &forms::materials_needed(version, answers))
}

fn mistakes_in(
    snapshot: &Snapshot,
    version: &MatterVersion,
    answers: &Answers,
    uploaded: &[&str],
    needed: &[NeededMaterial<'_>],
) -> Vec<FieldProblem> {
    let mut problems = forms::check(&version.form, answers, snapshot.into());
    for needed in needed {
        if needed.required && !uploaded.contains(&needed.material.key.as_str()) {
            problems.push(
                FieldProblem::new(format!("material.{}", needed.material.key), "material-missing")
                    .with_arg("material", needed.material.name.zh.clone()),
            );
        }
    }
    problems
}

/// What the rules said of the application becomes part of its record: whether it applies, its materials, its fees. That the platform
/// accepts by itself is stated with the acceptance.
fn state_decisions(tx: &mut Tx, record: &case_record::Model, version: &MatterVersion, decided: &Decided) {
    for made in decided.made.iter().filter(|made| made.purpose != Purpose::Acceptance) {
        let fact = CaseFact::by_rules(&record.answers, version.version, &made.decision, &made.rules, &made.result);
        tx.state(fact.into_new(record.id, Principal::System.actor()));
    }
}

async fn receive(
    tx: &mut Tx,
    principal: &Principal,
    snapshot: std::sync::Arc<Snapshot>,
    version: std::sync::Arc<MatterVersion>,
    row: draft::Model,
    files: Vec<material::Model>,
    wish: &str,
) -> Result<Submitted, CaseError> {
    let answers = open_answers(tx.vault(), &row.answers)?;
    let decided = decisions::settle(&version, &answers);
    if decided.applies.as_ref().is_some_and(|applies| !applies.yes) {
        return Err(CaseError::MatterClosed { matter: row.matter.clone(), why: "not-applicable" });
    }
    let keys: Vec<&str> = files.iter().map(|file| file.material.as_str()).collect();
    let needed = forms::materials_decided(&version, &answers, decided.materials.as_ref());
    let fields = mistakes_in(&snapshot, &version, &answers, &keys, &needed);
    if !fields.is_empty() {
        return Err(CaseError::Incomplete { fields });
    }
    let matter = &version.matter;
    let case = CaseId::generate(tx.clock(), tx.entropy());
    let today = civil_date(tx.now());
    let rule = match snapshot.installation.after_hours_rule {
        Rule::NextWorkingMoment => AfterHoursRule::NextWorkingMoment,
        Rule::SameDay => AfterHoursRule::SameDay,
    };
    let closes = snapshot
        .installation
        .office_hours
        .minutes()
        .last()
        .map_or((24, 0), |(_, end)| (i8::try_from(end / 60).unwrap_or(24), i8::try_from(end % 60).unwrap_or(0)));
    let received_on = receipt_day(tx.now(), rule, closes, &snapshot.calendar)?;
    let serial = tx.next_number(&format!("case/{}/{today}", matter.task_code)).await?;
    let number = CaseNumber::new(&matter.task_code, today, serial.unsigned_abs())
        .map_err(|error| CaseError::Damaged(error.to_string()))?
        .to_string();
    let query_code = QueryCode::generate(tx.entropy()).to_string();
    let clerk = match principal {
        Principal::Staff(staff) => Some(staff.id),
        _ => None,
    };
    let channel = Channel::from_name(&row.channel).unwrap_or(Channel::Web);
    let hall = row.hall.clone().or_else(|| matter.halls.first().cloned());
    let name = answers.text("applicant_name").unwrap_or_default().to_owned();
    // Names of enterprises are public; those of people are shown masked.
    let personal = version.form.fields().find(|field| field.key == "applicant_name").is_none_or(|field| field.personal);
    let draft_id = row.id;
    let record = case_record::Model {
        id: case.as_uuid(),
        number: number.clone(),
        query_code: query_code.clone(),
        draft: draft_id,
        matter: matter.key.clone(),
        matter_version: row.matter_version,
        process_version: row.matter_version,
        matter_name: matter.name.zh.clone(),
        case_kind: match matter.case_kind {
            CaseKind::Immediate => "immediate",
            CaseKind::Promised => "promised",
        }
        .to_owned(),
        organisation: matter.organisation.clone(),
        hall,
        channel: channel.as_str().to_owned(),
        applicant: row.person,
        applicant_name: seal_name(tx.vault(), &name)?,
        applicant_masked: if personal { mask::name(&name) } else { name.clone() },
        answers: row.answers.clone(),
        status: String::new(),
        outcome: None,
        received_at: Moment::from(tx.now()),
        received_on: received_on.to_string(),
        accepted_on: None,
        decided_on: None,
        closed_at: None,
        closed_on: None,
        due_on: None,
        due_period: None,
        promised_due: None,
        statutory_due: None,
        clock_state: String::new(),
        visits: 0,
        delivery_wish: wish.to_owned(),
        row_version: 0,
    };
    let received = CaseFact::Received {
        number: number.clone(),
        matter: matter.key.clone(),
        matter_version: version.version,
        channel,
        hall: record.hall.clone(),
        received_at: tx.now(),
        received_on,
        by: clerk,
        answers_sha256: sha256_hex(&record.answers),
        materials: files.iter().map(|file| MaterialDigest { key: file.material.clone(), sha256: file.sha256.clone() }).collect(),
    };
    let state = CaseState::fold([&received]).ok_or_else(|| CaseError::Damaged("receipt".to_owned()))?;
    tx.state(received.into_new(case.as_uuid(), principal.actor()));
    state_decisions(tx, &record, &version, &decided);
    let mut loaded = LoadedCase::fresh(record, state, std::sync::Arc::clone(&version), snapshot);
    let visit = match (row.hall.clone(), row.window_code.clone(), clerk) {
        (Some(hall), Some(window), Some(clerk)) => Some((AtWindow { hall, window }, clerk)),
        _ => None,
    };
    loaded.state.visits = u32::from(visit.is_some());
    loaded.insert(tx).await?;
    if let Some((at, clerk)) = visit {
        let fact = write_visit(tx, case, clerk, &at, "apply").await?;
        tx.state(fact.into_new(case.as_uuid(), principal.actor()));
    }
    draft::Entity::update_many()
        .col_expr(draft::Column::CaseId, sea_orm::sea_query::Expr::value(case.as_uuid()))
        .filter(draft::Column::Id.eq(draft_id))
        .exec(tx.conn())
        .await?;
    if !files.is_empty() {
        material::Entity::update_many()
            .col_expr(material::Column::CaseId, sea_orm::sea_query::Expr::value(case.as_uuid()))
            .filter(material::Column::Draft.eq(draft_id))
            .exec(tx.conn())
            .await?;
    }
    flow::begin(tx, &mut loaded, principal).await?;
    let listed = version
        .matter
        .materials
        .iter()
        .filter_map(|material| {
            let count = files.iter().filter(|file| file.material == material.key).count();
            (count > 0).then(|| (material.name.zh.clone(), count))
        })
        .collect();
    papers::receipt(tx, &loaded, listed).await?;
    if let Some(made) = decided.made.iter().find(|made| made.purpose == Purpose::Acceptance).filter(|_| decided.acceptance) {
        accept_by_rules(tx, loaded, made).await?;
    }
    Ok(Submitted { case, number, query_code, first: true })
}
