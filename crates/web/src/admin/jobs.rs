//! Background jobs that failed, for the system administrator (后台任务): what, about which case, why; try again, give up. Above them how
//! long the queue is, so that one that stands still is seen.

use banhao_identity::{DeskAct, permit_desk};
use banhao_kernel::Timestamp;
use banhao_kernel::ids::JobId;
use banhao_oversight::{
    About, JOB_KINDS, JobAct, JobInTrouble, LONGEST_REASON, OversightError, TroublePage, Which, all_jobs_again, give_job_up, job_again,
    job_in_trouble, jobs_in_trouble,
};
use banhao_store::trouble::{Queue, Trouble};
use serde::Deserialize;

use super::name_of;
use crate::desk::bar;
use crate::portal::encoded;
use crate::portal::words::named;
use crate::prelude::*;

const PATH: &str = "/admin/jobs";
/// Minutes after which a job that waits for its turn says that nobody works.
const STUCK: i64 = 10;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list).post(all_again))
        .route("/admin/jobs/{id}", get(show))
        .route("/admin/jobs/{id}/again", post(again))
        .route("/admin/jobs/{id}/give-up", post(give_up))
}

/// Lets in who sees to jobs, and fills the desk's bar.
async fn enter(state: &AppState, page: &Page, who: &Who) -> Result<(), Failure> {
    who.staff()?;
    permit_desk(&who.0, DeskAct::KeepJobs)?;
    bar(state, page, who).await
}

#[derive(Debug, Deserialize)]
struct AskedFor {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    after: String,
}

/// A job as both pages show it.
struct Line {
    href: String,
    kind: String,
    state: Chip,
    tries: String,
    tried_at: Option<Timestamp>,
    left_at: Timestamp,
    next: String,
    next_at: Option<Timestamp>,
    /// The case or the order: where it is, and its words; nowhere when it is gone.
    about: (Option<String>, String),
    why: String,
    why_text: String,
    detail: String,
    can_again: bool,
}

/// A kind that has jobs in trouble.
struct Kind {
    name: String,
    key: String,
    href: String,
    counts: Vec<String>,
    can_again: bool,
}

/// The queue as the page shows it.
struct QueueView {
    now: String,
    oldest: String,
    stuck: bool,
    chart: Option<Chart>,
}

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct JobsPage {
    page: Page,
    queue: QueueView,
    kinds: Vec<Kind>,
    /// The kind that is looked at alone, in words, or empty.
    only: String,
    all_kinds: String,
    tabs: Tabs,
    lines: Vec<Line>,
    empty: Empty,
    pages: Pagination,
}

/// What a kind is called. One that is not known any more goes by its key.
fn kind_name(page: &Page, kind: &str) -> String {
    if JOB_KINDS.contains(&kind) { page.t(&format!("job-kind-{}", kind.replace('.', "-"))).into_owned() } else { kind.to_owned() }
}

fn age(page: &Page, since: Timestamp, now: Timestamp) -> String {
    let minutes = minutes(since, now);
    let (key, n) = match minutes {
        ..1 => return page.t("jobs-age-moment").into_owned(),
        1..60 => ("jobs-age-minutes", minutes),
        60..2880 => ("jobs-age-hours", minutes / 60),
        _ => ("jobs-age-days", minutes / 1440),
    };
    page.t_args(key, &[("n", &n.to_string())])
}

fn minutes(since: Timestamp, now: Timestamp) -> i64 {
    (now.as_second() - since.as_second()) / 60
}

fn queue(page: &Page, queues: &[Queue], now: Timestamp) -> QueueView {
    let sum = |of: fn(&Queue) -> u64| queues.iter().map(of).sum::<u64>().to_string();
    let oldest = queues.iter().filter_map(|queue| Some((queue.oldest?, queue))).min_by_key(|(since, _)| *since);
    let due: Vec<&Queue> = queues.iter().filter(|queue| queue.running + queue.queued > 0).collect();
    let bars: Vec<Bar> = due
        .iter()
        .map(|queue| {
            let jobs = queue.running + queue.queued;
            let waits = queue.oldest.is_some_and(|since| minutes(since, now) >= STUCK);
            Bar {
                label: kind_name(page, &queue.kind),
                value: u32::try_from(jobs).unwrap_or(u32::MAX).into(),
                shown: jobs.to_string(),
                tone: if waits { Tone::Warn } else { Tone::Info },
            }
        })
        .collect();
    let row = |queue: &Queue| {
        let numbers = [queue.running, queue.queued, queue.coming].map(|number| number.to_string());
        let oldest = queue.oldest.map_or_else(|| "—".to_owned(), |since| age(page, since, now));
        [kind_name(page, &queue.kind)].into_iter().chain(numbers).chain([oldest]).collect()
    };
    let heads = ["jobs-queue-kind", "jobs-queue-running", "jobs-queue-queued", "jobs-queue-coming", "jobs-queue-age"];
    QueueView {
        now: page.t_args(
            "jobs-queue-now",
            &[("running", &sum(|queue| queue.running)), ("queued", &sum(|queue| queue.queued)), ("coming", &sum(|queue| queue.coming))],
        ),
        oldest: oldest.map_or_else(String::new, |(since, queue)| {
            page.t_args("jobs-queue-oldest", &[("kind", &kind_name(page, &queue.kind)), ("age", &age(page, since, now))])
        }),
        stuck: oldest.is_some_and(|(since, _)| minutes(since, now) >= STUCK),
        chart: (!due.is_empty()).then(|| Chart {
            title: page.t("jobs-queue-chart").into_owned(),
            summary: page.t("jobs-queue-summary").into_owned(),
            drawing: crate::components::bars(&bars),
            columns: heads.into_iter().map(|key| page.t(key).into_owned()).collect(),
            rows: queues.iter().map(row).collect(),
        }),
    }
}

