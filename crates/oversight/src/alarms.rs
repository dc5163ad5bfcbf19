//! Alarms: when a last day of the authority is over and the deadline was not met, the rule's alarm is kept and stated once.

use std::str::FromStr;

use banhao_cases::{CaseContext, OVERDUE_JOB, Overdue, clock::Period, queries::counts::lines};
use banhao_kernel::{
    Date, Timestamp,
    actor::Actor,
    ids::{AlarmId, CaseId},
};
use banhao_store::{Job, JobError, Moment, NewFact, Runner, StoreError};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult};
use serde_json::json;

use crate::{
    entities::alarm,
    error::OversightError,
    rules::{AlarmLevel, AlarmRule, RULES, rule_for},
};

/// An alarm with the case it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmView {
    /// Id.
    pub id: AlarmId,
    /// Key of the rule; its words are `alarm-rule-KEY`.
    pub rule: String,
    /// How grave.
    pub level: AlarmLevel,
    /// The period whose last day passed.
    pub period: Period,
    /// That day.
    pub due: Date,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// The case.
    pub case: CaseId,
    /// 办件编号.
    pub number: String,
    /// Name of the matter.
    pub matter_name: String,
    /// Key of the organisation.
    pub organisation: String,
}

/// Adds the watch over last days to a runner.
#[must_use]
pub fn register(runner: Runner, ctx: &CaseContext) -> Runner {
    let ctx = ctx.clone();
    runner.on(OVERDUE_JOB, move |_, job| {
        let ctx = ctx.clone();
        async move {
            match on_overdue(&ctx, job).await {
                // Taken over by another runner, or taken back because the case moved on.
                Ok(()) | Err(OversightError::Store(StoreError::LostClaim)) => Ok(()),
                Err(error) => Err(JobError::told(error)),
            }
        }
    })
}

async fn on_overdue(ctx: &CaseContext, job: Job) -> Result<(), OversightError> {
    let overdue: Overdue = serde_json::from_value(job.payload.clone()).map_err(|error| OversightError::Damaged(error.to_string()))?;
    // The timer is taken back by every act that comes in time, so its ringing says that none did.
    let rule = rule_for(overdue.period);
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&job).await?;
                if let Some(rule) = rule {
                    raise(tx, rule, &overdue).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Keeps and states an alarm, unless the same one has been raised before.
async fn raise(tx: &mut banhao_store::Tx, rule: &AlarmRule, overdue: &Overdue) -> Result<(), OversightError> {
    let id = AlarmId::generate(tx.clock(), tx.entropy());
    let row = alarm::ActiveModel {
        id: Set(id.as_uuid()),
        rule: Set(rule.key.to_owned()),
        level: Set(rule.level.as_str().to_owned()),
        case_id: Set(overdue.case.as_uuid()),
        period: Set(overdue.period.as_str().to_owned()),
        due: Set(overdue.due.to_string()),
        raised_at: Set(Moment::from(tx.now())),
    };
    let kept = alarm::Entity::insert(row)
        .on_conflict_do_nothing_on([alarm::Column::CaseId, alarm::Column::Rule, alarm::Column::Period, alarm::Column::Due])
        .exec_without_returning(tx.conn())
        .await?;
    if matches!(kept, TryInsertResult::Inserted(rows) if rows > 0) {
        let body = json!({
            "alarm": id.to_string(),
            "rule": rule.key,
            "level": rule.level.as_str(),
            "period": overdue.period.as_str(),
            "due": overdue.due.to_string(),
        });
        tx.state(NewFact {
            subject_kind: "case",
            subject: overdue.case.as_uuid(),
            kind: "alarm.raised".to_owned(),
            actor: Actor::System,
            body,
        });
    }
    Ok(())
}

/// The newest alarms, newest first; at most 100.
///
/// # Errors
/// When the store fails or an alarm cannot be read.
pub async fn latest_alarms(ctx: &CaseContext, limit: u64) -> Result<Vec<AlarmView>, OversightError> {
    let rows = alarm::Entity::find()
        .order_by_desc(alarm::Column::RaisedAt)
        .order_by_desc(alarm::Column::Id)
        .limit(limit.min(100))
        .all(ctx.store.read())
        .await?;
    views(ctx, rows).await
}

/// The alarms of a case, oldest first. Whoever shows them has made sure that the person may see the case.
///
/// # Errors
/// When the store fails or an alarm cannot be read.
pub async fn alarms_of(ctx: &CaseContext, case: CaseId) -> Result<Vec<AlarmView>, OversightError> {
    let rows = alarm::Entity::find()
        .filter(alarm::Column::CaseId.eq(case.as_uuid()))
        .order_by_asc(alarm::Column::RaisedAt)
        .order_by_asc(alarm::Column::Id)
        .limit(100)
        .all(ctx.store.read())
        .await?;
    views(ctx, rows).await
}

async fn views(ctx: &CaseContext, rows: Vec<alarm::Model>) -> Result<Vec<AlarmView>, OversightError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<CaseId> = rows.iter().map(|row| CaseId::from_uuid(row.case_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let cases = lines(ctx, &ids).await?;
    let mut alarms = Vec::with_capacity(rows.len());
    for row in rows {
        let damaged = |what: &str| OversightError::Damaged(format!("alarm {}: {what}", row.id));
        let case = CaseId::from_uuid(row.case_id);
        let about = cases.iter().find(|line| line.id == case).ok_or_else(|| damaged("case"))?;
        alarms.push(AlarmView {
            id: AlarmId::from_uuid(row.id),
            level: AlarmLevel::from_name(&row.level).ok_or_else(|| damaged("level"))?,
            period: RULES.iter().map(|rule| rule.period).find(|period| period.as_str() == row.period).ok_or_else(|| damaged("period"))?,
            due: Date::from_str(&row.due).map_err(|_| damaged("due"))?,
            raised_at: row.raised_at.into(),
            rule: row.rule,
            case,
            number: about.number.clone(),
            matter_name: about.matter_name.clone(),
            organisation: about.organisation.clone(),
        });
    }
    Ok(alarms)
}
