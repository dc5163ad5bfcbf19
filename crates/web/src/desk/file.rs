//! The file of a case: form, materials and acts beside each other, clock, papers, opinions, what happened.

use std::collections::HashMap;

use banhao_bpmn::Progress;
use banhao_cases::facts::CaseFact;
use banhao_cases::queries::file::{CaseFile, SignatureView, case_file};
use banhao_cases::queries::timeline::TimelineEntry;
use banhao_catalogue::{Snapshot, decisions};
use banhao_identity::{CaseAct, staff_names};
use banhao_kernel::ids::{CaseId, StaffId};
use banhao_kernel::mask;
use banhao_records::{PaperState, papers_of_case};

use super::forms::{ActForm, Desk};
use super::sent::{Act, Sent};
use crate::components::escape;
use crate::portal::reasons::{self, Eyes, FeesView};
use crate::portal::words::{clock_badge, happening, named, status_chip};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/cases/{id}", get(show))
}

/// A file that can be opened, when its address is given; in the page's own frame when browsers show its kind safely.
struct FileLine {
    name: String,
    href: Option<String>,
    framed: bool,
}

struct MaterialLine {
    key: String,
    name: String,
    standard: String,
    files: Vec<FileLine>,
    /// Said when there is no file.
    none: String,
    state: Option<Chip>,
    mistake: String,
}

struct PaperLine {
    name: String,
    number: String,
    href: Option<String>,
    making: bool,
    missing: String,
}

struct NoteLine {
    title: String,
    text: String,
    at: banhao_kernel::Timestamp,
    by: String,
}

/// A step that somebody has to do now.
struct OpenStep {
    name: String,
    who: String,
    due: banhao_kernel::Date,
    late: bool,
    chips: Vec<Chip>,
}

#[derive(Template)]
#[template(path = "desk/file.html")]
struct FilePage {
    page: Page,
    id: CaseId,
    seen: usize,
    name: String,
    number: String,
    status: Chip,
    clock: Option<ClockBadge>,
    statute: String,
    applicant: String,
    visits: i32,
    wish: String,
    errors: ErrorSummary,
    answers: SummaryList,
    unmask: Option<ActForm>,
    unmasked: Option<(String, String)>,
    can_look: bool,
    can_check: bool,
    materials: Vec<MaterialLine>,
    materials_not: String,
    papers: Vec<PaperLine>,
    forms: Vec<ActForm>,
    office: Vec<ActForm>,
    open: Vec<OpenStep>,
    waits: Vec<String>,
    suspended: bool,
    notes: Vec<NoteLine>,
    delivery: Option<SummaryList>,
    process: ProcessDrawing,
    timeline: Timeline,
    looks: Timeline,
    fees: Option<FeesView>,
    reasons: usize,
}

/// An answer as the desk sees it: personal ones are masked.
pub(super) fn shown(kind: banhao_catalogue::model::FieldKind, personal: bool, words: String) -> String {
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
    let file = case_file(&state.cases, &who.0, id).await?;
    let view = view(&state, &page, &who, file, None, None).await?;
    Ok(page.html(&view.0))
}

/// The page, to be shown again with mistakes or an unmasked value.
pub(super) struct View(FilePage);

impl View {
    pub(super) fn answer(&self, page: &Page, status: StatusCode) -> Response {
        page.html_with_status(status, &self.0)
    }

    /// Whether the page has the form that was sent.
    pub(super) fn offers(&self, sent: &Sent) -> bool {
        match sent.act {
            Act::Check => self.0.can_check && self.0.materials.iter().any(|material| material.key == sent.get("material")),
            Act::Unmask => self.0.unmask.is_some(),
            _ => self.0.forms.iter().chain(&self.0.office).any(|form| form.open && form.act == sent.act),
        }
    }
}

