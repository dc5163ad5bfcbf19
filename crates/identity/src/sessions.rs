//! Signing in and out. The cookie holds a random token; the database holds its SHA-256.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use banhao_kernel::{Timestamp, digest::sha256_hex, entropy::Entropy, ids::SessionId};
use banhao_store::{Moment, Store};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    accounts::{self, MOBILE, NUMBER},
    entities::{person, session as table, staff as staff_table},
    error::IdentityError,
    model::{Principal, Session},
    password, staff, throttle,
};

const MINUTE: i64 = 60;
/// A session ends 12 hours after sign-in, whatever happens.
const ABSOLUTE: i64 = 12 * 60 * MINUTE;
/// An idle session of staff ends after 30 minutes, of a citizen after two hours.
const IDLE_STAFF: i64 = 30 * MINUTE;
const IDLE_PERSON: i64 = 120 * MINUTE;
/// How long a replica may answer from memory before it asks the database again.
const REMEMBER: i64 = 3;

/// The answer to a successful sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Value for the cookie; never stored.
    pub token: String,
    /// The session.
    pub session: Session,
}

fn random(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; 32];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn later(now: Timestamp, seconds: i64) -> Moment {
    Moment(now.as_microsecond() + seconds * 1_000_000)
}

async fn open(store: &Store, kind: &'static str, account: Uuid, principal: Principal, idle: i64) -> Result<SignedIn, IdentityError> {
    let token = random(store.entropy().as_ref());
    let csrf = random(store.entropy().as_ref());
    let id = SessionId::generate(store.clock().as_ref(), store.entropy().as_ref());
    let now = store.now();
    let row = table::ActiveModel {
        id: Set(id.as_uuid()),
        token_sha256: Set(sha256_hex(token.as_bytes())),
        kind: Set(kind.to_owned()),
        account: Set(account),
        csrf: Set(csrf.clone()),
        created_at: Set(Moment::from(now)),
        used_at: Set(Moment::from(now)),
        expires_at: Set(later(now, idle)),
        ends_at: Set(later(now, ABSOLUTE)),
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                // Sessions that are over are of no use to anybody; sign-ins sweep them away.
                table::Entity::delete_many().filter(table::Column::EndsAt.lt(Moment::from(tx.now()))).exec(tx.conn()).await?;
                table::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                Ok::<_, IdentityError>(())
            })
        })
        .await?;
    Ok(SignedIn { token, session: Session { id, principal, csrf, expires_at: later(now, idle).into() } })
}

/// Signs a citizen in with mobile or citizen number and password.
///
/// # Errors
/// [`IdentityError::WrongCredentials`] for an unknown login and a wrong password alike, in the same time;
/// [`IdentityError::TooManyAttempts`] after several failures.
pub async fn sign_in_person(store: &Store, login: &str, password: &str) -> Result<SignedIn, IdentityError> {
    throttle::check(store, login).await?;
    let login_text = login.trim().to_uppercase();
    let (column, index) = if login_text.len() == 11 {
        (person::Column::MobileIndex, accounts::blind(store.vault(), MOBILE, &login_text))
    } else {
        (person::Column::NumberIndex, accounts::blind(store.vault(), NUMBER, &login_text))
    };
    // A mobile may be shared in a family: the password tells the accounts apart.
    let rows: Vec<_> = person::Entity::find()
        .filter(column.eq(index))
        .filter(person::Column::PasswordHash.is_not_null())
        .all(store.read())
        .await?
        .into_iter()
        .take(5)
        .collect();
    let mut found = None;
    for row in rows {
        if password::matches(password.to_owned(), row.password_hash.clone()).await? {
            found = Some(row);
            break;
        }
    }
    if found.is_none() {
        password::matches(password.to_owned(), None).await?;
    }
    throttle::note(store, login, found.is_some()).await?;
    let row = found.ok_or(IdentityError::WrongCredentials)?;
    let account = row.id;
    let opened = accounts::open_row(store.vault(), row)?;
    open(store, "person", account, Principal::Person(Box::new(opened)), IDLE_PERSON).await
}

