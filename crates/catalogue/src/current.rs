//! The snapshot everybody uses: kept in memory, taken anew when another import was made or another day has begun.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use banhao_kernel::clock::civil_date;
use banhao_store::Store;
use tokio::sync::Mutex;

use crate::{
    error::CatalogueError,
    snapshot::{Snapshot, Stored},
    versions::{imports_here, stored},
};

/// How long an import by another replica may go unnoticed.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The definitions in force, shared by everybody in the process.
#[derive(Debug, Default)]
pub struct Catalogue {
    state: RwLock<Option<Known>>,
    loading: Mutex<()>,
}

#[derive(Debug, Clone)]
struct Known {
    snapshot: Arc<Snapshot>,
    looked: Instant,
    imports: u64,
}

impl Catalogue {
    /// Nothing is read until it is asked for.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The definitions in force now.
    ///
    /// # Errors
    /// [`CatalogueError::NothingImported`] before the first import; when the store fails or holds what cannot be read.
    pub async fn current(&self, store: &Store) -> Result<Arc<Snapshot>, CatalogueError> {
        let today = civil_date(store.now());
        let known = self.known();
        if let Some(known) = &known
            && known.snapshot.today == today
            && known.imports == imports_here()
            && known.looked.elapsed() < LOOK_AGAIN
        {
            return Ok(Arc::clone(&known.snapshot));
        }
        let _turn = match (self.loading.try_lock(), &known) {
            (Ok(turn), _) => turn,
            // Somebody else is looking; what is known will do, unless it is of another day or from before an own import.
            (Err(_), Some(known)) if known.snapshot.today == today && known.imports == imports_here() => {
                return Ok(Arc::clone(&known.snapshot));
            }
            (Err(_), _) => self.loading.lock().await,
        };
        let imports = imports_here();
        if let Some(known) = self.known()
            && known.snapshot.today == today
        {
            let is_fresh = known.imports == imports && known.looked.elapsed() < LOOK_AGAIN;
            if is_fresh || stored::revision(store.read()).await? == Some(known.snapshot.revision) {
                self.keep(Known { snapshot: Arc::clone(&known.snapshot), looked: Instant::now(), imports });
                return Ok(known.snapshot);
            }
        }
        let stored = Stored::read(store).await?.ok_or(CatalogueError::NothingImported)?;
        let snapshot = tokio::task::spawn_blocking(move || stored.parse(today))
            .await
            .map_err(|error| CatalogueError::Damaged(error.to_string()))??;
        let snapshot = Arc::new(snapshot);
        self.keep(Known { snapshot: Arc::clone(&snapshot), looked: Instant::now(), imports });
        Ok(snapshot)
    }

    fn known(&self) -> Option<Known> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, known: Known) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}
