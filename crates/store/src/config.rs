//! Where the database and the files are.

use std::{path::PathBuf, str::FromStr};

use crate::error::StoreError;

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An embedded SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path.trim_start_matches("//")))),
            _ => Err(StoreError::BadAddress(text.to_owned())),
        }
    }
}

/// How to open a store.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The database.
    pub database: DatabaseUrl,
    /// Folder of files and keys.
    pub data_dir: PathBuf,
    /// Connections for reading; on PostgreSQL as many again for writing.
    pub connections: u32,
}

impl StoreConfig {
    /// An embedded database in a folder.
    #[must_use]
    pub fn embedded(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        Self { database: DatabaseUrl::Sqlite(data_dir.join("banhao.db")), data_dir, connections: 8 }
    }
}
