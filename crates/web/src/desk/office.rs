//! The operations of the office on the file of a case: a form for each that definition, state and policies allow, and what they lead
//! to. The commands decide again.

use banhao_cases::facts::{Operation, Verdict};
use banhao_cases::queries::file::StepView;
use banhao_cases::rules::office as rules;
use banhao_cases::{AddedWhen, CaseContext, CaseError};
use banhao_identity::{CaseAct, Post, Principal, StaffMember, permit_case, staff_of};
use banhao_kernel::ids::{CaseId, StaffId, TaskId};

use super::acts::answer;
use super::forms::{ActForm, Desk};
use super::sent::{Act, Sent};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/cases/{id}/operate/{operation}", post(operate))
}

/// Longest reason.
const LONG: u32 = 2000;

/// Colleagues who can be chosen: of the organisations that take part, and the reader's own.
pub(super) async fn colleagues(state: &AppState, desk: &Desk<'_>) -> Result<Vec<StaffMember>, Failure> {
    let mut bodies = desk.file.state.joint.clone();
    bodies.insert(desk.file.target.organisation.clone());
    bodies.insert(desk.staff.organisation.clone());
    let mut all = Vec::new();
    for body in bodies {
        all.extend(staff_of(&state.cases.store, &body).await?);
    }
    all.retain(|member| member.id != desk.staff.id);
    Ok(all)
}

/// Whether a step is this person's to do: of their organisation or hall, and in nobody else's hands.
pub(super) fn is_mine(desk: &Desk<'_>, step: &StepView) -> bool {
    let hall = desk.file.hall.is_some() && desk.file.hall == desk.staff.hall && step.organisation == desk.file.target.organisation;
    let ours = step.organisation == desk.staff.organisation || hall;
    ours && step.assignee.is_none_or(|holder| holder == desk.staff.id)
}

struct Office<'d, 'a> {
    desk: &'d Desk<'a>,
    colleagues: &'d [StaffMember],
}

/// The forms of all operations that are possible now.
pub(super) fn forms(desk: &Desk<'_>, colleagues: &[StaffMember]) -> Vec<ActForm> {
    let office = Office { desk, colleagues };
    let mut forms: Vec<ActForm> = Vec::new();
    let open: Vec<&StepView> = desk.file.open_steps().collect();
    for step in &open {
        forms.extend(office.on_step(step, open.len() > 1));
    }
    forms.extend(office.taken_back());
    forms.extend(office.on_case());
    forms.into_iter().map(|form| form.filled(desk.page, desk.sent)).collect()
}

impl Office<'_, '_> {
    fn t(&self, key: &str) -> String {
        self.desk.page.t(key).into_owned()
    }

    fn may(&self, act: CaseAct) -> bool {
        self.desk.may(act)
    }

    fn form(&self, operation: Operation, step: Option<(&StepView, bool)>) -> ActForm {
        let title = self.t(&format!("desk-op-{}", operation.as_str()));
        let mut id = operation.as_str().to_owned();
        let mut heading = title.clone();
        if let Some((step, several)) = step {
            id = format!("{id}-{}", step.id);
            if several {
                heading = self.desk.page.t_args("desk-office-step", &[("what", &title), ("step", &step.name)]);
            }
        }
        let mut form = ActForm::new(Act::Operate(operation), id, heading, title);
        let text = format!("desk-op-{}-text", operation.as_str());
        if banhao_texts::has(self.desk.page.lang(), &text) {
            form.text = self.t(&text);
        }
        form.hidden = step.map(|(step, _)| ("step", step.id.to_string()));
        form.class = "secondary";
        form
    }

    fn reason(&self) -> Field {
        Field::new(FieldKind::Multiline { rows: 2 }, "reason", self.t("desk-op-reason")).required().max_length(LONG)
    }

