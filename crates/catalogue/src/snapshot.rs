//! The catalogue in memory: everything parsed, as it is in force on one day.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use banhao_bpmn::Model;
use banhao_decision::DecisionModel;
use banhao_kernel::{CreditCode, Date, RegionCode, Timestamp, calendar::WorkingCalendar};
use banhao_store::Store;
use uuid::Uuid;

use crate::{
    entities::definition,
    error::CatalogueError,
    folder::{self, DefinitionProblem, Definitions, MatterDefinition, SourceFile},
    model::{Form, Hall, HallKind, Installation, Matter, Organisation, Post, Region, StaffPost, Theme, ThemeAudience},
    search::{Hit, SearchIndex, Suggestion},
    versions::stored::{self, Rows},
};

/// One immutable version of a matter: guide, form, process, decisions.
#[derive(Debug)]
pub struct MatterVersion {
    /// Id of the version, the subject of its fact.
    pub id: Uuid,
    /// Key of the matter.
    pub key: String,
    /// Version.
    pub version: u32,
    /// Digest of its files, as in its fact.
    pub digest: String,
    /// First day.
    pub effective_from: Date,
    /// Last day, when a later version takes over.
    pub effective_to: Option<Date>,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// Guide and rules.
    pub matter: Matter,
    /// Form.
    pub form: Form,
    /// Process.
    pub process: Arc<Model>,
    /// Process as text.
    pub process_xml: String,
    /// Decisions, where the matter has some.
    pub decisions: Option<Arc<DecisionModel>>,
    /// Decisions as text.
    pub decisions_xml: Option<String>,
}

/// All versions of a matter.
#[derive(Debug)]
struct History {
    /// In order of version.
    versions: Vec<Arc<MatterVersion>>,
    withdrawn: bool,
}

impl History {
    fn in_force(&self, day: Date) -> Option<&Arc<MatterVersion>> {
        if self.withdrawn {
            return None;
        }
        self.versions.iter().rev().find(|version| version.effective_from <= day)
    }
}

/// The catalogue as it stood at one revision, seen on one day.
#[derive(Debug)]
pub struct Snapshot {
    /// Revision of the catalogue.
    pub revision: i64,
    /// The day.
    pub today: Date,
    /// The installation.
    pub installation: Installation,
    /// Regions, in the order of the definitions.
    pub regions: Vec<Region>,
    /// Bodies by key.
    pub organisations: BTreeMap<String, Organisation>,
    /// Halls by key.
    pub halls: BTreeMap<String, Hall>,
    /// Staff.
    pub staff: Vec<StaffPost>,
    /// Templates of papers by kind.
    pub papers: BTreeMap<String, String>,
    /// The working calendar.
    pub calendar: WorkingCalendar,
    matters: BTreeMap<String, History>,
    search: OnceLock<Result<SearchIndex, String>>,
}

impl Snapshot {
    /// The version of a matter that is in force today.
    #[must_use]
    pub fn matter(&self, key: &str) -> Option<Arc<MatterVersion>> {
        self.matters.get(key)?.in_force(self.today).cloned()
    }

    /// A version of a matter, in force or not: a running case keeps its version.
    #[must_use]
    pub fn matter_version(&self, key: &str, version: u32) -> Option<Arc<MatterVersion>> {
        self.matters.get(key)?.versions.iter().find(|known| known.version == version).cloned()
    }

    /// All versions of a matter, in order.
    #[must_use]
    pub fn matter_versions(&self, key: &str) -> &[Arc<MatterVersion>] {
        self.matters.get(key).map_or(&[], |history| &history.versions)
    }

    /// The matters in force today, in order of key.
    pub fn matters(&self) -> impl Iterator<Item = &Arc<MatterVersion>> {
        self.matters.values().filter_map(|history| history.in_force(self.today))
    }

    /// The matters of a theme.
    pub fn matters_of_theme<'s>(&'s self, theme: &'s str) -> impl Iterator<Item = &'s Arc<MatterVersion>> {
        self.matters().filter(move |version| version.matter.themes.iter().any(|key| key == theme))
    }

    /// The matters of a body.
    pub fn matters_of_organisation<'s>(&'s self, organisation: &'s str) -> impl Iterator<Item = &'s Arc<MatterVersion>> {
        self.matters().filter(move |version| version.matter.organisation == organisation)
    }

