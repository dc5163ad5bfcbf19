//! The pages: what people see, and the HTTP around it. No decisions about cases are made here: a handler reads the
//! request, calls one public function of a domain crate, and shows the result.
//!
//! # How to add a page
//!
//! 1. **Texts.** Add the words to `translations/zh-CN/FAMILY.ftl` and `translations/en/FAMILY.ftl` (same keys in both).
//! 2. **Template.** `templates/FAMILY/page.html`:
//!    ```html
//!    {% extends "layouts/portal.html" %}            {# or desk.html, screen.html, print.html #}
//!    {% block title %}{{ "track-title"|t }}{% endblock %}
//!    {% block before_main %}{{ crumbs }}{% endblock %}
//!    {% block main %}
//!    {{ errors }}
//!    <h1>{{ "track-title"|t }}</h1>
//!    <p>{{ "track-count"|t_with("n", cases) }}</p>
//!    <form method="post" action="/track">
//!      {{ page.csrf_field() }}                       {# always the first thing in a POST form #}
//!      {{ number }}
//!      <button class="button">{{ "track-go"|t }}</button>
//!    </form>
//!    {% endblock %}
//!    ```
//!    Filters: `t`, `t_with(name, value)`, `t_with2(name, value, name, value)`, `date`, `date_words`, `moment`, `icon`, `asset`. A
//!    definition's own texts: `{{ page.pick(matter.name, matter.name_en) }}`. No `style=` and no inline scripts: the
//!    content security policy stops them. Classes and parts to choose from: `/design` (`cargo run -p banhao-web --example design`).
//! 3. **View and handler.**
//!    ```
//!    use banhao_web::prelude::*;
//!
//!    #[derive(Template)]
//!    #[template(ext = "html", source = r#"{{ errors }}{{ number }}{{ page.csrf_field() }}"#)] // path = "track/page.html"
//!    struct TrackPage {
//!        page: Page, // the layouts need this field
//!        errors: ErrorSummary,
//!        number: Field,
//!    }
//!
//!    fn view(page: Page, number: &str, mistake: String) -> TrackPage {
//!        let number = Field::text("number", page.t("track-number")).value(number).error(mistake).required();
//!        TrackPage { errors: ErrorSummary::of([&number]), number, page }
//!    }
//!
//!    /// GET /track
//!    pub async fn show(page: Page) -> Answer {
//!        Ok(page.html(&view(page.clone(), "", String::new())))
//!    }
//!
//!    /// POST /track
//!    pub async fn go(page: Page, fields: Fields) -> Answer {
//!        let number = fields.get("number");
//!        if number.is_empty() {
//!            let again = view(page.clone(), number, page.t("track-number-missing").into());
//!            return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)); // all mistakes at once
//!        }
//!        // let case = cases::find(&state.store, …).await?;     `?` turns any domain error into its problem page
//!        Ok(page.redirect_with("/track", &Flash::good("track-found"))) // redirect after post
//!    }
//!    ```
//!    Handlers may also take `State(state): State<AppState>`, `PathId<CaseId>`, `Asked<Query>`, `Form<T>`, `Uploads`.
//! 4. **Route.** In the family's `routes() -> Router<AppState>`: `.route("/track", get(show).post(go))`; an upload route is
//!    `.route("/upload", body::limit(post(upload), 20 * MIB))`. The program merges the families and calls
//!    [`layers::wrap`] last, then [`serve::serve`].
//!
//! Files (papers, licences, materials) are answered with [`file::file`]. A page that needs somebody signed in returns
//! `Problem::new(.., ProblemKind::Unauthenticated)`: the problem page leads to `/sign-in?back=HERE` ([`page::Page::sign_in_href`]).
//! The layouts link to `/`, `/search?q=`, `/sign-in`, `/sign-out` (POST), `/my`, `/track`, `/verify`, `/accessibility`, `/desk`,
//! `/desk/search?q=`.
//!
//! What happens by itself: language (`?lang=`, cookie, browser), large type, CSRF check of every POST outside `/api/`,
//! problem pages and JSON, 404/405/413, panics, time limits, security headers, `no-store` for personal and `ETag` for
//! shared pages, gzip, the flash message, request ids in logs.
//!
//! The session layer (in the identity pages) reads [`cookies::SESSION_COOKIE`] and calls [`page::Page::set_viewer`]; the
//! desk's layer calls [`page::Page::set_desk`] with the queues. Long forms: `<form data-autosave="/URL" data-saving
//! data-saved data-save-failed>` with a `<p data-autosave-note>` and the script `autosave.js`; uploads with progress:
//! `<form data-upload-form>` and `upload.js`; live pages: [`live::live`] and `data-live`; scripts are added in
//! `{% block head %}<script type="module" src="{{ "upload.js"|asset }}"></script>{% endblock %}`.

mod admin;
pub mod assets;
pub mod body;
pub mod components;
pub mod cookies;
pub mod csrf;
pub mod design;
pub mod desk;
pub mod extract;
pub mod file;
pub mod filters;
pub mod flash;
pub mod icons;
pub mod layers;
pub mod live;
pub mod locale;
pub mod page;
pub mod portal;
pub mod problem;
pub mod screens;
pub mod serve;
pub mod session;
pub mod shell;

use std::sync::Arc;

/// One mebibyte, for upload limits.
pub const MIB: u64 = 1024 * 1024;

/// What handlers may ask for with `State(state)`. Page families add what they need.
#[derive(Clone)]
pub struct AppState {
    /// Site, configuration, clock, randomness.
    pub shell: Arc<shell::Shell>,
    /// Cases, with store and catalogue.
    pub cases: banhao_cases::CaseContext,
    /// Papers and licences.
    pub records: banhao_records::RecordsContext,
    /// What the portal keeps in memory; nothing in it is needed by another replica.
    pub portal: Arc<portal::Memory>,
}

impl AppState {
    /// Puts the parts together.
    #[must_use]
    pub fn new(shell: Arc<shell::Shell>, cases: banhao_cases::CaseContext, records: banhao_records::RecordsContext) -> Self {
        Self { shell, cases, records, portal: Arc::default() }
    }
}

/// Everything a page needs: `use crate::prelude::*;`.
pub mod prelude {
    pub use askama::Template;
    pub use axum::Router;
    pub use axum::extract::State;
    pub use axum::http::StatusCode;
    pub use axum::response::{IntoResponse, Response};
    pub use axum::routing::{get, post};
    pub use banhao_texts::Lang;

    pub use crate::components::*;
    pub use crate::extract::{Asked, Fields, Form, Part, PathId, Uploads};
    pub use crate::flash::{Flash, Tone};
    pub use crate::page::Page;
    pub use crate::problem::{Answer, Failure};
    pub use crate::session::Who;
    pub use crate::{AppState, MIB, body, filters};
}
