//! Ratings (好差评): voluntary, one per case (一事一评), by its applicant, when the case is finished. A negative one is assigned
//! for follow-up the same instant. The words are sealed; the ledger holds level, tags and channel.

use std::collections::BTreeSet;

use banhao_cases::{CaseContext, CaseError, model::CaseStatus, queries};
use banhao_identity::{CaseAct, IdentityError, Principal, permit_case};
use banhao_kernel::{
    Timestamp,
    actor::Actor,
    digest::sha256_hex,
    ids::{CaseId, RatingId},
    problem::FieldProblem,
};
use banhao_store::{Moment, NewFact, Vault};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TryInsertResult,
    sea_query::{Alias, Expr, ExprTrait, Func, Query},
};
use serde_json::json;

use crate::{
    cockpit::RatingCounts,
    entities::rating,
    error::OversightError,
    satisfaction::{RatingChannel, Satisfaction},
    tags::{self, TAG_SET},
};

const PURPOSE: &str = "oversight.rating";
/// Handling of a negative rating: assigned to the organisation, which has to call back (domain.md §8.5).
pub const ASSIGNED: &str = "assigned";
/// Longest text of a rating, in characters.
pub const LONGEST_TEXT: usize = 500;

/// A rating as a person filled it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingInput {
    /// Stars, 1 to 5.
    pub level: u8,
    /// Codes of the reasons; each must belong to the star.
    pub tags: Vec<String>,
    /// In own words; may be empty.
    pub text: String,
    /// Where it is given.
    pub channel: RatingChannel,
}

/// A rating that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Checked {
    level: Satisfaction,
    tags: BTreeSet<u16>,
    text: Option<String>,
    channel: RatingChannel,
}

impl RatingInput {
    fn check(self) -> Result<Checked, OversightError> {
        let mut fields = Vec::new();
        let level = Satisfaction::from_star(self.level);
        if level.is_none() {
            fields.push(FieldProblem::new("level", "rating-level"));
        }
        let mut tags = BTreeSet::new();
        for code in &self.tags {
            let known = code.parse().ok().and_then(tags::find);
            match known {
                Some(tag) if level.is_none_or(|level| u16::from(level.star()) == tag.star()) => {
                    tags.insert(tag.code);
                }
                _ => fields.push(FieldProblem::new("tags", "rating-tag").with_arg("tag", code.chars().take(20).collect::<String>())),
            }
        }
        let text = self.text.trim();
        if text.chars().count() > LONGEST_TEXT {
            fields.push(FieldProblem::new("text", "rating-text-long").with_arg("longest", LONGEST_TEXT.to_string()));
        }
        match level {
            Some(level) if fields.is_empty() => {
                Ok(Checked { level, tags, text: (!text.is_empty()).then(|| text.to_owned()), channel: self.channel })
            }
            _ => Err(OversightError::Invalid { fields }),
        }
    }
}

/// A rating as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingView {
    /// Id.
    pub id: RatingId,
    /// The case.
    pub case: CaseId,
    /// Level.
    pub level: Satisfaction,
    /// Codes of the reasons, in order.
    pub tags: Vec<u16>,
    /// Number of the tag table they are from.
    pub tag_set: i32,
    /// In own words.
    pub text: Option<String>,
    /// Where it was given.
    pub channel: RatingChannel,
    /// When.
    pub at: Timestamp,
    /// Where the handling of a negative rating stands: [`ASSIGNED`]; none for the others.
    pub handling: Option<String>,
}

impl RatingView {
    fn says(&self, checked: &Checked) -> bool {
        self.level == checked.level && self.tags.iter().eq(&checked.tags) && self.text == checked.text
    }
}

/// What became of a rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// The case's rating.
    pub rating: RatingView,
    /// Whether this very call gave it; `false` when the same was sent before.
    pub first: bool,
}