    /// A step by its name; a split by the steps in its branches.
    fn step_name(&self, element: &str) -> String {
        let model = &self.desk.file.course.process;
        let name = |id: &str| model.node(id).and_then(banhao_bpmn::Node::name).unwrap_or(id).to_owned();
        let inside = banhao_bpmn::steps_inside(model, element);
        if inside.is_empty() {
            return name(element);
        }
        let names: Vec<String> = inside.iter().map(|id| name(id)).collect();
        self.desk.page.t_args("desk-op-return-all", &[("steps", &names.join(&self.t("desk-op-and")))])
    }

    fn people(&self, fits: impl Fn(&StaffMember) -> bool) -> Vec<Choice> {
        let comma = self.t("portal-comma");
        let choice = |member: &StaffMember| {
            let posts: Vec<String> = member.posts.iter().map(|post| self.t(&format!("post-{}", post.as_str()))).collect();
            let named = self.desk.page.t_args("desk-op-person", &[("name", &member.name), ("posts", &posts.join(&comma))]);
            Choice::new(member.id.to_string(), named)
        };
        self.colleagues.iter().filter(|member| fits(member)).map(choice).collect()
    }

    /// Colleagues of a step's organisation who may do this.
    fn candidates(&self, step: &StepView, act: CaseAct) -> Vec<Choice> {
        let may = |member: &StaffMember| {
            member.organisation == step.organisation
                && permit_case(&Principal::Staff(Box::new(member.clone())), act, &self.desk.file.target).is_ok()
        };
        self.people(may)
    }

    fn on_step(&self, step: &StepView, several: bool) -> Vec<ActForm> {
        let Some(node) = self.desk.file.course.process.node(&step.element) else { return Vec::new() };
        let at = Some((step, several));
        let allows = |operation| rules::is_allowed(node, operation);
        let mine = is_mine(self.desk, step) && self.may(step_act(&step.act));
        let mut forms = Vec::new();
        if step.owner.is_some() {
            if step.assignee == Some(self.desk.staff.id) {
                let report =
                    Field::new(FieldKind::Multiline { rows: 3 }, "report", self.t("desk-op-report-what")).required().max_length(LONG);
                forms.push(self.form(Operation::Report, at).fields(vec![report]).first());
            }
            return forms;
        }
        if self.desk.file.state.suspended {
            return forms;
        }
        if mine && allows(Operation::Return) && self.may(CaseAct::ReturnStep) {
            forms.extend(self.give_back(step, node, at));
        }
        let leads = self.may(CaseAct::Suspend) && step.organisation == self.desk.staff.organisation;
        if (mine || leads) && allows(Operation::HandOver) && self.may(CaseAct::HandOver) {
            let people = self.candidates(step, step_act(&step.act));
            forms.push(self.choose(self.form(Operation::HandOver, at), "desk-op-hand-over-to", people));
        }
        if mine && allows(Operation::Delegate) && self.may(CaseAct::Delegate) {
            let people = self.candidates(step, CaseAct::View);
            forms.push(self.choose(self.form(Operation::Delegate, at), "desk-op-delegate-to", people));
        }
        let signs = matches!(step.act.as_str(), "review" | "inspect") && self.may(CaseAct::ChangeSigners);
        // One form for all signers of a round, whose ever they are.
        let first = self.desk.file.open_steps().find(|other| other.element == step.element && other.signer.is_some());
        let is_first = first.is_some_and(|first| first.id == step.id);
        let reviews = self.may(step_act(&step.act));
        if signs && allows(Operation::AddSigners) && if step.signer.is_some() { is_first && reviews } else { mine } {
            forms.push(self.add_signers(step, node, at));
        }
        if signs && reviews && allows(Operation::RemoveSigner) {
            let who = rules::signers_to_come(&self.desk.file.process, step.token);
            if !who.is_empty() && (step.signer.is_none() || is_first) {
                let choices = who.iter().map(|who| Choice::new(who.clone(), self.signer_name(who))).collect();
                let field = Field::radio("who", self.t("desk-op-remove-who"), choices).required();
                forms.push(self.form(Operation::RemoveSigner, at).fields(vec![field, self.reason()]));
            }
        }
        forms
    }

