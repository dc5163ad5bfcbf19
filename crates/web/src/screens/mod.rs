//! Screens that are looked at from afar: the cockpit. Rendered whole by the server, kept fresh by server-sent events.

use std::time::Duration;

use axum::middleware::{from_fn, from_fn_with_state};
use banhao_identity::{DeskAct, Principal, permit_desk};
use banhao_oversight::{Satisfaction, cockpit};
use banhao_store::trouble::failed_jobs;

use crate::live::{LivePart, live};
use crate::portal::words::named;
use crate::prelude::*;
use crate::session;

/// All routes of the screens.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/screens/cockpit", get(show))
        .route("/screens/cockpit/live", get(stream))
        .layer(from_fn(session::staff_door))
        .layer(from_fn_with_state(state.clone(), session::layer))
}

struct Case {
    href: String,
    matter: String,
    code: String,
    due: String,
}

struct Alarm {
    at: banhao_kernel::Timestamp,
    words: String,
    level: String,
    href: String,
}

/// The part that changes; the same markup in the page and in the stream.
#[derive(Template)]
#[template(path = "screens/figures.html")]
struct Figures {
    received: u64,
    closed: u64,
    open: u64,
    soon: u64,
    overdue: u64,
    jobs: u64,
    share: Option<String>,
    share_width: u64,
    visits_closed: u64,
    ratings: Vec<(String, u64, u64)>,
    flow: Vec<(String, u64, u64)>,
    flow_chart: Markup,
    due_soon: Vec<Case>,
    late: Vec<Case>,
    alarms: Vec<Alarm>,
}

#[derive(Template)]
#[template(path = "screens/cockpit.html")]
struct CockpitPage {
    page: Page,
    figures: String,
}

async fn figures(state: &AppState, page: &Page) -> Result<String, Failure> {
    let snapshot = state.cases.snapshot().await?;
    let there = cockpit(&state.cases, snapshot.today).await?;
    let case = |line: &banhao_cases::queries::mine::CaseLine| Case {
        href: format!("/desk/cases/{}", line.id),
        matter: snapshot.matter(&line.matter).map_or_else(|| line.matter_name.clone(), |version| named(page, &version.matter.name)),
        code: banhao_records::grouped(&line.query_code),
        due: line.due_on.map_or_else(String::new, |day| day.to_string()),
    };
    let most = Satisfaction::ALL.into_iter().map(|level| there.ratings.of(level)).max().unwrap_or(0).max(1);
    let share = there.visits.permille();
    let view = Figures {
        received: there.day.received,
        closed: there.day.closed,
        open: there.day.open,
        soon: there.day.due_soon,
        overdue: there.day.overdue,
        jobs: failed_jobs(&state.cases.store).await?,
        share: share.map(|share| format!("{}.{} %", share / 10, share % 10)),
        share_width: share.unwrap_or(0) / 10,
        visits_closed: there.visits.closed,
        ratings: Satisfaction::ALL
            .into_iter()
            .map(|level| {
                let count = there.ratings.of(level);
                (page.t(&format!("rating-level-{}", level.star())).into_owned(), count, count * 100 / most)
            })
            .collect(),
        flow_chart: columns(
            &there
                .flow
                .iter()
                .map(|day| Bar {
                    label: day.day.strftime("%m-%d").to_string(),
                    value: day.received as f64,
                    shown: day.received.to_string(),
                    tone: Tone::Info,
                })
                .collect::<Vec<_>>(),
        ),
        flow: there.flow.iter().map(|day| (day.day.to_string(), day.received, day.closed)).collect(),
        due_soon: there.due_soon.iter().map(case).collect(),
        late: there.overdue.iter().map(case).collect(),
        alarms: there
            .alarms
            .iter()
            .map(|alarm| Alarm {
                at: alarm.raised_at,
                words: page.t(&format!("alarm-rule-{}", alarm.rule)).into_owned(),
                level: page.t(&format!("alarm-level-{}", alarm.level.as_str())).into_owned(),
                href: format!("/desk/cases/{}", alarm.case),
            })
            .collect(),
    };
    view.render().map_err(|error| {
        tracing::error!(%error, "the cockpit");
        crate::problem::internal().into()
    })
}

fn allowed(who: &Principal) -> Result<(), Failure> {
    Ok(permit_desk(who, DeskAct::SeeCockpit)?)
}

async fn show(State(state): State<AppState>, page: Page, who: Who) -> Answer {
    allowed(&who.0)?;
    let figures = figures(&state, &page).await?;
    Ok(page.html(&CockpitPage { page: page.clone(), figures }))
}

async fn stream(State(state): State<AppState>, page: Page, who: Who) -> Answer {
    allowed(&who.0)?;
    let changes = state.cases.store.changes();
    let shell = std::sync::Arc::clone(&state.shell);
    Ok(live(&shell, changes, Duration::from_millis(400), Duration::from_secs(20), move || {
        let (state, page) = (state.clone(), page.clone());
        async move {
            allowed(&session::still(&state, &page).await?)?;
            Ok(vec![LivePart { id: "figures", html: figures(&state, &page).await? }])
        }
    }))
}