fn view(vault: &Vault, row: rating::Model) -> Result<RatingView, OversightError> {
    let damaged = |what: &str| OversightError::Damaged(format!("rating {}: {what}", row.id));
    let level = u8::try_from(row.level).ok().and_then(Satisfaction::from_star).ok_or_else(|| damaged("level"))?;
    let channel = RatingChannel::from_name(&row.channel).ok_or_else(|| damaged("channel"))?;
    let tags =
        row.tags.split('|').filter(|code| !code.is_empty()).map(str::parse).collect::<Result<_, _>>().map_err(|_| damaged("tags"))?;
    let text = match &row.text {
        Some(sealed) => Some(String::from_utf8(vault.open(PURPOSE, sealed)?).map_err(|_| damaged("text"))?),
        None => None,
    };
    Ok(RatingView {
        id: RatingId::from_uuid(row.id),
        case: CaseId::from_uuid(row.case_id),
        level,
        tags,
        tag_set: row.tag_set,
        text,
        channel,
        at: row.at.into(),
        handling: row.handling,
    })
}

async fn of_case(conn: &impl ConnectionTrait, vault: &Vault, case: CaseId) -> Result<Option<RatingView>, OversightError> {
    let row = rating::Entity::find().filter(rating::Column::CaseId.eq(case.as_uuid())).one(conn).await?;
    row.map(|row| view(vault, row)).transpose()
}

/// Rates a finished case. Sending the same again gives the first rating back and keeps nothing.
///
/// # Errors
/// When the case is not the principal's, is not finished or has another rating already, or the rating has mistakes.
pub async fn rate(ctx: &CaseContext, principal: &Principal, case: CaseId, input: RatingInput) -> Result<Rated, OversightError> {
    let file = queries::file::case_file(ctx, principal, case).await?;
    match permit_case(principal, CaseAct::Rate, &file.target) {
        Ok(()) => {}
        Err(IdentityError::Denied { policies }) => return Err(CaseError::Denied { policies }.into()),
        Err(other) => return Err(other.into()),
    }
    // The platform passes every policy, but has no opinion of itself.
    if principal.person().is_none_or(|person| person.id != file.applicant) {
        return Err(CaseError::Denied { policies: "no-permit".to_owned() }.into());
    }
    if file.state.status != CaseStatus::Closed && file.state.delivered_on.is_none() {
        return Err(OversightError::NotFinished { status: file.state.status.as_str() });
    }
    let checked = input.check()?;
    let organisation = file.target.organisation;
    let actor = principal.actor();
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let id = RatingId::generate(tx.clock(), tx.entropy());
                let sealed = checked.text.as_ref().map(|text| tx.vault().seal(PURPOSE, text.as_bytes())).transpose()?;
                let codes: Vec<String> = checked.tags.iter().map(ToString::to_string).collect();
                let row = rating::Model {
                    id: id.as_uuid(),
                    case_id: case.as_uuid(),
                    level: i32::from(checked.level.star()),
                    tag_set: TAG_SET,
                    tags: codes.join("|"),
                    text: sealed,
                    channel: checked.channel.as_str().to_owned(),
                    at: Moment::from(tx.now()),
                    handling: checked.level.is_negative().then(|| ASSIGNED.to_owned()),
                };
                // Unique by case: of two at the same instant one is kept, and the other sees it.
                let kept = rating::Entity::insert(active(&row))
                    .on_conflict_do_nothing_on([rating::Column::CaseId])
                    .exec_without_returning(tx.conn())
                    .await?;
                if !matches!(kept, TryInsertResult::Inserted(rows) if rows > 0) {
                    let there = of_case(tx.conn(), tx.vault(), case).await?;
                    return match there {
                        Some(rating) if rating.says(&checked) => Ok(Rated { rating, first: false }),
                        _ => Err(OversightError::AlreadyRated),
                    };
                }
                let body = json!({
                    "rating": id.to_string(),
                    "level": checked.level.star(),
                    "tag_set": TAG_SET,
                    "tags": checked.tags,
                    "channel": checked.channel.as_str(),
                    // Of the sealed words, whose seal is random: it binds them and tells nothing.
                    "sealed_text_sha256": row.text.as_deref().map(sha256_hex),
                });
                tx.state(NewFact { subject_kind: "case", subject: case.as_uuid(), kind: "rating.given".to_owned(), actor, body });
                if checked.level.is_negative() {
                    let body = json!({ "rating": id.to_string(), "level": checked.level.star(), "organisation": organisation });
                    let kind = "rating.negative-assigned".to_owned();
                    tx.state(NewFact { subject_kind: "case", subject: case.as_uuid(), kind, actor: Actor::System, body });
                }
                Ok(Rated { rating: view(tx.vault(), row)?, first: true })
            })
        })
        .await
}