/// The materials, and the names of those that the answers do not ask for.
fn materials(desk: &Desk<'_>) -> (Vec<MaterialLine>, String) {
    let (page, file, id) = (desk.page, desk.file, desk.file.line.id);
    let may = desk.may(CaseAct::ViewFile);
    let needed = banhao_catalogue::forms::materials_needed(&file.version, &file.answers);
    let asked = |key: &str| needed.iter().find(|there| there.material.key == key);
    let line = |material: &banhao_catalogue::model::Material| {
        let files: Vec<_> = file.files.iter().filter(|there| there.material == material.key).collect();
        let state = files.iter().rev().find_map(|there| there.check_state.as_deref()).map(|state| {
            let tone = if state == "in-order" { Tone::Good } else { Tone::Bad };
            Chip::new(tone, page.t(&format!("desk-check-{state}")))
        });
        MaterialLine {
            name: named(page, &material.name),
            standard: named(page, &material.standard),
            mistake: desk.check_mistake(&material.key),
            none: page
                .t(match asked(&material.key) {
                    Some(there) if there.fetched => "desk-material-fetched",
                    Some(there) if !there.uploaded => "desk-material-form",
                    _ => "desk-material-none",
                })
                .into_owned(),
            key: material.key.clone(),
            state,
            files: files
                .into_iter()
                .map(|there| FileLine {
                    name: there.name.clone(),
                    href: may.then(|| format!("/desk/cases/{id}/files/{}", there.id)),
                    framed: crate::file::is_shown(&there.media_type),
                })
                .collect(),
        }
    };
    // What the answers do not ask for is not missing; what was handed in all the same is shown.
    let shown = |material: &&banhao_catalogue::model::Material| {
        asked(&material.key).is_some() || file.files.iter().any(|there| there.material == material.key)
    };
    let (there, not): (Vec<_>, Vec<_>) = file.version.matter.materials.iter().partition(shown);
    let not: Vec<String> = not.into_iter().map(|material| named(page, &material.name)).collect();
    let not = if not.is_empty() {
        String::new()
    } else {
        page.t_args("desk-materials-not", &[("names", &not.join(page.t("portal-comma").as_ref()))])
    };
    (there.into_iter().map(line).collect(), not)
}

async fn papers(state: &AppState, page: &Page, id: CaseId, may: bool) -> Result<Vec<PaperLine>, Failure> {
    let line = |paper: banhao_records::PaperView| PaperLine {
        name: page.t(&format!("paper-{}", paper.kind.as_str())).into_owned(),
        href: (may && paper.state == PaperState::Issued).then(|| format!("/desk/cases/{id}/papers/{}", paper.id)),
        making: paper.state != PaperState::Issued,
        number: paper.number,
        missing: paper.missing_glyphs,
    };
    Ok(papers_of_case(&state.cases.store, id).await?.into_iter().map(line).collect())
}

fn notes(page: &Page, file: &CaseFile, names: &HashMap<StaffId, String>) -> Vec<NoteLine> {
    let line = |note: &banhao_cases::queries::file::NoteView| NoteLine {
        title: match note.verdict.as_deref().filter(|_| note.kind != "message") {
            Some(verdict) => page.t(&format!("desk-verdict-{verdict}")).into_owned(),
            None => page.t(&format!("desk-note-{}", note.kind)).into_owned(),
        },
        text: note.text.clone(),
        at: note.at,
        by: names.get(&note.author).cloned().unwrap_or_default(),
    };
    file.notes.iter().filter(|note| !note.text.is_empty()).map(line).collect()
}

