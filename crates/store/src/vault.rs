//! Sealing of personal data at rest: XChaCha20-Poly1305 under keys derived per purpose from one master key, so that data sealed
//! for one purpose cannot be passed off as another's. Blind indices (HMAC-SHA256) let equal values be found without reading any.

use std::{path::Path, sync::Arc};

use banhao_kernel::{digest::hex, entropy::Entropy};
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{error::StoreError, key_file::read_or_generate};

/// First byte of everything sealed: how it was sealed.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Seals and opens.
pub struct Vault {
    master: [u8; 32],
    entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    pub(crate) fn open_or_generate(data_dir: &Path, entropy: Arc<dyn Entropy>) -> Result<Self, StoreError> {
        let path = data_dir.join("keys").join("vault.key");
        let text = read_or_generate(&path, || {
            let mut key = [0_u8; 32];
            entropy.fill(&mut key);
            STANDARD.encode(key)
        })?;
        let fault = |reason: &str| StoreError::KeyFile { path: path.display().to_string(), reason: reason.to_owned() };
        let bytes = STANDARD.decode(text).map_err(|_| fault("not base64"))?;
        let master = bytes.try_into().map_err(|_| fault("not 32 bytes"))?;
        Ok(Self { master, entropy })
    }

    fn mac(&self, label: &str, data: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.master).expect("HMAC takes keys of any length");
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac("seal", purpose.as_bytes()).into())
    }

    /// Seals data for a purpose.
    ///
    /// # Errors
    /// When the data are too large for the cipher (256 GiB).
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0_u8; NONCE];
        self.entropy.fill(&mut nonce);
        let sealed = self
            .cipher(purpose)
            .encrypt(&nonce.into(), Payload { msg: plain, aad: purpose.as_bytes() })
            .map_err(|_| StoreError::Unsealable)?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens data sealed for the same purpose.
    ///
    /// # Errors
    /// [`StoreError::Unsealable`] when they were changed or sealed for another purpose or with another key.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (version, rest) = sealed.split_first().ok_or(StoreError::Unsealable)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or(StoreError::Unsealable)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| StoreError::Unsealable)?;
        if *version != VERSION {
            return Err(StoreError::Unsealable);
        }
        self.cipher(purpose).decrypt(&nonce.into(), Payload { msg: body, aad: purpose.as_bytes() }).map_err(|_| StoreError::Unsealable)
    }

    /// The blind index of a value: equal for equal values of one purpose, meaningless without the key.
    #[must_use]
    pub fn blind_index(&self, purpose: &str, value: &str) -> String {
        let key = self.mac("index", purpose.as_bytes());
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(value.as_bytes());
        hex(&mac.finalize().into_bytes())
    }
}
