//! Passwords: argon2id (OWASP's parameters), hashed off the async threads and never more than two at a time, so that a
//! flood of sign-ins cannot take the memory or the processors.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::error::IdentityError;

/// 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet, argon2id.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A hash of nothing anybody knows: verified against when the login is unknown, so that both cases take the same time.
static DECOY: LazyLock<String> =
    LazyLock::new(|| hasher().hash_password(b"nobody signs in with this").map(|hash| hash.to_string()).unwrap_or_default());

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, IdentityError> {
    let _permit = AT_ONCE.acquire().await.map_err(|error| IdentityError::Hashing(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| IdentityError::Hashing(error.to_string()))
}

/// Hashes a password with a fresh salt.
pub(crate) async fn hash(password: String) -> Result<String, IdentityError> {
    off_thread(move || hasher().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(|error| IdentityError::Hashing(error.to_string()))
}

/// Checks a password; `None` as hash (unknown login) takes as long and is always wrong.
pub(crate) async fn matches(password: String, hash: Option<String>) -> Result<bool, IdentityError> {
    let known = hash.is_some();
    let right = off_thread(move || {
        let text = hash.unwrap_or_else(|| DECOY.clone());
        PasswordHash::new(&text).is_ok_and(|parsed| hasher().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await?;
    Ok(right && known)
}

/// Whether a password may be chosen: at least 10 characters and not just one repeated. Length beats composition rules
/// (NIST SP 800-63B §5.1.1.2).
#[must_use]
pub(crate) fn acceptable(password: &str) -> bool {
    let mut distinct: Vec<char> = password.chars().collect();
    let length = distinct.len();
    distinct.sort_unstable();
    distinct.dedup();
    (10..=128).contains(&length) && distinct.len() >= 4
}
