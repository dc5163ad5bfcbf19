//! The acts of the desk and a form of one as it came in: what was sent, what is wrong with which field.

use banhao_cases::facts::Operation;
use banhao_cases::{CaseContext, CaseError, Request};
use banhao_identity::CaseAct;
use banhao_kernel::ids::CaseId;
use banhao_kernel::problem::FieldProblem;

use crate::prelude::*;

/// What staff can do with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Accept,
    Supplement,
    Refuse,
    Check,
    Review,
    Decide,
    Deliver,
    Visit,
    Unmask,
    Message,
    Operate(Operation),
}

impl Act {
    /// Last part of the address it is posted to.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Supplement => "request-supplement",
            Self::Refuse => "refuse",
            Self::Check => "check",
            Self::Review => "review",
            Self::Decide => "decide",
            Self::Deliver => "deliver",
            Self::Visit => "visit",
            Self::Unmask => "unmask",
            Self::Message => "operate/message",
            Self::Operate(operation) => match operation {
                Operation::Return => "operate/return",
                Operation::TakeBack => "operate/take-back",
                Operation::HandOver => "operate/hand-over",
                Operation::Delegate => "operate/delegate",
                Operation::Report => "operate/report",
                Operation::AddSigners => "operate/add-signers",
                Operation::RemoveSigner => "operate/remove-signer",
                Operation::Copy => "operate/copy",
                Operation::Urge => "operate/urge",
                Operation::Suspend => "operate/suspend",
                Operation::Resume => "operate/resume",
                Operation::Terminate => "operate/terminate",
                Operation::Jump => "process",
            },
        }
    }

    /// What the policies are asked; a review step is one of two.
    pub(super) fn policy(self) -> &'static [CaseAct] {
        match self {
            Self::Accept => &[CaseAct::Accept],
            Self::Supplement => &[CaseAct::RequestSupplement],
            Self::Refuse => &[CaseAct::RefuseAcceptance],
            Self::Check => &[CaseAct::CheckMaterial],
            Self::Review => &[CaseAct::Review, CaseAct::Inspect],
            Self::Decide => &[CaseAct::Decide],
            Self::Deliver => &[CaseAct::Deliver],
            Self::Visit => &[CaseAct::RecordVisit],
            Self::Unmask => &[CaseAct::Unmask],
            Self::Message => &[CaseAct::Notify],
            Self::Operate(operation) => match operation {
                Operation::Return => &[CaseAct::ReturnStep],
                Operation::TakeBack => &[CaseAct::TakeBack],
                Operation::HandOver => &[CaseAct::HandOver],
                Operation::Delegate => &[CaseAct::Delegate],
                Operation::Report => &[CaseAct::View],
                Operation::AddSigners | Operation::RemoveSigner => &[CaseAct::ChangeSigners],
                Operation::Copy => &[CaseAct::Copy],
                Operation::Urge => &[CaseAct::Urge],
                Operation::Suspend | Operation::Resume => &[CaseAct::Suspend],
                Operation::Terminate => &[CaseAct::Terminate],
                Operation::Jump => &[CaseAct::Jump],
            },
        }
    }
}

/// A form as it came in, with what is wrong in it.
pub(super) struct Sent {
    pub(super) act: Act,
    pub(super) fields: Fields,
    wrong: Vec<FieldProblem>,
}

impl Sent {
    pub(super) fn new(act: Act, fields: Fields) -> Self {
        Self { act, fields, wrong: Vec::new() }
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// What a command on this case is given, so that the same form sent again hears the first answer: by a second click, by a browser
    /// that got none, from two tabs. A form that does not say how much its page showed (`seen`) is carried out as often as it is sent.
    pub(super) fn once(&self, state: &AppState, who: &Who, case: CaseId) -> CaseContext {
        if self.get("seen").is_empty() {
            return state.cases.clone();
        }
        let request = Request::new(&state.cases.store, &who.0, case, self.act.path(), self.fields.iter());
        state.cases.for_request(request)
    }

    /// Something is wrong with a field.
    pub(super) fn wrong(&mut self, field: impl Into<String>, code: &'static str) {
        self.wrong.push(FieldProblem::new(field, code));
    }

    /// A field that has to be filled in is empty.
    pub(super) fn require(&mut self, field: &'static str, code: &'static str) {
        if self.get(field).is_empty() {
            self.wrong(field, code);
        }
    }

    pub(super) fn is_good(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Takes over what a command says about fields of this form; whether it said anything about them.
    pub(super) fn take(&mut self, error: &CaseError) -> bool {
        match error {
            CaseError::Incomplete { fields } => self.wrong.extend(fields.iter().cloned()),
            CaseError::Empty { what } => {
                let (field, code) = match *what {
                    "opinion" => ("opinion", "opinion-missing"),
                    "reason" => ("reason", "reason-missing"),
                    "go-to" => ("go_to", "go-to-missing"),
                    "purpose" => ("purpose", "purpose-missing"),
                    "window" => ("window", "window-missing"),
                    "receiver" => ("receiver", "receiver-missing"),
                    "waybill" => ("waybill", "waybill-missing"),
                    "signature" => ("signature", "signature-missing"),
                    "to" => ("to", "to-missing"),
                    "who" => ("who", "who-missing"),
                    "when" => ("when", "when-missing"),
                    "report" => ("report", "report-missing"),
                    "note" => ("note", "note-missing"),
                    "supplement-items" => ("", "supplement-items-missing"),
                    _ => return false,
                };
                self.wrong(field, code);
            }
            CaseError::ElectronicByStaff => self.wrong("method", "method-electronic"),
            CaseError::Signature { why } => self.wrong.push(FieldProblem::new("signature", "signature-refused").with_arg("why", *why)),
            CaseError::NotACandidate { .. } => self.wrong(self.chosen(), "not-a-candidate"),
            CaseError::NotPossible { why } => {
                self.wrong.push(FieldProblem::new(self.chosen(), "not-possible").with_arg("why", why.as_str()));
            }
            CaseError::NotFound { what: "field" } => self.wrong("field", "choose"),
            _ => return false,
        }
        true
    }

    /// The field in which an operation chooses its target.
    pub(super) fn chosen(&self) -> &'static str {
        match self.act {
            Act::Operate(Operation::Return | Operation::HandOver | Operation::Delegate | Operation::Jump) => "to",
            Act::Operate(Operation::AddSigners) if self.get("who").is_empty() => "body",
            Act::Operate(Operation::AddSigners | Operation::RemoveSigner | Operation::Copy) => "who",
            _ => "",
        }
    }

    /// What is wrong with a field, or empty.
    pub(super) fn text(&self, page: &Page, field: &str) -> String {
        let found = self.wrong.iter().find(|wrong| wrong.field == field);
        found.map_or_else(String::new, |wrong| banhao_texts::field_text(page.lang(), wrong))
    }
}

/// The beginning of a drawing as the pad sends it.
const DATA_URL: &str = "data:image/png;base64,";

/// The drawing of the pad as it was sent.
pub(super) fn drawing(fields: &Fields) -> Option<&str> {
    [fields.get("signature-drawing"), fields.get("signature")].into_iter().find(|text| text.starts_with(DATA_URL))
}

/// What is in a drawing; `None` when it cannot be read.
pub(super) fn drawn(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text.strip_prefix(DATA_URL)?).ok()
}