/// Signs a member of staff in.
///
/// # Errors
/// As [`sign_in_person`].
pub async fn sign_in_staff(store: &Store, login: &str, password: &str) -> Result<SignedIn, IdentityError> {
    throttle::check(store, login).await?;
    let row = staff_table::Entity::find()
        .filter(staff_table::Column::Login.eq(login.trim()))
        .filter(staff_table::Column::Active.eq(true))
        .one(store.read())
        .await?;
    let right = password::matches(password.to_owned(), row.as_ref().and_then(|row| row.password_hash.clone())).await?;
    throttle::note(store, login, right).await?;
    let row = row.filter(|_| right).ok_or(IdentityError::WrongCredentials)?;
    let account = row.id;
    let member = staff::from_row(row)?;
    open(store, "staff", account, Principal::Staff(Box::new(member)), IDLE_STAFF).await
}

/// What this replica remembers for a few seconds, so that a page does not cost three queries. Holds nothing that another
/// replica would need: the database decides.
static RECENT: LazyLock<Mutex<HashMap<String, (i64, Session)>>> = LazyLock::new(|| Mutex::new(HashMap::new()));
const RECENT_LIMIT: usize = 10_000;

/// The session of a cookie's token, if it is still good. Using it keeps it alive (written at most once a minute).
///
/// # Errors
/// When the store fails or the account's record cannot be opened.
pub async fn session(store: &Store, token: &str) -> Result<Option<Session>, IdentityError> {
    let hash = sha256_hex(token.as_bytes());
    let now = store.now();
    {
        let recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, session)) = recent.get(&hash)
            && (0..REMEMBER).contains(&(now.as_second() - seen))
            && session.expires_at > now
        {
            return Ok(Some(session.clone()));
        }
    }
    let Some(row) = table::Entity::find().filter(table::Column::TokenSha256.eq(hash.clone())).one(store.read()).await? else {
        return Ok(None);
    };
    let now_moment = Moment::from(now);
    if row.expires_at <= now_moment || row.ends_at <= now_moment {
        return Ok(None);
    }
    let (principal, idle) = if row.kind == "staff" {
        let Some(account) = staff_table::Entity::find_by_id(row.account).one(store.read()).await?.filter(|account| account.active) else {
            return Ok(None);
        };
        (Principal::Staff(Box::new(staff::from_row(account)?)), IDLE_STAFF)
    } else {
        let Some(account) = person::Entity::find_by_id(row.account).one(store.read()).await? else { return Ok(None) };
        (Principal::Person(Box::new(accounts::open_row(store.vault(), account)?)), IDLE_PERSON)
    };
    let expires = later(now, idle).min(row.ends_at);
    if now.as_microsecond() - row.used_at.0 > MINUTE * 1_000_000 {
        let id = row.id;
        store
            .write(move |tx| {
                Box::pin(async move {
                    table::Entity::update_many()
                        .col_expr(table::Column::UsedAt, sea_orm::sea_query::Expr::value(now_moment))
                        .col_expr(table::Column::ExpiresAt, sea_orm::sea_query::Expr::value(expires))
                        .filter(table::Column::Id.eq(id))
                        .exec(tx.conn())
                        .await?;
                    Ok::<_, IdentityError>(())
                })
            })
            .await?;
    }
    let session = Session { id: SessionId::from_uuid(row.id), principal, csrf: row.csrf, expires_at: expires.into() };
    let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    if recent.len() >= RECENT_LIMIT {
        recent.clear();
    }
    recent.insert(hash, (now.as_second(), session.clone()));
    Ok(Some(session))
}

/// Ends a session.
///
/// # Errors
/// When the store fails.
pub async fn sign_out(store: &Store, token: &str) -> Result<(), IdentityError> {
    let hash = sha256_hex(token.as_bytes());
    RECENT.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash);
    store
        .write(move |tx| {
            Box::pin(async move {
                table::Entity::delete_many().filter(table::Column::TokenSha256.eq(hash)).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}
