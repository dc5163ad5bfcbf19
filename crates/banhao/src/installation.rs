//! An installation opened: store, catalogue, keys, and the contexts of the domain crates.

use std::sync::Arc;

use banhao_cases::CaseContext;
use banhao_catalogue::Catalogue;
use banhao_identity::StaffDefinition;
use banhao_kernel::{
    clock::{Clock, SystemClock},
    entropy::{Entropy, OsEntropy},
};
use banhao_papers::{Engine, KeyStore, Subject};
use banhao_records::RecordsContext;
use banhao_store::{MigrationReport, MigrationSet, Store};

use crate::{config::Config, fault::Fault};

/// The tables of all crates, in the order they build on each other.
pub const MIGRATIONS: &[MigrationSet] = &[
    banhao_catalogue::MIGRATIONS,
    banhao_identity::MIGRATIONS,
    banhao_records::MIGRATIONS,
    banhao_cases::MIGRATIONS,
    banhao_oversight::MIGRATIONS,
];

/// An open installation.
#[derive(Clone)]
pub struct Installation {
    /// The store.
    pub store: Store,
    /// Cases.
    pub cases: CaseContext,
}

impl Installation {
    /// Opens store and catalogue and brings the tables up to date.
    ///
    /// # Errors
    /// When the database is unreachable or its tables cannot be brought up to date.
    pub async fn open(config: &Config) -> Result<(Self, MigrationReport), Fault> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let store = Store::open(config.store.clone(), clock, entropy).await?;
        let report = store.migrate(MIGRATIONS).await?;
        let cases = CaseContext::new(store.clone(), Arc::new(Catalogue::new()));
        Ok((Self { store, cases }, report))
    }

    /// The context of papers: fonts, keys (made on first use), public address.
    ///
    /// # Errors
    /// When nothing has been imported, or keys cannot be read or made.
    pub async fn records(&self, config: &Config) -> Result<RecordsContext, Fault> {
        let snapshot = self.cases.snapshot().await?;
        let subject = Subject { organisation: snapshot.installation.name.zh.clone(), demo: snapshot.installation.demo };
        let paper = |error: banhao_papers::PaperError| Fault::new(format!("文书引擎：{error}"), format!("papers: {error}"));
        let folder = config.store.data_dir.join("keys");
        let keys = KeyStore::open_or_generate(&folder, &subject, self.store.entropy().as_ref(), self.store.now()).map_err(paper)?;
        let engine = tokio::task::spawn_blocking(Engine::new)
            .await
            .map_err(|error| Fault::new(format!("文书引擎：{error}"), format!("papers: {error}")))?
            .map_err(paper)?;
        Ok(RecordsContext {
            store: self.store.clone(),
            catalogue: Arc::clone(&self.cases.catalogue),
            engine: Arc::new(engine),
            keys: Arc::new(keys),
            public_url: config.public_url.clone(),
        })
    }

    /// Brings the staff accounts in line with the definitions.
    ///
    /// # Errors
    /// When nothing has been imported or the store fails.
    pub async fn follow_staff(&self) -> Result<usize, Fault> {
        let snapshot = self.cases.snapshot().await?;
        let staff = snapshot
            .staff
            .iter()
            .filter(|post| post.is_valid_on(snapshot.today))
            .map(|post| StaffDefinition {
                login: post.login.clone(),
                name: post.name.clone(),
                organisation: post.organisation.clone(),
                posts: post.posts.iter().map(|post| post.as_str().to_owned()).collect(),
                hall: post.hall.clone(),
                windows: post.windows.clone(),
            })
            .collect();
        Ok(banhao_identity::follow_definitions(&self.store, staff).await?)
    }
}
