//! The file of a case: form and materials side by side, clock, papers, opinions, what happened – and exactly the acts that are
//! possible now for this person.

use banhao_bpmn::Progress;
use banhao_cases::model::CaseStatus;
use banhao_cases::queries::file::{CaseFile, case_file};
use banhao_catalogue::Snapshot;
use banhao_identity::{CaseAct, Principal, permit_case};
use banhao_kernel::ids::CaseId;
use banhao_kernel::mask;
use banhao_records::{PaperState, papers_of_case};

use crate::portal::words::{clock_badge, happening, named, status_chip};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/cases/{id}", get(show))
}

pub(super) struct MaterialLine {
    key: String,
    name: String,
    standard: String,
    files: Vec<(String, String)>,
    state: String,
}

struct PaperLine {
    name: String,
    number: String,
    href: Option<String>,
    missing: String,
}

struct NoteLine {
    title: String,
    text: String,
    at: banhao_kernel::Timestamp,
}

struct StepForm {
    element: String,
    name: String,
}

/// Which forms are shown: what the policies and the state allow. The commands decide again.
#[derive(Default)]
struct Possible {
    accept: bool,
    supplement: bool,
    refuse: bool,
    check: bool,
    steps: Vec<StepForm>,
    decide: bool,
    deliver: bool,
    visit: bool,
    unmask: bool,
}

#[derive(Template)]
#[template(path = "desk/file.html")]
struct FilePage {
    page: Page,
    id: CaseId,
    name: String,
    number: String,
    status: Chip,
    clock: Option<ClockBadge>,
    statute: String,
    applicant: String,
    visits: i32,
    wish: String,
    answers: SummaryList,
    personal: Vec<(String, String)>,
    unmasked: Option<(String, String)>,
    materials: Vec<MaterialLine>,
    papers: Vec<PaperLine>,
    notes: Vec<NoteLine>,
    process: ProcessDrawing,
    timeline: Timeline,
    can: Possible,
    mistake: String,
}

fn possible(principal: &Principal, file: &CaseFile) -> Possible {
    let may = |act| permit_case(principal, act, &file.target).is_ok();
    let status = file.state.status;
    let received = status == CaseStatus::Received;
    let steps = file
        .open_steps()
        .filter(|step| match step.act.as_str() {
            "review" => may(CaseAct::Review),
            "inspect" => may(CaseAct::Inspect),
            _ => false,
        })
        .map(|step| StepForm { element: step.element.clone(), name: step.name.clone() })
        .collect();
    Possible {
        accept: received && may(CaseAct::Accept),
        supplement: received && file.state.supplements.is_empty() && may(CaseAct::RequestSupplement),
        refuse: received && may(CaseAct::RefuseAcceptance),
        check: received && may(CaseAct::CheckMaterial),
        steps,
        decide: file.open_steps().any(|step| step.act == "decide") && may(CaseAct::Decide),
        deliver: status == CaseStatus::Delivering && may(CaseAct::Deliver),
        visit: status != CaseStatus::Closed && may(CaseAct::RecordVisit),
        unmask: may(CaseAct::Unmask),
    }
}

/// An answer as the desk sees it: personal ones are masked.
fn shown(kind: banhao_catalogue::model::FieldKind, personal: bool, words: String) -> String {
    use banhao_catalogue::model::FieldKind as Kind;
    if !personal || words.is_empty() {
        return words;
    }
    match kind {
        Kind::CitizenNumber => mask::citizen_number(&words),
        Kind::CreditCode => mask::credit_code(&words),
        Kind::Mobile => mask::mobile(&words),
        Kind::Address => mask::address(&words),
        _ => mask::name(&words),
    }
}