    fn choose(&self, mut form: ActForm, label: &str, people: Vec<Choice>) -> ActForm {
        if people.is_empty() {
            form.stop = self.t("desk-op-nobody");
            return form;
        }
        form.fields(vec![Field::new(FieldKind::Select(people), "to", self.t(label)).required(), self.reason()])
    }

    fn give_back(&self, step: &StepView, node: &banhao_bpmn::Node, at: Option<(&StepView, bool)>) -> Option<ActForm> {
        let targets = rules::returns(&self.desk.file.course.process, &self.desk.file.process, step.token);
        if targets.is_empty() || rules::under_review(&self.desk.file.state, Operation::Return).is_err() {
            return None;
        }
        let choices = targets.iter().map(|(id, _)| Choice::new(id.clone(), self.step_name(id))).collect();
        let mut fields = vec![Field::radio("to", self.t("desk-op-return-to"), choices).required()];
        if rules::return_then(node).is_none() && targets.iter().any(|(_, straight)| *straight) {
            let thens = ["again", "straight"].map(|then| Choice::new(then, self.t(&format!("desk-op-then-{then}")))).to_vec();
            fields.push(Field::radio("then", self.t("desk-op-return-then"), thens).required());
        }
        fields.push(self.reason());
        Some(self.form(Operation::Return, at).fields(fields))
    }

    fn add_signers(&self, step: &StepView, node: &banhao_bpmn::Node, at: Option<(&StepView, bool)>) -> ActForm {
        let already = rules::signers_to_come(&self.desk.file.process, step.token);
        let people: Vec<Choice> =
            self.candidates(step, step_act(&step.act)).into_iter().filter(|choice| !already.contains(&choice.value)).collect();
        let bodies = self
            .desk
            .snapshot
            .organisations
            .values()
            .filter(|body| body.key != step.organisation && !already.contains(&body.key) && self.desk.snapshot.has_reviewer(&body.key));
        let bodies = bodies.map(|body| Choice::new(body.key.clone(), named(self.desk.page, &body.name))).collect();
        let mut fields = Vec::new();
        if !people.is_empty() && node.repeat().is_none() {
            fields.push(Field::new(FieldKind::Checkboxes(people), "who", self.t("desk-op-signers-people")).conditional());
        }
        fields.push(Field::new(FieldKind::Select(bodies), "body", self.t("desk-op-signers-bodies")).conditional());
        let whens = AddedWhen::ALL.map(|when| Choice::new(when.as_str(), self.t(&format!("desk-op-when-{}", when.as_str())))).to_vec();
        fields.push(Field::radio("when", self.t("desk-op-when"), whens).required());
        fields.push(self.reason());
        self.form(Operation::AddSigners, at).fields(fields)
    }

    fn signer_name(&self, who: &str) -> String {
        let person = self.colleagues.iter().chain([self.desk.staff]).find(|member| member.id.to_string() == who);
        if let Some(person) = person {
            return person.name.clone();
        }
        self.desk.snapshot.organisation(who).map_or_else(|| who.to_owned(), |body| named(self.desk.page, &body.name))
    }

    /// The steps this person did and can still take back.
    fn taken_back(&self) -> Vec<ActForm> {
        let file = self.desk.file;
        if !self.may(CaseAct::TakeBack) || file.state.suspended || rules::under_review(&file.state, Operation::TakeBack).is_err() {
            return Vec::new();
        }
        let mine = file.steps.iter().rev().filter(|step| step.done.as_ref().is_some_and(|(by, _)| *by == Some(self.desk.staff.id)));
        let possible = mine.filter(|step| {
            let node = file.course.process.node(&step.element);
            node.is_some_and(|node| rules::is_allowed(node, Operation::TakeBack))
                && rules::can_take_back(&file.course.process, &file.process, step.token, &step.act)
        });
        possible.map(|step| self.form(Operation::TakeBack, Some((step, true))).fields(vec![self.reason()])).collect()
    }

