//! Citizens' accounts: register oneself, be registered at a window, read back.

use banhao_kernel::{
    CitizenNumber, Mobile,
    actor::Actor,
    ids::{PersonId, StaffId},
    problem::FieldProblem,
};
use banhao_store::{Moment, NewFact, Store, Tx, Vault};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::{entities::person, error::IdentityError, model::Person, password};

const PURPOSE: &str = "identity.person";

/// What a citizen fills in to register.
#[derive(Clone)]
pub struct Registration {
    /// Name.
    pub name: String,
    /// Citizen number.
    pub citizen_number: String,
    /// Mobile.
    pub mobile: String,
    /// Address, voluntary.
    pub address: Option<String>,
    /// Password, at least ten characters.
    pub password: String,
}

/// What a clerk takes down of a person who stands at the window with their identity card.
#[derive(Clone)]
pub struct PersonAtWindow {
    /// Name.
    pub name: String,
    /// Citizen number.
    pub citizen_number: String,
    /// Mobile.
    pub mobile: String,
    /// Address.
    pub address: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    citizen_number: String,
    mobile: String,
    address: Option<String>,
}

/// Parses the identifying fields; all mistakes at once.
fn checked(name: &str, citizen_number: &str, mobile: &str, address: Option<&str>, password: Option<&str>) -> Result<Sealed, IdentityError> {
    let mut fields = Vec::new();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 50 {
        fields.push(FieldProblem::new("name", if name.is_empty() { "required" } else { "too-long" }));
    }
    let number = CitizenNumber::parse(citizen_number.trim());
    if let Err(error) = &number {
        fields.push(FieldProblem::new("citizen_number", error.code()));
    }
    let phone = Mobile::parse(mobile.trim());
    if let Err(error) = &phone {
        fields.push(FieldProblem::new("mobile", error.code()));
    }
    if password.is_some_and(|password| !password::acceptable(password)) {
        fields.push(FieldProblem::new("password", "password-weak"));
    }
    match (number, phone) {
        (Ok(number), Ok(phone)) if fields.is_empty() => Ok(Sealed {
            name: name.to_owned(),
            citizen_number: number.to_string(),
            mobile: phone.to_string(),
            address: address.map(|address| address.trim().to_owned()).filter(|address| !address.is_empty()),
        }),
        _ => Err(IdentityError::Invalid { fields }),
    }
}

/// Blind index of a citizen number or mobile: equal inputs give equal values, and nothing can be read from them.
pub(crate) fn blind(vault: &Vault, what: &str, value: &str) -> String {
    vault.blind_index(what, value)
}

pub(crate) const NUMBER: &str = "identity.number";
pub(crate) const MOBILE: &str = "identity.mobile";

async fn insert(tx: &mut Tx, sealed: Sealed, password_hash: Option<String>, level: i32, actor: Actor) -> Result<PersonId, IdentityError> {
    let id = PersonId::generate(tx.clock(), tx.entropy());
    let bytes = serde_json::to_vec(&sealed).map_err(|error| IdentityError::Damaged(error.to_string()))?;
    let row = person::ActiveModel {
        id: Set(id.as_uuid()),
        number_index: Set(blind(tx.vault(), NUMBER, &sealed.citizen_number)),
        mobile_index: Set(blind(tx.vault(), MOBILE, &sealed.mobile)),
        sealed: Set(tx.vault().seal(PURPOSE, &bytes)?),
        password_hash: Set(password_hash),
        level: Set(level),
        created_at: Set(Moment::from(tx.now())),
        created_by: Set(match actor {
            Actor::Person(_) => format!("person:{id}"),
            other => other.as_text(),
        }),
    };
    person::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    tx.state(NewFact {
        subject_kind: "person",
        subject: id.as_uuid(),
        kind: "person.registered".to_owned(),
        actor: match actor {
            Actor::Person(_) => Actor::Person(id),
            other => other,
        },
        body: serde_json::json!({ "level": level }),
    });
    Ok(id)
}

/// A citizen registers (trust level 2: declared, format checked).
///
/// # Errors
/// All mistakes at once; [`IdentityError::AccountExists`] when the citizen number has an account already.
pub async fn register_person(store: &Store, registration: Registration) -> Result<PersonId, IdentityError> {
    let sealed = checked(
        &registration.name,
        &registration.citizen_number,
        &registration.mobile,
        registration.address.as_deref(),
        Some(&registration.password),
    )?;
    let hash = password::hash(registration.password).await?;
    store
        .write(move |tx| {
            Box::pin(async move {
                let index = blind(tx.vault(), NUMBER, &sealed.citizen_number);
                let known = person::Entity::find().filter(person::Column::NumberIndex.eq(index)).one(tx.conn()).await?;
                if known.is_some() {
                    return Err(IdentityError::AccountExists);
                }
                // The id is not known yet; `insert` states the fact with the new person as the actor.
                insert(tx, sealed, Some(hash), 2, Actor::Person(PersonId::from_uuid(uuid::Uuid::nil()))).await
            })
        })
        .await
}

/// Finds the account of a person at a window or makes one (level 4: checked with the identity card). Contact data of an
/// existing account is left as it is: only its owner changes it.
///
/// # Errors
/// All mistakes at once.
pub async fn ensure_person_at_window(tx: &mut Tx, seen: PersonAtWindow, by: StaffId) -> Result<PersonId, IdentityError> {
    let sealed = checked(&seen.name, &seen.citizen_number, &seen.mobile, seen.address.as_deref(), None)?;
    let index = blind(tx.vault(), NUMBER, &sealed.citizen_number);
    let known = person::Entity::find().filter(person::Column::NumberIndex.eq(index)).one(tx.conn()).await?;
    if let Some(row) = known {
        let there = open_row(tx.vault(), row)?;
        if there.name != sealed.name {
            return Err(IdentityError::Invalid { fields: vec![FieldProblem::new("name", "name-differs")] });
        }
        return Ok(there.id);
    }
    insert(tx, sealed, None, 4, Actor::Staff(by)).await
}

pub(crate) fn open_row(vault: &Vault, row: person::Model) -> Result<Person, IdentityError> {
    let bytes = vault.open(PURPOSE, &row.sealed)?;
    let sealed: Sealed = serde_json::from_slice(&bytes).map_err(|error| IdentityError::Damaged(error.to_string()))?;
    Ok(Person {
        id: PersonId::from_uuid(row.id),
        name: sealed.name,
        citizen_number: sealed.citizen_number,
        mobile: sealed.mobile,
        address: sealed.address,
        level: u8::try_from(row.level).unwrap_or(2),
    })
}

/// A citizen's account, opened.
///
/// # Errors
/// When the store fails or the record cannot be opened.
pub async fn person(store: &Store, id: PersonId) -> Result<Option<Person>, IdentityError> {
    person::Entity::find_by_id(id.as_uuid()).one(store.read()).await?.map(|row| open_row(store.vault(), row)).transpose()
}
