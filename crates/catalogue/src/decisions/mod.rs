//! The decisions of a matter at work: whether it applies, which materials are needed, what is charged, whether the platform
//! accepts by itself, and why. Pure: a version and answers go in, values come out. The same functions serve the guide, the form,
//! the submission and the desk, so that none can say something else than the others.

mod fees;
mod inputs;
mod known;
mod reason;

use std::collections::BTreeSet;

use banhao_decision::{DecisionModel, DmnError, Evaluation};
use serde_json::Value;

pub use fees::{ChargedFee, total};
pub use inputs::{Source, answered, source};
pub(crate) use inputs::{keys_in, literals};
pub use reason::{Reason, Row, RowState, Seen, TableReason};

use crate::{
    forms::{Answers, variables, visible_answers},
    model::{Bilingual, Matter},
    snapshot::MatterVersion,
};
use known::Known;

/// What a decision is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// 是否适用.
    Applies,
    /// 需要的材料.
    Materials,
    /// 收费.
    Fees,
    /// 自动受理.
    Acceptance,
    /// 流程走向: a rule task of the process.
    Routing,
}

impl Purpose {
    /// Those that are asked about an application as a whole.
    pub const OF_APPLICATION: [Self; 4] = [Self::Applies, Self::Materials, Self::Fees, Self::Acceptance];

    /// Stable name in facts and in keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::Materials => "materials",
            Self::Fees => "fees",
            Self::Acceptance => "acceptance",
            Self::Routing => "routing",
        }
    }

    /// The decision of a matter that answers it.
    #[must_use]
    pub fn decision(self, matter: &Matter) -> Option<&str> {
        match self {
            Self::Applies => matter.decisions.applies.as_deref(),
            Self::Materials => matter.decisions.materials.as_deref(),
            Self::Fees => matter.decisions.fees.as_deref(),
            Self::Acceptance => matter.decisions.acceptance.as_deref(),
            Self::Routing => None,
        }
    }
}

/// Whether a matter applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applies {
    /// Whether it does.
    pub yes: bool,
    /// What the applicant is told about it.
    pub text: Option<Bilingual>,
}

/// A decision that was made about an application.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// What for.
    pub purpose: Purpose,
    /// Its name.
    pub decision: String,
    /// The rows that gave the result, counted from 1; none: the default.
    pub rules: Vec<usize>,
    /// What it says.
    pub result: Value,
}

/// What the decisions of a matter say for some answers.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// Whether the matter applies; none when nothing decides it.
    pub applies: Option<Applies>,
    /// Keys of the materials that are needed; none when nothing decides it.
    pub materials: Option<BTreeSet<String>>,
    /// Keys of the materials that answers still to come decide about.
    pub materials_open: BTreeSet<String>,
    /// What is charged; none when nothing decides it, or it cannot be said.
    pub fees: Option<Vec<ChargedFee>>,
    /// Whether the platform accepts by itself.
    pub acceptance: bool,
    /// The decisions that were made.
    pub made: Vec<Made>,
    /// Those that could not be made: rules that contradict each other, an amount that is none.
    pub failed: Vec<Purpose>,
    /// Why; empty when only the results were asked for.
    pub reasons: Vec<Reason>,
}

impl Decided {
    /// The reason of one of them.
    #[must_use]
    pub fn reason(&self, purpose: Purpose) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.purpose == purpose)
    }

    /// That the matter does not apply, whatever is still to be answered.
    #[must_use]
    pub fn never_applies(&self) -> Option<&Applies> {
        let settled = self.reason(Purpose::Applies).is_some_and(|reason| !reason.open);
        self.applies.as_ref().filter(|applies| !applies.yes && settled)
    }

    /// Whether what is charged is final.
    #[must_use]
    pub fn fees_are_settled(&self) -> bool {
        self.reason(Purpose::Fees).is_some_and(|reason| !reason.open)
    }
}

/// Makes all decisions about an application as far as it is answered, and says why they came out so.
#[must_use]
pub fn decide(version: &MatterVersion, answers: &Answers) -> Decided {
    make(version, answers, true)
}

/// Makes all decisions about an application that is complete, without saying why: what a submission needs.
#[must_use]
pub fn settle(version: &MatterVersion, answers: &Answers) -> Decided {
    make(version, answers, false)
}