    fn on_case(&self) -> Vec<ActForm> {
        let file = self.desk.file;
        let state = &file.state;
        let mut forms = Vec::new();
        if !state.suspended && self.may(CaseAct::Notify) {
            forms.extend(
                file.waiting.iter().filter(|wait| wait.kind == "message").filter_map(|wait| Some(self.message(wait.name.as_deref()?))),
            );
        }
        if self.may(CaseAct::Copy) && state.outcome.is_none() {
            let people = self.people(|member| !state.copied.contains(&member.id) || member.holds(Post::Supervisor));
            if !people.is_empty() {
                let note = Field::new(FieldKind::Multiline { rows: 2 }, "reason", self.t("desk-op-copy-note")).max_length(LONG);
                let who = Field::new(FieldKind::Checkboxes(people), "who", self.t("desk-op-copy-to")).required();
                forms.push(self.form(Operation::Copy, None).fields(vec![who, note]));
            }
        }
        let today = self.desk.snapshot.today;
        if self.may(CaseAct::Urge) && rules::urge(state, Some(self.desk.staff.id), today).is_ok() {
            forms.push(self.form(Operation::Urge, None));
        }
        if self.may(CaseAct::Suspend) && rules::under_review(state, Operation::Suspend).is_ok() {
            let operation = if state.suspended { Operation::Resume } else { Operation::Suspend };
            forms.push(self.form(operation, None).fields(vec![self.reason()]));
        }
        if self.may(CaseAct::Terminate) && rules::under_review(state, Operation::Terminate).is_ok() {
            let mut form = self.form(Operation::Terminate, None).fields(vec![self.reason()]);
            form.class = "danger";
            forms.push(form);
        }
        forms
    }

    fn message(&self, name: &str) -> ActForm {
        let title = self.desk.page.t_args("desk-op-message", &[("name", name)]);
        let replies = ["pass", "fail"].map(|reply| Choice::new(reply, self.t(&format!("desk-op-message-{reply}")))).to_vec();
        let mut form = ActForm::new(Act::Message, format!("message-{}", name.len()), title.clone(), title).fields(vec![
            Field::radio("reply", self.t("desk-op-message-reply"), replies).required(),
            Field::new(FieldKind::Multiline { rows: 3 }, "note", self.t("desk-op-message-note")).required().max_length(LONG),
        ]);
        form.hidden = Some(("message", name.to_owned()));
        form.first()
    }
}

/// What the policies are asked for a step.
fn step_act(act: &str) -> CaseAct {
    match act {
        "accept" => CaseAct::Accept,
        "decide" => CaseAct::Decide,
        "deliver" => CaseAct::Deliver,
        "inspect" => CaseAct::Inspect,
        _ => CaseAct::Review,
    }
}

/// Ids of people that were chosen. What is no id was not on the page.
fn people(chosen: Vec<String>) -> Result<Vec<StaffId>, CaseError> {
    chosen.into_iter().map(|id| id.parse().map_err(|_| CaseError::NotACandidate { who: id })).collect()
}

