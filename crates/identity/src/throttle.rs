//! Waiting after wrong passwords: five are free, then the wait doubles from 30 seconds up to an hour, per login.

use banhao_kernel::Timestamp;
use banhao_store::{Moment, Store};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{entities::throttle, error::IdentityError};

const FREE: i32 = 5;

/// Seconds to wait after this many failures in a row.
fn wait_seconds(failures: i32) -> i64 {
    if failures < FREE {
        return 0;
    }
    let doublings = u32::try_from(failures - FREE).unwrap_or(0).min(7);
    (30_i64 << doublings).min(3600)
}

fn index(store: &Store, login: &str) -> String {
    store.vault().blind_index("identity.throttle", &login.trim().to_lowercase())
}

/// Refuses while the login has to wait.
pub(crate) async fn check(store: &Store, login: &str) -> Result<(), IdentityError> {
    let Some(row) = throttle::Entity::find_by_id(index(store, login)).one(store.read()).await? else { return Ok(()) };
    let now = store.now();
    let until = Timestamp::from(row.wait_until);
    if until > now {
        return Err(IdentityError::TooManyAttempts { seconds: until.as_second() - now.as_second() + 1 });
    }
    Ok(())
}

/// Counts a failure, or forgets them all after a success.
pub(crate) async fn note(store: &Store, login: &str, success: bool) -> Result<(), IdentityError> {
    let login_index = index(store, login);
    store
        .write(move |tx| {
            Box::pin(async move {
                if success {
                    throttle::Entity::delete_by_id(login_index).exec(tx.conn()).await?;
                    return Ok(());
                }
                let before = throttle::Entity::find_by_id(login_index.clone()).one(tx.conn()).await?.map_or(0, |row| row.failures);
                let failures = before.saturating_add(1);
                let until = tx.now().as_microsecond() + wait_seconds(failures) * 1_000_000;
                throttle::Entity::insert(throttle::ActiveModel {
                    login_index: Set(login_index),
                    failures: Set(failures),
                    wait_until: Set(Moment(until)),
                })
                .on_conflict(
                    OnConflict::column(throttle::Column::LoginIndex)
                        .update_columns([throttle::Column::Failures, throttle::Column::WaitUntil])
                        .to_owned(),
                )
                .exec_without_returning(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::wait_seconds;

    #[test]
    fn the_wait_grows_and_is_bounded() {
        assert_eq!(wait_seconds(4), 0);
        assert_eq!(wait_seconds(5), 30);
        assert_eq!(wait_seconds(6), 60);
        assert_eq!(wait_seconds(1000), 3600);
        assert!((5..100).all(|n| wait_seconds(n) <= wait_seconds(n + 1)));
    }
}
