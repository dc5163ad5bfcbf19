//! The catalogue (事项目录): what a place offers and who offers it. Regions, bodies, halls, windows, staff, matters with
//! their guides, forms and processes are text files in a folder ([`folder`]); every version ever imported is kept
//! ([`versions`]); everybody reads the definitions in force from memory ([`Catalogue`] → [`Snapshot`]).
//!
//! * [`model`]: the definitions as types.
//! * [`folder`]: reads and checks a folder; every mistake at once, with file, line, field and what to write instead.
//! * [`versions`]: import, compare, export; the round trip is the identity.
//! * [`forms`]: answers, visible questions, mistakes, needed materials, lines of the result. Pure.
//! * [`search`]: finds matters.
//!
//! Cases, people and papers live in other crates.

mod calls;
mod conditions;
mod current;
pub mod decisions;
pub mod editor;
mod entities;
mod error;
pub mod folder;
pub mod forms;
pub mod model;
pub mod search;
mod snapshot;
pub mod timers;
pub mod versions;

pub use calls::process_model;
pub use conditions::{FlowConditions, RoutedConditions};
pub use current::Catalogue;
pub use entities::MIGRATIONS;
pub use error::CatalogueError;
pub use snapshot::{MatterVersion, Snapshot};
pub use versions::{ImportReport, diff, export, import};
