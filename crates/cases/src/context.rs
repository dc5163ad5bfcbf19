//! What every command and query of this crate is given.

use std::{pin::Pin, sync::Arc};

use banhao_catalogue::{Catalogue, Snapshot};
use banhao_store::{Store, Tx};

use crate::{error::CaseError, repeat::Request};

/// What a command does in its transaction.
type Doing<'t> = Pin<Box<dyn Future<Output = Result<(), CaseError>> + Send + 't>>;

/// The store and the catalogue.
#[derive(Clone)]
pub struct CaseContext {
    /// Where everything is kept.
    pub store: Store,
    /// The definitions.
    pub catalogue: Arc<Catalogue>,
    request: Option<Request>,
}

impl CaseContext {
    /// Of a store and its catalogue.
    #[must_use]
    pub const fn new(store: Store, catalogue: Arc<Catalogue>) -> Self {
        Self { store, catalogue, request: None }
    }

    /// The same for one command that was asked for by a request: when the same request was carried out before, nothing is done and its
    /// answer is given again.
    #[must_use]
    pub fn for_request(&self, request: Request) -> Self {
        Self { request: Some(request), ..self.clone() }
    }

    /// The definitions in force now.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, CaseError> {
        Ok(self.catalogue.current(&self.store).await?)
    }

    /// Carries a command out in one transaction, once for its request.
    pub(crate) async fn write<F>(&self, command: F) -> Result<(), CaseError>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Doing<'t> + Send + 'static,
    {
        let Some(request) = self.request.clone() else { return self.store.write(command).await };
        self.store.write(move |tx| Box::pin(async move { if request.is_first(tx).await? { command(tx).await } else { Ok(()) } })).await
    }

    /// Whether the request of this command was carried out already: for what is looked at before the transaction.
    pub(crate) async fn is_repeated(&self) -> Result<bool, CaseError> {
        match &self.request {
            Some(request) => request.was_carried_out(&self.store).await,
            None => Ok(false),
        }
    }
}
