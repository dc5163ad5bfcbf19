//! Beginning an application (草稿). The draft's id is the submission id.

use std::sync::Arc;

use banhao_catalogue::{MatterVersion, model::Prefill};
use banhao_identity::{DeskAct, IdentityError, PersonAtWindow, Principal, ensure_person_at_window, permit_desk};
use banhao_kernel::{
    actor::Channel,
    ids::{DraftId, PersonId},
};
use banhao_store::{Moment, Tx};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{
    context::CaseContext,
    entities::draft,
    error::CaseError,
    rules::visit::own_window,
    sealed::{Answers, seal_answers},
};

/// Where a clerk sits who takes an application in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtWindow {
    /// Key of the hall.
    pub hall: String,
    /// Code of the window.
    pub window: String,
}

/// What is known of the person and filled in beforehand where the form asks for it.
struct Known {
    name: String,
    citizen_number: String,
    mobile: String,
    address: Option<String>,
}

impl Known {
    fn answers(&self, version: &MatterVersion) -> Answers {
        let mut answers = Answers::default();
        for field in version.form.fields() {
            let value = match field.prefill {
                Some(Prefill::PersonName) => Some(self.name.trim().to_owned()),
                Some(Prefill::PersonCitizenNumber) => Some(self.citizen_number.trim().to_uppercase()),
                Some(Prefill::PersonMobile) => Some(self.mobile.trim().to_owned()),
                Some(Prefill::PersonAddress) => self.address.as_ref().map(|address| address.trim().to_owned()),
                None => None,
            };
            if let Some(value) = value {
                answers.form.insert(field.key.clone(), value.into());
            }
        }
        answers
    }
}

async fn insert(
    tx: &mut Tx,
    id: DraftId,
    version: &MatterVersion,
    (person, known): (PersonId, &Known),
    channel: Channel,
    at: Option<(AtWindow, uuid::Uuid)>,
) -> Result<DraftId, CaseError> {
    let now = Moment::from(tx.now());
    let (at, clerk) = at.map_or((None, None), |(at, clerk)| (Some(at), Some(clerk)));
    let row = draft::ActiveModel {
        id: Set(id.as_uuid()),
        person: Set(person.as_uuid()),
        matter: Set(version.key.clone()),
        matter_version: Set(i32::try_from(version.version).unwrap_or(i32::MAX)),
        channel: Set(channel.as_str().to_owned()),
        hall: Set(at.as_ref().map(|at| at.hall.clone())),
        window_code: Set(at.map(|at| at.window)),
        taken_by: Set(clerk),
        answers: Set(seal_answers(tx.vault(), &known.answers(version))?),
        created_at: Set(now),
        updated_at: Set(now),
        case_id: Set(None),
    };
    draft::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

async fn in_force(ctx: &CaseContext, matter: &str) -> Result<Arc<MatterVersion>, CaseError> {
    let snapshot = ctx.snapshot().await?;
    snapshot.matter(matter).ok_or_else(|| CaseError::MatterClosed { matter: matter.to_owned(), why: "not-in-force" })
}

/// A citizen begins an application on line.
///
/// # Errors
/// When nobody has signed in or the matter is not in force.
pub async fn start_draft(ctx: &CaseContext, principal: &Principal, matter: &str, channel: Channel) -> Result<DraftId, CaseError> {
    let person = principal.person().ok_or(IdentityError::Anonymous)?;
    let version = in_force(ctx, matter).await?;
    if !version.matter.is_online() {
        return Err(CaseError::MatterClosed { matter: matter.to_owned(), why: "channel" });
    }
    let known = Known {
        name: person.name.clone(),
        citizen_number: person.citizen_number.clone(),
        mobile: person.mobile.clone(),
        address: person.address.clone(),
    };
    let id = person.id;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                let draft = DraftId::generate(tx.clock(), tx.entropy());
                insert(tx, draft, &version, (id, &known), channel, None).await
            })
        })
        .await
}

/// An id for an application that is about to be taken: made before the first attempt, so that sending twice makes one.
#[must_use]
pub fn new_draft_id(ctx: &CaseContext) -> DraftId {
    DraftId::generate(ctx.store.clock().as_ref(), ctx.store.entropy().as_ref())
}

/// A window clerk begins an application for somebody who stands at the window (当面收件). Sent twice with the same id it is begun
/// once.
///
/// # Errors
/// When the clerk may not or does not sit at the window, the matter is not in force, or the person's data are wrong (all mistakes
/// at once).
pub async fn take_application(
    ctx: &CaseContext,
    principal: &Principal,
    id: DraftId,
    matter: &str,
    seen: PersonAtWindow,
    at: Option<AtWindow>,
) -> Result<DraftId, CaseError> {
    permit_desk(principal, DeskAct::TakeApplications)?;
    let clerk = principal.staff().ok_or(IdentityError::Anonymous)?;
    let at = own_window(clerk, at)?;
    let version = in_force(ctx, matter).await?;
    let clerk = clerk.id;
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(there) = draft::Entity::find_by_id(id.as_uuid()).one(tx.conn()).await? {
                    let own = there.taken_by == Some(clerk.as_uuid()) && there.matter == version.key;
                    return if own { Ok(id) } else { Err(CaseError::NotFound { what: "draft" }) };
                }
                let known = Known {
                    name: seen.name.clone(),
                    citizen_number: seen.citizen_number.clone(),
                    mobile: seen.mobile.clone(),
                    address: seen.address.clone(),
                };
                let person = ensure_person_at_window(tx, seen, clerk).await?;
                insert(tx, id, &version, (person, &known), Channel::Window, Some((at, clerk.as_uuid()))).await
            })
        })
        .await
}

/// Whether the principal may work on the draft: its owner, or the clerk who takes it down.
pub(crate) fn may_edit(principal: &Principal, row: &draft::Model) -> bool {
    match principal {
        Principal::Person(person) => row.person == person.id.as_uuid() && row.taken_by.is_none(),
        Principal::Staff(staff) => row.taken_by == Some(staff.id.as_uuid()),
        Principal::Anonymous | Principal::System => false,
    }
}

/// Loads a draft that the principal may work on; anything else is not found.
pub(crate) async fn editable(tx: &Tx, principal: &Principal, id: DraftId) -> Result<draft::Model, CaseError> {
    use sea_orm::QuerySelect;
    draft::Entity::find_by_id(id.as_uuid())
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .filter(|row| may_edit(principal, row))
        .ok_or(CaseError::NotFound { what: "draft" })
}
