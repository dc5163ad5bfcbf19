//! The policies in `policies/*.cedar`, asked with typed targets. The answer names the policy that forbids.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    str::FromStr,
    sync::LazyLock,
};

use banhao_kernel::ids::{CaseId, PersonId, StaffId};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request, RestrictedExpression, Schema,
};

use crate::{
    error::IdentityError,
    model::{Principal, StaffMember},
};

const SCHEMA: &str = include_str!("../../../policies/schema.cedarschema");
const SOURCES: [(&str, &str); 2] =
    [("cases.cedar", include_str!("../../../policies/cases.cedar")), ("desk.cedar", include_str!("../../../policies/desk.cedar"))];

/// What somebody wants to do with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each act is named as in policies/schema.cedarschema")]
pub enum CaseAct {
    View,
    ViewFile,
    Apply,
    Supplement,
    Withdraw,
    Rate,
    RecordVisit,
    CheckMaterial,
    Accept,
    RequestSupplement,
    RefuseAcceptance,
    Review,
    Inspect,
    Decide,
    Deliver,
    Unmask,
    ViewProcess,
    ReturnStep,
    TakeBack,
    HandOver,
    Delegate,
    ChangeSigners,
    Copy,
    Urge,
    Notify,
    Suspend,
    Terminate,
    Jump,
}

impl CaseAct {
    /// All acts.
    pub const ALL: [Self; 28] = [
        Self::View,
        Self::ViewFile,
        Self::Apply,
        Self::Supplement,
        Self::Withdraw,
        Self::Rate,
        Self::RecordVisit,
        Self::CheckMaterial,
        Self::Accept,
        Self::RequestSupplement,
        Self::RefuseAcceptance,
        Self::Review,
        Self::Inspect,
        Self::Decide,
        Self::Deliver,
        Self::Unmask,
        Self::ViewProcess,
        Self::ReturnStep,
        Self::TakeBack,
        Self::HandOver,
        Self::Delegate,
        Self::ChangeSigners,
        Self::Copy,
        Self::Urge,
        Self::Notify,
        Self::Suspend,
        Self::Terminate,
        Self::Jump,
    ];

    /// Name in the policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::ViewFile => "viewFile",
            Self::Apply => "apply",
            Self::Supplement => "supplement",
            Self::Withdraw => "withdraw",
            Self::Rate => "rate",
            Self::RecordVisit => "recordVisit",
            Self::CheckMaterial => "checkMaterial",
            Self::Accept => "accept",
            Self::RequestSupplement => "requestSupplement",
            Self::RefuseAcceptance => "refuseAcceptance",
            Self::Review => "review",
            Self::Inspect => "inspect",
            Self::Decide => "decide",
            Self::Deliver => "deliver",
            Self::Unmask => "unmask",
            Self::ViewProcess => "viewProcess",
            Self::ReturnStep => "returnStep",
            Self::TakeBack => "takeBack",
            Self::HandOver => "handOver",
            Self::Delegate => "delegate",
            Self::ChangeSigners => "changeSigners",
            Self::Copy => "copy",
            Self::Urge => "urge",
            Self::Notify => "notify",
            Self::Suspend => "suspend",
            Self::Terminate => "terminate",
            Self::Jump => "jump",
        }
    }
}

/// What somebody wants to open on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each act is named as in policies/schema.cedarschema")]
pub enum DeskAct {
    SeeWorklist,
    TakeApplications,
    SeeCockpit,
    SeeAlarms,
    Administer,
    SeeDefinitions,
    KeepJobs,
}

impl DeskAct {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SeeWorklist => "seeWorklist",
            Self::TakeApplications => "takeApplications",
            Self::SeeCockpit => "seeCockpit",
            Self::SeeAlarms => "seeAlarms",
            Self::Administer => "administer",
            Self::SeeDefinitions => "seeDefinitions",
            Self::KeepJobs => "keepJobs",
        }
    }
}

/// What somebody wants to do with a new version of a matter: its draft, and the cases that are to go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each act is named as in policies/schema.cedarschema")]
pub enum DraftAct {
    EditDraft,
    SendBackDraft,
    PublishDraft,
    MoveCases,
}

