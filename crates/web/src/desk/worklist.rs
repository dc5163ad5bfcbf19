//! The worklist: open steps this person may do, what is due first on top; and finding a case by number or code.

use banhao_cases::queries::{
    copies::copies,
    file::case_file,
    mine::by_code,
    worklist::{Hands, WorklistRow, waiting, worklist},
};
use banhao_cases::{CaseError, claim};
use banhao_identity::{CaseAct, DeskAct, permit_case, permit_desk, staff_names};
use banhao_kernel::ids::{StaffId, TaskId};
use banhao_store::trouble::failed_jobs;
use serde::Deserialize;

use crate::page::{DeskBar, Queue};
use crate::portal::words::{deadline_state, matter_called};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk", get(show)).route("/desk/search", get(search)).route("/desk/tasks/{id}/claim", post(take))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    act: String,
    #[serde(default)]
    hands: String,
    #[serde(default)]
    after: String,
}

/// Words of the address for whose hands steps are in.
const HANDS: [(&str, Hands); 3] = [("all", Hands::Any), ("mine", Hands::Mine), ("pool", Hands::Nobodys)];

struct Line {
    task: TaskId,
    href: String,
    clock: ClockBadge,
    late: bool,
    step: String,
    matter: String,
    applicant: String,
    code: String,
    channel: String,
    /// Who has it in hand; empty when nobody has.
    hand: String,
    /// Urged, delegated.
    chips: Vec<Chip>,
    /// Whether the reader can take it (`Some(true)`), put it back (`Some(false)`), or neither.
    claim: Option<bool>,
}

struct Filter {
    href: String,
    label: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "desk/worklist.html")]
struct WorklistPage {
    page: Page,
    title: String,
    filters: Vec<Filter>,
    none_mine: bool,
    back: String,
    lines: Vec<Line>,
    next: Option<String>,
    copied: Vec<Copied>,
    copies_title: String,
}

/// Shows the queues of this person's posts in the top bar.
pub(crate) async fn bar(state: &AppState, page: &Page, who: &Who) -> Result<(), Failure> {
    let counts = waiting(&state.cases, &who.0).await?;
    let queues = counts
        .into_iter()
        .map(|(act, count)| Queue {
            label: page.t(&format!("desk-queue-{act}")).into_owned(),
            href: format!("/desk?act={act}"),
            count,
            overdue: false,
        })
        .collect();
    let jobs = match permit_desk(&who.0, DeskAct::KeepJobs) {
        Ok(()) => Some(failed_jobs(&state.cases.store).await?),
        Err(_) => None,
    };
    page.set_desk(DeskBar {
        queues,
        takes: permit_desk(&who.0, DeskAct::TakeApplications).is_ok(),
        keeps: permit_desk(&who.0, DeskAct::SeeDefinitions).is_ok(),
        jobs,
    });
    Ok(())
}

fn chips(page: &Page, row: &WorklistRow) -> Vec<Chip> {
    let mut chips = Vec::new();
    if row.urged > 0 {
        chips.push(Chip::new(Tone::Warn, page.t_args("desk-urged", &[("n", &row.urged.to_string())])));
    }
    if row.delegated {
        chips.push(Chip::new(Tone::Info, page.t("desk-delegated")));
    }
    chips
}

struct Copied {
    href: String,
    matter: String,
    number: String,
    by: String,
    at: banhao_kernel::Timestamp,
}

/// What was copied to this person and they have not looked at.
async fn copied(state: &AppState, page: &Page, who: &Who) -> Result<Vec<Copied>, Failure> {
    let unseen: Vec<_> = copies(&state.cases, &who.0).await?.into_iter().filter(|line| !line.seen).collect();
    let by: Vec<StaffId> = unseen.iter().map(|line| line.by).collect();
    let names = staff_names(&state.cases.store, &by).await?;
    let snapshot = state.cases.snapshot().await?;
    let line = |line: banhao_cases::queries::copies::CopyLine| Copied {
        href: format!("/desk/cases/{}", line.case),
        matter: matter_called(page, &snapshot, &line.matter_name),
        number: line.number,
        by: page.t_args("desk-copy-from", &[("who", names.get(&line.by).map_or("", String::as_str))]),
        at: line.at,
    };
    Ok(unseen.into_iter().map(line).collect())
}

