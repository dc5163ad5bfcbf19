//! Taking uploaded files in: piece by piece into the file store, refused as soon as they are too large, looked at before they
//! count. Used for drafts and for supplements.

use banhao_cases::StoredFile;
use banhao_cases::queries::drafts::FileView;
use banhao_catalogue::{forms::NeededMaterial, model::Material};
use banhao_kernel::ids::MaterialId;
use banhao_kernel::problem::Problem;
use banhao_store::{StoreError, claimed_type};
use banhao_texts as texts;

use crate::extract::Part;
use crate::prelude::*;
use crate::problem::{bad_form, size_text};

/// Most bytes of one request, all its files together.
pub(crate) const MOST: u64 = 100 * MIB;

/// What an upload form brought.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Files that are in the store now.
    pub(super) files: Vec<StoredFile>,
    /// Files that were refused, each with what to do.
    pub(super) refused: Vec<String>,
    /// The file to take out, when that button was pressed.
    pub(super) remove: Option<MaterialId>,
}

/// Largest file of a material in bytes.
fn limit(material: &Material) -> u64 {
    u64::from(material.max_mb) * MIB
}

/// Reads all parts of an upload form for one material.
pub(super) async fn take(state: &AppState, page: &Page, mut uploads: Uploads, material: &Material) -> Result<Taken, Failure> {
    let mut taken = Taken::default();
    while let Some(part) = uploads.next().await? {
        match part.name() {
            "remove" => {
                let id = part.text(64).await?;
                taken.remove = Some(id.parse().map_err(|_| bad_form())?);
            }
            name if name.starts_with("file") && !part.file_name().is_empty() => match store(state, part, material).await? {
                Ok(file) => taken.files.push(file),
                Err((name, problem)) => taken.refused.push(words(page, material, &name, &problem)),
            },
            _ => {}
        }
    }
    Ok(taken)
}

/// Puts one file into the store; a refusal comes with the file's name.
pub(crate) async fn store(
    state: &AppState,
    mut part: Part<'_>,
    material: &Material,
) -> Result<Result<StoredFile, (String, Problem)>, Failure> {
    let name: String = part.file_name().chars().filter(|letter| !letter.is_control()).take(120).collect();
    let mut incoming = state.cases.store.blobs().begin(limit(material)).await?;
    loop {
        let piece = match part.chunk().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(failure) => {
                incoming.abort().await;
                return Err(failure);
            }
        };
        if let Err(error) = incoming.write(&piece).await {
            incoming.abort().await;
            // What is left of it is read and forgotten, so that the page can answer.
            while part.chunk().await?.is_some() {}
            return match error {
                error @ StoreError::TooLarge { .. } => Ok(Err((name, error.into()))),
                error => Err(error.into()),
            };
        }
    }
    let names: Vec<String> = material.types.iter().map(|kind| format!("a.{kind}")).collect();
    let allowed: Vec<&str> = names.iter().filter_map(|name| claimed_type(name)).collect();
    match incoming.finish(&name, &allowed).await {
        Ok(blob) => {
            Ok(Ok(StoredFile { material: material.key.clone(), name, media_type: blob.media_type, size: blob.size, sha256: blob.sha256 }))
        }
        Err(error @ (StoreError::WrongType { .. } | StoreError::EmptyFile)) => Ok(Err((name, error.into()))),
        Err(error) => Err(error.into()),
    }
}

/// Why a file was refused, with what is taken instead.
pub(crate) fn words(page: &Page, material: &Material, name: &str, problem: &Problem) -> String {
    let types = material.types.join(" / ");
    let most = size_text(limit(material));
    let key = format!("portal-file-{}", problem.code);
    let args = [("file", name), ("types", types.as_str()), ("most", most.as_str())];
    if texts::has(page.lang(), &key) { page.t_args(&key, &args) } else { texts::problem(page.lang(), problem).text }
}

/// Whether a material is there, is missing, may follow later (容缺受理) or is optional.
pub(crate) fn chip(page: &Page, needed: &NeededMaterial<'_>, files: &[FileView]) -> Chip {
    match (files.iter().any(|file| file.material == needed.material.key), needed.required) {
        (true, _) => Chip::new(Tone::Good, page.t("portal-material-there")),
        (false, true) => Chip::new(Tone::Warn, page.t("portal-material-missing")),
        (false, false) if needed.may_follow => Chip::new(Tone::Info, page.t("necessity-tolerable")).icon("info"),
        (false, false) => Chip::new(Tone::Info, page.t("common-optional")).icon("info"),
    }
}

/// The upload control of one material with the files that are there.
pub(crate) fn field(
    page: &Page,
    material: &Material,
    files: &[FileView],
    href: impl Fn(&FileView) -> Option<String>,
    removable: bool,
) -> Field {
    let have = files
        .iter()
        .filter(|file| file.material == material.key)
        .map(|file| FileItem {
            name: file.name.clone(),
            size: size_text(file.size.unsigned_abs()),
            href: href(file),
            remove: removable.then(|| file.id.to_string()),
        })
        .collect();
    let accept = material.types.iter().map(|kind| format!(".{kind}")).collect::<Vec<_>>().join(",");
    let hint = page.t_args("portal-upload-hint", &[("types", &material.types.join(" / ")), ("most", &size_text(limit(material)))]);
    Field::new(FieldKind::File { accept, multiple: true, most: limit(material), have }, "file", page.t("portal-upload-choose"))
        .hint(hint)
        .required()
}
