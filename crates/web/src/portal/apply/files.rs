//! The materials of an application: a list with one upload each.

use banhao_cases::queries::drafts::draft_file;
use banhao_cases::{add_material, remove_material};
use banhao_catalogue::forms;
use banhao_kernel::ids::{DraftId, MaterialId};

use super::{Citizen, Head, Stop, Work};
use crate::file::{Use, file};
use crate::portal::encoded;
use crate::portal::guide::how;
use crate::portal::upload::{self, take};
use crate::portal::words::named;
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/apply/draft/{id}/materials", get(show).post(go_on))
        .route("/apply/draft/{id}/materials/{key}", body::limit(post(put).get(back_to_list), upload::MOST))
        .route("/apply/draft/{id}/files/{file}", get(look))
}

/// A material with its upload.
struct Slot {
    key: String,
    name: String,
    standard: String,
    chip: Chip,
    field: Field,
}

#[derive(Template)]
#[template(path = "portal/apply_materials.html")]
struct MaterialsPage {
    page: Page,
    head: Head,
    errors: Vec<(String, String)>,
    action: String,
    slots: Vec<Slot>,
    fetched: Vec<(String, String)>,
}

fn view(page: &Page, work: &Work, wrong: Option<(&str, Vec<String>)>) -> MaterialsPage {
    let id = work.draft.id;
    let mut slots = Vec::new();
    let mut fetched = Vec::new();
    let mut errors = Vec::new();
    for needed in forms::materials_needed(&work.version, &work.draft.answers) {
        let material = needed.material;
        let name = named(page, &material.name);
        if !needed.uploaded {
            fetched.push((name, how(page, material)));
            continue;
        }
        let chip = upload::chip(page, &needed, &work.draft.files);
        let mut field = upload::field(page, material, &work.draft.files, |file| Some(format!("/apply/draft/{id}/files/{}", file.id)), true);
        if let Some((key, refused)) = &wrong
            && *key == material.key
        {
            field = field.error(refused.join(" "));
            errors.extend(refused.iter().map(|text| (format!("#m-{}", material.key), text.clone())));
        }
        // Several uploads on one page: name and id of each control are its own.
        field.name = format!("file.{}", material.key);
        field.label = page.t_args("portal-upload-of", &[("name", &name)]);
        slots.push(Slot { key: material.key.clone(), standard: named(page, &material.standard), name, chip, field });
    }
    MaterialsPage {
        head: work.head(page, &Stop::Materials),
        errors,
        action: work.href(&Stop::Materials),
        slots,
        fetched,
        page: page.clone(),
    }
}

async fn show(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    Ok(page.html(&view(&page, &work, None)))
}

async fn go_on(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<DraftId>) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    Ok(work.sent(&page).unwrap_or_else(|| page.redirect(&work.href(&Stop::Check))))
}

/// The address of a refused upload, asked for again (a reload, another language): the list.
async fn back_to_list(page: Page, PathId((id, key)): PathId<(DraftId, String)>) -> Response {
    page.redirect(&format!("/apply/draft/{id}/materials#m-{}", encoded(&key)))
}

async fn put(
    State(state): State<AppState>,
    page: Page,
    citizen: Citizen,
    PathId((id, key)): PathId<(DraftId, String)>,
    uploads: Uploads,
) -> Answer {
    let work = Work::open(&state, &citizen, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let material = work.version.matter.material(&key).filter(|material| material.is_uploaded()).ok_or_else(problem::not_found)?;
    let taken = take(&state, &page, uploads, material).await?;
    let list = format!("{}#m-{key}", work.href(&Stop::Materials));
    if let Some(file) = taken.remove {
        remove_material(&state.cases, &citizen.principal, id, file).await?;
        return Ok(page.redirect_with(&list, &Flash::good("portal-file-removed")));
    }
    let (count, refused) = (taken.files.len(), taken.refused);
    for file in taken.files {
        add_material(&state.cases, &citizen.principal, id, file).await?;
    }
    if !refused.is_empty() {
        let work = Work::open(&state, &citizen, id).await?;
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &work, Some((&key, refused)))));
    }
    if count == 0 {
        let nothing = vec![page.t("portal-file-none").into_owned()];
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &work, Some((&key, nothing)))));
    }
    Ok(page.redirect_with(&list, &Flash::good("portal-file-added").with("n", count)))
}

async fn look(State(state): State<AppState>, citizen: Citizen, PathId((id, which)): PathId<(DraftId, MaterialId)>) -> Answer {
    let there = draft_file(&state.cases, &citizen.principal, id, which).await?;
    let content = state.cases.store.blobs().get(&there.sha256).await?;
    Ok(file(&there.media_type, &there.name, Use::Look, content))
}
