//! Sealing of what people wrote: answers, names, notes. One purpose each, so that one cannot be passed off as another.

use banhao_kernel::digest::sha256_hex;
use banhao_store::Vault;

use crate::error::CaseError;

pub use banhao_catalogue::forms::Answers;

const ANSWERS: &str = "cases.answers";
const NAME: &str = "cases.name";
const NOTE: &str = "cases.note";
const FILE_NAME: &str = "cases.file-name";

pub(crate) fn seal_answers(vault: &Vault, answers: &Answers) -> Result<Vec<u8>, CaseError> {
    Ok(vault.seal(ANSWERS, &serde_json::to_vec(answers)?)?)
}

pub(crate) fn open_answers(vault: &Vault, sealed: &[u8]) -> Result<Answers, CaseError> {
    Ok(serde_json::from_slice(&vault.open(ANSWERS, sealed)?)?)
}

fn text(bytes: Vec<u8>) -> Result<String, CaseError> {
    String::from_utf8(bytes).map_err(|error| CaseError::Damaged(error.to_string()))
}

pub(crate) fn seal_name(vault: &Vault, name: &str) -> Result<Vec<u8>, CaseError> {
    Ok(vault.seal(NAME, name.as_bytes())?)
}

pub(crate) fn open_name(vault: &Vault, sealed: &[u8]) -> Result<String, CaseError> {
    text(vault.open(NAME, sealed)?)
}

pub(crate) fn seal_note(vault: &Vault, note: &str) -> Result<Vec<u8>, CaseError> {
    Ok(vault.seal(NOTE, note.as_bytes())?)
}

pub(crate) fn open_note(vault: &Vault, sealed: &[u8]) -> Result<String, CaseError> {
    text(vault.open(NOTE, sealed)?)
}

pub(crate) fn seal_file_name(vault: &Vault, name: &str) -> Result<Vec<u8>, CaseError> {
    Ok(vault.seal(FILE_NAME, name.as_bytes())?)
}

pub(crate) fn open_file_name(vault: &Vault, sealed: &[u8]) -> Result<String, CaseError> {
    text(vault.open(FILE_NAME, sealed)?)
}

/// The digest of what rules decided over sealed answers. A result is often one of two words, so it is bound to the answers: the digest
/// proves the result to whoever may read them and tells nobody else.
pub(crate) fn digest_over(sealed: &[u8], result: &serde_json::Value) -> String {
    let mut bound = sealed.to_vec();
    bound.extend_from_slice(result.to_string().as_bytes());
    sha256_hex(&bound)
}
