//! Copies (抄送) a member of staff was given.

use banhao_identity::{IdentityError, Principal};
use banhao_kernel::{
    Timestamp,
    ids::{CaseId, StaffId},
};
use banhao_store::Moment;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{
    context::CaseContext,
    entities::{case_record, copy},
    error::CaseError,
};

/// How many are listed.
const MOST: u64 = 50;

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyLine {
    /// The case.
    pub case: CaseId,
    /// 办件编号.
    pub number: String,
    /// Name of the matter.
    pub matter_name: String,
    /// Who sent it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// Whether they have looked.
    pub seen: bool,
}

/// What was copied to the principal, newest first, at most 50.
///
/// # Errors
/// When the store fails.
pub async fn copies(ctx: &CaseContext, principal: &Principal) -> Result<Vec<CopyLine>, CaseError> {
    let me = principal.staff().ok_or(IdentityError::Anonymous)?.id.as_uuid();
    let conn = ctx.store.read();
    let rows = copy::Entity::find()
        .filter(copy::Column::Staff.eq(me))
        .order_by_desc(copy::Column::CopiedAt)
        .order_by_desc(copy::Column::CaseId)
        .limit(MOST)
        .all(conn)
        .await?;
    let cases = case_record::Entity::find().filter(case_record::Column::Id.is_in(rows.iter().map(|row| row.case_id))).all(conn).await?;
    let line = |row: copy::Model| {
        let case = cases.iter().find(|case| case.id == row.case_id)?;
        Some(CopyLine {
            case: CaseId::from_uuid(row.case_id),
            number: case.number.clone(),
            matter_name: case.matter_name.clone(),
            by: StaffId::from_uuid(row.copied_by),
            at: row.copied_at.into(),
            seen: row.seen_at.is_some(),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// How many copies the principal has not looked at.
///
/// # Errors
/// When the store fails.
pub async fn unseen(ctx: &CaseContext, principal: &Principal) -> Result<u64, CaseError> {
    use sea_orm::PaginatorTrait;
    let Some(staff) = principal.staff() else { return Ok(0) };
    let find = copy::Entity::find().filter(copy::Column::Staff.eq(staff.id.as_uuid())).filter(copy::Column::SeenAt.is_null());
    Ok(find.count(ctx.store.read()).await?)
}

/// Notes that the principal has looked at a case that was copied to them. Does nothing when it was not, or they have before.
///
/// # Errors
/// When the store fails.
pub async fn seen(ctx: &CaseContext, principal: &Principal, case: CaseId) -> Result<(), CaseError> {
    let Some(me) = principal.staff().map(|staff| staff.id.as_uuid()) else { return Ok(()) };
    let there = copy::Entity::find_by_id((case.as_uuid(), me)).one(ctx.store.read()).await?;
    if there.is_none_or(|row| row.seen_at.is_some()) {
        return Ok(());
    }
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                copy::Entity::update_many()
                    .col_expr(copy::Column::SeenAt, Expr::value(Moment::from(tx.now())))
                    .filter(copy::Column::CaseId.eq(case.as_uuid()))
                    .filter(copy::Column::Staff.eq(me))
                    .filter(copy::Column::SeenAt.is_null())
                    .exec(tx.conn())
                    .await?;
                Ok::<(), CaseError>(())
            })
        })
        .await
}