async fn operate(
    State(state): State<AppState>,
    page: Page,
    who: Who,
    PathId((id, operation)): PathId<(CaseId, String)>,
    fields: Fields,
) -> Answer {
    who.staff()?;
    if operation == "message" {
        let mut sent = Sent::new(Act::Message, fields);
        let reply = match sent.get("reply") {
            "pass" => Verdict::Pass,
            "fail" => Verdict::Fail,
            _ => {
                sent.wrong("reply", "reply-missing");
                sent.require("note", "note-missing");
                return super::acts::again(&state, &page, &who, id, sent).await;
            }
        };
        let outcome =
            banhao_cases::register_message(&sent.once(&state, &who, id), &who.0, id, sent.get("message"), reply, sent.get("note")).await;
        return answer(&state, &page, &who, id, sent, outcome).await;
    }
    let operation = Operation::ALL.into_iter().find(|there| there.as_str() == operation);
    let operation = operation.ok_or(CaseError::NotFound { what: "operation" })?;
    let mut sent = Sent::new(Act::Operate(operation), fields);
    if !complete(&mut sent, operation) {
        return super::acts::again(&state, &page, &who, id, sent).await;
    }
    let outcome = run(&sent.once(&state, &who, id), &who.0, id, operation, &sent).await;
    answer(&state, &page, &who, id, sent, outcome).await
}

/// Notes everything that has to be chosen or written and was not.
fn complete(sent: &mut Sent, operation: Operation) -> bool {
    let needs: &[(&'static str, &'static str)] = match operation {
        Operation::Return => &[("to", "to-missing"), ("reason", "reason-missing")],
        Operation::HandOver | Operation::Delegate => &[("to", "who-missing"), ("reason", "reason-missing")],
        Operation::AddSigners => &[("when", "when-missing"), ("reason", "reason-missing")],
        Operation::RemoveSigner => &[("who", "who-missing"), ("reason", "reason-missing")],
        Operation::Report => &[("report", "report-missing")],
        Operation::Copy => &[("who", "who-missing")],
        Operation::Urge => &[],
        _ => &[("reason", "reason-missing")],
    };
    for (field, code) in needs {
        sent.require(field, code);
    }
    if operation == Operation::AddSigners && sent.get("who").is_empty() && sent.get("body").is_empty() {
        sent.wrong(sent.chosen(), "who-missing");
    }
    sent.is_good()
}

async fn run(cases: &CaseContext, who: &Principal, id: CaseId, operation: Operation, sent: &Sent) -> Result<(), CaseError> {
    let reason = sent.get("reason");
    let step = || sent.get("step").parse::<TaskId>().map_err(|_| CaseError::NotFound { what: "task" });
    let person = || sent.get("to").parse::<StaffId>().map_err(|_| CaseError::NotACandidate { who: sent.get("to").to_owned() });
    match operation {
        Operation::Return => banhao_cases::return_step(cases, who, step()?, sent.get("to"), sent.get("then") == "straight", reason).await,
        Operation::TakeBack => banhao_cases::take_back(cases, who, step()?, reason).await,
        Operation::HandOver => banhao_cases::hand_over(cases, who, step()?, person()?, reason).await,
        Operation::Delegate => banhao_cases::delegate(cases, who, step()?, person()?, reason).await,
        Operation::Report => banhao_cases::report(cases, who, step()?, sent.get("report")).await,
        Operation::AddSigners => {
            let when = AddedWhen::from_name(sent.get("when")).ok_or(CaseError::Empty { what: "when" })?;
            let mut signers = sent.fields.all("who");
            signers.extend(Some(sent.get("body").to_owned()).filter(|body| !body.is_empty()));
            banhao_cases::add_signers(cases, who, step()?, signers, when, reason).await
        }
        Operation::RemoveSigner => banhao_cases::remove_signer(cases, who, step()?, sent.get("who"), reason).await,
        Operation::Copy => banhao_cases::copy(cases, who, id, people(sent.fields.all("who"))?, reason).await,
        Operation::Urge => banhao_cases::urge(cases, who, id).await,
        Operation::Suspend => banhao_cases::suspend(cases, who, id, reason).await,
        Operation::Resume => banhao_cases::resume(cases, who, id, reason).await,
        Operation::Terminate => banhao_cases::terminate(cases, who, id, reason).await,
        // On a page of its own, which shows nothing of the application.
        Operation::Jump => Err(CaseError::NotFound { what: "operation" }),
    }
}