impl DraftAct {
    /// Name in the policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EditDraft => "editDraft",
            Self::SendBackDraft => "sendBackDraft",
            Self::PublishDraft => "publishDraft",
            Self::MoveCases => "moveCases",
        }
    }
}

/// What the policies need to know about a draft, or the version it became.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftTarget {
    /// Key of the matter's organisation.
    pub organisation: String,
    /// Who changed it.
    pub editors: BTreeSet<StaffId>,
}

/// What the policies need to know about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTarget {
    /// The case.
    pub id: CaseId,
    /// Key of the competent organisation.
    pub organisation: String,
    /// Key of the hall that takes part.
    pub hall: Option<String>,
    /// `promised` or `immediate`.
    pub case_kind: String,
    /// The applicant.
    pub applicant: PersonId,
    /// Who took it at a window.
    pub received_by: Option<StaffId>,
    /// Who reviewed.
    pub reviewers: BTreeSet<StaffId>,
    /// Keys of other organisations that were asked to take part (联办).
    pub joint: BTreeSet<String>,
    /// Who was given a copy (抄送).
    pub copied: BTreeSet<StaffId>,
}

struct Rules {
    policies: PolicySet,
    schema: Schema,
}

static RULES: LazyLock<Result<Rules, String>> = LazyLock::new(|| {
    let (schema, _warnings) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| format!("schema.cedarschema: {error}"))?;
    let mut text = String::new();
    for (_, source) in SOURCES {
        text.push_str(source);
        text.push('\n');
    }
    let policies = PolicySet::from_str(&text).map_err(|error| error.to_string())?;
    Ok(Rules { policies, schema })
});

fn rules() -> Result<&'static Rules, IdentityError> {
    RULES.as_ref().map_err(|error| IdentityError::Policy(error.clone()))
}