    /// The matters a hall takes.
    pub fn matters_of_hall<'s>(&'s self, hall: &'s str) -> impl Iterator<Item = &'s Arc<MatterVersion>> {
        self.matters().filter(move |version| version.matter.halls.iter().any(|key| key == hall))
    }

    /// A theme.
    #[must_use]
    pub fn theme(&self, key: &str) -> Option<&Theme> {
        self.installation.themes.iter().find(|theme| theme.key == key)
    }

    /// The themes of an audience that have matters, in order, each with how many.
    #[must_use]
    pub fn themes(&self, audience: ThemeAudience) -> Vec<(&Theme, usize)> {
        self.installation
            .themes
            .iter()
            .filter(|theme| theme.audience == audience)
            .map(|theme| (theme, self.matters_of_theme(&theme.key).count()))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// Whether somebody of an organisation reviews: only then can it be asked to sign.
    #[must_use]
    pub fn has_reviewer(&self, organisation: &str) -> bool {
        self.staff.iter().any(|staff| staff.organisation == organisation && staff.posts.contains(&Post::Reviewer))
    }

    /// A body.
    #[must_use]
    pub fn organisation(&self, key: &str) -> Option<&Organisation> {
        self.organisations.get(key)
    }

    /// A hall.
    #[must_use]
    pub fn hall(&self, key: &str) -> Option<&Hall> {
        self.halls.get(key)
    }

    /// The halls of a kind.
    pub fn halls_of_kind(&self, kind: HallKind) -> impl Iterator<Item = &Hall> {
        self.halls.values().filter(move |hall| hall.kind == kind)
    }

    /// A region.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.code.as_str() == code)
    }

    /// The regions directly below one.
    pub fn regions_below<'s>(&'s self, code: &'s RegionCode) -> impl Iterator<Item = &'s Region> {
        self.regions.iter().filter(move |region| region.code.parent().as_ref() == Some(code))
    }

    /// The regions inside the installation's own, itself not among them: what can be chosen in a form.
    pub fn own_regions(&self) -> impl Iterator<Item = &Region> {
        let own = &self.installation.region;
        self.regions.iter().filter(move |region| own.contains(&region.code) && region.code != *own)
    }

    /// The template of a paper.
    #[must_use]
    pub fn paper(&self, kind: &str) -> Option<&str> {
        self.papers.get(kind).map(String::as_str)
    }

    /// Finds matters in force; the best first.
    ///
    /// # Errors
    /// When the index cannot be made or read.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, CatalogueError> {
        self.index()?.search(query, limit)
    }

    /// What somebody who has typed this may want to go on with.
    ///
    /// # Errors
    /// When the index cannot be made or read.
    pub fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, CatalogueError> {
        Ok(self.index()?.suggest(typed, limit))
    }

    /// Makes the search index if it is not there yet, so that the first search need not wait for it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn warm_search(&self) -> Result<(), CatalogueError> {
        self.index().map(|_| ())
    }

    fn index(&self) -> Result<&SearchIndex, CatalogueError> {
        self.search
            .get_or_init(|| {
                SearchIndex::build(self).map_err(|error| match error {
                    CatalogueError::Search(detail) => detail,
                    other => other.to_string(),
                })
            })
            .as_ref()
            .map_err(|error| CatalogueError::Search(error.clone()))
    }

    /// A snapshot of definitions that are in no database, all in force: for tests and tools.
    ///
    /// # Errors
    /// When the calendars contradict each other.
    pub fn of_definitions(definitions: Definitions, today: Date) -> Result<Self, CatalogueError> {
        let matters = definitions
            .matters
            .into_iter()
            .map(|(key, definition)| {
                let id = crate::versions::definition_id("matter", &key, definition.matter.version);
                let version = version_of(id, String::new(), Timestamp::UNIX_EPOCH, definition);
                (key, History { versions: vec![Arc::new(version)], withdrawn: false })
            })
            .collect();
        Ok(Self {
            revision: 0,
            today,
            installation: definitions.installation,
            regions: definitions.regions,
            organisations: definitions.organisations,
            halls: definitions.halls,
            staff: definitions.staff,
            papers: definitions.papers,
            calendar: folder::working_calendar(&definitions.calendars).map_err(|error| CatalogueError::Damaged(error.to_string()))?,
            matters,
            search: OnceLock::new(),
        })
    }
}

