//! Problems on their way to the reader. Handlers return `Result<Response, Failure>` and use `?` on any domain error; the
//! outermost layer turns the problem into a page in the reader's language or into RFC 9457 JSON. The words come from the
//! texts: `problem-CODE`, `problem-CODE.text`, `problem-CODE.remedy`.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use banhao_kernel::problem::{Problem, ProblemKind};
use banhao_texts::{self as texts, Lang, ProblemText};
use serde_json::json;

use crate::components::ErrorSummary;
use crate::csrf;
use crate::filters;
use crate::page::{Page, Viewer};

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

/// A problem as the error of a handler.
#[derive(Debug)]
pub struct Failure {
    problem: Arc<Problem>,
    status: StatusCode,
}

impl<E: Into<Problem>> From<E> for Failure {
    fn from(error: E) -> Self {
        let problem: Problem = error.into();
        let status = StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { problem: Arc::new(problem), status }
    }
}

impl Failure {
    /// The same problem under another HTTP status than its kind has (405, 408, 400 …).
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The problem, e.g. to show its fields in the form again.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// Marks an answer whose body is still to be written by the outermost layer.
#[derive(Debug, Clone)]
pub(crate) struct Unwritten(pub(crate) Arc<Problem>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Unwritten(self.problem));
        response
    }
}

// ---- the problems this crate itself has -------------------------------------------------------------------------

/// There is nothing at this address, or not for this reader.
#[must_use]
pub fn not_found() -> Problem {
    Problem::new("web-not-found", ProblemKind::NotFound)
}

/// A mistake of ours; the details are in the log.
#[must_use]
pub fn internal() -> Problem {
    Problem::new("web-internal", ProblemKind::Internal)
}

/// A body over the limit of `most` bytes.
#[must_use]
pub fn too_large(most: u64) -> Problem {
    Problem::new("web-too-large", ProblemKind::TooLarge).with_arg("limit", size_text(most))
}

/// A form that cannot be read at all.
#[must_use]
pub fn bad_form() -> Failure {
    Failure::from(Problem::new("web-bad-form", ProblemKind::Invalid)).with_status(StatusCode::BAD_REQUEST)
}

/// The answer took too long.
#[must_use]
pub(crate) fn too_slow() -> Failure {
    Failure::from(Problem::new("web-too-slow", ProblemKind::Unavailable))
}

/// What the CSRF guard says.
#[must_use]
pub(crate) fn refused(why: &csrf::Refused, form_limit: u64) -> Failure {
    match why {
        csrf::Refused::OtherSite => Problem::new("web-other-site", ProblemKind::Forbidden).into(),
        csrf::Refused::Token => Problem::new("web-form-expired", ProblemKind::Forbidden).into(),
        csrf::Refused::TooLarge => too_large(form_limit).into(),
        csrf::Refused::Unreadable => bad_form(),
    }
}

/// A problem for an error status that came without one (from the router or an extractor).
#[must_use]
pub(crate) fn of_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new("web-method-not-allowed", ProblemKind::Invalid),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new("web-too-large-here", ProblemKind::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new("web-unsupported-type", ProblemKind::UnsupportedType),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Problem::new("web-too-slow", ProblemKind::Unavailable),
        other if other.is_server_error() => internal(),
        _ => Problem::new("web-bad-form", ProblemKind::Invalid),
    }
}

/// `20 MB`, `512 KB`.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = 1024 * KB;
    match bytes {
        0..KB => format!("{bytes} B"),
        KB..MB => format!("{} KB", bytes.div_ceil(KB)),
        _ => {
            let tenths = bytes.saturating_mul(10).div_ceil(MB);
            if tenths.is_multiple_of(10) { format!("{} MB", tenths / 10) } else { format!("{}.{} MB", tenths / 10, tenths % 10) }
        }
    }
}

// ---- pages ------------------------------------------------------------------------------------------------------

struct Shown {
    words: ProblemText,
    mistakes: ErrorSummary,
    code: String,
    offers_search: bool,
    offers_sign_in: bool,
    /// The page is one of the staff's.
    desk: bool,
    /// The file of the case that the refused act was about.
    case_file: Option<String>,
}

#[derive(Template)]
#[template(path = "problem_portal.html")]
struct PortalProblem<'p> {
    page: &'p Page,
    shown: &'p Shown,
}

#[derive(Template)]
#[template(path = "problem_desk.html")]
struct DeskProblem<'p> {
    page: &'p Page,
    shown: &'p Shown,
}

/// Writes the problem for this reader.
pub(crate) fn answer(page: &Page, status: StatusCode, problem: &Problem) -> Response {
    let mut words = texts::problem(page.lang(), problem);
    if page.wants_json() {
        return json_answer(page, status, problem, &words);
    }
    let desk = page.desk().is_some() || (page.is_for_staff() && page.viewer().is_some_and(Viewer::is_staff));
    if desk && problem.code == "case-not-found" {
        // “My cases” and the query code are the applicants' way.
        words.text = page.t("desk-not-found-text").into_owned();
        words.remedy = page.t("desk-not-found-remedy").into_owned();
    }
    let shown = Shown {
        mistakes: ErrorSummary { items: words.fields.iter().map(|field| (String::new(), field.text.clone())).collect() },
        words,
        code: problem.code.to_owned(),
        offers_search: matches!(problem.kind, ProblemKind::NotFound | ProblemKind::Gone) && !page.is_for_staff(),
        offers_sign_in: problem.kind == ProblemKind::Unauthenticated,
        desk,
        case_file: page.case_file_href().filter(|_| !matches!(problem.kind, ProblemKind::NotFound | ProblemKind::Unauthenticated)),
    };
    let rendered = if shown.desk {
        DeskProblem { page, shown: &shown }.render_with_values(page)
    } else {
        PortalProblem { page, shown: &shown }.render_with_values(page)
    };
    let text: Cow<'static, str> = match rendered {
        Ok(text) => text.into(),
        Err(error) => {
            tracing::error!(%error, "the problem page could not be rendered");
            "500".into()
        }
    };
    let mut response = (status, text.into_owned()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(page.lang_tag()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// RFC 9457 with our members: `code`, `remedy`, `request`, and `errors` for fields; `text` holds both languages.
fn json_answer(page: &Page, status: StatusCode, problem: &Problem, words: &ProblemText) -> Response {
    let other = match page.lang() {
        Lang::ZhCn => Lang::En,
        Lang::En => Lang::ZhCn,
    };
    let translated = texts::problem(other, problem);
    let errors: Vec<_> = problem
        .fields
        .iter()
        .zip(&words.fields)
        .map(|(field, text)| json!({ "field": field.field, "code": field.code, "detail": text.text }))
        .collect();
    let body = json!({
        "type": format!("urn:banhao:problem:{}", problem.code),
        "title": words.title,
        "status": status.as_u16(),
        "detail": words.text,
        "remedy": words.remedy,
        "code": problem.code,
        "request": page.request_id(),
        "errors": errors,
        "translation": {
            "lang": crate::locale::tag(other),
            "title": translated.title,
            "detail": translated.text,
            "remedy": translated.remedy,
        },
    });
    let mut response = (status, body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(page.lang_tag()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_people() {
        for (bytes, text) in
            [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "2 KB"), (20 * 1024 * 1024, "20 MB"), (1_572_864, "1.5 MB")]
        {
            assert_eq!(size_text(bytes), text);
        }
        assert_eq!(size_text(u64::MAX).chars().last(), Some('B'));
    }
}
