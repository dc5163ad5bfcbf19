//! Checkpoints as C2SP signed notes (`c2sp.org/tlog-checkpoint`, `c2sp.org/signed-note`), Ed25519. Other people's tools read them.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::tree::Hash;

/// Signature type of Ed25519 in signed notes.
const ED25519: u8 = 1;

/// A checkpoint that is not one, or not signed by whom it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The key text is not `name+hash+base64`.
    #[error("not a key of the form name+hash+base64")]
    BadKey,
    /// The note is not a checkpoint.
    #[error("not a checkpoint")]
    BadNote,
    /// No line is signed with this key.
    #[error("not signed with this key")]
    NotSigned,
    /// It is signed with this key, but the text was changed.
    #[error("the signature does not fit the text")]
    BadSignature,
}

fn key_id(name: &str, public: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update(b"\n").chain_update([ED25519]).chain_update(public.as_bytes()).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root hash.
    pub root: Hash,
    /// When it was made, microseconds since 1970-01-01T00:00:00Z (an extension line, informative).
    pub at: i64,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\nat {}\n", self.origin, self.size, STANDARD.encode(self.root), self.at)
    }

    fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.lines();
        let mut next = || lines.next().ok_or(NoteError::BadNote);
        let origin = next()?.to_owned();
        let size_text = next()?;
        let size: u64 = size_text.parse().map_err(|_| NoteError::BadNote)?;
        let root = STANDARD.decode(next()?).map_err(|_| NoteError::BadNote)?.try_into().map_err(|_| NoteError::BadNote)?;
        let at = next()?.strip_prefix("at ").and_then(|at| at.parse().ok()).ok_or(NoteError::BadNote)?;
        let checkpoint = Self { origin, size, root, at };
        // One reading only: what does not print back exactly is not accepted.
        if checkpoint.text() == text { Ok(checkpoint) } else { Err(NoteError::BadNote) }
    }
}

/// Signs checkpoints.
pub struct SignerKey {
    name: String,
    key: SigningKey,
}

impl SignerKey {
    /// A key from 32 secret random bytes.
    #[must_use]
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Self {
        Self { name: name.to_owned(), key: SigningKey::from_bytes(&seed) }
    }

    /// The key that checks what this one signs.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Name of the key; also the origin of its checkpoints.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs: gives the whole note.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let mut blob = key_id(&self.name, &self.key.verifying_key()).to_vec();
        blob.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.name, STANDARD.encode(blob))
    }
}

/// Checks checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut public = vec![ED25519];
        public.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex(key_id(&self.name, &self.key)), STANDARD.encode(public))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (name, id, public) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(id), Some(public)) = (name, id, public) else { return Err(NoteError::BadKey) };
        let bytes = STANDARD.decode(public).map_err(|_| NoteError::BadKey)?;
        let (kind, public) = bytes.split_first().ok_or(NoteError::BadKey)?;
        let public: [u8; 32] = public.try_into().map_err(|_| NoteError::BadKey)?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| NoteError::BadKey)?;
        if *kind != ED25519 || hex(key_id(name, &key)) != id {
            return Err(NoteError::BadKey);
        }
        Ok(Self { name: name.to_owned(), key })
    }
}

impl VerifierKey {
    /// Checks a note and reads it.
    ///
    /// # Errors
    /// Says whether it is no checkpoint, not signed with this key, or changed.
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let (text, signatures) = note.split_once("\n\n").ok_or(NoteError::BadNote)?;
        let text = format!("{text}\n");
        for line in signatures.lines() {
            let Some((name, blob)) = line.strip_prefix("— ").and_then(|line| line.split_once(' ')) else { return Err(NoteError::BadNote) };
            let blob = STANDARD.decode(blob).map_err(|_| NoteError::BadNote)?;
            let Some((id, signature)) = blob.split_at_checked(4) else { return Err(NoteError::BadNote) };
            if name != self.name || id != key_id(&self.name, &self.key) {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::BadSignature)?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::BadSignature)?;
            return Checkpoint::parse(&text);
        }
        Err(NoteError::NotSigned)
    }
}
