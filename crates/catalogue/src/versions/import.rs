//! Importing: all or nothing, in one transaction with its facts.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use banhao_kernel::actor::Actor;
use banhao_store::{Moment, NewFact, Store, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{
    stored::{self, Rows},
    unit::{Unit, day_text, definition_id, units},
};
use crate::{
    entities::{definition, file, import as import_table, text, withdrawn},
    error::CatalogueError,
    folder::{self, DefinitionProblem, Definitions, Severity, SourceFile},
};

/// Rows in one statement.
const CHUNK: usize = 200;

/// Imports made by this process, so that it sees its own at once.
static IMPORTS: AtomicU64 = AtomicU64::new(0);

/// How many imports this process has made.
pub(crate) fn imports_here() -> u64 {
    IMPORTS.load(Ordering::Acquire)
}

/// An import was committed, or may have been (the answer to a commit can be lost): the snapshot of this process is taken anew.
pub(crate) fn imported() {
    IMPORTS.fetch_add(1, Ordering::AcqRel);
}

/// A definition an import touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDefinition {
    /// Kind.
    pub kind: String,
    /// Key.
    pub key: String,
    /// Its version now.
    pub version: u32,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// State of the catalogue after it; 0 before anything was imported.
    pub revision: i64,
    /// New definitions.
    pub added: Vec<ImportedDefinition>,
    /// New versions of known ones.
    pub changed: Vec<ImportedDefinition>,
    /// No longer in the folder.
    pub removed: Vec<ImportedDefinition>,
    /// How many stayed as they were.
    pub unchanged: usize,
    /// What should be looked at.
    pub warnings: Vec<DefinitionProblem>,
}

