//! Answering a supplement notice (补正): one upload per line of the one complete list, then handing it in.

use banhao_cases::queries::file::CaseFile;
use banhao_cases::{CaseError, add_case_material, answer_supplement};
use banhao_kernel::ids::CaseId;

use super::case::own;
use super::citizen::Citizen;
use super::upload::{self, take};
use super::words::named;
use crate::prelude::*;
use crate::problem;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/cases/{id}/supplement", get(show).post(hand_in))
        .route("/cases/{id}/supplement/{key}", body::limit(post(put).get(back_to_list), upload::MOST))
}

/// One line of the notice.
struct Item {
    key: String,
    name: String,
    problem: String,
    requirement: String,
    chip: Option<Chip>,
    field: Option<Field>,
}

#[derive(Template)]
#[template(path = "portal/supplement.html")]
struct SupplementPage {
    page: Page,
    crumbs: Crumbs,
    id: CaseId,
    errors: Vec<(String, String)>,
    due: banhao_kernel::Date,
    items: Vec<Item>,
}

fn view(page: &Page, file: &CaseFile, errors: Vec<(String, String)>) -> Option<SupplementPage> {
    let open = file.state.open_supplement()?;
    let id = file.line.id;
    let since =
        file.timeline.iter().rev().find(|entry| entry.kind == "case.supplement-requested").map_or(file.line.received_at, |entry| entry.at);
    // Only what came in since the notice answers it.
    let fresh: Vec<_> = file.files.iter().filter(|there| there.added_at >= since).cloned().collect();
    let items = open
        .items
        .iter()
        .map(|item| {
            let material = file.version.matter.material(&item.material);
            let field = material.filter(|material| material.is_uploaded()).map(|material| {
                let mut field = upload::field(page, material, &fresh, |there| Some(format!("/cases/{id}/files/{}", there.id)), false);
                field.label = page.t_args("portal-upload-of", &[("name", &named(page, &material.name))]);
                field.name = format!("file.{}", material.key);
                field.error =
                    errors.iter().filter(|(href, _)| *href == format!("#m-{}", material.key)).map(|(_, text)| text.as_str()).collect();
                field
            });
            let there = fresh.iter().any(|there| there.material == item.material);
            Item {
                key: item.material.clone(),
                name: match (material, item.material.strip_prefix("form.")) {
                    (Some(material), _) => named(page, &material.name),
                    (None, Some(key)) => file.version.form.field(key).map_or_else(|| key.to_owned(), |field| named(page, &field.label)),
                    (None, None) => item.material.clone(),
                },
                problem: item.problem.clone(),
                requirement: item.requirement.clone(),
                chip: field.is_some().then(|| {
                    if there {
                        Chip::new(Tone::Good, page.t("portal-material-there"))
                    } else {
                        Chip::new(Tone::Warn, page.t("portal-material-missing"))
                    }
                }),
                field,
            }
        })
        .collect();
    let name = named(page, &file.version.matter.name);
    let crumbs =
        Crumbs::new().to(page.t("portal-my-title"), "/my").to(name, format!("/cases/{id}")).here(page.t("portal-supplement-heading"));
    Some(SupplementPage { crumbs, id, errors, due: open.due, items, page: page.clone() })
}

fn answer(page: &Page, file: &CaseFile, errors: Vec<(String, String)>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match view(page, file, errors) {
        Some(view) => page.html_with_status(status, &view),
        // Nothing is asked for any more.
        None => page.redirect(&format!("/cases/{}", file.line.id)),
    }
}

async fn show(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    let file = own(&state, &citizen, id).await?;
    Ok(answer(&page, &file, Vec::new()))
}

/// The address of a refused upload, asked for again (a reload, another language): the list.
async fn back_to_list(page: Page, PathId((id, _)): PathId<(CaseId, String)>) -> Response {
    page.redirect(&format!("/cases/{id}/supplement"))
}

async fn put(
    State(state): State<AppState>,
    page: Page,
    citizen: Citizen,
    PathId((id, key)): PathId<(CaseId, String)>,
    uploads: Uploads,
) -> Answer {
    let file = own(&state, &citizen, id).await?;
    let asked = file.state.open_supplement().is_some_and(|open| open.items.iter().any(|item| item.material == key));
    let material = file.version.matter.material(&key).filter(|material| asked && material.is_uploaded()).ok_or_else(problem::not_found)?;
    let taken = take(&state, &page, uploads, material).await?;
    let (count, mut refused) = (taken.files.len(), taken.refused);
    for there in taken.files {
        add_case_material(&state.cases, &citizen.principal, id, there).await?;
    }
    if count == 0 && refused.is_empty() {
        refused.push(page.t("portal-file-none").into_owned());
    }
    if refused.is_empty() {
        return Ok(page.redirect_with(&format!("/cases/{id}/supplement#m-{key}"), &Flash::good("portal-file-added").with("n", count)));
    }
    let file = own(&state, &citizen, id).await?;
    Ok(answer(&page, &file, refused.into_iter().map(|text| (format!("#m-{key}"), text)).collect()))
}

async fn hand_in(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>) -> Answer {
    let file = own(&state, &citizen, id).await?;
    match answer_supplement(&state.cases, &citizen.principal, id).await {
        Ok(()) => Ok(page.redirect_with(&format!("/cases/{id}"), &Flash::good("portal-supplement-done"))),
        Err(CaseError::Incomplete { fields }) => {
            let errors = fields
                .iter()
                .map(|wrong| {
                    let key = wrong.field.strip_prefix("material.").unwrap_or(&wrong.field);
                    let name = file.version.matter.material(key).map_or_else(|| key.to_owned(), |material| named(&page, &material.name));
                    (format!("#m-{key}"), page.t_args("portal-mistake-material", &[("name", &name)]))
                })
                .collect();
            Ok(answer(&page, &file, errors))
        }
        Err(error) => Err(error.into()),
    }
}
