//! Checkpoints as C2SP signed notes (`c2sp.org/tlog-checkpoint`, `c2sp.org/signed-note`), Ed25519. Other people's tools read them.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::tree::Hash;

/// Signature type of Ed25519 in signed notes.
const ED25519: u8 = 1;
/// How the text of a secret key begins.
const PRIVATE: &str = "PRIVATE+KEY+";

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
    /// It is a checkpoint of another log.
    #[error("a checkpoint of another log")]
    OtherLog,
    /// It is signed with this key, but the text was changed.
    #[error("the signature does not fit the text")]
    BadSignature,
}

/// Name of a key: not empty, no white space, no plus sign (c2sp.org/signed-note).
fn good_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+')
}

fn key_id(name: &str, public: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update(b"\n").chain_update([ED25519]).chain_update(public.as_bytes()).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

fn key_text(name: &str, public: &VerifyingKey, key: &[u8; 32]) -> String {
    format!("{name}+{}+{}", hex(key_id(name, public)), STANDARD.encode([&[ED25519], &key[..]].concat()))
}

/// Name, hash and the 32 bytes of a key text.
fn split_key(text: &str) -> Result<(&str, &str, [u8; 32]), NoteError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(NoteError::BadKey) };
    let bytes = STANDARD.decode(key).map_err(|_| NoteError::BadKey)?;
    match bytes.split_first() {
        Some((&ED25519, key)) if good_name(name) => Ok((name, id, key.try_into().map_err(|_| NoteError::BadKey)?)),
        _ => Err(NoteError::BadKey),
    }
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
    /// A key from 32 secret random bytes. The name must not be empty and holds no white space and no plus sign.
    #[must_use]
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Self {
        debug_assert!(good_name(name), "{name:?} cannot be the name of a key");
        Self { name: name.to_owned(), key: SigningKey::from_bytes(&seed) }
    }

    /// Reads the secret text form `PRIVATE+KEY+name+hash+base64`.
    ///
    /// # Errors
    /// [`NoteError::BadKey`].
    pub fn from_secret_text(text: &str) -> Result<Self, NoteError> {
        let (name, id, seed) = split_key(text.trim().strip_prefix(PRIVATE).ok_or(NoteError::BadKey)?)?;
        let key = SigningKey::from_bytes(&seed);
        if hex(key_id(name, &key.verifying_key())) == id { Ok(Self { name: name.to_owned(), key }) } else { Err(NoteError::BadKey) }
    }

    /// The secret text form, for a file that only the program may read.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        format!("{PRIVATE}{}", key_text(&self.name, &self.key.verifying_key(), self.key.as_bytes()))
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
        f.write_str(&key_text(&self.name, &self.key, self.key.as_bytes()))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, id, public) = split_key(text.trim())?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| NoteError::BadKey)?;
        if hex(key_id(name, &key)) != id {
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
        if !note.ends_with('\n') || note.chars().any(|letter| letter.is_ascii_control() && letter != '\n') {
            return Err(NoteError::BadNote);
        }
        // The signatures stand after the last empty line; the text keeps its last line feed.
        let end = note.rfind("\n\n").ok_or(NoteError::BadNote)?;
        let (text, signatures) = (&note[..=end], &note[end + 2..]);
        if signatures.is_empty() {
            return Err(NoteError::BadNote);
        }
        for line in signatures.split_terminator('\n') {
            let Some((name, blob)) = line.strip_prefix("— ").and_then(|line| line.split_once(' ')) else {
                return Err(NoteError::BadNote);
            };
            let blob = STANDARD.decode(blob).map_err(|_| NoteError::BadNote)?;
            let Some((id, signature)) = blob.split_at_checked(4) else { return Err(NoteError::BadNote) };
            if name != self.name || id != key_id(&self.name, &self.key) {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::BadSignature)?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::BadSignature)?;
            return Checkpoint::parse(text)
                .and_then(|checkpoint| if checkpoint.origin == self.name { Ok(checkpoint) } else { Err(NoteError::OtherLog) });
        }
        Err(NoteError::NotSigned)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    // The example of the Go project's package golang.org/x/mod/sumdb/note, from which the format comes.
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann \
        x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn checkpoint(origin: &str) -> Checkpoint {
        Checkpoint { origin: origin.to_owned(), size: 12, root: [7; 32], at: 1_763_912_345_678_901 }
    }

    #[test]
    fn other_peoples_keys_are_read_and_written_the_same() {
        let key = SignerKey::from_secret_text(SECRET).unwrap();
        assert_eq!(key.to_secret_text(), SECRET);
        assert_eq!(key.verifier().to_string(), PUBLIC);
        assert_eq!(PUBLIC.parse(), Ok(key.verifier()));
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8".parse::<VerifierKey>().unwrap();
    }

    #[test]
    fn other_peoples_signatures_are_checked_as_they_do() {
        // Its signature is good, but it is no checkpoint; with one letter changed not even the signature is.
        assert_eq!(PUBLIC.parse::<VerifierKey>().unwrap().open(NOTE), Err(NoteError::BadNote));
        let changed = NOTE.replace("cryptography", "Cryptography");
        assert_eq!(PUBLIC.parse::<VerifierKey>().unwrap().open(&changed), Err(NoteError::BadSignature));
    }

    #[test]
    fn witnesses_may_sign_too() {
        let key = SignerKey::from_seed("洪湖.example/ledger", [1; 32]);
        let note = key.sign(&checkpoint(key.name()));
        let witness = SignerKey::from_secret_text(SECRET).unwrap().sign(&checkpoint(key.name()));
        let line = witness.lines().last().unwrap();
        for both in [format!("{note}{line}\n"), note.replace("\n\n", &format!("\n\n{line}\n"))] {
            assert_eq!(key.verifier().open(&both), Ok(checkpoint(key.name())));
        }
        assert_eq!(key.verifier().open(&witness), Err(NoteError::NotSigned));
    }

    #[test]
    fn a_checkpoint_of_another_log_is_refused() {
        let key = SignerKey::from_seed("ours.example", [1; 32]);
        assert_eq!(key.verifier().open(&key.sign(&checkpoint("theirs.example"))), Err(NoteError::OtherLog));
    }

    #[test]
    fn every_changed_bit_of_a_note_is_noticed() {
        let key = SignerKey::from_seed("ledger.example", [1; 32]);
        let note = key.sign(&checkpoint(key.name()));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let Ok(changed) = String::from_utf8(bytes) else { continue };
                assert!(key.verifier().open(&changed).is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn broken_keys_and_notes_are_refused() {
        let forged = PUBLIC.replace("c74f20a3", "c74f20a4");
        for text in ["", "a", "a+b", "a+c74f20a3", "+c74f20a3+ARpc", "a b+c74f20a3+ARpc", &forged, SECRET] {
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
        }
        assert!(SignerKey::from_secret_text(PUBLIC).is_err());
        let key = SignerKey::from_seed("a", [0; 32]).verifier();
        for note in ["", "\n", "\n\n", "x", "x\n\n", "x\n\n— a\n", "x\n\n— a !!\n", "x\n— a AAAA\n", "x\u{7}\n\n— a AAAA\n"] {
            assert_eq!(key.open(note), Err(NoteError::BadNote), "{note:?}");
        }
    }
}
