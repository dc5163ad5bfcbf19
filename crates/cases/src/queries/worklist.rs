//! The worklist of a member of staff (待办): open steps they may do, what is due first on top. Keyset-paged.

use banhao_identity::{Post, Principal};
use banhao_kernel::{
    Date, Timestamp,
    ids::{CaseId, StaffId, TaskId},
    paging::{Page, cursor, cursor_parts},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::ExprTrait};

use crate::{
    context::CaseContext,
    entities::{case_record, task},
    error::CaseError,
    flow::{ACCEPT, DELIVER, OPEN},
    loaded::day,
    model::CaseStatus,
};

/// One line of a worklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorklistRow {
    /// The step.
    pub task: TaskId,
    /// Name of the step.
    pub step: String,
    /// What is to be done: accept, review, inspect, decide, deliver.
    pub act: String,
    /// Last day.
    pub due_on: Date,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who has it in hand.
    pub assignee: Option<StaffId>,
    /// How often it was urged (催办).
    pub urged: i32,
    /// Whether it was delegated to who has it in hand (委派).
    pub delegated: bool,
    /// The case.
    pub case: CaseId,
    /// 办件编号.
    pub number: String,
    /// 查询码.
    pub query_code: String,
    /// Name of the matter.
    pub matter_name: String,
    /// Applicant, masked.
    pub applicant_masked: String,
    /// Status of the case.
    pub status: CaseStatus,
    /// Where it came in.
    pub channel: String,
}

const PAGE: usize = 50;

/// Steps that the posts of a member of staff let them do. The policies decide again when they act.
fn scope(principal: &Principal) -> Option<Condition> {
    let staff = principal.staff()?;
    let posts: Vec<&str> = [Post::Acceptor, Post::Reviewer, Post::Decider, Post::ExitClerk]
        .into_iter()
        .filter(|post| staff.holds(*post))
        .map(Post::as_str)
        .collect();
    let mut any = Condition::any();
    if !posts.is_empty() {
        any = any.add(task::Column::Organisation.eq(staff.organisation.clone()).and(task::Column::Post.is_in(posts)));
    }
    if let Some(hall) = &staff.hall {
        let mut acts = Vec::new();
        if staff.holds(Post::WindowClerk) {
            acts.push(ACCEPT);
        }
        if staff.holds(Post::ExitClerk) {
            acts.push(DELIVER);
        }
        if !acts.is_empty() {
            any = any.add(task::Column::Hall.eq(hall.clone()).and(task::Column::Act.is_in(acts)));
        }
    }
    // Whatever was handed over, delegated or added to them by name.
    any = any.add(task::Column::Assignee.eq(staff.id.as_uuid()));
    Some(any)
}

fn open_for(principal: &Principal) -> Option<Select<task::Entity>> {
    Some(task::Entity::find().filter(task::Column::State.eq(OPEN)).filter(scope(principal)?))
}

/// Which steps of a worklist are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hands {
    /// All.
    #[default]
    Any,
    /// Those the principal has in hand.
    Mine,
    /// Those nobody has in hand.
    Nobodys,
}

/// A page of the worklist; `act` narrows it to one kind of step.
///
/// # Errors
/// When the store fails.
pub async fn worklist(
    ctx: &CaseContext,
    principal: &Principal,
    act: Option<&str>,
    hands: Hands,
    after: Option<&str>,
) -> Result<Page<WorklistRow>, CaseError> {
    let Some(mut find) = open_for(principal) else { return Ok(Page::empty()) };
    if let Some(act) = act {
        find = find.filter(task::Column::Act.eq(act));
    }
    match (hands, principal.staff()) {
        (Hands::Mine, Some(staff)) => find = find.filter(task::Column::Assignee.eq(staff.id.as_uuid())),
        (Hands::Nobodys, _) => find = find.filter(task::Column::Assignee.is_null()),
        _ => {}
    }
    if let Some((due, id)) =
        after.and_then(|after| cursor_parts(after, 2)).and_then(|parts| Some((parts[0].clone(), parts[1].parse::<uuid::Uuid>().ok()?)))
    {
        find = find.filter(
            Condition::any().add(task::Column::DueOn.gt(due.clone())).add(task::Column::DueOn.eq(due).and(task::Column::Id.gt(id))),
        );
    }
    let tasks = find.order_by_asc(task::Column::DueOn).order_by_asc(task::Column::Id).limit(PAGE as u64 + 1).all(ctx.store.read()).await?;
    let cases = case_record::Entity::find()
        .filter(case_record::Column::Id.is_in(tasks.iter().map(|task| task.case_id)))
        .all(ctx.store.read())
        .await?;
    let mut rows = Vec::with_capacity(tasks.len());
    for task in tasks {
        let Some(case) = cases.iter().find(|case| case.id == task.case_id) else { continue };
        rows.push(WorklistRow {
            task: TaskId::from_uuid(task.id),
            step: task.name,
            act: task.act,
            due_on: day(&task.due_on)?,
            opened_at: task.opened_at.into(),
            assignee: task.assignee.map(StaffId::from_uuid),
            urged: task.urged,
            delegated: task.owner.is_some(),
            case: CaseId::from_uuid(case.id),
            number: case.number.clone(),
            query_code: case.query_code.clone(),
            matter_name: case.matter_name.clone(),
            applicant_masked: case.applicant_masked.clone(),
            status: CaseStatus::from_name(&case.status).ok_or_else(|| CaseError::Damaged(format!("status {}", case.status)))?,
            channel: case.channel.clone(),
        });
    }
    Ok(Page::from_fetched(rows, PAGE, |row| cursor(&[&row.due_on.to_string(), &row.task.to_string()])))
}

/// How many open steps of each kind wait for the principal; at most 1,000 of each are counted.
///
/// # Errors
/// When the store fails.
pub async fn waiting(ctx: &CaseContext, principal: &Principal) -> Result<Vec<(&'static str, u64)>, CaseError> {
    let mut counts = Vec::new();
    for act in [ACCEPT, crate::flow::REVIEW, crate::flow::INSPECT, crate::flow::DECIDE, DELIVER] {
        let Some(find) = open_for(principal) else { return Ok(counts) };
        let count = find.filter(task::Column::Act.eq(act)).limit(1_000).count(ctx.store.read()).await?;
        if count > 0 {
            counts.push((act, count));
        }
    }
    Ok(counts)
}