/// Parses and type-checks the policies; `banhao check` and the start of the server call it.
///
/// # Errors
/// Every fault of the policies, in words.
pub fn validate() -> Result<(), IdentityError> {
    let rules = rules()?;
    let result = cedar_policy::Validator::new(rules.schema.clone()).validate(&rules.policies, cedar_policy::ValidationMode::Strict);
    if result.validation_passed() {
        Ok(())
    } else {
        Err(IdentityError::Policy(result.validation_errors().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
    }
}

/// One policy as an auditor reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    /// Its name.
    pub id: String,
    /// What it says, in Chinese.
    pub description: String,
    /// Its source.
    pub source: String,
}

/// All policies with their descriptions, in the order of the files.
///
/// # Errors
/// When the policies cannot be parsed.
pub fn listing() -> Result<Vec<PolicyText>, IdentityError> {
    Ok(rules()?
        .policies
        .policies()
        .map(|policy| PolicyText {
            id: policy.annotation("id").unwrap_or_default().to_owned(),
            description: policy.annotation("description").unwrap_or_default().to_owned(),
            source: policy.to_string(),
        })
        .collect())
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, IdentityError> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| IdentityError::Policy(error.to_string()))?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn entity(uid: EntityUid, attributes: HashMap<String, RestrictedExpression>) -> Result<Entity, IdentityError> {
    Entity::new(uid, attributes, HashSet::new()).map_err(|error| IdentityError::Policy(error.to_string()))
}

fn string(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

fn staff_entity(staff: &StaffMember) -> Result<Entity, IdentityError> {
    let mut attributes = HashMap::from([
        ("organisation".to_owned(), string(&staff.organisation)),
        ("posts".to_owned(), RestrictedExpression::new_set(staff.posts.iter().map(|post| string(post.as_str())))),
    ]);
    if let Some(hall) = &staff.hall {
        attributes.insert("hall".to_owned(), string(hall));
    }
    entity(uid("Staff", &staff.id.to_string())?, attributes)
}

fn case_entity(case: &CaseTarget) -> Result<Entity, IdentityError> {
    let people = |ids: &BTreeSet<StaffId>| {
        let uids = ids.iter().map(|id| Ok(RestrictedExpression::new_entity_uid(uid("Staff", &id.to_string())?)));
        uids.collect::<Result<Vec<_>, IdentityError>>().map(RestrictedExpression::new_set)
    };
    let mut attributes = HashMap::from([
        ("organisation".to_owned(), string(&case.organisation)),
        ("kind".to_owned(), string(&case.case_kind)),
        ("applicant".to_owned(), RestrictedExpression::new_entity_uid(uid("Person", &case.applicant.to_string())?)),
        ("reviewers".to_owned(), people(&case.reviewers)?),
        ("joint".to_owned(), RestrictedExpression::new_set(case.joint.iter().map(|key| string(key)))),
        ("copied".to_owned(), people(&case.copied)?),
    ]);
    if let Some(hall) = &case.hall {
        attributes.insert("hall".to_owned(), string(hall));
    }
    if let Some(receiver) = case.received_by {
        attributes.insert("receivedBy".to_owned(), RestrictedExpression::new_entity_uid(uid("Staff", &receiver.to_string())?));
    }
    entity(uid("Case", &case.id.to_string())?, attributes)
}

fn ask(principal: &Principal, act: &str, resource: Entity) -> Result<(), IdentityError> {
    let who = match principal {
        Principal::System => return Ok(()),
        Principal::Anonymous => entity(uid("Anonymous", "anonymous")?, HashMap::new())?,
        Principal::Person(person) => entity(uid("Person", &person.id.to_string())?, HashMap::new())?,
        Principal::Staff(staff) => staff_entity(staff)?,
    };
    let rules = rules()?;
    let request = Request::new(who.uid(), uid("Action", act)?, resource.uid(), Context::empty(), Some(&rules.schema))
        .map_err(|error| IdentityError::Policy(error.to_string()))?;
    let entities = Entities::from_entities([who, resource], None).map_err(|error| IdentityError::Policy(error.to_string()))?;
    let answer = Authorizer::new().is_authorized(&request, &rules.policies, &entities);
    if let Some(error) = answer.diagnostics().errors().next() {
        return Err(IdentityError::Policy(error.to_string()));
    }
    if answer.decision() == Decision::Allow {
        return Ok(());
    }
    if matches!(principal, Principal::Anonymous) {
        return Err(IdentityError::Anonymous);
    }
    let named: BTreeSet<&str> = answer.diagnostics().reason().filter_map(|id| rules.policies.annotation(id, "id")).collect();
    let policies = if named.is_empty() { "no-permit".to_owned() } else { named.into_iter().collect::<Vec<_>>().join(", ") };
    Err(IdentityError::Denied { policies })
}

/// Whether the principal may do this with the case. The platform itself (timers, jobs) may.
///
/// # Errors
/// [`IdentityError::Denied`] names the policies that forbid it; [`IdentityError::Anonymous`] when nobody has signed in.
pub fn permit_case(principal: &Principal, act: CaseAct, case: &CaseTarget) -> Result<(), IdentityError> {
    ask(principal, act.as_str(), case_entity(case)?)
}

/// Whether the principal may do this with the draft.
///
/// # Errors
/// As [`permit_case`].
pub fn permit_draft(principal: &Principal, act: DraftAct, draft: &DraftTarget) -> Result<(), IdentityError> {
    let editors = draft.editors.iter().map(|id| Ok(RestrictedExpression::new_entity_uid(uid("Staff", &id.to_string())?)));
    let attributes = HashMap::from([
        ("organisation".to_owned(), string(&draft.organisation)),
        ("editors".to_owned(), RestrictedExpression::new_set(editors.collect::<Result<Vec<_>, IdentityError>>()?)),
    ]);
    ask(principal, act.as_str(), entity(uid("Draft", "draft")?, attributes)?)
}

/// Whether the principal may open this on the desk.
///
/// # Errors
/// As [`permit_case`].
pub fn permit_desk(principal: &Principal, act: DeskAct) -> Result<(), IdentityError> {
    ask(principal, act.as_str(), entity(uid("Desk", "desk")?, HashMap::new())?)
}