fn version_of(id: Uuid, digest: String, imported_at: Timestamp, definition: MatterDefinition) -> MatterVersion {
    let MatterDefinition { matter, form, process, process_xml, decisions, decisions_xml } = definition;
    MatterVersion {
        id,
        key: matter.key.clone(),
        version: matter.version,
        digest,
        effective_from: matter.effective_from,
        effective_to: None,
        imported_at,
        matter,
        form,
        process,
        process_xml,
        decisions,
        decisions_xml,
    }
}

/// What was read from the database, before it is parsed.
pub(crate) struct Stored {
    revision: i64,
    rows: Rows,
    files: BTreeMap<Uuid, Vec<SourceFile>>,
}

impl Stored {
    /// Reads the present state; none before the first import.
    pub(crate) async fn read(store: &Store) -> Result<Option<Self>, CatalogueError> {
        let Some(revision) = stored::revision(store.read()).await? else { return Ok(None) };
        let rows = Rows::load(store.read()).await?;
        // Of matters every version is wanted, of everything else the latest.
        let latest: std::collections::BTreeSet<Uuid> = rows.latest().values().map(|row| row.id).collect();
        let ids: Vec<Uuid> =
            rows.definitions.iter().filter(|row| row.kind == "matter" || latest.contains(&row.id)).map(|row| row.id).collect();
        let files = stored::files(store.read(), &ids).await?;
        Ok(Some(Self { revision, rows, files }))
    }

    /// Parses it.
    pub(crate) fn parse(mut self, today: Date) -> Result<Snapshot, CatalogueError> {
        let mut base = folder::BaseReader::default();
        let mut former = folder::BaseReader::default();
        let mut matter_rows: Vec<definition::Model> = Vec::new();
        let latest: std::collections::BTreeSet<Uuid> = self.rows.latest().values().map(|row| row.id).collect();
        for row in &self.rows.definitions {
            if row.kind == "matter" {
                matter_rows.push(row.clone());
            } else if latest.contains(&row.id) {
                let reader = if self.rows.is_withdrawn(&row.kind, &row.key) { &mut former } else { &mut base };
                for file in self.files.remove(&row.id).unwrap_or_default() {
                    reader.read(&file);
                }
            }
        }
        let parts = base.finish().map_err(|problems| damaged(&problems))?;
        // Old versions of matters may belong to bodies that are no longer defined.
        let former = former.organisations();
        let credit_code_of = |key: &str| -> Option<CreditCode> {
            parts.organisations.get(key).or_else(|| former.get(key)).map(|organisation| organisation.credit_code.clone())
        };
        let mut matters: BTreeMap<String, History> = BTreeMap::new();
        for row in matter_rows {
            let files = self.files.remove(&row.id).unwrap_or_default();
            let definition = folder::parse_matter(&row.key, &files, &credit_code_of).map_err(|problems| damaged(&problems))?;
            let version = version_of(row.id, row.digest, row.imported_at.into(), definition);
            let withdrawn = self.rows.is_withdrawn("matter", &row.key);
            let history = matters.entry(row.key).or_insert_with(|| History { versions: Vec::new(), withdrawn });
            if let Some(previous) = history.versions.last_mut().and_then(Arc::get_mut) {
                previous.effective_to = version.effective_from.yesterday().ok();
            }
            history.versions.push(Arc::new(version));
        }
        let calendar = folder::working_calendar(&parts.calendars).map_err(|error| CatalogueError::Damaged(error.to_string()))?;
        Ok(Snapshot {
            revision: self.revision,
            today,
            installation: parts.installation,
            regions: parts.regions,
            organisations: parts.organisations,
            halls: parts.halls,
            staff: parts.staff,
            papers: parts.papers,
            calendar,
            matters,
            search: OnceLock::new(),
        })
    }
}

fn damaged(problems: &[DefinitionProblem]) -> CatalogueError {
    let text = problems.iter().take(5).map(|problem| format!("{}: {}", problem.place(), problem.en)).collect::<Vec<_>>();
    CatalogueError::Damaged(text.join("; "))
}
