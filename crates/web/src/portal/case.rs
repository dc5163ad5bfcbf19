//! A case as its applicant follows it: status, clock, steps, what happened, papers, what to do next; withdrawing and receiving.

use banhao_bpmn::Progress;
use banhao_cases::facts::CaseFact;
use banhao_cases::model::{CaseStatus, Outcome};
use banhao_cases::queries::file::{CaseFile, case_file};
use banhao_cases::{receive_electronically, withdraw};
use banhao_catalogue::{Snapshot, decisions};
use banhao_kernel::ids::CaseId;
use banhao_records::{PaperKind, PaperState, PaperView, papers_of_case};

use super::apply::words as answer_words;
use super::citizen::Citizen;
use super::reasons::{self, Eyes, FeesView};
use super::words::{by_whom, clock_badge, happening, named, status_chip};
use crate::components::escape;
use crate::prelude::*;
use crate::problem::{self, size_text};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/cases/{id}", get(show))
        .route("/cases/{id}/urge", post(do_urge))
        .route("/cases/{id}/withdraw", get(ask_withdraw).post(do_withdraw))
        .route("/cases/{id}/receive", post(receive))
}

/// The case, when it is the citizen's own; any other is not there.
pub(super) async fn own(state: &AppState, citizen: &Citizen, id: CaseId) -> Result<CaseFile, Failure> {
    let file = case_file(&state.cases, &citizen.principal, id).await?;
    if file.applicant == citizen.person.id { Ok(file) } else { Err(problem::not_found().into()) }
}

/// Papers that carry the result: they are handed over, not just looked at.
pub(super) fn is_result(kind: PaperKind) -> bool {
    matches!(kind, PaperKind::Grant | PaperKind::Refusal | PaperKind::Licence)
}

/// Whether the applicant may have this paper now: the result only when it has been delivered.
pub(super) fn may_have(file: &CaseFile, paper: &PaperView) -> bool {
    paper.state == PaperState::Issued && (!is_result(paper.kind) || file.state.delivered_on.is_some())
}

struct PaperLine {
    name: String,
    number: String,
    size: String,
    href: Option<String>,
    waiting: bool,
    making: bool,
}

struct Look {
    at: banhao_kernel::Timestamp,
    reason: String,
}

#[derive(Template)]
#[template(path = "portal/case.html")]
struct CasePage {
    page: Page,
    crumbs: Crumbs,
    id: CaseId,
    name: String,
    number: String,
    query_code: String,
    status: Chip,
    explained: String,
    suspended: bool,
    clock: Option<ClockBadge>,
    statute: String,
    supplement_due: Option<banhao_kernel::Date>,
    can_receive: bool,
    can_withdraw: bool,
    can_urge: bool,
    urged_today: bool,
    can_rate: bool,
    reasons: Vec<String>,
    fees: Option<FeesView>,
    process: ProcessDrawing,
    papers: Vec<PaperLine>,
    timeline: Timeline,
    looks: Vec<Look>,
    answers: SummaryList,
    files: Vec<(String, String)>,
}

fn timeline(page: &Page, file: &CaseFile) -> Timeline {
    let id = file.line.id;
    let items = file
        .timeline
        .iter()
        .rev()
        .filter(|entry| !matches!(entry.what, Some(CaseFact::Unmasked { .. } | CaseFact::FileViewed { .. })))
        .map(|entry| {
            let (title, tone) = happening(page, entry);
            let proof = if entry.placed {
                format!(
                    "<a class=\"hint\" href=\"/cases/{id}/facts/{}/receipt.json\">{}<span class=\"hidden\"> {}</span></a>",
                    entry.fact,
                    escape(&page.t("portal-ledger-receipt")),
                    escape(&title)
                )
            } else {
                format!("<span class=\"hint\">{}</span>", escape(&page.t("portal-ledger-soon")))
            };
            Happening { at: entry.at, title, by: by_whom(page, entry), body: Some(Markup::trusted(proof)), tone }
        })
        .collect();
    Timeline { items }
}

fn papers(page: &Page, file: &CaseFile, papers: Vec<PaperView>) -> Vec<PaperLine> {
    papers
        .into_iter()
        .map(|paper| {
            let have = may_have(file, &paper);
            PaperLine {
                name: page.t(&format!("paper-{}", paper.kind.as_str())).into_owned(),
                size: size_text(paper.size.unsigned_abs()),
                href: have.then(|| format!("/papers/{}.pdf", paper.id)),
                making: paper.state != PaperState::Issued,
                waiting: !have && paper.state == PaperState::Issued,
                number: paper.number,
            }
        })
        .collect()
}

fn answers(page: &Page, snapshot: &Snapshot, file: &CaseFile) -> SummaryList {
    let mut list = SummaryList::new();
    let form = &file.version.form;
    for form_page in banhao_catalogue::forms::visible_pages(form, &file.answers) {
        for field in banhao_catalogue::forms::visible_fields(form, form_page, &file.answers) {
            let value = file.answers.get(&field.key).map_or_else(String::new, |value| answer_words(page, snapshot, field, value));
            list = list.text(named(page, &field.label), value);
        }
    }
    list
}

/// What the rules charge for the application as it was submitted.
fn fees(page: &Page, file: &CaseFile) -> Option<FeesView> {
    file.version.matter.decisions.fees.as_ref()?;
    reasons::fees(page, &file.version, &decisions::decide(&file.version, &file.answers), Eyes::Applicant)
}