fn make(version: &MatterVersion, answers: &Answers, why: bool) -> Decided {
    let mut decided = Decided::default();
    let (matter, Some(model)) = (&version.matter, version.decisions.as_deref()) else { return decided };
    let known = why.then(|| Known::new(matter, &version.form, model, answers));
    for purpose in Purpose::OF_APPLICATION {
        let Some(decision) = purpose.decision(matter) else { continue };
        let made = match evaluate(version, model, decision, answers) {
            Ok(made) => made,
            Err(error) => {
                tracing::warn!(matter = version.key, decision, %error, "a decision could not be made");
                // Rather one material too many than one too few, as with a condition that cannot be evaluated.
                if purpose == Purpose::Materials {
                    decided.materials = Some(named_materials(matter, model));
                }
                decided.failed.push(purpose);
                continue;
            }
        };
        match purpose {
            Purpose::Applies => decided.applies = applies(&made.result),
            Purpose::Materials => decided.materials = Some(texts(&made.result)),
            Purpose::Fees => {
                decided.fees = fees::read(matter, &made.result);
                if decided.fees.is_none() {
                    tracing::warn!(matter = version.key, decision, "what the rules give is no amount");
                    decided.failed.push(purpose);
                }
            }
            Purpose::Acceptance => decided.acceptance = outcome(&made.result) == Some(true) && matter.decisions.acceptance_basis.is_some(),
            Purpose::Routing => {}
        }
        if let Some(known) = &known {
            let reason = reason::reason(known, model, purpose, decision, &made);
            if purpose == Purpose::Materials {
                decided.materials_open = open_materials(&reason);
            }
            decided.reasons.push(reason);
        }
        let own = made.tables.into_iter().find(|table| table.decision == decision);
        let rules = own.map(|table| table.used).unwrap_or_default();
        decided.made.push(Made { purpose, decision: decision.to_owned(), rules, result: made.result });
    }
    decided
}

/// The materials a decision says are needed; none when `when` alone decides.
pub(crate) fn needed_materials(version: &MatterVersion, answers: &Answers) -> Option<BTreeSet<String>> {
    let model = version.decisions.as_deref()?;
    let decision = version.matter.decisions.materials.as_deref()?;
    Some(match evaluate(version, model, decision, answers) {
        Ok(made) => texts(&made.result),
        Err(error) => {
            tracing::warn!(matter = version.key, decision, %error, "the materials could not be decided");
            named_materials(&version.matter, model)
        }
    })
}

fn evaluate(version: &MatterVersion, model: &DecisionModel, decision: &str, answers: &Answers) -> Result<Evaluation, DmnError> {
    let variables = variables(&version.form, &visible_answers(&version.form, answers));
    let data = inputs::with_inputs(&version.matter, &version.form, &model.inputs_of(decision), &variables);
    model.evaluate(decision, &data)
}

/// Makes a decision that a rule task asks for, over the variables of the process.
///
/// # Errors
/// When the matter has no such decision, or it cannot be made.
pub fn route(version: &MatterVersion, decision: &str, variables: &Value) -> Result<Evaluation, DmnError> {
    let unknown = || DmnError::UnknownDecision { name: decision.to_owned(), known: Vec::new() };
    let model = version.decisions.as_deref().ok_or_else(unknown)?;
    let data = inputs::with_inputs(&version.matter, &version.form, &model.inputs_of(decision), variables);
    model.evaluate(decision, &data)
}

/// Why a decision of a rule task came out as it did, made again over these variables.
///
/// # Errors
/// As [`route`].
pub fn route_reason(version: &MatterVersion, decision: &str, variables: &Value, answers: &Answers) -> Result<Reason, DmnError> {
    let made = route(version, decision, variables)?;
    let model = version.decisions.as_deref().ok_or_else(|| DmnError::UnknownDecision { name: decision.to_owned(), known: Vec::new() })?;
    let known = Known::new(&version.matter, &version.form, model, answers);
    Ok(reason::reason(&known, model, Purpose::Routing, decision, &made))
}

/// The materials that the decision about materials names: it decides about these; about all others their `when` does.
#[must_use]
pub fn named_materials(matter: &Matter, model: &DecisionModel) -> BTreeSet<String> {
    let Some(decision) = matter.decisions.materials.as_deref() else { return BTreeSet::new() };
    let texts = model.texts().iter().filter(|text| text.decision == decision);
    let keys = texts.flat_map(|text| literals(&text.text)).filter(|key| matter.material(key).is_some());
    keys.map(ToOwned::to_owned).collect()
}

fn open_materials(reason: &Reason) -> BTreeSet<String> {
    let Some(table) = reason.tables.iter().find(|table| table.decision == reason.decision).filter(|table| table.is_open()) else {
        return BTreeSet::new();
    };
    let keys = |state: RowState| -> BTreeSet<String> {
        let rows = table.rows.iter().filter(move |row| row.state == state);
        rows.flat_map(|row| row.outputs.iter().flat_map(|output| literals(output))).map(ToOwned::to_owned).collect()
    };
    let fired = keys(RowState::Fired);
    keys(RowState::Open).into_iter().filter(|key| !fired.contains(key)).collect()
}

/// Every text in a value.
fn texts(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(text) => BTreeSet::from([text.clone()]),
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(entries) => entries.values().flat_map(texts).collect(),
        _ => BTreeSet::new(),
    }
}

/// True or false, alone or as `结果` of several outputs.
fn outcome(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.get("结果")?.as_bool())
}

fn bilingual(value: &Value, zh: &str, en: &str) -> Option<Bilingual> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    Some(Bilingual { zh: text(zh)?, en: text(en) })
}

fn applies(value: &Value) -> Option<Applies> {
    Some(Applies { yes: outcome(value)?, text: bilingual(value, "说明", "说明_en") })
}
