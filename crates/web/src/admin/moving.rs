//! Moving the running cases of a matter to the version in force (在办件迁移): a plan, a trial that changes nothing, the order, its progress.

use std::collections::BTreeMap;
use std::time::Duration;

use banhao_cases::queries::moving::{MoveProgress, Trial, Tried, move_progress, moves_of, try_move};
use banhao_cases::queries::versions::running_by_version;
use banhao_cases::rules::moving::candidates;
use banhao_cases::{CaseError, MAX_REASON, MoveOrder, may_move, new_move_id, order_move};
use banhao_catalogue::MatterVersion;
use banhao_identity::{DeskAct, permit_desk};
use serde::Deserialize;
use uuid::Uuid;

use super::hindrance::{place, way, why};
use super::{enter, name_of};
use crate::live::{LivePart, live};
use crate::portal::words::{named, status_chip};
use crate::prelude::*;
use crate::session;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/processes/{matter}/move", get(show).post(go))
        .route("/admin/processes/{matter}/moves/{id}", get(progress))
        .route("/admin/processes/{matter}/moves/{id}/live", get(stream))
}

/// Fields of the plan are called so, followed by the id of the old element.
const TO: &str = "to.";

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    from: String,
}

/// A case that can or cannot move.
struct Line {
    number: String,
    status: Chip,
    words: Vec<String>,
}

/// A trial as the page shows it.
struct Tally {
    count: String,
    staying: Vec<Line>,
    moving: Vec<Line>,
    staying_cut: bool,
    moving_cut: bool,
    can_move: u64,
    /// The plan that was tried, for the order.
    plan: Vec<(String, String)>,
}

struct OrderLine {
    href: String,
    what: String,
    count: String,
    at: banhao_kernel::Timestamp,
    done: bool,
}

#[derive(Template)]
#[template(path = "admin/moving.html")]
struct MovingPage {
    page: Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    key: String,
    name: String,
    from: u32,
    to: u32,
    versions: Vec<(u32, String)>,
    compare: String,
    plan: Vec<Field>,
    trial: Option<Tally>,
    reason: Field,
    /// Id of the order that the button gives.
    order: Uuid,
    may: bool,
    orders: Vec<OrderLine>,
}

fn crumbs(page: &Page, key: &str, name: &str) -> Crumbs {
    Crumbs::new().to(page.t("editor-title"), "/admin").to(name, format!("/admin/processes/{key}"))
}

fn line(page: &Page, trial: &Trial, tried: &Tried) -> Line {
    let words = match &tried.outcome {
        Ok(places) => places.iter().map(|(from, to)| way(page, &trial.old.process, &trial.new.process, from, to)).collect(),
        Err(reasons) => reasons.iter().map(|one| why(page, &trial.old, &trial.new, one)).collect(),
    };
    Line { number: tried.number.clone(), status: status_chip(page, tried.status, None), words }
}

/// One question for each element that somebody has to place.
fn plan_fields(page: &Page, trial: &Trial) -> Vec<Field> {
    let (old, new) = (&trial.old.process, &trial.new.process);
    let field = |(id, cases): &(String, u64)| {
        let mut choices = vec![Choice::new("", page.t("moving-plan-stay"))];
        let there = candidates(old, new, id);
        for node in &there {
            // Two of one name are told apart by their ids.
            let alone = there.iter().filter(|other| other.name() == node.name()).count() == 1;
            let name = place(page, new, node.id());
            choices.push(Choice::new(node.id(), if alone { name } else { format!("{name} · {}", node.id()) }));
        }
        let label = page.t_args("moving-plan-step", &[("step", &place(page, old, id)), ("cases", &cases.to_string())]);
        Field::new(FieldKind::Select(choices), format!("{TO}{id}"), label).value(trial.plan.get(id).map(String::as_str).unwrap_or_default())
    };
    // What was guessed for places where no case stands needs no look.
    trial.to_choose.iter().filter(|(_, cases)| *cases > 0).map(field).collect()
}

fn tally(page: &Page, trial: &Trial) -> Tally {
    let number = |number: u64| number.to_string();
    Tally {
        count: page.t_args(
            "moving-trial-count",
            &[("cases", &number(trial.tried)), ("can", &number(trial.can_move)), ("cannot", &number(trial.tried - trial.can_move))],
        ),
        staying: trial.staying.iter().map(|tried| line(page, trial, tried)).collect(),
        moving: trial.moving.iter().map(|tried| line(page, trial, tried)).collect(),
        staying_cut: trial.tried - trial.can_move > trial.staying.len() as u64,
        moving_cut: trial.can_move > trial.moving.len() as u64,
        can_move: trial.can_move,
        plan: trial.plan.iter().map(|(from, to)| (from.clone(), to.clone())).collect(),
    }
}

