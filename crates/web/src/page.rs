//! What a page knows about the request it answers: language, who is looking, the flash message, the CSRF token, the
//! path. Handlers take a [`Page`] as an argument, hand it to their template as the field `page`, and answer with
//! [`Page::html`] or [`Page::redirect`]. Nothing here knows a domain crate.

use std::any::Any;
use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use banhao_kernel::actor::Actor;
use banhao_texts::{self as texts, Lang};

use crate::components::Markup;
use crate::cookies::{Cookie, Cookies};
use crate::csrf::{self, Binding};
use crate::flash::Flash;
use crate::locale::{self, Locale};
use crate::problem;
use crate::shell::{Shell, Site, pick};

/// Who is looking, as the layouts show it. Set by the session layer with [`Page::set_viewer`].
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who acts.
    pub actor: Actor,
    /// Name as shown; already masked where it has to be.
    pub name: String,
    /// Second line: organisation and post for staff, empty for citizens.
    pub line: String,
}

impl Viewer {
    /// Whether this is a member of staff.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(self.actor, Actor::Staff(_))
    }
}

/// One queue in the desk's top bar.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Name in the reader's language.
    pub label: String,
    /// Where it is.
    pub href: String,
    /// How many wait there.
    pub count: u64,
    /// Any of them overdue: shown with an icon and a word.
    pub overdue: bool,
}

/// What the desk's top bar shows besides the person. Set by the desk's own layer with [`Page::set_desk`].
#[derive(Debug, Clone, Default)]
pub struct DeskBar {
    /// The queues of this person's posts.
    pub queues: Vec<Queue>,
    /// Whether this person takes applications at a window.
    pub takes: bool,
    /// Whether this person keeps the processes of matters.
    pub keeps: bool,
    /// How many background jobs failed, for the person who sees to them.
    pub jobs: Option<u64>,
}

/// The request as pages see it; cheap to clone. See the module text.
#[derive(Debug, Clone)]
pub struct Page(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shell: Arc<Shell>,
    locale: Locale,
    method: Method,
    path: String,
    query: Option<String>,
    wants_json: bool,
    if_none_match: Option<HeaderValue>,
    request_id: String,
    cookies: Cookies,
    flash: Option<Flash>,
    viewer: OnceLock<Viewer>,
    desk: OnceLock<DeskBar>,
    csrf: OnceLock<Binding>,
    personal: AtomicBool,
    set_cookies: Mutex<Vec<Cookie>>,
}

impl Page {
    /// Reads the request. Called once per request by the outermost layer.
    #[must_use]
    pub fn read(shell: Arc<Shell>, request: &Request, request_id: String) -> Self {
        let headers = request.headers();
        let path = request.uri().path().to_owned();
        let query = request.uri().query().map(str::to_owned);
        let cookies = Cookies::read(headers, shell.config.https);
        let (locale, mut set_cookies) = Locale::decide(query.as_deref(), &cookies, headers);
        // A flash belongs to the next page a person sees, not to a script's or an asset's request.
        let takes_flash = request.method() == Method::GET && accepts(headers, "text/html");
        let flash = takes_flash.then(|| Flash::take(&cookies, &shell)).flatten().and_then(|(flash, removal)| {
            set_cookies.push(removal);
            flash
        });
        Self(Arc::new(Inner {
            locale,
            method: request.method().clone(),
            wants_json: wants_json(&path, headers),
            path,
            query,
            if_none_match: headers.get(header::IF_NONE_MATCH).cloned(),
            request_id,
            flash,
            viewer: OnceLock::new(),
            desk: OnceLock::new(),
            csrf: OnceLock::new(),
            personal: AtomicBool::new(false),
            set_cookies: Mutex::new(set_cookies),
            cookies,
            shell,
        }))
    }

    // ---- language and texts -------------------------------------------------------------------------------------

