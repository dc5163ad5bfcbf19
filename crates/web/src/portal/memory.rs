//! What the portal keeps in memory so that the pages everybody reads are fast: finished guides and the number on the home
//! page. All of it can be made anew at any time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use banhao_cases::queries::counts::VisitShare;
use banhao_kernel::{Date, Timestamp};
use banhao_texts::Lang;

/// Finished pages kept; a county has a few hundred matters in two languages and two sizes.
const MOST_PAGES: usize = 4_000;

/// What a finished guide depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct GuideKey {
    /// Revision of the catalogue.
    pub(super) revision: i64,
    /// The day: another version may be in force tomorrow.
    pub(super) today: Date,
    /// Language.
    pub(super) lang: Lang,
    /// Large type.
    pub(super) large: bool,
    /// Key of the matter.
    pub(super) matter: String,
}

/// A finished page.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    /// Its text.
    pub(super) body: Bytes,
    /// Its `ETag`.
    pub(super) tag: Arc<str>,
}

/// See the module text.
#[derive(Debug, Default)]
pub struct Memory {
    guides: RwLock<HashMap<GuideKey, Finished>>,
    share: RwLock<Option<(Timestamp, VisitShare)>>,
}

impl Memory {
    pub(super) fn guide(&self, key: &GuideKey) -> Option<Finished> {
        self.guides.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(super) fn keep_guide(&self, key: GuideKey, page: Finished) {
        let mut guides = self.guides.write().unwrap_or_else(PoisonError::into_inner);
        // Pages of another revision or day are of no more use.
        guides.retain(|known, _| known.revision == key.revision && known.today == key.today);
        if guides.len() >= MOST_PAGES {
            guides.clear();
        }
        guides.insert(key, page);
    }

    /// The share of visits if it was counted within the last minute.
    pub(super) fn share(&self, now: Timestamp) -> Option<VisitShare> {
        let kept = *self.share.read().unwrap_or_else(PoisonError::into_inner);
        kept.filter(|(at, _)| (0..60).contains(&(now.as_second() - at.as_second()))).map(|(_, share)| share)
    }

    pub(super) fn keep_share(&self, now: Timestamp, share: VisitShare) {
        *self.share.write().unwrap_or_else(PoisonError::into_inner) = Some((now, share));
    }
}
