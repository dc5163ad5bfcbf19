//! Records: formal papers (文书) and electronic licences (证照). A case orders a paper in its own transaction ([`order_paper`]); a job
//! typesets and signs it ([`issue`]) and tells the case. Anybody may check a paper by its code or its file.

mod entities;
mod error;
mod issue;
mod model;
mod orders;
mod queries;

pub use entities::MIGRATIONS;
pub use error::RecordsError;
pub use issue::{FileVerdict, Issued, RecordsContext, check_file, grouped, register_jobs};
pub use model::{LicenceOrder, LicenceView, PaperKind, PaperOrder, PaperState, PaperView, PublicLicence, PublicPaper};
pub use orders::{ISSUE_JOB, ISSUED_JOB, next_licence_number, order_paper};
pub use queries::{cases_of_papers, check_code, licences_of, paper, paper_bytes, paper_with_digest, papers_of_case};
