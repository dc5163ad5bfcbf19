//! Exporting: the latest version of every definition that is not withdrawn, byte for byte as it was imported.

use std::{fs, path::Path};

use banhao_store::Store;

use super::stored::{self, Rows};
use crate::{error::CatalogueError, folder::SourceFile};

/// The files of the latest versions, in order of path.
///
/// # Errors
/// When the store fails or a stored text was changed.
pub async fn latest_files(store: &Store) -> Result<Vec<SourceFile>, CatalogueError> {
    let rows = Rows::load(store.read()).await?;
    let ids: Vec<_> = rows.latest().into_iter().filter(|((kind, key), _)| !rows.is_withdrawn(kind, key)).map(|(_, row)| row.id).collect();
    let mut files: Vec<SourceFile> = stored::files(store.read(), &ids).await?.into_values().flatten().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Writes the definitions into a new or empty folder. Gives the number of files.
///
/// # Errors
/// When the folder has something in it, nothing was imported, or a file cannot be written.
pub async fn export(store: &Store, folder: &Path) -> Result<usize, CatalogueError> {
    let files = latest_files(store).await?;
    if files.is_empty() {
        return Err(CatalogueError::NothingImported);
    }
    let failed = |path: &Path, error: &std::io::Error| CatalogueError::File { path: path.display().to_string(), reason: error.to_string() };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    if entries.next().is_some() {
        return Err(CatalogueError::FolderNotEmpty(folder.display().to_string()));
    }
    for file in &files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        }
        fs::write(&path, &file.text).map_err(|error| failed(&path, &error))?;
    }
    Ok(files.len())
}