    /// The reader's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.0.locale.lang
    }

    /// `zh-CN` or `en`, for `<html lang>`.
    #[must_use]
    pub fn lang_tag(&self) -> &'static str {
        locale::tag(self.lang())
    }

    /// Whether the page is read in English.
    #[must_use]
    pub fn is_english(&self) -> bool {
        self.lang() == Lang::En
    }

    /// Large type (长辈版).
    #[must_use]
    pub fn large(&self) -> bool {
        self.0.locale.large
    }

    /// A text in the reader's language; in templates rather write `{{ "key"|t }}`.
    #[must_use]
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        texts::t(self.lang(), key)
    }

    /// A text with arguments; in templates rather write `{{ "key"|t_with("name", value) }}`.
    #[must_use]
    pub fn t_args(&self, key: &str, args: &[(&str, &str)]) -> String {
        texts::t_args(self.lang(), key, args).into_owned()
    }

    /// Chooses between a definition's text and its English twin.
    #[must_use]
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.lang(), zh, en)
    }

    /// This address in the other language.
    #[must_use]
    pub fn other_language_href(&self) -> String {
        let other = if self.is_english() { "zh" } else { "en" };
        locale::with_parameter(self.path(), self.query(), "lang", other)
    }

    /// This address with the other type size.
    #[must_use]
    pub fn other_size_href(&self) -> String {
        let other = if self.large() { "0" } else { "1" };
        locale::with_parameter(self.path(), self.query(), "large", other)
    }

    // ---- the request --------------------------------------------------------------------------------------------

    /// Names and contacts of the installation.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.0.shell.site
    }

    /// The name of the installation in the reader's language.
    #[must_use]
    pub fn site_name(&self) -> &str {
        self.site().name_in(self.lang())
    }

    /// The shared shell.
    #[must_use]
    pub fn shell(&self) -> &Arc<Shell> {
        &self.0.shell
    }

    /// The path, without query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The raw query.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// Path and query, e.g. to come back to after signing in.
    #[must_use]
    pub fn here(&self) -> String {
        match self.query() {
            Some(query) => format!("{}?{query}", self.path()),
            None => self.path().to_owned(),
        }
    }

    /// Where to sign in and come back from: staff have a door of their own. Forms that were posted cannot be come back to; from
    /// an act on a case the way leads back to its file.
    #[must_use]
    pub fn sign_in_href(&self) -> String {
        let (door, home) = if self.is_for_staff() { ("/desk/sign-in", "/desk") } else { ("/sign-in", "/") };
        let back = if self.0.method == Method::GET { Some(self.here()) } else { self.case_file_href() };
        match back {
            Some(back) if self.path() != home && !self.under(door) => {
                let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
                format!("{door}?back={back}")
            }
            _ => door.to_owned(),
        }
    }

    /// Whether this address belongs to the staff: the desk and the screens.
    #[must_use]
    pub fn is_for_staff(&self) -> bool {
        self.under("/desk") || self.under("/admin") || self.under("/screens")
    }

    /// The file of the case that an address of the desk below it is about.
    #[must_use]
    pub fn case_file_href(&self) -> Option<String> {
        let (case, _) = self.path().strip_prefix("/desk/cases/")?.split_once('/')?;
        case.parse::<banhao_kernel::ids::CaseId>().ok().map(|case| format!("/desk/cases/{case}"))
    }

    /// Whether the path is `prefix` or below it, to mark the current entry of a navigation.
    #[must_use]
    pub fn under(&self, prefix: &str) -> bool {
        self.path().strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The id that is also in the logs and in the `x-request-id` header.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// Whether the answer should be JSON: an API path or a client that does not ask for HTML.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.0.wants_json
    }

    /// The cookies the request brought.
    #[must_use]
    pub fn cookies(&self) -> &Cookies {
        &self.0.cookies
    }

    /// Sets a cookie on the answer, whichever answer that will be.
    pub fn set_cookie(&self, cookie: Cookie) {
        self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner).push(cookie);
    }

    /// The cookies to set; emptied by the call.
    pub(crate) fn take_set_cookies(&self) -> Vec<Cookie> {
        std::mem::take(&mut *self.0.set_cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    // ---- who is looking -----------------------------------------------------------------------------------------

    /// Who is signed in.
    #[must_use]
    pub fn viewer(&self) -> Option<&Viewer> {
        self.0.viewer.get()
    }

    /// Says who is signed in; the first call counts. For the session layer.
    pub fn set_viewer(&self, viewer: Viewer) {
        if self.0.viewer.set(viewer).is_err() {
            tracing::warn!("the viewer of a request was set twice; the first stays");
        }
    }

    /// The desk's queues, when the desk layer has set them.
    #[must_use]
    pub fn desk(&self) -> Option<&DeskBar> {
        self.0.desk.get()
    }

    /// Sets the desk's queues; the first call counts.
    pub fn set_desk(&self, bar: DeskBar) {
        if self.0.desk.set(bar).is_err() {
            tracing::warn!("the desk bar of a request was set twice; the first stays");
        }
    }

    /// The message left by the previous page.
    #[must_use]
    pub fn flash(&self) -> Option<&Flash> {
        self.0.flash.as_ref()
    }

    /// The text of the flash message.
    #[must_use]
    pub fn flash_text(&self, flash: &Flash) -> String {
        let args: Vec<(&str, &str)> = flash.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.t_args(&flash.key, &args)
    }

    // ---- forms --------------------------------------------------------------------------------------------------

    /// A fresh CSRF token; makes the answer private and sets the anonymous cookie when there is no session yet.
    #[must_use]
    pub fn csrf_token(&self) -> String {
        self.0.personal.store(true, Ordering::Relaxed);
        self.0
            .csrf
            .get_or_init(|| {
                Binding::of(&self.0.cookies).unwrap_or_else(|| {
                    let (binding, cookie) = Binding::anonymous(&self.0.shell);
                    self.set_cookie(cookie);
                    binding
                })
            })
            .token(&self.0.shell)
    }

    /// The hidden field with the token: the first thing inside every `<form method="post">`.
    #[must_use]
    pub fn csrf_field(&self) -> Markup {
        Markup::trusted(format!(r#"<input type="hidden" name="{}" value="{}">"#, csrf::FIELD, self.csrf_token()))
    }

    // ---- answers ------------------------------------------------------------------------------------------------

    /// Answers with a template. A page without person, token or flash message gets an `ETag` and may be kept by caches
    /// that ask again each time; all others are `no-store`.
    #[must_use]
    pub fn html<T: Template>(&self, view: &T) -> Response {
        self.html_with_status(StatusCode::OK, view)
    }

    /// The same with another status, e.g. 422 for a form that comes back with its mistakes.
    #[must_use]
    pub fn html_with_status<T: Template>(&self, status: StatusCode, view: &T) -> Response {
        let text = match view.render_with_values(self) {
            Ok(text) => text,
            Err(error) => {
                tracing::error!(%error, "a template could not be rendered");
                return problem::Failure::from(problem::internal()).into_response();
            }
        };
        let shared = status == StatusCode::OK
            && matches!(self.0.method, Method::GET | Method::HEAD)
            && self.viewer().is_none()
            && self.flash().is_none()
            && !self.0.personal.load(Ordering::Relaxed);
        let mut response = if shared { self.revalidated(text) } else { text.into_response() };
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.lang_tag()));
        response
    }

    fn revalidated(&self, text: String) -> Response {
        use std::hash::{DefaultHasher, Hasher as _};
        let mut hasher = DefaultHasher::new();
        hasher.write(text.as_bytes());
        let tag = format!("W/\"{:016x}\"", hasher.finish());
        let known = self
            .0
            .if_none_match
            .as_ref()
            .and_then(|value| value.to_str().ok())
            .is_some_and(|list| list.split(',').any(|have| have.trim() == tag));
        let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language, accept-encoding"));
        response
    }

    /// Redirects with 303 after a POST (or anywhere). `to` must be a path of this site; anything else goes to `/`.
    #[must_use]
    pub fn redirect(&self, to: &str) -> Response {
        let target = if is_local(to) { to } else { "/" };
        let location = HeaderValue::try_from(target).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }

    /// Redirects and leaves a message for the next page.
    #[must_use]
    pub fn redirect_with(&self, to: &str, flash: &Flash) -> Response {
        match flash.cookie(&self.0.shell) {
            Some(cookie) => self.set_cookie(cookie),
            None => tracing::error!(key = %flash.key, "a flash message is too long for its cookie"),
        }
        self.redirect(to)
    }
}

/// Whether `to` stays on this site: one leading slash, no scheme, no backslash, no control characters.
#[must_use]
pub fn is_local(to: &str) -> bool {
    to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && to.bytes().all(|byte| byte.is_ascii_graphic())
}

fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|line| line.contains(kind))
}

fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let html = accepts(headers, "text/html");
    let json = accepts(headers, "json");
    (json || path.starts_with("/api/")) && !html
}

/// Templates and components reach the language and the page through askama's runtime values.
impl askama::Values for Page {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        match key {
            "lang" => Some(&self.0.locale.lang),
            "page" => Some(self),
            _ => None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().expect("`layers::wrap` puts a Page into every request"))
    }
}
