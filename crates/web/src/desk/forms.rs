//! The forms of the acts, as the file of a case shows them: empty, or as they were sent with what is wrong in them. Which of them
//! are shown is what policies and state allow; the commands decide again.

use std::collections::BTreeSet;

use banhao_cases::model::CaseStatus;
use banhao_cases::queries::file::{CaseFile, StepView};
use banhao_catalogue::Snapshot;
use banhao_identity::{CaseAct, Principal, StaffMember, permit_case};

use super::office;
use super::sent::{Act, Sent, drawing};
use crate::portal::words::named;
use crate::prelude::*;

/// Longest reason or opinion.
const LONG: u32 = 2000;
/// Longest line.
const SHORT: u32 = 300;

/// One form of an act.
pub(super) struct ActForm {
    pub(super) act: Act,
    /// Id of the form; also what tells the ids of its fields apart.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    /// A mistake that belongs to no single field.
    pub(super) error: String,
    /// What is in the way, instead of the form.
    pub(super) stop: String,
    pub(super) hidden: Option<(&'static str, String)>,
    /// Questions, in groups with a heading or one without.
    pub(super) groups: Vec<(String, Vec<Field>)>,
    pub(super) button: String,
    pub(super) class: &'static str,
    /// The next thing to do: always open. Others are folded until they are wanted.
    pub(super) first: bool,
    pub(super) open: bool,
}

impl ActForm {
    pub(super) fn new(act: Act, id: impl Into<String>, title: impl Into<String>, button: impl Into<String>) -> Self {
        Self {
            act,
            id: id.into(),
            title: title.into(),
            text: String::new(),
            error: String::new(),
            stop: String::new(),
            hidden: None,
            groups: Vec::new(),
            button: button.into(),
            class: "",
            first: false,
            open: false,
        }
    }

    pub(super) fn first(mut self) -> Self {
        self.first = true;
        self
    }

    pub(super) fn fields(mut self, fields: Vec<Field>) -> Self {
        self.groups.push((String::new(), fields));
        self
    }

    /// Fills in what was sent, when it was this form.
    pub(super) fn filled(mut self, page: &Page, sent: Option<&Sent>) -> Self {
        let own = sent.filter(|sent| sent.act == self.act && self.hidden.as_ref().is_none_or(|(name, value)| sent.get(name) == value));
        self.open = own.is_some();
        self.error = own.map_or_else(String::new, |sent| sent.text(page, ""));
        for field in self.groups.iter_mut().flat_map(|(_, fields)| fields) {
            field.scope.clone_from(&self.id);
            let Some(sent) = own else { continue };
            field.error = sent.text(page, &field.name);
            field.values = sent.fields.all(&field.name);
            // A drawing that was refused is not sent back: it could not be shown either.
            if matches!(field.kind, FieldKind::Signature) && field.error.is_empty() {
                field.values = vec![sent.get(&field.name).to_owned(), drawing(&sent.fields).unwrap_or_default().to_owned()];
            }
        }
        self
    }

    /// Two short answers beside each other in each group.
    pub(super) fn pairs(&self) -> bool {
        self.act == Act::Supplement
    }

    pub(super) fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|(_, fields)| fields)
    }
}

/// Everything the forms of one page need to know.
pub(super) struct Desk<'a> {
    pub(super) page: &'a Page,
    pub(super) principal: &'a Principal,
    pub(super) staff: &'a StaffMember,
    pub(super) snapshot: &'a Snapshot,
    pub(super) file: &'a CaseFile,
    pub(super) sent: Option<&'a Sent>,
}

