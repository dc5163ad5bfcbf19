//! Decisions that the rules of a matter make (规则决定), as facts: which rows of which version, and a digest that proves the result.

use serde_json::Value;

use crate::{facts::CaseFact, sealed::sha256};

/// The fact of a decision made by rules over these sealed answers.
pub(crate) fn decided(sealed: &[u8], matter_version: u32, decision: &str, rules: &[usize], result: &Value) -> CaseFact {
    CaseFact::DecidedByRules {
        decision: decision.to_owned(),
        rules: rules.iter().filter_map(|rule| u32::try_from(*rule).ok()).collect(),
        matter_version,
        result_sha256: digest(sealed, result),
    }
}

/// A result is often one of two words, so its digest is bound to the sealed answers: it proves the result to whoever may read them and
/// tells nobody else.
pub(crate) fn digest(sealed: &[u8], result: &Value) -> String {
    let mut bound = sealed.to_vec();
    bound.extend_from_slice(result.to_string().as_bytes());
    sha256(&bound)
}
