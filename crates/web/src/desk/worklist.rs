//! The worklist: open steps this person may do, what is due first on top; and finding a case by number or code.

use banhao_cases::queries::{
    mine::by_code,
    worklist::{waiting, worklist},
};
use banhao_identity::{DeskAct, permit_desk};
use serde::Deserialize;

use crate::page::{DeskBar, Queue};
use crate::portal::words::status_chip;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk", get(show)).route("/desk/search", get(search))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    act: String,
    #[serde(default)]
    after: String,
}

struct Line {
    href: String,
    due: String,
    late: bool,
    step: String,
    matter: String,
    applicant: String,
    code: String,
    status: Chip,
    channel: String,
}

#[derive(Template)]
#[template(path = "desk/worklist.html")]
struct WorklistPage {
    page: Page,
    lines: Vec<Line>,
    next: Option<String>,
}

/// Shows the queues of this person's posts in the top bar.
pub(super) async fn bar(state: &AppState, page: &Page, who: &Who) -> Result<(), Failure> {
    let counts = waiting(&state.cases, &who.0).await?;
    let queues = counts
        .into_iter()
        .map(|(act, count)| Queue {
            label: page.t(&format!("desk-act-{act}")).into_owned(),
            href: format!("/desk?act={act}"),
            count,
            overdue: false,
        })
        .collect();
    page.set_desk(DeskBar { queues, takes: permit_desk(&who.0, DeskAct::TakeApplications).is_ok() });
    Ok(())
}

async fn show(State(state): State<AppState>, page: Page, who: Who, Asked(asked): Asked<Which>) -> Answer {
    who.staff()?;
    permit_desk(&who.0, DeskAct::SeeWorklist)?;
    bar(&state, &page, &who).await?;
    let act = (!asked.act.is_empty()).then_some(asked.act.as_str());
    let after = (!asked.after.is_empty()).then_some(asked.after.as_str());
    let rows = worklist(&state.cases, &who.0, act, after).await?;
    let today = state.cases.snapshot().await?.today;
    let lines = rows
        .items
        .into_iter()
        .map(|row| Line {
            href: format!("/desk/cases/{}", row.case),
            due: row.due_on.to_string(),
            late: row.due_on < today,
            step: row.step,
            matter: row.matter_name,
            applicant: row.applicant_masked,
            code: banhao_records::grouped(&row.query_code),
            status: status_chip(&page, row.status, None),
            channel: page.t(&format!("desk-channel-{}", row.channel)).into_owned(),
        })
        .collect();
    let next = rows.next.map(|cursor| format!("/desk?act={}&after={cursor}", asked.act));
    Ok(page.html(&WorklistPage { page: page.clone(), lines, next }))
}

#[derive(Debug, Deserialize)]
struct Sought {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "desk/search.html")]
struct SearchPage {
    page: Page,
    q: String,
}

async fn search(State(state): State<AppState>, page: Page, who: Who, Asked(Sought { q }): Asked<Sought>) -> Answer {
    who.staff()?;
    bar(&state, &page, &who).await?;
    match by_code(&state.cases, &q).await? {
        Some(line) => Ok(page.redirect(&format!("/desk/cases/{}", line.id))),
        None => Ok(page.html_with_status(StatusCode::NOT_FOUND, &SearchPage { page: page.clone(), q })),
    }
}
