//! A draft whose matter got another version meanwhile: what changed on which side, and the draft brought onto the latest version. A file
//! that only one side changed is taken from that side; when both did, somebody has to choose.

use banhao_kernel::ids::StaffId;
use banhao_store::Store;
use uuid::Uuid;

use super::{
    drafts::{Content, DraftState, changed, locked},
    error::DraftError,
};
use crate::versions::stored;

/// Which side changed a file since the version both come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Nobody, or both in the same way.
    Same,
    /// The draft only.
    Draft,
    /// The new version only.
    Version,
    /// Both, differently: one has to be chosen.
    Both,
}

impl Sides {
    fn of<T: PartialEq>(base: &T, draft: &T, latest: &T) -> Self {
        match (draft == base, latest == base) {
            _ if draft == latest => Self::Same,
            (_, true) => Self::Draft,
            (true, false) => Self::Version,
            (false, false) => Self::Both,
        }
    }
}

/// What bringing a draft onto the latest version means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebase {
    /// Who changed the process.
    pub process: Sides,
    /// Who changed the decisions.
    pub decisions: Sides,
}

impl Rebase {
    /// Looks at the three texts of each file.
    #[must_use]
    pub fn of(base: &Content, draft: &Content, latest: &Content) -> Self {
        Self {
            process: Sides::of(&base.process, &draft.process, &latest.process),
            decisions: Sides::of(&base.decisions, &draft.decisions, &latest.decisions),
        }
    }

    /// What the draft holds afterwards. Where both sides changed a file the draft's is kept when `keep` says so.
    #[must_use]
    pub fn content(self, draft: &Content, latest: &Content, keep_process: bool, keep_decisions: bool) -> Content {
        let from_draft = |sides, keep| match sides {
            Sides::Same | Sides::Draft => true,
            Sides::Version => false,
            Sides::Both => keep,
        };
        Content {
            process: if from_draft(self.process, keep_process) { draft.process.clone() } else { latest.process.clone() },
            decisions: if from_draft(self.decisions, keep_decisions) { draft.decisions.clone() } else { latest.decisions.clone() },
        }
    }
}

/// Brings a draft onto a version, with this content. Gives the count of changes to name next time.
///
/// # Errors
/// [`DraftError::Outdated`] when that version is no longer the latest; [`DraftError::Changed`] when somebody else was first; the draft is
/// not being edited; the store fails.
pub async fn rebase_draft(store: &Store, id: Uuid, seen: i32, onto: u32, content: Content, staff: StaffId) -> Result<i32, DraftError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut row = locked(tx, id, seen, &[DraftState::Editing]).await?;
                let rows = stored::Rows::load(tx.conn()).await?;
                let latest = rows.latest().get(&("matter", row.matter.as_str())).and_then(|row| u32::try_from(row.version).ok());
                let latest = latest.ok_or(DraftError::NotFound)?;
                if latest != onto {
                    return Err(DraftError::Outdated { based_on: onto, latest });
                }
                row.based_on = i32::try_from(onto).unwrap_or(i32::MAX);
                row.process = content.process;
                row.decisions = content.decisions;
                changed(tx, row, "rebased", staff).await
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(process: &str, decisions: &str) -> Content {
        Content { process: process.to_owned(), decisions: Some(decisions.to_owned()).filter(|text| !text.is_empty()) }
    }

    #[test]
    fn each_file_comes_from_the_side_that_changed_it() {
        let base = content("p", "d");
        for (draft, latest, process, decisions, kept, left) in [
            (content("p", "d"), content("p", "d"), Sides::Same, Sides::Same, content("p", "d"), content("p", "d")),
            (content("p1", "d"), content("p", "d2"), Sides::Draft, Sides::Version, content("p1", "d2"), content("p1", "d2")),
            (content("p1", "d1"), content("p2", ""), Sides::Both, Sides::Both, content("p1", "d1"), content("p2", "")),
            (content("p1", ""), content("p1", "d"), Sides::Same, Sides::Draft, content("p1", ""), content("p1", "")),
        ] {
            let rebase = Rebase::of(&base, &draft, &latest);
            assert_eq!(rebase, Rebase { process, decisions });
            assert_eq!(rebase.content(&draft, &latest, true, true), kept);
            assert_eq!(rebase.content(&draft, &latest, false, false), left);
        }
    }
}
