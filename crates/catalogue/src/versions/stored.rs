//! Reads what is stored.

use std::collections::{BTreeMap, BTreeSet};

use banhao_store::StoreError;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    entities::{definition, file, import, text, withdrawn},
    error::CatalogueError,
    folder::SourceFile,
};

/// How many rows are asked for by id in one statement.
const CHUNK: usize = 400;

/// The present revision; none before the first import.
pub(crate) async fn revision(conn: &impl ConnectionTrait) -> Result<Option<i64>, StoreError> {
    let row: Option<i64> = import::Entity::find()
        .select_only()
        .column(import::Column::Revision)
        .order_by_desc(import::Column::Revision)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(row)
}

/// The rows of a catalogue.
pub(crate) struct Rows {
    /// All versions, in order of kind, key, version.
    pub(crate) definitions: Vec<definition::Model>,
    /// Kind and key of what is withdrawn.
    pub(crate) withdrawn: BTreeSet<(String, String)>,
}

impl Rows {
    pub(crate) async fn load(conn: &impl ConnectionTrait) -> Result<Self, CatalogueError> {
        let definitions = definition::Entity::find()
            .order_by_asc(definition::Column::Kind)
            .order_by_asc(definition::Column::Key)
            .order_by_asc(definition::Column::Version)
            .all(conn)
            .await?;
        let withdrawn = withdrawn::Entity::find().all(conn).await?.into_iter().map(|row| (row.kind, row.key)).collect();
        Ok(Self { definitions, withdrawn })
    }

    /// The latest version of every definition, withdrawn or not, by kind and key.
    pub(crate) fn latest(&self) -> BTreeMap<(&str, &str), &definition::Model> {
        // Versions are in order, so the last one stays.
        self.definitions.iter().map(|row| ((row.kind.as_str(), row.key.as_str()), row)).collect()
    }

    pub(crate) fn is_withdrawn(&self, kind: &str, key: &str) -> bool {
        self.withdrawn.contains(&(kind.to_owned(), key.to_owned()))
    }
}

/// The files of versions, by version, in order of path.
pub(crate) async fn files(conn: &impl ConnectionTrait, definitions: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<SourceFile>>, CatalogueError> {
    let mut rows = Vec::new();
    for chunk in definitions.chunks(CHUNK) {
        rows.extend(file::Entity::find().filter(file::Column::Definition.is_in(chunk.iter().copied())).all(conn).await?);
    }
    let digests: BTreeSet<&str> = rows.iter().map(|row| row.digest.as_str()).collect();
    let digests: Vec<&str> = digests.into_iter().collect();
    let mut texts = BTreeMap::new();
    for chunk in digests.chunks(CHUNK) {
        for row in text::Entity::find().filter(text::Column::Digest.is_in(chunk.iter().copied())).all(conn).await? {
            texts.insert(row.digest, row.body);
        }
    }
    let mut files: BTreeMap<Uuid, Vec<SourceFile>> = BTreeMap::new();
    for row in rows {
        let body =
            texts.get(&row.digest).ok_or_else(|| CatalogueError::Damaged(format!("the text {} of {} is missing", row.digest, row.path)))?;
        let file = SourceFile::new(row.path, body.clone());
        if file.digest != row.digest {
            return Err(CatalogueError::Damaged(format!("the text of {} was changed after it had been stored", file.path)));
        }
        files.entry(row.definition).or_default().push(file);
    }
    for list in files.values_mut() {
        list.sort_by(|a, b| a.path.cmp(&b.path));
    }
    Ok(files)
}