impl ImportReport {
    /// Whether nothing was new.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Imports a folder: checks it, and writes new versions and their facts, or nothing.
///
/// # Errors
/// [`CatalogueError::Definitions`] with every problem; failures of the store.
pub async fn import(store: &Store, folder: &Path, actor: Actor) -> Result<ImportReport, CatalogueError> {
    let files = folder::read_folder(folder).map_err(CatalogueError::Definitions)?;
    import_files(store, files, actor).await
}

/// Imports files that were read before.
///
/// # Errors
/// As [`import`].
pub async fn import_files(store: &Store, files: Vec<SourceFile>, actor: Actor) -> Result<ImportReport, CatalogueError> {
    let definitions = folder::parse(&files).map_err(CatalogueError::Definitions)?;
    let units = units(&files);
    // Without a change nothing is written, not even a number is used up.
    let plan = Plan::make(&Rows::load(store.read()).await?, &units, &definitions)?;
    if plan.is_nothing() {
        let revision = stored::revision(store.read()).await?.unwrap_or_default();
        return Ok(ImportReport { revision, unchanged: plan.unchanged, warnings: definitions.warnings, ..ImportReport::default() });
    }
    let report = store.write(move |tx| Box::pin(async move { write(tx, &units, &definitions, actor).await })).await;
    imported();
    report
}

/// What an import will do.
struct Plan<'u> {
    added: Vec<(&'u Unit, u32)>,
    changed: Vec<(&'u Unit, u32)>,
    /// Withdrawn before and there again, as they were.
    returned: Vec<(&'u Unit, u32)>,
    removed: Vec<ImportedDefinition>,
    unchanged: usize,
}

impl<'u> Plan<'u> {
    fn make(rows: &Rows, units: &'u [Unit], definitions: &Definitions) -> Result<Self, CatalogueError> {
        let latest = rows.latest();
        let mut plan = Self { added: Vec::new(), changed: Vec::new(), returned: Vec::new(), removed: Vec::new(), unchanged: 0 };
        let mut problems = Vec::new();
        for unit in units {
            let written = unit.matter(definitions).map(|matter| matter.version);
            let Some(row) = latest.get(&(unit.kind, unit.key.as_str())) else {
                plan.added.push((unit, written.unwrap_or(1)));
                continue;
            };
            let version = number(row.version);
            if row.digest == unit.digest {
                if rows.is_withdrawn(unit.kind, &unit.key) {
                    plan.returned.push((unit, version));
                } else {
                    plan.unchanged += 1;
                }
                continue;
            }
            let next = written.unwrap_or(version + 1);
            if next <= version {
                problems.push(not_raised(unit, next, version));
            } else if let Some(problem) = effective_backwards(unit, definitions, row) {
                problems.push(problem);
            } else {
                plan.changed.push((unit, next));
            }
        }
        let present: BTreeSet<(&str, &str)> = units.iter().map(|unit| (unit.kind, unit.key.as_str())).collect();
        for ((kind, key), row) in &latest {
            if !present.contains(&(*kind, *key)) && !rows.is_withdrawn(kind, key) {
                plan.removed.push(ImportedDefinition { kind: (*kind).to_owned(), key: (*key).to_owned(), version: number(row.version) });
            }
        }
        if problems.is_empty() { Ok(plan) } else { Err(CatalogueError::Definitions(problems)) }
    }

    fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.returned.is_empty() && self.removed.is_empty()
    }
}

fn number(version: i32) -> u32 {
    u32::try_from(version).unwrap_or_default()
}

fn problem(unit: &Unit, field: &str, code: &'static str, zh: String, en: String) -> DefinitionProblem {
    let path = unit.main_path();
    let text = unit.files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
    // These are top-level keys of one line.
    let line = text.lines().position(|line| line.trim_start().starts_with(field)).map_or(1, |at| at + 1);
    DefinitionProblem {
        file: path.to_owned(),
        line: u32::try_from(line).unwrap_or(1),
        field: field.to_owned(),
        code,
        severity: Severity::Error,
        zh,
        en,
    }
}

fn not_raised(unit: &Unit, written: u32, stored: u32) -> DefinitionProblem {
    problem(
        unit,
        "version",
        "version-not-raised",
        format!(
            "内容改了，版本还是 {written}。已经公布的第 {stored} 版不能再改，在办的件要按它办；请把 version 改成 {}，并写上新的 effective_from 和 change_document。",
            stored + 1
        ),
        format!(
            "The content has changed but the version is still {written}. Version {stored} is published and running cases go by it; set version = {} with a new effective_from and change_document.",
            stored + 1
        ),
    )
}

fn effective_backwards(unit: &Unit, definitions: &Definitions, row: &definition::Model) -> Option<DefinitionProblem> {
    let matter = unit.matter(definitions)?;
    let before = row.effective_from.as_deref()?;
    (day_text(matter.effective_from).as_str() < before).then(|| {
        problem(
            unit,
            "effective_from",
            "effective-backwards",
            format!("第 {} 版从 {before} 起生效，新版不能更早。", row.version),
            format!("Version {} is effective from {before}; a new one cannot be earlier.", row.version),
        )
    })
}

/// Writes what is new, in the transaction of the caller; call [`imported`] when it is committed.
pub(crate) async fn write(tx: &mut Tx, units: &[Unit], definitions: &Definitions, actor: Actor) -> Result<ImportReport, CatalogueError> {
    // The counter's row is locked until the commit: imports take turns, and each sees what the one before it wrote.
    let revision = tx.next_serial("catalogue.import").await?;
    let rows = Rows::load(tx.conn()).await?;
    let plan = Plan::make(&rows, units, definitions)?;
    let now = Moment::from(tx.now());
    let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    import_table::ActiveModel {
        revision: Set(revision),
        at: Set(now),
        actor: Set(actor.as_text()),
        added: Set(count(plan.added.len())),
        changed: Set(count(plan.changed.len() + plan.returned.len())),
        removed: Set(count(plan.removed.len())),
    }
    .insert(tx.conn())
    .await?;

    let mut new: Vec<(&Unit, u32)> = Vec::with_capacity(plan.added.len() + plan.changed.len());
    new.extend(&plan.added);
    new.extend(&plan.changed);
    write_texts(tx, &new).await?;
    write_versions(tx, &new, definitions, revision).await?;
    for (unit, version) in &new {
        let fact = published(unit, *version, definitions, revision, actor);
        tx.state(fact);
    }
    for (unit, version) in &plan.returned {
        let fact = published(unit, *version, definitions, revision, actor);
        tx.state(fact);
    }
    for unit in plan.changed.iter().chain(&plan.returned).map(|(unit, _)| unit) {
        withdrawn::Entity::delete_by_id((unit.kind.to_owned(), unit.key.clone())).exec(tx.conn()).await?;
    }
    for gone in &plan.removed {
        withdrawn::ActiveModel { kind: Set(gone.kind.clone()), key: Set(gone.key.clone()), at: Set(now), revision: Set(revision) }
            .insert(tx.conn())
            .await?;
        tx.state(NewFact {
            subject_kind: "definition",
            subject: definition_id(&gone.kind, &gone.key, gone.version),
            kind: "definition.withdrawn".to_owned(),
            actor,
            body: json!({ "kind": gone.kind, "key": gone.key, "version": gone.version, "import": revision }),
        });
    }
    let listed = |units: &[(&Unit, u32)]| {
        units
            .iter()
            .map(|(unit, version)| ImportedDefinition { kind: unit.kind.to_owned(), key: unit.key.clone(), version: *version })
            .collect::<Vec<_>>()
    };
    let mut changed = listed(&plan.changed);
    changed.extend(listed(&plan.returned));
    Ok(ImportReport {
        revision,
        added: listed(&plan.added),
        changed,
        removed: plan.removed,
        unchanged: plan.unchanged,
        warnings: definitions.warnings.clone(),
    })
}

fn published(unit: &Unit, version: u32, definitions: &Definitions, revision: i64, actor: Actor) -> NewFact {
    let files: serde_json::Map<String, serde_json::Value> = unit.files.iter().map(|file| (file.path.clone(), json!(file.digest))).collect();
    let mut body = json!({
        "kind": unit.kind,
        "key": unit.key,
        "version": version,
        "sha256": unit.digest,
        "files": files,
        "import": revision,
    });
    if let (Some(matter), Some(body)) = (unit.matter(definitions), body.as_object_mut()) {
        body.insert("effective_from".to_owned(), json!(day_text(matter.effective_from)));
        body.insert("change_document".to_owned(), json!(matter.change_document));
        body.insert("task_code".to_owned(), json!(matter.task_code.to_string()));
    }
    NewFact {
        subject_kind: "definition",
        subject: definition_id(unit.kind, &unit.key, version),
        kind: "definition.published".to_owned(),
        actor,
        body,
    }
}

async fn write_texts(tx: &Tx, new: &[(&Unit, u32)]) -> Result<(), CatalogueError> {
    let mut missing: std::collections::BTreeMap<&str, &str> =
        new.iter().flat_map(|(unit, _)| &unit.files).map(|file| (file.digest.as_str(), file.text.as_str())).collect();
    let digests: Vec<&str> = missing.keys().copied().collect();
    for chunk in digests.chunks(CHUNK) {
        for row in text::Entity::find().filter(text::Column::Digest.is_in(chunk.iter().copied())).all(tx.conn()).await? {
            missing.remove(row.digest.as_str());
        }
    }
    let rows: Vec<text::ActiveModel> = missing
        .into_iter()
        .map(|(digest, body)| text::ActiveModel { digest: Set(digest.to_owned()), body: Set(body.to_owned()) })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        text::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

async fn write_versions(tx: &Tx, new: &[(&Unit, u32)], definitions: &Definitions, revision: i64) -> Result<(), CatalogueError> {
    let now = Moment::from(tx.now());
    for chunk in new.chunks(CHUNK) {
        let rows = chunk.iter().map(|(unit, version)| {
            let matter = unit.matter(definitions);
            definition::ActiveModel {
                id: Set(definition_id(unit.kind, &unit.key, *version)),
                kind: Set(unit.kind.to_owned()),
                key: Set(unit.key.clone()),
                version: Set(i32::try_from(*version).unwrap_or(i32::MAX)),
                digest: Set(unit.digest.clone()),
                effective_from: Set(matter.map(|matter| day_text(matter.effective_from))),
                change_document: Set(matter.map(|matter| matter.change_document.clone())),
                imported_at: Set(now),
                revision: Set(revision),
            }
        });
        definition::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        let files = chunk.iter().flat_map(|(unit, version)| {
            let definition = definition_id(unit.kind, &unit.key, *version);
            unit.files.iter().map(move |file| file::ActiveModel {
                definition: Set(definition),
                path: Set(file.path.clone()),
                digest: Set(file.digest.clone()),
            })
        });
        file::Entity::insert_many(files).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
