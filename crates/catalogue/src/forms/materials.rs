//! Which materials these answers call for.

use std::collections::BTreeSet;

use super::{Answers, is_shown, variables, visible_answers};
use crate::{
    decisions,
    model::{Material, MaterialSource, Necessity},
    snapshot::MatterVersion,
};

/// A material that is needed.
#[derive(Debug, Clone, Copy)]
pub struct NeededMaterial<'v> {
    /// Which.
    pub material: &'v Material,
    /// Whether the applicant hands in a file.
    pub uploaded: bool,
    /// Whether the application cannot be sent without it.
    pub required: bool,
    /// Whether it may follow after acceptance 容缺后补.
    pub may_follow: bool,
    /// Whether the authority gets it itself, from the licence store or by sharing.
    pub fetched: bool,
}

/// The materials these answers call for, in order. A condition that cannot be said yet does not ask for its material. A material
/// that the matter's decision names is needed when the decision says so; of all others `when` decides.
#[must_use]
pub fn materials_needed<'v>(version: &'v MatterVersion, answers: &Answers) -> Vec<NeededMaterial<'v>> {
    materials_decided(version, answers, decisions::needed_materials(version, answers).as_ref())
}

/// The same when the matter's decision about materials was made already: [`decisions::Decided::materials`].
#[must_use]
pub fn materials_decided<'v>(version: &'v MatterVersion, answers: &Answers, decided: Option<&BTreeSet<String>>) -> Vec<NeededMaterial<'v>> {
    let variables = variables(&version.form, &visible_answers(&version.form, answers));
    let named = version.decisions.as_deref().map(|model| decisions::named_materials(&version.matter, model)).unwrap_or_default();
    let is_needed = |material: &&Material| match decided {
        Some(needed) if named.contains(&material.key) => needed.contains(&material.key),
        _ => is_shown(material.when.as_deref(), &variables),
    };
    version
        .matter
        .materials
        .iter()
        .filter(is_needed)
        .map(|material| NeededMaterial {
            material,
            uploaded: material.is_uploaded(),
            required: material.is_uploaded() && material.necessity == Necessity::Required,
            may_follow: material.necessity == Necessity::Tolerable,
            fetched: matches!(material.source, MaterialSource::LicenceStore | MaterialSource::Shared),
        })
        .collect()
}
