//! The process editor without pages: a process as a table of steps that officials read and change ([`StepTable`]), written as BPMN and
//! read back; drafts of new versions, published with four eyes ([`Draft`], [`publish_draft`]); runs with sample data before anything is published
//! ([`Trial`], [`explore`]). Nothing here touches cases.

mod check;
mod drafts;
mod edit;
mod error;
mod explore;
mod guide;
mod publish;
mod read;
mod rebase;
mod table;
mod trial;
mod write;

pub use check::{DOES_STEPS, MAX_DAYS, MAX_NAME, TableProblem};
pub use drafts::{
    Content, Draft, DraftEdit, DraftState, DraftStep, NewDraft, begin_draft, draft, editors_of_version, move_draft, open_drafts, save_draft,
};
pub use error::DraftError;
pub use explore::{Ending, MAX_WAYS, Outlook, explore};
pub use publish::{Checked, Release, check_content, latest_version, publish_draft};
pub use read::NotATable;
pub use rebase::{Rebase, Sides, rebase_draft};
pub use table::{Condition, Frame, Kind, MAX_ROWS, Named, Place, Reminder, Row, Section, Signing, StepTable, TimeOut, is_id};
pub use trial::{Choice, Happened, MAX_CHOICES, Trial, TrialStop};
