//! Who is signed in: reads the session cookie of every request that has one, tells the page who is looking, and gives handlers
//! the principal as an argument. Signing in and out set and remove the cookie here; the accounts are identity's.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use banhao_identity::{Principal, SignedIn, StaffMember};
use banhao_kernel::problem::{Problem, ProblemKind};

use crate::AppState;
use crate::cookies::{Cookie, SESSION_COOKIE};
use crate::page::{Page, Viewer};
use crate::problem::Failure;

/// The principal of a request; [`Principal::Anonymous`] without a good session.
#[derive(Debug, Clone)]
pub struct Who(pub Principal);

impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self(Principal::Anonymous)))
    }
}

fn sign_in_first() -> Failure {
    Failure::from(Problem::new("identity-anonymous", ProblemKind::Unauthenticated))
}

impl Who {
    /// The principal, when a citizen is signed in.
    ///
    /// # Errors
    /// The problem page that leads to signing in.
    pub fn citizen(&self) -> Result<&banhao_identity::Person, Failure> {
        self.0.person().ok_or_else(sign_in_first)
    }

    /// The member of staff, when one is signed in.
    ///
    /// # Errors
    /// The problem page that leads to signing in.
    pub fn staff(&self) -> Result<&StaffMember, Failure> {
        self.0.staff().ok_or_else(sign_in_first)
    }
}

/// Second line of a member of staff: organisation and posts.
fn staff_line(page: &Page, organisation: &str, staff: &StaffMember) -> String {
    let posts: Vec<_> = staff.posts.iter().map(|post| page.t(&format!("post-{}", post.as_str()))).collect();
    format!("{organisation} · {}", posts.join(" / "))
}

/// The layer. Add it to the families that have personal pages: `router.layer(from_fn_with_state(state, session::layer))`.
///
/// # Errors
/// Never; a broken session is no session, and a failing store is the handler's problem page.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let page = request.extensions().get::<Page>().cloned();
    if let Some(page) = page
        && request.extensions().get::<Who>().is_none()
        && let Some(token) = page.cookies().get(SESSION_COOKIE).map(str::to_owned)
    {
        match banhao_identity::session(&state.cases.store, &token).await {
            Ok(Some(session)) => {
                let (name, line) = match &session.principal {
                    Principal::Person(person) => (person.masked_name(), String::new()),
                    Principal::Staff(staff) => {
                        let organisation = match state.cases.snapshot().await {
                            Ok(snapshot) => snapshot.organisation(&staff.organisation).map_or_else(String::new, |body| {
                                if page.is_english() { body.name.en().to_owned() } else { body.name.zh.clone() }
                            }),
                            Err(_) => String::new(),
                        };
                        (staff.name.clone(), staff_line(&page, &organisation, staff))
                    }
                    Principal::Anonymous | Principal::System => (String::new(), String::new()),
                };
                page.set_viewer(Viewer { actor: session.principal.actor(), name, line });
                request.extensions_mut().insert(Who(session.principal));
            }
            // Over: the cookie is of no more use.
            Ok(None) => page.set_cookie(Cookie::removal(SESSION_COOKIE)),
            Err(error) => tracing::error!(%error, "the session could not be read"),
        }
    }
    next.run(request).await
}

/// The door of the staff's pages: who reads one without being signed in is led to the staff's sign-in and back. Add it inside
/// [`layer`]: `router.layer(from_fn(session::staff_door)).layer(from_fn_with_state(state, session::layer))`.
pub async fn staff_door(request: Request, next: Next) -> Response {
    let signed_in = request.extensions().get::<Who>().is_some_and(|who| who.0.staff().is_some());
    let reads = request.method() == axum::http::Method::GET && !request.uri().path().starts_with("/desk/sign-in");
    match request.extensions().get::<Page>() {
        Some(page) if reads && !signed_in && !page.wants_json() => page.redirect(&page.sign_in_href()),
        _ => next.run(request).await,
    }
}

/// Who this request's session belongs to now: for answers that go on after the request, where it may have ended meanwhile.
///
/// # Errors
/// The problem that leads to signing in, or a failing store.
pub async fn still(state: &AppState, page: &Page) -> Result<Principal, Failure> {
    let Some(token) = page.cookies().get(SESSION_COOKIE) else { return Err(sign_in_first()) };
    let session = banhao_identity::session(&state.cases.store, token).await?;
    session.map(|session| session.principal).ok_or_else(sign_in_first)
}

/// Sets the cookie of a fresh session. Call it before redirecting.
pub fn begin(page: &Page, signed_in: &SignedIn) {
    page.set_cookie(Cookie::new(SESSION_COOKIE, signed_in.token.clone()));
}

/// Ends the session of this request and removes its cookie.
///
/// # Errors
/// When the store fails.
pub async fn end(state: &AppState, page: &Page) -> Result<(), Failure> {
    if let Some(token) = page.cookies().get(SESSION_COOKIE) {
        banhao_identity::sign_out(&state.cases.store, token).await?;
    }
    page.set_cookie(Cookie::removal(SESSION_COOKIE));
    Ok(())
}