fn state_chip(page: &Page, trouble: Trouble) -> Chip {
    let tone = match trouble {
        Trouble::Failed => Tone::Bad,
        Trouble::Failing => Tone::Warn,
        Trouble::GivenUp => Tone::Info,
    };
    Chip::new(tone, page.t(&format!("job-trouble-{}", trouble.as_str())))
}

/// The error in words; a code whose words are not there any more is one without words.
fn why(page: &Page, code: &str, args: &[(String, String)]) -> (String, String) {
    let known = banhao_texts::has(page.lang(), &format!("problem-{code}"));
    let code = if known { code } else { "store-job-failed" };
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = format!("problem-{code}.text");
    let text = if banhao_texts::has(page.lang(), &text) { page.t_args(&text, &args) } else { String::new() };
    (page.t_args(&format!("problem-{code}"), &args), text)
}

fn line(page: &Page, snapshot: &banhao_catalogue::Snapshot, there: &JobInTrouble, now: Timestamp) -> Line {
    let job = &there.job;
    let about = match &there.about {
        About::Case { id, number, matter, matter_name } => {
            let matter = snapshot.matter(matter).map_or_else(|| matter_name.clone(), |version| named(page, &version.matter.name));
            // The administrator sees the way of a case, not what stands in the application.
            (Some(format!("/desk/cases/{id}/process")), format!("{matter} {number}"))
        }
        About::Move { order, matter } => (Some(format!("/admin/processes/{matter}/moves/{order}")), page.t("jobs-about-move").into_owned()),
        About::Gone => (None, page.t("jobs-about-gone").into_owned()),
    };
    let (why, why_text) = why(page, &job.code, &job.args);
    let waits = job.next_at.is_some_and(|at| at > now);
    Line {
        href: format!("{PATH}/{}", job.id),
        kind: kind_name(page, &job.kind),
        state: state_chip(page, job.trouble),
        tries: page.t_args("jobs-tries", &[("n", &job.attempts.to_string())]),
        tried_at: job.tried_at,
        left_at: job.left_at,
        next: page.t(if job.in_hand { "jobs-next-in-hand" } else { "jobs-next-none" }).into_owned(),
        next_at: job.next_at.filter(|_| !job.in_hand),
        about,
        why,
        why_text,
        detail: job.detail.clone(),
        can_again: !job.in_hand && (job.trouble != Trouble::Failing || waits),
    }
}

fn here(trouble: Trouble, kind: &str, after: Option<JobId>) -> String {
    let mut href = format!("{PATH}?state={}", trouble.as_str());
    if !kind.is_empty() {
        href.push_str(&format!("&kind={}", encoded(kind)));
    }
    if let Some(after) = after {
        href.push_str(&format!("&after={after}"));
    }
    href
}

fn kinds(page: &Page, there: &TroublePage, trouble: Trouble) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for count in &there.counts {
        if kinds.last().is_none_or(|kind| kind.key != count.kind) {
            kinds.push(Kind {
                name: kind_name(page, &count.kind),
                key: count.kind.clone(),
                href: here(trouble, &count.kind, None),
                counts: Vec::new(),
                can_again: false,
            });
        }
        if let Some(kind) = kinds.last_mut() {
            kind.counts.push(page.t_args(&format!("jobs-kinds-{}", count.trouble.as_str()), &[("n", &count.jobs.to_string())]));
            kind.can_again |= count.trouble != Trouble::GivenUp;
        }
    }
    kinds
}

