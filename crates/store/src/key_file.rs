//! Key files: made on first start, readable by the owner only, never defaulted.

use std::{io::Write, path::Path};

use crate::error::StoreError;

fn fault(path: &Path, reason: impl ToString) -> StoreError {
    StoreError::KeyFile { path: path.display().to_string(), reason: reason.to_string() }
}

/// Reads a key file, or makes it with what `generate` gives. A half-written file cannot be left behind: it is written beside,
/// synced, and moved into place.
pub(crate) fn read_or_generate(path: &Path, generate: impl FnOnce() -> String) -> Result<String, StoreError> {
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(fault(path, error)),
    }
    let folder = path.parent().ok_or_else(|| fault(path, "no folder"))?;
    std::fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
    let text = generate();
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&beside).map_err(|error| fault(&beside, error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(|error| fault(&beside, error))?;
    // Another replica on the same folder may have been first: its key counts.
    match std::fs::hard_link(&beside, path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(fault(path, error)),
    }
    std::fs::remove_file(&beside).map_err(|error| fault(&beside, error))?;
    let stored = std::fs::read_to_string(path).map_err(|error| fault(path, error))?;
    Ok(stored.trim().to_owned())
}