/// Who received the result, when and how. The receiver's name is for those who may look into files or hand results over.
fn delivery(desk: &Desk<'_>, names: &HashMap<StaffId, String>) -> Option<SummaryList> {
    let (page, id) = (desk.page, desk.file.line.id);
    let given = desk.file.delivery.as_ref()?;
    let may = desk.may(CaseAct::ViewFile) || desk.may(CaseAct::Deliver);
    let shown = |name: &str| if may { name.to_owned() } else { mask::name(name) };
    let mut list = SummaryList::new()
        .text(page.t("desk-delivery"), page.t(&format!("desk-delivery-{}", given.method)))
        .text(page.t("desk-handed-at"), filters::moment_text(page.lang(), given.at));
    if let Some(receiver) = &given.receiver {
        list = list.text(page.t("desk-receiver"), shown(receiver));
    }
    match &given.signature {
        Some(SignatureView::Typed(name)) => {
            list = list.text(page.t("desk-signature"), page.t_args("desk-signature-typed", &[("name", &shown(name))]));
        }
        Some(SignatureView::Drawn) if may => {
            let text = escape(&page.t("desk-signature-look"));
            let link = format!("<a href=\"/desk/cases/{id}/signature\" target=\"desk-viewer\" data-look>{text}</a>");
            list = list.markup(page.t("desk-signature"), Markup::trusted(link));
        }
        _ => {}
    }
    if let Some(waybill) = &given.waybill {
        list = list.text(page.t("desk-waybill"), waybill);
    }
    if let Some(name) = given.staff.and_then(|staff| names.get(&staff)) {
        list = list.text(page.t("desk-handed-by"), name);
    }
    Some(list)
}

/// What happened, newest first: the acts, or only the looks at files, which would bury them.
fn happenings(page: &Page, file: &CaseFile, names: &HashMap<StaffId, String>, looks: bool) -> Timeline {
    let by = |entry: &TimelineEntry| match entry.staff {
        Some(staff) => names.get(&staff).cloned().unwrap_or_default(),
        None if entry.by_applicant => page.t("desk-by-applicant").into_owned(),
        None => page.t("desk-by-system").into_owned(),
    };
    let items = file.timeline.iter().rev().filter(|entry| matches!(entry.what, Some(CaseFact::FileViewed { .. })) == looks);
    let items = items.map(|entry| {
        let (title, tone) = happening(page, entry);
        Happening { at: entry.at, title, by: by(entry), body: None, tone }
    });
    Timeline { items: items.collect() }
}

/// The open steps: whose they are, in whose hands, until when.
fn open_steps(desk: &Desk<'_>, names: &HashMap<StaffId, String>) -> Vec<OpenStep> {
    let page = desk.page;
    let line = |step: &banhao_cases::queries::file::StepView| {
        let mut chips = Vec::new();
        if step.owner.is_some() {
            chips.push(Chip::new(Tone::Info, page.t("desk-delegated")));
        }
        if step.signer.is_some() {
            chips.push(Chip::new(Tone::Info, page.t("desk-signing")));
        }
        if step.awaits_signers {
            chips.push(Chip::new(Tone::Info, page.t("desk-awaits-signers")));
        }
        if step.urged > 0 {
            chips.push(Chip::new(Tone::Warn, page.t_args("desk-urged", &[("n", &step.urged.to_string())])));
        }
        let body = desk.snapshot.organisation(&step.organisation).map_or_else(|| step.organisation.clone(), |body| named(page, &body.name));
        let hand = step.assignee.and_then(|holder| names.get(&holder).cloned()).unwrap_or_else(|| page.t("desk-hand-nobody").into_owned());
        OpenStep {
            name: step.name.clone(),
            who: format!("{body} · {hand}"),
            due: step.due_on,
            late: step.due_on < desk.snapshot.today,
            chips,
        }
    };
    desk.file.steps.iter().filter(|step| step.open || step.awaits_signers).map(line).collect()
}

/// What the process waits for, in words.
fn waits(page: &Page, file: &CaseFile) -> Vec<String> {
    let words = |wait: &banhao_cases::queries::file::WaitingView| match (&wait.name, wait.due_at) {
        (Some(name), _) => Some(page.t_args("desk-waits-message", &[("name", name)])),
        (None, Some(due)) if due < banhao_kernel::Timestamp::MAX => {
            let when = filters::moment_text(page.lang(), due);
            let event = file.course.process.node(&wait.element).and_then(banhao_bpmn::Node::name);
            Some(match event {
                Some(name) => page.t_args("desk-waits-timer-named", &[("name", name), ("when", &when)]),
                None => page.t_args("desk-waits-timer", &[("when", &when)]),
            })
        }
        _ => None,
    };
    file.waiting.iter().filter_map(words).collect()
}

