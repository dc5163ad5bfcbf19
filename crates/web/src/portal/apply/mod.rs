//! Applying (申请): a start page, then one thing per page: scenario questions, the form's pages, the materials, the check. What
//! was typed is always kept; the draft's id is made before the first attempt, so sending twice never makes a second case.

mod check;
mod files;
mod form;
mod questions;
mod start;

use std::sync::Arc;

use banhao_cases::queries::drafts::{DraftView, draft};
use banhao_catalogue::{MatterVersion, Snapshot, forms};
use banhao_kernel::ids::DraftId;

use super::citizen::Citizen;
use super::words::named;
use crate::prelude::*;
use crate::problem;

pub(super) use check::words;

pub(super) fn routes() -> Router<AppState> {
    Router::new().merge(start::routes()).merge(questions::routes()).merge(form::routes()).merge(files::routes()).merge(check::routes())
}

/// A draft with its definition.
struct Work {
    snapshot: Arc<Snapshot>,
    version: Arc<MatterVersion>,
    draft: DraftView,
}

/// Where an application stands on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stop {
    Questions,
    Page(String),
    Materials,
    Check,
}

impl Work {
    /// The draft, when it is the citizen's own.
    async fn open(state: &AppState, citizen: &Citizen, id: DraftId) -> Result<Self, Failure> {
        let draft = draft(&state.cases, &citizen.principal, id).await?;
        let snapshot = state.cases.snapshot().await?;
        let version = snapshot.matter_version(&draft.matter, draft.matter_version).ok_or_else(problem::not_found)?;
        Ok(Self { snapshot, version, draft })
    }

    /// A draft that was sent has become a case: its pages lead to the receipt.
    fn sent(&self, page: &Page) -> Option<Response> {
        self.draft.case.map(|case| page.redirect(&format!("/cases/{case}/receipt")))
    }

    /// All stops for the answers so far.
    fn stops(&self) -> Vec<Stop> {
        let mut stops = Vec::new();
        if !self.version.matter.questions.is_empty() {
            stops.push(Stop::Questions);
        }
        stops.extend(forms::visible_pages(&self.version.form, &self.draft.answers).into_iter().map(|page| Stop::Page(page.key.clone())));
        if self.asks_for_files() {
            stops.push(Stop::Materials);
        }
        stops.push(Stop::Check);
        stops
    }

    fn asks_for_files(&self) -> bool {
        forms::materials_needed(&self.version, &self.draft.answers).iter().any(|needed| needed.uploaded)
    }

    fn href(&self, stop: &Stop) -> String {
        let id = self.draft.id;
        match stop {
            Stop::Questions => format!("/apply/draft/{id}/questions"),
            Stop::Page(key) => format!("/apply/draft/{id}/page/{key}"),
            Stop::Materials => format!("/apply/draft/{id}/materials"),
            Stop::Check => format!("/apply/draft/{id}/check"),
        }
    }

    /// The stop after this one.
    fn next(&self, stop: &Stop) -> String {
        let stops = self.stops();
        let at = stops.iter().position(|there| there == stop);
        let next = match at {
            Some(at) => stops.get(at + 1),
            None => stops.first(),
        };
        self.href(next.unwrap_or(&Stop::Check))
    }

    /// The head of every page: which application, how far, the way back.
    fn head(&self, page: &Page, stop: &Stop) -> Head {
        let stops = self.stops();
        let at = stops.iter().position(|there| there == stop).unwrap_or(0);
        Head {
            matter: named(page, &self.version.matter.name),
            step: at + 1,
            steps: stops.len(),
            back: match at.checked_sub(1).and_then(|before| stops.get(before)) {
                Some(before) => self.href(before),
                None => format!("/matters/{}", self.version.key),
            },
        }
    }
}

/// What stands above every page of an application.
struct Head {
    matter: String,
    step: usize,
    steps: usize,
    back: String,
}
