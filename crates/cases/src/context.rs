//! What every command and query of this crate is given.

use std::sync::Arc;

use banhao_catalogue::{Catalogue, Snapshot};
use banhao_store::Store;

use crate::error::CaseError;

/// The store and the catalogue.
#[derive(Clone)]
pub struct CaseContext {
    /// Where everything is kept.
    pub store: Store,
    /// The definitions.
    pub catalogue: Arc<Catalogue>,
}

impl CaseContext {
    /// The definitions in force now.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, CaseError> {
        Ok(self.catalogue.current(&self.store).await?)
    }
}