fn active(row: &rating::Model) -> rating::ActiveModel {
    rating::ActiveModel {
        id: Set(row.id),
        case_id: Set(row.case_id),
        level: Set(row.level),
        tag_set: Set(row.tag_set),
        tags: Set(row.tags.clone()),
        text: Set(row.text.clone()),
        channel: Set(row.channel.clone()),
        at: Set(row.at),
        handling: Set(row.handling.clone()),
    }
}

/// The rating of a case. Whoever shows it has made sure that the person may see the case.
///
/// # Errors
/// When the store fails or the rating cannot be read.
pub async fn rating_of(ctx: &CaseContext, case: CaseId) -> Result<Option<RatingView>, OversightError> {
    of_case(ctx.store.read(), ctx.store.vault(), case).await
}

/// How often each level was given since an instant.
pub(crate) async fn counts_since(ctx: &CaseContext, since: Timestamp) -> Result<RatingCounts, OversightError> {
    let select = Query::select()
        .column(rating::Column::Level)
        .expr_as(Func::count(Expr::col(rating::Column::Id)), Alias::new("number"))
        .from(rating::Entity)
        .and_where(Expr::col(rating::Column::At).gte(Moment::from(since).0))
        .group_by_col(rating::Column::Level)
        .to_owned();
    let mut counts = RatingCounts::default();
    for row in ctx.store.read().query_all(&select).await? {
        let (level, number): (i32, i64) = (row.try_get("", "level")?, row.try_get("", "number")?);
        let level = u8::try_from(level).ok().and_then(Satisfaction::from_star);
        counts.add(level.ok_or_else(|| OversightError::Damaged("rating level".to_owned()))?, number.unsigned_abs());
    }
    Ok(counts)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn input(level: u8, tags: &[&str], text: &str) -> RatingInput {
        RatingInput {
            level,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            text: text.to_owned(),
            channel: RatingChannel::Mobile,
        }
    }

    #[test]
    fn tags_belong_to_their_star() {
        let checked = input(5, &["517", "510", "517"], "  好 ").check().unwrap();
        assert_eq!((checked.level, checked.text.as_deref()), (Satisfaction::VerySatisfied, Some("好")));
        assert_eq!(checked.tags.into_iter().collect::<Vec<_>>(), [510, 517]);
        assert_eq!(input(3, &[], " ").check().unwrap().text, None);
        for wrong in ["413", "518", "x", ""] {
            let Err(OversightError::Invalid { fields }) = input(5, &[wrong], "").check() else { unreachable!("{wrong} was taken") };
            assert_eq!(fields.len(), 1);
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let long = "长".repeat(LONGEST_TEXT + 1);
        let Err(OversightError::Invalid { fields }) = input(0, &["999"], &long).check() else { unreachable!("taken") };
        let codes: Vec<_> = fields.iter().map(|field| field.code).collect();
        assert_eq!(codes, OversightError::FIELD_CODES);
        assert!(input(1, &["115"], &"长".repeat(LONGEST_TEXT)).check().is_ok());
    }
}
