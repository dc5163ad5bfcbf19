//! Moving running cases: what would become of each (试算, nothing is changed), and how far an order is.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use banhao_bpmn::Instance;
use banhao_catalogue::{MatterVersion, forms};
use banhao_kernel::{
    Timestamp,
    ids::{CaseId, StaffId},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    commands::move_cases::versions,
    context::CaseContext,
    entities::{case_record, move_order, move_result, process},
    error::CaseError,
    flow::CONDITIONS,
    loaded::version_of,
    model::CaseStatus,
    rules::moving::{Hindrance, Listening, Reason, Standing, Way, proposed, situation},
    sealed::open_answers,
};

/// Cases of each kind that a trial or an order names.
pub const MAX_NAMED: usize = 200;
const AT_ONCE: u64 = 1_000;
/// Situations that a trial remembers; cases in others are each looked at.
const MAX_KNOWN: usize = 10_000;

/// Where each place of a case goes, or why it stays.
type Outcome = Result<Vec<(String, String)>, Vec<Hindrance>>;

/// What would become of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The case.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// Where it stands.
    pub status: CaseStatus,
    /// Where each of its places goes, or why it stays.
    pub outcome: Result<Vec<(String, String)>, Vec<Hindrance>>,
}

/// What would become of all of them.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The version they go by now.
    pub old: Arc<MatterVersion>,
    /// The version they are to go by.
    pub new: Arc<MatterVersion>,
    /// Cases looked at: all that are running.
    pub tried: u64,
    /// How many can move.
    pub can_move: u64,
    /// Some of those that can.
    pub moving: Vec<Tried>,
    /// Some of those that cannot.
    pub staying: Vec<Tried>,
    /// Elements of the old version for which somebody has to say where they go, in the order of the file, with the number of cases.
    pub to_choose: Vec<(String, u64)>,
    /// Where they go as it was tried.
    pub plan: BTreeMap<String, String>,
}

/// A running case, as far as a trial asks.
struct Running {
    id: Uuid,
    number: String,
    status: String,
    state: Value,
}

/// The way with the situations that were looked at: one case answers for all in the same.
struct Looking<'w> {
    ctx: &'w CaseContext,
    way: &'w Way,
    known: HashMap<String, Outcome>,
}

impl Looking<'_> {
    async fn at(&mut self, case: &Running) -> Result<Outcome, CaseError> {
        let situation = situation(case.state.clone());
        if let Some(known) = self.known.get(&situation) {
            return Ok(known.clone());
        }
        // A record that cannot be read stays where it is, and does not keep the others from being looked at.
        let instance: Instance = match serde_json::from_value(case.state.clone()) {
            Ok(instance) => instance,
            Err(error) => return Ok(Err(vec![Hindrance::whole(Reason::Fault, error.to_string())])),
        };
        let answers = if self.way.needs_answers(&instance) { answers_of(self.ctx, case.id).await? } else { Value::Null };
        let conditions = CONDITIONS.of(self.way.new_version());
        let listening = Listening::to(&conditions);
        let outcome = self.way.look(Standing { instance: &instance, answers: &answers }, &listening).map(|moved| moved.places);
        if !listening.was_asked() && self.known.len() < MAX_KNOWN {
            self.known.insert(situation, outcome.clone());
        }
        Ok(outcome)
    }
}

/// What a process may see of the answers of a case.
async fn answers_of(ctx: &CaseContext, case: Uuid) -> Result<Value, CaseError> {
    let row = case_record::Entity::find_by_id(case).one(ctx.store.read()).await?.ok_or(CaseError::NotFound { what: "case" })?;
    let version = version_of(&*ctx.snapshot().await?, &row)?;
    Ok(forms::process_variables(&version.form, &open_answers(ctx.store.vault(), &row.answers)?))
}

/// Looks what would become of the running cases of a version, all of them, when they were moved to the version in force. Without a plan,
/// the proposed one. Nothing is changed, and a case that changes before it is moved is looked at anew.
///
/// # Errors
/// Versions that cases cannot be moved between; the store fails.
pub async fn try_move(
    ctx: &CaseContext,
    matter: &str,
    from: u32,
    to: u32,
    plan: Option<BTreeMap<String, String>>,
) -> Result<Trial, CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (old, new) = versions(&snapshot, matter, from, to)?;
    let plan = plan.unwrap_or_else(|| proposed(&old.process, &new.process));
    let way = Way::new(Arc::clone(&old), Arc::clone(&new), &plan);
    let mut trial = Trial { old, new, tried: 0, can_move: 0, moving: Vec::new(), staying: Vec::new(), to_choose: Vec::new(), plan };
    let mut choose: BTreeMap<String, u64> = trial.plan.keys().map(|id| (id.clone(), 0)).collect();
    let mut looking = Looking { ctx, way: &way, known: HashMap::new() };
    let mut after = Uuid::nil();
    loop {
        let cases = running(ctx, matter, from, &mut after).await?;
        if cases.is_empty() {
            break;
        }
        for case in cases {
            let outcome = looking.at(&case).await?;
            let stands: BTreeSet<&str> = match &outcome {
                Ok(places) => places.iter().map(|(at, _)| at.as_str()).filter(|at| choose.contains_key(*at)).collect(),
                Err(why) => why.iter().filter(|one| one.can_choose()).map(|one| one.element.as_str()).collect(),
            };
            for at in stands {
                *choose.entry(at.to_owned()).or_default() += 1;
            }
            trial.tried += 1;
            trial.can_move += u64::from(outcome.is_ok());
            let list = if outcome.is_ok() { &mut trial.moving } else { &mut trial.staying };
            if list.len() < MAX_NAMED {
                list.push(Tried {
                    id: CaseId::from_uuid(case.id),
                    number: case.number,
                    status: CaseStatus::from_name(&case.status).ok_or_else(|| CaseError::Damaged("status".to_owned()))?,
                    outcome,
                });
            }
        }
    }
    let counted = |id: &str| choose.get(id).copied();
    trial.to_choose = trial.old.process.nodes().iter().filter_map(|node| Some((node.id().to_owned(), counted(node.id())?))).collect();
    Ok(trial)
}