/// The latest version of the matter: its name, also when none is in force.
fn latest(snapshot: &banhao_catalogue::Snapshot, key: &str) -> Result<std::sync::Arc<MatterVersion>, Failure> {
    Ok(snapshot.matter(key).or_else(|| snapshot.matter_versions(key).last().cloned()).ok_or_else(crate::problem::not_found)?)
}

async fn view(
    state: &AppState,
    page: &Page,
    who: &Who,
    key: &str,
    from: Option<u32>,
    plan: Option<BTreeMap<String, String>>,
    reason: (&str, &str),
) -> Result<MovingPage, Failure> {
    let snapshot = state.cases.snapshot().await?;
    let new = latest(&snapshot, key)?;
    let running = running_by_version(&state.cases, key).await?;
    let older: Vec<(u32, u64)> = running.into_iter().filter(|(version, _)| *version < new.version).collect();
    let from = from.or_else(|| older.first().map(|(version, _)| *version));
    let in_force = snapshot.matter(key).is_some();
    let trial = match from {
        Some(from) if in_force && older.iter().any(|(version, _)| *version == from) => {
            Some(try_move(&state.cases, key, from, new.version, plan).await?)
        }
        _ => None,
    };
    let from = from.unwrap_or_default();
    let orders = moves_of(&state.cases, key).await?;
    let name = named(page, &new.matter.name);
    let reason = Field::new(FieldKind::Multiline { rows: 3 }, "reason", page.t("moving-reason"))
        .hint(page.t("moving-reason-hint"))
        .max_length(u32::try_from(MAX_REASON).unwrap_or(500))
        .value(reason.0)
        .error(if reason.1.is_empty() { String::new() } else { page.t(reason.1).into_owned() })
        .required();
    Ok(MovingPage {
        crumbs: crumbs(page, key, &name).here(page.t("moving-title")),
        errors: ErrorSummary::of([&reason]),
        versions: older
            .iter()
            .map(|(version, cases)| {
                (*version, page.t_args("moving-from-line", &[("from", &version.to_string()), ("cases", &cases.to_string())]))
            })
            .collect(),
        compare: format!("/admin/compare?matter={}&old={from}&new={}", crate::portal::encoded(key), new.version),
        plan: trial.as_ref().map(|trial| plan_fields(page, trial)).unwrap_or_default(),
        trial: trial.as_ref().map(|trial| tally(page, trial)),
        may: may_move(&state.cases, &who.0, &new).await.is_ok(),
        orders: orders.iter().map(|order| order_line(page, order)).collect(),
        order: new_move_id(&state.cases),
        to: new.version,
        key: key.to_owned(),
        from,
        name,
        reason,
        page: page.clone(),
    })
}

fn order_line(page: &Page, order: &MoveProgress) -> OrderLine {
    OrderLine {
        href: format!("/admin/processes/{}/moves/{}", order.matter, order.id),
        what: page.t_args("moving-order-line", &[("from", &order.from.to_string()), ("to", &order.to.to_string())]),
        count: count(page, order),
        at: order.at,
        done: order.done,
    }
}

fn count(page: &Page, order: &MoveProgress) -> String {
    let number = |number: u64| number.to_string();
    page.t_args(
        "moving-order-count",
        &[("moved", &number(order.moved)), ("stayed", &number(order.stayed)), ("cases", &number(order.cases))],
    )
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(key): PathId<String>, Asked(asked): Asked<Which>) -> Answer {
    enter(&state, &page, &who).await?;
    let view = view(&state, &page, &who, &key, asked.from.parse().ok(), None, ("", "")).await?;
    Ok(page.html(&view))
}

