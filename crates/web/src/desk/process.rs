//! The process of a case alone, without the application: for administrators, who move a step when it does not go on otherwise (跳转).

use banhao_bpmn::Progress;
use banhao_cases::CaseError;
use banhao_cases::facts::Operation;
use banhao_cases::queries::file::{ProcessView, case_process};
use banhao_cases::rules::office as rules;
use banhao_identity::{CaseAct, permit_case};
use banhao_kernel::ids::{CaseId, TaskId};

use super::forms::ActForm;
use super::sent::{Act, Sent};
use crate::portal::words::{named, status_chip};
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/cases/{id}/process", get(show).post(jump))
}

#[derive(Template)]
#[template(path = "desk/case_process.html")]
struct ProcessPage {
    page: Page,
    name: String,
    number: String,
    status: Chip,
    errors: ErrorSummary,
    process: ProcessDrawing,
    open: Vec<(String, banhao_kernel::Date)>,
    id: String,
    seen: usize,
    forms: Vec<ActForm>,
}

fn form(page: &Page, view: &ProcessView, step: &banhao_cases::queries::file::StepView, sent: Option<&Sent>) -> Option<ActForm> {
    let model = &view.course.process;
    let name = |id: &String| model.node(id).and_then(banhao_bpmn::Node::name).unwrap_or(id).to_owned();
    let targets = rules::jumps(model, &view.process, step.token);
    if targets.is_empty() {
        return None;
    }
    let title = page.t_args("desk-office-step", &[("what", &page.t("desk-op-jump")), ("step", &step.name)]);
    let choices = targets.iter().map(|id| Choice::new(id.clone(), name(id))).collect();
    let mut form = ActForm::new(Act::Operate(Operation::Jump), format!("jump-{}", step.id), title, page.t("desk-op-jump")).fields(vec![
        Field::radio("to", page.t("desk-op-jump-to"), choices).required(),
        Field::new(FieldKind::Multiline { rows: 2 }, "reason", page.t("desk-op-reason")).required().max_length(2000),
    ]);
    form.hidden = Some(("step", step.id.to_string()));
    form.class = "danger";
    Some(form.filled(page, sent))
}

async fn view(state: &AppState, page: &Page, who: &Who, id: CaseId, sent: Option<&Sent>) -> Result<ProcessPage, Failure> {
    super::worklist::bar(state, page, who).await?;
    let view = case_process(&state.cases, &who.0, id).await?;
    let may = permit_case(&who.0, CaseAct::Jump, &view.target).is_ok() && rules::under_review(&view.state, Operation::Jump).is_ok();
    let open: Vec<_> = view.steps.iter().filter(|step| step.open).collect();
    let forms: Vec<ActForm> = if may { open.iter().filter_map(|step| form(page, &view, step, sent)).collect() } else { Vec::new() };
    Ok(ProcessPage {
        name: named(page, &view.version.matter.name),
        number: view.number.clone(),
        status: status_chip(page, view.state.status, view.state.outcome),
        errors: ErrorSummary::of(forms.iter().flat_map(ActForm::all_fields)),
        process: ProcessDrawing::new(page.lang(), page.t("desk-process"), "case", &view.course.process, Some(&Progress::of(&view.process))),
        open: open.iter().map(|step| (step.name.clone(), step.due_on)).collect(),
        id: id.to_string(),
        seen: view.happened,
        forms,
        page: page.clone(),
    })
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>) -> Answer {
    who.staff()?;
    let shown = view(&state, &page, &who, id, None).await?;
    Ok(page.html(&shown))
}

async fn jump(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    who.staff()?;
    let mut sent = Sent::new(Act::Operate(Operation::Jump), fields);
    sent.require("to", "to-missing");
    sent.require("reason", "reason-missing");
    if sent.is_good() {
        let step = sent.get("step").parse::<TaskId>().map_err(|_| CaseError::NotFound { what: "task" })?;
        match banhao_cases::jump(&sent.once(&state, &who, id), &who.0, step, sent.get("to"), sent.get("reason")).await {
            Ok(()) => return Ok(page.redirect_with(&format!("/desk/cases/{id}/process"), &Flash::good("desk-done"))),
            Err(error) if sent.take(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let shown = view(&state, &page, &who, id, Some(&sent)).await?;
    if shown.forms.iter().any(|form| form.open) {
        Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
    } else {
        Err(CaseError::Changed.into())
    }
}