/// The next running cases in the order of their ids; none when there are no more.
async fn running(ctx: &CaseContext, matter: &str, version: u32, after: &mut Uuid) -> Result<Vec<Running>, CaseError> {
    let conn = ctx.store.read();
    let rows: Vec<(Uuid, String, String)> = case_record::Entity::find()
        .select_only()
        .columns([case_record::Column::Id, case_record::Column::Number, case_record::Column::Status])
        .filter(case_record::Column::Matter.eq(matter))
        .filter(case_record::Column::ProcessVersion.eq(i32::try_from(version).unwrap_or(i32::MAX)))
        .filter(case_record::Column::Status.ne(CaseStatus::Closed.as_str()))
        .filter(case_record::Column::Id.gt(*after))
        .order_by_asc(case_record::Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(conn)
        .await?;
    let Some((last, ..)) = rows.last() else { return Ok(Vec::new()) };
    *after = *last;
    let found = process::Entity::find().filter(process::Column::CaseId.is_in(rows.iter().map(|(id, ..)| *id))).all(conn).await?;
    let mut states: HashMap<Uuid, Value> = found.into_iter().map(|row| (row.case_id, row.state)).collect();
    let case = |(id, number, status)| Running { state: states.remove(&id).unwrap_or_default(), id, number, status };
    Ok(rows.into_iter().map(case).collect())
}

/// How far an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveProgress {
    /// The order.
    pub id: Uuid,
    /// Key of the matter.
    pub matter: String,
    /// The version the cases went by.
    pub from: u32,
    /// The version they go by when moved.
    pub to: u32,
    /// Who ordered it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Cases found.
    pub cases: u64,
    /// Moved so far.
    pub moved: u64,
    /// Stayed so far.
    pub stayed: u64,
    /// Whether nothing is left to be done.
    pub done: bool,
    /// Those that stayed with their numbers, some of them; empty in lists.
    pub staying: Vec<(CaseId, String, Vec<Hindrance>)>,
}

async fn progress(ctx: &CaseContext, order: move_order::Model) -> Result<MoveProgress, CaseError> {
    let conn = ctx.store.read();
    let count = |moved: bool| {
        move_result::Entity::find()
            .filter(move_result::Column::MoveId.eq(order.id))
            .filter(move_result::Column::Moved.eq(moved))
            .count(conn)
    };
    let (moved, stayed) = (count(true).await?, count(false).await?);
    let number = |version: i32| u32::try_from(version).unwrap_or_default();
    let cases = u64::try_from(order.cases).unwrap_or_default();
    Ok(MoveProgress {
        id: order.id,
        from: number(order.from_version),
        to: number(order.to_version),
        by: StaffId::from_uuid(order.ordered_by),
        at: order.ordered_at.into(),
        reason: crate::sealed::open_note(ctx.store.vault(), &order.reason)?,
        matter: order.matter,
        done: order.looked_for && moved + stayed >= cases,
        cases,
        moved,
        stayed,
        staying: Vec::new(),
    })
}

/// How far an order is, with the cases that stayed.
///
/// # Errors
/// There is none; the store fails.
pub async fn move_progress(ctx: &CaseContext, id: Uuid) -> Result<MoveProgress, CaseError> {
    let conn = ctx.store.read();
    let order = move_order::Entity::find_by_id(id).one(conn).await?.ok_or(CaseError::NotFound { what: "move" })?;
    let mut found = progress(ctx, order).await?;
    let stayed = move_result::Entity::find()
        .filter(move_result::Column::MoveId.eq(id))
        .filter(move_result::Column::Moved.eq(false))
        .order_by_asc(move_result::Column::CaseId)
        .limit(MAX_NAMED as u64)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = stayed.iter().map(|row| row.case_id).collect();
    let numbers: BTreeMap<Uuid, String> = case_record::Entity::find()
        .select_only()
        .column(case_record::Column::Id)
        .column(case_record::Column::Number)
        .filter(case_record::Column::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?
        .into_iter()
        .collect();
    for row in stayed {
        let number = numbers.get(&row.case_id).cloned().unwrap_or_default();
        found.staying.push((CaseId::from_uuid(row.case_id), number, serde_json::from_value(row.why)?));
    }
    Ok(found)
}

/// The orders of a matter, the last first; at most ten.
///
/// # Errors
/// The store fails.
pub async fn moves_of(ctx: &CaseContext, matter: &str) -> Result<Vec<MoveProgress>, CaseError> {
    let orders = move_order::Entity::find()
        .filter(move_order::Column::Matter.eq(matter))
        .order_by_desc(move_order::Column::OrderedAt)
        .limit(10)
        .all(ctx.store.read())
        .await?;
    let mut all = Vec::with_capacity(orders.len());
    for order in orders {
        all.push(progress(ctx, order).await?);
    }
    Ok(all)
}