async fn show(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    let file = own(&state, &citizen, id).await?;
    let snapshot = state.cases.snapshot().await?;
    let all_papers = papers_of_case(&state.cases.store, id).await?;
    let status = file.state.status;
    let clock = clock_badge(&snapshot, &file.clock);
    let late: Vec<String> =
        file.steps.iter().filter(|step| step.open && step.due_on < snapshot.today).map(|step| step.element.clone()).collect();
    let progress = Progress::of(&file.process).overdue(late);
    let name = named(&page, &file.version.matter.name);
    let view = CasePage {
        crumbs: Crumbs::new().to(page.t("portal-my-title"), "/my").here(name.clone()),
        number: file.line.number.clone(),
        query_code: banhao_records::grouped(&file.line.query_code),
        status: status_chip(&page, status, file.state.outcome),
        explained: match file.state.outcome.filter(|_| status == CaseStatus::Closed) {
            Some(Outcome::Terminated) => page.t("portal-terminated").into_owned(),
            Some(Outcome::Withdrawn | Outcome::Lapsed) => page.t("portal-withdrawn-explained").into_owned(),
            _ => page.t(&format!("common-status-{}.explained", status.as_str())).into_owned(),
        },
        suspended: file.state.suspended,
        statute: match (&clock, file.clock.deadlines.first()) {
            (Some(_), Some(deadline)) => page.t_args(
                "portal-clock-statute",
                &[("period", &page.t(&format!("common-period-{}", deadline.period.as_str()))), ("statute", deadline.period.statute())],
            ),
            _ => String::new(),
        },
        clock,
        supplement_due: file.state.open_supplement().map(|open| open.due),
        can_receive: status == CaseStatus::Delivering
            && file.delivery_wish == "electronic"
            && all_papers.iter().filter(|paper| is_result(paper.kind)).all(|paper| paper.state == PaperState::Issued),
        can_withdraw: matches!(status, CaseStatus::Received | CaseStatus::Supplement | CaseStatus::Reviewing | CaseStatus::Deciding),
        can_urge: in_our_hands(&file) && banhao_cases::rules::office::urge(&file.state, None, snapshot.today).is_ok(),
        urged_today: file.state.urged.get(&None) == Some(&snapshot.today) && status != CaseStatus::Closed,
        can_rate: status == CaseStatus::Closed,
        reasons: file
            .notes
            .iter()
            .filter(|note| {
                matches!(note.kind.as_str(), "refusal" | "terminate") || (note.kind == "decision" && file.state.delivered_on.is_some())
            })
            .map(|note| note.text.clone())
            .collect(),
        fees: fees(&page, &file),
        process: ProcessDrawing::new(page.lang(), page.t("portal-case-process"), "case", &file.course.process, Some(&progress)),
        papers: papers(&page, &file, all_papers),
        timeline: timeline(&page, &file),
        looks: file
            .timeline
            .iter()
            .filter_map(|entry| match &entry.what {
                Some(CaseFact::Unmasked { reason, .. }) => Some(Look { at: entry.at, reason: reason.clone() }),
                Some(CaseFact::FileViewed { .. }) => Some(Look { at: entry.at, reason: happening(&page, entry).0 }),
                _ => None,
            })
            .collect(),
        answers: answers(&page, &snapshot, &file),
        files: file.files.iter().map(|there| (format!("/cases/{id}/files/{}", there.id), there.name.clone())).collect(),
        name,
        id,
        page: page.clone(),
    };
    Ok(page.html(&view))
}

// ---- withdrawing ------------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "portal/confirm.html")]
struct ConfirmPage {
    page: Page,
    title: String,
    question: Confirm,
}

async fn ask_withdraw(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    let file = own(&state, &citizen, id).await?;
    let title = page.t_args("portal-withdraw-title", &[("name", &named(&page, &file.version.matter.name))]);
    let question = Confirm {
        page: page.clone(),
        title: title.clone(),
        text: page.t("portal-withdraw-text").into_owned(),
        action: format!("/cases/{id}/withdraw"),
        fields: Vec::new(),
        button: page.t("portal-withdraw-go").into_owned(),
        back: format!("/cases/{id}"),
        danger: true,
    };
    Ok(page.html(&ConfirmPage { page: page.clone(), title, question }))
}

async fn do_withdraw(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    own(&state, &citizen, id).await?;
    withdraw(&state.cases, &citizen.principal, id).await?;
    Ok(page.redirect_with(&format!("/cases/{id}"), &Flash::good("portal-withdrawn")))
}

/// Whether somebody of the government has to do something now.
fn in_our_hands(file: &CaseFile) -> bool {
    file.state.status != CaseStatus::Supplement && file.open_steps().next().is_some()
}

/// 催办 by the applicant.
async fn do_urge(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    own(&state, &citizen, id).await?;
    banhao_cases::urge(&state.cases, &citizen.principal, id).await?;
    Ok(page.redirect_with(&format!("/cases/{id}"), &Flash::good("portal-urged")))
}

/// Takes the result electronically: this is the delivery, so it is a button and not a link.
async fn receive(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    let file = own(&state, &citizen, id).await?;
    if file.delivery_wish == "electronic" {
        receive_electronically(&state.cases, &citizen.principal, id).await?;
    }
    Ok(page.redirect_with(&format!("/cases/{id}#papers"), &Flash::good("portal-received")))
}