/// Tries another plan, or orders the move of the plan that was tried.
async fn go(State(state): State<AppState>, page: Page, who: Who, PathId(key): PathId<String>, fields: Fields) -> Answer {
    enter(&state, &page, &who).await?;
    let plan: BTreeMap<String, String> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(TO)?.to_owned(), value.to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let (Ok(from), Ok(to)) = (fields.get("from").parse(), fields.get("to").parse()) else { return Err(crate::problem::bad_form()) };
    if fields.get("do") != "go" {
        let view = view(&state, &page, &who, &key, Some(from), Some(plan), ("", "")).await?;
        return Ok(page.html(&view));
    }
    let id = fields.get("order").parse().unwrap_or_else(|_| new_move_id(&state.cases));
    let order = MoveOrder { id, matter: key.clone(), from, to, plan: plan.clone(), reason: fields.get("reason").to_owned() };
    match order_move(&state.cases, &who.0, order).await {
        Ok(id) => Ok(page.redirect_with(&format!("/admin/processes/{key}/moves/{id}"), &Flash::good("moving-ordered"))),
        Err(CaseError::Empty { .. }) => {
            let view = view(&state, &page, &who, &key, Some(from), Some(plan), (fields.get("reason"), "moving-reason-missing")).await?;
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(error) => Err(error.into()),
    }
}

/// The part that changes while cases are moved; the same markup in the page and in the stream.
#[derive(Template)]
#[template(path = "admin/moving_figures.html")]
struct Figures {
    count: String,
    worked: u64,
    cases: u64,
    done: bool,
    staying: Vec<(String, Vec<String>)>,
    staying_cut: bool,
}

#[derive(Template)]
#[template(path = "admin/moving_progress.html")]
struct ProgressPage {
    page: Page,
    crumbs: Crumbs,
    key: String,
    id: Uuid,
    name: String,
    what: String,
    by: String,
    at: banhao_kernel::Timestamp,
    reason: String,
    done: bool,
    again: Option<u32>,
    figures: String,
}

async fn order_of(state: &AppState, key: &str, id: Uuid) -> Result<MoveProgress, Failure> {
    let order = move_progress(&state.cases, id).await?;
    if order.matter == key { Ok(order) } else { Err(crate::problem::not_found().into()) }
}

async fn figures(state: &AppState, page: &Page, order: &MoveProgress) -> Result<String, Failure> {
    let snapshot = state.cases.snapshot().await?;
    let version = |number| snapshot.matter_version(&order.matter, number).ok_or_else(crate::problem::not_found);
    let (old, new) = (version(order.from)?, version(order.to)?);
    let view = Figures {
        count: count(page, order),
        worked: order.moved + order.stayed,
        cases: order.cases.max(1),
        done: order.done,
        staying_cut: order.stayed > order.staying.len() as u64,
        staying: order
            .staying
            .iter()
            .map(|(_, number, reasons)| (number.clone(), reasons.iter().map(|one| why(page, &old, &new, one)).collect()))
            .collect(),
    };
    view.render().map_err(|error| {
        tracing::error!(%error, "the progress of a move");
        crate::problem::internal().into()
    })
}

async fn progress(State(state): State<AppState>, page: Page, who: Who, PathId((key, id)): PathId<(String, Uuid)>) -> Answer {
    enter(&state, &page, &who).await?;
    let order = order_of(&state, &key, id).await?;
    let snapshot = state.cases.snapshot().await?;
    let name = named(&page, &latest(&snapshot, &key)?.matter.name);
    let what = page.t_args("moving-order-line", &[("from", &order.from.to_string()), ("to", &order.to.to_string())]);
    Ok(page.html(&ProgressPage {
        crumbs: crumbs(&page, &key, &name).to(page.t("moving-title"), format!("/admin/processes/{key}/move")).here(what.clone()),
        figures: figures(&state, &page, &order).await?,
        by: name_of(&state, order.by).await?,
        at: order.at,
        again: (order.done && order.stayed > 0).then_some(order.from),
        done: order.done,
        reason: order.reason,
        key,
        id,
        name,
        what,
        page: page.clone(),
    }))
}

async fn stream(State(state): State<AppState>, page: Page, who: Who, PathId((key, id)): PathId<(String, Uuid)>) -> Answer {
    permit_desk(&who.0, DeskAct::SeeDefinitions)?;
    order_of(&state, &key, id).await?;
    let changes = state.cases.store.changes();
    let shell = std::sync::Arc::clone(&state.shell);
    Ok(live(&shell, changes, Duration::from_millis(400), Duration::from_secs(20), move || {
        let (state, page, key) = (state.clone(), page.clone(), key.clone());
        async move {
            permit_desk(&session::still(&state, &page).await?, DeskAct::SeeDefinitions)?;
            let order = order_of(&state, &key, id).await?;
            Ok(vec![LivePart { id: "figures", html: figures(&state, &page, &order).await? }])
        }
    }))
}
