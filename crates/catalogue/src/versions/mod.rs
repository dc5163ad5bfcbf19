//! Versions of definitions in the database: every file ever imported is kept as it was, byte for byte. Importing writes
//! new versions, exporting writes the latest back, comparing shows what an import would change.

mod diff;
mod export;
mod import;
pub(crate) mod stored;
mod unit;

pub use diff::{Change, Diff, FileChange, diff, diff_files};
pub use export::{export, latest_files};
pub use import::{ImportReport, ImportedDefinition, import, import_files};
pub(crate) use import::{imported, imports_here, write};
pub(crate) use unit::units;
pub use unit::{Unit, definition_id};
