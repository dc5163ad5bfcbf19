//! Reading what a request brings: form fields, ids in paths, uploaded files. What cannot be read becomes a problem page,
//! never axum's plain text.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Path, Query, Request, multipart};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::csrf;
use crate::problem::{self, Failure};

/// All fields of an `application/x-www-form-urlencoded` body in the order they were sent; for forms whose fields are
/// known only at run time and for groups of checkboxes. Values are trimmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// From pairs, e.g. in tests.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// The first value of `name`; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of `name`.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(have, _)| have == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether `name` was sent, even empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(have, _)| have == name)
    }

    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        // The CSRF guard has read the body already and limited its size.
        let bytes = Bytes::from_request(request, state).await.map_err(|_| problem::bad_form())?;
        let pairs = form_urlencoded::parse(&bytes)
            .filter(|(name, _)| name != csrf::FIELD)
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
            .collect();
        Ok(Self { pairs })
    }
}

/// A form as a type. A body that does not fit is a 400 problem page: for forms people fill in prefer [`Fields`] or a type
/// of `String`s, and say all mistakes at once.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let axum::Form(value) = axum::Form::from_request(request, state).await.map_err(|rejection| {
            tracing::debug!(%rejection, "a form does not fit its type");
            problem::bad_form()
        })?;
        Ok(Self(value))
    }
}

/// Query parameters as a type; what does not fit is a 400 problem page.
#[derive(Debug, Clone)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Query(value) = Query::from_request_parts(parts, state).await.map_err(|rejection| {
            tracing::debug!(%rejection, "a query does not fit its type");
            problem::bad_form()
        })?;
        Ok(Self(value))
    }
}

/// The ids in the path (`PathId<CaseId>`, `PathId<(CaseId, MaterialId)>`); what is no id is the 404 page.
#[derive(Debug, Clone)]
pub struct PathId<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(value) = Path::from_request_parts(parts, state).await.map_err(|_| Failure::from(problem::not_found()))?;
        Ok(Self(value))
    }
}

/// A `multipart/form-data` body, part by part, nothing kept in memory. The route must have its own limit:
/// `body::limit(post(upload), 20 * MIB)`.
#[derive(Debug)]
pub struct Uploads(Multipart);

/// One part of an upload: a field or a file. It is a stream of chunks (`chunk().await`).
#[derive(Debug)]
pub struct Part<'u>(multipart::Field<'u>);

impl<S: Send + Sync> FromRequest<S> for Uploads {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let token_first = request.extensions().get::<csrf::TokenInBody>().is_some();
        let mut multipart = Multipart::from_request(request, state).await.map_err(|_| problem::bad_form())?;
        if token_first {
            multipart.next_field().await.map_err(|error| broken(&error))?;
        }
        Ok(Self(multipart))
    }
}

impl Uploads {
    /// The next part, or `None` at the end. The CSRF token has been taken away already.
    ///
    /// # Errors
    /// When the body is broken or over the route's limit (the answer is then the 413 page).
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, Failure> {
        let field = self.0.next_field().await.map_err(|error| broken(&error))?;
        Ok(field.map(Part))
    }
}

impl Part<'_> {
    /// Name of the form field.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    /// Name of the file as the browser gave it, without any folders; empty for ordinary fields and empty file controls.
    #[must_use]
    pub fn file_name(&self) -> &str {
        let name = self.0.file_name().unwrap_or_default();
        name.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// The next piece of the content.
    ///
    /// # Errors
    /// When the body is broken or over the route's limit.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        self.0.chunk().await.map_err(|error| broken(&error))
    }

    /// The whole content as text, for ordinary fields; at most `most` bytes.
    ///
    /// # Errors
    /// When it is longer, not UTF-8 or the body is broken.
    pub async fn text(mut self, most: usize) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if bytes.len() + chunk.len() > most {
                return Err(problem::bad_form());
            }
            bytes.extend_from_slice(&chunk);
        }
        String::from_utf8(bytes).map(|text| text.trim().to_owned()).map_err(|_| problem::bad_form())
    }
}

fn broken(error: &multipart::MultipartError) -> Failure {
    tracing::debug!(%error, "an upload broke off");
    problem::bad_form()
}
