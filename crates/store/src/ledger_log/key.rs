//! The key that signs checkpoints: made on first start (`keys/ledger.key`), its public half published beside it
//! (`keys/ledger.pub`) and in the setting `key.ledger`.

use std::path::Path;

use banhao_kernel::entropy::Entropy;
use banhao_ledger::{SignerKey, VerifierKey};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    error::StoreError,
    key_file::{publish, read_or_generate},
};

/// Signs this installation's checkpoints.
pub struct LedgerKey(SignerKey);

impl LedgerKey {
    pub(crate) fn open_or_generate(data_dir: &Path, entropy: &dyn Entropy) -> Result<Self, StoreError> {
        let path = data_dir.join("keys").join("ledger.key");
        let text = read_or_generate(&path, || {
            let (mut seed, mut tag) = ([0_u8; 32], [0_u8; 4]);
            entropy.fill(&mut seed);
            entropy.fill(&mut tag);
            // The tag tells two installations apart whose operators chose no name.
            format!("banhao-{:08x} {}", u32::from_be_bytes(tag), STANDARD.encode(seed))
        })?;
        let fault = || StoreError::KeyFile { path: path.display().to_string(), reason: "not `name base64-of-32-bytes`".to_owned() };
        let (name, seed) = text.split_once(' ').ok_or_else(fault)?;
        let seed: [u8; 32] = STANDARD.decode(seed).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(fault)?;
        let key = SignerKey::from_seed(name, seed);
        publish(&path.with_extension("pub"), &key.verifier().to_string())?;
        Ok(Self(key))
    }

    /// The public half: `name+hash+base64`.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        self.0.verifier()
    }

    pub(crate) fn signer(&self) -> &SignerKey {
        &self.0
    }
}
