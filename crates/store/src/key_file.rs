//! Key files: made on first start, readable by the owner only, never defaulted.

use std::{
    io::Write,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::error::StoreError;

fn fault(path: &Path, reason: impl ToString) -> StoreError {
    StoreError::KeyFile { path: path.display().to_string(), reason: reason.to_string() }
}

/// Makes what was just put into a folder survive a power cut. (Elsewhere than on Unix a folder cannot be opened for that.)
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| fault(folder, error))?;
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Reads a key file, or makes it with what `generate` gives. Whoever comes first wins, and a half-written file cannot be left
/// behind: it is written beside under a name of its own, synced, and linked into place.
pub(crate) fn read_or_generate(path: &Path, generate: impl FnOnce() -> String) -> Result<String, StoreError> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(fault(path, error)),
    }
    let folder = path.parent().ok_or_else(|| fault(path, "no folder"))?;
    std::fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
    let beside = path.with_extension(format!("new-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
    write_new(&beside, &generate()).map_err(|error| fault(&beside, error))?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside).map_err(|error| fault(&beside, error))?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(fault(path, error)),
        _ => {}
    }
    sync_folder(folder)?;
    let stored = std::fs::read_to_string(path).map_err(|error| fault(path, error))?;
    Ok(stored.trim().to_owned())
}

/// Writes the public half of a key beside it, for others to copy.
pub(crate) fn publish(path: &Path, text: &str) -> Result<(), StoreError> {
    let text = format!("{text}\n");
    if std::fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| fault(path, error))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_first_makes_the_key() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("keys").join("a.key");
        let mut made: Vec<String> = std::thread::scope(|scope| {
            let path = &path;
            let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || read_or_generate(path, || format!("key {n}")).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        made.dedup();
        assert_eq!(made.len(), 1, "{made:?}");
        assert_eq!(read_or_generate(&path, || "another".to_owned()).unwrap(), made[0]);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside the key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
