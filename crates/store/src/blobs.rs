//! Files, addressed by the SHA-256 of their content: what a user calls a file never reaches the file system. Streams with a
//! limit, never buffers a whole upload, looks at the content to know its type, syncs before anybody refers to it. The store is
//! `object_store`'s interface: a folder now, S3 when configured.

use std::{path::Path as FilePath, sync::Arc, time::Duration};

use banhao_kernel::{
    clock::Clock,
    digest::{hex, sha256_hex},
    entropy::Entropy,
    ids::MaterialId,
};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, local::LocalFileSystem, path::Path};
use sha2::{Digest, Sha256};

use crate::error::StoreError;

/// Folder of what is on its way in.
const INCOMING: &str = "incoming";
/// Bytes handed on at a time (the least an S3 store takes) while as many may still be on their way: bounds the memory of an upload.
const CHUNK: usize = 5 * 1024 * 1024;
/// Bytes looked at to find the type.
const HEAD: usize = 8192;

/// The file store.
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// SHA-256 of the content, hex; its address.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Media type by content; `application/octet-stream` when unknown.
    pub media_type: String,
}

/// A file on its way in.
pub struct Incoming<'b> {
    blobs: &'b Blobs,
    place: Path,
    upload: WriteMultipart,
    digest: Sha256,
    head: Vec<u8>,
    size: u64,
    limit: u64,
}

fn fault(error: object_store::Error) -> StoreError {
    match error {
        object_store::Error::NotFound { .. } => StoreError::NoFile,
        other => StoreError::Files(other.to_string()),
    }
}

fn place_of(sha256: &str) -> Result<Path, StoreError> {
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return Err(StoreError::NoFile);
    }
    Ok(Path::from(format!("sha256/{}/{}/{sha256}", &sha256[..2], &sha256[2..4])))
}

/// Removes what was on its way in when the program was killed. Another replica may be at work in the same folder, so only what
/// nobody has touched for a day.
fn remove_abandoned(folder: &FilePath) {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > DAY)
            && let Err(error) = std::fs::remove_file(entry.path())
        {
            tracing::warn!(%error, file = %entry.path().display(), "an abandoned upload could not be removed");
        }
    }
}

/// The media type a file name claims, for the types that are taken.
#[must_use]
pub fn claimed_type(name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match extension.as_str() {
        "pdf" => "application/pdf",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "webp" => "image/webp",
        "heic" => "image/heic",
        "zip" => "application/zip",
        "ofd" => "application/ofd",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => return None,
    })
}

/// The media type of content by its first bytes.
#[must_use]
pub fn sniffed_type(head: &[u8]) -> &'static str {
    infer::get(head).map_or("application/octet-stream", |kind| kind.mime_type())
}

impl Blobs {
    pub(crate) fn open(folder: &FilePath, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Files(format!("{}: {error}", folder.display())))?;
        remove_abandoned(&folder.join(INCOMING));
        let store = LocalFileSystem::new_with_prefix(folder).map_err(fault)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), clock, entropy })
    }

    /// Begins to take a file of at most `limit` bytes in.
    ///
    /// # Errors
    /// When the file store fails.
    pub async fn begin(&self, limit: u64) -> Result<Incoming<'_>, StoreError> {
        let name = MaterialId::generate(self.clock.as_ref(), self.entropy.as_ref());
        let place = Path::from(format!("{INCOMING}/{name}"));
        let upload = self.store.put_multipart(&place).await.map_err(fault)?;
        let upload = WriteMultipart::new_with_chunk_size(upload, CHUNK);
        Ok(Incoming { blobs: self, place, upload, digest: Sha256::new(), head: Vec::new(), size: 0, limit })
    }

    /// Puts a whole file that is in memory anyway (a signed paper).
    ///
    /// # Errors
    /// When the file store fails.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<StoredBlob, StoreError> {
        let sha256 = sha256_hex(&bytes);
        let blob = StoredBlob { media_type: sniffed_type(&bytes).to_owned(), size: bytes.len() as u64, sha256 };
        let place = place_of(&blob.sha256)?;
        if self.store.head(&place).await.is_err() {
            self.store.put(&place, PutPayload::from(bytes)).await.map_err(fault)?;
        }
        Ok(blob)
    }

    /// The content of a file.
    ///
    /// # Errors
    /// [`StoreError::NoFile`] when there is none; [`StoreError::Damaged`] when its content no longer has its address.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        let bytes = self.store.get(&place_of(sha256)?).await.map_err(fault)?.bytes().await.map_err(fault)?;
        if sha256_hex(&bytes) != sha256 {
            return Err(StoreError::Damaged(format!("file {sha256}")));
        }
        Ok(bytes.to_vec())
    }

    /// Whether there is such a file.
    ///
    /// # Errors
    /// When the file store fails.
    pub async fn exists(&self, sha256: &str) -> Result<bool, StoreError> {
        match self.store.head(&place_of(sha256)?).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(fault(error)),
        }
    }
}

impl Incoming<'_> {
    /// Takes a piece.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] as soon as the limit is passed; call [`Incoming::abort`] then.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.size += piece.len() as u64;
        if self.size > self.limit {
            return Err(StoreError::TooLarge { limit: self.limit });
        }
        if self.head.len() < HEAD {
            let room = HEAD - self.head.len();
            self.head.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        self.digest.update(piece);
        self.upload.wait_for_capacity(1).await.map_err(fault)?;
        self.upload.write(piece);
        Ok(())
    }

    /// Gives the file up.
    pub async fn abort(self) {
        if let Err(error) = self.upload.abort().await {
            tracing::warn!(%error, "an upload that was given up could not be removed");
        }
    }

    /// Ends the file: looks whether it is what its name claims and one of the allowed media types, and puts it in its place.
    ///
    /// # Errors
    /// [`StoreError::EmptyFile`], [`StoreError::WrongType`]; nothing stays behind.
    pub async fn finish(self, name: &str, allowed: &[&str]) -> Result<StoredBlob, StoreError> {
        let found = sniffed_type(&self.head);
        let claimed = claimed_type(name);
        let refusal = if self.size == 0 {
            Some(StoreError::EmptyFile)
        } else if claimed != Some(found) || !allowed.contains(&found) {
            let extension = name.rsplit_once('.').map_or("?", |(_, extension)| extension);
            Some(StoreError::WrongType { claimed: extension.chars().take(10).collect(), found: found.to_owned() })
        } else {
            None
        };
        if let Some(refusal) = refusal {
            self.abort().await;
            return Err(refusal);
        }
        let Self { blobs, place, upload, digest, size, .. } = self;
        upload.finish().await.map_err(fault)?;
        let sha256 = hex(&digest.finalize());
        blobs.store.rename(&place, &place_of(&sha256)?).await.map_err(fault)?;
        Ok(StoredBlob { sha256, size, media_type: found.to_owned() })
    }
}
