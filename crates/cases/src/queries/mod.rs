//! Reading: one file per page or list. Every list has a limit and an index that serves it.

pub mod copies;
pub mod counts;
pub mod drafts;
pub mod file;
pub mod mine;
pub mod moving;
pub mod supervision;
pub mod timeline;
pub mod versions;
pub mod worklist;
