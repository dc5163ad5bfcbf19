//! Staff accounts: they follow the definitions (`staff.toml`); passwords are set here.

use std::collections::HashMap;

use banhao_kernel::ids::StaffId;
use banhao_store::{Moment, Store, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::{
    entities::staff as table,
    error::IdentityError,
    model::{Post, StaffMember},
    password,
};

/// A member of staff as the definitions name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffDefinition {
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Key of the organisation.
    pub organisation: String,
    /// Stable names of the posts.
    pub posts: Vec<String>,
    /// Key of the hall.
    pub hall: Option<String>,
    /// Codes of the windows.
    pub windows: Vec<String>,
}

pub(crate) fn from_row(row: table::Model) -> Result<StaffMember, IdentityError> {
    let definition: StaffDefinition = serde_json::from_value(row.definition).map_err(|error| IdentityError::Damaged(error.to_string()))?;
    Ok(StaffMember {
        id: StaffId::from_uuid(row.id),
        login: definition.login,
        name: definition.name,
        organisation: definition.organisation,
        posts: definition.posts.iter().filter_map(|name| Post::from_name(name)).collect(),
        hall: definition.hall,
        windows: definition.windows,
    })
}

/// Brings the staff accounts in line with the definitions: new ones are made (without password), changed ones changed, those
/// no longer named are switched off (their past acts stay theirs). Gives the number of accounts touched.
///
/// # Errors
/// When the store fails.
pub async fn follow_definitions(store: &Store, definitions: Vec<StaffDefinition>) -> Result<usize, IdentityError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut there: HashMap<String, table::Model> =
                    table::Entity::find().all(tx.conn()).await?.into_iter().map(|row| (row.login.clone(), row)).collect();
                let now = Moment::from(tx.now());
                let mut touched = 0;
                for definition in definitions {
                    let json = serde_json::to_value(&definition).map_err(|error| IdentityError::Damaged(error.to_string()))?;
                    match there.remove(&definition.login) {
                        Some(row) if row.active && row.definition == json => continue,
                        Some(row) => {
                            let mut changed = row.into_active_model();
                            changed.definition = Set(json);
                            changed.active = Set(true);
                            changed.updated_at = Set(now);
                            changed.update(tx.conn()).await?;
                        }
                        None => {
                            let id = StaffId::generate(tx.clock(), tx.entropy());
                            table::Entity::insert(table::ActiveModel {
                                id: Set(id.as_uuid()),
                                login: Set(definition.login.clone()),
                                definition: Set(json),
                                password_hash: Set(None),
                                active: Set(true),
                                updated_at: Set(now),
                            })
                            .exec_without_returning(tx.conn())
                            .await?;
                        }
                    }
                    touched += 1;
                }
                for row in there.into_values().filter(|row| row.active) {
                    let mut gone = row.into_active_model();
                    gone.active = Set(false);
                    gone.updated_at = Set(now);
                    gone.update(tx.conn()).await?;
                    touched += 1;
                }
                Ok(touched)
            })
        })
        .await
}

/// Sets the password of a member of staff.
///
/// # Errors
/// [`IdentityError::UnknownStaff`], or a password that is too weak.
pub async fn set_staff_password(store: &Store, login: &str, password: &str) -> Result<(), IdentityError> {
    if !password::acceptable(password) {
        return Err(IdentityError::Invalid { fields: vec![banhao_kernel::problem::FieldProblem::new("password", "password-weak")] });
    }
    let hash = password::hash(password.to_owned()).await?;
    let login = login.to_owned();
    store
        .write(move |tx| {
            Box::pin(async move {
                let changed = table::Entity::update_many()
                    .col_expr(table::Column::PasswordHash, sea_orm::sea_query::Expr::value(hash))
                    .filter(table::Column::Login.eq(login.clone()))
                    .exec(tx.conn())
                    .await?;
                if changed.rows_affected == 0 { Err(IdentityError::UnknownStaff { login }) } else { Ok(()) }
            })
        })
        .await
}

/// One member of staff by login, active or not.
///
/// # Errors
/// When the store fails.
pub async fn staff_member(store: &Store, login: &str) -> Result<Option<StaffMember>, IdentityError> {
    table::Entity::find().filter(table::Column::Login.eq(login)).one(store.read()).await?.map(from_row).transpose()
}

/// Names of staff by id, for timelines and papers.
///
/// # Errors
/// When the store fails.
pub async fn staff_names(store: &Store, ids: &[StaffId]) -> Result<HashMap<StaffId, String>, IdentityError> {
    let ids: Vec<_> = ids.iter().map(|id| id.as_uuid()).collect();
    let mut names = HashMap::new();
    if ids.is_empty() {
        return Ok(names);
    }
    for row in table::Entity::find().filter(table::Column::Id.is_in(ids)).all(store.read()).await? {
        let member = from_row(row)?;
        names.insert(member.id, member.name);
    }
    Ok(names)
}

/// Active members of staff of an organisation, in the order of their sign-in names.
///
/// # Errors
/// When the store fails.
pub async fn staff_of(store: &Store, organisation: &str) -> Result<Vec<StaffMember>, IdentityError> {
    let rows = table::Entity::find().filter(table::Column::Active.eq(true)).order_by_asc(table::Column::Login).all(store.read()).await?;
    let mut there = rows.into_iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    there.retain(|member| member.organisation == organisation);
    Ok(there)
}

/// One active member of staff, read inside a command.
///
/// # Errors
/// When the store fails.
pub async fn active_staff(tx: &Tx, id: StaffId) -> Result<Option<StaffMember>, IdentityError> {
    table::Entity::find_by_id(id.as_uuid()).filter(table::Column::Active.eq(true)).one(tx.conn()).await?.map(from_row).transpose()
}