fn answers(page: &Page, snapshot: &Snapshot, file: &CaseFile) -> (SummaryList, Vec<(String, String)>) {
    let (mut list, mut personal) = (SummaryList::new(), Vec::new());
    let form = &file.version.form;
    for form_page in banhao_catalogue::forms::visible_pages(form, &file.answers) {
        for field in banhao_catalogue::forms::visible_fields(form, form_page, &file.answers) {
            let label = named(page, &field.label);
            let words =
                file.answers.get(&field.key).map_or_else(String::new, |value| crate::portal::answer_words(page, snapshot, field, value));
            if field.personal && !words.is_empty() {
                personal.push((field.key.clone(), label.clone()));
            }
            list = list.text(label, shown(field.kind, field.personal, words));
        }
    }
    (list, personal)
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>) -> Answer {
    who.staff()?;
    let view = view(&state, &page, &who, id, String::new(), None).await?;
    Ok(page.html(&view.0))
}

/// The page, to be shown again with a mistake or an unmasked value.
pub(super) struct View(FilePage);

impl View {
    pub(super) fn answer(&self, page: &Page, status: StatusCode) -> Response {
        page.html_with_status(status, &self.0)
    }
}

pub(super) async fn view(
    state: &AppState,
    page: &Page,
    who: &Who,
    id: CaseId,
    mistake: String,
    unmasked: Option<(String, String)>,
) -> Result<View, Failure> {
    super::worklist::bar(state, page, who).await?;
    let file = case_file(&state.cases, &who.0, id).await?;
    let snapshot = state.cases.snapshot().await?;
    let (answers, personal) = answers(page, &snapshot, &file);
    let late: Vec<String> =
        file.steps.iter().filter(|step| step.open && step.due_on < snapshot.today).map(|step| step.element.clone()).collect();
    let progress = Progress::of(&file.process).overdue(late);
    let materials = file
        .version
        .matter
        .materials
        .iter()
        .map(|material| {
            let files: Vec<_> = file.files.iter().filter(|there| there.material == material.key).collect();
            MaterialLine {
                key: material.key.clone(),
                name: named(page, &material.name),
                standard: named(page, &material.standard),
                state: files
                    .iter()
                    .rev()
                    .find_map(|there| there.check_state.clone())
                    .map_or_else(String::new, |state| page.t(&format!("desk-check-{state}")).into_owned()),
                files: files.iter().map(|there| (format!("/desk/cases/{id}/files/{}", there.id), there.name.clone())).collect(),
            }
        })
        .collect();
    let papers = papers_of_case(&state.cases.store, id)
        .await?
        .into_iter()
        .map(|paper| PaperLine {
            name: page.t(&format!("paper-{}", paper.kind.as_str())).into_owned(),
            href: (paper.state == PaperState::Issued).then(|| format!("/desk/cases/{id}/papers/{}", paper.id)),
            number: paper.number,
            missing: paper.missing_glyphs,
        })
        .collect();
    let notes = file
        .notes
        .iter()
        .map(|note| NoteLine {
            title: note.verdict.as_deref().map_or_else(
                || page.t(&format!("desk-note-{}", note.kind)).into_owned(),
                |verdict| page.t(&format!("desk-verdict-{verdict}")).into_owned(),
            ),
            text: note.text.clone(),
            at: note.at,
        })
        .collect();
    let items = file
        .timeline
        .iter()
        .rev()
        .map(|entry| {
            let (title, tone) = happening(page, entry);
            Happening { at: entry.at, title, by: String::new(), body: None, tone }
        })
        .collect();
    let statute = file.clock.deadlines.first().map_or_else(String::new, |deadline| deadline.period.statute().to_owned());
    Ok(View(FilePage {
        id,
        name: named(page, &file.version.matter.name),
        number: file.line.number.clone(),
        status: status_chip(page, file.state.status, file.state.outcome),
        clock: clock_badge(&snapshot, &file.clock),
        statute,
        applicant: file.line.applicant_masked.clone(),
        visits: file.line.visits,
        wish: page.t(&format!("desk-delivery-{}", file.delivery_wish)).into_owned(),
        answers,
        personal,
        unmasked,
        materials,
        papers,
        notes,
        process: ProcessDrawing::new(page.lang(), page.t("desk-process"), "case", &file.version.process, Some(&progress)),
        timeline: Timeline { items },
        can: possible(&who.0, &file),
        mistake,
        page: page.clone(),
    }))
}
