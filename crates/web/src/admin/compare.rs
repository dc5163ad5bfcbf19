//! Two versions beside each other as drawings, and what is different in words.

use banhao_bpmn::{Drawing, Model, Orientation, Words, compare, draw_differences, outline};
use banhao_catalogue::editor::draft;
use banhao_catalogue::{Snapshot, process_model};
use serde::Deserialize;
use uuid::Uuid;

use super::changes::{Told, told};
use super::enter;
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/compare", get(show))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    matter: String,
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

struct Side {
    drawing: ProcessDrawing,
}

#[derive(Template)]
#[template(path = "admin/compare.html")]
struct ComparePage {
    page: Page,
    crumbs: Crumbs,
    name: String,
    told: Told,
    sides: Vec<Side>,
    /// How the decisions' text changed.
    decisions: bool,
}

struct Version {
    title: String,
    model: std::sync::Arc<Model>,
    decisions: Option<String>,
}

/// `3` is a version, `draft:ID` a draft of the matter.
async fn version(state: &AppState, page: &Page, snapshot: &Snapshot, matter: &str, word: &str) -> Result<Version, Failure> {
    let missing = || Failure::from(crate::problem::not_found());
    if let Some(id) = word.strip_prefix("draft:") {
        let draft = draft(&state.cases.store, id.parse::<Uuid>().map_err(|_| missing())?).await?;
        let model = process_model(&draft.content.process).map_err(|_| missing())?;
        if draft.matter != matter {
            return Err(missing());
        }
        return Ok(Version { title: page.t("editor-draft").into_owned(), model: model.into(), decisions: draft.content.decisions });
    }
    let version = word.parse().ok().and_then(|number| snapshot.matter_version(matter, number)).ok_or_else(missing)?;
    Ok(Version {
        title: page.t_args(
            "editor-version-n",
            &[("n", &version.version.to_string()), ("day", &filters::date_text(page.lang(), version.effective_from))],
        ),
        model: std::sync::Arc::clone(&version.process),
        decisions: version.decisions_xml.clone(),
    })
}

async fn show(State(state): State<AppState>, page: Page, who: Who, Asked(asked): Asked<Which>) -> Answer {
    enter(&state, &page, &who).await?;
    let snapshot = state.cases.snapshot().await?;
    let newest = snapshot.matter_versions(&asked.matter).last().ok_or_else(crate::problem::not_found)?;
    let old = version(&state, &page, &snapshot, &asked.matter, &asked.old).await?;
    let new = version(&state, &page, &snapshot, &asked.matter, &asked.new).await?;
    let differences = compare(&old.model, &new.model);
    let words = || if page.is_english() { Words::en() } else { Words::zh() };
    let side = |version: &Version, prefix: &str| {
        let picture = |orientation, suffix: &str| {
            let drawing = Drawing { prefix: format!("{prefix}-{suffix}"), orientation, words: words(), style: false, legend: true };
            Markup::svg(&draw_differences(&version.model, &differences, &drawing))
        };
        Side {
            drawing: ProcessDrawing {
                title: version.title.clone(),
                lying: picture(Orientation::Horizontal, "lying"),
                standing: picture(Orientation::Vertical, "standing"),
                lines: outline(&version.model, None).iter().map(|line| line.text(&words(), false)).collect(),
            },
        }
    };
    let name = named(&page, &newest.matter.name);
    Ok(page.html(&ComparePage {
        crumbs: Crumbs::new()
            .to(page.t("editor-title"), "/admin")
            .to(name.clone(), format!("/admin/processes/{}", asked.matter))
            .here(page.t("editor-compare")),
        told: told(page.lang(), &old.model, &new.model, &differences),
        sides: vec![side(&old, "old"), side(&new, "new")],
        decisions: old.decisions != new.decisions,
        name,
        page: page.clone(),
    }))
}