fn mistakes<'f>(forms: impl Iterator<Item = &'f ActForm> + Clone, unmask: Option<&'f ActForm>, materials: &[MaterialLine]) -> ErrorSummary {
    let mut errors = ErrorSummary::of(forms.clone().chain(unmask).flat_map(ActForm::all_fields));
    let checks = materials.iter().filter(|material| !material.mistake.is_empty());
    errors.items.extend(checks.map(|material| (format!("check-{}", material.key), material.mistake.clone())));
    let general = forms.filter(|form| !form.error.is_empty());
    errors.items.extend(general.map(|form| (form.id.clone(), form.error.clone())));
    errors
}

/// What the rules say is charged.
fn fees(page: &Page, file: &CaseFile) -> Option<FeesView> {
    file.version.matter.decisions.fees.as_ref()?;
    reasons::fees(page, &file.version, &decisions::decide(&file.version, &file.answers), Eyes::Staff)
}

pub(super) async fn view(
    state: &AppState,
    page: &Page,
    who: &Who,
    file: CaseFile,
    sent: Option<&Sent>,
    unmasked: Option<(&str, String)>,
) -> Result<View, Failure> {
    super::worklist::bar(state, page, who).await?;
    let id = file.line.id;
    let snapshot = state.cases.snapshot().await?;
    let desk = Desk { page, principal: &who.0, staff: who.staff()?, snapshot: &snapshot, file: &file, sent };
    let mut people: Vec<StaffId> = file.timeline.iter().filter_map(|entry| entry.staff).collect();
    people.extend(file.steps.iter().filter_map(|step| step.assignee));
    people.sort_unstable();
    people.dedup();
    let names = staff_names(&state.cases.store, &people).await?;
    let (answers, personal) = answers(page, &snapshot, &file);
    let late: Vec<String> =
        file.steps.iter().filter(|step| step.open && step.due_on < snapshot.today).map(|step| step.element.clone()).collect();
    let progress = Progress::of(&file.process).overdue(late);
    let (mut forms, unmask, (materials, materials_not)) = (desk.acts(), desk.unmask(&personal), materials(&desk));
    let colleagues = super::office::colleagues(state, &desk).await?;
    let (next, office): (Vec<ActForm>, Vec<ActForm>) = super::office::forms(&desk, &colleagues).into_iter().partition(|form| form.first);
    forms.splice(0..0, next);
    banhao_cases::queries::copies::seen(&state.cases, &who.0, id).await?;
    let can_look = desk.may(CaseAct::ViewFile) || desk.may(CaseAct::Deliver);
    let label = |key: &str| personal.iter().find(|(there, _)| there == key).map_or_else(|| key.to_owned(), |(_, label)| label.clone());
    Ok(View(FilePage {
        id,
        seen: file.happened,
        name: named(page, &file.version.matter.name),
        number: file.line.number.clone(),
        status: status_chip(page, file.state.status, file.state.outcome),
        clock: clock_badge(&snapshot, &file.clock),
        statute: file.clock.deadlines.first().map_or_else(String::new, |deadline| deadline.period.statute().to_owned()),
        applicant: file.line.applicant_masked.clone(),
        visits: file.line.visits,
        wish: page.t(&format!("desk-delivery-{}", file.delivery_wish)).into_owned(),
        errors: mistakes(forms.iter().chain(&office), unmask.as_ref(), &materials),
        open: open_steps(&desk, &names),
        waits: waits(page, &file),
        suspended: file.state.suspended,
        office,
        unmasked: unmasked.map(|(key, value)| (label(key), value)),
        papers: papers(state, page, id, can_look).await?,
        notes: notes(page, &file, &names),
        delivery: delivery(&desk, &names),
        process: ProcessDrawing::new(page.lang(), page.t("desk-process"), "case", &file.course.process, Some(&progress)),
        timeline: happenings(page, &file, &names, false),
        looks: happenings(page, &file, &names, true),
        fees: fees(page, &file),
        reasons: super::reasons::count(&file),
        can_check: desk.can_check(),
        can_look,
        answers,
        unmask,
        materials,
        materials_not,
        forms,
        page: page.clone(),
    }))
}