async fn show(State(state): State<AppState>, page: Page, who: Who, Asked(asked): Asked<Which>) -> Answer {
    let staff = who.staff()?;
    permit_desk(&who.0, DeskAct::SeeWorklist)?;
    bar(&state, &page, &who).await?;
    let act = (!asked.act.is_empty()).then_some(asked.act.as_str());
    let after = (!asked.after.is_empty()).then_some(asked.after.as_str());
    let (word, hands) = HANDS.into_iter().find(|(word, _)| *word == asked.hands).unwrap_or(HANDS[0]);
    let rows = worklist(&state.cases, &who.0, act, hands, after).await?;
    let snapshot = state.cases.snapshot().await?;
    let others: Vec<StaffId> = rows.items.iter().filter_map(|row| row.assignee).collect();
    let names = staff_names(&state.cases.store, &others).await?;
    let address = |hands: &str| format!("/desk?act={}&hands={hands}", crate::portal::encoded(&asked.act));
    let next = rows.next.as_ref().map(|cursor| format!("{}&after={cursor}", address(word)));
    let lines: Vec<Line> = rows
        .items
        .into_iter()
        .map(|row| Line {
            task: row.task,
            href: format!("/desk/cases/{}", row.case),
            clock: ClockBadge::new(deadline_state(&snapshot, row.due_on), Some(row.due_on)),
            late: row.due_on < snapshot.today,
            chips: chips(&page, &row),
            step: row.step,
            matter: matter_called(&page, &snapshot, &row.matter_name),
            applicant: row.applicant_masked,
            code: banhao_records::grouped(&row.query_code),
            channel: page.t(&format!("desk-channel-{}", row.channel)).into_owned(),
            hand: match row.assignee {
                Some(id) if id == staff.id => page.t("desk-hand-me").into_owned(),
                Some(id) => names.get(&id).cloned().unwrap_or_default(),
                None => String::new(),
            },
            claim: match row.assignee {
                None => Some(true),
                Some(id) => (id == staff.id && !row.delegated).then_some(false),
            },
        })
        .collect();
    let title = if lines.is_empty() {
        page.t("desk-worklist").into_owned()
    } else {
        let more = if next.is_some() { "+" } else { "" };
        page.t_args("desk-worklist-count", &[("n", &format!("{}{more}", lines.len()))])
    };
    let filters = HANDS
        .into_iter()
        .map(|(name, _)| Filter { href: address(name), label: page.t(&format!("desk-filter-{name}")).into_owned(), here: name == word })
        .collect();
    let none_mine = hands == Hands::Mine;
    let copied = copied(&state, &page, &who).await?;
    let copies_title = page.t_args("desk-copies", &[("n", &copied.len().to_string())]);
    Ok(page.html(&WorklistPage { copied, copies_title, title, filters, none_mine, back: address(word), lines, next, page: page.clone() }))
}

/// Takes a step into one's hands or puts it back; who comes second is told who was first.
async fn take(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<TaskId>, fields: Fields) -> Answer {
    who.staff()?;
    let back = Some(fields.get("back")).filter(|back| back.starts_with("/desk?")).unwrap_or("/desk");
    let taking = fields.get("take") != "no";
    match claim(&state.cases, &who.0, id, taking).await {
        Ok(()) => Ok(page.redirect_with(back, &Flash::good(if taking { "desk-claimed" } else { "desk-released" }))),
        Err(CaseError::InOtherHands { staff }) => {
            let names = staff_names(&state.cases.store, &[staff]).await?;
            let name = names.get(&staff).cloned().unwrap_or_default();
            Ok(page.redirect_with(back, &Flash::warn("desk-claimed-by").with("who", name)))
        }
        Err(error) => Err(error.into()),
    }
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
    // A case that may not be seen is as one that does not exist.
    let seen = match by_code(&state.cases, &q).await?.map(|line| line.id) {
        Some(id) => {
            let file = case_file(&state.cases, &banhao_identity::Principal::System, id).await?;
            let may = |act| permit_case(&who.0, act, &file.target).is_ok();
            match (may(CaseAct::View), may(CaseAct::ViewProcess)) {
                (true, _) => Some(format!("/desk/cases/{id}")),
                (false, true) => Some(format!("/desk/cases/{id}/process")),
                _ => None,
            }
        }
        None => None,
    };
    match seen {
        Some(there) => Ok(page.redirect(&there)),
        None => Ok(page.html_with_status(StatusCode::NOT_FOUND, &SearchPage { page: page.clone(), q })),
    }
}
