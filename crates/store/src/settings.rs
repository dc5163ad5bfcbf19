//! Settings that belong to the installation and not to a file: revision counters, public keys.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{error::StoreError, tables::setting, tx::Tx};

/// Reads a setting.
///
/// # Errors
/// When the database fails.
pub async fn get(conn: &impl ConnectionTrait, name: &str) -> Result<Option<String>, StoreError> {
    Ok(setting::Entity::find_by_id(name.to_owned()).one(conn).await?.map(|row| row.value))
}

/// Writes a setting.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &Tx, name: &str, value: &str) -> Result<(), StoreError> {
    setting::Entity::insert(setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) })
        .on_conflict(OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Writes a setting unless there is one; gives the one that holds.
///
/// # Errors
/// When the database fails.
pub async fn get_or_set(tx: &Tx, name: &str, value: &str) -> Result<String, StoreError> {
    setting::Entity::insert(setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) })
        .on_conflict(OnConflict::column(setting::Column::Name).do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    get(tx.conn(), name).await?.ok_or_else(|| StoreError::Damaged(format!("setting {name}")))
}
