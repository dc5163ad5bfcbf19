//! Keeping the processes of matters (流程管理): which version is in force, drafts as a table of steps with the drawing beside it, files for
//! experts, comparing, trying out, publishing. Everything works without scripts. Cases are touched by one thing only: moving those that run to a new version.

mod changes;
mod compare;
mod content;
mod discard;
mod edit;
mod files;
mod fill;
mod hindrance;
mod jobs;
mod matter;
mod moving;
mod publish;
mod rebase;
mod rows;
mod simulate;
mod steps;

use std::sync::Arc;

use banhao_catalogue::editor::{Draft, DraftState, draft, latest_version};
use banhao_catalogue::folder::{DefinitionProblem, Severity};
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_identity::{DeskAct, DraftAct, DraftTarget, StaffMember, permit_desk, permit_draft, staff_names};
use banhao_kernel::ids::{FactId, StaffId};
use uuid::Uuid;

use crate::desk::bar;
use crate::prelude::*;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .merge(matter::routes())
        .merge(steps::routes())
        .merge(discard::routes())
        .merge(rebase::routes())
        .merge(files::routes())
        .merge(compare::routes())
        .merge(simulate::routes())
        .merge(publish::routes())
        .merge(moving::routes())
        .merge(jobs::routes())
}

/// Lets in who keeps definitions, and fills the desk's bar.
async fn enter<'w>(state: &AppState, page: &Page, who: &'w Who) -> Result<&'w StaffMember, Failure> {
    let staff = who.staff()?;
    permit_desk(&who.0, DeskAct::SeeDefinitions)?;
    bar(state, page, who).await?;
    Ok(staff)
}

/// A draft with its matter, as one of its pages needs it.
struct Open {
    snapshot: Arc<Snapshot>,
    draft: Draft,
    /// The version it began as.
    version: Arc<MatterVersion>,
    /// Number of the latest version.
    latest: u32,
    target: DraftTarget,
}

impl Open {
    async fn load(state: &AppState, id: Uuid) -> Result<Self, Failure> {
        let draft = draft(&state.cases.store, id).await?;
        let snapshot = state.cases.snapshot().await?;
        let version = snapshot.matter_version(&draft.matter, draft.based_on).ok_or_else(crate::problem::not_found)?;
        let latest = latest_version(&state.cases.store, &draft.matter).await?;
        let target = DraftTarget { organisation: version.matter.organisation.clone(), editors: draft.editors() };
        Ok(Self { snapshot, draft, version, latest, target })
    }

    /// Whether a newer version was published since it was begun, so that it cannot be published as it is.
    fn is_outdated(&self) -> bool {
        self.draft.state.is_open() && self.latest != self.draft.based_on
    }

    /// Comparing a version (`old`) with the draft.
    fn compare_href(&self, old: u32) -> String {
        format!("/admin/compare?matter={}&old={old}&new=draft:{}", crate::portal::encoded(&self.draft.matter), self.draft.id)
    }

    fn may(&self, who: &Who, act: DraftAct) -> bool {
        permit_draft(&who.0, act, &self.target).is_ok()
    }

    /// Whether this person can change it now.
    fn can_edit(&self, who: &Who) -> bool {
        self.draft.state == DraftState::Editing && self.may(who, DraftAct::EditDraft)
    }

    fn crumbs(&self, page: &Page, here: &str) -> Crumbs {
        let matter = crate::portal::words::named(page, &self.version.matter.name);
        Crumbs::new()
            .to(page.t("editor-title"), "/admin")
            .to(matter, format!("/admin/processes/{}", self.draft.matter))
            .to(page.t("editor-draft"), format!("/admin/drafts/{}", self.draft.id))
            .here(page.t(here))
    }
}

/// An id for a draft that may be begun from a page: sent twice, it is begun once.
fn draft_id(state: &AppState) -> Uuid {
    let store = &state.cases.store;
    FactId::generate(store.clock().as_ref(), store.entropy().as_ref()).as_uuid()
}

/// Name of somebody of the staff.
async fn name_of(state: &AppState, id: StaffId) -> Result<String, Failure> {
    Ok(staff_names(&state.cases.store, &[id]).await?.remove(&id).unwrap_or_default())
}

/// A problem as a page shows it.
struct Told {
    error: bool,
    place: String,
    text: String,
}

fn told(page: &Page, problem: &DefinitionProblem) -> Told {
    let file = problem.file.rsplit('/').next().unwrap_or_default();
    Told {
        error: problem.severity == Severity::Error,
        place: page.t_args("editor-line", &[("file", file), ("line", &problem.line.to_string())]),
        text: problem.text(page.lang()).to_owned(),
    }
}