async fn list(State(state): State<AppState>, page: Page, who: Who, Asked(asked): Asked<AskedFor>) -> Answer {
    enter(&state, &page, &who).await?;
    let trouble = Trouble::from_name(&asked.state).unwrap_or(Trouble::Failed);
    let after: Option<JobId> = asked.after.parse().ok();
    let which = Which { trouble: Some(trouble), kind: (!asked.kind.is_empty()).then(|| asked.kind.clone()), after };
    let there = jobs_in_trouble(&state.cases, &who.0, &which).await?;
    let (snapshot, now) = (state.cases.snapshot().await?, state.cases.store.now());
    let counted = |trouble| {
        let jobs = there.counts.iter().filter(|count| count.trouble == trouble && (asked.kind.is_empty() || count.kind == asked.kind));
        jobs.map(|count| count.jobs).sum()
    };
    let tab = |one: Trouble| Tab {
        label: page.t(&format!("job-trouble-{}", one.as_str())).into_owned(),
        href: here(one, &asked.kind, None),
        count: Some(counted(one)),
        current: one == trouble,
    };
    let none = format!("jobs-none-{}", trouble.as_str());
    let last = there.jobs.last().filter(|_| there.more).map(|there| there.job.id);
    Ok(page.html(&JobsPage {
        queue: queue(&page, &there.queues, now),
        kinds: kinds(&page, &there, trouble),
        only: if asked.kind.is_empty() { String::new() } else { kind_name(&page, &asked.kind) },
        all_kinds: here(trouble, "", None),
        tabs: Tabs { label: page.t("jobs-tabs").into_owned(), items: Trouble::ALL.map(tab).into() },
        lines: there.jobs.iter().map(|job| line(&page, &snapshot, job, now)).collect(),
        empty: Empty::new(page.t(&none), page.t(&format!("{none}-text"))),
        pages: Pagination {
            first: after.map(|_| here(trouble, &asked.kind, None)),
            next: last.map(|last| here(trouble, &asked.kind, Some(last))),
        },
        page: page.clone(),
    }))
}

#[derive(Template)]
#[template(path = "admin/job.html")]
struct JobPage {
    page: Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    line: Line,
    /// By whom, when and why it was given up.
    given_up: Option<(String, Timestamp, String)>,
    can_give_up: bool,
    reason: Field,
}

async fn view(state: &AppState, page: &Page, who: &Who, id: JobId, reason: (&str, String)) -> Result<JobPage, Failure> {
    let there = job_in_trouble(&state.cases, &who.0, id).await?;
    let snapshot = state.cases.snapshot().await?;
    let line = line(page, &snapshot, &there, state.cases.store.now());
    let given_up = match (&there.given_up, &there.job.given_up) {
        (Some((by, why)), Some(given_up)) => Some((name_of(state, *by).await?, given_up.at, why.clone())),
        _ => None,
    };
    let reason = Field::new(FieldKind::Multiline { rows: 3 }, "reason", page.t("jobs-reason"))
        .hint(page.t("jobs-reason-hint"))
        .max_length(u32::try_from(LONGEST_REASON).unwrap_or(u32::MAX))
        .value(reason.0)
        .error(reason.1)
        .required();
    Ok(JobPage {
        crumbs: Crumbs::new().to(page.t("jobs-title"), PATH).here(line.kind.clone()),
        errors: ErrorSummary::of([&reason]),
        can_give_up: there.job.trouble != Trouble::GivenUp && !there.job.in_hand,
        given_up,
        line,
        reason,
        page: page.clone(),
    })
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<JobId>) -> Answer {
    enter(&state, &page, &who).await?;
    Ok(page.html(&view(&state, &page, &who, id, ("", String::new())).await?))
}

async fn again(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<JobId>) -> Answer {
    enter(&state, &page, &who).await?;
    let told = match job_again(&state.cases, &who.0, id).await? {
        JobAct::Done => Flash::good("jobs-again-done"),
        JobAct::Already => Flash::new(Tone::Info, "jobs-again-already"),
    };
    Ok(page.redirect_with(PATH, &told))
}

async fn all_again(State(state): State<AppState>, page: Page, who: Who, fields: Fields) -> Answer {
    enter(&state, &page, &who).await?;
    if !fields.has("kind") {
        return Err(crate::problem::bad_form());
    }
    let told = match all_jobs_again(&state.cases, &who.0, fields.get("kind")).await? {
        0 => Flash::new(Tone::Info, "jobs-all-again-none"),
        jobs => Flash::good("jobs-all-again-done").with("n", jobs.to_string()),
    };
    Ok(page.redirect_with(PATH, &told))
}

async fn give_up(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<JobId>, fields: Fields) -> Answer {
    enter(&state, &page, &who).await?;
    let reason = fields.get("reason");
    match give_job_up(&state.cases, &who.0, id, reason).await {
        Ok(JobAct::Done) => Ok(page.redirect_with(PATH, &Flash::good("jobs-given-up"))),
        Ok(JobAct::Already) => Ok(page.redirect_with(PATH, &Flash::new(Tone::Info, "jobs-given-up-already"))),
        Err(OversightError::Invalid { .. }) => {
            let wrong = match reason.trim().is_empty() {
                true => page.t("jobs-reason-missing").into_owned(),
                false => page.t_args("jobs-reason-long", &[("n", &LONGEST_REASON.to_string())]),
            };
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&state, &page, &who, id, (reason, wrong)).await?))
        }
        Err(error) => Err(error.into()),
    }
}
