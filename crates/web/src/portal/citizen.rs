//! The signed-in citizen as an argument of a handler. Nobody signed in: a page that was asked for leads to signing in and back.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use banhao_identity::{Person, Principal};

use crate::prelude::*;
use crate::session::Who;

/// A citizen who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Citizen {
    /// The account.
    pub(super) person: Person,
    /// The same as the commands want it.
    pub(super) principal: Principal,
}

impl<S: Send + Sync> FromRequestParts<S> for Citizen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Who(principal) = match Who::from_request_parts(parts, state).await {
            Ok(who) => who,
            Err(never) => match never {},
        };
        if let Some(person) = principal.person().cloned() {
            return Ok(Self { person, principal });
        }
        let page = parts.extensions.get::<Page>().cloned();
        match page {
            Some(page) if parts.method == Method::GET && !page.wants_json() => Err(page.redirect(&page.sign_in_href())),
            _ => Err(Failure::from(banhao_identity::IdentityError::Anonymous).into_response()),
        }
    }
}