impl Desk<'_> {
    fn t(&self, key: &str) -> String {
        self.page.t(key).into_owned()
    }

    pub(super) fn may(&self, act: CaseAct) -> bool {
        permit_case(self.principal, act, &self.file.target).is_ok()
    }

    /// Materials can be checked off now.
    pub(super) fn can_check(&self) -> bool {
        self.file.state.status == CaseStatus::Received && self.may(CaseAct::CheckMaterial)
    }

    /// What is wrong with the check of a material that was sent.
    pub(super) fn check_mistake(&self, material: &str) -> String {
        let own = self.sent.filter(|sent| sent.act == Act::Check && sent.get("material") == material);
        own.map_or_else(String::new, |sent| sent.text(self.page, "in_order"))
    }

    /// The acts that are possible now for this person, what is to be done next first.
    pub(super) fn acts(&self) -> Vec<ActForm> {
        let status = self.file.state.status;
        let received = status == CaseStatus::Received;
        let mut forms = Vec::new();
        if received && self.may(CaseAct::Accept) {
            let title = self.t("desk-act-accept");
            let mut form = ActForm::new(Act::Accept, "accept", title.clone(), title).first();
            form.text = self.t("desk-accept-text");
            forms.push(form);
        }
        let mut seen = BTreeSet::new();
        for step in self.file.open_steps().filter(|step| self.is_to_do(step)) {
            let act = match step.act.as_str() {
                "review" => CaseAct::Review,
                "inspect" => CaseAct::Inspect,
                _ => continue,
            };
            if self.may(act) && seen.insert(&step.element) {
                forms.push(self.review(&step.element, &step.name));
            }
        }
        if self.file.open_steps().any(|step| step.act == "decide" && self.is_to_do(step)) && self.may(CaseAct::Decide) {
            forms.push(self.decide());
        }
        if status == CaseStatus::Delivering && self.may(CaseAct::Deliver) {
            forms.push(self.deliver());
        }
        if received && self.file.state.supplements.is_empty() && self.may(CaseAct::RequestSupplement) {
            forms.push(self.supplement());
        }
        if received && self.may(CaseAct::RefuseAcceptance) {
            forms.push(self.refuse());
        }
        if status != CaseStatus::Closed && self.may(CaseAct::RecordVisit) {
            forms.push(self.visit());
        }
        forms.into_iter().map(|form| form.filled(self.page, self.sent)).collect()
    }

    /// Whether this person can complete a step now: it is theirs, nobody has lent it to them, and the case is not suspended.
    fn is_to_do(&self, step: &StepView) -> bool {
        !self.file.state.suspended && step.owner.is_none() && office::is_mine(self, step)
    }

    /// Looking at a masked answer: stands with the answers, not with the acts.
    pub(super) fn unmask(&self, personal: &[(String, String)]) -> Option<ActForm> {
        if personal.is_empty() || !self.may(CaseAct::Unmask) {
            return None;
        }
        let choices = personal.iter().map(|(key, label)| Choice::new(key.clone(), label.clone())).collect();
        let title = self.t("desk-unmask");
        let mut form = ActForm::new(Act::Unmask, "unmask", title.clone(), title).fields(vec![
            Field::new(FieldKind::Select(choices), "field", self.t("desk-unmask-field")).required(),
            Field::text("reason", self.t("desk-unmask-reason")).required().max_length(200),
        ]);
        form.class = "secondary";
        Some(form.filled(self.page, self.sent))
    }

    fn choices(&self, prefix: &str, values: &[&str]) -> Vec<Choice> {
        values.iter().map(|value| Choice::new(*value, self.t(&format!("{prefix}-{value}")))).collect()
    }

    fn long(&self, name: &str, label: &str) -> Field {
        Field::new(FieldKind::Multiline { rows: 3 }, name, self.t(label)).max_length(LONG)
    }

    fn review(&self, element: &str, name: &str) -> ActForm {
        let mut form = ActForm::new(Act::Review, format!("review-{element}"), name, self.t("desk-act-review")).first().fields(vec![
            Field::radio("verdict", self.t("desk-verdict"), self.choices("desk-verdict", &["pass", "fail"])).required(),
            self.long("opinion", "desk-opinion").required(),
        ]);
        form.hidden = Some(("step", element.to_owned()));
        form
    }

    fn decide(&self) -> ActForm {
        let title = self.t("desk-act-decide");
        ActForm::new(Act::Decide, "decide", title.clone(), title).first().fields(vec![
            Field::radio("decision", self.t("desk-decision"), self.choices("desk-verdict", &["grant", "refuse"])).required(),
            self.long("reason", "desk-reason").hint(self.t("desk-decide-reason-hint")).conditional(),
        ])
    }

    fn supplement(&self) -> ActForm {
        let mut form = ActForm::new(Act::Supplement, "request-supplement", self.t("desk-supplement"), self.t("desk-supplement-send"));
        form.text = self.t("desk-supplement-text");
        for material in &self.file.version.matter.materials {
            let line = |part: &str| {
                Field::text(format!("{part}.{}", material.key), self.t(&format!("desk-supplement-{part}"))).conditional().max_length(SHORT)
            };
            form.groups.push((named(self.page, &material.name), vec![line("problem"), line("requirement")]));
        }
        form
    }

    fn refuse(&self) -> ActForm {
        let title = self.t("desk-refuse");
        let mut form = ActForm::new(Act::Refuse, "refuse", title.clone(), title).fields(vec![
            Field::radio("ground", self.t("desk-refuse-ground"), self.choices("desk-ground", &["not-competent", "not-needed"])).required(),
            Field::text("go_to", self.t("desk-refuse-go-to")).hint(self.t("desk-refuse-go-to-hint")).conditional().max_length(100),
            self.long("reason", "desk-reason").required(),
        ]);
        form.class = "danger";
        form
    }

    fn deliver(&self) -> ActForm {
        let title = self.t("desk-act-deliver");
        let mut form = ActForm::new(Act::Deliver, "deliver", title.clone(), title).first();
        let wish = self.t(&format!("desk-delivery-{}", self.file.delivery_wish));
        form.text = self.page.t_args("desk-deliver-wish", &[("wish", &wish)]);
        let window_hint = self.t(if self.has_window() { "desk-deliver-window-hint" } else { "desk-no-window" });
        let methods = vec![
            Choice::new("window", self.t("desk-delivery-window")).hint(window_hint),
            Choice::new("courier", self.t("desk-delivery-courier")).hint(self.t("desk-deliver-courier-hint")),
        ];
        let mut at_window = vec![
            Field::text("receiver", self.t("desk-receiver")).conditional().max_length(60),
            Field::new(FieldKind::Signature, "signature", self.t("desk-signature")).hint(self.t("desk-signature-hint")).conditional(),
        ];
        at_window.splice(0..0, window_field(self.page, self.snapshot, self.staff));
        form.groups = vec![
            (String::new(), vec![Field::radio("method", self.t("desk-delivery"), methods).required()]),
            (self.t("desk-delivery-window"), at_window),
            (self.t("desk-delivery-courier"), vec![Field::text("waybill", self.t("desk-waybill")).conditional().max_length(60)]),
        ];
        form
    }

    fn visit(&self) -> ActForm {
        let title = self.t("desk-visit");
        let mut form = ActForm::new(Act::Visit, "visit", title.clone(), title);
        form.class = "secondary";
        if !self.has_window() {
            form.stop = self.t("desk-no-window");
            return form;
        }
        let purposes = self.choices("desk-visit", &["supplement", "collect", "other"]);
        let mut fields: Vec<Field> = window_field(self.page, self.snapshot, self.staff).into_iter().map(Field::required).collect();
        fields.push(Field::new(FieldKind::Select(purposes), "purpose", self.t("desk-visit-purpose")).required());
        form.fields(fields)
    }

    fn has_window(&self) -> bool {
        self.staff.hall.is_some() && !self.staff.windows.is_empty()
    }
}

/// Asks for the window when this person has several to choose from.
pub(super) fn window_field(page: &Page, snapshot: &Snapshot, staff: &StaffMember) -> Option<Field> {
    let hall = staff.hall.as_deref().and_then(|hall| snapshot.hall(hall));
    if staff.windows.len() < 2 {
        return None;
    }
    let choices = staff
        .windows
        .iter()
        .map(|code| {
            let window = hall.and_then(|hall| hall.windows.iter().find(|window| window.code == *code));
            Choice::new(code.clone(), window.map_or_else(|| code.clone(), |window| format!("{code} {}", named(page, &window.name))))
        })
        .collect();
    Some(Field::new(FieldKind::Select(choices), "window", page.t("desk-window")).conditional())
}
